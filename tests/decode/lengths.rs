//! Nothing is read past what a header allows or what was captured; why a walk ended is told.

use ipeek::decode::Reason;

use crate::packets::{Decoded, decode, raw};

const MACS: &str = "02 00 00 00 00 02  02 00 00 00 00 01";

#[test]
fn ethernet_trailer_is_no_part_of_an_ipv4_packet() {
    // A frame padded to sixty octets; a total length of 24 leaves four octets for UDP.
    let frame = decode(
        1,
        &format!(
            "{MACS} 0800 45000018 00000000 40110000 c0000201 c0000202 1234003500080000 {}",
            "ee".repeat(18)
        ),
    );
    assert_eq!(frame.chain(), "eth ip udp");
    assert_eq!(frame.ranges()[2], (34, 4));
    frame.has(&[("udp.dstport", "53"), ("udp.length", "-")]);
    assert_eq!(frame.stop(), Some((Reason::Malformed, 34, 8, 4)));
    assert_eq!(frame.layers.end, 38);
}

#[test]
fn ethernet_trailer_is_no_part_of_an_ipv6_packet() {
    let frame = decode(
        1,
        &format!(
            "{MACS} 86dd 60000000 0002 11 40
            20010db8000000000000000000000001 20010db8000000000000000000000002 1234003500080000"
        ),
    );
    assert_eq!(frame.ranges()[2], (54, 2));
    frame.has(&[("udp.srcport", "4660"), ("udp.dstport", "-")]);
    assert_eq!(frame.stop(), Some((Reason::Malformed, 54, 8, 2)));
}

#[test]
fn length_of_802_3_ends_before_the_padding() {
    let frame = decode(
        1,
        &format!("{MACS} 000b aaaa03 000000 0800 450000 1c0000000040110000c0000201c0000202"),
    );
    assert_eq!(frame.chain(), "eth llc ip");
    assert_eq!(frame.ranges()[2], (22, 3));
    assert_eq!(frame.stop(), Some((Reason::Malformed, 22, 20, 3)));
}

#[test]
fn pppoe_length_ends_the_session() {
    let frame = decode(
        1,
        &format!("{MACS} 8864 1100 0001 0006 0021 45000014 00000000 40fd0000 c0000201 c0000202"),
    );
    assert_eq!(frame.ranges()[3], (22, 4));
    assert_eq!(frame.stop().unwrap().0, Reason::Malformed);
}

#[test]
fn udp_length_ends_the_datagram() {
    let packet = raw("45000020 00000000 40110000 c0000201 c0000202 12340035 000a 0000 aabb ccdd");
    assert_eq!(packet.layers.end, 30);
}

#[test]
fn udp_length_below_its_header_is_malformed() {
    let packet = raw("4500001c 00000000 40110000 c0000201 c0000202 12340035 0007 0000");
    assert_eq!(packet.stop(), Some((Reason::Malformed, 24, 8, 7)));
}

#[test]
fn tcp_header_length_below_five_words_is_malformed() {
    let packet = raw("45000028 00000000 40060000 c0000201 c0000202
        12340050 00000000 00000000 4002 2000 0000 0000");
    assert_eq!(packet.stop(), Some((Reason::Malformed, 32, 20, 16)));
    packet.has(&[("tcp.hdr_len", "16"), ("tcp.srcport", "4660")]);
}

#[test]
fn tcp_header_beyond_its_packet_is_malformed() {
    let packet = raw("45000028 00000000 40060000 c0000201 c0000202
        12340050 00000000 00000000 f002 2000 0000 0000");
    assert_eq!(packet.stop(), Some((Reason::Malformed, 20, 60, 20)));
}

/// Octets that are cut by a snaplen, and those octets where the length lies: what the frame had on
/// the wire tells.
#[test]
fn what_was_on_the_wire_tells_a_cut_from_a_lie() {
    let whole = raw("4500001c 00000000 40110000 c0000201 c0000202 1234003500080000");
    let cut = whole.cut(24);
    assert_eq!(cut.stop(), Some((Reason::Truncated, 20, 8, 4)));
    let mut owned = cut.owned.clone();
    owned.original = 24;
    assert_eq!(Decoded::of(owned).stop(), Some((Reason::Malformed, 20, 8, 4)));
}

#[test]
fn each_cut_of_a_frame_ends_in_the_header_that_it_cuts() {
    let whole = decode(
        1,
        &format!(
            "{MACS} 8100 002a 0800 46000034 00000000 40060000 c0000201 c0000202 94040000
            12340050 00000001 00000000 6002 2000 0000 0000 020405b4 aabbccdd"
        ),
    );
    assert_eq!(whole.chain(), "eth vlan ip tcp");
    assert_eq!(whole.ranges(), [(0, 14), (14, 4), (18, 24), (42, 24)]);
    for captured in 1..70 {
        let cut = whole.cut(captured);
        let spans: Vec<_> = whole
            .ranges()
            .into_iter()
            .filter(|(at, _)| usize::from(*at) < captured)
            .map(|(at, len)| (at, len.min(u16::try_from(captured).unwrap() - at)))
            .collect();
        assert_eq!(cut.ranges(), spans, "{captured}");
        let is_short = captured < 66;
        assert_eq!(cut.stop().map(|stop| stop.0), is_short.then_some(Reason::Truncated));
    }
}

#[test]
fn record_that_claims_less_than_it_holds_is_read_as_captured() {
    let mut owned = raw("4500001c 00000000 40110000 c0000201 c0000202 1234003500080000").owned;
    owned.original = 10;
    let packet = Decoded::of(owned);
    assert_eq!(packet.chain(), "ip udp");
    assert_eq!(packet.stop(), None);
}

#[test]
fn empty_frame_is_undecoded() {
    for link in [0, 1, 9, 101, 113, 228, 276] {
        let frame = decode(link, "");
        assert_eq!(frame.chain(), "");
        assert!(frame.stop().is_some(), "{link}");
    }
}
