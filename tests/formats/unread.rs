//! Inputs that the system cannot read to their end, among others that it can.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::outputs::{fifo, ipeek, many, packets};

/// What was said, and how many packets were shown.
fn shown(output: &Output) -> (String, usize) {
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    (said, String::from_utf8_lossy(&output.stdout).lines().count())
}

/// A read that has every read of that file fail but the first ones.
fn failing(path: &Path, from: u32) -> Command {
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-o", "/dev/null", "-P"]).arg(path);
    strace.args(["-e", "trace=pread64", "-e", &format!("inject=pread64:error=EIO:when={from}+")]);
    strace.arg(env!("CARGO_BIN_EXE_ipeek")).arg("read");
    strace.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    strace
}

#[test]
fn one_input_that_fails_takes_nothing_of_the_others_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let [good, bad, saved] = ["good.pcap", "bad.pcap", "all.pcap"].map(|n| folder.path().join(n));
    std::fs::write(&good, many(3_000)).unwrap();
    std::fs::write(&bad, many(3_000)).unwrap();
    for files in [[&good, &bad], [&bad, &good]] {
        let mut command = failing(&bad, 4);
        command.args(files).args(["--threads", "1", "-T", "packets", "--force", "-w"]).arg(&saved);
        let (said, shown) = shown(&command.output().unwrap());
        assert_eq!(said.lines().count(), 1, "{said}");
        let start = format!("ipeek: {}: Input/output error", bad.display());
        assert!(said.starts_with(&start), "{said}");
        let (place, kept) = said.trim_end().rsplit_once("; ").unwrap();
        let kept: usize = kept.strip_suffix(" packets kept").unwrap().parse().unwrap();
        assert!((1..3_000).contains(&kept), "{said}");
        let at = format!("at octet {}, record {}", 24 + kept * 1058, kept + 1);
        assert!(place.ends_with(&at), "{said}");
        assert_eq!(shown, 3_000 + kept, "{said}");
        assert_eq!(packets(&saved), shown, "{said}");
    }
}

/// What comes through a pipe is known to be no capture only when the others are being read.
#[test]
fn a_pipe_that_is_no_capture_takes_nothing_of_the_others_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let (good, pipe) = (folder.path().join("good.pcap"), folder.path().join("fifo"));
    std::fs::write(&good, many(3_000)).unwrap();
    fifo(&pipe);
    for (others, status, shown_packets) in [(&[&good][..], 3, 3_000), (&[], 1, 0)] {
        let mut command = ipeek();
        command.arg("read").args(others).arg(&pipe).args(["-T", "packets"]);
        let child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut writer = std::fs::File::options().write(true).open(&pipe).unwrap();
        writer.write_all(&[0x5a; 5_000]).unwrap();
        drop(writer);
        let output = child.wait_with_output().unwrap();
        let (said, shown) = shown(&output);
        assert_eq!((output.status.code(), shown), (Some(status), shown_packets), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(said.starts_with(&format!("ipeek: {}: not a capture", pipe.display())), "{said}");
    }
}

/// One input alone is not damaged: it could not be read.
#[test]
fn an_input_that_fails_halfway_is_told_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("bad.pcap");
    std::fs::write(&bad, many(3_000)).unwrap();
    let mut command = failing(&bad, 4);
    let output = command.arg(&bad).args(["-T", "packets"]).output().unwrap();
    let (said, shown) = shown(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let at = format!(", at octet {}, record {}\n", 24 + shown * 1058, shown + 1);
    assert!(shown > 0 && said.contains("Input/output error") && said.ends_with(&at), "{said}");
}
