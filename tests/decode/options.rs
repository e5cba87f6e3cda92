//! Options and routing headers to the bit: IPv6 options that have tables of their own, source
//! routes, and the security options of IPv4.

use ipeek::export::json::packet::PacketWriter;
use ipeek::export::json::text::Text;
use ipeek::report::tree::{NodeKind, Tree};

use crate::packets::{Decoded, hex, raw};

/// An IPv6 packet with a hop-by-hop header of this option, padded.
fn hop(option: &str) -> Decoded {
    extension(0, &hex(option), 2)
}

/// An IPv6 packet to `2001:db8::2` with an extension header that goes on with these octets, padded.
fn extension(next: u8, rest: &[u8], before: usize) -> Decoded {
    let mut octets = rest.to_vec();
    let room = (before + octets.len()).next_multiple_of(8) - before - octets.len();
    if room == 1 {
        octets.push(0);
    } else if room > 1 {
        octets.extend([1, u8::try_from(room - 2).unwrap()]);
        octets.resize(octets.len() + room - 2, 0);
    }
    let units = (before + octets.len()) / 8 - 1;
    let text: Vec<_> = octets.iter().map(|octet| format!("{octet:02x}")).collect();
    let text = text.join("");
    raw(&format!(
        "60000000 {:04x} {next:02x} 40
        20010db8000000000000000000000001 20010db8000000000000000000000002
        3b {units:02x} {text}",
        before + octets.len()
    ))
}

/// A routing header of that type.
fn routing(kind: u8, left: u8, rest: &str) -> Decoded {
    let rest = hex(rest);
    assert_eq!((4 + rest.len()) % 8, 0);
    let octets: Vec<u8> = [kind, left].into_iter().chain(rest).collect();
    extension(43, &octets, 2)
}

/// Asserts that no octet of the packet's headers is without a field.
fn assert_whole(packet: &Decoded) {
    let mut tree = Tree::default();
    tree.read(&packet.packet());
    let rest: Vec<_> = tree.nodes().filter(|node| node.kind == NodeKind::Rest).collect();
    assert!(rest.is_empty(), "{rest:?}");
}

/// RFC 8250, section 3.2.
#[test]
fn performance_and_diagnostic_metrics() {
    let packet = hop("0f 0a 10 12 0003 0002 0064 00c8");
    packet.has(&[
        ("ipv6.opt.pdm.scale_dtlr", "16"),
        ("ipv6.opt.pdm.scale_dtls", "18"),
        ("ipv6.opt.pdm.psn_this_pkt", "3"),
        ("ipv6.opt.pdm.psn_last_recv", "2"),
        ("ipv6.opt.pdm.delta_last_recv", "100"),
        ("ipv6.opt.pdm.delta_last_sent", "200"),
    ]);
    assert_whole(&packet);
}

/// RFC 7731, section 6.1; RFC 9343, section 3.1; RFC 6971, section 10; RFC 6788, section 4.
#[test]
fn small_options_are_read_to_the_bit() {
    let packet = hop("6d 04 60 2a beef");
    packet.has(&[
        ("ipv6.opt.mpl.flag_s", "1"),
        ("ipv6.opt.mpl.flag_m", "true"),
        ("ipv6.opt.mpl.flag_v", "false"),
        ("ipv6.opt.mpl.sequence", "42"),
        ("ipv6.opt.mpl.seed_id", "beef"),
    ]);
    assert_whole(&packet);
    assert_eq!(hop("6d 02 00 07").get("ipv6.opt.mpl.seed_id"), "-");
    let packet = hop("12 04 12345 8 00");
    packet.has(&[
        ("ipv6.opt.altmark.flowmonid", "74565"),
        ("ipv6.opt.altmark.l", "true"),
        ("ipv6.opt.altmark.d", "false"),
        ("ipv6.opt.altmark.rsv", "0"),
    ]);
    let packet = hop("ee 03 30 0102");
    packet.has(&[
        ("ipv6.opt.dff.flag_dup", "true"),
        ("ipv6.opt.dff.flag_ret", "true"),
        ("ipv6.opt.dff.sequence_number", "258"),
    ]);
    let packet = hop("8c 04 03 61622f");
    packet.has(&[("ipv6.opt.lio.length", "3"), ("ipv6.opt.lio.line_id", "ab/")]);
    assert_eq!(hop("8b 04 01020304").get("ipv6.opt.ilnp_nonce"), "01020304");
}

/// RFC 6621, sections 6.1.1 and 6.1.2.
#[test]
fn duplicates_are_told_by_an_identifier_or_a_hash() {
    let packet = hop("08 07 23 0a000001 1234");
    packet.has(&[
        ("ipv6.opt.smf_dpd.tid_type", "2"),
        ("ipv6.opt.smf_dpd.tid_len", "3"),
        ("ipv6.opt.smf_dpd.tagger_id", "0a000001"),
        ("ipv6.opt.smf_dpd.ident", "1234"),
        ("ipv6.opt.smf_dpd.hav", "-"),
    ]);
    assert_eq!(packet.all("ipv6.opt.smf_dpd.hash_bit"), ["false"]);
    assert_whole(&packet);
    let packet = hop("08 03 00 1234");
    packet.has(&[("ipv6.opt.smf_dpd.tagger_id", "-"), ("ipv6.opt.smf_dpd.ident", "1234")]);
    let packet = hop("08 03 80 1234");
    packet.has(&[("ipv6.opt.smf_dpd.hav", "801234"), ("ipv6.opt.smf_dpd.ident", "-")]);
    assert_eq!(packet.all("ipv6.opt.smf_dpd.hash_bit"), ["true"]);
    assert_whole(&packet);
}

/// RFC 9197, section 4.4: a pre-allocated trace of bits 0, 1, 2, 3 and 22 with room for one word
/// and two nodes, the last that was passed first.
#[test]
fn a_trace_lists_its_nodes() {
    let head = "0001 20 01 f00002 00";
    let near = "40000002 0003 0004 00000005 00000006 01 000007 deadbeef";
    let far = "3f000009 000a 000b 0000000c 0000000d 00 000000";
    let packet = hop(&format!("31 3a 00 00 {head} 00000000 {near} {far}"));
    packet.has(&[
        ("ipv6.opt.ioam.opt_type", "0"),
        ("ipv6.opt.ioam.trace.ns", "1"),
        ("ipv6.opt.ioam.trace.nodelen", "16"),
        ("ipv6.opt.ioam.trace.flag_o", "false"),
        ("ipv6.opt.ioam.trace.remlen", "4"),
        ("ipv6.opt.ioam.trace.type.bit0", "true"),
        ("ipv6.opt.ioam.trace.type.bit4", "false"),
        ("ipv6.opt.ioam.trace.type.bit22", "true"),
        ("ipv6.opt.ioam.trace.free_space", "00000000"),
        ("ipv6.opt.ioam.trace.node.oss.data", "deadbeef"),
    ]);
    assert_eq!(packet.all("ipv6.opt.ioam.trace.node.hlim"), ["64", "63"]);
    assert_eq!(packet.all("ipv6.opt.ioam.trace.node.id"), ["2", "9"]);
    assert_eq!(packet.all("ipv6.opt.ioam.trace.node.iif"), ["3", "10"]);
    assert_eq!(packet.all("ipv6.opt.ioam.trace.node.eif"), ["4", "11"]);
    assert_eq!(packet.all("ipv6.opt.ioam.trace.node.tss"), ["5", "12"]);
    assert_eq!(packet.all("ipv6.opt.ioam.trace.node.tsf"), ["6", "13"]);
    assert_eq!(packet.all("ipv6.opt.ioam.trace.node.oss.len"), ["4", "0"]);
    assert_eq!(packet.all("ipv6.opt.ioam.trace.node.oss.scid"), ["7", "0"]);
    assert_whole(&packet);
    let mut text = Text::default();
    PacketWriter::new().write(&mut text, &packet.packet(), None);
    let text = String::from_utf8(text.buffer).unwrap();
    assert!(
        text.contains(r#""nodes":[{"ioam":{"trace":{"node":{"hlim":64,"id":2,"iif":3"#),
        "{text}"
    );
}

/// RFC 9197, section 4.4.2: wide fields have eight octets, bits without a meaning four.
#[test]
fn wide_fields_of_a_node_are_read() {
    let head = "0000 40 00 00f800 00";
    let wide = "40 00000000000001 00000002 00000003 0000000000000004 00000005 00000006";
    let packet = hop(&format!("31 2a 00 00 {head} {wide}"));
    packet.has(&[
        ("ipv6.opt.ioam.trace.nodelen", "32"),
        ("ipv6.opt.ioam.trace.node.hlim", "64"),
        ("ipv6.opt.ioam.trace.node.id_wide", "1"),
        ("ipv6.opt.ioam.trace.node.iif_wide", "2"),
        ("ipv6.opt.ioam.trace.node.eif_wide", "3"),
        ("ipv6.opt.ioam.trace.node.nsdata_wide", "4"),
    ]);
}

/// RFC 9197, sections 4.5 and 4.6; RFC 9326, section 3.2.
#[test]
fn the_other_types_of_in_situ_oam_are_read() {
    let packet = hop("11 16 00 02 0001 00 00 0000000000000002 0000000000000003");
    packet.has(&[
        ("ipv6.opt.ioam.pot.ns", "1"),
        ("ipv6.opt.ioam.pot.pktid", "2"),
        ("ipv6.opt.ioam.pot.cumulative", "3"),
    ]);
    assert_whole(&packet);
    let packet = hop("11 12 00 03 0001 7000 00000002 00000003 00000004");
    packet.has(&[
        ("ipv6.opt.ioam.e2e.seq64", "-"),
        ("ipv6.opt.ioam.e2e.seq32", "2"),
        ("ipv6.opt.ioam.e2e.tss", "3"),
        ("ipv6.opt.ioam.e2e.tsf", "4"),
    ]);
    let packet = hop("11 12 00 04 0001 00 c0 f00000 00 00000007 00000008");
    packet.has(&[
        ("ipv6.opt.ioam.dex.type", "15728640"),
        ("ipv6.opt.ioam.dex.flow_id", "7"),
        ("ipv6.opt.ioam.dex.seq", "8"),
    ]);
    assert_whole(&packet);
    assert_eq!(hop("11 04 00 09 beef").get("ipv6.opt.ioam.data"), "beef");
}

/// RFC 6554, section 3: octets that are left out are the destination's; the last address is of
/// another length, and padding stands behind it.
#[test]
fn rpl_source_routes_are_made_whole() {
    let packet = routing(3, 2, "fe 50 0000 0a 0b0c 0000000000");
    assert_eq!(packet.all("ipv6.routing.rpl.full_address"), ["2001:db8::a", "2001:db8::b0c"]);
    let packet = routing(3, 2, "88 00 0000 0000000000000007 0000000000000008");
    assert_eq!(packet.all("ipv6.routing.rpl.full_address"), ["2001:db8::7", "2001:db8::8"]);
    // Nothing is made up where the octets are not a whole number of addresses.
    let packet = routing(3, 2, "99 00 0000 0000000000000007 0000000000000008");
    assert_eq!(packet.all("ipv6.routing.rpl.full_address"), [""; 0]);
}

/// RFC 9631, section 4.
#[test]
fn compact_routing_headers_list_identifiers() {
    let packet = routing(5, 2, "0001 0002");
    assert_eq!(packet.all("ipv6.routing.crh16.sid"), ["1", "2"]);
    let packet = routing(6, 1, "00010000");
    assert_eq!(packet.all("ipv6.routing.crh32.sid"), ["65536"]);
    assert_whole(&packet);
}

/// A header of IPv4 with this option, which fills whole words.
fn v4(option: &str) -> Decoded {
    let octets = hex(option).len();
    assert_eq!(octets % 4, 0);
    let (words, total) = (5 + octets / 4, 20 + octets);
    raw(&format!("4{words:x} 00 {total:04x} 00000000 40fd0000 0a000001 0a000002 {option}"))
}

/// RFC 1108, sections 2 and 3; RFC 791, section 3.1.
#[test]
fn security_options_name_levels_and_authorities() {
    let packet = v4("82 04 5a b0");
    packet.has(&[
        ("ip.opt.sec_cl", "90"),
        ("ip.opt.sec_prot_auth_flags", "b0"),
        ("ip.opt.sec_prot_auth_genser", "true"),
        ("ip.opt.sec_prot_auth_siop_esi", "false"),
        ("ip.opt.sec_prot_auth_sci", "true"),
        ("ip.opt.sec_prot_auth_nsa", "true"),
        ("ip.opt.sec_prot_auth_doe", "false"),
        ("ip.opt.sec_prot_auth_fti", "false"),
        ("ip.opt.sec_rfc791_sec", "-"),
    ]);
    assert_whole(&packet);
    let packet = v4("82 0b d788 0001 5052 414243 00");
    packet.has(&[
        ("ip.opt.sec_rfc791_sec", "55176"),
        ("ip.opt.sec_rfc791_comp", "1"),
        ("ip.opt.sec_rfc791_hr", "PR"),
        ("ip.opt.sec_rfc791_tcc", "ABC"),
        ("ip.opt.sec_cl", "-"),
    ]);
    assert_whole(&packet);
    let packet = v4("85 04 01 aa");
    packet.has(&[
        ("ip.opt.ext_sec_add_sec_info_format_code", "1"),
        ("ip.opt.ext_sec_add_sec_info", "aa"),
    ]);
}
