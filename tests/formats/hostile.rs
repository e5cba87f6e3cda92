//! Captures made to hurt: limits are kept and seen, and no octet makes a reader panic or hang.

use proptest::prelude::*;

use super::*;

#[test]
fn interfaces_are_bounded() {
    let bytes = [block::section(&[]), block::interface(1, 0, &[]).repeat(70_000)].concat();
    let whole = parse(&bytes).unwrap();
    assert_eq!(whole.interfaces.len(), 65_536);
    assert_eq!(whole.damage.unwrap().reason, "more than 65536 interfaces");
}

#[test]
fn names_and_comments_are_bounded_and_what_is_left_out_is_counted() {
    let name = [&hex("0100 0600 0a000001")[..], b"x\0\0\0"].concat();
    let comment = block::option(1, b"c");
    let long = block::option(1, &vec![b'c'; 60_000]);
    for (bytes, left_out) in [
        (block::any(4, &name.repeat(20_000)), 20_000 - 16_384),
        (block::interface(1, 0, &comment.repeat(2_000)), 2_000 - 1_024),
        // 1 MiB of text; and the block is not copied as it is.
        (block::interface(1, 0, &long.repeat(20)), 20 - 17 + 1),
        (block::packet(0, 1, b"a", &comment.repeat(5_000)), 5_000 - 4_096),
    ] {
        let start = [block::section(&[]), block::interface(1, 0, &[])].concat();
        let end = block::packet(0, 2, b"b", &[]);
        let whole = parse(&[start, bytes, end].concat()).unwrap();
        assert_eq!(whole.damage, None);
        assert_eq!(whole.facts.left_out, left_out);
        assert_eq!(whole.seen.last().unwrap().bytes, b"b");
    }
}

#[test]
fn sections_without_end_are_read_and_forgotten() {
    let bytes = [
        block::section(&[]).repeat(50_000),
        block::interface(1, 0, &[]),
        block::packet(0, 1, b"a", &[]),
    ]
    .concat();
    let whole = parse(&bytes).unwrap();
    assert_eq!((whole.seen.len(), whole.damage), (1, None));
    assert_eq!(whole.interfaces[0].section, 50_000);
}

#[test]
fn a_lying_length_costs_no_memory_on_a_pipe_either() {
    // 16 MiB claimed, 100 octets there: the buffer grows as octets come, not as they are claimed.
    let start = [block::section(&[]), block::interface(1, 0, &[])].concat();
    let bytes = [&start[..], &hex("06000000 00000001"), &[0; 92]].concat();
    let whole = parse(&gzip(&bytes)).unwrap();
    assert_eq!(
        whole.damage.unwrap().reason,
        "block of 16777216 octets ends past the file: 100 left"
    );
}

/// A capture of every kind of block that is read.
fn sample(is_pcapng: bool) -> Vec<u8> {
    if !is_pcapng {
        return pcap(6);
    }
    [
        block::section(&block::option(1, b"all")),
        block::interface(1, 0, &[block::option(2, b"eth0"), block::option(9, &[9])].concat()),
        block::packet(0, 7, b"abc", &block::option(1, b"note")),
        block::any(3, &hex("03000000 aabbcc00")),
        block::any(2, &hex("0000 0300 00000000 05000000 02000000 02000000 aabb0000")),
        block::any(4, &[&hex("0100 0600 0a000001")[..], b"x\0\0\0", &[0; 4]].concat()),
        block::any(5, &[&[0; 12][..], &block::option(5, &9_u64.to_le_bytes())].concat()),
        block::any(0xbad, b"unknown"),
    ]
    .concat()
}

proptest! {
    #[test]
    fn no_flip_makes_a_reader_panic_or_invent_octets(
        is_pcapng: bool,
        is_compressed: bool,
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut bytes = sample(is_pcapng);
        for (at, value) in flips {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        let len = bytes.len();
        let whole = parse(&if is_compressed { gzip(&bytes) } else { bytes });
        if let Ok(whole) = whole {
            let captured: usize = whole.seen.iter().map(|seen| seen.bytes.len()).sum();
            prop_assert!(captured < len);
            prop_assert!(whole.damage.is_none_or(|damage| damage.offset <= len as u64));
        }
    }
}
