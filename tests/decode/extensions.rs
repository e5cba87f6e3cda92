//! IPv6 extension headers (RFC 8200, section 4), AH, ESP, mobility, HIP and shim6.

use ipeek::decode::Reason;

use crate::packets::{Decoded, hex, raw};

/// An IPv6 packet whose first next header is `next`, and this payload.
fn packet(next: u8, payload: &str) -> Decoded {
    let len = hex(payload).len();
    raw(&format!(
        "60000000 {len:04x} {next:02x} 40
        20010db8000000000000000000000001 20010db8000000000000000000000002 {payload}"
    ))
}

const UDP: &str = "1234 0035 0008 0000";

/// RFC 2711, section 2.1: type 5, value 0 is multicast listener discovery.
#[test]
fn hop_by_hop_router_alert() {
    let packet = packet(0, &format!("11 00 05 02 0000 01 00 {UDP}"));
    assert_eq!(packet.chain(), "ipv6 ipv6.hopopts udp");
    packet.has(&[
        ("ipv6.hopopts.nxt", "17"),
        ("ipv6.hopopts.len", "0"),
        ("ipv6.opt.router_alert", "0"),
    ]);
    assert_eq!(packet.all("ipv6.opt.type"), ["5", "1"]);
}

/// RFC 8200, section 4.2: the upper bits of the type say what who does not know it is to do.
#[test]
fn option_type_says_what_to_do_when_it_is_unknown() {
    let packet = packet(60, &format!("11 00 be 02 beef 01 00 {UDP}"));
    assert_eq!(packet.all("ipv6.opt.type_action"), ["2", "0"]);
    assert_eq!(packet.all("ipv6.opt.type_change"), ["true", "false"]);
    assert_eq!(packet.all("ipv6.opt.type_rest"), ["30", "1"]);
    packet.has(&[("ipv6.opt.unknown_data", "beef")]);
}

/// RFC 8200, section 4.2: Pad1 is one octet without a length.
#[test]
fn pad1_is_one_octet() {
    let packet = packet(0, &format!("11 00 00 00 01 02 0000 {UDP}"));
    assert_eq!(packet.all("ipv6.opt.type"), ["0", "0", "1"]);
    assert_eq!(packet.all("ipv6.opt.length"), ["2"]);
    packet.has(&[("ipv6.opt.padn", "0000")]);
}

#[test]
fn option_that_runs_past_its_header_ends_the_list() {
    let packet = packet(0, &format!("11 00 05 09 0000 01 00 {UDP}"));
    assert_eq!(packet.all("ipv6.opt.type"), ["5"]);
    assert_eq!(packet.chain(), "ipv6 ipv6.hopopts udp");
}

/// RFC 8200, section 4.1: it must come first; what comes late is still what it is.
#[test]
fn late_hop_by_hop_is_shown_not_rejected() {
    let packet = packet(60, &format!("00 00 0104 00000000 11 00 0104 00000000 {UDP}"));
    assert_eq!(packet.chain(), "ipv6 ipv6.dstopts ipv6.hopopts udp");
    assert_eq!(packet.stop(), None);
}

/// RFC 8200, section 4: the length does not count the first eight octets.
#[test]
fn length_of_an_extension_header_counts_eights_behind_the_first() {
    let packet = packet(60, &format!("11 01 010c 000000000000000000000000 {UDP}"));
    assert_eq!(packet.ranges(), [(0, 40), (40, 16), (56, 8)]);
}

#[test]
fn extension_header_that_runs_past_the_payload_is_malformed() {
    let packet = packet(60, "11 02 0104 00000000");
    assert_eq!(packet.chain(), "ipv6 ipv6.dstopts");
    assert_eq!(packet.stop(), Some((Reason::Malformed, 40, 24, 8)));
}

/// RFC 2460, section 4.4.
#[test]
fn routing_type_0_lists_addresses() {
    let packet = packet(
        43,
        &format!(
            "11 04 00 01 00000000
            20010db8000000000000000000000003 20010db8000000000000000000000004 {UDP}"
        ),
    );
    packet.has(&[
        ("ipv6.routing.nxt", "17"),
        ("ipv6.routing.len", "4"),
        ("ipv6.routing.type", "0"),
        ("ipv6.routing.segleft", "1"),
    ]);
    assert_eq!(packet.all("ipv6.routing.src.addr"), ["2001:db8::3", "2001:db8::4"]);
    assert_eq!(packet.chain(), "ipv6 ipv6.routing udp");
}

/// RFC 6275, section 6.4.1.
#[test]
fn routing_type_2_has_a_home_address() {
    let packet =
        packet(43, &format!("11 02 02 01 00000000 20010db8000000000000000000000005 {UDP}"));
    packet.has(&[
        ("ipv6.routing.type", "2"),
        ("ipv6.routing.mipv6.home_address", "2001:db8::5"),
        ("ipv6.routing.src.addr", "-"),
    ]);
}

/// RFC 6554, section 3: `CmprI` and `CmprE`, then four bits of padding and twenty reserved ones.
#[test]
fn routing_type_3_shortens_addresses() {
    let packet = packet(43, &format!("11 01 03 02 fe 60 0001 0a0b 000000000000 {UDP}"));
    packet.has(&[
        ("ipv6.routing.rpl.cmprI", "15"),
        ("ipv6.routing.rpl.cmprE", "14"),
        ("ipv6.routing.rpl.pad", "6"),
        ("ipv6.routing.rpl.reserved", "1"),
        ("ipv6.routing.rpl.address", "0a0b000000000000"),
    ]);
}

/// RFC 8754, section 2.
#[test]
fn routing_type_4_lists_segments() {
    let packet =
        packet(43, &format!("11 02 04 00 00 80 0042 20010db8000000000000000000000007 {UDP}"));
    packet.has(&[
        ("ipv6.routing.type", "4"),
        ("ipv6.routing.srh.last_segment", "0"),
        ("ipv6.routing.srh.flags", "128"),
        ("ipv6.routing.srh.tag", "66"),
        ("ipv6.routing.srh.addr", "2001:db8::7"),
    ]);
}

/// RFC 8754, sections 2.1.1 and 2.1.2: two segments, a signature, padding.
#[test]
fn routing_type_4_goes_on_with_tlvs() {
    let segments = "20010db8000000000000000000000007 20010db8000000000000000000000008";
    let hmac = format!("05 26 8000 00000009 {}", "ab".repeat(32));
    let packet =
        packet(43, &format!("11 0a 04 01 01 00 0000 {segments} {hmac} 04 06 000000000000 {UDP}"));
    assert_eq!(packet.chain(), "ipv6 ipv6.routing udp");
    assert_eq!(packet.all("ipv6.routing.srh.addr"), ["2001:db8::7", "2001:db8::8"]);
    assert_eq!(packet.all("ipv6.routing.srh.tlv.type"), ["5", "4"]);
    packet.has(&[
        ("ipv6.routing.srh.tlv.hmac_d", "true"),
        ("ipv6.routing.srh.tlv.hmac_key_id", "9"),
        ("ipv6.routing.srh.tlv.hmac", &"ab".repeat(32)),
    ]);
}

#[test]
fn unknown_routing_type_is_skipped_by_its_length() {
    let packet = packet(43, &format!("11 00 fd 00 beefbeef {UDP}"));
    packet.has(&[("ipv6.routing.type", "253"), ("ipv6.routing.unknown.data", "beefbeef")]);
    assert_eq!(packet.chain(), "ipv6 ipv6.routing udp");
}

/// RFC 8200, section 4.5: offset in units of eight octets, two reserved bits, M.
#[test]
fn first_fragment_shows_its_transport() {
    let packet = packet(44, &format!("11 00 0001 deadbeef {UDP}"));
    assert_eq!(packet.chain(), "ipv6 ipv6.fraghdr udp");
    packet.has(&[
        ("ipv6.fraghdr.nxt", "17"),
        ("ipv6.fraghdr.offset", "0"),
        ("ipv6.fraghdr.more", "true"),
        ("ipv6.fraghdr.ident", "3735928559"),
    ]);
}

#[test]
fn no_transport_is_read_from_a_later_fragment() {
    let packet = packet(44, &format!("11 00 05a8 00000001 {UDP}"));
    assert_eq!(packet.chain(), "ipv6 ipv6.fraghdr");
    packet.has(&[("ipv6.fraghdr.offset", "1448"), ("ipv6.fraghdr.more", "false")]);
    assert_eq!(packet.stop(), None);
}

#[test]
fn reserved_bits_of_a_fragment_are_no_part_of_its_offset() {
    let packet = packet(44, &format!("11 ff 0006 00000001 {UDP}"));
    packet.has(&[
        ("ipv6.fraghdr.offset", "0"),
        ("ipv6.fraghdr.reserved_octet", "255"),
        ("ipv6.fraghdr.reserved_bits", "3"),
    ]);
    assert_eq!(packet.chain(), "ipv6 ipv6.fraghdr udp");
}

/// RFC 6946: offset 0 and no more fragments is a whole packet.
#[test]
fn atomic_fragment_is_a_whole_packet() {
    let packet = packet(44, &format!("11 00 0000 00000001 {UDP}"));
    assert_eq!(packet.chain(), "ipv6 ipv6.fraghdr udp");
    packet.has(&[("ipv6.fraghdr.more", "false")]);
}

/// RFC 6275, section 6.3: type c9, sixteen octets.
#[test]
fn destination_option_home_address() {
    let packet =
        packet(60, &format!("11 02 01 02 0000 c9 10 20010db8000000000000000000000009 {UDP}"));
    assert_eq!(packet.chain(), "ipv6 ipv6.dstopts udp");
    packet.has(&[("ipv6.opt.mipv6.home_address", "2001:db8::9")]);
}

/// RFC 2473, section 4.1.1.
#[test]
fn destination_option_tunnel_encapsulation_limit() {
    let packet = packet(60, &format!("11 00 04 01 04 01 01 00 {UDP}"));
    packet.has(&[("ipv6.opt.tel", "4")]);
}

/// RFC 4302, section 2.2: the length counts words, less two.
#[test]
fn ah_length_counts_words_less_two() {
    let packet =
        packet(51, &format!("11 04 0000 00000100 00000007 00112233445566778899aabb {UDP}"));
    assert_eq!(packet.chain(), "ipv6 ah udp");
    packet.has(&[
        ("ah.next_header", "17"),
        ("ah.length", "4"),
        ("ah.spi", "256"),
        ("ah.sequence", "7"),
        ("ah.icv", "00112233445566778899aabb"),
    ]);
}

#[test]
fn ah_shorter_than_its_fixed_part_is_malformed() {
    let packet = packet(51, &format!("11 00 0000 00000100 00000007 {UDP}"));
    assert_eq!(packet.stop(), Some((Reason::Malformed, 41, 12, 8)));
}

/// RFC 4303: behind SPI and sequence number all is encrypted.
#[test]
fn esp_hides_what_follows() {
    let packet = packet(50, &format!("00000100 00000007 {UDP}"));
    assert_eq!(packet.chain(), "ipv6 esp");
    packet.has(&[("esp.spi", "256"), ("esp.sequence", "7")]);
    assert_eq!(packet.stop(), None);
}

/// RFC 6275, section 6.1.1: a binding refresh request ends the chain with 59.
#[test]
fn mobility_header_is_read_to_its_data() {
    let packet = packet(135, "3b 00 00 00 1234 0000");
    assert_eq!(packet.chain(), "ipv6 mipv6");
    packet.has(&[
        ("mipv6.proto", "59"),
        ("mipv6.hlen", "0"),
        ("mipv6.mhtype", "0"),
        ("mipv6.csum", "4660"),
        ("mipv6.brr.reserved", "0"),
    ]);
}

/// RFC 7401, section 5.1: a zero bit before the type, a one behind version and reserved bits.
#[test]
fn hip_header_has_its_fixed_bits_and_tags() {
    let packet = packet(
        139,
        "3b 04 01 21 0000 0000
        20010020000000000000000000000001 20010020000000000000000000000002",
    );
    assert_eq!(packet.chain(), "ipv6 hip");
    packet.has(&[
        ("hip.shim6_fixed_bit_p", "false"),
        ("hip.packet_type", "1"),
        ("hip.version", "2"),
        ("hip.shim6_fixed_bit_s", "true"),
        ("hip.hit_sndr", "2001:20::1"),
        ("hip.hit_rcvr", "2001:20::2"),
    ]);
}

/// RFC 5533, section 5.1: P is 1, then 47 bits of context tag.
#[test]
fn shim6_payload_header_has_a_tag_of_47_bits() {
    let packet = packet(140, &format!("11 00 ff ff ffffffff {UDP}"));
    assert_eq!(packet.chain(), "ipv6 shim6 udp");
    packet.has(&[("shim6.p", "true"), ("shim6.ct", "140737488355327"), ("shim6.type", "-")]);
}

/// RFC 5533, section 5.2: P is 0, then the type.
#[test]
fn shim6_control_message_has_a_type() {
    let packet = packet(140, "3b 01 01 00 abcd 0000 0000000000000000");
    packet.has(&[
        ("shim6.p", "false"),
        ("shim6.type", "1"),
        ("shim6.checksum", "43981"),
        ("shim6.ct", "-"),
    ]);
}

/// RFC 8200, section 4.7: what follows 59 is not to be read.
#[test]
fn nothing_is_read_behind_no_next_header() {
    let packet = packet(59, UDP);
    assert_eq!(packet.chain(), "ipv6");
    assert_eq!(packet.stop(), None);
}

/// RFC 8200, section 4.1: the recommended order.
#[test]
fn all_extension_headers_in_the_recommended_order() {
    let packet = packet(
        0,
        &format!(
            "3c 00 0104 00000000  2b 00 0104 00000000  2c 00 fd 00 00000000
             33 00 0000 00000001  3c 01 0000 00000001 00000001  11 00 0104 00000000 {UDP}"
        ),
    );
    assert_eq!(
        packet.chain(),
        "ipv6 ipv6.hopopts ipv6.dstopts ipv6.routing ipv6.fraghdr ah ipv6.dstopts udp"
    );
}

#[test]
fn extension_headers_behind_ipv4_are_those_that_ipv4_may_carry() {
    let packet = raw("4500002c 00000000 40330000 0a000001 0a000002
        32 04 0000 00000100 00000007 000000000000000000000000");
    assert_eq!(packet.chain(), "ip ah");
}

/// RFC 6275, sections 6.1.7 and 6.2.5: a binding update with an alternate care-of address.
#[test]
fn binding_update_is_read_to_the_bit() {
    let option = "03 10 20010db8000000000000000000000009";
    let packet = packet(135, &format!("3b 03 05 00 1234 0007 c0 00 0004 0100 {option}"));
    assert_eq!(packet.chain(), "ipv6 mipv6");
    packet.has(&[
        ("mipv6.mhtype", "5"),
        ("mipv6.bu.seqnr", "7"),
        ("mipv6.bu.a_flag", "true"),
        ("mipv6.bu.h_flag", "true"),
        ("mipv6.bu.l_flag", "false"),
        ("mipv6.bu.lifetime", "16"),
        ("mipv6.opt.acoa", "2001:db8::9"),
    ]);
    assert_eq!(packet.all("mipv6.opt.type"), ["1", "3"]);
}

/// RFC 6275, sections 6.1.5 and 6.1.9.
#[test]
fn home_test_and_binding_error_are_read_to_the_bit() {
    let test = packet(135, "3b 02 03 00 1234 0009 0102030405060708 1112131415161718");
    test.has(&[
        ("mipv6.test.nonce_index", "9"),
        ("mipv6.test.cookie", "72623859790382856"),
        ("mipv6.test.token", "1230066625199609624"),
    ]);
    let error = packet(135, "3b 02 07 00 1234 01 00 20010db8000000000000000000000009");
    error.has(&[("mipv6.be.status", "1"), ("mipv6.be.haddr", "2001:db8::9")]);
}
