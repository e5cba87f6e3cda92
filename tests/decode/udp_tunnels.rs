//! Tunnels over UDP, laid out as their specifications draw them.

use ipeek::decode::{Reason, Role};

use crate::packets::{Decoded, hex, raw};

/// An IPv4 packet of 28 octets, UDP inside.
const INNER: &str = "4500001c 00000000 40110000 0a000001 0a000002 9c41000700080000";
/// An IPv6 packet of 48 octets, UDP inside.
const INNER6: &str = "60000000 00081140
    20010db8000000000000000000000001 20010db8000000000000000000000002 9c41000700080000";
const MACS: &str = "020000000001 020000000002";

/// A datagram to `port` in IPv4.
fn to(port: u16, payload: &str) -> Decoded {
    let octets = hex(payload).len();
    let (total, length) = (octets + 28, octets + 8);
    raw(&format!(
        "4500{total:04x} 00000000 40110000 c0000201 c0000202 c350{port:04x}{length:04x}0000 {payload}"
    ))
}

fn chain(port: u16, payload: &str) -> String {
    let packet = to(port, payload);
    assert_eq!(packet.stop(), None, "{payload}");
    packet.chain()
}

/// RFC 7348, section 5.
#[test]
fn vxlan_carries_ethernet_whatever_its_reserved_bits_say() {
    let packet = to(4789, &format!("08000000 12345600 {MACS} 0800 {INNER}"));
    assert_eq!(packet.chain(), "ip udp vxlan eth ip udp");
    packet.has(&[("vxlan.flags.vni", "true"), ("vxlan.vni", "1193046")]);
    assert_eq!(
        chain(4789, &format!("ffffffff 123456ff {MACS} 86dd {INNER6}")),
        "ip udp vxlan eth ipv6 udp"
    );
}

/// draft-smith-vxlan-group-policy-05, section 2.
#[test]
fn vxlan_group_policy_is_read_bit_by_bit() {
    let packet = to(4789, &format!("88480007 00000100 {MACS} 0800 {INNER}"));
    packet.has(&[
        ("vxlan.flags.gbp_extension", "true"),
        ("vxlan.flags.dont_learn", "true"),
        ("vxlan.flags.policy_applied", "true"),
        ("vxlan.gbp", "7"),
        ("vxlan.vni", "1"),
    ]);
}

/// draft-ietf-nvo3-vxlan-gpe-13, section 3.
#[test]
fn vxlan_gpe_says_what_it_carries() {
    for (head, payload, expected) in [
        ("0c000001", INNER.to_owned(), "ip udp vxlan_gpe ip udp"),
        ("0c000002", INNER6.to_owned(), "ip udp vxlan_gpe ipv6 udp"),
        ("0c000003", format!("{MACS} 0800 {INNER}"), "ip udp vxlan_gpe eth ip udp"),
        ("0c000005", format!("000641ff {INNER}"), "ip udp vxlan_gpe mpls ip udp"),
        ("08000000", format!("{MACS} 0800 {INNER}"), "ip udp vxlan_gpe eth ip udp"),
        // Frame 618 of arkime's tests: no flag says so.
        ("08000001", INNER.to_owned(), "ip udp vxlan_gpe ip udp"),
        ("0c0000fe", INNER.to_owned(), "ip udp vxlan_gpe"),
    ] {
        assert_eq!(chain(4790, &format!("{head} 00000100 {payload}")), expected, "{head}");
    }
}

/// RFC 8926, sections 3.4 and 3.5: two options, of eight octets and of four.
#[test]
fn geneve_options_are_shown_to_the_bit() {
    let options = "0102 80 01 000003e9  ffff 01 20";
    let packet = to(6081, &format!("03 40 6558 00abcd00 {options} {MACS} 0800 {INNER}"));
    assert_eq!(packet.chain(), "ip udp geneve eth ip udp");
    assert_eq!(packet.ranges()[2], (28, 20));
    packet.has(&[
        ("geneve.options_length", "12"),
        ("geneve.flags.critical", "true"),
        ("geneve.flags.oam", "false"),
        ("geneve.proto_type", "25944"),
        ("geneve.vni", "43981"),
    ]);
    assert_eq!(packet.all("geneve.option.class"), ["258", "65535"]);
    assert_eq!(packet.all("geneve.option.type_critical"), ["true", "false"]);
    assert_eq!(packet.all("geneve.option.length"), ["4", "0"]);
    assert_eq!(chain(6081, &format!("00 00 0800 00000100 {INNER}")), "ip udp geneve ip udp");
    assert_eq!(chain(6081, &format!("40 00 0800 00000100 {INNER}")), "ip udp", "another version");
}

/// 3GPP TS 29.281, sections 5.1 and 5.2.
#[test]
fn gtp_carries_a_users_packet_behind_optional_octets_and_extensions() {
    assert_eq!(chain(2152, &format!("30 ff 001c 11223344 {INNER}")), "ip udp gtp ip udp");
    assert_eq!(chain(2152, &format!("30 ff 0030 11223344 {INNER6}")), "ip udp gtp ipv6 udp");
    let packet = to(2152, &format!("32 ff 0020 11223344 0102 03 00 {INNER}"));
    assert_eq!(packet.chain(), "ip udp gtp ip udp");
    packet.has(&[
        ("gtp.flags.version", "1"),
        ("gtp.flags.s", "true"),
        ("gtp.message", "255"),
        ("gtp.length", "32"),
        ("gtp.teid", "287454020"),
        ("gtp.seq_number", "258"),
        ("gtp.npdu_number", "3"),
    ]);
    // A PDU session container, then a PDCP number of two units.
    let extensions = "01 1001 c0  02 aabbccddeeff 00";
    let packet = to(2152, &format!("34 ff 002c 11223344 0000 00 85 {extensions} {INNER}"));
    assert_eq!(packet.chain(), "ip udp gtp gtp.ext_hdr gtp.ext_hdr ip udp");
    assert_eq!(packet.ranges()[2..5], [(28, 12), (40, 4), (44, 8)]);
    assert_eq!(packet.all("gtp.ext_hdr.length"), ["4", "8"]);
    assert_eq!(packet.all("gtp.ext_hdr.next"), ["192", "0"]);
}

/// Other messages, GTP prime (TS 32.295: the bit behind the version is clear) and version 2.
#[test]
fn gtp_without_a_users_packet_carries_none() {
    assert_eq!(chain(2152, &format!("32 01 0020 00000000 0001 00 00 {INNER}")), "ip udp gtp");
    assert_eq!(chain(2152, &format!("20 ff 001c 00000000 {INNER}")), "ip udp");
    assert_eq!(chain(2123, &format!("48 20 0020 00000000 00000100 {INNER}")), "ip udp");
    // GSM 09.60, section 6: twenty octets.
    let version_0 = "1e ff 001c 0001 0002 ff ffffff 1122334455667788";
    assert_eq!(chain(3386, &format!("{version_0} {INNER}")), "ip udp gtp ip udp");
    let extension_of_nothing =
        to(2152, &format!("34 ff 0024 00000000 0000 00 85 00 100100 {INNER}"));
    assert_eq!(extension_of_nothing.stop(), Some((Reason::Malformed, 40, 1, 0)));
}

/// RFC 4380, section 5.1.1: both indications, authentication first.
#[test]
fn teredo_indications_stand_before_ipv6() {
    let auth = "0001 02 03 aabb ccddee 0102030405060708 00";
    let origin = "0000 63bf 3ffffdfe";
    let packet = to(3544, &format!("{auth} {origin} {INNER6}"));
    assert_eq!(packet.chain(), "ip udp teredo ipv6 udp");
    assert_eq!(packet.ranges()[2], (28, 26));
    packet.has(&[
        ("teredo.auth_idlen", "2"),
        ("teredo.auth_aulen", "3"),
        ("teredo.auth_conf", "0"),
        ("teredo.orig_port", "25535"),
        ("teredo.orig_addr", "1073741310"),
    ]);
    assert_eq!(chain(3544, &format!("{origin} {INNER6}")), "ip udp teredo ipv6 udp");
    assert_eq!(chain(3544, INNER6), "ip udp ipv6 udp");
    assert_eq!(chain(3544, INNER), "ip udp", "IPv4 is not Teredo");
    assert_eq!(chain(3544, "ffff ffff"), "ip udp");
}

/// draft-massar-v6ops-ayiya-02, section 4: an identity of sixteen octets, a signature of twenty.
#[test]
fn ayiya_forwards_behind_identity_and_signature() {
    let identity = "20010db8000000000000000000000009";
    let signature = "00".repeat(20);
    let packet = to(5072, &format!("41 52 11 29 65a00000 {identity} {signature} {INNER6}"));
    assert_eq!(packet.chain(), "ip udp ayiya ipv6 udp");
    assert_eq!(packet.ranges()[2], (28, 44));
    packet.has(&[
        ("ayiya.idlen", "4"),
        ("ayiya.idtype", "1"),
        ("ayiya.siglen", "20"),
        ("ayiya.hshmeth", "2"),
        ("ayiya.authmeth", "1"),
        ("ayiya.opcode", "1"),
        ("ayiya.nextheader", "41"),
    ]);
    assert_eq!(
        chain(5072, &format!("41 52 10 3b 65a00000 {identity} {signature}")),
        "ip udp ayiya"
    );
}

/// RFC 2661, section 3.1: every optional field, and an offset of two octets.
#[test]
fn l2tp_data_carries_ppp() {
    let ppp = format!("ff03 0021 {INNER}");
    assert_eq!(chain(1701, &format!("0002 0001 0002 {ppp}")), "ip udp l2tp ppp ip udp");
    let packet = to(1701, &format!("4a02 0030 0001 0002 0003 0004 0002 eeee {ppp}"));
    assert_eq!(packet.chain(), "ip udp l2tp ppp ip udp");
    assert_eq!(packet.ranges()[2], (28, 16));
    packet.has(&[
        ("l2tp.length_bit", "true"),
        ("l2tp.version", "2"),
        ("l2tp.length", "48"),
        ("l2tp.tunnel", "1"),
        ("l2tp.session", "2"),
        ("l2tp.Ns", "3"),
        ("l2tp.Nr", "4"),
        ("l2tp.offset", "2"),
    ]);
}

/// RFC 2661, section 3.1; RFC 3931, sections 3.2.1 and 4.1.2.1.
#[test]
fn l2tp_control_and_version_3_carry_nothing_that_is_told() {
    let control = to(1701, "c802 0014 0001 0000 0000 0001 8008 0000 0000 0001");
    assert_eq!(control.chain(), "ip udp l2tp");
    control.has(&[("l2tp.type", "true"), ("l2tp.Nr", "1")]);
    let third = to(1701, "c803 000c 0000002a 0001 0002");
    third.has(&[("l2tp.ccid", "42"), ("l2tp.Ns", "1"), ("l2tp.Nr", "2")]);
    to(1701, &format!("0003 0000 00000007 {INNER}")).has(&[("l2tp.sid", "7")]);
    let lie = to(1701, &format!("4002 0004 0001 0002 {INNER}"));
    assert_eq!(lie.stop(), Some((Reason::Malformed, 30, 8, 4)));
}

/// RFC 5415, section 4.3.
#[test]
fn capwap_carries_ethernet_unless_fragmented_encrypted_or_alive() {
    let packet = to(5247, &format!("00 100200 0000 0000 {MACS} 0800 {INNER}"));
    assert_eq!(packet.chain(), "ip udp capwap eth ip udp");
    packet.has(&[
        ("capwap.header.length", "8"),
        ("capwap.header.wbid", "1"),
        ("capwap.header.flags.t", "false"),
    ]);
    // Radio address of six octets and wireless information of four, each padded to four.
    let head = "00 300230 0000 0000 06 0200000000aa 00 04 aabbccdd 000000";
    let packet = to(5247, &format!("{head} {MACS} 0800 {INNER}"));
    assert_eq!(packet.chain(), "ip udp capwap eth ip udp");
    packet.has(&[("capwap.mac_length", "6"), ("capwap.wireless_length", "4")]);
    for head in ["00 100280 0001 0000", "00 100208 0000 0000", "01 000000"] {
        assert_eq!(chain(5247, &format!("{head} {MACS} 0800 {INNER}")), "ip udp capwap", "{head}");
    }
}

/// RFC 5416, section 2.2, and a DHCP client's frame as an access point of Cisco's make hands it on:
/// tshark has it as data to the distribution system.
#[test]
fn capwap_carries_802_11_with_its_frame_control_swapped_or_not() {
    let head = "00 204320 0000 0000 0104ed4d 00000000";
    let frame = "2c00 580a2069 0e20 1caba7f2139d ffffffffffff 0000 aaaa03 000000 0800";
    let types = [("wlan.fc.version", "0"), ("wlan.fc.type", "2"), ("wlan.fc.subtype", "0")];
    let flags = [("wlan.fc.tods", "true"), ("wlan.fc.fromds", "false"), ("wlan.fc.retry", "false")];
    let rest = [("wlan.duration", "44"), ("wlan.ta", "1c:ab:a7:f2:13:9d"), ("wlan.frag", "0")];
    for control in ["0108", "0801"] {
        let packet = to(5247, &format!("{head} {control} {frame} {INNER}"));
        assert_eq!(packet.chain(), "ip udp capwap wlan llc ip udp", "{control}");
        packet.has(&[types, flags, rest].concat());
    }
    // A probe's request, swapped: read as it stands it would be an association's with flags.
    let packet = to(5247, &format!("{head} 0040 {frame}"));
    assert_eq!(packet.chain(), "ip udp capwap wlan");
    packet.has(&[("wlan.fc.type", "0"), ("wlan.fc.subtype", "4"), ("wlan.fc.protected", "false")]);
}

/// RFC 9300, section 5.1; RFC 8061, section 5; RFC 9301, section 5.8.
#[test]
fn lisp_carries_ip_unless_encrypted() {
    assert_eq!(chain(4341, &format!("88000001 00000100 {INNER}")), "ip udp lisp-data ip udp");
    assert_eq!(chain(4341, &format!("88000001 00000100 {INNER6}")), "ip udp lisp-data ipv6 udp");
    assert_eq!(chain(4341, &format!("8b000001 00000100 {INNER}")), "ip udp lisp-data");
    assert_eq!(chain(4342, &format!("80000000 {INNER}")), "ip udp lisp ip udp");
    assert_eq!(chain(4342, &format!("10000000 {INNER}")), "ip udp");
}

/// RFC 7510; RFC 3948, sections 2.1 to 2.3.
#[test]
fn labels_and_esp_stand_in_udp_without_a_header_of_their_own() {
    assert_eq!(chain(6635, &format!("000641ff {INNER}")), "ip udp mpls ip udp");
    assert_eq!(chain(4500, "00000100 00000001 eeeeeeee"), "ip udp esp");
    assert_eq!(chain(4500, "00000000 0011223344556677"), "ip udp udpencap");
    assert_eq!(chain(4500, "ff"), "ip udp udpencap");
}

#[test]
fn tzsp_carries_the_frame_behind_its_tags() {
    let packet = to(37008, &format!("01 00 0001 0a01c4 00 1201 06 01 {MACS} 0800 {INNER}"));
    assert_eq!(packet.chain(), "ip udp tzsp eth ip udp");
    packet.has(&[("tzsp.encap", "1")]);
    assert_eq!(packet.all("tzsp.tag.type"), ["10", "0", "18", "1"]);
    assert_eq!(chain(37008, "01 04 0001 01"), "ip udp tzsp");
    let endless = to(37008, &format!("01 00 0001 {}", "00".repeat(80)));
    assert_eq!(endless.stop(), Some((Reason::Malformed, 96, 1, 0)));
}

/// RFC 4448, section 4.6; RFC 4928.
#[test]
fn pseudowire_is_guessed_by_nibble_and_type() {
    for (payload, expected) in [
        (format!("00000001 {MACS} 0800 {INNER}"), "ip udp mpls pwethcw eth ip udp"),
        (format!("{MACS} 0800 {INNER}"), "ip udp mpls eth ip udp"),
        (format!("10000021 {INNER}"), "ip udp mpls"),
        (format!("000000 {INNER}"), "ip udp mpls"),
    ] {
        assert_eq!(chain(6635, &format!("000641ff {payload}")), expected, "{payload}");
    }
}

#[test]
fn packets_in_udp_are_tunnelled() {
    let packet = to(4789, &format!("08000000 00000100 {MACS} 0800 {INNER}"));
    let spans = packet.layers.spans();
    assert_eq!((spans[0].role, spans[4].role), (Role::Outer, Role::Tunnel));
}

/// Where Linux has it: only with the flag of the identifier, and zero in what is reserved.
#[test]
fn vxlan_on_linux_port_is_told_from_what_else_is_there() {
    for (head, expected) in [
        ("08000000 00010000", "ip udp vxlan eth ip udp"),
        ("88000007 00010000", "ip udp vxlan eth ip udp"),
        ("08000000 00010001", "ip udp"),
        ("00000000 00010000", "ip udp"),
        ("08000100 00010000", "ip udp"),
        ("47455420 2f204854", "ip udp"),
    ] {
        let payload = format!("{head} {MACS} 0800 {INNER}");
        assert_eq!(chain(8472, &payload), expected, "{head}");
    }
    to(8472, &format!("08000000 12345600 {MACS} 0800 {INNER}")).has(&[("vxlan.vni", "1193046")]);
    assert_eq!(chain(8472, "0800"), "ip udp");
}

/// RFC 8086, section 3: GRE begins where UDP's payload does.
#[test]
fn gre_in_udp_has_a_port() {
    let packet = to(4754, &format!("2000 0800 0000002a {INNER}"));
    assert_eq!(packet.chain(), "ip udp gre ip udp");
    packet.has(&[("gre.key", "42")]);
}

/// draft-ietf-intarea-gue-09, sections 3.1 and 4: a header, or an IP packet at once.
#[test]
fn gue_has_a_header_or_none() {
    for (payload, expected) in [
        (format!("00 04 0000 {INNER}"), "ip udp gue ip udp"),
        (format!("01 29 0001 00000000 {INNER6}"), "ip udp gue ipv6 udp"),
        (format!("00 2f 0000 0000 0800 {INNER}"), "ip udp gue gre ip udp"),
        (INNER.to_owned(), "ip udp ip udp"),
        (INNER6.to_owned(), "ip udp ipv6 udp"),
        ("20 01 0000 1122".into(), "ip udp gue"),
        // Other uses of the port: no protocol, a longer header than there is, no such variant, an
        // IP packet of another length.
        ("00 ff 0000 1122".into(), "ip udp"),
        ("1f 04 0000 1122".into(), "ip udp"),
        ("80 04 0000 1122".into(), "ip udp"),
        (format!("{INNER} 00"), "ip udp"),
        (String::new(), "ip udp"),
    ] {
        assert_eq!(chain(6080, &payload), expected, "{payload}");
    }
    let packet = to(6080, &format!("01 29 0001 00000000 {INNER6}"));
    packet.has(&[
        ("gue.version", "0"),
        ("gue.c", "false"),
        ("gue.hlen", "4"),
        ("gue.proto", "41"),
        ("gue.flags", "1"),
        ("gue.ext_data", "00000000"),
        ("gue.ctype", "-"),
    ]);
}
