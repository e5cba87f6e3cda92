//! The table of exports: every row is a value of `-T`, and what it says of itself is so.

use std::process::{Command, Output, Stdio};

use ipeek::export::{EXPORTS, Export, Need, Open};

use super::captures;

pub(super) fn read(capture: &str, args: &[&str]) -> Output {
    let path = captures().join(capture);
    let mut command = Command::new(env!("CARGO_BIN_EXE_ipeek"));
    command.arg("read").arg(path).args(args).stdin(Stdio::null());
    command.output().expect("ipeek runs")
}

/// Every export that needs no terminal.
fn exports() -> impl Iterator<Item = &'static Export> {
    EXPORTS.into_iter().filter(|export| !export.needs(Need::Terminal))
}

#[test]
fn every_export_shows_what_it_says_it_needs() {
    for export in exports() {
        let plain = read("fragments.pcap", &["-T", export.name]);
        assert!(plain.status.success() && !plain.stdout.is_empty(), "{}", export.name);
        assert!(plain.stderr.is_empty(), "{}", export.name);
        let whole = read("fragments.pcap", &["-T", export.name, "--reassemble"]);
        let shows_whole = whole.status.success() && whole.stdout != plain.stdout;
        assert_eq!(shows_whole, export.needs(Need::Reassembly), "{}", export.name);
        let column = read("fragments.pcap", &["-T", export.name, "-e", "ip.ttl"]);
        assert_eq!(column.stdout != plain.stdout, export.needs(Need::Columns), "{}", export.name);
        let unknown = read("fragments.pcap", &["-T", export.name, "-e", "ip.tttl"]);
        assert_eq!(unknown.status.success(), !export.needs(Need::Columns), "{}", export.name);
    }
}

#[test]
fn a_sink_shows_every_packet_that_passes_and_no_other() {
    for export in exports().filter(|export| matches!(export.open, Open::Sink(_))) {
        let lines = |filter: &str| {
            let output = read("ping.pcap", &["-T", export.name, "-Y", filter]);
            if export.needs(Need::Tables) {
                return output.stdout.len();
            }
            String::from_utf8(output.stdout).expect("UTF-8").lines().count()
        };
        let (none, some, all) = (lines("ip.ttl == 0"), lines("frame.number <= 2"), lines("ip"));
        assert!(none < some && some < all, "{}: {none} {some} {all}", export.name);
    }
}

#[test]
fn help_and_completions_name_every_export() {
    let run = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ipeek"));
        let output = command.args(args).stdin(Stdio::null()).output().expect("ipeek runs");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let (help, fish) = (run(&["read", "--help"]), run(&["completions", "fish"]));
    for export in EXPORTS {
        assert!(help.contains(&format!("{} ({})", export.name, export.help)), "{}", export.name);
        assert!(fish.contains(&format!("{}\\t'{}'", export.name, export.help)), "{}", export.name);
    }
}

#[test]
fn every_file_that_opens_a_sink_has_a_row() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/export");
    let table = std::fs::read_to_string(folder.with_extension("rs")).expect("the table");
    let mut found = 0;
    for entry in folder.read_dir().expect("a folder").flatten() {
        let Ok(text) = std::fs::read_to_string(entry.path()) else { continue };
        let name = entry.file_name().to_string_lossy().trim_end_matches(".rs").to_owned();
        for line in text.lines().filter(|line| line.contains("(request: Request<'_>)")) {
            let function = line.split(['(', ' ']).find(|word| word.starts_with("open"));
            let path = format!("{name}::{}", function.expect("an open function"));
            assert!(table.contains(&format!("Open::Sink({path})")), "{path} has no row");
            found += 1;
        }
    }
    assert!(found >= 4, "{found}");
}
