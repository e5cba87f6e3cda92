//! What the README promises of the program as a whole, where no floor of it could be held to it
//! alone.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use ipeek::export::catalogue;
use ipeek::export::rows::Rows;
use ipeek::filter::Filter;
use serde_json::Value;

use super::{code, events, ipeek, said};
use crate::dashboard::pty::Terminal;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Names of the files of a folder that end so.
fn names(folder: &str, endings: &[&str]) -> BTreeSet<String> {
    let entries = std::fs::read_dir(root().join(folder)).expect("a folder");
    let names = entries.map(|entry| entry.expect("a file").file_name().into_string());
    let names = names.map(|name| name.expect("UTF-8"));
    names.filter(|name| endings.iter().any(|ending| name.ends_with(ending))).collect()
}

#[test]
fn a_capture_alone_is_the_dashboard_on_a_terminal_and_a_summary_without_one() {
    let office = "captures/office.pcapng";
    let alone = ipeek(&[office]);
    assert_eq!((code(&alone), said(&alone).as_str()), (0, ""));
    assert_eq!(alone.stdout, ipeek(&["read", office, "-T", "summary"]).stdout);
    let mut terminal = Terminal::open(&[root().join(office).to_str().expect("UTF-8")], 100, 30);
    terminal.until("Top talkers");
    terminal.press("q");
    assert_eq!(terminal.end().0, 0);
}

/// The writer waits for the line of a packet before it writes the next.
#[test]
fn packets_of_a_pipe_are_shown_as_they_come() {
    let capture = std::fs::read(root().join("captures/dns.pcap")).expect("a capture");
    let mut child = Command::new(env!("CARGO_BIN_EXE_ipeek"))
        .args(["read", "-", "-T", "packets"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("ipeek runs");
    let mut pipe = child.stdin.take().expect("a pipe");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    pipe.write_all(&capture[..24]).expect("room in the pipe");
    let (mut at, mut count) = (24, 0);
    while at < capture.len() {
        // The header of a record: seconds, microseconds, octets captured and sent.
        let len = u32::from_le_bytes(capture[at + 8..at + 12].try_into().expect("four octets"));
        let end = at + 16 + len as usize;
        pipe.write_all(&capture[at..end]).expect("room in the pipe");
        lines.next().expect("a line").expect("UTF-8");
        (at, count) = (end, count + 1);
    }
    drop(pipe);
    assert_eq!((count, lines.count()), (31, 0));
    assert!(child.wait().expect("it ends").success());
}

/// What panicked, the status, and what is in the outputs: one that panics at its end, and all of a
/// run.
#[cfg(debug_assertions)]
#[test]
fn a_panic_ends_the_output_with_4_or_the_run_with_1_and_all_are_whole() {
    for (place, status) in [("json", 4), ("analyst", 1)] {
        let folder = tempfile::tempdir().expect("a folder");
        let (json, saved) = (folder.path().join("a.json"), folder.path().join("a.pcapng"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_ipeek"));
        command.arg("read").arg(root().join("captures/office.pcapng")).args(["-T", "packets"]);
        command.arg("--json").arg(&json).arg("-w").arg(&saved).env("IPEEK_PANIC_IN", place);
        let output = command.stdin(Stdio::null()).output().expect("ipeek runs");
        let said = said(&output);
        assert_eq!(code(&output), status, "{place}: {said}");
        assert!(said.contains("ipeek: fault of ipeek's own at src/"), "{place}: {said}");
        let events = std::fs::read_to_string(&json).expect("events");
        assert!(events.ends_with('\n') || events.is_empty(), "{place}");
        for line in events.lines() {
            serde_json::from_str::<Value>(line).expect("a whole record");
        }
        let (lines, copy) =
            (output.stdout, ipeek(&["read", saved.to_str().expect("UTF-8"), "-T", "packets"]));
        assert_eq!((code(&copy), copy.stdout == lines), (0, true), "{place}");
        // What panics at its end has got all that came before, and so have the others.
        let count = String::from_utf8_lossy(&lines).lines().count();
        assert_eq!(count, if place == "json" { 394 } else { 0 }, "{place}");
    }
}

/// The program where any user may run it, run by nobody.
#[cfg(all(feature = "live", target_os = "linux"))]
fn by_nobody(folder: &Path, args: &[&str]) -> std::process::Output {
    let program = folder.join("ipeek");
    std::fs::copy(env!("CARGO_BIN_EXE_ipeek"), &program).expect("a copy");
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(folder, open).expect("a folder of ours");
    let mut command = Command::new(&program);
    if nix::unistd::geteuid().is_root() {
        command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]).arg(&program);
    }
    command.args(args).current_dir("/").stdin(Stdio::null()).output().expect("it runs")
}

#[cfg(all(feature = "live", target_os = "linux"))]
#[test]
fn whoever_may_not_capture_is_told_why_and_what_to_do_and_ends_with_6() {
    let folder = tempfile::tempdir().expect("a folder");
    let hint = format!(
        "ipeek: hint: run it as root, or once: sudo setcap cap_net_raw,cap_net_admin=eip {}\n",
        folder.path().join("ipeek").display()
    );
    for args in [&["live", "-i", "lo", "-T", "json"][..], &["lo", "-T", "summary"]] {
        let output = by_nobody(folder.path(), args);
        assert_eq!((code(&output), output.stdout.len()), (6, 0), "{args:?}: {}", said(&output));
        assert!(said(&output).starts_with("ipeek: lo: no permission to capture"), "{args:?}");
        assert!(said(&output).ends_with(&hint), "{args:?}: {}", said(&output));
    }
    let output = by_nobody(folder.path(), &["interfaces"]);
    let listed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(code(&output), 0);
    assert!(listed.contains("✗ lo "), "{listed}");
    assert!(listed.contains("lo: no permission to capture"), "{listed}");
    assert!(said(&output).ends_with(&hint), "{}", said(&output));
}

/// What `cargo build --no-default-features` makes.
#[cfg(not(feature = "live"))]
#[test]
fn without_libpcap_it_reads_and_looks_up_and_only_cannot_sniff() {
    for args in [&["read", "captures/dns.pcap", "-T", "summary"][..], &["lookup", "10.0.0.1"]] {
        assert_eq!(code(&ipeek(args)), 0, "{args:?}");
    }
    for args in [&["live", "-i", "lo", "-T", "json"][..], &["interfaces"]] {
        let output = ipeek(args);
        assert_eq!(code(&output), 1, "{args:?}");
        assert_eq!(said(&output), "ipeek: this ipeek was built without live capture\n");
    }
}

/// What the README's lines of jq ask for, and the rest of the tuple, as EVE calls it: Suricata's
/// documentation, "Eve JSON Format".
#[test]
fn flows_and_tuples_have_the_names_that_eve_gives_them() {
    let all = events(&["read", "captures/http.pcap", "-T", "json"]);
    let of =
        |kind: &str| all.iter().filter(|event| event["event_type"] == kind).collect::<Vec<_>>();
    for event in of("flow").into_iter().chain(of("packet")) {
        if event["src_ip"].is_null() {
            continue;
        }
        for key in ["timestamp", "src_ip", "dest_ip", "proto"] {
            assert!(event[key].is_string(), "{key}: {event}");
        }
        for key in ["flow_id", "ip_v"] {
            assert!(event[key].is_u64(), "{key}: {event}");
        }
        if event["proto"] == "TCP" {
            assert!(event["src_port"].is_u64() && event["dest_port"].is_u64(), "{event}");
        }
    }
    for event in of("flow") {
        for key in ["pkts_toserver", "pkts_toclient", "bytes_toserver", "bytes_toclient", "age"] {
            assert!(event["flow"][key].is_u64(), "{key}: {event}");
        }
        for key in ["start", "end", "reason"] {
            assert!(event["flow"][key].is_string(), "{key}: {event}");
        }
    }
    assert!(of("flow").len() > 3 && of("packet").len() > 40);
    let ttl = |event: &Value| event["layers"][1]["ip"]["ttl"].as_u64();
    assert!(of("packet").into_iter().any(|event| ttl(event).is_some_and(|ttl| ttl > 5)));
    assert!(of("packet").iter().all(|event| event["pcap_cnt"].is_u64()));
    assert!(all.last().is_some_and(|last| last["protocols"].is_object()));
}

/// A header field that has a row can be filtered by, shown as a column and looked up.
#[test]
fn every_field_of_the_catalogue_is_a_filter_a_column_and_listed() {
    let listed = String::from_utf8(ipeek(&["fields"]).stdout).expect("UTF-8");
    let listed: BTreeSet<&str> = listed.lines().filter_map(|line| line.split(' ').next()).collect();
    let mut count = 0;
    for entry in catalogue::entries() {
        count += 1;
        assert!(listed.contains(entry.name), "{} is not listed", entry.name);
        let filter = Filter::compile_in_order(entry.name);
        assert!(filter.is_ok(), "{}: {filter:?}", entry.name);
        // A header is there or not, and has no one value.
        if entry.kind != "header" {
            let column = Rows::find(&[entry.name.to_owned()]);
            assert!(column.is_ok(), "{}: {:?}", entry.name, column.err());
        }
    }
    assert!(count > 900, "{count}");
}

#[test]
fn its_table_of_threats_is_true_of_the_source() {
    let manifest = text("Cargo.toml");
    let part = |begin: &str| {
        let (_, part) = manifest.split_once(begin).expect("a part of the manifest");
        part.split("\n[").next().unwrap_or_default().to_owned()
    };
    assert!(part("[lints.rust]\n").contains("unsafe_code = \"forbid\"\n"));
    assert!(part("[profile.release]\n").contains("overflow-checks = true"));
    // Fuzzed: readers, decoder, analysis, filters, addresses and configuration.
    let targets = names("tests/fuzz/targets", &[".rs"]);
    for target in
        ["pcap", "pcapng", "compressed", "decode", "analyze", "filter", "lookup", "config"]
    {
        assert!(targets.contains(&format!("{target}.rs")), "{target}");
        assert!(text("tests/fuzz/Cargo.toml").contains(&format!("\"{target}\"")), "{target}");
    }
    let deny = text("deny.toml");
    assert!(deny.contains("[advisories]") && deny.contains("unknown-registry = \"deny\""));
    assert!(root().join("Cargo.lock").exists() && root().join("tests/fuzz/Cargo.lock").exists());
}

#[test]
fn every_capture_is_described_and_none_that_is_not_there() {
    let about = text("captures/README.md");
    let files = names("captures", &[".pcap", ".pcapng"]);
    let described: BTreeSet<String> = about
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" | ").next())
        .flat_map(|cell| cell.split(", ").map(str::to_owned))
        .filter(|name| name.contains(".pcap") && !name.contains(' '))
        .collect();
    assert_eq!(files, described);
}

#[test]
fn both_licences_are_there_and_the_manifest_names_them() {
    assert!(text("Cargo.toml").contains("license = \"MIT OR Apache-2.0\"\n"));
    assert!(text("LICENSE-MIT").contains("Permission is hereby granted, free of charge"));
    assert!(text("LICENSE-APACHE").contains("Apache License"));
}

/// Programs that come with every Debian and Ubuntu: the essential packages have them.
const ESSENTIAL: [&str; 10] = [
    "gzip", "mkfifo", "mknod", "mount", "prlimit", "setpriv", "sh", "timeout", "umount", "unshare",
];

/// Programs that tests run, and the packages that have them.
const PACKAGES: [(&str, &str); 10] = [
    ("capsh", "libcap2-bin"),
    ("ip", "iproute2"),
    ("kill", "procps"),
    ("lz4", "lz4"),
    ("ping", "iputils-ping"),
    ("setcap", "libcap2-bin"),
    ("strace", "strace"),
    ("sysctl", "procps"),
    ("xz", "xz-utils"),
    ("zstd", "zstd"),
];

/// Every Rust file below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("one"));
    let paths = entries.map(|entry| entry.path());
    let all = paths.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] });
    all.filter(|path| path.extension().is_some_and(|ending| ending == "rs")).collect()
}

/// Without what only compares, which is tshark, and is passed over where it is not there.
#[test]
fn its_test_command_installs_what_the_tests_run() {
    let readme = text("README.md");
    let (_, command) = readme.split_once("<!-- test -->").expect("a test command");
    let command = command.split("```").nth(1).unwrap_or_default();
    let mut found = BTreeSet::new();
    for path in sources(&root().join("tests")) {
        let source = std::fs::read_to_string(path).expect("a source");
        for begin in ["Command::new(\"", "run(\"", "run(&format!(\"", "system(&format!(\"", "[\""] {
            for (at, _) in source.match_indices(begin) {
                let rest = &source[at + begin.len()..];
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or_default();
                let is_program = begin != "[\"" || ["capsh", "ip"].contains(&&rest[..end]);
                if is_program && end > 0 {
                    found.insert(rest[..end].to_owned());
                }
            }
        }
    }
    assert!(found.len() > 15, "{found:?}");
    for program in found {
        if ESSENTIAL.contains(&program.as_str()) || program == "tshark" {
            continue;
        }
        let row = PACKAGES.iter().find(|(name, _)| *name == program);
        assert!(row.is_some(), "which package has {program}?");
    }
    for (program, package) in PACKAGES {
        assert!(command.split_whitespace().any(|word| word == package), "{program}: {package}");
    }
    assert!(command.ends_with("\ncargo test --locked\n"), "{command}");
}
