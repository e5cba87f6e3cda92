//! Laws over cuts, and real captures against what tshark says of them.

use super::*;
use crate::packets::oracle;
use crate::skip::skip;

/// How a reading ends, as the contract's exit status.
fn status(bytes: &[u8]) -> u8 {
    match parse(bytes) {
        Err(_) => 1,
        Ok(Datagram { damage: None, .. }) => 0,
        Ok(_) => 3,
    }
}

/// What the contract asks of a capture that is cut here: no file header, on a boundary, or inside.
fn status_of_cut(bytes: &[u8]) -> u8 {
    let four = |at: usize, big: bool| {
        let octets: [u8; 4] = bytes[at..at + 4].try_into().unwrap();
        if big { u32::from_be_bytes(octets) as usize } else { u32::from_le_bytes(octets) as usize }
    };
    let is_pcapng = bytes.starts_with(b"\x0a\x0d\x0d\x0a");
    let (header, front) = if is_pcapng { (28, 12) } else { (24, 16) };
    if bytes.len() < header {
        return 1;
    }
    let mut big = bytes[0] == 0xa1;
    let mut at = if is_pcapng { 0 } else { 24 };
    while at < bytes.len() {
        if at + front > bytes.len() {
            return 3;
        }
        if is_pcapng && bytes[at..].starts_with(b"\x0a\x0d\x0d\x0a") {
            big = bytes[at + 8] == 0x1a;
        }
        at +=
            if is_pcapng { four(at + 4, big).next_multiple_of(4) } else { 16 + four(at + 8, big) };
        if at > bytes.len() {
            return 3;
        }
    }
    0
}

#[test]
fn a_capture_cut_anywhere_ends_as_the_contract_says() {
    let long = [
        block::section(&block::option(1, b"a comment")),
        block::interface(1, 0, &block::option(9, &[9])),
        block::packet(0, 1, b"abc", &block::option(1, b"comment")),
        block::any(0xbad, b"unknown block"),
        block::any(3, &hex("03000000 aabbcc00")),
        block::section(&[]),
    ];
    let mut captures = vec![long.concat(), pcap(7)];
    if let Some(folder) = oracle() {
        let mut files: Vec<_> = std::fs::read_dir(folder.join("captures"))
            .unwrap()
            .map(|entry| entry.unwrap())
            .filter(|entry| entry.metadata().unwrap().len() < 700)
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|e| e != "gz"))
            .collect();
        files.sort();
        let whole = files.iter().map(|path| std::fs::read(path).unwrap());
        captures.extend(whole.filter(|bytes| status(bytes) == 0).step_by(4));
    } else {
        skip!(part Oracle, "only captures made here are cut");
    }
    for capture in captures {
        for cut in 0..=capture.len() {
            let bytes = &capture[..cut];
            assert_eq!(status(bytes), status_of_cut(bytes), "{cut} of {}", capture.len());
        }
    }
}

#[test]
fn every_record_is_as_tshark_has_it() {
    let Some(folder) = oracle() else { skip!(Oracle) };
    let table = std::fs::read_to_string(folder.join("files.tsv")).unwrap();
    let mut lines = table.lines();
    let names: Vec<&str> = lines.next().unwrap().trim_start_matches('#').split('\t').collect();
    let column = |name| names.iter().position(|n| *n == name).unwrap();
    let (file, rc) = (column("file"), column("tshark_rc"));
    let mut checked = 0;
    for row in lines.map(|line| line.split('\t').collect::<Vec<_>>()) {
        if row[rc] != "0" {
            continue;
        }
        let whole = read(&[folder.join("captures").join(row[file])]).unwrap();
        let seen: Vec<String> = whole.seen.iter().map(described).collect();
        let text = std::fs::read_to_string(folder.join(format!("expected/{}.tsv", row[file])));
        let expected: Vec<String> = text
            .unwrap()
            .lines()
            .skip(1)
            .filter(|line| !line.contains("not-a-packet"))
            .map(as_expected)
            .collect();
        assert_eq!(seen.len(), expected.len(), "{}", row[file]);
        for (number, (ours, theirs)) in seen.iter().zip(&expected).enumerate() {
            let (mut ours, mut theirs) = (ours.as_str(), theirs.as_str());
            if FRACTIONS_BEYOND_A_SECOND.contains(&row[file]) {
                // Only lengths and link type, where tshark's time is the overflow's.
                (ours, theirs) = (after_time(ours), after_time(theirs));
            }
            assert_eq!(ours, theirs, "{} record {}", row[file], number + 1);
        }
        assert_eq!(whole.damage, None, "{}", row[file]);
        checked += seen.len();
    }
    assert!(checked > 10_000, "{checked}");
}

/// Captures with more than a second of microseconds or nanoseconds: tshark 4.0.17 multiplies them
/// in 32 bits, so that its times there are no times.
const FRACTIONS_BEYOND_A_SECOND: [&str; 5] = [
    "ndpi__default-fuzz-2021-06-07-c6c72a0a56.pcap",
    "tcpdump__atm-oam-loopback-print-overrun.pcap",
    "tcpdump__rx_serviceid_oobr.pcap",
    "tcpdump__timestamp_invalid_micro.pcap",
    "tcpdump__timestamp_invalid_nano.pcap",
];

fn after_time(described: &str) -> &str {
    described.split_once(' ').unwrap().1
}

/// `time captured original link` of a record; lengths up to 2³¹ - 1, as tshark has them.
fn described(seen: &Seen) -> String {
    let time = seen.time.map_or("-".into(), |time| {
        format!("{}.{:09}", time.div_euclid(1_000_000_000), time.rem_euclid(1_000_000_000))
    });
    let original = seen.original.min(i32::MAX.unsigned_abs());
    format!("{time} {} {original} {}", seen.bytes.len(), seen.link)
}

/// `time captured original link` of a row of the oracle.
fn as_expected(line: &str) -> String {
    let columns: Vec<&str> = line.split('\t').collect();
    let (mut captured, mut original) = (columns[2], columns[3]);
    let notes = columns[13].split(' ').find_map(|note| note.strip_prefix("rec="));
    if let Some((c, o)) = notes.and_then(|lengths| lengths.split_once('/')) {
        (captured, original) = (c, o);
    }
    format!("{} {captured} {original} {}", columns[1], columns[4])
}
