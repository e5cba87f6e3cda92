//! Opening, pipes, compression, several files.

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
