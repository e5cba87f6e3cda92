//! Opening, pipes, compression, several files.

use std::collections::VecDeque;

use super::*;

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
        (b"BZh91AY&SY", "bzip2 -dc"),
        (b"\x28\xb5\x2f\xfd\0\0\0\0", "zstd data without a capture header"),
        (b"\xfd7zXZ\0\0\0", "xz data without a capture header"),
        (b"\x04\x22\x4d\x18\x60\x40", "lz4 data without a capture header"),
        (b"ObserverPktBufferVersion=15.00", "Observer"),
        (b"PK\x03\x04\0\0\0\0", "`unzip FILE`"),
        // What editcap writes: no time, type 27 with an extension header, 104 octets of 42.
        (b"\0\0\0\0\0\0\0\0\x9b\x04\0\x68\0\0\0\x42\0\0", "ERF"),
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

/// "ipeek peeks at IP" as each program compresses it, behind a pcap header: `printf … | zstd`.
const COMPRESSED: [(&str, &str); 3] = [
    (
        "zstd",
        "28b52ffd0458bd0100c402d4c3b2a102000400ffff00006500000001000000020000002469706565\
     6b207065656b732061742049502c2003006dce70e7c00be29acb7fa8",
    ),
    (
        "lz4",
        "04224d186440a73b00000084d4c3b2a1020004000100f302ffff0000650000000100000002000000\
     24040060697065656b20050098732061742049502c20130050617420495000000000d0be3157",
    ),
    (
        "xz",
        "fd377a585a000004e6d6b4460200210116000000742fe5a3e0004b002e5d006a30d1c87d8bf8099b\
     ad944b8b19c6f948272cc2c70abe835d870b7089ab10a13f278dd5fedab3cd1d8e11b30000000000\
     8b9ac5fb5683dd8600014a4c1f1f7a551fb6f37d010000000004595a",
    ),
];

#[test]
fn zstd_lz4_and_xz_are_read_by_their_magic_even_in_several_frames() {
    for (name, octets) in COMPRESSED {
        let frame = hex(octets);
        let whole = parse(&frame).unwrap();
        assert_eq!(whole.facts.compression, Some(name));
        assert_eq!((whole.damage, whole.seen.len()), (None, 1), "{name}");
        assert_eq!(whole.seen[0].bytes, b"ipeek peeks at IP, ipeek peeks at IP", "{name}");
        // A second frame is more of the same input: here a file header taken for records.
        let twice = parse(&[frame.clone(), frame.clone()].concat()).unwrap();
        assert!(twice.seen.len() > 1, "{name}: the second frame was left out");
        for cut in 0..frame.len() {
            if let Ok(cut) = parse(&frame[..cut]) {
                assert!(cut.damage.is_some() || cut.seen.len() <= 1, "{name}");
            }
        }
    }
}

/// The .xz file format, sections 2.1.1, 3.1 and 5.3.1: a dictionary of 4 GiB less an octet.
#[test]
fn xz_that_asks_for_more_memory_than_is_given_is_refused() {
    let head = hex("fd377a585a000004e6d6b446 02 00 21 01 28 000000 e6a011b3");
    let error = refusal(&[head, vec![0x55; 100]].concat());
    assert!(error.contains("xz data without a capture header"), "{error}");
    assert!(error.contains("too much memory"), "{error}");
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
                assert_eq!(damage, []);
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

#[test]
fn a_file_that_shrinks_meanwhile_says_so() {
    let record =
        [&[0; 8][..], &1000_u32.to_le_bytes(), &1000_u32.to_le_bytes(), &[0; 1000]].concat();
    let head = hex("d4c3b2a1 0200 0400 00000000 00000000 ffff0000 01000000");
    let bytes = [head, record.repeat(4000)].concat();
    let file = written(&bytes);
    let mut source = open(file.path(), 0).unwrap();
    let mut batch = Batch::new();
    assert_eq!(source.fill(&mut batch).unwrap(), Fill::Records);
    let left = batch.records.len() as u64 * 1016 + 24 + 500;
    file.as_file().set_len(left).unwrap();
    let damage = loop {
        match source.fill(&mut batch).unwrap() {
            Fill::End(damage) => break damage.into_iter().next().unwrap(),
            Fill::Records | Fill::Quiet => {}
        }
    };
    let expected = format!("the file shrank from {} to {left} octets meanwhile", bytes.len());
    assert_eq!((damage.reason, damage.offset), (expected, left - 500));
}

/// Two hundred files, records of which lie between those of others: by time, then by file.
#[test]
fn many_files_are_one_timeline() {
    let folder = tempfile::tempdir().unwrap();
    let (mut paths, mut expected) = (Vec::new(), Vec::new());
    for file in 0..200_u32 {
        let mut bytes = hex("d4c3b2a1 0200 0400 00000000 00000000 ffff0000 65000000");
        let mut time = file % 7;
        for number in 0..file % 40 {
            // Some go back in time, and stay in their file's order.
            time = if number == 20 { time - 3 } else { time + (file + number) % 3 };
            let words = [time, 0, 8, 8, file, number];
            bytes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
            expected.push((time, file, number));
        }
        paths.push(folder.path().join(format!("{file}.pcap")));
        std::fs::write(paths.last().unwrap(), bytes).unwrap();
    }
    // The merge as it is defined: always the earliest head, of the first file among equals.
    let mut queues = vec![VecDeque::new(); 200];
    for row in expected {
        queues[row.1 as usize].push_back(row);
    }
    let seen = read(&paths).unwrap().seen;
    let word = |bytes: &[u8], at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    for seen in &seen {
        let first = queues.iter().filter_map(VecDeque::front).map(|row| (row.0, row.1)).min();
        let row = queues[first.unwrap().1 as usize].pop_front().unwrap();
        assert_eq!((word(&seen.bytes, 0), word(&seen.bytes, 4)), (row.1, row.2));
        assert_eq!(seen.interface, row.1);
    }
    assert!(queues.iter().all(VecDeque::is_empty) && seen.len() > 3000, "{}", seen.len());
}

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
