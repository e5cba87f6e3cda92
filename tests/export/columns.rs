//! Columns: tab-separated and CSV.

use std::process::Command;

use ipeek::export::columns::{ColumnWriter, Form};

use super::{captures, each_packet};

fn rows(capture: &str, names: &[&str], form: Form) -> String {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut writer = ColumnWriter::new(&names, form).expect("known columns");
    let mut out = Vec::new();
    if form == Form::Csv {
        writer.heading(&mut out);
    }
    each_packet(capture, |packet| writer.row(&mut out, packet));
    String::from_utf8(out).expect("text")
}

#[test]
fn values_of_a_field_that_occurs_again_are_joined_outermost_first() {
    let text = rows("nesting.pcapng", &["frame.number", "ip.src", "ip.ttl"], Form::Tabs);
    assert_eq!(text.lines().next(), Some("1\t10.0.0.1,10.1.0.1\t64,64"));
}

#[test]
fn csv_has_a_heading_and_quotes_what_has_commas() {
    let text = rows("nesting.pcapng", &["frame.number", "ip.src", "tcp.flags"], Form::Csv);
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("frame.number,ip.src,tcp.flags"));
    assert_eq!(lines.next(), Some("1,\"10.0.0.1,10.1.0.1\","));
}

#[test]
fn other_programs_names_read_the_same_columns() {
    let text = rows("vlan.pcap", &["ip.addr", "ip.checksum.status"], Form::Tabs);
    let first = text.lines().find(|line| line.len() > 1).expect("an IPv4 packet");
    let (addresses, status) = first.split_once('\t').expect("two columns");
    assert_eq!((addresses.split(',').count(), status), (2, "good"));
}

#[test]
fn an_unknown_column_is_refused_with_a_hint() {
    let error = ColumnWriter::new(&["ip.tttl".to_owned()], Form::Tabs).expect_err("unknown");
    assert_eq!(error.hint.as_deref(), Some("ip.ttl"));
}

/// Fields whose name, meaning and way of writing are the same in tshark.
const SHARED: &[&str] = &[
    "frame.number",
    "frame.time_epoch",
    "frame.len",
    "frame.cap_len",
    "eth.src",
    "ip.hdr_len",
    "ip.dsfield",
    "ip.dsfield.dscp",
    "ip.dsfield.ecn",
    "ip.len",
    "ip.id",
    "ip.flags.df",
    "ip.flags.mf",
    "ip.ttl",
    "ip.proto",
    "ip.checksum",
    "ip.src",
    "ip.dst",
    "ipv6.flow",
    "ipv6.plen",
    "ipv6.nxt",
    "ipv6.hlim",
    "ipv6.src",
    "ipv6.dst",
    "ipv6.fraghdr.ident",
    "ipv6.fraghdr.more",
    "tcp.srcport",
    "tcp.dstport",
    "tcp.seq_raw",
    "tcp.flags.syn",
    "tcp.window_size_value",
    "udp.srcport",
    "udp.length",
    "icmp.type",
    "icmp.code",
    "icmpv6.type",
    "icmpv6.code",
];

#[test]
fn columns_are_those_of_tshark_where_it_is_installed() {
    for capture in ["marks.pcap", "http.pcap", "fragments.pcap", "pmtu.pcap", "traceroute.pcap"] {
        let mut command = Command::new("tshark");
        command.args(["-n", "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE"]);
        command.arg("-r").arg(captures().join(capture)).args(["-T", "fields"]);
        for name in SHARED {
            command.args(["-e", name]);
        }
        let Ok(output) = command.output() else { return };
        let theirs = String::from_utf8_lossy(&output.stdout);
        let ours = rows(capture, SHARED, Form::Tabs);
        assert_eq!(theirs.lines().count(), ours.lines().count(), "{capture}");
        for (theirs, ours) in theirs.lines().zip(ours.lines()) {
            let cells = theirs.split('\t').zip(ours.split('\t')).zip(SHARED);
            for ((theirs, ours), name) in cells {
                assert_eq!(ours, theirs, "{capture}: {name} of {ours:?}");
            }
        }
    }
}
