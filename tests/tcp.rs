//! What the segments before it say of a segment: tshark has the last word, packet by packet.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::outputs::ipeek;
use crate::skip::skip;

/// A row of the catalogue, the least agreement in tenths of a per cent, and why it is not all.
///
/// Common to all: tshark tells conversations apart by addresses and ports alone, ipeek by VLANs and
/// tunnels too; and of a frame with several TCP headers ipeek follows the innermost.
const ROWS: [(&str, u32, &str); 22] = [
    ("tcp.len", 998, "a length beyond the frame: tshark takes off what it believes to be an FCS"),
    ("tcp.seq", 998, ""),
    ("tcp.ack", 998, ""),
    ("tcp.window_size", 998, ""),
    ("tcp.analysis.retransmission", 980, ""),
    ("tcp.analysis.fast_retransmission", 970, ""),
    ("tcp.analysis.spurious_retransmission", 940, "two of 35: a VLAN for each direction, an FCS"),
    (
        "tcp.analysis.out_of_order",
        800,
        "three milliseconds or a round trip: few cases, at its edge",
    ),
    ("tcp.analysis.lost_segment", 980, ""),
    ("tcp.analysis.ack_lost_segment", 950, "what is expected behind a gap"),
    ("tcp.analysis.duplicate_ack", 980, "multipath TCP repeats acknowledgements for its own sake"),
    ("tcp.analysis.duplicate_ack_num", 980, ""),
    ("tcp.analysis.keep_alive", 980, ""),
    ("tcp.analysis.keep_alive_ack", 980, ""),
    ("tcp.analysis.window_update", 980, ""),
    ("tcp.analysis.window_full", 980, ""),
    ("tcp.analysis.zero_window", 980, ""),
    ("tcp.analysis.zero_window_probe", 980, ""),
    ("tcp.analysis.zero_window_probe_ack", 980, ""),
    ("tcp.analysis.bytes_in_flight", 980, "blocks of a selective acknowledgement that overlap"),
    ("tcp.analysis.ack_rtt", 980, "a VLAN for each direction: no segment meets its answer"),
    ("tcp.analysis.initial_rtt", 980, "shown where anything is said of the segment"),
];

/// Cases below which a share says nothing: all but one agree then.
const FEW: u32 = 10;

/// Packets of TCP that are no quotes: those that tshark and ipeek both follow.
const FOLLOWED: &str = "tcp && !icmp && !icmpv6";

/// Files of one capture that tshark goes through: it starts once for all of them.
const TOGETHER: usize = 60;

fn columns() -> Vec<&'static str> {
    ["frame.number", "tcp.stream"].into_iter().chain(ROWS.iter().map(|row| row.0)).collect()
}

fn cells(output: &std::process::Output) -> Vec<Vec<String>> {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

/// What ipeek says of each packet.
fn ours(capture: &Path, columns: &[&str], words: &[&str]) -> Vec<Vec<String>> {
    let mut command = ipeek();
    command.arg("read").arg(capture).args(["-T", "fields"]).args(words);
    for name in columns {
        command.args(["-e", name]);
    }
    cells(&command.stdout(std::process::Stdio::piped()).output().unwrap())
}

/// What tshark says of each packet.
fn theirs(capture: &Path, columns: &[&str]) -> Vec<Vec<String>> {
    let mut command = Command::new("tshark");
    command.args(["-n", "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE"]);
    command.args(["-o", "tcp.analyze_sequence_numbers:TRUE"]);
    command.args(["-o", "tcp.desegment_tcp_streams:FALSE", "-r"]).arg(capture);
    command.args(["-T", "fields", "-E", "occurrence=l"]);
    for name in columns {
        command.args(["-e", name]);
    }
    cells(&command.output().unwrap())
}

/// All captures in one.
fn merged(files: &[PathBuf], folder: &Path) -> PathBuf {
    let merged = folder.join("merged.pcapng");
    let mut command = ipeek();
    command
        .arg("read")
        .args(files)
        .args(["-Y", FOLLOWED, "-T", "summary", "--force", "-w"])
        .arg(&merged);
    let code = command.status().unwrap().code();
    // Damaged ones give what they have.
    assert!(matches!(code, Some(0 | 3)), "{code:?}");
    merged
}

/// Of each row, how many cases there are and in how many both say the same.
#[derive(Default)]
struct Score {
    rows: BTreeMap<&'static str, (u32, u32)>,
    streams: (u32, u32),
    examples: BTreeMap<&'static str, Vec<String>>,
}

impl Score {
    fn judge(&mut self, capture: &Path) {
        let columns = columns();
        let (ours, theirs) = (ours(capture, &columns, &[]), theirs(capture, &columns));
        assert_eq!(ours.len(), theirs.len(), "{}", capture.display());
        // Streams are the same where packets are put together alike.
        let (mut forth, mut back) = (BTreeMap::new(), BTreeMap::new());
        for (mine, other) in ours.iter().zip(&theirs) {
            // tshark says nothing of a segment in several pieces, and of some it takes for broken.
            if other[2].is_empty() || mine[2].is_empty() {
                continue;
            }
            let (a, b) = (mine[1].clone(), other[1].clone());
            let is_same = *forth.entry(a.clone()).or_insert_with(|| b.clone()) == b;
            let is_same = *back.entry(b).or_insert_with(|| a.clone()) == a && is_same;
            self.streams.0 += 1;
            self.streams.1 += u32::from(is_same);
            for (at, &(name, ..)) in (2..).zip(&ROWS) {
                let is_event = mine[at] == "true" || other[at] == "1" && mine[at].is_empty();
                let is_said = !other[at].is_empty();
                let agrees =
                    if is_event { mine[at] == "true" && is_said } else { mine[at] == other[at] };
                let (cases, same) = self.rows.entry(name).or_default();
                *cases += u32::from(is_said || !mine[at].is_empty());
                *same += u32::from(agrees && is_said);
                if !agrees {
                    let said = format!("packet {}: '{}', not '{}'", mine[0], mine[at], other[at]);
                    self.examples.entry(name).or_default().push(said);
                }
            }
        }
    }

    fn assert(&self, least: u32) {
        let (mut all, mut wrong) = (String::new(), Vec::new());
        for (name, floor, why) in ROWS {
            let (cases, same) = self.rows.get(name).copied().unwrap_or_default();
            let examples = self.examples.get(name).map_or(&[][..], Vec::as_slice);
            let some = &examples[..examples.len().min(4)];
            let _ = writeln!(all, "{name}: {same} of {cases} {some:?} {why}");
            let is_right =
                if cases < FEW { same + 1 >= cases } else { same * 1_000 >= floor * cases };
            if !is_right {
                wrong.push(name);
            }
        }
        let (packets, same) = self.streams;
        let _ = writeln!(all, "tcp.stream: {same} of {packets}");
        if let Some(to) = std::env::var_os("IPEEK_TCP_SCORE") {
            std::fs::write(to, &all).unwrap();
        }
        assert!(packets >= least, "{packets} segments");
        assert!(same * 1_000 >= packets * 990, "streams: {same} of {packets}");
        assert!(wrong.is_empty(), "{wrong:?}\n{all}");
    }
}

fn has_tshark() -> bool {
    Command::new("tshark").arg("--version").output().is_ok()
}

/// Captures that come with the program.
fn bundled() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures");
    let names = ["6in4.pcap", "bulk.pcap", "gre.pcap", "http.pcap", "office.pcapng", "scan.pcap"];
    names.map(|name| folder.join(name)).to_vec()
}

#[test]
fn segments_of_bundled_captures_are_what_tshark_says_they_are() {
    if !has_tshark() {
        skip!(Tshark);
    }
    let folder = tempfile::tempdir().unwrap();
    let mut score = Score::default();
    score.judge(&merged(&bundled(), folder.path()));
    score.assert(600);
}

#[test]
fn segments_of_reference_captures_are_what_tshark_says_they_are() {
    if !has_tshark() {
        skip!(Tshark);
    }
    let Some(oracle) = crate::packets::oracle() else { skip!(Oracle) };
    // Those with TCP, by what tshark wrote of them: and not what is made to be broken.
    let mut files: Vec<PathBuf> = std::fs::read_dir(oracle.join("expected"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| std::fs::read_to_string(path).is_ok_and(|text| text.contains("\ttcp,")))
        .map(|path| oracle.join("captures").join(path.file_stem().unwrap()))
        .filter(|path| !path.to_string_lossy().contains("fuzz"))
        .collect();
    files.sort();
    let folder = tempfile::tempdir().unwrap();
    let mut score = Score::default();
    for some in files.chunks(TOGETHER) {
        score.judge(&merged(some, folder.path()));
    }
    score.assert(10_000);
}

fn office() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("captures/office.pcapng")
}

#[test]
fn filters_find_the_packets_whose_column_says_so() {
    let capture = office();
    let rows = ours(&capture, &["frame.number", "tcp.analysis.bytes_in_flight", "tcp.stream"], &[]);
    for (filter, is_it) in [
        ("tcp.analysis.bytes_in_flight", (|row| !row[1].is_empty()) as fn(&[String]) -> bool),
        ("tcp.analysis.bytes_in_flight > 1000", |row| row[1].parse().is_ok_and(|n: u32| n > 1000)),
        ("tcp.stream == 2", |row| row[2] == "2"),
        ("!tcp.stream", |row| row[2].is_empty()),
    ] {
        let expected: Vec<&str> =
            rows.iter().filter(|row| is_it(row)).map(|row| row[0].as_str()).collect();
        assert!(!expected.is_empty(), "{filter}");
        let found = ours(&capture, &["frame.number"], &["-Y", filter]);
        let found: Vec<&str> = found.iter().map(|row| row[0].as_str()).collect();
        assert_eq!(found, expected, "{filter}");
    }
}

#[test]
fn packets_that_pass_are_told_by_all_of_them() {
    let capture = office();
    let columns: Vec<&str> =
        columns().into_iter().chain(["frame.time_delta", "udp.stream"]).collect();
    let all = ours(&capture, &columns, &[]);
    let some = ours(&capture, &columns, &["-Y", "tcp.len > 0 || udp.length > 60"]);
    assert!(some.len() > 20 && some.len() < all.len());
    for row in some {
        assert!(all.contains(&row), "{row:?}");
    }
}

#[test]
fn any_number_of_analysts_says_the_same() {
    let capture = office();
    let one = ours(&capture, &columns(), &["--threads", "1"]);
    assert_eq!(one, ours(&capture, &columns(), &["--threads", "4"]));
}

#[test]
fn json_and_columns_say_the_same() {
    let capture = office();
    let rows =
        ours(&capture, &["tcp.seq", "tcp.analysis.ack_rtt", "tcp.stream", "frame.time_delta"], &[]);
    let mut command = ipeek();
    command.arg("read").arg(&capture).args(["--events", "packet"]);
    let output = command.stdout(std::process::Stdio::piped()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let events = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut count = 0;
    for (event, row) in events.filter(|event| event["event_type"] == "packet").zip(&rows) {
        let layers = event["layers"].as_array().unwrap();
        let tcp = layers.iter().find_map(|layer| layer.get("tcp"));
        let number = |value: Option<&Value>| value.and_then(Value::as_f64);
        let seconds = |text: &str| text.parse::<f64>().ok();
        assert_eq!(number(tcp.and_then(|tcp| tcp.get("seq"))), seconds(&row[0]), "{event}");
        assert_eq!(number(tcp.and_then(|tcp| tcp.pointer("/analysis/ack_rtt"))), seconds(&row[1]));
        assert_eq!(number(tcp.and_then(|tcp| tcp.get("stream"))), seconds(&row[2]));
        assert_eq!(number(event.pointer("/frame/time_delta")), seconds(&row[3]));
        count += u32::from(tcp.is_some());
    }
    assert!(count > 200, "{count}");
}

/// `http.pcap`: what tshark says of its conversations (`-z conv,tcp`, `tcp.analysis.*`).
#[test]
fn flows_say_how_connections_went() {
    let capture = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures/http.pcap");
    let rows = ours(
        &capture,
        &[
            "tcp.stream",
            "tcp.len",
            "tcp.srcport",
            "tcp.analysis.ack_rtt",
            "tcp.analysis.initial_rtt",
        ],
        &["-Y", "tcp"],
    );
    let mut command = ipeek();
    command.arg("read").arg(&capture).args(["--events", "flow"]);
    let output = command.stdout(std::process::Stdio::piped()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let flows: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|event| event["event_type"] == "flow" && event["proto"] == "TCP")
        .collect();
    assert!(!flows.is_empty());
    for (number, flow) in flows.iter().enumerate() {
        // Nobody listens at that port.
        if flow["dest_port"] == 8080 {
            assert_eq!((&flow["conn_state"], &flow["history"]), (&"REJ".into(), &"Sr".into()));
            continue;
        }
        assert_eq!(flow["conn_state"], "SF", "{flow}");
        assert!(flow["history"].as_str().unwrap().starts_with("ShAD"), "{flow}");
        assert_eq!(flow["flow"]["state"], "closed", "{flow}");
        let number = number.to_string();
        let port = flow["src_port"].to_string();
        let mine = rows.iter().filter(|row| row[0] == number);
        let octets = |is_source: bool| -> u64 {
            let rows = mine.clone().filter(|row| (row[2] == port) == is_source);
            rows.map(|row| row[1].parse::<u64>().unwrap()).sum()
        };
        for (key, is_source) in [("toserver", true), ("toclient", false)] {
            let side = &flow["tcp"][key];
            assert_eq!(side["data_bytes"], octets(is_source), "{key} {flow}");
            assert_eq!(side["window_scale"].as_u64().map(|_| ()), Some(()), "{flow}");
            assert_eq!(side["retransmissions"], Value::Null, "{flow}");
            // What one side sent is acknowledged by the other.
            let trips = mine.clone().filter(|row| (row[2] == port) != is_source);
            let trips: Vec<f64> = trips.filter_map(|row| row[3].parse().ok()).collect();
            let least = trips.iter().copied().fold(f64::INFINITY, f64::min);
            assert_eq!(side["ack_rtt"]["count"], trips.len(), "{flow}");
            assert_eq!(side["ack_rtt"]["min"].as_f64(), Some(least), "{flow}");
        }
        let handshake = mine.clone().find_map(|row| row[4].parse::<f64>().ok());
        assert_eq!(flow["tcp"]["handshake_rtt"].as_f64(), handshake, "{flow}");
    }
}

/// RFC 4987: of single SYNs nothing is kept but their flow; what comes after goes on as before.
#[test]
fn connections_are_bounded_by_the_flows_that_are_kept() {
    let capture = office();
    let columns = ["frame.number", "tcp.seq", "tcp.analysis.ack_rtt"];
    let rows = ours(&capture, &columns, &["--max-flows", "1"]);
    let all = ours(&capture, &columns, &[]);
    assert_eq!(rows.len(), all.len());
    let said = |rows: &[Vec<String>]| rows.iter().filter(|row| !row[1].is_empty()).count();
    assert_eq!(said(&rows), said(&all));
}

#[test]
fn where_only_the_packet_is_seen_such_a_filter_is_refused() {
    for name in ["tcp.analysis.retransmission", "tcp.stream", "frame.time_delta"] {
        let error = ipeek::filter::Filter::compile(name).unwrap_err();
        assert!(error.to_string().contains("told from the packets before"), "{error}");
        assert!(ipeek::filter::Filter::compile_in_order(name).is_ok(), "{name}");
    }
    assert!(ipeek::filter::Filter::compile("tcp.len > 0").is_ok());
}
