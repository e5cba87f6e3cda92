//! Signals while the terminal is taken: it is given back, and taken again.

use std::io::Write;
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use super::capture;
use super::pty::{Terminal, has, is_restored, office};
use crate::outputs::PATIENCE;

/// The signals that end a run, and their numbers.
const ENDS: [(&str, u32); 4] = [("INT", 2), ("TERM", 15), ("HUP", 1), ("QUIT", 3)];

const ENTER: &[u8] = b"\x1b[?1049h";

fn wait_for(what: &str, is_so: impl Fn() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn every_signal_ends_it_with_its_status_and_the_terminal_as_it_was() {
    for (name, number) in ENDS {
        let mut terminal = Terminal::open(&["read", &office()], 100, 30);
        terminal.until("Protocols");
        assert!(!terminal.is_cooked());
        // At rest it looks around least often.
        std::thread::sleep(Duration::from_millis(300));
        terminal.signal(name);
        wait_for(name, || terminal.is_cooked());
        let (code, raw) = terminal.end();
        assert_eq!(code, 128 + number, "{name}");
        assert!(is_restored(&raw), "{name}");
    }
}

#[test]
fn an_input_that_stalls_holds_up_no_signal() {
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("fifo");
    assert!(std::process::Command::new("mkfifo").arg(&from).status().unwrap().success());
    let words = ["read", &from.to_string_lossy(), "-Y", "ip.ttl > 3"];
    let mut terminal = Terminal::open(&words, 100, 30);
    let mut writer = std::fs::File::options().write(true).open(&from).unwrap();
    let bytes = std::fs::read(capture("office.pcapng")).unwrap();
    writer.write_all(&bytes[..bytes.len() / 2]).unwrap();
    terminal.until("Protocols");
    terminal.signal("TERM");
    wait_for("it does not end", || terminal.is_cooked());
    assert_eq!(terminal.end().0, 143);
}

/// A stop that is asked for, by a key or a signal, gives the terminal back; one that is not cannot.
#[test]
fn stopped_it_leaves_the_terminal_and_continued_it_takes_it_again() {
    let mut terminal = Terminal::open(&["read", &office()], 100, 30);
    terminal.until("Protocols");
    for stop in ["\x1a", "TSTP", "STOP"] {
        terminal.raw.clear();
        match stop {
            "\x1a" => terminal.press(stop),
            name => terminal.signal(name),
        }
        wait_for("it does not stop", || terminal.state() == Some('T'));
        terminal.forget();
        if stop != "STOP" {
            assert!(terminal.is_cooked(), "{stop:?}");
            assert!(has(&terminal.raw, b"\x1b[?1049l") && !has(&terminal.raw, ENTER), "{stop:?}");
        }
        terminal.signal("CONT");
        terminal.until("Protocols");
        assert!(has(&terminal.raw, ENTER), "{stop:?}");
        assert!(!terminal.is_cooked(), "{stop:?}");
    }
    // Keys mean what they meant.
    terminal.press("3");
    terminal.until("Duration");
    terminal.press("q");
    let (code, raw) = terminal.end();
    assert_eq!(code, 0);
    assert!(is_restored(&raw));
}

#[test]
fn a_terminal_that_takes_nothing_holds_up_no_signal() {
    let size = PtySize { rows: 60, cols: 220, pixel_width: 0, pixel_height: 0 };
    let pair = native_pty_system().openpty(size).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_ipeek"));
    command.args(["read", &office()]);
    command.env("TERM", "xterm-256color");
    let mut child = pair.slave.spawn_command(command).unwrap();
    let mut keys = pair.master.take_writer().unwrap();
    std::thread::sleep(Duration::from_millis(500));
    // Each view is a screen of its own: more of them than the terminal holds.
    for key in b"2345678".iter().cycle().take(70) {
        keys.write_all(&[*key]).unwrap();
        std::thread::sleep(Duration::from_millis(15));
    }
    assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
    let pid = child.process_id().unwrap().to_string();
    let sent = Instant::now();
    assert!(std::process::Command::new("kill").arg(&pid).status().unwrap().success());
    while child.try_wait().unwrap().is_none() {
        if sent.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("it waits for the terminal");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(child.wait().unwrap().exit_code(), 143);
    let cooked = nix::libc::ECHO | nix::libc::ICANON;
    let flags = pair.master.get_termios().unwrap().local_flags.bits();
    assert_eq!(flags & cooked, cooked);
}

#[test]
fn a_terminal_is_no_input() {
    let mut terminal = Terminal::open(&["read", "/dev/tty"], 100, 30);
    terminal.until("/dev/tty: is a terminal, not a capture");
    assert_eq!(terminal.end().0, 1);
    let mut terminal = Terminal::open(&["read", "-"], 100, 30);
    terminal.until("standard input is a terminal, not a capture");
    assert_eq!(terminal.end().0, 1);
}

/// Not even where root is at home does it go on as root.
#[cfg(target_os = "linux")]
#[test]
fn every_thread_of_it_is_confined_wherever_it_is_started() {
    let home = tempfile::tempdir().unwrap();
    for owner in [None, Some(4242)] {
        let _ = std::os::unix::fs::chown(home.path(), owner, owner);
        let words = ["read", &office(), "-Y", "ip.ttl > 3"];
        let mut terminal = Terminal::open_at(&words, 160, 30, home.path());
        terminal.until("Protocols");
        terminal.until("  sandboxed  ");
        // Main, keys, signals, and who makes snapshots of either run.
        crate::guard::assert_confined(terminal.pid(), 5, false);
        crate::guard::assert_bounded(terminal.pid());
        terminal.press("q");
        assert_eq!(terminal.end().0, 0);
    }
}

/// A broken decoder could ask for any name: no file is made by which a shell or the system is told
/// what to do, none outside of the folder, and none replaced.
#[cfg(target_os = "linux")]
#[test]
fn only_new_captures_of_the_folder_are_saved() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join("below")).unwrap();
    std::fs::write(home.path().join("old.pcap"), "old").unwrap();
    let mut terminal = Terminal::open_at(&["read", &office()], 160, 30, home.path());
    terminal.until("Protocols");
    for (name, why) in [
        (".profile.pcap", "is no name of a capture"),
        ("profile.sh", "is no name of a capture"),
        ("below/out.pcap", "is in another folder"),
        ("old.pcap", "exists"),
    ] {
        terminal.press("w");
        std::thread::sleep(Duration::from_millis(200));
        terminal.press(&format!("{name}\r"));
        terminal.until(&format!("{name}: {why}"));
    }
    terminal.press("w");
    std::thread::sleep(Duration::from_millis(200));
    terminal.press("out\r");
    terminal.until("394 packets saved to out.pcapng");
    terminal.press("q");
    assert_eq!(terminal.end().0, 0);
    assert_eq!(std::fs::read_dir(home.path().join("below")).unwrap().count(), 0);
    assert_eq!(std::fs::read(home.path().join("old.pcap")).unwrap(), b"old");
}

/// Packets are saved where ipeek was started, by whoever owns that place.
#[test]
fn what_is_saved_from_the_screen_by_root_belongs_to_the_owner_of_the_place() {
    use std::os::unix::fs::MetadataExt;

    let home = tempfile::tempdir().unwrap();
    let mut owners = vec![home.path().metadata().unwrap().uid()];
    if owners == [0] {
        owners.push(4242);
    }
    for owner in owners {
        std::os::unix::fs::chown(home.path(), Some(owner), None).unwrap();
        let mut terminal = Terminal::open_at(&["read", &office()], 100, 30, home.path());
        terminal.until("Protocols");
        terminal.press("w");
        std::thread::sleep(Duration::from_millis(200));
        terminal.press("out.pcapng\r");
        terminal.until("394 packets saved to out.pcapng");
        terminal.press("q");
        assert_eq!(terminal.end().0, 0);
        let out = home.path().join("out.pcapng");
        let about = out.metadata().unwrap();
        assert_eq!((about.uid(), about.mode() & 0o7777), (owner, 0o600));
        std::fs::remove_file(out).unwrap();
    }
}

/// What an output beside the screen has to say is said when the screen is gone.
#[test]
fn what_could_not_be_copied_is_told_after_the_dashboard_too() {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("a.pcapng"), folder.path().join("b.pcapng"));
    let bytes = std::fs::read(capture("office.pcapng")).unwrap();
    // A custom block that asks not to be copied, behind all others.
    let block = crate::formats::block::any(0x4000_0bad, &[0, 0, 0x7e, 0xd9, 1, 2, 3, 4]);
    std::fs::write(&from, [bytes, block].concat()).unwrap();
    let words = ["read", &from.to_string_lossy(), "-c", "9000", "-w", &to.to_string_lossy()]
        .map(str::to_owned);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut terminal = Terminal::open(&words, 100, 30);
    terminal.until("Protocols");
    terminal.press("q");
    let (code, raw) = terminal.end();
    assert_eq!(code, 0);
    assert!(has(&raw, b"1 blocks or comments could not be copied"));
}
