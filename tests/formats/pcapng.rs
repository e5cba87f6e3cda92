//! pcapng from literal octets.

use super::*;

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
    let names: Vec<_> = whole.interfaces.iter().map(|i| i.name()).collect();
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
