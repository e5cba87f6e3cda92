//! `--force` and a run that does not come to its end: what was there stays, and what was made lies
//! beside it.

use std::io::Write;

use super::full::Disk;
use super::replace::{packets_of_part, part};
use super::*;
use crate::skip::skip;

/// A folder with an older capture and older events.
struct Older(tempfile::TempDir);

impl Older {
    fn new() -> Self {
        let older = Self(tempfile::tempdir().unwrap());
        std::fs::write(older.capture(), many(20)).unwrap();
        std::fs::write(older.events(), "precious").unwrap();
        older
    }

    fn capture(&self) -> PathBuf {
        self.0.path().join("old.pcap")
    }

    fn events(&self) -> PathBuf {
        self.0.path().join("old.json")
    }

    /// Has that read replace both.
    fn replacing<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.args(["-T", "summary", "--force", "-w"]).arg(self.capture());
        command.arg("--json").arg(self.events())
    }

    /// They are as they were, and nothing lies beside them.
    fn assert_alone(&self, said: &str) {
        self.assert_there(said);
        assert_eq!(std::fs::read_dir(self.0.path()).unwrap().count(), 2, "{said}");
        for path in [self.capture(), self.events()] {
            let line = format!("ipeek: {}: no packet came; it is as it was\n", path.display());
            assert!(said.contains(&line), "{said}");
        }
    }

    fn assert_there(&self, said: &str) {
        assert!(std::fs::read(self.capture()).unwrap() == many(20), "{said}");
        assert_eq!(std::fs::read_to_string(self.events()).unwrap(), "precious", "{said}");
    }
}

/// The line that is said of that file.
fn line_of<'a>(said: &'a str, path: &Path) -> &'a str {
    let start = format!("ipeek: {}: ", path.display());
    let mut lines = said.lines().filter(|line| line.starts_with(&start));
    let line = lines.next().unwrap_or_else(|| panic!("nothing of {}: {said}", path.display()));
    assert_eq!(lines.next(), None, "{said}");
    line
}

#[test]
fn an_input_that_is_no_capture_replaces_nothing() {
    for input in [&b""[..], &[0x5a; 5000]] {
        let older = Older::new();
        let mut command = ipeek();
        older.replacing(command.args(["read", "-"]).stdin(Stdio::piped()));
        let mut child = Running::start(&mut command);
        child.0.stdin.take().unwrap().write_all(input).unwrap();
        let said = child.said();
        assert_eq!(child.end(), Some(1), "{said}");
        older.assert_alone(&said);
    }
}

#[test]
fn an_end_before_the_first_packet_replaces_nothing() {
    for signal in ["INT", "TERM"] {
        let older = Older::new();
        let folder = tempfile::tempdir().unwrap();
        let from = folder.path().join("fifo");
        fifo(&from);
        let mut command = ipeek();
        let mut child = Running::start(older.replacing(command.arg("read").arg(&from)));
        let mut writer = std::fs::File::options().write(true).open(&from).unwrap();
        // A header is no packet.
        writer.write_all(&many(0)).unwrap();
        child.rests();
        child.signal(signal);
        let code = child.end();
        let said = child.said();
        assert_eq!(code, Some(if signal == "INT" { 130 } else { 143 }), "{said}");
        older.assert_alone(&said);
    }
}

/// Where no analyst can be made nothing is read.
#[test]
fn a_machine_without_threads_replaces_nothing() {
    use std::os::unix::fs::{PermissionsExt, chown};
    let id = 54_321;
    let older = Older::new();
    std::fs::set_permissions(older.0.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
    for path in [older.0.path().to_owned(), older.capture(), older.events()] {
        if chown(&path, Some(id), Some(id)).is_err() {
            skip!(Root, "files are given to another user");
        }
    }
    // By another user, whose processes are counted: this one, and its broker of each file.
    for limit in 2..5 {
        let mut command = Command::new("setpriv");
        command.args([format!("--reuid={id}"), format!("--regid={id}")]);
        command.args(["--clear-groups", "prlimit", &format!("--nproc={limit}")]);
        command.arg(env!("CARGO_BIN_EXE_ipeek")).arg("read").arg(capture("office.pcapng"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let output = older.replacing(&mut command).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        if output.status.success() {
            break;
        }
        older.assert_there(&said);
        assert_eq!(std::fs::read_dir(older.0.path()).unwrap().count(), 2, "{limit}: {said}");
    }
}

/// The system gives up in the middle: what was read until then lies beside the older files.
#[test]
fn an_input_that_fails_halfway_leaves_the_older_files_and_names_the_parts() {
    let older = Older::new();
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("many.pcap");
    std::fs::write(&from, many(6_000)).unwrap();
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=pread64", "-e"]);
    strace.arg("inject=pread64:error=EIO:when=6+").arg(env!("CARGO_BIN_EXE_ipeek"));
    strace.arg("read").arg(&from).args(["--threads", "1"]);
    strace.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let output = older.replacing(&mut strace).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    older.assert_there(&said);
    let (path, count) = part(line_of(&said, &older.capture()), "packets");
    assert_eq!(packets_of_part(&path, "a.pcap"), count, "{said}");
    assert!((1..6_000).contains(&count), "{said}");
    let (path, lines) = part(line_of(&said, &older.events()), "lines");
    let text = std::fs::read_to_string(path).unwrap();
    assert_eq!(text.lines().count() as u64, lines, "{said}");
    let of_packets = text.lines().filter(|line| line.contains(r#""event_type":"packet""#));
    assert_eq!(of_packets.count() as u64, count, "{said}");
}

/// Each output tells what became of it, whichever failed first.
#[test]
fn outputs_on_one_full_disk_are_all_told() {
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("many.pcap");
    std::fs::write(&from, many(2_000)).unwrap();
    let Some(disk) = Disk::new("200k") else { skip!(Mount) };
    let (saved, events) = (disk.path().join("a.pcap"), disk.path().join("a.json"));
    let mut command = ipeek();
    command.arg("read").arg(&from).args(["-T", "summary", "-w"]).arg(&saved);
    let output = command.arg("--json").arg(&events).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(4), "{said}");
    for path in [&saved, &events] {
        assert!(line_of(&said, path).contains("No space left"), "{said}");
    }
}

/// A reader who has seen enough is no error, and hides none.
#[test]
fn a_closed_pipe_does_not_hide_a_full_disk() {
    let Some(disk) = Disk::new("64k") else { skip!(Mount) };
    let folder = tempfile::tempdir().unwrap();
    let (from, saved) = (folder.path().join("many.pcap"), disk.path().join("a.pcap"));
    std::fs::write(&from, many(2_000)).unwrap();
    std::fs::write(disk.path().join("fill"), vec![0; 60 << 10]).unwrap();
    let mut command = ipeek();
    command.arg("read").arg(&from).args(["-T", "packets", "-w"]).arg(&saved);
    let mut child = Running::start(command.stdout(Stdio::piped()));
    drop(child.0.stdout.take());
    let code = child.end();
    let said = child.said();
    assert_eq!(code, Some(4), "{said}");
    assert!(line_of(&said, &saved).contains("No space left"), "{said}");
}

/// The end of one output is not the end of the capture: what another made of it is a part.
#[test]
fn a_closed_pipe_leaves_the_older_capture_and_names_the_part() {
    let older = Older::new();
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("many.pcap");
    std::fs::write(&from, many(20_000)).unwrap();
    let mut command = ipeek();
    command.arg("read").arg(&from).args(["-T", "packets", "--force", "-w"]).arg(older.capture());
    let mut child = Running::start(command.stdout(Stdio::piped()));
    drop(child.0.stdout.take());
    let code = child.end();
    let said = child.said();
    assert_eq!(code, Some(4), "{said}");
    older.assert_there(&said);
    let (path, count) = part(line_of(&said, &older.capture()), "packets");
    assert_eq!(packets_of_part(&path, "a.pcap"), count, "{said}");
    assert!((1..20_000).contains(&count), "{said}");
}

/// A pipe that is closed when all was read cuts nothing short.
#[test]
fn a_closed_pipe_behind_the_last_packet_replaces_all_the_same() {
    let older = Older::new();
    let mut command = ipeek();
    command.arg("read").arg(capture("office.pcapng")).args(["-T", "packets", "--force", "-w"]);
    command.arg(older.capture());
    let mut child = Running::start(command.stdout(Stdio::piped()));
    drop(child.0.stdout.take());
    let code = child.end();
    let said = child.said();
    assert_eq!((code, said.as_str()), (Some(0), ""));
    assert_eq!(packets(&older.capture()), packets(&capture("office.pcapng")));
}
