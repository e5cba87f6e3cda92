//! What stands inside the messages that IP carries: ICMP's extension structure, group records of
//! IGMP, chunks of SCTP, the heads of routing protocols.

use ipeek::export::json::packet::PacketWriter;
use ipeek::export::json::text::Text;

use crate::packets::{Decoded, decode, hex, raw};

/// An IPv4 packet of that protocol.
fn v4(proto: u8, payload: &str) -> Decoded {
    let total = 20 + hex(payload).len();
    raw(&format!("4500 {total:04x} 00000000 ff{proto:02x}0000 0a050001 0c040404 {payload}"))
}

/// An IPv6 packet with that next header.
fn v6(next: u8, payload: &str) -> Decoded {
    let len = hex(payload).len();
    raw(&format!(
        "60000000 {len:04x} {next:02x} ff
        20010db8000000000000000000000001 20010db8000000000000000000000002 {payload}"
    ))
}

/// The packet's event, as it is written.
fn json(packet: &Decoded) -> String {
    let mut text = Text::default();
    PacketWriter::new().write(&mut text, &packet.packet(), None);
    String::from_utf8(text.buffer).unwrap()
}

/// A UDP probe of 40 octets, filled up to 128 as RFC 4884, section 5.1 asks.
fn quote() -> String {
    let probe = "45000028a54c00000111f76f0c0404040c010101 a54b829b0014 0000";
    format!("{probe} {}", "00".repeat(128 - 28))
}

/// From tcpdump's mpls-traceroute.pcap, a Juniper router's answer, which does not say how long its
/// quote is (RFC 4884, section 5.5): tshark shows label 100704, TTL 1, the checksum good.
#[test]
fn labels_stand_behind_a_quote_of_unknown_length() {
    let stack = "2000c55f 0008 01 01 18960101";
    let packet = v4(1, &format!("0b00cd04 00000000 {} {stack}", quote()));
    assert_eq!(packet.chain(), "ip icmp ip? udp icmp.ext");
    assert_eq!(packet.ranges()[4], (20 + 8 + 128, 12));
    packet.has(&[
        ("icmp.ext.version", "2"),
        ("icmp.ext.res", "0"),
        ("icmp.ext.checksum", "50527"),
        ("icmp.ext.checksum_status", "good"),
        ("icmp.ext.length", "8"),
        ("icmp.ext.class", "1"),
        ("icmp.ext.ctype", "1"),
        ("icmp.mpls.label", "100704"),
        ("icmp.mpls.exp", "0"),
        ("icmp.mpls.s", "true"),
        ("icmp.mpls.ttl", "1"),
    ]);
    let written = r#""icmp.ext":{"version":2,"res":0,"checksum":50527,"objects":[{"length":8,"class":1,"ctype":1,"mpls":{"label":[100704],"exp":[0],"s":[true],"ttl":[1]}}],"checksum_status":"good"}"#;
    assert!(json(&packet).contains(written), "{}", json(&packet));
}

/// RFC 4884, section 5.5: octets of a long quote that only look like a structure are the quote's.
#[test]
fn a_long_quote_is_not_taken_for_a_structure() {
    let long = quote().replacen("45000028", "450000b0", 1);
    let packet = v4(1, &format!("0b00cd04 00000000 {long} 2000c55e 0008 01 01 18960101"));
    assert_eq!(packet.chain(), "ip icmp ip? udp");
    // With a right checksum it is one all the same.
    let packet = v4(1, &format!("0b00cd04 00000000 {long} 2000c55f 0008 01 01 18960101"));
    assert_eq!(packet.chain(), "ip icmp ip? udp icmp.ext");
}

/// RFC 4884, section 4.1 and RFC 4950, section 4: 32 words of quote, two labels.
#[test]
fn a_length_says_where_the_structure_begins() {
    let stack = "20000000 000c 01 01 00010240 000203ff";
    let packet = v4(1, &format!("0b000000 00200000 {} {stack}", quote()));
    assert_eq!(packet.all("icmp.mpls.label"), ["16", "32"]);
    assert_eq!(packet.all("icmp.mpls.exp"), ["1", "1"]);
    assert_eq!(packet.all("icmp.mpls.s"), ["false", "true"]);
    assert_eq!(packet.all("icmp.mpls.ttl"), ["64", "255"]);
    packet.has(&[("icmp.length", "128"), ("icmp.ext.checksum_status", "absent")]);
    // ICMPv6 counts in words of eight octets (RFC 4884, section 4.4).
    let quote = format!("60000000 0000 3b 01 {} {}", "20".repeat(32), "00".repeat(88));
    let packet = v6(58, &format!("03000000 10000000 {quote} 2000beef 0008 01 01 00010240"));
    assert_eq!(packet.chain(), "ipv6 icmpv6 ipv6? icmp.ext");
    packet.has(&[("icmp.mpls.label", "16"), ("icmp.ext.checksum_status", "bad")]);
}

/// From tcpdump's icmp-rfc5837.pcap; the values are tshark's.
#[test]
fn interface_information_has_what_its_c_type_says() {
    let name = "54686973 2d69732d 7468652d 6e616d65 2d6f662d 7468652d 496e7465 72666163
        652d7468 61742d77 652d6172 652d6c6f 6f6b696e 672d666f 722d5b3a 2d295d";
    let object = format!("0050 02 0e 0000000f 00010000 0a0a0a0a 40 {name}");
    let quote = quote().replacen("a54c", "a551", 1);
    let packet = v4(1, &format!("0b00ccff 00000000 {quote} 2000246c {object}"));
    packet.has(&[
        ("icmp.ext.checksum_status", "good"),
        ("icmp.int_info.role", "0"),
        ("icmp.int_info.ifindex", "true"),
        ("icmp.int_info.ipaddr", "true"),
        ("icmp.int_info.name_present", "true"),
        ("icmp.int_info.mtu_present", "false"),
        ("icmp.int_info.index", "15"),
        ("icmp.int_info.afi", "1"),
        ("icmp.int_info.ipv4", "10.10.10.10"),
        ("icmp.int_info.ipv6", "-"),
        ("icmp.int_info.name_length", "64"),
        ("icmp.int_info.name", "This-is-the-name-of-the-Interface-that-we-are-looking-for-[:-)]"),
        ("icmp.int_info.mtu", "-"),
    ]);
    // RFC 5837, section 4.1: role 2, an IPv6 address and an MTU, no index, no name.
    let address = "20010db8000000000000000000000009";
    let object = format!("001c 02 85 00020000 {address} 000005dc");
    let packet = v4(1, &format!("0b000000 00200000 {quote} 20000000 {object}"));
    packet.has(&[
        ("icmp.int_info.role", "2"),
        ("icmp.int_info.index", "-"),
        ("icmp.int_info.ipv6", "2001:db8::9"),
        ("icmp.int_info.mtu", "1500"),
    ]);
}

/// From tcpdump's icmp-rfc8335.pcap and icmp6-rfc8335.pcap.  The checksum is over the structure;
/// behind it are data, which tshark takes for another object.
#[test]
fn an_extended_echo_names_an_interface() {
    let index = "2000dcf4 0008 03 02 00000001";
    let packet = v4(1, &format!("2a006314 f6ea 00 01 {index} 6593 3a33 000ddc2b"));
    assert_eq!(packet.chain(), "ip icmp icmp.ext");
    assert_eq!(packet.ranges()[2], (28, 12));
    packet.has(&[
        ("icmp.ident", "63210"),
        ("icmp.ext.echo.seq", "0"),
        ("icmp.ext.echo.req.local", "true"),
        ("icmp.ext.checksum_status", "good"),
        ("icmp.ext.class", "3"),
        ("icmp.int_ident.index", "1"),
    ]);
    let name = "20002df1 000c 03 01 656e7032 73306630 000bad1e 7fc0ffee";
    let packet = v6(58, &format!("a000983d fb64 00 01 {name}"));
    packet.has(&[
        ("icmpv6.echo.identifier", "64356"),
        ("icmpv6.ext.echo.req.local", "true"),
        ("icmp.int_ident.name", "enp2s0f0"),
    ]);
    // RFC 8335, section 2.1: C-Type 3, an address family, its length, a reserved octet.
    let packet = v4(1, "2a000000 0001 02 00 20000000 000c 03 03 0001 04 00 c0000201");
    packet.has(&[
        ("icmp.int_ident.afi", "1"),
        ("icmp.int_ident.addr_len", "4"),
        ("icmp.int_ident.ipv4", "192.0.2.1"),
    ]);
    // RFC 8335, section 3: active, IPv4 and IPv6.
    let packet = v6(58, "a100973e fb61 00 07");
    packet.has(&[
        ("icmpv6.ext.echo.rsp.state", "0"),
        ("icmpv6.ext.echo.rsp.active", "true"),
        ("icmpv6.ext.echo.rsp.ipv4", "true"),
        ("icmpv6.ext.echo.rsp.ipv6", "true"),
    ]);
    assert_eq!(packet.chain(), "ipv6 icmpv6");
    // Without a structure nothing is wrong that stops the walk.
    assert_eq!(v4(1, "2a000000 0001 02 01").stop(), None);
}

/// The octets of a structure that is cut, and of one that lies, are shown as far as they go.
#[test]
fn a_structure_ends_where_its_octets_do() {
    let packet = v4(1, &format!("0b000000 00200000 {} 2000dead 0008 01 01", quote()));
    assert_eq!(packet.chain(), "ip icmp ip? udp icmp.ext");
    assert_eq!(packet.all("icmp.mpls.label"), [""; 0]);
    let packet = v4(1, &format!("0b000000 00200000 {} 20", quote()));
    assert_eq!(packet.chain(), "ip icmp ip? udp icmp.ext");
    assert!(packet.stop().is_some());
}

/// RFC 9776, section 4.2, and a report from a capture of tcpdump's: 224.0.0.252 is joined.
#[test]
fn a_report_lists_groups_and_their_sources() {
    let packet = v4(2, "2200fa01 00000001 03000000 e00000fc");
    packet.has(&[
        ("igmp.version", "3"),
        ("igmp.num_grp_recs", "1"),
        ("igmp.record_type", "3"),
        ("igmp.aux_data_len", "0"),
        ("igmp.maddr", "224.0.0.252"),
    ]);
    let sources = "0000 0002 e0000101 c0000201 c0000202";
    let auxiliary = "0101 0001 e0000102 c0000203 beefbeef";
    let packet = v4(2, &format!("22000000 00000002 05{} {auxiliary}", &sources[2..]));
    assert_eq!(packet.all("igmp.record_type"), ["5", "1"]);
    assert_eq!(packet.all("igmp.maddr"), ["224.0.1.1", "224.0.1.2"]);
    assert_eq!(packet.all("igmp.saddr"), ["192.0.2.1", "192.0.2.2", "192.0.2.3"]);
    assert_eq!(packet.all("igmp.aux_data_len"), ["0", "4"]);
    packet.has(&[("igmp.aux_data", "beefbeef")]);
    let written = r#""records":[{"record_type":5,"aux_data_len":0,"num_src":2,"maddr":"224.0.1.1","saddr":["192.0.2.1","192.0.2.2"]},{"record_type":1,"aux_data_len":4,"num_src":1,"maddr":"224.0.1.2","saddr":["192.0.2.3"],"aux_data":"beefbeef"}]"#;
    assert!(json(&packet).contains(written), "{}", json(&packet));
}

/// RFC 9776, sections 4.1 and 7.1.
#[test]
fn a_query_is_of_the_version_that_its_length_tells() {
    let packet = v4(2, "11640000 e0000101 0a7d 0001 c0000201");
    packet.has(&[
        ("igmp.version", "3"),
        ("igmp.s", "true"),
        ("igmp.qrv", "2"),
        ("igmp.qqic", "125"),
        ("igmp.num_src", "1"),
        ("igmp.saddr", "192.0.2.1"),
    ]);
    assert_eq!(packet.ranges()[1], (20, 16));
    assert_eq!(v4(2, "11640000 e0000101").get("igmp.version"), "2");
    assert_eq!(v4(2, "11000000 00000000").get("igmp.version"), "1");
    assert_eq!(v4(2, "17000000 e0000101").get("igmp.version"), "2");
}

/// From suricata's sctp-keywords-prefilter: what tshark says of INIT and SACK; DATA is RFC 9260,
/// section 3.3.1.
#[test]
fn sctp_has_chunks() {
    let init = "0b5a189f 00000000 d3cccfc9
        01000020 dd68d33d 00008000 0020 0020 0629bea6 0005000855cd346a 80000004";
    let packet = v4(132, init);
    packet.has(&[
        ("sctp.chunk_type", "1"),
        ("sctp.chunk_flags", "0"),
        ("sctp.chunk_length", "32"),
        ("sctp.init_initiate_tag", "3714634557"),
        ("sctp.init_credit", "32768"),
        ("sctp.init_nr_out_streams", "32"),
        ("sctp.init_nr_in_streams", "32"),
        ("sctp.init_initial_tsn", "103399078"),
    ]);
    // The header is as it was: what is behind it is found when it is asked for.
    assert_eq!(packet.ranges(), [(0, 20), (20, 12)]);
    let packet = v4(
        132,
        "189f0b5a dd68d33d 112e23c4 03000010 0629bea7 0000fa00 0000 0000
        00030028 d42b4894 0000 0002 00000003 010004030000001800 0b0008000000020006000800000456",
    );
    assert_eq!(packet.all("sctp.chunk_type"), ["3", "0"]);
    packet.has(&[
        ("sctp.sack_cumulative_tsn_ack_raw", "103399079"),
        ("sctp.sack_a_rwnd", "64000"),
        ("sctp.sack_number_of_gap_blocks", "0"),
        ("sctp.data_tsn_raw", "3559606420"),
        ("sctp.data_sid", "0"),
        ("sctp.data_ssn", "2"),
        ("sctp.data_payload_proto_id", "3"),
        ("sctp.data_b_bit", "true"),
        ("sctp.data_e_bit", "true"),
        ("sctp.data_u_bit", "false"),
    ]);
}

/// RFC 9260, sections 3.2, 3.3.4 and 3.3.7: padding is not counted, gap blocks, a cause.
#[test]
fn chunks_are_padded_and_hold_lists() {
    let sack = "03000018 00000001 00010000 0001 0001 0002 0003 00000005";
    let packet = v4(132, &format!("00010002 00000003 00000000 0a000005 01 000000 {sack}"));
    assert_eq!(packet.all("sctp.chunk_type"), ["10", "3"]);
    packet.has(&[
        ("sctp.cookie", "01"),
        ("sctp.sack_gap_block_start", "2"),
        ("sctp.sack_gap_block_end", "3"),
        ("sctp.sack_duplicate_tsn", "5"),
    ]);
    let packet = v4(132, "00010002 00000003 00000000 0601000c 000c0006 beef 0000");
    packet.has(&[
        ("sctp.abort_t_bit", "true"),
        ("sctp.cause_code", "12"),
        ("sctp.cause_length", "6"),
        ("sctp.cause_information", "beef"),
    ]);
    let written = r#""chunks":[{"chunk_type":6,"chunk_bit_1":false,"chunk_bit_2":false,"chunk_flags":1,"chunk_length":12,"abort_flags_reserved":0,"abort_t_bit":true,"causes":[{"cause_code":12,"cause_length":6,"cause_information":"beef"}]}]"#;
    assert!(json(&packet).contains(written), "{}", json(&packet));
    // Of a chunk that the capture cuts its first fields are there; more than 64 are not looked at.
    assert_eq!(
        v4(132, "00010002 00000003 00000000 00030400 00000007").get("sctp.data_tsn_raw"),
        "7"
    );
    let many = v4(132, &format!("00010002 00000003 00000000 {}", "0b000004".repeat(300)));
    assert_eq!(many.all("sctp.chunk_type").len(), 64);
}

/// From tcpdump's ospf-ack.pcap and `OSPFv3_NBMA_adjacencies.pcap`, and RFC 2328, section D.3.
#[test]
fn ospf_has_a_header_of_its_version() {
    let packet = v4(89, "02050040 02020202 00000001 88e8 0000 0000000000000000 002e2201");
    assert_eq!(packet.ranges()[1], (20, 24));
    packet.has(&[
        ("ospf.version", "2"),
        ("ospf.msg", "5"),
        ("ospf.packet_length", "64"),
        ("ospf.srcrouter", "2.2.2.2"),
        ("ospf.area_id", "0.0.0.1"),
        ("ospf.checksum", "35048"),
        ("ospf.auth.type", "0"),
        ("ospf.auth.none", "0000000000000000"),
    ]);
    let written = r#""auth":{"type":0,"none":"0000000000000000"}"#;
    assert!(json(&packet).contains(written), "{}", json(&packet));
    let packet = v4(89, "02010030 01010101 00000000 0000 0002 0000 01 10 00000007");
    packet.has(&[
        ("ospf.auth.crypt.key_id", "1"),
        ("ospf.auth.crypt.data_length", "16"),
        ("ospf.auth.crypt.seq_nbr", "7"),
    ]);
    let packet = v6(89, "03010024 03030303 00000000 8e9b 00 00 00000006");
    assert_eq!(packet.ranges()[1], (40, 16));
    packet.has(&[("ospf.version", "3"), ("ospf.instance_id", "0"), ("ospf.auth.type", "-")]);
    assert_eq!(v4(89, "0101001c").chain(), "ip");
}

/// From tcpdump's vrrp.pcap, and RFC 9568, section 5.1.
#[test]
fn vrrp_lists_the_addresses_of_its_version() {
    let packet = v4(112, "212abf03 010a f11f 0a042a01 0a042a02 0a042a03 6162636465666768");
    packet.has(&[
        ("vrrp.version", "2"),
        ("vrrp.type", "1"),
        ("vrrp.virt_rtr_id", "42"),
        ("vrrp.prio", "191"),
        ("vrrp.addr_count", "3"),
        ("vrrp.auth_type", "1"),
        ("vrrp.adver_int", "10"),
        ("vrrp.checksum", "61727"),
        ("vrrp.auth_string", "abcdefgh"),
    ]);
    assert_eq!(packet.all("vrrp.ip_addr"), ["10.4.42.1", "10.4.42.2", "10.4.42.3"]);
    let packet = v4(112, "310164 01 0064 beef c0000201");
    packet.has(&[("vrrp.short_adver_int", "100"), ("vrrp.ip_addr", "192.0.2.1")]);
    let packet = v6(112, "310164 01 0064 beef fe800000000000000000000000000001");
    packet.has(&[("vrrp.ipv6_addr", "fe80::1"), ("vrrp.ip_addr", "-"), ("vrrp.auth_string", "-")]);
}

/// From tcpdump's `PIMv2_hellos.pcap` and `EIGRP_goodbye.pcap`.
#[test]
fn pim_has_options_and_eigrp_a_header() {
    let packet =
        v4(103, "2000aa6e 00010002 0069 00140004 3f0ef4cd 00130004 00000001 00150004 01000000");
    assert_eq!(packet.all("pim.optiontype"), ["1", "20", "19", "21"]);
    packet.has(&[
        ("pim.holdtime", "105"),
        ("pim.generation_id", "1057944781"),
        ("pim.dr_priority", "1"),
        ("pim.state_refresh_version", "1"),
        ("pim.state_refresh_interval", "0"),
    ]);
    let packet = v4(88, "0205ee68 00000009 00000000 00000001 0000 0064 0001000c");
    packet.has(&[
        ("eigrp.version", "2"),
        ("eigrp.opcode", "5"),
        ("eigrp.checksum", "61032"),
        ("eigrp.flags.init", "true"),
        ("eigrp.flags.eot", "true"),
        ("eigrp.flags.restart", "false"),
        ("eigrp.ack", "1"),
        ("eigrp.vrid", "0"),
        ("eigrp.as", "100"),
    ]);
    assert_eq!(decode(101, "4500001400000000ff580000 0a000001 0a000002").chain(), "ip");
}
