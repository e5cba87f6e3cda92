//! The terminal and the outputs beside it after an end that nobody planned: memory that ran out, a
//! signal that cannot be handled, a panic.

use std::io::Write;
use std::process::Command;
use std::time::{Duration, Instant};

use super::pty::{Terminal, has, is_restored, office};

/// What is said once the terminal is back.
const SAID: &[u8] = b"ipeek: the dashboard was ended by force, or for want of memory";

/// Waits until the terminal is as it was, and what was said of it is out.
fn wait_until_cooked(terminal: &Terminal) {
    let until = Instant::now() + Duration::from_secs(60);
    while !terminal.is_cooked() {
        assert!(Instant::now() < until, "the terminal stays raw");
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(100));
}

/// A program that runs as who a process is: not even root may limit what is another's everywhere.
fn by_its_user(pid: &str, program: &str) -> Command {
    let about = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let id = |name| {
        let line = about.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.split_whitespace().next().unwrap().to_owned()
    };
    let (user, group) = (id("Uid:"), id("Gid:"));
    if user == nix::unistd::getuid().to_string() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.arg(format!("--reuid={user}")).arg(format!("--regid={group}"));
    command.args(["--clear-groups", "--", program]);
    command
}

#[test]
fn a_dashboard_without_memory_leaves_the_terminal_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("fifo");
    assert!(Command::new("mkfifo").arg(&from).status().unwrap().success());
    // One heap: others have address space in hand that no limit takes back.
    let variables = [("MALLOC_ARENA_MAX", "1")];
    let words = ["read", &from.to_string_lossy()];
    let mut terminal = Terminal::open_with(&words, 100, 30, folder.path(), &variables);
    let mut writer = std::fs::File::options().write(true).open(&from).unwrap();
    let (header, packets) = flows();
    writer.write_all(&header).unwrap();
    writer.write_all(&packets[..1 << 16]).unwrap();
    terminal.until("Protocols");
    assert!(!terminal.is_cooked());
    // From now on it gets no more than it has.
    let pid = terminal.pid().to_string();
    let limited = by_its_user(&pid, "prlimit").args(["--pid", &pid, "--as=1"]).status();
    assert!(limited.unwrap().success());
    // It ends in the middle of this.
    let _ = writer.write_all(&packets[1 << 16..]);
    wait_until_cooked(&terminal);
    let (code, raw) = terminal.end();
    assert_ne!(code, 0);
    assert!(is_restored(&raw) && has(&raw, SAID));
}

#[test]
fn a_dashboard_that_is_killed_leaves_the_terminal_as_it_was() {
    let mut terminal = Terminal::open(&["read", &office()], 100, 30);
    terminal.until("Protocols");
    assert!(!terminal.is_cooked());
    terminal.signal("KILL");
    wait_until_cooked(&terminal);
    let (_, raw) = terminal.end();
    assert!(is_restored(&raw) && has(&raw, SAID));
}

#[test]
fn a_dashboard_that_ends_well_is_not_rescued() {
    let mut terminal = Terminal::open(&["read", &office()], 100, 30);
    terminal.until("Protocols");
    terminal.press("q");
    wait_until_cooked(&terminal);
    let (code, raw) = terminal.end();
    assert_eq!(code, 0);
    assert!(is_restored(&raw) && !has(&raw, SAID));
}

/// A panic on the screen's own thread, which is told once the terminal is back.
#[cfg(debug_assertions)]
#[test]
fn a_panic_on_the_screen_ends_it_with_its_outputs_whole() {
    for (place, what) in [("screen", "the dashboard"), ("analyst", "an analyst")] {
        let home = tempfile::tempdir().unwrap();
        let variables = [("IPEEK_PANIC_IN", place)];
        let words = ["read", &office(), "--json", "beside.json"];
        let mut terminal = Terminal::open_with(&words, 100, 30, home.path(), &variables);
        if place == "analyst" {
            terminal.until("panicked");
            terminal.press("q");
        }
        wait_until_cooked(&terminal);
        let (code, raw) = terminal.end();
        assert_eq!(code, 1, "{place}");
        assert!(is_restored(&raw), "{place}");
        let said = String::from_utf8_lossy(&raw).into_owned();
        assert!(said.contains(&format!("ipeek: {what} panicked")), "{place}: {said}");
        assert!(said.contains("ipeek: fault of ipeek's own at src/"), "{place}: {said}");
        let json = std::fs::read_to_string(home.path().join("beside.json")).unwrap();
        let last = json.lines().last().unwrap();
        let event: serde_json::Value = serde_json::from_str(last).unwrap();
        assert_eq!(event["event_type"], "summary", "{place}");
    }
}

/// A panic where statistics are made: keys are answered, and it is said that they are old.
#[cfg(debug_assertions)]
#[test]
fn a_panic_among_the_statistics_leaves_the_rest_alive() {
    let home = tempfile::tempdir().unwrap();
    let variables = [("IPEEK_PANIC_IN", "snapshot")];
    let mut terminal = Terminal::open_with(&["read", &office()], 120, 30, home.path(), &variables);
    terminal.until("statistics are not those of now");
    terminal.press("2");
    terminal.until("Source");
    terminal.press("q");
    wait_until_cooked(&terminal);
    let (code, raw) = terminal.end();
    assert_eq!(code, 0);
    assert!(is_restored(&raw) && has(&raw, b"ipeek: fault of ipeek's own at src/"));
}

/// The header of a capture and many UDP packets, each of a flow of its own.
fn flows() -> (Vec<u8>, Vec<u8>) {
    let (mut header, mut packets) = (Vec::new(), Vec::new());
    for field in [0xa1b2_c3d4, 2 | 4 << 16, 0, 0, 262_144, 101] {
        header.extend(u32::to_le_bytes(field));
    }
    for number in 0..400_000_u32 {
        for field in [number, 0, 28, 28] {
            packets.extend(field.to_le_bytes());
        }
        packets.extend([0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0]);
        packets.extend((0x0a00_0000 | number).to_be_bytes());
        packets.extend([10, 255, 0, 2, 0x30, 0x39, 0, 53, 0, 8, 0, 0]);
    }
    (header, packets)
}
