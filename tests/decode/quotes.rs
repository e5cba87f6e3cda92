//! Packets quoted by error messages of ICMP (RFC 792) and ICMPv6 (RFC 4443).

use ipeek::decode::Reason;
use ipeek::decode::tuple::tuple;

use crate::packets::{Decoded, hex, raw};

/// An ICMP message of that type and code, with this word behind the checksum.
fn icmp(kind: u8, code: u8, word: &str, quote: &str) -> Decoded {
    let message = format!("{kind:02x}{code:02x}0000 {word} {quote}");
    let total = 20 + hex(&message).len();
    raw(&format!("4500{total:04x} 00000000 40010000 c0000201 c0000202 {message}"))
}

fn icmpv6(kind: u8, word: &str, quote: &str) -> Decoded {
    let message = format!("{kind:02x}000000 {word} {quote}");
    let len = hex(&message).len();
    raw(&format!(
        "60000000 {len:04x} 3a 40
        20010db8000000000000000000000001 20010db8000000000000000000000002 {message}"
    ))
}

/// RFC 792: header and the first eight octets of the datagram: a TCP header's ports.
const QUOTED: &str = "4500003c 00010000 40060000 c0000202 c0000201 30390050 00000001";

#[test]
fn quote_of_eight_octets_still_gives_the_ports() {
    let packet = icmp(3, 1, "00000000", QUOTED);
    assert_eq!(packet.chain(), "ip icmp ip? tcp");
    packet.has(&[
        ("icmp.type", "3"),
        ("icmp.code", "1"),
        ("tcp.srcport", "12345"),
        ("tcp.dstport", "80"),
        ("tcp.seq_raw", "1"),
        ("tcp.ack_raw", "-"),
    ]);
    assert_eq!(packet.stop().unwrap().0, Reason::Truncated);
}

#[test]
fn errors_quote_and_questions_do_not() {
    for (kind, is_error) in [
        (3, true),
        (4, true),
        (5, true),
        (11, true),
        (12, true),
        (8, false),
        (0, false),
        (13, false),
    ] {
        let packet = icmp(kind, 0, "00000000", QUOTED);
        let quoted = packet.chain().contains('?');
        assert_eq!(quoted, is_error, "{kind}: {}", packet.chain());
    }
}

/// The tuple of an error is that of the error, not of what it quotes.
#[test]
fn quote_is_no_part_of_the_tuple() {
    let packet = icmp(3, 1, "00000000", QUOTED);
    let tuple = tuple(&packet.owned.bytes, &packet.layers).unwrap();
    assert_eq!((tuple.proto, tuple.ports, tuple.depth), (1, Some((3, 1)), 1));
}

/// RFC 1191, section 4: the MTU stands in the lower half of the word.
#[test]
fn fragmentation_needed_tells_the_mtu() {
    let packet = icmp(3, 4, "00000578", QUOTED);
    packet.has(&[("icmp.mtu", "1400"), ("icmp.length", "0")]);
}

#[test]
fn redirect_tells_the_gateway() {
    let packet = icmp(5, 1, "c00002fe", QUOTED);
    packet.has(&[("icmp.redir_gw", "192.0.2.254"), ("icmp.length", "-")]);
    assert_eq!(packet.chain(), "ip icmp ip? tcp");
}

/// RFC 792: the pointer is the first octet of the word.
#[test]
fn parameter_problem_points_at_an_octet() {
    icmp(12, 0, "14000000", QUOTED).has(&[("icmp.pointer", "20")]);
}

/// RFC 4884, section 5.1: with a length, extensions follow the quote, which is padded.
#[test]
fn length_ends_the_quote_before_the_extensions() {
    let quote = format!(
        "{} {}",
        "4500003c 00010000 40110000 c0000202 c0000201 30390035 0028 0000",
        "00".repeat(100)
    );
    let extension = "2000 0000 0008 0101 000643ff";
    let packet = icmp(11, 0, "00200000", &format!("{quote} {extension}"));
    packet.has(&[("icmp.length", "128")]);
    assert_eq!(packet.chain(), "ip icmp ip? udp icmp.ext");
    packet.has(&[("icmp.mpls.label", "100"), ("icmp.mpls.ttl", "255")]);
    // They stand in the message, behind the quoted total length of 60 and the padding.
    assert_eq!(packet.ranges()[4], (28 + 128, 12));
    assert_eq!(packet.layers.end, 28 + 128 + 12);
}

#[test]
fn echo_has_identifier_and_sequence() {
    icmp(8, 0, "002a0007", "").has(&[("icmp.ident", "42"), ("icmp.seq", "7")]);
}

#[test]
fn error_that_quotes_nothing_is_whole() {
    let packet = icmp(11, 0, "00000000", "");
    assert_eq!(packet.chain(), "ip icmp");
    assert_eq!(packet.stop(), None);
}

const QUOTED_V6: &str = "60000000 0014 06 3f
    20010db8000000000000000000000002 20010db8000000000000000000000001 30390050 00000001";

#[test]
fn icmpv6_errors_quote_and_others_do_not() {
    for (kind, is_error) in [(1, true), (2, true), (3, true), (4, true), (128, false), (129, false)]
    {
        let packet = icmpv6(kind, "00000000", QUOTED_V6);
        assert_eq!(packet.chain().contains('?'), is_error, "{kind}: {}", packet.chain());
    }
    icmpv6(1, "00000000", QUOTED_V6).has(&[("tcp.srcport", "12345"), ("tcp.dstport", "80")]);
}

/// RFC 4443, section 3.2 and 3.4.
#[test]
fn packet_too_big_and_parameter_problem_have_a_word() {
    icmpv6(2, "00000500", QUOTED_V6).has(&[("icmpv6.mtu", "1280")]);
    icmpv6(4, "00000028", QUOTED_V6).has(&[("icmpv6.pointer", "40")]);
}

/// RFC 4884, section 4.4: the length counts units of eight octets.
#[test]
fn icmpv6_length_counts_eights() {
    icmpv6(1, "10000000", QUOTED_V6).has(&[("icmpv6.length", "128")]);
}

/// RFC 4861, sections 4.3 and 4.4.
#[test]
fn neighbour_messages_have_a_target() {
    for kind in [135, 136] {
        let packet = icmpv6(kind, "60000000", "fe800000000000000000000000000001");
        packet.has(&[("icmpv6.nd.target_address", "fe80::1"), ("icmpv6.nd.flags", "1610612736")]);
        assert_eq!(packet.stop(), None);
    }
}

/// RFC 4861, section 4.2.
#[test]
fn router_advertisement_has_hop_limit_flags_and_lifetime() {
    icmpv6(134, "40c00708", "0000000000000000").has(&[
        ("icmpv6.nd.ra.cur_hop_limit", "64"),
        ("icmpv6.nd.ra.flags", "192"),
        ("icmpv6.nd.ra.router_lifetime", "1800"),
    ]);
}

/// A quote of a tunnel: every header in it is quoted.
#[test]
fn all_headers_of_a_quoted_tunnel_are_quoted() {
    let quote = "45000050 00010000 40040000 c0000202 c0000201
        4500003c 00010000 40110000 0a000001 0a000002 30390035 00280000";
    assert_eq!(icmp(11, 0, "00000000", quote).chain(), "ip icmp ip? ip? udp");
}

#[test]
fn quoted_extension_headers_are_walked() {
    let quote = "60000000 0018 00 3f
        20010db8000000000000000000000002 20010db8000000000000000000000001
        11 00 0104 00000000 30390035 00100000";
    assert_eq!(icmpv6(3, "00000000", quote).chain(), "ipv6 icmpv6 ipv6? ipv6.hopopts udp");
}

/// RFC 4861, section 4.5: target, destination, and options, of which the redirected header (section
/// 4.6.3) has six reserved octets before the packet.
#[test]
fn redirect_of_icmpv6_quotes_what_it_redirects() {
    let (target, destination) =
        ("fe800000000000000000000000000001", "20010db8000000000000000000000009");
    let quoted = "60000000 0008 11 40 20010db8000000000000000000000002
        20010db8000000000000000000000009 9c41000700080000";
    let link = "0201 020000000001";
    let head = "0407 000000000000";
    let body = format!("{target} {destination} {link} {head} {quoted}");
    let packet = icmpv6(137, "00000000", &body);
    assert_eq!(packet.chain(), "ipv6 icmpv6 ipv6? udp");
    assert_eq!(packet.stop(), None);
    packet.has(&[
        ("icmpv6.nd.target_address", "fe80::1"),
        ("icmpv6.rd.na.destination_address", "2001:db8::9"),
        ("icmpv6.opt", "02010200000000010407000000000000"),
        ("udp.srcport", "40001"),
    ]);
    // Without that option, and with options that lie.
    for options in ["", link, "0400", "0100000000000000", "04ff 000000000000 60"] {
        let packet = icmpv6(137, "00000000", &format!("{target} {destination} {options}"));
        assert_eq!((packet.chain().as_str(), packet.stop()), ("ipv6 icmpv6", None), "{options}");
    }
}
