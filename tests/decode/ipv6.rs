//! The IPv6 header (RFC 8200, section 3), field by field, and jumbograms (RFC 2675).

use ipeek::decode::Reason;
use ipeek::wire::Layer;

use crate::packets::{Decoded, Owned, decode, hex, raw};

/// 2001:db8::1 to 2001:db8::2.
const ADDRESSES: &str = "20010db8000000000000000000000001 20010db8000000000000000000000002";

#[test]
fn every_field_is_read_from_its_bits() {
    // Version 6, class 10101011, label fedcb; length 8, next header 59, hop limit 255.
    let packet = raw(&format!("6a bf ed cb 00 08 3b ff {ADDRESSES} 0000000000000000"));
    packet.has(&[
        ("ipv6.version", "6"),
        ("ipv6.tclass", "171"),
        ("ipv6.tclass.dscp", "42"),
        ("ipv6.tclass.ecn", "3"),
        ("ipv6.flow", "1043915"), // 0xfedcb
        ("ipv6.plen", "8"),
        ("ipv6.nxt", "59"),
        ("ipv6.hlim", "255"),
        ("ipv6.src", "2001:db8::1"),
        ("ipv6.dst", "2001:db8::2"),
    ]);
    assert_eq!(packet.stop(), None);
}

#[test]
fn flow_label_has_twenty_bits() {
    let packet = raw(&format!("60 0f ff ff 00 00 3b 40 {ADDRESSES}"));
    packet.has(&[("ipv6.flow", "1048575"), ("ipv6.tclass", "0")]);
}

#[test]
fn version_other_than_6_is_malformed() {
    let packet = decode(229, &format!("70000000 0000 3b 40 {ADDRESSES}"));
    assert_eq!(packet.chain(), "ipv6");
    assert_eq!(packet.stop(), Some((Reason::Malformed, 0, 6, 7)));
}

#[test]
fn each_cut_shows_the_fields_that_were_captured_and_no_other() {
    const ENDS: [(&str, usize); 9] = [
        ("ipv6.version", 1),
        ("ipv6.tclass.dscp", 2),
        ("ipv6.tclass.ecn", 2),
        ("ipv6.flow", 4),
        ("ipv6.plen", 6),
        ("ipv6.nxt", 7),
        ("ipv6.hlim", 8),
        ("ipv6.src", 24),
        ("ipv6.dst", 40),
    ];
    let whole = raw(&format!("60000000 0000 3b 40 {ADDRESSES}"));
    for captured in 1..40 {
        let cut = whole.cut(captured);
        assert_eq!(cut.stop(), Some((Reason::Truncated, 0, 40, u32::try_from(captured).unwrap())));
        for (name, end) in ENDS {
            // The class lies across two octets; its upper half alone is no value.
            assert_eq!(cut.get(name) != "-", captured >= end, "{name} at {captured}");
        }
    }
}

/// RFC 8200, section 3: 0 means that nothing follows, but for a jumbogram.
#[test]
fn payload_length_0_means_that_nothing_follows() {
    let packet = raw(&format!("60000000 0000 11 40 {ADDRESSES} 1234003500080000"));
    assert_eq!(packet.chain(), "ipv6");
    assert_eq!(packet.layers.end, 40);
    assert_eq!(packet.stop(), Some((Reason::Malformed, 40, 8, 0)));
}

/// A hop-by-hop header with a jumbo payload of 65,548 octets: 8 of its own, a UDP datagram.
fn jumbogram(udp_length: u16) -> Decoded {
    let mut bytes = hex(&format!("60000000 0000 00 40 {ADDRESSES} 11 00 c2 04 0001000c 12340035"));
    bytes.extend(udp_length.to_be_bytes());
    bytes.extend([0, 0]);
    bytes.resize(40 + 0x1000c + 5, 0xaa);
    Decoded::of(Owned::new(101, bytes))
}

/// RFC 2675, section 2: the option's length counts what is behind the IPv6 header.
#[test]
fn jumbo_payload_option_replaces_the_payload_length() {
    let packet = jumbogram(0);
    assert_eq!(packet.chain(), "ipv6 ipv6.hopopts udp");
    packet.has(&[("ipv6.plen", "0"), ("ipv6.opt.jumbo", "65548")]);
    assert_eq!(packet.layers.end, 40 + 0x1000c);
    assert_eq!(packet.stop(), None);
}

/// RFC 2675, section 4: a datagram of more than 65,535 octets has a UDP length of 0.
#[test]
fn udp_length_0_in_a_jumbogram_reaches_to_its_end() {
    let packet = jumbogram(0);
    assert_eq!(packet.range_of(Layer::Udp), (48, 8));
    assert_eq!(packet.stop(), None);
}

#[test]
fn jumbogram_that_is_cut_is_read_as_far_as_it_was_captured() {
    let packet = jumbogram(0).cut(52);
    assert_eq!(packet.chain(), "ipv6 ipv6.hopopts udp");
    assert_eq!(packet.stop(), Some((Reason::Truncated, 48, 8, 4)));
    packet.has(&[("udp.srcport", "4660"), ("udp.dstport", "53"), ("udp.length", "-")]);
}

/// Segmentation offload of more than 65,535 octets writes 0 and no option (Linux, "BIG TCP").
#[test]
fn payload_length_0_of_a_frame_beyond_65535_octets_reaches_to_its_end() {
    let mut bytes =
        hex(&format!("60000000 0000 06 40 {ADDRESSES} 0050 1234 00000000 00000000 5010"));
    bytes.resize(70_000, 0);
    let packet = Decoded::of(Owned::new(101, bytes));
    assert_eq!(packet.chain(), "ipv6 tcp");
    assert_eq!(packet.layers.end, 70_000);
}

#[test]
fn upper_half_of_a_class_that_is_cut_is_no_value() {
    let cut = raw(&format!("6a bf ed cb 00 08 3b ff {ADDRESSES} 0000000000000000")).cut(1);
    cut.has(&[("ipv6.version", "6"), ("ipv6.tclass", "-"), ("ipv6.tclass.ecn", "-")]);
}
