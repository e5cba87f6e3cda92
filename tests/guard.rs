//! The sandbox as the kernel sees it: what every thread has left, and what still works.
#![cfg(target_os = "linux")]

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

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

#[test]
fn ten_forbidden_things_are_refused() {
    let output = ipeek().arg("sandbox-check").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    if text.lines().next().unwrap().contains("no landlock") {
        // A kernel without it: said, not hidden.
        return;
    }
    assert!(text.ends_with("\n10 of 10 refused\n"), "{text}");
    assert!(output.status.success());
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
    let folder = format!("/proc/{}/task", child.0.id());
    let began = Instant::now();
    while std::fs::read_dir(&folder).unwrap().count() < 4 && began.elapsed().as_secs() < 5 {
        std::thread::sleep(Duration::from_millis(5));
    }
    let tasks = std::fs::read_dir(&folder).unwrap();
    let mut threads = 0;
    for task in tasks {
        let status = std::fs::read_to_string(task.unwrap().path().join("status")).unwrap();
        threads += 1;
        for set in ["CapInh", "CapPrm", "CapEff", "CapAmb"] {
            assert_eq!(value(&status, set), "0000000000000000", "{set}\n{status}");
        }
        assert_eq!(value(&status, "NoNewPrivs"), "1");
        if !meta.contains("no seccomp") {
            assert_eq!(value(&status, "Seccomp"), "2");
        }
        if is_root() {
            assert_eq!(value(&status, "CapBnd"), "0000000000000000");
            assert!(!value(&status, "Uid").split('\t').any(|uid| uid == "0"), "{status}");
            assert!(!value(&status, "Gid").split('\t').any(|gid| gid == "0"), "{status}");
            assert_eq!(value(&status, "Groups"), "");
        }
    }
    assert!(threads >= 4, "main, two analysts and the pipe, not {threads}");
    drop(writer);
    let ended = Instant::now();
    while child.0.try_wait().unwrap().is_none() && ended.elapsed() < Duration::from_secs(5) {
        lines.next();
    }
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
        return;
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
        return;
    }
    let read = |sandbox: &str| {
        let mut command = ipeek();
        command.env("TZ", "Asia/Kathmandu");
        command.args(["read", OFFICE, "-T", "packets", "--time", "local", "-c", "1"]);
        command.args(["--sandbox", sandbox]).output().unwrap().stdout
    };
    assert_eq!(read("best"), read("off"));
}
