//! The README: its examples are command lines that are taken, its card is what ipeek says, and what
//! it names is there.

use std::path::Path;

use clap::CommandFactory;
use ipeek::cli::Cli;

use super::help::words;
use super::{code, ipeek};

fn readme() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    std::fs::read_to_string(path).expect("a README")
}

/// The text between two marks.
fn between<'t>(text: &'t str, begin: &str, end: &str) -> &'t str {
    let (_, behind) = text.split_once(begin).unwrap_or_else(|| panic!("no {begin:?}"));
    behind.split_once(end).unwrap_or_else(|| panic!("no {end:?} behind {begin:?}")).0
}

/// The commands in all blocks of shell, without what tells about them.
fn commands(text: &str) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for block in text.split("```sh\n").skip(1) {
        let block = block.split("```").next().unwrap_or_default();
        for line in block.lines().map(|line| line.split("  #").next().unwrap_or_default()) {
            let mut quoted = false;
            let pipe = |c: char| {
                quoted ^= c == '\'';
                !quoted && (c == '|' || c == '>')
            };
            for part in line.split(pipe).map(str::trim) {
                let part = part.strip_prefix("sudo ").unwrap_or(part);
                if part.starts_with("ipeek") {
                    all.push(words(part));
                }
            }
        }
    }
    all
}

#[test]
fn its_examples_are_command_lines_that_are_taken() {
    let all = commands(&readme());
    assert!(all.len() >= 30, "{}", all.len());
    let names: Vec<String> =
        Cli::command().get_subcommands().map(|command| command.get_name().to_owned()).collect();
    for words in all {
        let is_thing = words.get(1).is_none_or(|word| {
            !names.contains(word) && !word.starts_with('-') // a file or an address alone
        });
        if is_thing {
            assert!(words.len() <= 2, "{words:?}");
            continue;
        }
        let parsed = Cli::command().try_get_matches_from(&words);
        assert!(parsed.is_ok(), "{words:?}: {parsed:?}");
        for (place, _) in words.iter().enumerate().filter(|(_, word)| *word == "-Y") {
            assert!(
                ipeek::filter::Filter::compile_in_order(&words[place + 1]).is_ok(),
                "{words:?}"
            );
        }
    }
}

#[test]
fn its_columns_are_those_of_the_tables() {
    let text = readme();
    let mut all = String::new();
    for table in ipeek::report::table::TABLES {
        let output = ipeek(&["fields", "--table", table.name, "--markdown"]);
        let listed = String::from_utf8(output.stdout).expect("UTF-8");
        all = format!("{all}\n`{}`: {}\n\n{listed}", table.name, table.meaning);
        let plain = ipeek(&["fields", "--table", table.name]);
        let plain = String::from_utf8(plain.stdout).expect("UTF-8");
        assert_eq!(plain.lines().count(), table.columns.len());
        for (line, column) in plain.lines().zip(table.columns) {
            assert!(line.starts_with(&format!("{} ", column.name)), "{line}");
            assert!(line.contains(column.meaning) && line.contains(&column.sources()), "{line}");
        }
    }
    let written = between(&text, "<!-- tables -->\n", "\n<!-- tables end -->");
    assert_eq!(written, all, "README.md: ipeek fields --table NAME --markdown");
}

#[test]
fn its_card_is_what_is_said_of_the_address() {
    let text = readme();
    let card = between(&text, "```text\n192.168.1.64/26 ", "```");
    let output = ipeek(&["192.168.1.77/26"]);
    assert_eq!(code(&output), 0);
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(format!("192.168.1.64/26 {card}"), said);
}

#[test]
fn the_tests_and_captures_that_it_names_are_there() {
    let text = readme();
    let threats = between(&text, "| threat | defence | tested in |", "\n## ");
    let mut count = 0;
    for name in threats.split('`').skip(1).step_by(2).filter(|name| name.contains(['/', '.'])) {
        count += 1;
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(name).exists(), "{name}");
    }
    assert!(count >= 7, "{count}");
    assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join("captures/office.pcapng").exists());
}

#[test]
fn its_map_of_the_source_has_every_room() {
    let text = readme();
    let map = between(&text, "| floor | what it knows |", "\n\n");
    let source = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs"));
    for room in source.expect("a library").lines().filter_map(|line| line.strip_prefix("pub mod "))
    {
        let room = room.trim_end_matches(';');
        assert!(map.contains(&format!("`{room}`")), "{room} in {map}");
    }
}

#[test]
fn its_table_of_exits_is_that_of_the_program() {
    let text = readme();
    let table = between(&text, "| status | meaning |", "\n\n");
    for (status, args) in [
        (0, &["read", "captures/dns.pcap", "-T", "summary"][..]),
        (1, &["read", "captures/no-such.pcap"]),
        (2, &["read"]),
        (3, &["read", "captures/damaged.pcap", "-T", "summary"]),
        (4, &["read", "captures/dns.pcap", "-T", "summary", "--json", "/no/such/folder/x"]),
    ] {
        assert!(table.contains(&format!("\n| {status} | ")), "{status}");
        assert_eq!(code(&ipeek(args)), status, "{args:?}");
    }
}
