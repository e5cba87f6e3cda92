//! Where a configuration is read from.

use std::path::Path;

use ipeek::config::{Config, OPTIONS};

use super::pty::{Terminal, office};

#[test]
fn a_configuration_is_a_file_of_at_most_a_mebibyte() {
    let folder = tempfile::tempdir().unwrap();
    let [fifo, large, binary] = ["fifo", "large", "binary"].map(|name| folder.path().join(name));
    nix::unistd::mkfifo(&fifo, nix::sys::stat::Mode::S_IRWXU).unwrap();
    std::fs::write(&large, "#".repeat((1 << 20) + 1)).unwrap();
    std::fs::write(&binary, b"time = \"\xff\"").unwrap();
    for (path, words) in [
        (Path::new("/dev/zero"), "no regular file"),
        (&fifo, "no regular file"),
        (folder.path(), "is a directory"),
        (&large, "larger than the 1 MiB"),
        (&binary, "no text in UTF-8, from octet 8 on"),
    ] {
        let error = Config::read(Some(path)).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
    assert_eq!(Config::read(Some(Path::new("/dev/null"))).unwrap(), Config::default());
}

#[test]
fn every_option_is_printed_at_its_default_with_what_it_is_for() {
    let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_ipeek"));
    let output = program.arg("--print-config").output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(Config::parse(&text, Path::new("printed")).unwrap(), Config::default());
    assert!(OPTIONS.len() > 6);
    for option in OPTIONS {
        let help = option.help.replace('\n', "\n# ");
        let value = format!("\n# {help}\n{} = {}\n", option.name, option.default);
        let table = format!("\n# {help}\n[{}]\n# ", option.name);
        assert!(text.contains(&value) || text.contains(&table), "{}", option.name);
    }
}

/// Its own place, not one that is named; and times as it says, where `--time` does not say
/// otherwise.
#[test]
fn a_configuration_at_its_place_is_read_and_chooses_times() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".config/ipeek");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("config.toml"), "view = \"packets\"\ntime = \"utc\"\n").unwrap();
    for (words, time) in [(&[][..], "23:37:04.59"), (&["--time", "epoch"], "1795390624.59")] {
        let file = office();
        let words = [&["read", &file][..], words].concat();
        let mut terminal = Terminal::open_at(&words, 120, 30, home.path());
        terminal.until("captured 394");
        terminal.until(time);
        terminal.press("q");
        assert_eq!(terminal.end().0, 0);
    }
}

#[test]
fn a_mistake_in_a_configuration_is_told_before_there_is_a_screen() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".config/ipeek");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("config.toml"), "view = \"packets\"\ntme = \"utc\"\n").unwrap();
    let mut terminal = Terminal::open_at(&["read", &office()], 120, 30, home.path());
    let screen = terminal.until("hint: did you mean 'time'?");
    let lines: Vec<&str> = screen.lines().map(str::trim_end).collect();
    assert!(lines[0].ends_with("config.toml: unknown option 'tme' at line 2"), "{screen}");
    assert_eq!(lines[1..3], ["  tme = \"utc\"", "  ^^^"], "{screen}");
    assert_eq!(terminal.end().0, 1);
}
