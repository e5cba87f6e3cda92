//! What the command line promises in small: names of columns, one thing on one output, hints.

use std::io::Write;
use std::process::{Command, Stdio};

use super::{code, events, ipeek, said};
use crate::outputs::Running;

const NESTING: &str = "captures/nesting.pcapng";

fn shown(args: &[&str]) -> String {
    let output = ipeek(args);
    assert_eq!(code(&output), 0, "{args:?}: {}", said(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_column_may_be_one_occurrence_from_either_end() {
    let columns = "ip.src,ip.src#1,ip.src#-1,ip.src#9";
    let text = shown(&["read", NESTING, "-c", "1", "-T", "fields", "-e", columns]);
    assert_eq!(text, "10.0.0.1,10.1.0.1\t10.0.0.1\t10.1.0.1\t\n");
    let csv = shown(&["read", NESTING, "-c", "1", "-T", "csv", "-e", "ip.ttl#1"]);
    assert_eq!(csv, "ip.ttl#1\n64\n");
    let output = ipeek(&["read", NESTING, "-T", "csv", "-e", "ip.ttl#0"]);
    assert_eq!(code(&output), 1);
}

#[test]
fn a_column_shows_every_anomaly_of_a_packet() {
    let faults = "captures/faults.pcapng";
    let text = shown(&["read", faults, "-c", "1", "-T", "fields", "-e", "anomaly.event"]);
    assert!(text.contains("ipv4.checksum.bad"), "{text}");
}

#[test]
fn an_odd_address_is_told_as_an_address() {
    let all = events(&["read", "captures/dns.pcap", "--events", "anomaly"]);
    for (event, expected) in
        [("ipv6.src.documentation", "2001:db8:1::2"), ("ipv4.src.documentation", "192.0.2.80")]
    {
        let told = all.iter().find(|line| line["anomaly"]["event"] == event).expect("an event");
        assert_eq!(told["anomaly"]["value"], expected);
        assert_eq!(told["src_ip"], expected);
    }
}

#[test]
fn one_thing_stands_on_standard_output() {
    let dns = "captures/dns.pcap";
    for args in [
        &["read", dns, "-w", "-", "-T", "packets"][..],
        &["read", dns, "--json", "-", "-T", "json"],
        &["read", dns, "-w", "-", "--json", "-"],
    ] {
        let output = ipeek(args);
        assert_eq!(code(&output), 2, "{args:?}");
        assert!(output.stdout.is_empty(), "{args:?}");
        assert!(said(&output).contains("both on standard output; hint: "), "{args:?}");
    }
}

#[test]
fn what_is_no_address_is_told_why() {
    for (thing, why) in [
        ("010.0.0.1", "leading zero: octal to some"),
        ("10.0.0.0/33", "prefix length"),
        ("1.2.3", "part"),
    ] {
        let output = ipeek(&[thing]);
        let said = said(&output);
        assert_eq!(code(&output), 2, "{thing}");
        assert!(said.contains("as an address: ") && said.contains(why), "{said}");
    }
}

#[test]
fn prose_is_no_capture_of_any_kind() {
    let output = ipeek(&["read", "README.md"]);
    assert_eq!(code(&output), 1);
    assert!(said(&output).starts_with("ipeek: README.md: not a capture: "), "{}", said(&output));
}

#[test]
fn an_input_that_is_refused_has_no_summary() {
    let output = ipeek(&["read", "-", "-T", "summary"]);
    assert_eq!((code(&output), output.stdout.len()), (1, 0));
    assert_eq!(said(&output), "ipeek: -: empty, not a capture\n");
}

#[test]
#[cfg(target_os = "linux")]
fn several_interfaces_are_all_sniffed() {
    let output = ipeek(&["lo", "lo", "no such words", "-T", "summary"]);
    // The words behind them are BPF, and refused as such; or there is no right to capture.
    assert!([1, 6].contains(&code(&output)), "{}", said(&output));
    assert!(!said(&output).contains("'lo"), "{}", said(&output));
}

/// A pipe whose writer goes on to hold it has no end: a signal is its end, and what came counts.
#[test]
fn a_signal_ends_the_reading_of_a_pipe_with_what_came() {
    for (format, threads) in [("summary", "1"), ("summary", "2"), ("packets", "2")] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ipeek"));
        command.args(["read", "-", "-T", format, "--threads", threads]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = Running::start(&mut command);
        let capture = std::fs::read("captures/dns.pcap").expect("a capture");
        let mut pipe = child.0.stdin.take().expect("a pipe");
        pipe.write_all(&capture).expect("room in the pipe");
        child.rests();
        child.signal("TERM");
        assert_eq!(child.end(), Some(143), "{format}");
        drop(pipe);
        let out = child.0.stdout.as_mut().expect("a pipe");
        let text = std::io::read_to_string(out).expect("text");
        match format {
            "packets" => assert_eq!(text.lines().count(), 31, "{text}"),
            _ => assert!(text.ends_with("ledger: packets 31 = ip 29 + non-ip 2 + undecoded 0\n")),
        }
    }
}

/// Help is an output like any other: what nobody has got was not printed.
#[test]
fn whatever_is_printed_on_a_full_device_is_an_error() {
    for args in [
        &["--help"][..],
        &["-h"],
        &["--version"],
        &["-V"],
        &["--print-config"],
        &["man"],
        &["completions", "bash"],
        &["fields"],
        &["fields", "ip.ttl"],
        &["read", "--help"],
        &["live", "--help"],
        &["lookup", "--help"],
        &["lookup", "192.0.2.1"],
        &["sandbox-check"],
        &["read", "captures/dns.pcap", "-T", "summary"],
        &["read", "captures/dns.pcap", "-T", "packets"],
        &["read", "captures/dns.pcap", "-T", "json"],
        &["read", "captures/dns.pcap", "-w", "-"],
    ] {
        let full = std::fs::File::options().write(true).open("/dev/full").expect("a full device");
        let output = Command::new(env!("CARGO_BIN_EXE_ipeek"))
            .args(args)
            .stdin(Stdio::null())
            .stdout(full)
            .output()
            .expect("ipeek runs");
        let said = said(&output);
        assert_eq!(code(&output), 4, "{args:?}: {said}");
        assert!(said.starts_with("ipeek: ") && said.contains("No space left"), "{args:?}: {said}");
        assert_eq!(said.lines().count(), 1, "{args:?}: {said}");
    }
    // Who has seen enough of it goes, as ever.
    let mut child = Command::new(env!("CARGO_BIN_EXE_ipeek"))
        .arg("--help")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("ipeek runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((code(&output), said(&output).as_str()), (0, ""));
}
