//! The real binary in a real pseudo-terminal: keys in, screen out.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use super::capture;

/// How long a screen may take to come; generous, for machines that do much else.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    pub(crate) raw: Vec<u8>,
    home: Option<tempfile::TempDir>,
}

impl Terminal {
    pub(crate) fn open(arguments: &[&str], columns: u16, rows: u16) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut terminal = Self::open_at(arguments, columns, rows, home.path());
        terminal.home = Some(home);
        terminal
    }

    /// Opens the dashboard with its configuration and history below `home`.
    pub(super) fn open_at(arguments: &[&str], columns: u16, rows: u16, home: &Path) -> Self {
        Self::open_with(arguments, columns, rows, home, &[])
    }

    /// Opens the dashboard below `home` with these variables in its environment.
    pub(super) fn open_with(
        arguments: &[&str],
        columns: u16,
        rows: u16,
        home: &Path,
        variables: &[(&str, &str)],
    ) -> Self {
        // Files are saved there: elsewhere nothing may be written any more.
        Self::open_in(arguments, columns, rows, home, home, variables)
    }

    /// Opens the dashboard in a folder that is not its home.
    pub(super) fn open_in(
        arguments: &[&str],
        columns: u16,
        rows: u16,
        home: &Path,
        folder: &Path,
        variables: &[(&str, &str)],
    ) -> Self {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_ipeek"));
        command.args(arguments);
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.env_remove("NO_COLOR");
        command.cwd(folder);
        command.env("HOME", home);
        command.env_remove("XDG_CONFIG_HOME");
        command.env_remove("XDG_STATE_HOME");
        for (name, value) in variables {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let keys = pair.master.take_writer().unwrap();
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut buffer = vec![0; 65536];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        let screen = parser(rows, columns);
        Self { child, master: pair.master, keys, output, screen, raw: Vec::new(), home: None }
    }

    /// Reads until the screen has `text`.
    pub(crate) fn until(&mut self, text: &str) -> String {
        self.until_in(text, "")
    }

    /// Reads until the screen has `text`, in a scenario of that name.
    pub(super) fn until_in(&mut self, text: &str, name: &str) -> String {
        self.until_it(&format!("{name}: no {text:?}"), |screen| screen.contains(text))
    }

    /// Reads until the screen is as wanted; what is said when it never is.
    pub(super) fn until_it(&mut self, said: &str, is_it: impl Fn(&str) -> bool) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            let contents = self.screen.screen().contents();
            if is_it(&contents) {
                return contents;
            }
            assert!(Instant::now() < end, "{said} on:\n{contents}");
            if let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(50)) {
                self.raw.extend_from_slice(&bytes);
                self.screen.process(&bytes);
            }
        }
    }

    /// Forgets what was on the screen: what is found there from now on was drawn again.
    pub(super) fn forget(&mut self) {
        let (rows, columns) = self.screen.screen().size();
        while let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(100)) {
            self.raw.extend_from_slice(&bytes);
        }
        self.screen = parser(rows.get(), columns.get());
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    pub(super) fn signal(&self, name: &str) {
        let pid = self.pid().to_string();
        let sent = std::process::Command::new("kill").args(["-s", name, &pid]).status();
        assert!(sent.unwrap().success());
    }

    /// What the kernel says the process does: `S` sleeping, `T` stopped.
    pub(super) fn state(&self) -> Option<char> {
        let stat = format!("/proc/{}/stat", self.child.process_id()?);
        std::fs::read_to_string(stat).ok()?.rsplit(") ").next()?.chars().next()
    }

    /// Whether lines are edited and echoed by the terminal, as before the dashboard.
    pub(super) fn is_cooked(&self) -> bool {
        let cooked = nix::libc::ECHO | nix::libc::ICANON;
        self.master.get_termios().unwrap().local_flags.bits() & cooked == cooked
    }

    pub(crate) fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// Presses Escape, and leaves it the time that tells it from the start of a sequence.
    pub(crate) fn escape(&mut self) {
        self.press("\x1b");
        std::thread::sleep(Duration::from_millis(300));
    }

    /// Gives the terminal another size.
    pub(super) fn resize(&mut self, columns: u16, rows: u16) {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        self.master.resize(size).unwrap();
        // The frames of the old size are gone by when the new ones come.
        self.screen = parser(rows, columns);
        std::thread::sleep(Duration::from_millis(100));
    }

    /// Stops the program, so that all that is done until it goes on comes to it at once, as on a
    /// machine that does much else.
    fn at_once(&mut self, done: impl FnOnce(&mut Self)) {
        let pid = self.child.process_id().unwrap().to_string();
        let signal = |name: &str| {
            let status = std::process::Command::new("kill").args([name, &pid]).status().unwrap();
            assert!(status.success(), "kill {name} {pid}");
        };
        signal("-STOP");
        done(self);
        // The terminal hands on what was written from a thread of the kernel's.
        std::thread::sleep(Duration::from_millis(100));
        signal("-CONT");
    }

    /// Waits for the program to end; its exit code, and all it wrote.
    pub(crate) fn end(mut self) -> (u32, Vec<u8>) {
        let end = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < end, "it did not end");
            std::thread::sleep(Duration::from_millis(10));
        };
        while let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(200)) {
            self.raw.extend_from_slice(&bytes);
        }
        (status.exit_code(), std::mem::take(&mut self.raw))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Only what is still running, and only what was started here.
        if let Ok(None) = self.child.try_wait() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// Whether `needle` is in what was written.
pub(super) fn has(raw: &[u8], needle: &[u8]) -> bool {
    raw.windows(needle.len()).any(|window| window == needle)
}

fn parser(rows: u16, columns: u16) -> vt100::Parser {
    let size = |count: u16| std::num::NonZero::new(count).unwrap();
    vt100::Parser::new(size(rows), size(columns), 0)
}

pub(super) fn office() -> String {
    capture("office.pcapng").to_string_lossy().into_owned()
}

/// Whether the alternate screen was left after it was entered.
pub(super) fn is_restored(raw: &[u8]) -> bool {
    let last = |code: &[u8]| raw.windows(code.len()).rposition(|window| window == code);
    last(b"\x1b[?1049h") < last(b"\x1b[?1049l")
}

#[test]
fn keys_lead_through_the_views_and_out() {
    let file = office();
    let mut terminal = Terminal::open(&["read", &file], 120, 40);
    terminal.until("Top talkers");
    terminal.press("2");
    terminal.until("who has 10.20.0.1?");
    terminal.press("\r");
    terminal.until("Packet 1");
    terminal.press("\x1b[B\x1b[B");
    terminal.until("eth.");
    terminal.escape();
    terminal.press("3");
    terminal.until("Duration");
    terminal.press("4");
    terminal.until("Endpoints (20)");
    terminal.press("\t");
    terminal.until("Conversations (19)");
    terminal.press("?");
    terminal.until("type to search");
    terminal.escape();
    terminal.press("1");
    let screen = terminal.until("Top talkers");
    assert!(screen.contains("captured 394") || screen.contains("cap 394"), "{screen}");
    terminal.press("q");
    let (code, raw) = terminal.end();
    assert_eq!(code, 0);
    assert!(is_restored(&raw));
}

#[test]
fn a_filter_typed_wrong_and_right_is_applied_and_cleared() {
    let file = office();
    let mut terminal = Terminal::open(&["read", &file], 100, 30);
    terminal.until("Protocols");
    terminal.press("2/arpp");
    terminal.until("^^^^");
    terminal.press("\x7f\r");
    terminal.until("9 of 394 match");
    terminal.escape();
    terminal.until("shown 394");
    terminal.press("q");
    assert_eq!(terminal.end().0, 0);
}

#[test]
fn resizes_to_nothing_and_back() {
    let file = office();
    let mut terminal = Terminal::open(&["read", &file, "-T", "dashboard"], 80, 24);
    terminal.until("Protocols");
    for (rows, cols) in [(1, 1), (1, 200), (100, 1), (10, 40), (45, 160)] {
        terminal.master.resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        std::thread::sleep(Duration::from_millis(60));
    }
    terminal.screen = parser(45, 160);
    terminal.until("DSCP and ECN");
    terminal.press("\x03");
    let (code, raw) = terminal.end();
    assert_eq!(code, 130);
    assert!(is_restored(&raw));
}

#[test]
fn a_terminal_that_says_it_is_light_gets_the_light_palette() {
    // Light cyan is a colour of the dark palette alone.
    const LIGHT_CYAN: &[u8] = b"38;5;14";
    for (answer, is_dark) in [("ffff/ffff/ffff", false), ("0000/0000/0000", true)] {
        let file = office();
        let mut terminal = Terminal::open(&["read", &file], 100, 30);
        let end = Instant::now() + PATIENCE;
        while !terminal.raw.windows(5).any(|window| window == b"]11;?") {
            assert!(Instant::now() < end, "the terminal was not asked");
            if let Ok(bytes) = terminal.output.recv_timeout(Duration::from_millis(5)) {
                terminal.raw.extend_from_slice(&bytes);
            }
        }
        terminal.press(&format!("\x1b]11;rgb:{answer}\x1b\\\x1b[?62;c"));
        terminal.until("Protocols");
        terminal.press("q");
        let (code, raw) = terminal.end();
        assert_eq!(code, 0);
        let has = raw.windows(LIGHT_CYAN.len()).any(|window| window == LIGHT_CYAN);
        assert_eq!(has, is_dark, "{answer}");
    }
}

#[test]
fn keys_that_come_at_once_with_others_are_all_taken() {
    let file = office();
    let mut terminal = Terminal::open(&["read", &file], 100, 30);
    terminal.until("lasted");
    terminal.at_once(|terminal| {
        terminal.resize(120, 40);
        terminal.press("2");
    });
    terminal.until("who has 10.20.0.1?");
    // Escape and a key, which a terminal sends for Alt and that key too.
    terminal.press("/");
    terminal.until("/ ");
    terminal.at_once(|terminal| terminal.press("\x1b3"));
    terminal.until("Duration");
    // More than is read at once.
    let long = format!("/{}\x15arp\r", "x".repeat(3000));
    terminal.at_once(|terminal| terminal.press(&long));
    terminal.until("9 of 394 match");
    // What the row under the cursor is about, before there are rows.
    terminal.press("\x1b");
    terminal.until("shown 394");
    terminal.at_once(|terminal| terminal.press("1/tcp\r3="));
    terminal.until("/ tcp && ");
    terminal.press("\x03");
    assert_eq!(terminal.end().0, 130);
}

#[test]
fn an_answer_that_comes_late_presses_no_keys() {
    let file = office();
    let mut terminal = Terminal::open(&["read", &file], 100, 30);
    terminal.until("Protocols");
    terminal.press("3");
    terminal.until("Duration");
    // As keys this would open the overview, the second time by way of ESC \.
    terminal.press("\x1b]11;rgb:1111/1111/1111\x07");
    terminal.press("\x1b]11;rgb:1111/1111/1111\x1b\\");
    std::thread::sleep(Duration::from_millis(300));
    terminal.press("S");
    let screen = terminal.until("▲");
    assert!(screen.contains("Duration"), "{screen}");
    terminal.press("q");
    assert_eq!(terminal.end().0, 0);
}

#[test]
fn views_are_switched_while_a_file_is_read_and_a_card_opens() {
    let file = office();
    let mut terminal = Terminal::open(&["read", &file], 120, 40);
    terminal.until("Top talkers");
    for (key, word) in [
        ("5", "IPv4 TTL"),
        ("6", "Blocks of the registries"),
        ("7", "Ends here"),
        ("8", "First packet"),
        ("4b", "/24 and /64"),
    ] {
        terminal.press(key);
        terminal.until(word);
    }
    terminal.press("B\r");
    terminal.until("Reverse");
    terminal.escape();
    terminal.press("3\r\t");
    terminal.until("(2 of 2)");
    terminal.press("\r");
    terminal.until("of 394 match");
    terminal.press("q");
    assert_eq!(terminal.end().0, 0);
}

#[test]
fn without_a_terminal_it_says_so() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_ipeek"))
        .args(["read", &office(), "-T", "dashboard"])
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("ipeek: "));
}

/// Nobody reads the screen, so it is a small one: what is written must fit the terminal's buffer.
#[test]
fn a_terminal_that_goes_away_ends_it() {
    let size = PtySize { rows: 5, cols: 20, pixel_width: 0, pixel_height: 0 };
    let pair = native_pty_system().openpty(size).unwrap();
    // The hang-up is ignored: the terminal itself must be noticed to be gone.
    let mut command = CommandBuilder::new("sh");
    let line = format!("trap '' HUP; exec {} {}", env!("CARGO_BIN_EXE_ipeek"), office());
    command.args(["-c", &line]);
    command.env("TERM", "xterm-256color");
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    std::thread::sleep(Duration::from_millis(700));
    assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
    drop(pair.master);
    let end = Instant::now() + PATIENCE;
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > end {
            child.kill().unwrap();
            panic!("it goes on without a terminal");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
