//! No octet of an input is read before all rights are given up, as strace(1) sees it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::is_root;

/// Calls that read from a descriptor, those that give rights up, and the end of a process's calls.
const CALLS: &str = "trace=read,pread64,readv,preadv,preadv2,mmap,recvfrom,recvmsg,splice,sendfile,\
                     copy_file_range,landlock_restrict_self,setresuid,seccomp";

/// What a run of `ipeek` with these words did, call by call, with the paths of descriptors.
fn calls(words: &[&str], input: Stdio, folder: &Path) -> Vec<String> {
    let log = folder.join("calls");
    let mut strace = Command::new("timeout");
    strace.args(["20", "strace", "-f", "-y", "-e", CALLS, "-o"]).arg(&log);
    strace.arg(env!("CARGO_BIN_EXE_ipeek")).args(words);
    strace.stdin(input).stdout(Stdio::null()).stderr(Stdio::null());
    strace.env_remove("SUDO_UID").env_remove("SUDO_GID");
    let status = strace.status().unwrap();
    assert!(status.code() != Some(127), "no strace, which this test needs");
    std::fs::read_to_string(log).unwrap().lines().map(str::to_owned).collect()
}

/// Every read of `path` comes after the last step of giving up, and there is one.  A line begins
/// with the number of its thread, the first with that of the process.
fn assert_confined_first(name: &str, calls: &[String], path: &Path) {
    let own = calls[0].split(' ').next().unwrap();
    let of = format!("<{}>", path.display());
    let first = calls.iter().position(|call| call.contains(&of));
    let first = first.unwrap_or_else(|| panic!("{name}: never read"));
    let mut steps = vec!["landlock_restrict_self", "seccomp"];
    if is_root() {
        steps.push("setresuid");
    }
    for step in steps {
        // Another process may come between the beginning of a call and its end.
        let forms = [format!(" {step}("), format!("<... {step} resumed>")];
        let is_it = |call: &String| {
            let is_step = forms.iter().any(|form| call.contains(form));
            call.starts_with(own) && is_step && call.ends_with("= 0")
        };
        let at = calls.iter().rposition(is_it).unwrap_or_else(|| panic!("{name}: no {step}"));
        assert!(at < first, "{name}: {} before {}", calls[first], calls[at]);
    }
}

fn program(name: &str, from: &Path, to: &Path) {
    let (from, to) = (std::fs::File::open(from).unwrap(), std::fs::File::create(to).unwrap());
    let made = Command::new(name).arg("-c").stdin(from).stdout(to).status();
    assert!(made.is_ok_and(|status| status.success()), "{name}, which this test needs");
}

#[test]
fn every_input_is_first_read_when_all_rights_are_given_up() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path();
    let source = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("captures").join(name);
    let mut inputs: Vec<(&str, PathBuf)> = vec![];
    for (name, program_name) in [("gz", "gzip"), ("zst", "zstd"), ("lz4", "lz4"), ("xz", "xz")] {
        let to = folder.join(format!("ping.pcap.{name}"));
        program(program_name, &source("ping.pcap"), &to);
        inputs.push((name, to));
    }
    for (name, from) in [("plain", "ping.pcap"), ("pcapng", "office.pcapng")] {
        let to = folder.join(from);
        std::fs::copy(source(from), &to).unwrap();
        inputs.push((name, to));
    }
    std::fs::write(folder.join("prose"), "no capture").unwrap();
    inputs.push(("no capture", folder.join("prose")));
    for (name, path) in &inputs {
        let words = ["read", path.to_str().unwrap(), "-T", "json"];
        let calls = calls(&words, Stdio::null(), folder);
        assert_confined_first(name, &calls, path);
    }
    let paths: Vec<_> = inputs.iter().map(|(_, path)| path.to_str().unwrap()).collect();
    let words = [&["read"], &paths[..6], &["-T", "json"]].concat();
    let several = calls(&words, Stdio::null(), folder);
    for (name, path) in &inputs[..6] {
        assert_confined_first(&format!("{name} of several"), &several, path);
    }
    for (name, path) in &inputs {
        let file = std::fs::File::open(path).unwrap();
        let calls = calls(&["read", "-", "-T", "json"], file.into(), folder);
        assert_confined_first(&format!("{name} on standard input"), &calls, path);
    }
    let followed = ["read", "--follow", paths[4], "-T", "json", "-c", "1"];
    assert_confined_first("followed", &calls(&followed, Stdio::null(), folder), &inputs[4].1);
}

#[test]
fn a_fifo_is_first_read_when_all_rights_are_given_up() {
    let scratch = tempfile::tempdir().unwrap();
    let fifo = scratch.path().join("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let (to, octets) = (fifo.clone(), std::fs::read("captures/ping.pcap").unwrap());
    let writer = std::thread::spawn(move || {
        let mut file = std::fs::File::options().write(true).open(to).unwrap();
        let _ = file.write_all(&octets);
    });
    let words = ["read", fifo.to_str().unwrap(), "-T", "json"];
    assert_confined_first("FIFO", &calls(&words, Stdio::null(), scratch.path()), &fifo);
    writer.join().unwrap();
}
