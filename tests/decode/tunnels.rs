//! IP in IP (RFC 2003, 4213, 2473), GRE (RFC 2784, 2890, 2637) and what else carries packets.

use ipeek::decode::{Reason, Role};

use crate::packets::{Decoded, hex, raw};

const UDP: &str = "1234 0035 0008 0000";

fn v4(proto: u8, payload: &str) -> String {
    let total = 20 + hex(payload).len();
    format!("4500{total:04x} 00000000 40{proto:02x}0000 c0000201 c0000202 {payload}")
}

fn v6(next: u8, payload: &str) -> String {
    let len = hex(payload).len();
    format!(
        "60000000 {len:04x} {next:02x} 40
        20010db8000000000000000000000001 20010db8000000000000000000000002 {payload}"
    )
}

fn roles(packet: &Decoded) -> Vec<Role> {
    let spans = packet.layers.spans().iter();
    let ip = spans.filter(|span| matches!(span.layer.header().name, "ip" | "ipv6"));
    ip.map(|span| span.role).collect()
}

#[test]
fn each_version_is_carried_in_each() {
    for (outer, chain) in [
        (v4(4, &v4(17, UDP)), "ip ip udp"),
        (v4(41, &v6(17, UDP)), "ip ipv6 udp"),
        (v6(4, &v4(17, UDP)), "ipv6 ip udp"),
        (v6(41, &v6(17, UDP)), "ipv6 ipv6 udp"),
    ] {
        let packet = raw(&outer);
        assert_eq!(packet.chain(), chain);
        assert_eq!(roles(&packet), [Role::Outer, Role::Tunnel]);
        assert_eq!(packet.stop(), None);
    }
}

/// Protocol 41 says IPv6; the version that stands there contradicts it.
#[test]
fn inner_header_of_another_version_is_malformed() {
    let packet = raw(&v4(41, &v4(17, UDP)));
    assert_eq!(packet.stop(), Some((Reason::Malformed, 20, 6, 4)));
}

#[test]
fn inner_packet_ends_where_the_outer_does() {
    // The inner total length claims 100 octets; the outer leaves 28.
    let inner = "45000064 00000000 40110000 0a000001 0a000002 1234003500500000";
    let packet = raw(&format!("{} eeeeeeee", v4(4, inner)));
    assert_eq!(packet.chain(), "ip ip udp");
    assert_eq!(packet.layers.end, 48);
}

#[test]
fn later_fragment_of_a_tunnel_shows_no_inner_header() {
    let inner = v4(17, UDP);
    let total = 20 + hex(&inner).len();
    let packet = raw(&format!("4500{total:04x} 00000001 40040000 c0000201 c0000202 {inner}"));
    assert_eq!(packet.chain(), "ip");
}

/// RFC 2784, section 2: no optional word.
#[test]
fn gre_without_options_is_four_octets() {
    let packet = raw(&v4(47, &format!("0000 0800 {}", v4(17, UDP))));
    assert_eq!(packet.chain(), "ip gre ip udp");
    assert_eq!(packet.ranges()[1], (20, 4));
    packet.has(&[("gre.proto", "2048"), ("gre.flags.version", "0"), ("gre.checksum", "-")]);
}

/// RFC 2784, section 2.1: checksum and reserved word.
#[test]
fn gre_checksum_brings_a_word() {
    let packet = raw(&v4(47, &format!("8000 86dd abcd 0000 {}", v6(17, UDP))));
    assert_eq!(packet.chain(), "ip gre ipv6 udp");
    packet.has(&[("gre.checksum", "43981"), ("gre.offset", "0"), ("gre.key", "-")]);
}

/// RFC 2890, sections 2.1 and 2.2.
#[test]
fn gre_key_and_sequence_bring_a_word_each() {
    let packet = raw(&v4(47, &format!("3000 0800 0000002a 00000007 {}", v4(17, UDP))));
    packet.has(&[("gre.key", "42"), ("gre.sequence_number", "7"), ("gre.checksum", "-")]);
    assert_eq!(packet.chain(), "ip gre ip udp");
    let packet = raw(&v4(47, &format!("1000 0800 00000007 {}", v4(17, UDP))));
    packet.has(&[("gre.key", "-"), ("gre.sequence_number", "7")]);
}

#[test]
fn gre_with_all_of_rfc_2890_keeps_their_order() {
    let words = "b000 0800 abcd0000 0000002a 00000007";
    let packet = raw(&v4(47, &format!("{words} {}", v4(17, UDP))));
    packet.has(&[
        ("gre.checksum", "43981"),
        ("gre.key", "42"),
        ("gre.sequence_number", "7"),
        ("gre.flags.checksum", "true"),
        ("gre.flags.routing", "false"),
    ]);
    assert_eq!(packet.chain(), "ip gre ip udp");
}

/// RFC 1701: source route entries end with one of length 0.
#[test]
fn gre_routing_is_skipped_to_its_empty_entry() {
    let routes = "0800 00 04 c0000203 0000 00 00";
    let packet = raw(&v4(47, &format!("4000 0800 00000004 {routes} {}", v4(17, UDP))));
    assert_eq!(packet.chain(), "ip gre ip udp");
    assert_eq!(packet.ranges()[1], (20, 20));
    packet.has(&[("gre.offset", "4"), ("gre.flags.routing", "true")]);
}

/// RFC 2637, section 4.1: key holds payload length and call ID, acknowledgement comes last.
#[test]
fn gre_version_1_has_a_call_and_an_acknowledgement() {
    let ppp = format!("ff03 0021 {}", v4(17, UDP));
    let len = hex(&ppp).len();
    let packet = raw(&v4(47, &format!("3081 880b {len:04x} 0005 00000001 00000002 {ppp}")));
    assert_eq!(packet.chain(), "ip gre ppp ip udp");
    packet.has(&[
        ("gre.flags.version", "1"),
        ("gre.flags.ack", "true"),
        ("gre.key.payload_length", "32"),
        ("gre.key.call_id", "5"),
        ("gre.sequence_number", "1"),
        ("gre.ack_number", "2"),
        ("gre.key", "-"),
    ]);
}

/// RFC 2637, section 4.1: without a sequence number there is no payload.
#[test]
fn gre_version_1_may_be_an_acknowledgement_alone() {
    let packet = raw(&v4(47, "2081 880b 0000 0005 00000002"));
    assert_eq!(packet.chain(), "ip gre");
    packet.has(&[("gre.ack_number", "2"), ("gre.sequence_number", "-")]);
    assert_eq!(packet.stop(), None);
}

/// RFC 2890: a bit of version 1 brings no word in version 0.
#[test]
fn gre_acknowledgement_bit_counts_in_version_1_only() {
    let packet = raw(&v4(47, &format!("0080 0800 {}", v4(17, UDP))));
    assert_eq!(packet.ranges()[1], (20, 4));
    assert_eq!(packet.chain(), "ip gre ip udp");
}

/// RFC 1701 called it transparent Ethernet bridging.
#[test]
fn gre_carries_ethernet() {
    let frame = format!("020000000002 020000000001 0800 {}", v4(17, UDP));
    let packet = raw(&v4(47, &format!("0000 6558 {frame}")));
    assert_eq!(packet.chain(), "ip gre eth ip udp");
    assert_eq!(roles(&packet), [Role::Outer, Role::Tunnel]);
}

#[test]
fn gre_that_is_cut_says_what_it_needs() {
    let whole = raw(&v4(47, &format!("b000 0800 abcd0000 0000002a 00000007 {}", v4(17, UDP))));
    assert_eq!(whole.cut(30).stop(), Some((Reason::Truncated, 20, 16, 10)));
    whole.cut(30).has(&[("gre.checksum", "43981"), ("gre.key", "-")]);
}

/// RFC 4023, section 3: MPLS right behind IP.
#[test]
fn mpls_in_ip_is_protocol_137() {
    let packet = raw(&v4(137, &format!("00064140 {}", v4(17, UDP))));
    assert_eq!(packet.chain(), "ip mpls ip udp");
}

/// RFC 8986, section 4.9: protocol 143 is Ethernet.
#[test]
fn ethernet_in_ip_is_protocol_143() {
    let frame = format!("020000000002 020000000001 86dd {}", v6(17, UDP));
    assert_eq!(raw(&v6(143, &frame)).chain(), "ipv6 eth ipv6 udp");
}

#[test]
fn ninth_ip_header_is_too_deep() {
    let mut packet = v4(17, UDP);
    for _ in 0..7 {
        packet = v4(4, &packet);
    }
    let eight = raw(&packet);
    assert_eq!((eight.layers.spans().len(), eight.stop()), (9, None));
    let nine = raw(&v4(4, &packet));
    assert_eq!(nine.layers.spans().len(), 8);
    assert_eq!(nine.stop(), Some((Reason::TooDeep, 160, 0, 0)));
}

#[test]
fn seventeenth_extension_header_is_too_deep() {
    let chain = |count: usize| "3c 00 0104 00000000".repeat(count - 1) + "11 00 0104 00000000";
    let sixteen = raw(&v6(60, &format!("{} {UDP}", chain(16))));
    assert_eq!((sixteen.layers.spans().len(), sixteen.stop()), (18, None));
    let seventeen = raw(&v6(60, &format!("{} {UDP}", chain(17))));
    assert_eq!(seventeen.stop(), Some((Reason::TooDeep, 40 + 16 * 8, 0, 0)));
}

#[test]
fn thirteenth_tag_is_too_deep() {
    let frame = |labels: usize| {
        let stack = "00064040".repeat(labels - 1) + "00064140";
        crate::packets::decode(1, &format!("020000000002020000000001 8847 {stack} {}", v4(17, UDP)))
    };
    assert_eq!(frame(12).stop(), None);
    assert_eq!(frame(13).stop(), Some((Reason::TooDeep, 14 + 12 * 4, 0, 0)));
}

/// A header of PPI is up to 65,535 octets long: here one field of nothing, then 802.11.
#[test]
fn header_that_begins_beyond_65535_octets_is_too_deep() {
    let mut bytes = hex("00 00 ffff 69000000 0300 f3ff");
    bytes.resize(65_535, 0);
    bytes.extend(hex("0801 0000 ffffffffffff 020000000001 020000000002 1000"));
    bytes.extend(hex("aaaa03 000000 0800"));
    bytes.extend(hex(&v4(17, UDP)));
    let packet = Decoded::of(crate::packets::Owned::new(192, bytes));
    assert_eq!(packet.chain(), "ppi wlan");
    assert_eq!(packet.stop(), Some((Reason::TooDeep, 65_535 + 24, 0, 0)));
}

/// draft-foschiano-erspan-03, section 4: type I has no header, types II and III tell by version.
#[test]
fn erspan_of_all_types_carries_ethernet() {
    let frame = format!("020000000001 020000000002 0800 {}", v4(17, UDP));
    let chain = |gre: &str| raw(&v4(47, &format!("{gre} {frame}"))).chain();
    assert_eq!(chain("0000 88be"), "ip gre eth ip udp");
    assert_eq!(chain("1000 88be 00000001 100a0405 0000000f"), "ip gre erspan eth ip udp");
    assert_eq!(chain("1000 22eb 00000001 20010005 00000001 0000 8000"), "ip gre erspan eth ip udp");
    let platform = "1000 22eb 00000001 20010005 00000001 0000 8001 0c00000000000007";
    assert_eq!(chain(platform), "ip gre erspan eth ip udp");
    let packet = raw(&v4(47, &format!("1000 88be 00000001 100af405 0000000f {frame}")));
    packet.has(&[
        ("erspan.version", "1"),
        ("erspan.vlan", "10"),
        ("erspan.cos", "7"),
        ("erspan.encap", "2"),
        ("erspan.truncated", "true"),
        ("erspan.spanid", "5"),
        ("erspan.index", "15"),
    ]);
    let packet = raw(&v4(47, &format!("{platform} {frame}")));
    packet.has(&[
        ("erspan.timestamp", "1"),
        ("erspan.ft", "0"),
        ("erspan.p", "true"),
        ("erspan.o", "true"),
        ("erspan.platid", "3"),
        ("erspan.platform.info", "7"),
    ]);
}

/// RFC 3378, section 3; RFC 2004, section 3; RFC 3173, section 3.3; RFC 3931, section 4.1.1.1.
#[test]
fn protocols_of_ip_that_carry_packets() {
    let frame = format!("020000000001 020000000002 0800 {}", v4(17, UDP));
    for (proto, payload, chain) in [
        (97, format!("3000 {frame}"), "ip etherip eth ip udp"),
        (97, format!("2000 {frame}"), "ip etherip"),
        (55, format!("11 00 0000 0a000009 {UDP}"), "ip min_encap udp"),
        (55, format!("11 80 0000 0a000009 0a000008 {UDP}"), "ip min_encap udp"),
        (108, "04 00 0002 eeee".to_owned(), "ip ipcomp"),
        (115, format!("00000007 {frame}"), "ip l2tpv3"),
        (103, format!("21 00 dead 00000000 {}", v4(17, UDP)), "ip pim ip udp"),
        (103, format!("21 00 dead 40000000 {}", v4(103, "")), "ip pim ip"),
        (103, format!("20 00 dead 00010002 0069 {UDP}"), "ip pim"),
        (47, format!("0000 883e 00000102 {}", v4(17, UDP)), "ip gre gre.wccp ip udp"),
        (47, format!("0000 883e {}", v4(17, UDP)), "ip gre ip udp"),
    ] {
        assert_eq!(raw(&v4(proto, &payload)).chain(), chain, "{proto}: {payload}");
    }
    let packet = raw(&v4(55, &format!("11 80 0000 0a000009 0a000008 {UDP}")));
    packet.has(&[("min_encap.dst", "10.0.0.9"), ("min_encap.src", "10.0.0.8")]);
}

/// RFC 2332, section 5.2: an indication's packet travelled before it.
#[test]
fn traffic_indication_of_nhrp_quotes_a_packet() {
    let fixed = "0001 0800 0000000000 ff 0060 0000 0000 01 08 04 00";
    let mandatory = "04 04 0000 0000 0000 c0000201 0a000001 0a000002";
    let packet = raw(&v4(47, &format!("0000 2001 {fixed} {mandatory} {}", v4(17, UDP))));
    assert_eq!(packet.chain(), "ip gre nhrp ip? udp");
    assert_eq!(roles(&packet), [Role::Outer, Role::Quoted]);
    packet.has(&[
        ("nhrp.hdr.op.type", "8"),
        ("nhrp.hdr.hopcnt", "255"),
        ("nhrp.src.prot.len", "4"),
    ]);
    let request = fixed.replace("01 08 04", "01 01 04");
    let packet = raw(&v4(47, &format!("0000 2001 {request} {mandatory}")));
    assert_eq!(packet.chain(), "ip gre nhrp");
}

/// GRE as `MikroTik`'s routers send it: key and version 1, protocol 0x6400, then the octets that
/// follow and the tunnel's number, that one least significant octet first.
#[test]
fn ethernet_over_ip_of_mikrotik_carries_frames() {
    let frame = format!("020000000001 020000000002 0800 {}", v4(17, UDP));
    let packet = raw(&v4(47, &format!("2001 6400 002a 0100 {frame}")));
    assert_eq!(packet.chain(), "ip gre eoip eth ip udp");
    assert_eq!((packet.stop(), packet.layers.end), (None, 70));
    packet.has(&[("gre.key.payload_length", "42"), ("eoip.tunnel_id", "1"), ("gre.key", "-")]);
    // An empty one keeps the tunnel alive.
    let alive = raw(&v4(47, "2001 6400 0000 0100"));
    assert_eq!((alive.chain().as_str(), alive.stop()), ("ip gre eoip", None));
}
