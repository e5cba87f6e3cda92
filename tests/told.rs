//! What a capture says of itself is shown: comments, names and descriptions, on every face.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::{Path, PathBuf};
use std::process::Command;

use ipeek::capture::{Batch, Fill, file};
use ipeek::store::Store;
use serde_json::{Value, json};

use crate::formats::block::{interface, option, packet, section};
use crate::skip::skip;

/// RFC 791: 192.0.2.1 to 192.0.2.2, no payload.
const HEADER: [u8; 20] = [0x45, 0, 0, 20, 0, 1, 0, 0, 64, 59, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2];

/// Two interfaces, the second without a name; four packets: two comments, none, one that is long
/// and one that is no UTF-8.
fn capture() -> Vec<u8> {
    let whole = [
        option(1, b"Ticket 4711"),
        option(2, b"A machine"),
        option(3, b"Linux 6.1"),
        option(4, b"a writer 1.0"),
    ];
    let named = [option(2, b"eth0"), option(3, b"to the provider"), option(1, b"port 7")];
    let long = ["x".repeat(60_000).as_bytes(), b"END"].concat();
    [
        section(&whole.concat()),
        interface(101, 0, &named.concat()),
        interface(101, 0, &[]),
        packet(0, 1, &HEADER, &[option(1, b"first"), option(1, b"a \"second\"")].concat()),
        packet(1, 2, &HEADER, &[]),
        packet(0, 3, &HEADER, &option(1, &long)),
        packet(1, 4, &HEADER, &option(1, b"caf\xe9")),
    ]
    .concat()
}

fn ipeek() -> Command {
    Command::new(env!("CARGO_BIN_EXE_ipeek"))
}

/// Writes the capture to `name` in a folder.
fn written(folder: &tempfile::TempDir, name: &str) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, capture()).unwrap();
    path
}

/// What a run writes to standard output.
fn run(path: &Path, words: &[&str]) -> String {
    let output = ipeek().arg("read").arg(path).args(words).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Columns of a run, row by row.
fn columns(path: &Path, names: &[&str], words: &[&str]) -> Vec<Vec<String>> {
    let names: Vec<&str> = names.iter().flat_map(|name| ["-e", name]).collect();
    let text = run(path, &[&["-T", "fields"], &names[..], words].concat());
    text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

#[test]
fn comments_and_names_are_fields() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(&folder, "a.pcapng");
    let names = ["frame.comment", "frame.interface_name", "frame.interface_description"];
    let rows = columns(&path, &names, &[]);
    assert_eq!(rows[0], ["first,a \"second\"", "eth0", "to the provider"]);
    assert_eq!(rows[1], ["", "", ""]);
    assert!(rows[2][0].len() == 60_003 && rows[2][0].ends_with("xEND"));
    assert_eq!(rows[3], ["caf\u{fffd}", "", ""]);
}

#[test]
fn filters_ask_for_comments_and_names() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(&folder, "a.pcapng");
    for (filter, numbers) in [
        ("frame.comment", &["1", "3", "4"][..]),
        ("!frame.comment", &["2"]),
        ("frame.comment contains \"second\"", &["1"]),
        ("frame.comment contains \"END\"", &["3"]),
        ("lower(frame.comment) contains \"end\"", &["3"]),
        ("frame.comment matches \"^FIRST$\"", &["1"]),
        ("frame.comment == \"first\"", &["1"]),
        ("frame.comment == \"First\"", &[]),
        ("frame.comment in {\"first\", \"third\"}", &["1"]),
        ("frame.comment#2 contains \"second\"", &["1"]),
        ("frame.comment#2 == \"first\"", &[]),
        ("frame.interface_name == \"eth0\"", &["1", "3"]),
        ("frame.interface_name == \"ETH0\"", &[]),
        ("frame.interface_description contains \"provider\" && ip", &["1", "3"]),
        ("!frame.interface_name", &["2", "4"]),
    ] {
        let rows = columns(&path, &["frame.number"], &["-Y", filter]);
        assert_eq!(rows.concat(), numbers, "{filter}");
    }
}

#[test]
fn events_tell_what_the_capture_says_of_itself() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(&folder, "a.pcapng");
    let text = run(&path, &["-T", "json"]);
    let events: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (meta, summary) = (&events[0], events.last().unwrap());
    let told = json!({
        "hardware": "A machine",
        "os": "Linux 6.1",
        "application": "a writer 1.0",
        "comment": ["Ticket 4711", "port 7"],
    });
    assert_eq!(meta["capture"], told);
    assert_eq!(summary["capture"], told);
    let named =
        json!([{"id": 0, "name": "eth0", "description": "to the provider", "link_type": 101}]);
    assert_eq!(meta["interfaces"], named);
    let frames: Vec<_> = (events.iter().filter(|event| event["event_type"] == "packet"))
        .map(|event| &event["frame"])
        .collect();
    assert_eq!(frames[0]["comment"], json!(["first", "a \"second\""]));
    assert_eq!(frames[0]["interface_name"], "eth0");
    assert_eq!(frames[0]["interface_description"], "to the provider");
    let keys: Vec<_> = frames[1].as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        ["cap_len", "interface_id", "len", "protocols", "time_delta", "time_relative"]
    );
    assert_eq!(frames[2]["comment"][0].as_str().unwrap().len(), 60_003);
    // A capture that says nothing has no keys for it.
    let bare = folder.path().join("bare.pcapng");
    let octets = [section(&[]), interface(101, 0, &[]), packet(0, 1, &HEADER, &[])].concat();
    std::fs::write(&bare, octets).unwrap();
    let text = run(&bare, &["-T", "json"]);
    for key in ["\"capture\"", "\"interfaces\":[", "\"comment\"", "interface_name"] {
        assert!(!text.contains(key), "{key} in {text}");
    }
}

#[test]
fn the_tree_has_comments_and_cuts_long_ones() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(&folder, "a.pcapng");
    let text = run(&path, &["-T", "tree"]);
    let lines: Vec<_> = text.lines().filter(|line| line.contains("Comment ")).collect();
    assert_eq!(lines.len(), 4, "{text}");
    assert!(lines[0].contains("first") && lines[1].contains("a \"second\""), "{text}");
    assert!(
        lines[2].ends_with("xxx … 60003 octets frame.comment")
            || lines[2].ends_with("xxx … 60003 octets"),
        "{text}"
    );
    assert!(lines[2].len() < 700, "{text}");
    // Of several interfaces each frame says its own.
    let frames: Vec<_> = text.lines().filter(|line| line.starts_with("Frame ")).collect();
    assert!(frames[0].ends_with(", eth0") && frames[1].ends_with(", #1"), "{text}");
}

#[test]
fn the_summary_begins_with_what_the_capture_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(&folder, "a.pcapng");
    let text = run(&path, &["-T", "summary"]);
    let expected = "\nCapture\n  comment: Ticket 4711\n  comment: port 7\n  hardware: A machine\n  \
                    os: Linux 6.1\n  application: a writer 1.0\n";
    assert!(text.contains(expected), "{text}");
    let interfaces = text.split_once("\nInterfaces").unwrap().1;
    assert!(interfaces.contains("\n  eth0 ") && interfaces.contains("\n  #1 "), "{text}");
    // Comments without number or end are cut and counted.
    let long = "y".repeat(2_000);
    let comments: Vec<u8> =
        (0..50).flat_map(|at| option(1, format!("{at} {long}").as_bytes())).collect();
    let many = folder.path().join("many.pcapng");
    std::fs::write(&many, [section(&comments), interface(101, 0, &[])].concat()).unwrap();
    let text = run(&many, &["-T", "summary"]);
    assert!(text.contains("and 40 more comments"), "{text}");
    assert!(text.contains("… 2002 octets") && text.len() < 8_000, "{text}");
}

#[test]
fn interfaces_of_merged_files_are_called_by_their_files() {
    let folder = tempfile::tempdir().unwrap();
    let head = [0xa1b2_c3d4_u32, 2 | 4 << 16, 0, 0, 65535, 101, 1, 0, 20, 20];
    let pcap = [head.map(u32::to_le_bytes).as_flattened(), &HEADER].concat();
    let (one, other) = (folder.path().join("one.pcap"), folder.path().join("other.pcap"));
    std::fs::write(&one, &pcap).unwrap();
    std::fs::write(&other, &pcap).unwrap();
    let named = written(&folder, "named.pcapng");
    let text = run(&one, &[&*other.to_string_lossy(), &named.to_string_lossy(), "-T", "summary"]);
    let interfaces = text.split_once("\nInterfaces").unwrap().1;
    for name in ["one.pcap", "other.pcap", "eth0 (named.pcapng)", "named.pcapng #1"] {
        assert!(interfaces.contains(&format!("\n  {name} ")), "{name} in {text}");
    }
    assert!(!text.contains("\n  #"), "{text}");
    let text = run(&one, &[&*other.to_string_lossy(), "-T", "json"]);
    let meta: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!(meta["interfaces"][1], json!({"id": 1, "file": "other.pcap", "link_type": 101}));
    // Two of one name are told apart by their folders.
    let below = folder.path().join("below");
    std::fs::create_dir(&below).unwrap();
    std::fs::write(below.join("one.pcap"), &pcap).unwrap();
    let text = run(&one, &[&*below.join("one.pcap").to_string_lossy(), "-T", "json"]);
    let meta: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert!(meta["interfaces"][1]["file"].as_str().unwrap().ends_with("below/one.pcap"), "{meta}");
}

#[test]
fn what_is_written_keeps_comments_and_descriptions() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (written(&folder, "a.pcapng"), folder.path().join("copy.pcapng"));
    let names = ["frame.comment", "frame.interface_name", "frame.interface_description"];
    run(&path, &["-Y", "frame.comment contains first", "-w", &copy.to_string_lossy()]);
    assert_eq!(columns(&copy, &names, &[]), columns(&path, &names, &["-c", "1"]));
    let merged = folder.path().join("merged.pcapng");
    run(&path, &[&*copy.to_string_lossy(), "-w", &merged.to_string_lossy()]);
    let mut both = [columns(&path, &names, &[]), columns(&copy, &names, &[])].concat();
    let mut found = columns(&merged, &names, &[]);
    both.sort();
    found.sort();
    assert_eq!(found, both);
}

#[test]
fn packets_that_are_read_again_have_their_comments() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(&folder, "a.pcapng");
    let zipped = folder.path().join("a.pcapng.zst");
    std::fs::write(&zipped, zstd(&capture())).unwrap();
    for paths in [vec![path.clone()], vec![path.clone(), path], vec![zipped]] {
        let mut source = file::open_all(&paths).unwrap();
        let mut store = Store::of(source.as_ref(), 1 << 20);
        let mut batch = Batch::new();
        while source.fill(&mut batch).unwrap() == Fill::Records {
            store.append(&batch);
        }
        // Each packet of the timeline of two has its double behind it.
        let last = 4 * paths.len() as u64;
        store.frames(last..last + 1, &mut batch).unwrap();
        let frame = batch.frame(0).unwrap();
        assert_eq!(frame.comments().collect::<Vec<_>>(), [b"caf\xe9"], "{paths:?}");
        store.frames(1..2, &mut batch).unwrap();
        let frame = batch.frame(0).unwrap();
        assert_eq!(frame.comments().count(), 2, "{paths:?}");
        assert_eq!(frame.origin().unwrap().description(), Some("to the provider"));
    }
}

/// A zstd frame of blocks that are stored (RFC 8878, section 3.1.1).
fn zstd(octets: &[u8]) -> Vec<u8> {
    // A window of 1 MiB, no content size.
    let mut out = b"\x28\xb5\x2f\xfd\x00\x50".to_vec();
    let blocks: Vec<&[u8]> = octets.chunks(65_536).collect();
    for (at, block) in blocks.iter().enumerate() {
        let head = u32::try_from(block.len()).unwrap() << 3 | u32::from(at + 1 == blocks.len());
        out.extend(&head.to_le_bytes()[..3]);
        out.extend(*block);
    }
    out
}

/// Captures of the reference set that have comments, names or descriptions, in either octet order.
const REFERENCES: &[&str] = &[
    "pcapngtest__output_be-advanced-test100.pcapng",
    "pcapngtest__output_be-basic-test008.pcapng",
    "pcapngtest__output_be-basic-test009.pcapng",
    "pcapngtest__output_le-basic-test004.pcapng",
    "pcapngtest__output_le-basic-test009.pcapng",
    "ndpi__default-knxip.pcapng",
    "ndpi__default-rtp.pcapng",
    "ndpi__default-stun.pcap",
    "tcpdump__dhcp-option-108.pcapng",
    "tcpdump__smb_data_print-oobr.pcapng",
];

#[test]
fn comments_and_names_are_as_tshark_has_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let oracle = root.join("../shared/oracle/captures");
    let bundled = ["transports.pcapng", "faults.pcapng", "ipsec.pcapng"];
    let mut captures: Vec<_> =
        bundled.iter().map(|name| root.join("captures").join(name)).collect();
    if oracle.is_dir() {
        captures.extend(REFERENCES.iter().map(|name| oracle.join(name)));
    } else {
        skip!(part Oracle);
    }
    let names = ["frame.comment", "frame.interface_name", "frame.interface_description"];
    let mut compared = 0;
    for path in captures {
        let mut tshark = Command::new("tshark");
        tshark.arg("-r").arg(&path).args(["-T", "fields"]);
        let Ok(output) = tshark.args(names.iter().flat_map(|name| ["-e", name])).output() else {
            skip!(Tshark);
        };
        let theirs = String::from_utf8(output.stdout).unwrap();
        let ours = columns(&path, &names, &[]);
        for (number, (line, ours)) in theirs.lines().zip(&ours).enumerate() {
            let mut theirs: Vec<_> = line.split('\t').collect();
            // It calls so what has no name.
            for cell in &mut theirs {
                *cell = cell.strip_prefix("unknown").unwrap_or(cell);
            }
            assert_eq!(*ours, theirs, "packet {} of {}", number + 1, path.display());
            compared += 1;
        }
    }
    assert!(compared > 60, "{compared} packets");
}

/// Over a loopback interface a host may talk to itself, and that is known by the name alone: the
/// link type is raw IP, and no MAC address is there.
#[test]
fn an_interface_named_as_the_loopback_is_within_its_host() {
    let mut to_itself = HEADER;
    to_itself[19] = 1;
    let mut from_loopback = HEADER;
    from_loopback[12] = 127;
    let folder = tempfile::tempdir().unwrap();
    let events = |name: &[u8]| {
        let packets = [packet(0, 1, &to_itself, &[]), packet(0, 2, &from_loopback, &[])];
        let bytes = [section(&[]), interface(101, 0, &option(2, name)), packets.concat()].concat();
        let path = folder.path().join("a.pcapng");
        std::fs::write(&path, bytes).unwrap();
        let rows = columns(&path, &["anomaly.event"], &[]).concat();
        [(0, "ipv4.src.eq_dst"), (1, "ipv4.src.loopback")].map(|(at, row)| rows[at].contains(row))
    };
    for (name, is_odd) in [("lo", false), ("lo0", false), ("lowpan0", true), ("eth0", true)] {
        assert_eq!(events(name.as_bytes()), [is_odd, is_odd], "{name}");
    }
}
