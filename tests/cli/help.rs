//! Help: of the program and of every subcommand, as a stranger reads it on eighty columns.

use std::process::{Command, Stdio};

use clap::CommandFactory;
use ipeek::cli::Cli;

use super::{code, ipeek};

/// What `--help` prints of a subcommand, or of the program.
fn help(subcommand: Option<&str>, option: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_ipeek"))
        .args(subcommand)
        .arg(option)
        .env_remove("COLUMNS")
        .stdin(Stdio::null())
        .output()
        .expect("ipeek runs");
    assert_eq!(code(&output), 0, "{subcommand:?}");
    assert!(output.stderr.is_empty(), "{subcommand:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The names of all subcommands.
fn subcommands() -> Vec<String> {
    let command = Cli::command();
    command.get_subcommands().map(|command| command.get_name().to_owned()).collect()
}

#[test]
fn help_fits_eighty_columns_and_has_examples_at_its_end() {
    let names = subcommands();
    assert!(names.len() >= 8, "{names:?}");
    for name in std::iter::once(None).chain(names.iter().map(|name| Some(name.as_str()))) {
        let text = help(name, "--help");
        let examples = text.find("\nExamples:\n").unwrap_or_else(|| panic!("{name:?}: {text}"));
        assert!(text.rfind("\nOptions:\n").is_none_or(|options| options < examples), "{name:?}");
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{name:?}: {line}");
        }
        // A section under its heading fits a screen.
        for section in text.split("\n\n") {
            assert!(section.lines().count() <= 24, "{name:?}: {section}");
        }
        assert_eq!(help(name, "-h"), text, "{name:?}: one help, not two");
        insta::assert_snapshot!(format!("help_{}", name.unwrap_or("ipeek")), text);
    }
}

/// The words of a line as a shell takes them, as far as these lines need it.
pub(super) fn words(line: &str) -> Vec<String> {
    let (mut words, mut quoted) = (vec![String::new()], false);
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().expect("a word").push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The commands of ipeek among the examples of a help.
fn examples(text: &str) -> Vec<Vec<String>> {
    let examples = text.split("\nExamples:\n").nth(1).unwrap_or_default();
    let mut all = Vec::new();
    for line in examples.lines().filter_map(|line| line.strip_prefix("  ")) {
        // What stands behind two blanks tells what the example does.
        let line = line.split("  ").next().unwrap_or_default();
        for part in line.split(['|', '>']).map(str::trim) {
            let part = part.strip_prefix("sudo ").unwrap_or(part);
            if part.starts_with("ipeek ") {
                all.push(words(part));
            }
        }
    }
    all
}

#[test]
fn every_example_is_a_command_line_that_is_taken() {
    let names = subcommands();
    let mut count = 0;
    for name in std::iter::once(None).chain(names.iter().map(|name| Some(name.as_str()))) {
        let text = help(name, "--help");
        for words in examples(&text) {
            // What is no subcommand is a file, address or interface: no matter of options.
            if !names.contains(&words[1]) {
                continue;
            }
            count += 1;
            let parsed = Cli::command().try_get_matches_from(&words);
            assert!(parsed.is_ok(), "{words:?}: {parsed:?}");
            for (place, _) in words.iter().enumerate().filter(|(_, word)| *word == "-Y") {
                let filter = ipeek::filter::Filter::compile(&words[place + 1]);
                assert!(filter.is_ok(), "{words:?}");
            }
        }
    }
    assert!(count >= 25, "{count}");
}

#[test]
fn the_man_page_and_every_shell_know_all_subcommands() {
    let man = ipeek(&["man"]);
    let text = String::from_utf8_lossy(&man.stdout).replace('\\', "");
    for name in subcommands() {
        assert!(text.contains(&format!("IPEEK {}", name.to_uppercase())), "{name}");
    }
    for option in ["--filter", "--flow-idle", "--aggregate", "--on-slow"] {
        assert!(text.contains(option), "{option}");
    }
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = ipeek(&["completions", shell]);
        assert_eq!(code(&output), 0, "{shell}");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        for word in ["lookup", "max-flows", "dashboard", "drop-records"] {
            assert!(text.contains(word), "{shell}: {word}");
        }
    }
}
