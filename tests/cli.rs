//! The real program: exit codes, messages and outputs that a script may rely on.

mod analysis;
mod decode_as;
mod help;
mod kept;
mod promises;
mod readme;
mod readme_promises;

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::skip::skip;

fn ipeek(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ipeek"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(args)
        .stdin(Stdio::null())
        .output()
        .expect("ipeek runs")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn events(args: &[&str]) -> Vec<Value> {
    let output = ipeek(args);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
}

#[test]
fn exit_codes_and_messages_are_those_that_are_promised() {
    let office = "captures/office.pcapng";
    for (args, expected, words) in [
        (&["read", office, "-T", "summary"][..], 0, ""),
        (&["read", "no-such-file.pcap"], 1, "no-such-file.pcap"),
        (&["read", "Cargo.toml"], 1, "Cargo.toml"),
        (&["read", office, "-Y", "ip.tttl < 5"], 1, "ip.tttl"),
        (&["read", office, "-T", "fields", "-e", "ip.tttl"], 1, "did you mean 'ip.ttl'?"),
        (&["lookup", "10.0.0.256"], 1, "10.0.0.256"),
        (&["read"], 2, ""),
        (&["read", office, "-T", "dashboard"], 2, "needs a terminal"),
        (&["read", office, "--after", "tomorrow"], 2, "no time; hint"),
        (&["read", office, "-c", "0"], 2, ""),
        (&["read", office, "--threads", "1025"], 2, "1025 is not in 1..=1024"),
        (&["live", "--snaplen", "4294967295"], 2, "4294967295 is not in 1..=262144"),
        (&["live", "--duration", "-1"], 2, "no time that a clock can wait for"),
        (&["live", "--duration", "inf"], 2, "no time that a clock can wait for"),
        (&["live", "--buffer", "2048"], 2, "2048 is not in 1..=2047"),
        (&["-T", "json", "read", office], 2, "before a subcommand; hint"),
        (&["raed", office], 2, "did you mean 'read'?"),
        (&["captures/offce.pcapng"], 2, "did you mean 'captures/office.pcapng'?"),
        (&["read", "captures/damaged.pcap", "-T", "packets"], 3, "captures/damaged.pcap: "),
        (&["read", office, "-T", "json", "--json", "/no/such/folder/x.json"], 4, "/no/such/folder"),
    ] {
        let output = ipeek(args);
        assert_eq!(code(&output), expected, "{args:?}: {}", said(&output));
        assert!(said(&output).contains(words), "{args:?}: {}", said(&output));
        if expected != 0 && !words.is_empty() {
            assert!(said(&output).starts_with("ipeek: "), "{args:?}: {}", said(&output));
        }
        if expected == 0 {
            assert_eq!(said(&output), "");
        }
    }
}

#[test]
fn damage_says_file_octet_record_and_packets_kept() {
    let text = said(&ipeek(&["read", "captures/damaged.pcap", "-T", "packets"]));
    assert_eq!(text.lines().count(), 1, "{text}");
    for words in ["ipeek: captures/damaged.pcap: ", "at octet ", "record ", " kept"] {
        assert!(text.contains(words), "{words:?} in {text}");
    }
}

#[test]
fn a_full_device_is_exit_4() {
    let full = PathBuf::from("/dev/full");
    if !full.exists() {
        skip!(Device);
    }
    for format in ["summary", "packets", "json", "tree", "csv"] {
        let output = Command::new(env!("CARGO_BIN_EXE_ipeek"))
            .args(["read", "captures/office.pcapng", "-T", format])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stdin(Stdio::null())
            .stdout(std::fs::File::options().write(true).open(&full).expect("/dev/full"))
            .output()
            .expect("ipeek runs");
        assert_eq!(code(&output), 4, "{format}: {}", said(&output));
    }
}

#[test]
fn a_range_may_be_spelled_with_spaces() {
    let output = ipeek(&["lookup", "10.0.0.1", "-", "10.0.0.9", "-T", "csv"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!((code(&output), text.lines().count()), (0, 2), "{text}");
    assert!(text.contains("10.0.0.1 - 10.0.0.9,ok"), "{text}");
}

#[test]
fn running_totals_end_in_those_of_the_summary() {
    let all = events(&["read", "captures/office.pcapng", "--events", "stats,summary"]);
    let kinds: Vec<&str> = all.iter().filter_map(|event| event["event_type"].as_str()).collect();
    assert_eq!((kinds.first(), kinds.last()), (Some(&"meta"), Some(&"summary")));
    let stats = all.iter().rfind(|event| event["event_type"] == "stats").expect("totals");
    let summary = all.last().expect("a summary");
    for key in ["packets", "bytes", "flows", "drops"] {
        assert_eq!(stats[key], summary[key], "{key}");
    }
}

#[test]
fn every_flow_is_told_once_though_few_are_kept() {
    let few =
        events(&["read", "captures/office.pcapng", "--events", "flow,summary", "--max-flows", "9"]);
    let summary = few.last().expect("a summary");
    let flows = few.iter().filter(|event| event["event_type"] == "flow");
    let (mut told, mut packets) = (0, 0);
    for event in flows {
        told += 1;
        let flow = &event["flow"];
        packets += flow["pkts_toserver"].as_u64().expect("a count")
            + flow["pkts_toclient"].as_u64().expect("a count");
        assert!(["forced", "shutdown"].contains(&flow["reason"].as_str().expect("a reason")));
    }
    assert_eq!(summary["flows"]["seen"], told);
    assert_eq!(summary["estimated"], true);
    let all = events(&["read", "captures/office.pcapng", "--events", "flow"]);
    let whole: u64 = all
        .iter()
        .filter_map(|event| event.get("flow"))
        .flat_map(|flow| [flow["pkts_toserver"].as_u64(), flow["pkts_toclient"].as_u64()])
        .flatten()
        .sum();
    assert_eq!(packets, whole, "no packet is lost with a flow");
}

#[test]
fn classes_count_the_packets_that_touch_them() {
    // 10.0.0.0/8 is class A; every packet counts once for each class of its two addresses.
    let summary = events(&["read", "captures/ping.pcap", "--events", "summary"]);
    let classes = &summary.last().expect("a summary")["classes"];
    let packets = events(&["read", "captures/ping.pcap", "--events", "packet"]);
    let first = |key: &str, event: &Value| {
        let layers = event["layers"].as_array()?;
        let ip = layers.iter().find_map(|layer| layer.get("ip"))?;
        Some(ip["_x"][key].as_str()?.to_owned())
    };
    for class in ["A", "B", "C", "D", "E"] {
        let touching = packets.iter().filter(|event| {
            let has = |key| first(key, event).as_deref() == Some(class);
            has("src_class") || has("dst_class")
        });
        let expected = touching.count() as u64;
        assert_eq!(classes[class]["packets"].as_u64().unwrap_or(0), expected, "{class}");
    }
}

#[test]
fn packets_between_two_moments_are_those_of_the_display_filter() {
    let office = "captures/office.pcapng";
    let numbers = |args: &[&str]| {
        let output =
            ipeek(&[&["read", office, "-T", "fields", "-e", "frame.number"], args].concat());
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let window = numbers(&["--after", "+1", "--before", "+2.5s"]);
    assert!(window.lines().count() > 3, "{window}");
    let all = events(&["read", office, "--events", "packet"]);
    let nanos = |event: &Value| {
        let stamp: jiff::Timestamp = event["timestamp"].as_str()?.parse().ok()?;
        Some(stamp.as_nanosecond())
    };
    let stamped: Vec<(u64, i128)> =
        all.iter().filter_map(|event| Some((event["pcap_cnt"].as_u64()?, nanos(event)?))).collect();
    let zero = stamped.first().expect("a packet").1;
    let expected: Vec<String> = stamped
        .iter()
        .filter(|(_, at)| (1_000_000_000..2_500_000_000).contains(&(at - zero)))
        .map(|(number, _)| number.to_string())
        .collect();
    assert_eq!(window.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn addresses_are_filtered_and_listed_by_what_they_are() {
    let args = [
        "read",
        "captures/office.pcapng",
        "-Y",
        "ip.src.class == \"C\" && ip.dst.special contains \"Private\"",
        "-T",
        "fields",
        "-e",
        "ip._x.src_class,ip.dst.special,ip.dst.type",
    ];
    let output = ipeek(&args);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.lines().count() > 10, "{text}");
    // A quoted or tunnelled header adds its own values to a line.
    let is_right = |line: &str| line.contains('C') && line.contains("Private-Use");
    assert!(text.lines().all(is_right), "{text}");
}

#[test]
fn a_wrong_option_is_said_in_one_line() {
    for (args, said) in [
        (
            &["read", "a.pcap", "--events", "flows"][..],
            "ipeek: invalid value 'flows' for '--events <LIST>'",
        ),
        (&["read", "a.pcap", "--threads", "0"], "ipeek: invalid value '0' for '--threads <N>'"),
        (&["read", "a.pcap", "--colour", "never"], "ipeek: unexpected argument '--colour' found"),
    ] {
        let output = ipeek(args);
        assert_eq!(code(&output), 2, "{args:?}");
        assert!(output.stdout.is_empty(), "{args:?}");
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(text.starts_with(said) && text.lines().count() == 1, "{args:?}: {text}");
    }
}

#[test]
fn alone_and_without_a_terminal_it_prints_help_and_ends_with_2() {
    let output = ipeek(&[]);
    assert_eq!(code(&output), 2);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.starts_with("ipeek peeks at IP") && text.contains("Usage:"), "{text}");
}

#[test]
fn the_version_names_libpcap_and_the_features() {
    for option in ["-V", "--version"] {
        let output = ipeek(&[option]);
        assert_eq!(code(&output), 0);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let lines: Vec<&str> = text.lines().collect();
        let [own, library, features] = lines[..] else { panic!("{text}") };
        assert_eq!(own, concat!("ipeek ", env!("CARGO_PKG_VERSION")));
        let live = cfg!(feature = "live");
        assert!(library.starts_with(if live { "libpcap " } else { "without libpcap" }), "{text}");
        assert_eq!(features, if live { "features: live" } else { "features: none" });
    }
}
