//! Packets found again by number.

use ipeek::store::Store;

use super::*;

/// Reads a capture to its end and gives its store and what the first pass saw.
fn stored(paths: &[PathBuf], ring_octets: usize) -> (Store, Vec<Seen>) {
    let mut source = open_all(paths).unwrap();
    let mut store = Store::of(source.as_ref(), ring_octets);
    let (mut batch, mut seen) = (Batch::new(), Vec::new());
    while source.fill(&mut batch).unwrap() == Fill::Records {
        store.append(&batch);
        seen.extend(all(&batch));
    }
    (store, seen)
}

fn found(store: &Store, numbers: std::ops::Range<u64>) -> (u64, Vec<Seen>) {
    let mut batch = Batch::new();
    store.frames(numbers, &mut batch).unwrap();
    (batch.first, all(&batch))
}

/// Finds runs of packets all over the capture and compares them with the first pass.
fn same_again(store: &Store, seen: &[Seen]) {
    let count = seen.len() as u64;
    assert_eq!((store.oldest(), store.newest()), (Some(1), Some(count)));
    for from in (1..=count).step_by(17) {
        for len in [1, 50, 130] {
            let (first, again) = found(store, from..from + len);
            let at = usize::try_from(from).unwrap() - 1;
            let to = seen.len().min(at + usize::try_from(len).unwrap());
            assert_eq!(first, from);
            assert_eq!(again, seen[at..to]);
        }
    }
    assert_eq!(found(store, 0..3).1, seen[..2]);
    assert_eq!(found(store, count + 1..count + 9).1, []);
}

/// Sections of both kinds, with and without packets, interfaces that come late, comments.
fn sections() -> Vec<u8> {
    let mut bytes = Vec::new();
    for section in 0..40_u64 {
        bytes.extend(block::section(&[]));
        if section % 3 == 1 {
            continue;
        }
        bytes.extend(block::interface(1, 0, &[]));
        for number in 0..section * 3 {
            if number == 20 {
                bytes.extend(block::interface(101, 0, &block::option(9, &[9])));
            }
            let interface = u32::from(number >= 20 && number % 2 == 0);
            let text = format!("{section}.{number}");
            let comment =
                if number % 5 == 0 { block::option(1, text.as_bytes()) } else { Vec::new() };
            bytes.extend(block::packet(interface, number, text.as_bytes(), &comment));
            if number % 7 == 0 {
                bytes.extend(block::any(0xbad, &[0; 300]));
            }
        }
    }
    bytes
}

#[test]
fn every_packet_is_found_again() {
    for (bytes, ring) in [
        (pcap(3_000), 0),
        (sections(), 0),
        (gzip(&pcap(3_000)), 64 << 20),
        (gzip(&sections()), 64 << 20),
    ] {
        let file = written(&bytes);
        let (store, seen) = stored(&[file.path().to_owned()], ring);
        same_again(&store, &seen);
    }
}

#[test]
fn packets_of_a_timeline_are_found_again() {
    let files = [written(&pcap(1_000)), written(&sections()), written(&pcap(700))];
    let paths: Vec<_> = files.iter().map(|file| file.path().to_owned()).collect();
    let (store, seen) = stored(&paths, 0);
    same_again(&store, &seen);
    // One that cannot be read twice: all of it goes to the ring.
    let compressed = written(&gzip(&pcap(50)));
    let (store, seen) = stored(&[paths[0].clone(), compressed.path().to_owned()], 64 << 20);
    same_again(&store, &seen);
}

#[test]
fn a_ring_keeps_the_newest() {
    let file = written(&gzip(&pcap(9_000))); // 6 MiB and more
    let (store, seen) = stored(&[file.path().to_owned()], 3 << 20);
    let oldest = store.oldest().unwrap();
    assert!(oldest > 1000 && oldest < 8000, "{oldest}");
    let (first, again) = found(&store, 1..u64::MAX);
    assert_eq!(first, oldest);
    assert!(again == seen[usize::try_from(oldest).unwrap() - 1..]);
}

#[test]
fn a_file_that_was_cut_since_gives_what_is_left() {
    let file = written(&pcap(3_000));
    let (store, seen) = stored(&[file.path().to_owned()], 0);
    file.as_file().set_len(100_000).unwrap();
    assert_eq!(found(&store, 1..5).1, seen[..4]);
    assert_eq!(found(&store, 2_900..2_910).1, []);
}
