//! The sandbox as the kernel sees it: what every thread has left, and what still works.
#![cfg(target_os = "linux")]

mod check;
mod order;

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::outputs::PATIENCE;
use crate::skip::skip;

const OFFICE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/captures/office.pcapng");

fn ipeek() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ipeek"));
    command.stdin(Stdio::null()).env_remove("SUDO_UID").env_remove("SUDO_GID");
    command
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

/// A child that ends with its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The value of a line of `/proc/PID/task/TID/status`.
fn value<'a>(status: &'a str, name: &str) -> &'a str {
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim_start_matches(':').trim()
}

/// Every thread of a process, of which there are at least so many, has given up all rights.
pub(crate) fn assert_confined(pid: u32, least: usize, is_without_seccomp: bool) {
    let folder = format!("/proc/{pid}/task");
    let began = Instant::now();
    while std::fs::read_dir(&folder).unwrap().count() < least && began.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(5));
    }
    let mut threads = 0;
    for task in std::fs::read_dir(&folder).unwrap() {
        // A thread may end while they are looked at.
        let Ok(status) = std::fs::read_to_string(task.unwrap().path().join("status")) else {
            continue;
        };
        threads += 1;
        for set in ["CapInh", "CapPrm", "CapEff", "CapAmb"] {
            assert_eq!(value(&status, set), "0000000000000000", "{set}\n{status}");
        }
        assert_eq!(value(&status, "NoNewPrivs"), "1", "{status}");
        if !is_without_seccomp {
            assert_eq!(value(&status, "Seccomp"), "2", "{status}");
        }
        if is_root() {
            assert!(!value(&status, "Uid").split('\t').any(|uid| uid == "0"), "{status}");
            assert!(!value(&status, "Gid").split('\t').any(|gid| gid == "0"), "{status}");
            assert_eq!(value(&status, "Groups"), "", "{status}");
        }
    }
    assert!(threads >= least, "{threads} threads, not {least}");
}

/// What was executed by root and every thread of it cannot get any capability back; whoever began
/// without the right to change the bounding set still has it.
pub(crate) fn assert_bounded(pid: u32) {
    let mut threads = 0;
    for task in std::fs::read_dir(format!("/proc/{pid}/task")).unwrap().filter(|_| is_root()) {
        // A thread may end while they are looked at.
        let Ok(status) = std::fs::read_to_string(task.unwrap().path().join("status")) else {
            continue;
        };
        threads += 1;
        assert_eq!(value(&status, "CapBnd"), "0000000000000000", "{status}");
    }
    assert!(threads > 0 || !is_root(), "no thread of {pid}");
}

/// What a live capture on the loopback says first, while a packet is sent there again and again.
#[cfg(feature = "live")]
fn meta_of(command: &mut Command) -> (Running, impl Iterator, String) {
    let mut child = Running(command.stdout(Stdio::piped()).spawn().unwrap());
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let is_over = std::sync::atomic::AtomicBool::new(false);
    let mut lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
    let meta = std::thread::scope(|scope| {
        scope.spawn(|| {
            let began = Instant::now();
            while !is_over.load(std::sync::atomic::Ordering::Relaxed) && began.elapsed() < PATIENCE
            {
                // Port 9 discards.
                let _ = socket.send_to(b"ipeek", "127.0.0.1:9");
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        let meta = lines.next();
        is_over.store(true, std::sync::atomic::Ordering::Relaxed);
        meta
    });
    (child, lines, meta.unwrap().unwrap())
}

#[test]
fn every_thread_of_a_reading_process_is_confined() {
    let scratch = tempfile::tempdir().unwrap();
    let fifo = scratch.path().join("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let mut started = ipeek();
    started.arg("read").arg(&fifo).args(["-T", "json", "--threads", "2"]);
    let mut child = Running(started.stdout(Stdio::piped()).spawn().unwrap());
    // The head and the first record of a capture of Ethernet, then nothing for ever.
    let mut writer = File::options().write(true).open(&fifo).unwrap();
    let capture = std::fs::read("captures/ping.pcap").unwrap();
    writer.write_all(&capture[..4096]).unwrap();
    let mut lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
    let meta = lines.next().unwrap().unwrap();
    assert!(meta.contains(r#""sandbox":"best: no_new_privs"#), "{meta}");
    lines.next().unwrap().unwrap();
    // Main, two analysts and the pipe.
    assert_confined(child.0.id(), 4, meta.contains("no seccomp"));
    assert_bounded(child.0.id());
    drop(writer);
    let ended = Instant::now();
    while child.0.try_wait().unwrap().is_none() && ended.elapsed() < PATIENCE {
        lines.next();
    }
}

#[cfg(feature = "live")]
#[test]
fn every_thread_of_a_live_process_is_confined() {
    if !is_root() {
        skip!(Root);
    }
    let mut command = ipeek();
    command.args(["live", "-i", "lo", "-T", "json", "--threads", "2"]);
    let (child, _lines, meta) = meta_of(&mut command);
    assert!(meta.contains(r#""sandbox":"best: no_new_privs, uid"#), "{meta}");
    // Main, the capture, two analysts and the writer.
    assert_confined(child.0.id(), 5, meta.contains("no seccomp"));
    assert_bounded(child.0.id());
}

/// A user who may capture because the program's file says so.
#[cfg(feature = "live")]
#[test]
fn capabilities_of_the_file_are_given_up_too() {
    if !is_root() {
        skip!(Root);
    }
    let folder = tempfile::tempdir().unwrap();
    let mut command = check::with_capabilities(folder.path());
    command.args(["live", "-i", "lo", "-T", "json", "--threads", "2"]);
    let (child, _lines, meta) = meta_of(&mut command);
    assert!(meta.contains("no capabilities"), "{meta}");
    assert_confined(child.0.id(), 5, meta.contains("no seccomp"));
}

/// What `ipeek read` of the office to `to` leaves there.
fn save(to: &Path, options: &[&str], sudo: Option<&str>) -> std::process::Output {
    let mut command = ipeek();
    command.args(["read", OFFICE, "-T", "summary", "-w"]).arg(to).args(options);
    if let Some(uid) = sudo {
        command.env("SUDO_UID", uid).env("SUDO_GID", uid);
    }
    command.output().unwrap()
}

#[test]
fn outputs_belong_to_whoever_called_sudo_and_can_be_replaced() {
    if !is_root() {
        skip!(Root);
    }
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::chown(folder.path(), Some(4242), Some(4242)).unwrap();
    let to = folder.path().join("out.pcapng");
    for options in [&[][..], &["--force"]] {
        let output = save(&to, options, Some("4242"));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let about = std::fs::metadata(&to).unwrap();
        assert_eq!((about.uid(), about.gid(), about.mode() & 0o777), (4242, 4242, 0o600));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

#[test]
fn a_folder_that_only_root_can_write_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("out.pcapng");
    for options in [&[][..], &["--force"]] {
        let output = save(&to, options, Some("4242"));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// In a sticky folder only its owner may replace what is another's, so that is who goes on.
#[test]
fn what_is_anothers_in_a_sticky_folder_can_be_replaced_by_root() {
    if !is_root() {
        skip!(Root);
    }
    let folder = tempfile::tempdir().unwrap();
    let sticky = std::os::unix::fs::PermissionsExt::from_mode(0o1777);
    std::fs::set_permissions(folder.path(), sticky).unwrap();
    let to = folder.path().join("out.pcapng");
    for owner in [0, 4243, 4242] {
        std::fs::write(&to, "old").unwrap();
        std::os::unix::fs::chown(&to, Some(owner), Some(owner)).unwrap();
        let output = save(&to, &["--force"], Some("4242"));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(std::fs::metadata(&to).unwrap().len() > 1000);
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// A series may have to replace any of its names that is there.
#[test]
fn a_series_in_a_sticky_folder_replaces_what_is_anothers() {
    if !is_root() {
        skip!(Root);
    }
    let folder = tempfile::tempdir().unwrap();
    let sticky = std::os::unix::fs::PermissionsExt::from_mode(0o1777);
    std::fs::set_permissions(folder.path(), sticky).unwrap();
    let names = ["out_000001.pcapng", "out_000002.pcapng"].map(|name| folder.path().join(name));
    for owner in [0, 4243, 4242] {
        for name in &names {
            std::fs::write(name, "old").unwrap();
            std::os::unix::fs::chown(name, Some(owner), Some(owner)).unwrap();
        }
        let options = ["--force", "--rotate-packets", "200"];
        let output = save(&folder.path().join("out.pcapng"), &options, Some("4242"));
        assert!(output.status.success(), "{owner}: {}", String::from_utf8_lossy(&output.stderr));
        for name in &names {
            assert!(std::fs::metadata(name).unwrap().len() > 1000);
        }
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

/// Without /proc this program cannot be started again: one new file does not need that.
#[test]
fn where_no_process_can_be_started_a_new_file_is_made_and_an_older_one_is_told_of() {
    if !is_root() {
        skip!(Root);
    }
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("out.pcapng");
    for (options, status) in [
        (&["-w"][..], 0),
        (&["--force", "-w"], 4),
        (&["--sandbox", "off", "--force", "-w"], 0),
        (&["--rotate-packets", "9", "-w"], 4),
    ] {
        let mut unshare = Command::new("unshare");
        let line = r#"umount -l /proc && exec "$0" "$@""#;
        unshare.args(["-m", "sh", "-c", line, env!("CARGO_BIN_EXE_ipeek"), "read", OFFICE]);
        unshare.args(["-T", "summary"]).args(options).arg(&to);
        let output = unshare.stdin(Stdio::null()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        if said.contains("umount") || said.contains("unshare") {
            skip!(Mount, "{said}");
        }
        assert_eq!(output.status.code(), Some(status), "{options:?}: {said}");
        if status == 0 {
            assert_eq!(said, "", "{options:?}");
            assert!(std::fs::metadata(&to).unwrap().len() > 1000);
        } else {
            let words = "the process that makes files could not be started: No such file";
            assert!(said.contains(words), "{options:?}: {said}");
            assert!(said.contains("; hint: --sandbox off"), "{options:?}: {said}");
        }
    }
}

/// Where an output lies is no reason to go on as root: what is still done to names is done
/// elsewhere.
#[test]
fn a_run_that_writes_to_a_folder_of_roots_is_not_root() {
    let folder = tempfile::tempdir().unwrap();
    let fifo = folder.path().join("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let (capture, out) = (std::fs::read("captures/ping.pcap").unwrap(), folder.path().join("out"));
    std::fs::write(&out, "old").unwrap();
    let mut started = ipeek();
    started.arg("read").arg(&fifo).args(["-T", "json", "--threads", "1", "--force", "-w"]);
    let mut child = Running(started.arg(&out).stdout(Stdio::piped()).spawn().unwrap());
    let mut writer = File::options().write(true).open(&fifo).unwrap();
    writer.write_all(&capture[..4096]).unwrap();
    let mut lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
    let meta = lines.next().unwrap().unwrap();
    lines.next().unwrap().unwrap();
    assert_confined(child.0.id(), 3, meta.contains("no seccomp"));
    assert_eq!(std::fs::read(&out).unwrap(), b"old");
    writer.write_all(&capture[4096..]).unwrap();
    drop(writer);
    assert!(lines.all(|line| line.is_ok()));
    assert!(child.0.wait().unwrap().success());
    assert!(std::fs::metadata(&out).unwrap().len() > 1000);
}

/// What is written to may be unmounted as soon as the program has ended.
#[test]
fn nobody_is_left_in_a_folder_that_was_written_to() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().canonicalize().unwrap();
    for number in 0..20 {
        let output = save(&home.join(format!("{number}.pcapng")), &[], None);
        assert!(output.status.success());
        let processes = std::fs::read_dir("/proc").unwrap().flatten();
        let mut places = processes.filter_map(|at| std::fs::read_link(at.path().join("cwd")).ok());
        assert!(places.all(|place| place != home), "run {number}");
    }
}

/// The formats are told when outputs are open already: what was made then goes again.
#[test]
fn what_is_no_capture_leaves_no_output() {
    let folder = tempfile::tempdir().unwrap();
    let of = |name: &str| folder.path().join(name);
    std::fs::write(of("prose"), "no capture").unwrap();
    std::fs::write(of("old.pcap"), "old").unwrap();
    for (to, options) in [("new.pcap", &[][..]), ("old.pcap", &["--force"])] {
        let mut command = ipeek();
        command.arg("read").arg(of("prose")).arg("-w").arg(of(to));
        command.arg("--json").arg(of("new.json")).args(options);
        let output = command.output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{error}");
        assert!(error.contains("prose: not a capture"), "{error}");
    }
    let mut names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    names.sort_by_key(|entry| entry.as_ref().unwrap().file_name());
    let names = names.into_iter().map(|entry| entry.unwrap().file_name());
    assert!(names.eq(["old.pcap", "prose"]));
    assert_eq!(std::fs::read(of("old.pcap")).unwrap(), b"old");
}

#[test]
fn off_gives_up_nothing_and_says_so() {
    let mut output = ipeek();
    output.args(["read", OFFICE, "-T", "json", "-c", "1"]).args(["--sandbox", "off"]);
    let text = String::from_utf8(output.output().unwrap().stdout).unwrap();
    assert!(text.lines().next().unwrap().contains(r#""sandbox":"off""#), "{text}");
}

#[test]
fn strict_is_whole_or_does_not_begin() {
    let mut output = ipeek();
    output.args(["read", OFFICE, "-T", "json", "-c", "1", "--sandbox", "strict"]);
    let output = output.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    match output.status.code() {
        Some(0) => assert!(!text.contains("no landlock") && text.contains("strict: "), "{text}"),
        code => assert_eq!((code, text.as_str()), (Some(1), "")),
    }
}

#[test]
fn local_time_is_known_in_the_sandbox() {
    if !Path::new("/usr/share/zoneinfo/Asia/Kathmandu").exists() {
        skip!(Zones);
    }
    let read = |sandbox: &str| {
        let mut command = ipeek();
        command.env("TZ", "Asia/Kathmandu");
        command.args(["read", OFFICE, "-T", "packets", "--time", "local", "-c", "1"]);
        command.args(["--sandbox", sandbox]).output().unwrap().stdout
    };
    assert_eq!(read("best"), read("off"));
}
