//! Classic pcap from literal octets.

use super::*;

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

/// As Wireshark reads it: version 2.2, link types from IANA's ifType registry, the original length
/// first, and nanoseconds under the magic number of microseconds.
#[test]
fn aix_writes_numbers_of_interface_types_and_nanoseconds() {
    for (number, link) in [(6, 1), (9, 6), (15, 10), (24, 0)] {
        let file = |minor: u32| {
            hex(&format!(
                "a1b2c3d4 0002 {minor:04x} 00000000 00000000 0000ffff {number:08x}
                 3b9aca00 075bcd15 00000004 00000002 aabb"
            ))
        };
        let seen = &parse(&file(2)).unwrap().seen[0];
        assert_eq!((seen.link, seen.time), (link, Some(1_000_000_000_123_456_789)), "{number}");
        assert_eq!((seen.original, seen.bytes.len()), (4, 2));
        // Of another version the number is what it is.
        assert_eq!(
            parse(&hex(&format!(
                "a1b2c3d4 0002 0004 00000000 00000000 0000ffff {number:08x}
             3b9aca00 00000001 00000002 00000004 aabb"
            )))
            .unwrap()
            .seen[0]
                .link,
            number
        );
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

#[test]
fn longer_record_headers_under_a_usual_magic_are_found_out() {
    // What editcap writes as nokiapcap, rh6_1pcap and suse6_3pcap: 4, 8 and 12 octets more.
    for (magic, extra) in [("d4c3b2a1", 4), ("d4c3b2a1", 8), ("34cdb2a1", 12)] {
        let mut bytes = hex(&format!("{magic} 0200 0400 00000000 00000000 ffff0000 01000000"));
        for number in 1..=3_u8 {
            bytes.extend(hex("617c036b e93c0700 2a000000 2a000000"));
            bytes.extend(vec![0; extra]);
            bytes.extend([number; 42]);
        }
        let whole = parse(&bytes).unwrap();
        let firsts: Vec<_> =
            whole.seen.iter().map(|seen| (seen.bytes.len(), seen.bytes[0])).collect();
        assert_eq!(firsts, [(42, 1), (42, 2), (42, 3)], "{extra} more under {magic}");
        assert_eq!(whole.damage, None);
    }
}

#[test]
fn a_damaged_second_record_is_damage_not_a_longer_header() {
    let whole = parse(&hex("d4c3b2a1 0200 0400 00000000 00000000 ffff0000 01000000
         01000000 00000000 02000000 02000000 aabb
         01000000 ffffffff ffffff7f 01000000 aa"))
    .unwrap();
    assert_eq!((whole.seen.len(), whole.seen[0].bytes.len()), (1, 2));
    assert!(whole.damage.is_some());
}
