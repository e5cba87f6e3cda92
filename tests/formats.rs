//! Capture files: every format, octet order and cut, from literal bytes and from real captures.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::Write;
use std::path::{Path, PathBuf};

use ipeek::capture::file::{open, open_all};
use ipeek::capture::{Batch, CaptureError, Damage, Facts, Fill, Interface};

/// One record as a reader gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    time: Option<i64>,
    interface: u32,
    link: u16,
    original: u32,
    bytes: Vec<u8>,
    comments: Vec<String>,
}

/// Everything a capture gave.
struct Whole {
    seen: Vec<Seen>,
    damage: Option<Damage>,
    facts: Facts,
    interfaces: Vec<Interface>,
}

fn read(paths: &[PathBuf]) -> Result<Whole, CaptureError> {
    let mut source = open_all(paths)?;
    let mut batch = Batch::new();
    let mut seen = Vec::new();
    loop {
        match source.fill(&mut batch)? {
            Fill::Records => {
                assert!(!batch.records.is_empty());
                assert_eq!(batch.first, seen.len() as u64 + 1);
                for (index, frame) in batch.frames().enumerate() {
                    let text = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
                    seen.push(Seen {
                        time: frame.time.map(|time| time.0),
                        interface: frame.interface,
                        link: frame.link.0,
                        original: frame.original,
                        bytes: frame.bytes.to_vec(),
                        comments: batch.comments_on(index).map(text).collect(),
                    });
                }
            }
            Fill::Quiet => {}
            Fill::End(damage) => {
                assert!(batch.records.is_empty());
                return Ok(Whole {
                    seen,
                    damage,
                    facts: (*batch.facts).clone(),
                    interfaces: batch.interfaces.to_vec(),
                });
            }
        }
    }
}

/// What reading a file with these octets gives.
fn parse(bytes: &[u8]) -> Result<Whole, CaptureError> {
    let file = written(bytes);
    read(&[file.path().to_owned()])
}

fn written(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

/// Octets written as hexadecimal digits with any spaces between.
fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(pair).collect()
}

fn times(whole: &Whole) -> Vec<Option<i64>> {
    whole.seen.iter().map(|seen| seen.time).collect()
}

// ---- pcap ---------------------------------------------------------------------------------

#[test]
fn every_pcap_magic_is_read() {
    // magic, version 2.4, zone, accuracy, snaplen 65535, network 101; seconds 1, fraction 2,
    // captured 3, original 4.
    let big = "0002 0004 00000000 00000000 0000ffff 00000065 00000001 00000002 00000003 00000004";
    let little =
        "0200 0400 00000000 00000000 ffff0000 65000000 01000000 02000000 03000000 04000000";
    let more = "00000001 0002 03 00"; // the modified format's interface, protocol, packet type
    for (magic, rest, more, nanos) in [
        ("a1b2c3d4", big, "", 1_000_002_000),
        ("d4c3b2a1", little, "", 1_000_002_000),
        ("a1b23c4d", big, "", 1_000_000_002),
        ("4d3cb2a1", little, "", 1_000_000_002),
        ("a1b2cd34", big, more, 1_000_002_000),
        ("34cdb2a1", little, more, 1_000_002_000),
    ] {
        let whole = parse(&hex(&format!("{magic} {rest} {more} aabbcc"))).unwrap();
        let expected = Seen {
            time: Some(nanos),
            interface: 0,
            link: 101,
            original: 4,
            bytes: vec![0xaa, 0xbb, 0xcc],
            comments: Vec::new(),
        };
        assert_eq!(whole.seen, [expected], "{magic}");
        assert_eq!(whole.damage, None, "{magic}");
        assert_eq!(whole.interfaces[0].snaplen, 65535);
        assert_eq!(whole.facts.format, "pcap");
    }
}

#[test]
fn upper_half_of_the_link_type_is_no_part_of_it() {
    // 0x3 in the top nibble: an FCS of 2 × 16 bits; libpcap's LT_LINKTYPE masks it.
    let whole = parse(&hex("d4c3b2a1 0200 0400 00000000 00000000 ffff0000 01000030
         01000000 00000000 01000000 01000000 aa"));
    assert_eq!(whole.unwrap().seen[0].link, 1);
}

#[test]
fn old_versions_have_the_lengths_the_other_way_round() {
    for (version, first, second, captured, original) in [
        ("0200 0200", 5, 2, 2, 5), // before 2.3: original first
        ("0200 0300", 5, 2, 2, 5), // 2.3 was written both ways: the smaller is what was captured
        ("0200 0300", 2, 5, 2, 5),
        ("0200 0400", 2, 5, 2, 5),
        ("1f02 0000", 5, 2, 2, 5), // version 543 of DG/UX
    ] {
        let text = format!(
            "d4c3b2a1 {version} 00000000 00000000 ffff0000 01000000
             01000000 00000000 {first:02x}000000 {second:02x}000000 aabb"
        );
        let whole = parse(&hex(&text)).unwrap();
        assert_eq!((whole.seen[0].bytes.len(), whole.seen[0].original), (captured, original));
        assert_eq!(whole.damage, None);
    }
}

#[test]
fn a_captured_length_beyond_any_is_damage_with_its_place() {
    let whole = parse(&hex("d4c3b2a1 0200 0400 00000000 00000000 ffff0000 01000000
         01000000 00000000 01000000 01000000 aa
         01000000 00000000 ffffff7f 01000000 aa"))
    .unwrap();
    assert_eq!(whole.seen.len(), 1);
    let damage = whole.damage.unwrap();
    assert_eq!((damage.offset, damage.record), (41, 2));
    assert_eq!(damage.reason, "record of 2147483647 octets is larger than the limit of 266240");
}

#[test]
fn a_cut_record_is_damage_that_says_what_is_left() {
    let whole = parse(&hex("d4c3b2a1 0200 0400 00000000 00000000 ffff0000 01000000
         01000000 00000000 50000000 50000000 aabbccdd"))
    .unwrap();
    let damage = whole.damage.unwrap();
    assert_eq!((damage.offset, damage.record), (24, 1));
    assert_eq!(damage.reason, "record of 96 octets ends past the file: 20 left");
}

// ---- pcapng -------------------------------------------------------------------------------

/// Blocks in little-endian order.
mod block {
    pub(super) fn any(code: u32, body: &[u8]) -> Vec<u8> {
        let mut body = body.to_vec();
        body.resize(body.len().next_multiple_of(4), 0);
        let total = u32::try_from(body.len() + 12).unwrap().to_le_bytes();
        [&code.to_le_bytes(), &total[..], &body, &total].concat()
    }

    pub(super) fn section(options: &[u8]) -> Vec<u8> {
        let head = b"\x4d\x3c\x2b\x1a\x01\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff";
        any(0x0a0d_0d0a, &[head, options].concat())
    }

    pub(super) fn interface(link: u16, snaplen: u32, options: &[u8]) -> Vec<u8> {
        let link = link.to_le_bytes();
        any(1, &[&link[..], &[0, 0], &snaplen.to_le_bytes(), options].concat())
    }

    pub(super) fn option(code: u16, value: &[u8]) -> Vec<u8> {
        let len = u16::try_from(value.len()).unwrap().to_le_bytes();
        let mut option = [&code.to_le_bytes(), &len[..], value].concat();
        option.resize(option.len().next_multiple_of(4), 0);
        option
    }

    pub(super) fn packet(interface: u32, ticks: u64, bytes: &[u8], options: &[u8]) -> Vec<u8> {
        let high = u32::try_from(ticks >> 32).unwrap();
        let low = u32::try_from(ticks & 0xffff_ffff).unwrap();
        let len = u32::try_from(bytes.len()).unwrap();
        let mut body: Vec<u8> =
            [interface, high, low, len, len].iter().flat_map(|n| n.to_le_bytes()).collect();
        body.extend(bytes);
        body.resize(body.len().next_multiple_of(4), 0);
        body.extend(options);
        any(6, &body)
    }
}

#[test]
fn sections_may_differ_in_octet_order() {
    let whole = parse(&hex("0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000
         01000000 14000000 0100 0000 ffff0000 14000000
         06000000 24000000 00000000 00000000 02000000 02000000 09000000 aabb0000 24000000
         0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c
         00000001 00000014 0065 0000 00000080 00000014
         00000006 00000024 00000000 00000000 00000003 00000001 00000007 cc000000 00000024"))
    .unwrap();
    assert_eq!(whole.damage, None);
    assert_eq!(
        whole
            .seen
            .iter()
            .map(|s| (s.time, s.interface, s.link, s.original, &s.bytes[..]))
            .collect::<Vec<_>>(),
        [(Some(2_000), 0, 1, 9, &[0xaa, 0xbb][..]), (Some(3_000), 1, 101, 7, &[0xcc][..]),]
    );
    let of = |i: &Interface| (i.section, i.id, i.snaplen);
    assert_eq!(whole.interfaces.iter().map(of).collect::<Vec<_>>(), [(1, 0, 65535), (2, 0, 128)]);
}

#[test]
fn each_interface_has_its_own_clock_link_and_name() {
    let bytes = [
        block::section(&[]),
        block::interface(1, 0, &block::option(2, b"eth0")),
        block::interface(101, 96, &[block::option(9, &[9]), block::option(2, b"tun0")].concat()),
        block::interface(113, 0, &block::option(9, &[0x8a])),
        block::interface(1, 0, &block::option(14, &(-5_i64).to_le_bytes())),
        block::packet(1, 7, b"b", &[]),
        block::packet(0, 7, b"a", &[]),
        block::packet(2, 512, b"c", &[]),
        block::packet(3, 1_000_000, b"d", &[]),
        block::packet(0, u64::MAX, b"e", &[]),
    ]
    .concat();
    let whole = parse(&bytes).unwrap();
    assert_eq!(whole.damage, None);
    assert_eq!(
        times(&whole),
        [Some(7), Some(7_000), Some(500_000_000), Some(-4_000_000_000), None]
    );
    let links: Vec<_> = whole.seen.iter().map(|seen| seen.link).collect();
    assert_eq!(links, [101, 1, 113, 1, 1]);
    let names: Vec<_> = whole.interfaces.iter().map(|i| i.name.as_deref()).collect();
    assert_eq!(names, [Some("eth0"), Some("tun0"), None, None]);
}

#[test]
fn simple_and_old_packet_blocks_are_packets() {
    let old = hex("0000 0300 00000000 05000000 02000000 02000000 aabb0000");
    let bytes = [
        block::section(&[]),
        block::interface(1, 3, &[]),
        block::any(3, &hex("05000000 aabbcc00")), // 5 on the wire, snaplen 3
        block::any(2, &old),
    ]
    .concat();
    let whole = parse(&bytes).unwrap();
    assert_eq!(whole.damage, None);
    assert_eq!(times(&whole), [None, Some(5_000)]);
    assert_eq!(whole.seen[0].bytes, [0xaa, 0xbb, 0xcc]);
    assert_eq!(whole.seen[0].original, 5);
    assert_eq!(whole.seen[1].bytes, [0xaa, 0xbb]);
}

#[test]
fn comments_names_and_counters_are_kept() {
    let names = [
        &hex("0100 1000 0a000001")[..], // IPv4, 16 octets: the address and two names
        b"one.a\0two.b\0",
        &hex("0200 1200 20010db8000000000000000000000001"),
        b"x\0\0\0", // with padding
        &hex("0000 0000"),
    ]
    .concat();
    let mut counters = hex("00000000 00000000 00000000");
    counters.extend(block::option(4, &700_u64.to_le_bytes()));
    counters.extend(block::option(5, &3_u64.to_le_bytes()));
    let bytes = [
        block::section(&[block::option(1, b"whole"), block::option(4, b"writer 1")].concat()),
        block::interface(1, 0, &block::option(1, b"face")),
        block::packet(
            0,
            1,
            b"abc",
            &[block::option(1, b"first"), block::option(1, b"second")].concat(),
        ),
        block::packet(0, 1, b"abcd", &[]),
        block::packet(0, 1, b"", &block::option(1, b"third")),
        block::any(4, &names),
        block::any(5, &counters),
    ]
    .concat();
    let whole = parse(&bytes).unwrap();
    assert_eq!(whole.damage, None);
    assert_eq!(whole.facts.comments, ["whole", "face"]);
    assert_eq!(whole.facts.application.as_deref(), Some("writer 1"));
    let comments: Vec<_> = whole.seen.iter().map(|seen| seen.comments.join("+")).collect();
    assert_eq!(comments, ["first+second", "", "third"]);
    let shown: Vec<_> = whole.facts.names.iter().map(|(a, n)| format!("{a} {n}")).collect();
    assert_eq!(shown, ["10.0.0.1 one.a", "10.0.0.1 two.b", "2001:db8::1 x"]);
    let counted = whole.facts.counted[&0];
    assert_eq!((counted.received, counted.dropped), (Some(700), Some(3)));
}

#[test]
fn blocks_of_no_interest_are_passed_over_whatever_their_size() {
    let big = vec![0x5a; 5 << 20];
    let bytes = [
        block::section(&[]),
        block::any(0x0000_0bad, b"custom"),
        block::interface(1, 0, &[]),
        block::any(0x0000_000a, &big),
        block::packet(0, 1, b"a", &[]),
        block::any(0x4000_0bad, &big),
        block::packet(0, 2, b"b", &[]),
    ]
    .concat();
    let whole = parse(&bytes).unwrap();
    assert_eq!(whole.damage, None);
    assert_eq!(times(&whole), [Some(1_000), Some(2_000)]);
    let cut = parse(&bytes[..bytes.len() - (4 << 20)]).unwrap();
    assert_eq!(times(&cut), [Some(1_000)]);
    assert_eq!(cut.damage.unwrap().record, 2);
}

#[test]
fn blocks_that_lie_are_damage() {
    let start = [block::section(&[]), block::interface(1, 0, &[])].concat();
    let at = start.len() as u64;
    let mut wrong_end = block::packet(0, 1, b"a", &[]);
    let last = wrong_end.len() - 4;
    wrong_end[last] = 0;
    for (block, reason) in [
        (block::packet(7, 1, b"a", &[]), "packet of interface 7, of 1 in its section"),
        (hex("06000000 0b000000 00000000"), "block of 11 octets has 0 as the length at its end"),
        (hex("06000000 fcffffff 00000000 00000000"), "block of 4294967292 octets is larger"),
        (hex("06000000 00000000 00000000 00000000"), "block of 0 octets, less than 12"),
        (wrong_end, "block of 36 octets has 0 as the length at its end"),
        (
            hex("06000000 24000000 00000000 00000000 02000000 05000000 09000000 aabb0000 24000000"),
            "packet of 5 octets in a block that has 4 left",
        ),
    ] {
        let whole = parse(&[&start[..], &block].concat()).unwrap();
        let damage = whole.damage.unwrap();
        assert_eq!((damage.offset, damage.record), (at, 1), "{reason}");
        assert!(damage.reason.starts_with(reason), "{} / {reason}", damage.reason);
    }
}

// ---- opening ------------------------------------------------------------------------------

fn refusal(bytes: &[u8]) -> String {
    match parse(bytes) {
        Err(error @ CaptureError::NotACapture { .. }) => error.to_string(),
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("opened"),
    }
}

#[test]
fn what_is_no_capture_is_named_with_what_to_do() {
    for (start, word) in [
        (&b""[..], "empty"),
        (b"\xd4\xc3\xb2", "too short"),
        (b"\xd4\xc3\xb2\xa1\x02\0\x04\0", "less than the 24 of a pcap file header"),
        (b"\x0a\x0d\x0d\x0a\x1c\0\0\0", "less than the 28 of a pcapng file header"),
        (b"snoop\0\0\0\0\0\0\x02", "snoop capture"),
        (b"GMBU\0\x02", "Network Monitor"),
        (b"\x28\xb5\x2f\xfd\0\0\0\0", "zstd -dc"),
        (b"\xfd7zXZ\0\0\0", "xz -dc"),
        (b"GIF89a.....", "begins with 0x47494638"),
        (b"\x1f\x8b\x08\0", "gzip data without a capture header"),
    ] {
        let error = refusal(start);
        assert!(error.contains(word), "{error} / {word}");
    }
}

#[test]
fn directories_and_endless_devices_are_refused() {
    assert!(matches!(open(Path::new("/"), 0), Err(CaptureError::NotACapture { .. })));
    let zeros = read(&[PathBuf::from("/dev/zero")]);
    assert!(matches!(zeros, Err(CaptureError::NotACapture { .. })));
    let missing = read(&[PathBuf::from("/nonexistent/x.pcap")]);
    assert!(matches!(missing, Err(CaptureError::File { .. })));
}

#[test]
fn a_header_without_records_is_a_normal_end() {
    let whole = parse(&hex("d4c3b2a1 0200 0400 00000000 00000000 ffff0000 01000000")).unwrap();
    assert_eq!((whole.seen.len(), whole.damage), (0, None));
    let whole = parse(&block::section(&[])).unwrap();
    assert_eq!((whole.seen.len(), whole.damage), (0, None));
}

// ---- streams ------------------------------------------------------------------------------

/// A pcap with `count` records of growing length.
fn pcap(count: u32) -> Vec<u8> {
    let mut bytes = hex("d4c3b2a1 0200 0400 00000000 00000000 00000400 65000000");
    for number in 0..count {
        let len = number % 1500;
        for field in [number, number, len, len + 1] {
            bytes.extend(field.to_le_bytes());
        }
        bytes.extend((0..len).map(|at| (at ^ number).to_le_bytes()[0]));
    }
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn gzip_is_read_by_its_magic_even_in_several_members() {
    let bytes = pcap(5_000);
    let plain = parse(&bytes).unwrap();
    let (front, back) = bytes.split_at(bytes.len() / 2);
    for compressed in [gzip(&bytes), [gzip(front), gzip(back)].concat()] {
        let whole = parse(&compressed).unwrap();
        assert_eq!(whole.damage, None);
        assert!(whole.seen == plain.seen);
        assert_eq!(whole.facts.compression, Some("gzip"));
    }
}

#[test]
fn cut_gzip_gives_what_it_holds() {
    let compressed = gzip(&pcap(5_000));
    let whole = parse(&compressed[..compressed.len() / 2]).unwrap();
    assert!(whole.seen.len() > 1_000);
    assert_eq!(whole.damage.unwrap().reason, "compressed data ends early");
}

#[test]
fn a_fifo_gives_records_as_they_come() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fifo");
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    let bytes = pcap(400);
    let (to_writer, steps) = std::sync::mpsc::channel();
    let writer = std::thread::spawn({
        let (path, bytes) = (path.clone(), bytes.clone());
        move || {
            let mut fifo = std::fs::OpenOptions::new().write(true).open(path).unwrap();
            let half = bytes.len() / 2;
            fifo.write_all(&bytes[..half]).unwrap();
            steps.recv().unwrap(); // the first half was seen
            fifo.write_all(&bytes[half..]).unwrap();
        }
    });
    let mut source = open(&path, 0).unwrap();
    let (mut batch, mut seen, mut quiet) = (Batch::new(), 0, 0);
    loop {
        match source.fill(&mut batch).unwrap() {
            Fill::Records => seen += batch.records.len(),
            Fill::Quiet => {
                quiet += 1;
                if seen > 200 {
                    let _ = to_writer.send(());
                }
            }
            Fill::End(damage) => {
                assert_eq!(damage, None);
                break;
            }
        }
        assert!(quiet < 100);
    }
    writer.join().unwrap();
    assert_eq!(seen, 400);
    assert!(quiet > 0);
}

#[test]
fn records_larger_than_a_block_are_whole() {
    let large = vec![0x5a; 3 << 20];
    let bytes = [
        block::section(&[]),
        block::interface(1, 0, &[]),
        block::packet(0, 1, b"a", &[]),
        block::packet(0, 2, &large, &block::option(1, b"large")),
        block::packet(0, 3, b"b", &[]),
    ]
    .concat();
    for bytes in [bytes.clone(), gzip(&bytes)] {
        let whole = parse(&bytes).unwrap();
        assert_eq!(whole.damage, None);
        assert_eq!(times(&whole), [Some(1_000), Some(2_000), Some(3_000)]);
        assert!(whole.seen[1].bytes == large);
        assert_eq!(whole.seen[1].comments, ["large"]);
    }
}

// ---- timelines ----------------------------------------------------------------------------

#[test]
fn several_files_are_one_timeline() {
    let packets = |times: &[u64]| {
        let mut bytes = [block::section(&[]), block::interface(1, 0, &[])].concat();
        for time in times {
            bytes.extend(match time {
                0 => block::any(3, &hex("01000000 ff000000")), // no time
                _ => block::packet(0, *time, b"x", &block::option(1, time.to_string().as_bytes())),
            });
        }
        written(&bytes)
    };
    let files = [packets(&[2, 0, 5, 5]), packets(&[1, 5, 3, 9]), written(&pcap(0))];
    let paths: Vec<_> = files.iter().map(|file| file.path().to_owned()).collect();
    let whole = read(&paths).unwrap();
    let order: Vec<_> =
        whole.seen.iter().map(|s| (s.time.map(|t| t / 1000), s.interface)).collect();
    let expected = [
        (Some(1), 1),
        (Some(2), 0),
        (None, 0),
        (Some(5), 0),
        (Some(5), 0),
        (Some(5), 1),
        (Some(3), 1),
        (Some(9), 1),
    ];
    assert_eq!(order, expected);
    assert_eq!(whole.seen[7].comments, ["9"]);
    let inputs: Vec<_> = whole.interfaces.iter().map(|i| (i.input, i.link.0)).collect();
    assert_eq!(inputs.len(), 3);
    assert!(inputs.contains(&(2, 101)));
}

// ---- laws and real captures ---------------------------------------------------------------

fn oracle() -> Option<PathBuf> {
    let folder = std::env::var_os("IPEEK_ORACLE").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/oracle"),
        PathBuf::from,
    );
    folder.join("files.tsv").exists().then_some(folder)
}

/// How a reading ends, as the contract's exit status.
fn status(bytes: &[u8]) -> u8 {
    match parse(bytes) {
        Err(_) => 1,
        Ok(Whole { damage: None, .. }) => 0,
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
    let Some(folder) = oracle() else { return };
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

/// Captures with more than a second of microseconds or nanoseconds: tshark 4.0.17 multiplies them in
/// 32 bits, so that its times there are no times.
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

/// The same of a row of the oracle.
fn as_expected(line: &str) -> String {
    let columns: Vec<&str> = line.split('\t').collect();
    let (mut captured, mut original) = (columns[2], columns[3]);
    let notes = columns[13].split(' ').find_map(|note| note.strip_prefix("rec="));
    if let Some((c, o)) = notes.and_then(|lengths| lengths.split_once('/')) {
        (captured, original) = (c, o);
    }
    format!("{} {captured} {original} {}", columns[1], columns[4])
}
