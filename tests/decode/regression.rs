//! What once was decoded wrongly.

use ipeek::decode::Reason;
use ipeek::decode::tuple::{Pair, tuple};

use crate::packets::{Decoded, decode, raw};

fn pair(decoded: &Decoded) -> Option<Pair> {
    tuple(&decoded.owned.bytes, &decoded.layers).map(|tuple| tuple.pair)
}

/// RFC 2675, section 3: a payload length of 0 behind which a hop-by-hop header without a jumbo
/// payload option comes is an error; what would be in the payload is none of the packet's.
#[test]
fn payload_length_0_without_a_jumbo_option_ends_behind_the_hop_by_hop_header() {
    let packet = raw("60000000 0000 00 40
        20010db8 00000000 00000000 00000001
        20010db8 00000000 00000000 00000002
        06 00 01 04 00 00 00 00  # hop-by-hop, PadN alone
        1234 0050 00000000 00000000 5002 2000 0000 0000");
    assert_eq!(packet.chain(), "ipv6 ipv6.hopopts");
    assert_eq!(packet.stop(), Some((Reason::Malformed, 48, 13, 0)));
}

/// LINKTYPE_PPP comes with Cisco's HDLC too, told by its address octet (0x0f unicast, 0x8f
/// broadcast) and a control of 0: tshark reads it so.
#[test]
fn cisco_hdlc_under_the_link_type_of_ppp_is_read() {
    for address in ["0f", "8f"] {
        let frame = decode(
            9,
            &format!(
                "{address}000800 4500001c 00010000 40110000 0a000001 0a000002
                1234 0035 0008 0000"
            ),
        );
        assert_eq!(frame.chain(), "chdlc ip udp");
    }
}

/// Where only the version tells what a packet is, no other version has a layout to be read by.
#[test]
fn raw_packet_of_another_version_has_no_header() {
    let packet = raw("30 00 00 14 00000000 00000000 0a000001 0a000002");
    assert_eq!(packet.chain(), "");
    assert_eq!(packet.stop(), Some((Reason::Malformed, 0, 4, 3)));
}

/// RFC 791, section 3.1: what has another version, or a header shorter than its least, is not laid
/// out so; tshark takes no addresses from it.
#[test]
fn header_of_another_version_or_a_lying_length_has_no_addresses() {
    for first in ["55", "44"] {
        let packet = decode(228, &format!("{first}000014 00000000 40110000 0a000001 0a000002"));
        assert_eq!(packet.chain(), "ip");
        assert_eq!(pair(&packet), None);
    }
    let packet = decode(
        229,
        "50000000 0000 3b 40
        20010db8 00000000 00000000 00000001
        20010db8 00000000 00000000 00000002",
    );
    assert_eq!(packet.chain(), "ipv6");
    assert_eq!(pair(&packet), None);
}

/// Of a tunnel whose inner header is none, the outer addresses remain.
#[test]
fn addresses_above_a_header_of_another_version_count() {
    let packet = raw("45000028 00000000 40040000 c0000201 c0000202
        55000014 00000000 40110000 0a000001 0a000002");
    assert_eq!(pair(&packet), Some(Pair::V4(0xc000_0201, 0xc000_0202)));
}
