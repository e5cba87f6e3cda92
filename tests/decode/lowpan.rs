//! IEEE 802.15.4 and IPv6 over it (RFC 4944, RFC 6282).

use ipeek::decode::Reason;
use ipeek::wire::Layer;

use crate::packets::decode;

/// What the sender of RPL's first message has: extended source, short destination, one network.
const HEAD: &str = "41d8 3e cdab ffff 0504030000741200";
const V6: &str = "60000000 0008 11 40
    20010db8000000000000000000000001 20010db8000000000000000000000002 1234003500080000";

/// Contiki's solicitation of RPL: hop limit 64, source of the hardware address, group `ff02::1a`.
#[test]
fn a_compressed_header_is_shown_with_the_octets_it_has() {
    let frame = decode(230, &format!("{HEAD} 7a3b 3a 1a 9b00 5115 0000"));
    assert_eq!(frame.chain(), "wpan 6lowpan");
    assert_eq!(frame.stop(), None);
    assert_eq!((frame.range_of(Layer::Wpan), frame.range_of(Layer::Sixlowpan)), ((0, 15), (15, 4)));
    frame.has(&[
        ("wpan.frame_type", "1"),
        ("wpan.pan_id_compression", "true"),
        ("wpan.seq_no", "62"),
        ("wpan.dst_pan", "43981"),
        ("wpan.dst16", "65535"),
        ("wpan.src64", "5194092929811461"),
        ("6lowpan.iphc.tf", "3"),
        ("6lowpan.iphc.nh", "false"),
        ("6lowpan.iphc.hlim", "2"),
        ("6lowpan.iphc.m", "true"),
        ("6lowpan.next", "58"),
        ("6lowpan.hops", "-"),
        ("6lowpan.src", "fe80::212:7400:3:405"),
        ("6lowpan.dst", "ff02::1a"),
    ]);
}

/// RFC 6282, sections 3.2.2 and 3.2.3.
#[test]
fn addresses_are_what_their_modes_say() {
    let long = "20010db8000000000000000000000001";
    for (modes, octets, source, destination) in [
        ("00", format!("11 {long} {long}"), "2001:db8::1", "2001:db8::1"),
        (
            "11",
            "11 0011223344556677 8899aabbccddeeff".into(),
            "fe80::11:2233:4455:6677",
            "fe80::8899:aabb:ccdd:eeff",
        ),
        ("22", "11 1234 5678".into(), "fe80::ff:fe00:1234", "fe80::ff:fe00:5678"),
        ("33", "11".into(), "fe80::212:7400:3:405", "fe80::ff:fe00:ffff"),
        ("48", "11 ff050000000000000000000000000002".into(), "::", "ff05::2"),
        ("39", "11 05 1122334455".into(), "fe80::212:7400:3:405", "ff05::11:2233:4455"),
        ("3a", "11 05 112233".into(), "fe80::212:7400:3:405", "ff05::11:2233"),
        ("3b", "11 01".into(), "fe80::212:7400:3:405", "ff02::1"),
        // Prefixes of contexts, which the frame does not tell.
        ("d5", "01 11 0011223344556677 8899aabbccddeeff".into(), "-", "-"),
    ] {
        let frame = decode(230, &format!("{HEAD} 7a{modes} {octets}"));
        frame.has(&[("6lowpan.src", source), ("6lowpan.dst", destination), ("6lowpan.next", "17")]);
        assert_eq!(frame.stop(), None, "{modes}");
    }
}

/// RFC 6282, section 3.2.1: of the traffic class ECN comes first.
#[test]
fn class_flow_and_hops_are_there_or_not() {
    for (first, octets, ecn, dscp, flow, hops) in [
        ("60", "ae012345 11 40", "2", "46", "74565", "64"),
        ("68", "812345 11 40", "2", "-", "74565", "64"),
        ("70", "ae 11 ff", "2", "46", "-", "255"),
        ("7b", "11", "-", "-", "-", "-"),
    ] {
        decode(230, &format!("{HEAD} {first}33 {octets}")).has(&[
            ("6lowpan.ecn", ecn),
            ("6lowpan.dscp", dscp),
            ("6lowpan.flow", flow),
            ("6lowpan.hops", hops),
            ("6lowpan.next", "17"),
        ]);
    }
}

/// RFC 4944, sections 5.1 to 5.3 and 11.1.
#[test]
fn what_stands_before_the_packet_is_read() {
    for (octets, chain) in [
        (format!("41 {V6}"), "wpan 6lowpan ipv6 udp"),
        (format!("c030 0001 41 {V6}"), "wpan 6lowpan 6lowpan ipv6 udp"),
        ("e030 0001 06 112233".into(), "wpan 6lowpan"),
        (format!("b5 1234 5678 50 07 41 {V6}"), "wpan 6lowpan 6lowpan 6lowpan ipv6 udp"),
        // Not IPv6 over it.
        ("00 112233".into(), "wpan"),
    ] {
        let frame = decode(230, &format!("{HEAD} {octets}"));
        assert_eq!(frame.chain(), chain, "{octets}");
        assert_eq!(frame.stop(), None, "{octets}");
    }
    let frame = decode(230, &format!("{HEAD} e030 0001 06 112233"));
    frame.has(&[
        ("6lowpan.frag.size", "48"),
        ("6lowpan.frag.tag", "1"),
        ("6lowpan.frag.offset", "48"),
    ]);
    let cut = decode(230, &format!("{HEAD} 7a00 11 2001"));
    assert_eq!(cut.stop().unwrap().0, Reason::Malformed);
}

/// tcpdump.org: with a checksum of two octets, and with facts that tell of it.
#[test]
fn the_checksum_of_a_frame_is_none_of_its_packet() {
    let frame = decode(195, &format!("{HEAD} 41 {V6} beef"));
    assert_eq!((frame.chain().as_str(), frame.layers.end), ("wpan 6lowpan ipv6 udp", 64));
    let tap = decode(283, &format!("0000 0c00 0000 0100 01000000 {HEAD} 41 {V6} beef"));
    assert_eq!((tap.chain().as_str(), tap.layers.end), ("wpan-tap wpan 6lowpan ipv6 udp", 76));
    let none = decode(283, &format!("0000 0400 {HEAD} 7a3b 3a 1a"));
    assert_eq!((none.chain().as_str(), none.layers.end), ("wpan-tap wpan 6lowpan", 23));
}

/// IEEE 802.15.4, table 7-2: what is left out of frames of 2015.
#[test]
fn networks_and_sequence_numbers_may_be_left_out() {
    for (control, rest, len) in [
        ("4198", "3e cdab ffff 3412", 9),       // 2006, both short
        ("0198", "3e cdab ffff dcfe 3412", 11), // the same with both networks
        ("41a9", "cdab ffff 3412", 8),          // 2015, no sequence number
        ("01ec", "3e cdab 1122334455667788 8877665544332211", 21),
        ("41ec", "3e 1122334455667788 8877665544332211", 19),
        ("0200", "3e", 3),
    ] {
        let frame = decode(230, &format!("{control} {rest} 00 00000000000000000000"));
        assert_eq!(frame.range_of(Layer::Wpan).1, len, "{control}");
    }
    // Secured: nothing of what it carries is read.
    let secured = decode(230, "49d8 3e cdab ffff 0504030000741200 05 00000000 7a3b 3a 1a");
    assert_eq!(secured.chain(), "wpan");
}
