//! What a frame begins with: every link type, tag and label.

use ipeek::decode::Reason;

use crate::packets::{decode, hex};

const V4: &str = "4500001c 00000000 40110000 c0000201 c0000202 1234003500080000";
const V6: &str = "60000000 0008 11 40
    20010db8000000000000000000000001 20010db8000000000000000000000002 1234003500080000";
const MACS: &str = "02 00 00 00 00 02  02 00 00 00 00 01";

fn chain(link: u16, octets: &str) -> String {
    decode(link, octets).chain()
}

#[test]
fn ethernet_ii_has_a_type() {
    let frame = decode(1, &format!("{MACS} 0800 {V4}"));
    assert_eq!(frame.chain(), "eth ip udp");
    frame.has(&[
        ("eth.dst", "02:00:00:00:00:02"),
        ("eth.src", "02:00:00:00:00:01"),
        ("eth.type", "2048"),
        ("eth.len", "-"),
    ]);
    assert_eq!(chain(1, &format!("{MACS} 86dd {V6}")), "eth ipv6 udp");
}

/// IEEE 802.3, clause 3.2.6: up to 1500 it is a length; RFC 1042: SNAP with organisation 0.
#[test]
fn ieee_802_3_has_a_length_and_snap_a_type() {
    let frame = decode(1, &format!("{MACS} 0024 aa aa 03 000000 0800 {V4} eeee"));
    assert_eq!(frame.chain(), "eth llc ip udp");
    frame.has(&[
        ("eth.len", "36"),
        ("eth.type", "-"),
        ("llc.dsap", "170"),
        ("llc.ssap", "170"),
        ("llc.control", "3"),
        ("llc.oui", "0"),
        ("llc.type", "2048"),
    ]);
}

/// RFC 948: IP right behind LLC.
#[test]
fn access_point_6_is_ip() {
    assert_eq!(chain(1, &format!("{MACS} 001f 06 06 03 {V4}")), "eth llc ip udp");
}

#[test]
fn spanning_tree_is_not_ip() {
    let frame = decode(1, &format!("{MACS} 0026 42 42 03 {}", "00".repeat(35)));
    assert_eq!(frame.chain(), "eth llc");
    assert_eq!(frame.stop(), None);
    assert_eq!(frame.layers.place(), ipeek::decode::Place::NonIp);
}

/// IEEE 802.2, clause 5.2: a control field that does not end in 11 has two octets.
#[test]
fn numbered_llc_frame_has_a_control_of_two_octets() {
    let frame = decode(1, &format!("{MACS} 0004 f0 f0 00 01"));
    frame.has(&[("llc.control", "1")]);
    assert_eq!(frame.range_of(ipeek::wire::Layer::Llc), (14, 4));
}

#[test]
fn novell_802_3_has_no_llc() {
    assert_eq!(chain(1, &format!("{MACS} 0020 ffff {}", "00".repeat(30))), "eth");
}

/// IEEE 802.1Q, clause 9.6: three bits of priority, one of eligibility, twelve of identifier.
#[test]
fn vlan_tag_has_priority_eligibility_and_identifier() {
    let frame = decode(1, &format!("{MACS} 8100 b02a 0800 {V4}"));
    assert_eq!(frame.chain(), "eth vlan ip udp");
    frame.has(&[
        ("vlan.priority", "5"),
        ("vlan.dei", "true"),
        ("vlan.id", "42"),
        ("vlan.etype", "2048"),
    ]);
}

#[test]
fn tags_stack_in_all_their_types() {
    for outer in ["88a8", "8100", "9100", "9200", "9300"] {
        let frame = decode(1, &format!("{MACS} {outer} 0064 8100 002a 86dd {V6}"));
        assert_eq!(frame.chain(), "eth vlan vlan ipv6 udp");
        assert_eq!(frame.all("vlan.id"), ["100", "42"]);
    }
}

#[test]
fn tagged_802_3_has_a_length_and_llc() {
    let frame = decode(1, &format!("{MACS} 8100 002a 0024 aaaa03 000000 0800 {V4} eeee"));
    assert_eq!(frame.chain(), "eth vlan llc ip udp");
}

#[test]
fn arp_has_its_addresses_for_ipv4_over_ethernet() {
    let frame = decode(
        1,
        "ffffffffffff 020000000001 0806
        0001 0800 06 04 0001 020000000001 c0000201 000000000000 c0000202 0000",
    );
    assert_eq!(frame.chain(), "eth arp");
    frame.has(&[
        ("arp.opcode", "1"),
        ("arp.src.hw_mac", "02:00:00:00:00:01"),
        ("arp.src.proto_ipv4", "192.0.2.1"),
        ("arp.dst.proto_ipv4", "192.0.2.2"),
    ]);
    assert_eq!(frame.range_of(ipeek::wire::Layer::Arp), (14, 28));
}

/// RFC 3032, section 2.1: twenty bits of label, three of class, one for the bottom, eight of TTL.
#[test]
fn mpls_label_has_its_four_fields() {
    let frame = decode(1, &format!("{MACS} 8847 12345aff 0006417f {V4}"));
    assert_eq!(frame.chain(), "eth mpls mpls ip udp");
    assert_eq!(frame.all("mpls.label"), ["74565", "100"]);
    assert_eq!(frame.all("mpls.exp"), ["5", "0"]);
    assert_eq!(frame.all("mpls.bottom"), ["false", "true"]);
    assert_eq!(frame.all("mpls.ttl"), ["255", "127"]);
}

/// RFC 4928, section 3: a first nibble that is neither 4 nor 6 is no IP.
#[test]
fn control_word_below_labels_is_not_ip() {
    let frame = decode(1, &format!("{MACS} 8847 0006417f 00000000 {MACS} 0800 {V4}"));
    assert_eq!(frame.chain(), "eth mpls pwethcw eth ip udp");
    assert_eq!(frame.stop(), None);
}

/// RFC 2516, section 4: the length ends the payload.
#[test]
fn pppoe_session_carries_ppp() {
    let frame = decode(1, &format!("{MACS} 8864 11 00 1234 001e 0021 {V4} eeee"));
    assert_eq!(frame.chain(), "eth pppoe ppp ip udp");
    frame.has(&[
        ("pppoe.version", "1"),
        ("pppoe.type", "1"),
        ("pppoe.code", "0"),
        ("pppoe.session_id", "4660"),
        ("pppoe.payload_length", "30"),
        ("ppp.protocol", "33"),
    ]);
    assert_eq!(chain(51, &format!("11 00 1234 0032 0057 {V6}")), "pppoe ppp ipv6 udp");
}

#[test]
fn linux_cooked_capture_has_a_type_and_a_sender() {
    let frame = decode(113, &format!("0004 0001 0006 0200000000010000 0800 {V4}"));
    assert_eq!(frame.chain(), "sll ip udp");
    frame.has(&[
        ("sll.pkttype", "4"),
        ("sll.hatype", "1"),
        ("sll.halen", "6"),
        ("sll.src", "0200000000010000"),
        ("sll.etype", "2048"),
    ]);
}

#[test]
fn linux_cooked_capture_version_2_has_an_interface() {
    let frame = decode(276, &format!("86dd 0000 00000003 0001 00 06 0200000000010000 {V6}"));
    assert_eq!(frame.chain(), "sll ipv6 udp");
    frame.has(&[
        ("sll.etype", "34525"),
        ("sll.ifindex", "3"),
        ("sll.hatype", "1"),
        ("sll.pkttype", "0"),
    ]);
}

#[test]
fn netlink_in_a_cooked_capture_is_not_ip() {
    assert_eq!(chain(113, &format!("0004 0338 0000 0000000000000000 0800 {V4}")), "sll");
}

#[test]
fn null_has_a_family_in_either_byte_order() {
    for (family, packet, chain) in [
        ("02000000", V4, "null ip udp"),
        ("00000002", V4, "null ip udp"),
        ("18000000", V6, "null ipv6 udp"), // NetBSD, OpenBSD
        ("1c000000", V6, "null ipv6 udp"), // FreeBSD
        ("1e000000", V6, "null ipv6 udp"), // macOS
        ("0000001e", V6, "null ipv6 udp"),
        ("07000000", V4, "null"),
    ] {
        let frame = decode(0, &format!("{family} {packet}"));
        assert_eq!(frame.chain(), chain, "{family}");
    }
    decode(0, &format!("1e000000 {V6}")).has(&[("null.family_le", "30"), ("null.family", "-")]);
    decode(0, &format!("00000002 {V4}")).has(&[("null.family", "2"), ("null.family_le", "-")]);
}

#[test]
fn loop_has_a_family_in_network_order() {
    assert_eq!(chain(108, &format!("00000002 {V4}")), "null ip udp");
    assert_eq!(chain(108, &format!("00000018 {V6}")), "null ipv6 udp");
}

#[test]
fn raw_packets_are_told_by_their_version() {
    for link in [12, 14, 101] {
        assert_eq!(chain(link, V4), "ip udp");
        assert_eq!(chain(link, V6), "ipv6 udp");
    }
    assert_eq!(chain(228, V4), "ip udp");
    assert_eq!(chain(229, V6), "ipv6 udp");
}

/// RFC 1662, section 3.1 and RFC 1661, section 6.5: framing and half of the protocol may be left
/// out.
#[test]
fn ppp_comes_with_framing_or_without_and_with_a_short_protocol() {
    for link in [9, 50] {
        for (head, len) in [("ff03 0021", 4), ("0021", 2), ("ff03 21", 3), ("21", 1)] {
            let frame = decode(link, &format!("{head} {V4}"));
            assert_eq!(frame.chain(), "ppp ip udp", "{head}");
            assert_eq!(frame.ranges()[0], (0, len), "{head}");
            frame.has(&[("ppp.protocol", "33")]);
        }
    }
    assert_eq!(chain(9, &format!("ff03 0057 {V6}")), "ppp ipv6 udp");
    assert_eq!(chain(9, &format!("ff03 0281 0006417f {V4}")), "ppp mpls ip udp");
    assert_eq!(chain(9, "ff03 c021 0901 0008 00000000"), "ppp");
}

#[test]
fn cisco_hdlc_has_an_ethertype() {
    let frame = decode(104, &format!("0f 00 0800 {V4}"));
    assert_eq!(frame.chain(), "chdlc ip udp");
    frame.has(&[("chdlc.address", "15"), ("chdlc.protocol", "2048")]);
    assert_eq!(chain(104, &format!("ff03 0021 {V4}")), "ppp ip udp");
}

#[test]
fn link_type_without_a_row_is_unknown() {
    let frame = decode(147, V4);
    assert_eq!(frame.stop(), Some((Reason::Unknown, 0, 0, 147)));
    assert_eq!(frame.layers.place(), ipeek::decode::Place::Undecoded);
}

#[test]
fn ethertype_without_a_row_is_not_ip() {
    let frame = decode(1, &format!("{MACS} 1234 {V4}"));
    assert_eq!(frame.chain(), "eth");
    assert_eq!(frame.layers.place(), ipeek::decode::Place::NonIp);
}

#[test]
fn frame_that_is_cut_in_its_first_header_is_undecoded() {
    for (link, needs) in [(1, 14), (113, 16), (276, 20), (104, 4), (0, 4)] {
        let whole = decode(link, &"02".repeat(60));
        for captured in 1..3 {
            let cut = whole.cut(captured);
            let (reason, offset, asked, has) = cut.stop().unwrap();
            assert_eq!((reason, offset), (Reason::Truncated, 0), "{link}");
            assert_eq!(has, u32::try_from(captured).unwrap());
            assert!(asked <= needs && asked > has, "{link}: {asked}");
            assert_eq!(cut.layers.place(), ipeek::decode::Place::Undecoded);
        }
    }
    assert_eq!(hex(MACS).len(), 12);
}
