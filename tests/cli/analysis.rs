//! What packets add up to does not depend on how they are analysed; and what is asked of the
//! analysis.

use std::io::Write as _;

use serde_json::Value;

use super::{events, ipeek};
use crate::packets::hex;

/// Captures that have a bit of everything.
const SEVERAL: [&str; 6] = [
    "bulk.pcap",
    "office.pcapng",
    "fragments.pcap",
    "nesting.pcapng",
    "vxlan.pcap",
    "faults.pcapng",
];

fn output(args: &[&str]) -> String {
    let output = ipeek(args);
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A capture of several batches: the records of one again and again.
fn long() -> tempfile::NamedTempFile {
    let bytes = std::fs::read("captures/bulk.pcap").expect("a capture");
    let (header, records) = bytes.split_at(24);
    let mut file = tempfile::Builder::new().suffix(".pcap").tempfile().expect("a file");
    file.write_all(header).expect("a file that takes octets");
    for _ in 0..100 {
        file.write_all(records).expect("a file that takes octets");
    }
    file
}

#[test]
fn all_outputs_are_the_same_with_any_number_of_threads() {
    let long = long();
    let long = long.path().to_str().expect("a name").to_owned();
    let paths = SEVERAL.iter().map(|name| format!("captures/{name}")).chain([long]);
    for path in paths {
        for format in [
            &["-T", "summary"][..],
            &["-T", "json"],
            &["-T", "packets"],
            &["-T", "csv", "-e", "flows"],
        ] {
            let of = |threads: &str| {
                output(&[&["read", &path, "--threads", threads][..], format].concat())
            };
            let one = of("1");
            assert!(!one.is_empty(), "{path} {format:?}");
            for threads in ["2", "3", "8"] {
                assert!(of(threads) == one, "{path} {format:?} {threads}");
            }
        }
    }
}

/// Endpoints and conversations, and whatever packets add up to.
#[test]
fn what_leaves_the_flow_table_stays_counted() {
    for name in SEVERAL {
        let path = format!("captures/{name}");
        let of = |more: &[&str]| {
            output(&[&["read", &path, "-T", "csv", "-e", "endpoints"], more].concat())
        };
        let all = of(&[]);
        assert!(all.lines().count() > 2, "{all}");
        let summary = |more: &[&str]| {
            let all = events(&[&["read", &path, "--events", "summary"], more].concat());
            let mut last = all.last().expect("a summary").clone();
            let told = last.as_object_mut().expect("an object");
            told.retain(|key, _| {
                !matches!(key.as_str(), "flows" | "estimated" | "bounds" | "anomalies" | "findings")
            });
            last
        };
        for room in ["1", "3", "16"] {
            assert_eq!(of(&["--max-flows", room]), all, "{name} {room}");
            assert_eq!(summary(&["--max-flows", room]), summary(&[]), "{name} {room}");
        }
    }
}

/// A capture of frames of a link type, one a second.
fn capture(link: u8, frames: impl IntoIterator<Item = String>) -> tempfile::NamedTempFile {
    let head = format!("d4c3b2a1 0200 0400 00000000 00000000 00000400 {link:02x}000000");
    let mut bytes = hex(&head);
    for (second, frame) in (1_u32..).zip(frames) {
        let frame = hex(&frame);
        let len = u32::try_from(frame.len()).expect("a short frame");
        for field in [second, 0, len, len] {
            bytes.extend(field.to_le_bytes());
        }
        bytes.extend(frame);
    }
    let mut file = tempfile::Builder::new().suffix(".pcap").tempfile().expect("a file");
    file.write_all(&bytes).expect("a file that takes octets");
    file
}

/// Two equal datagrams between the same ports, in VLAN 10 and in VLAN 20 (IEEE 802.1Q, section
/// 9.6).
fn two_vlans() -> tempfile::NamedTempFile {
    let datagram = "4500 0020 1234 4000 4011 72b5 0a000001 0a000002
                    1000 2000 000c 8c0f 61626364";
    let tagged = |vlan| format!("020000000002 020000000001 8100 {vlan} 0800 {datagram}");
    capture(1, ["000a", "0014"].map(tagged))
}

/// RFC 792: an echo's identifier "to aid in matching echos and replies".
#[test]
fn whoever_asks_and_with_which_identifier_tells_pings_apart() {
    let echo = |kind: &str, id: &str, ends: &str| {
        format!("4500001c 12340000 40010000 {ends} {kind}00 0000 {id} 0001")
    };
    let (there, back) = ("0a000001 0a000002", "0a000002 0a000001");
    let frames = [
        echo("08", "0007", there),
        echo("00", "0007", back),
        echo("08", "0008", there),
        echo("08", "0007", back),
        // Router advertisement (RFC 1256) has none, whatever stands there.
        echo("09", "0001", there),
        echo("09", "0002", there),
    ];
    let file = capture(101, frames);
    let path = file.path().to_str().expect("a name");
    let flows = events(&["read", path, "-T", "json", "--events", "flow"]);
    let found: Vec<_> = flows
        .iter()
        .filter(|event| event["event_type"] == "flow")
        .map(|flow| {
            let packets = |way: &str| flow["flow"][way].as_i64().unwrap_or(-1);
            let both = (packets("pkts_toserver"), packets("pkts_toclient"));
            (flow["icmp_type"].as_i64(), flow["icmp_id"].as_i64(), both)
        })
        .collect();
    let expected = [
        (Some(8), Some(7), (1, 1)),
        (Some(8), Some(8), (1, 0)),
        (Some(8), Some(7), (1, 0)),
        (Some(9), None, (2, 0)),
    ];
    assert_eq!(found, expected, "{flows:?}");
}

#[test]
fn vlans_tell_flows_apart_unless_they_are_left_out() {
    let file = two_vlans();
    let path = file.path().to_str().expect("a name");
    for (key, vlans) in [
        (&[][..], &[&[10][..], &[20]][..]),
        (&["--flow-key", "vlan"], &[&[10], &[20]]),
        (&["--flow-key", "vlan,tunnel"], &[&[10], &[20]]),
        (&["--flow-key", "tunnel"], &[&[]]),
        (&["--flow-key", "none"], &[&[]]),
    ] {
        let all =
            events(&[&["read", path, "-T", "json", "--events", "flow,anomaly"], key].concat());
        let of =
            |kind: &str| all.iter().filter(|event| event["event_type"] == kind).collect::<Vec<_>>();
        let found: Vec<Vec<i64>> = of("flow")
            .iter()
            .map(|flow| match &flow["vlan"] {
                Value::Array(vlans) => vlans.iter().filter_map(Value::as_i64).collect(),
                _ => Vec::new(),
            })
            .collect();
        assert_eq!(found, vlans, "{key:?}");
        let is_twice = |event: &&Value| event["anomaly"]["event"] == "packet.duplicate";
        assert!(!of("anomaly").iter().any(is_twice), "{all:?}");
    }
}

#[test]
fn checksums_that_are_not_looked_at_are_said_to_be_left_out() {
    let path = "captures/faults.pcapng";
    let summary = |more: &[&str]| {
        let all = events(&[&["read", path, "--events", "summary"], more].concat());
        all.last().expect("a summary").clone()
    };
    let (all, few) = (summary(&[]), summary(&["--no-checksums"]));
    let kinds = |summary: &Value| -> Vec<String> {
        let kinds = summary["checksums"].as_object().expect("an object").keys();
        kinds.map(|key| key.split('.').next().unwrap_or_default().to_owned()).collect()
    };
    assert!(kinds(&all).iter().any(|kind| kind == "tcp"), "{all}");
    assert!(!kinds(&few).is_empty() && kinds(&few).iter().all(|kind| kind == "ipv4"), "{few}");
    assert_eq!((all.get("checksums_left_out"), &few["checksums_left_out"]), (None, &true.into()));
    let text = output(&["read", path, "-T", "summary", "--no-checksums"]);
    assert!(text.contains("--no-checksums") && !text.contains("bad TCP"), "{text}");
    let packets = output(&["read", path, "-T", "json", "--events", "anomaly", "--no-checksums"]);
    assert!(!packets.contains("tcp.checksum.bad"), "{packets}");
}

#[test]
fn endpoints_are_told_by_the_headers_that_are_asked_for() {
    let of = |depth: &str| {
        output(&["read", "captures/vxlan.pcap", "-T", "csv", "-e", "endpoints", "--depth", depth])
    };
    let (outer, inner, all) = (of("outer"), of("inner"), of("all"));
    assert!(
        outer != inner && all.lines().count() > outer.lines().count(),
        "{outer}\n{inner}\n{all}"
    );
    let count = events(&["read", "captures/vxlan.pcap", "--events", "summary"]);
    let whole = count.last().expect("a summary")["packets"].as_u64().expect("a count");
    for text in [&outer, &inner, &all] {
        for line in text.lines().skip(1) {
            let both =
                line.split(',').skip(1).take(2).filter_map(|count| count.parse::<u64>().ok());
            assert!((1..=whole).contains(&both.sum()), "{line}");
        }
    }
}
