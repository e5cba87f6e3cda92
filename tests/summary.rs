//! The summary, its text, and columns as text.

use std::collections::HashMap;
use std::net::IpAddr;
use std::path::Path;

use foldhash::quality::RandomState;
use ipeek::analyze::conversation;
use ipeek::analyze::traffic::{Address, HeaderScope};
use ipeek::analyze::{Analysis, Settings};
use ipeek::capture::Ledger;
use ipeek::capture::save::Rules;
use ipeek::decode::tuple::Pair;
use ipeek::export::fields::{FieldsSink, Form};
use ipeek::export::output::Output;
use ipeek::export::rows::Rows;
use ipeek::export::summary::{self, Look};
use ipeek::export::text::Style;
use ipeek::report::summary::{Origin, Summary};
use ipeek::session::{Outcome, Plan, Session, Sink};

use crate::skip::skip;

fn run(name: &str, sinks: Vec<Box<dyn Sink>>) -> Outcome {
    let path = Path::new("captures").join(name);
    let session = Session::start(Plan {
        source: ipeek::capture::file::open_all(&[path]).unwrap(),
        threads: 2,
        settings: Settings::default(),
        pass: None,
        count: None,
        sinks,
        snapshots: false,
    });
    while !session.wait(std::time::Duration::from_secs(1)) {}
    session.finish()
}

fn text(name: &str, look: Look) -> String {
    let outcome = run(name, Vec::new());
    let inputs = [format!("captures/{name}")];
    let origin = Origin {
        inputs: &inputs,
        interfaces: &outcome.interfaces,
        facts: Some(&outcome.facts),
        damage: &outcome.damage,
        losses: None,
    };
    let mut out = String::new();
    summary::write(&mut out, &Summary::of(&outcome.analysis, &origin, 2), look);
    out
}

#[test]
fn an_office_morning_at_eighty_columns() {
    insta::assert_snapshot!(text("office.pcapng", Look::default()));
}

#[test]
fn a_damaged_capture_says_so_first() {
    insta::assert_snapshot!(text("damaged.pcap", Look::default()));
}

#[test]
fn no_line_is_wider_than_the_page_and_the_last_is_the_ledger() {
    let mut captures: Vec<_> = std::fs::read_dir("captures")
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains(".pcap"))
        .collect();
    captures.sort();
    for name in captures {
        for (width, ascii) in [(80, false), (80, true), (60, false), (132, true)] {
            let look = Look { width, ascii, ..Look::default() };
            let text = text(&name, look);
            for line in text.lines().filter(|line| !line.starts_with("ledger:")) {
                assert!(line.chars().count() <= width, "{name}: {line}");
                assert!(!line.ends_with(' '), "{name}: {line:?}");
                assert!(!ascii || line.is_ascii() || line.contains('µ'), "{name}: {line}");
            }
            let ledger = text.lines().last().unwrap();
            assert!(ledger.starts_with("ledger: packets ") && ledger.len() <= 80, "{ledger}");
        }
    }
}

#[test]
fn the_ledger_is_as_scripts_read_it() {
    let text = text("faults.pcapng", Look::default());
    let end =
        "\n\ndropped: kernel ?, interface ?\nledger: packets 46 = ip 44 + non-ip 0 + undecoded 2\n";
    assert!(text.ends_with(end), "{text}");
    let outcome = run("ping.pcap", Vec::new());
    let losses = Ledger {
        received: Some(600_000),
        delivered: 599_990,
        kernel: Some(10),
        interface: Some(0),
        application: 0,
        unread: Some(0),
    };
    let origin = Origin { losses: Some(losses), ..Origin::default() };
    let live = Summary::of(&outcome.analysis, &origin, 2);
    assert_eq!(
        summary::ledger(&live),
        "ledger: received 600000 = delivered 599990 + kernel 10 + interface 0 + application 0 + unread 0"
    );
    let mut out = String::new();
    summary::write(&mut out, &live, Look::default());
    assert!(out.contains("lost in the kernel"), "{out}");
    assert!(!out.contains("dropped: "), "{out}");
}

#[test]
fn what_is_not_known_is_no_zero_in_the_ledger() {
    let outcome = run("ping.pcap", Vec::new());
    let losses = Ledger { delivered: 9, kernel: Some(1), unread: Some(0), ..Ledger::default() };
    let origin = Origin { losses: Some(losses), ..Origin::default() };
    assert_eq!(
        summary::ledger(&Summary::of(&outcome.analysis, &origin, 2)),
        "ledger: received ? = delivered 9 + kernel 1 + interface ? + application 0 + unread 0"
    );
}

#[test]
fn nothing_at_all_is_a_summary_too() {
    let analysis = Analysis::new(Settings::default(), &RandomState::default());
    let mut out = String::new();
    summary::write(&mut out, &Summary::of(&analysis, &Origin::default(), 2), Look::default());
    assert_eq!(
        out,
        "packets\n0 packets, 0 B\n\nledger: packets 0 = ip 0 + non-ip 0 + undecoded 0\n"
    );
}

#[test]
fn colours_add_nothing_to_the_words() {
    let coloured = text("faults.pcapng", Look { style: Style::Ansi, ..Look::default() });
    let mut plain = String::new();
    for (at, piece) in coloured.split('\x1b').enumerate() {
        plain.push_str(if at == 0 { piece } else { piece.split_once('m').unwrap().1 });
    }
    assert_eq!(plain, text("faults.pcapng", Look::default()));
}

fn columns(name: &str, fields: &[&str], form: Form) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    let names: Vec<String> = fields.iter().map(ToString::to_string).collect();
    let rows = Rows::find(&names).unwrap();
    let output = Output::create(&path, &Rules::default()).unwrap();
    let outcome = run(name, vec![Box::new(FieldsSink::new(output, rows, form))]);
    assert!(outcome.output_errors.is_empty(), "{:?}", outcome.output_errors);
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn columns_are_as_tshark_has_them() {
    let fields = [
        "frame.number",
        "frame.time_epoch",
        "frame.len",
        "eth.src",
        "ip.src",
        "ip.dst",
        "ip.id",
        "ip.ttl",
        "ip.flags",
        "ipv6.src",
        "ipv6.hlim",
        "ipv6.fraghdr.ident",
        "tcp.srcport",
        "tcp.seq_raw",
        "udp.dstport",
    ];
    let mut args = vec!["-n", "-T", "fields"];
    for option in ["ip.defragment:FALSE", "ipv6.defragment:FALSE"] {
        args.extend(["-o", option]);
    }
    for field in fields {
        args.extend(["-e", field]);
    }
    for name in ["http.pcap", "6in4.pcap", "fragments.pcap", "pmtu.pcap", "vlan.pcap"] {
        let tshark = std::process::Command::new("tshark")
            .args(["-r", &format!("captures/{name}")])
            .args(&args)
            .output();
        let Ok(tshark) = tshark else { skip!(Tshark) };
        let expected = String::from_utf8(tshark.stdout).unwrap();
        let ours = columns(name, &fields, Form::Tabs);
        for (ours, expected) in ours.lines().zip(expected.lines()) {
            assert_eq!(ours, expected, "{name}");
        }
        assert_eq!(ours.lines().count(), expected.lines().count(), "{name}");
    }
}

#[test]
fn csv_has_a_row_of_names_and_quotes_lists() {
    let text = columns("6in4.pcap", &["frame.number", "eth.dst", "ipv6.hopopts"], Form::Csv);
    assert!(text.starts_with("frame.number,eth.dst,ipv6.hopopts\n1,"), "{text}");
    let text = columns("ipip.pcap", &["ip.ttl"], Form::Csv);
    assert!(text.contains("\n\"64,64\"\n"), "{text}");
    let header =
        "frame.number,frame.time_epoch,ip.src,ip.dst,ipv6.src,ipv6.dst,ip.proto,frame.len\n";
    assert!(columns("ping.pcap", &[], Form::Csv).starts_with(header));
}

#[test]
fn flows_and_endpoints_are_tables_of_their_own() {
    let flows = columns("damaged.pcap", &["flows"], Form::Csv);
    assert_eq!(
        flows,
        "flow_id,proto,src_ip,src_port,dest_ip,dest_port,depth,pkts_toserver,pkts_toclient,\
         bytes_toserver,bytes_toclient,start,end\n\
         1,1,10.0.0.1,,192.0.2.80,,1,4,0,232,0,1704067200.000000000,1704067200.003000000\n"
    );
    let endpoints = columns("damaged.pcap", &["endpoints"], Form::Csv);
    assert_eq!(
        endpoints,
        "address,pkts_sent,pkts_received,bytes_sent,bytes_received,class,special,type\n\
         10.0.0.1,4,0,232,0,A,Private-Use,private\n\
         192.0.2.80,0,4,0,232,C,Documentation (TEST-NET-1),documentation\n"
    );
}

#[test]
fn an_unknown_column_names_the_one_most_like_it() {
    for (name, text) in [
        ("ip.tll", "unknown field 'ip.tll'; hint: did you mean 'ip.ttl'?"),
        ("ipv6.hlmi", "unknown field 'ipv6.hlmi'; hint: did you mean 'ipv6.hlim'?"),
        ("weather\x1b", "unknown field 'weather\\x1b'; hint: 'ipeek fields' lists all"),
    ] {
        let error = Rows::find(&[name.to_owned()]).unwrap_err();
        assert_eq!(error.to_string(), text);
    }
}

#[test]
fn a_summary_counts_many_flows_and_shows_a_few() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.pcap");
    std::fs::write(&path, crate::many::many_flows(320_000)).unwrap();
    let analysis = run(path.to_str().unwrap(), Vec::new()).analysis;
    assert_eq!(analysis.live_flows(), 320_000);
    let summary = Summary::of(&analysis, &Origin::default(), 2);
    assert_eq!((summary.outer.ipv4_conversations, summary.top_flows.len()), (320_000, 10));
}

/// Conversations and endpoints counted the plain way.
#[test]
fn talks_are_what_hash_maps_make_of_the_flows() {
    for name in ["office.pcapng", "faults.pcapng", "6in4.pcap", "nesting.pcapng", "multicast.pcap"]
    {
        let analysis = run(name, Vec::new()).analysis;
        let mut pairs = HashMap::<(IpAddr, IpAddr), (u64, u64)>::new();
        let mut ends = HashMap::<IpAddr, (u64, u64)>::new();
        for flow in analysis.flows() {
            let chain: Vec<_> = analysis.paths.pairs(flow.path).collect();
            let outer = chain.first().map(|pair| if flow.swapped { pair.turned() } else { *pair });
            let (a, b): (IpAddr, IpAddr) = match outer.unwrap_or(flow.pair) {
                Pair::V4(a, b) => (Address::V4(a).into(), Address::V4(b).into()),
                Pair::V6(a, b) => (Address::V6(a).into(), Address::V6(b).into()),
            };
            let [forth, back] = flow.tallies.map(|tally| tally.packets);
            let pair = pairs.entry((a.min(b), a.max(b))).or_default();
            let (up, down) = if a <= b { (forth, back) } else { (back, forth) };
            (pair.0, pair.1) = (pair.0 + up, pair.1 + down);
            if a == b {
                let end = ends.entry(a).or_default();
                (end.0, end.1) = (end.0 + up, end.1 + down);
                continue;
            }
            for (who, sent, received) in [(a, forth, back), (b, back, forth)] {
                let end = ends.entry(who).or_default();
                (end.0, end.1) = (end.0 + sent, end.1 + received);
            }
        }
        let talks = conversation::conversations(&analysis, HeaderScope::Outer);
        assert_eq!(talks.len(), pairs.len(), "{name}");
        for traffic in &talks {
            let who = (traffic.who.0.into(), traffic.who.1.into());
            // A flow of an address with itself has no direction that two could agree on.
            let (forth, back) = (traffic.forth.packets, traffic.back.packets);
            if who.0 == who.1 {
                assert_eq!(pairs[&who].0 + pairs[&who].1, forth + back, "{name}");
            } else {
                assert_eq!(pairs[&who], (forth, back), "{name}");
            }
        }
        let talks = conversation::endpoints(&analysis, HeaderScope::Outer);
        assert!(talks.is_sorted_by_key(|traffic| std::cmp::Reverse(traffic.total())));
        assert_eq!(talks.len(), ends.len(), "{name}");
        for traffic in &talks {
            let (sent, received) = ends[&IpAddr::from(traffic.who)];
            assert_eq!(sent + received, traffic.total().packets, "{name}");
        }
    }
}
