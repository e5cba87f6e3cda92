//! What becomes of a run that the system gives few threads, few files or little memory: it says so
//! in a line and ends, or goes on with less.  It never waits for what cannot come.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long any of these may take: far more than it does.
const PATIENCE: Duration = Duration::from_secs(60);

/// SIGABRT: what a process without memory ends with.
const ABORTED: i32 = 6;

fn capture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("captures").join(name)
}

/// The program where any user may run it.
struct Program {
    folder: tempfile::TempDir,
}

/// How a run ended, and what it wrote.
struct Ended {
    code: Option<i32>,
    signal: Option<i32>,
    out: Vec<u8>,
    said: String,
}

impl Ended {
    /// Whether the system could load the program at all: that ends with 126 or 127, or by a signal
    /// before there is anything to say.
    fn is_begun(&self) -> bool {
        let is_refused = matches!(self.code, Some(126 | 127)) && !self.said.starts_with("ipeek");
        let is_killed = matches!(self.signal, Some(9 | 11)) && self.said.is_empty();
        !is_refused && !is_killed
    }
}

impl Program {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
        std::fs::copy(env!("CARGO_BIN_EXE_ipeek"), folder.path().join("ipeek")).unwrap();
        Self { folder }
    }

    /// Runs it under a limit, `prlimit`'s option, as a user that nobody else is; a capture is its
    /// standard input.
    fn run(&self, limit: &str, arguments: &[&str]) -> Ended {
        let mut command = Command::new("prlimit");
        if nix::unistd::geteuid().is_root() {
            // Root has no limit of threads; and no other process counts among this user's.
            let id = format!("{}", 200_000 + std::process::id() % 100_000);
            command = Command::new("setpriv");
            command.args(["--reuid", &id, "--regid", &id, "--clear-groups", "prlimit"]);
        }
        command.arg(limit).arg(self.folder.path().join("ipeek")).args(arguments);
        command.stdin(File::open(capture("office.pcapng")).unwrap());
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).current_dir("/");
        let mut child = command.spawn().unwrap();
        let (mut out, mut said) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let reading = std::thread::spawn(move || {
            let mut octets = Vec::new();
            out.read_to_end(&mut octets).map(|_| octets).unwrap()
        });
        let until = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if Instant::now() > until {
                let _ = child.kill();
                let _ = child.wait();
                panic!("{limit} {arguments:?}: it does not end");
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let mut words = String::new();
        said.read_to_string(&mut words).unwrap();
        let (code, signal) = (status.code(), status.signal());
        Ended { code, signal, out: reading.join().unwrap(), said: words }
    }
}

/// Every way to show what is read from standard input.
const FORMATS: &[&[&str]] = &[
    &["read", "-", "-T", "summary"],
    &["read", "-", "-T", "json"],
    &["read", "-", "-T", "packets"],
    &["read", "-", "-T", "tree", "-Y", "ip"],
    &["read", "-", "-T", "csv", "-e", "flows"],
    &["read", "-", "-T", "json", "--threads", "4"],
    &["read", "-", "-w", "-"],
];

#[test]
fn a_thread_that_cannot_be_made_is_an_error() {
    let program = Program::new();
    for arguments in FORMATS {
        let ended = program.run("--nproc=1", arguments);
        assert_eq!(ended.code, Some(1), "{arguments:?}: {}", ended.said);
        let is_one = ended.said.starts_with("ipeek: ") && ended.said.lines().count() == 1;
        assert!(is_one && ended.said.contains("thread"), "{arguments:?}: {}", ended.said);
    }
}

#[test]
fn with_fewer_threads_than_wanted_it_goes_on_and_says_so() {
    let program = Program::new();
    let arguments = ["read", "-", "-T", "json", "--threads", "8"];
    let whole = program.run("--nproc=100", &arguments);
    assert_eq!((whole.code, whole.said.as_str()), (Some(0), ""));
    // The first, one that waits for signals, one that reads standard input, and some that decode.
    let fewer = program.run("--nproc=6", &arguments);
    assert_eq!(fewer.code, Some(0), "{}", fewer.said);
    assert_eq!(fewer.said.lines().count(), 1, "{}", fewer.said);
    assert!(fewer.said.contains(" of 8 threads could be made"), "{}", fewer.said);
    assert_eq!(fewer.out, whole.out);
}

#[test]
fn more_threads_than_make_sense_are_refused() {
    let program = Program::new();
    for number in ["40000", "1025", "0"] {
        let ended = program.run("--nproc=100", &["read", "-", "--threads", number]);
        assert_eq!(ended.code, Some(2), "{}", ended.said);
        assert!(ended.said.contains("1..=1024") && ended.out.is_empty(), "{}", ended.said);
    }
}

#[test]
fn few_files_are_an_error_or_enough() {
    let program = Program::new();
    for files in 3..=12 {
        for arguments in FORMATS {
            let ended = program.run(&format!("--nofile={files}"), arguments);
            let is_told = ended.said.starts_with("ipeek: ") && ended.said.lines().count() == 1;
            assert!(
                !ended.is_begun()
                    || ended.code == Some(0) && ended.said.is_empty()
                    || matches!(ended.code, Some(1 | 4)) && is_told,
                "{files} {arguments:?}: {:?} {}",
                ended.code,
                ended.said
            );
        }
    }
}

#[test]
fn little_memory_ends_a_run_or_is_enough() {
    let program = Program::new();
    for mebibytes in [8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 512] {
        for arguments in FORMATS {
            let limit = format!("--as={}", mebibytes << 20);
            let ended = program.run(&limit, arguments);
            if !ended.is_begun() {
                continue;
            }
            assert!(
                ended.code.is_some() || ended.signal == Some(ABORTED),
                "{mebibytes} {arguments:?}: {:?} {:?} {}",
                ended.code,
                ended.signal,
                ended.said
            );
            assert!(!ended.said.contains("fault"), "{mebibytes} {arguments:?}: {}", ended.said);
            // What has no room for all its threads says that it went on with fewer.
            let is_short = ended.said.contains("threads could be made");
            let is_well = ended.code == Some(0) && (ended.said.is_empty() || is_short);
            assert!(is_well || !ended.said.is_empty(), "{mebibytes} {arguments:?}");
        }
    }
}

/// A capture of interfaces alone may describe 65,536 of them; what is kept of each is small.
#[test]
fn interfaces_without_end_take_little_memory() {
    const MOST_KIB: u64 = 12 * 1024;
    let block = |code: u32, body: &[u8]| {
        let size = u32::try_from(12 + body.len()).unwrap().to_le_bytes();
        [&code.to_le_bytes()[..], &size, body, &size].concat()
    };
    let section = [&0x1a2b_3c4d_u32.to_le_bytes()[..], &[1, 0, 0, 0], &[0xff; 8]].concat();
    let mut octets = block(0x0a0d_0d0a, &section);
    let interface = block(1, &[1, 0, 0, 0, 0, 0, 0, 0]);
    for _ in 0..65_536 {
        octets.extend_from_slice(&interface);
    }
    // One record, whose line tells that all before it has been read.
    let record = [&[0; 12][..], &[20, 0, 0, 0, 20, 0, 0, 0, 0x45], &[0; 19]].concat();
    octets.extend(block(6, &record));
    let mut child = Command::new(env!("CARGO_BIN_EXE_ipeek"))
        .args(["read", "-", "-T", "packets"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(&octets).unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    drop(input);
    assert!(child.wait().unwrap().success(), "{line}");
    let held = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
    let kib: u64 = held.trim().trim_end_matches(" kB").parse().unwrap();
    assert!(!line.is_empty() && kib <= MOST_KIB, "{kib} KiB, more than {MOST_KIB}");
}
