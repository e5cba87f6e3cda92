//! IPv4 options (RFC 791, section 3.1, and those that came later).

use ipeek::export::json::packet::PacketWriter;
use ipeek::export::json::text::Text;
use ipeek::report::tree::Tree;

use crate::packets::{Decoded, raw};

/// A header of 20 octets and these options, which fill whole words.
fn with_options(options: &str) -> Decoded {
    let octets = crate::packets::hex(options).len();
    assert_eq!(octets % 4, 0);
    let words = 5 + octets / 4;
    let total = 20 + octets;
    raw(&format!("4{words:x} 00 {total:04x} 00000000 40fd0000 0a000001 0a000002 {options}"))
}

#[test]
fn record_route_has_a_pointer_and_addresses() {
    let packet = with_options("07 0b 08 c0000201 00000000 00");
    packet.has(&[("ip.opt.len", "11"), ("ip.opt.ptr", "8")]);
    assert_eq!(packet.all("ip.opt.type"), ["7", "0"]);
    assert_eq!(packet.all("ip.opt.addr"), ["192.0.2.1", "0.0.0.0"]);
}

#[test]
fn loose_source_route_is_type_131_and_copied() {
    let packet = with_options("83 07 04 c0000201 00");
    assert_eq!(packet.all("ip.opt.type"), ["131", "0"]);
    assert_eq!(packet.all("ip.opt.type_copy")[0], "true");
    assert_eq!(packet.all("ip.opt.type_class")[0], "0");
    assert_eq!(packet.all("ip.opt.type_number")[0], "3");
    packet.has(&[("ip.opt.ptr", "4"), ("ip.opt.addr", "192.0.2.1")]);
}

#[test]
fn strict_source_route_is_type_137() {
    let packet = with_options("89 0b 0c c0000201 c0000202 00");
    assert_eq!(packet.all("ip.opt.type_number")[0], "9");
    assert_eq!(packet.all("ip.opt.addr"), ["192.0.2.1", "192.0.2.2"]);
    packet.has(&[("ip.opt.ptr", "12")]);
}

#[test]
fn timestamp_has_overflow_and_flag_in_one_octet() {
    let packet = with_options("44 0c 05 21 c0000201 00bc614e");
    packet.has(&[
        ("ip.opt.type", "68"),
        ("ip.opt.type_class", "2"),
        ("ip.opt.ptr", "5"),
        ("ip.opt.overflow", "2"),
        ("ip.opt.flag", "1"),
        ("ip.opt.time_stamp_addr", "192.0.2.1"),
        ("ip.opt.time_stamp", "12345678"),
    ]);
}

/// RFC 791, section 3.1: flag 0 is times only, 1 and 3 address and time in turn.
#[test]
fn timestamps_are_read_entry_by_entry() {
    let times = with_options("44 0c 0d 00 00000001 80000002");
    assert_eq!(times.all("ip.opt.time_stamp"), ["1", "2147483650"]);
    assert_eq!(times.all("ip.opt.time_stamp_addr"), [""; 0]);
    for flag in ["21", "03"] {
        let both = format!("44 1c 1d {flag} c0000201 00000001 c0000202 00000002 c0000203");
        let packet = with_options(&format!("{both} 00bc614e"));
        assert_eq!(packet.all("ip.opt.time_stamp"), ["1", "2", "12345678"]);
        let addresses = ["192.0.2.1", "192.0.2.2", "192.0.2.3"];
        assert_eq!(packet.all("ip.opt.time_stamp_addr"), addresses);
        let mut tree = Tree::default();
        tree.read(&packet.packet());
        let entries = tree.nodes().filter(|node| node.name.starts_with("ip.opt.time_stamp"));
        let lines: Vec<_> =
            entries.map(|node| format!("{} {}", node.octets().start, node.value)).collect();
        let expected =
            ["24 192.0.2.1", "28 1", "32 192.0.2.2", "36 2", "40 192.0.2.3", "44 12345678"];
        assert_eq!(lines, expected);
        let mut text = Text::default();
        PacketWriter::new().write(&mut text, &packet.packet(), None);
        let json = String::from_utf8_lossy(&text.buffer).into_owned();
        assert!(json.contains(r#""time_stamp":[1,2,12345678]"#), "{json}");
        assert!(json.contains(r#""time_stamp_addr":["192.0.2.1","#), "{json}");
    }
    // An entry that is cut has what is whole of it.
    let cut = with_options("44 0c 0d 01 c0000201 00000001").cut(28);
    assert_eq!(cut.all("ip.opt.time_stamp_addr"), ["192.0.2.1"]);
    assert_eq!(cut.all("ip.opt.time_stamp"), [""; 0]);
}

/// RFC 2113, section 2.1.
#[test]
fn router_alert_has_a_value_of_two_octets() {
    with_options("94 04 00 00").has(&[("ip.opt.type", "148"), ("ip.opt.ra", "0")]);
}

/// FIPS 188: type 134, domain of interpretation, then tags: 1 is a bit map, 2 a list of categories,
/// 5 ranges of them.
#[test]
fn cipso_has_a_domain_and_tags_one_by_one() {
    let packet = with_options(
        "86 20 00000003
         01 06 00 05 80 00
         02 08 00 07 0003 0102
         05 08 00 09 00ff 0010
         80 04 abcd",
    );
    packet.has(&[
        ("ip.opt.type", "134"),
        ("ip.opt.cipso_doi", "3"),
        ("ip.opt.cipso_bitmap", "8000"),
        ("ip.opt.cipso_tag_data", "abcd"),
    ]);
    assert_eq!(packet.all("ip.opt.cipso_tag_type"), ["1", "2", "5", "128"]);
    assert_eq!(packet.all("ip.opt.cipso_tag_len"), ["6", "8", "8", "4"]);
    assert_eq!(packet.all("ip.opt.cipso_category"), ["3", "258"]);
    assert_eq!(packet.all("ip.opt.cipso_range_end"), ["255", "16"]);
    let mut levels = packet.all("ip.opt.cipso_level");
    levels.sort();
    assert_eq!(levels, ["5", "7", "9"]);
    let mut tree = Tree::default();
    tree.read(&packet.packet());
    let tags = tree.nodes().filter(|node| node.name == "ip.opt.cipso_tag_type");
    let lines: Vec<_> =
        tags.map(|node| (node.octets().start, node.depth, node.value.to_owned())).collect();
    let expected = [(26, 3, "1 (bit map)"), (32, 3, "2 (enumerated)"), (40, 3, "5 (ranges)")];
    for ((at, depth, value), line) in expected.into_iter().zip(&lines) {
        assert_eq!(*line, (at, depth, value.to_owned()));
    }
    assert_eq!(lines.len(), 4);
    let mut text = Text::default();
    PacketWriter::new().write(&mut text, &packet.packet(), None);
    let json = String::from_utf8_lossy(&text.buffer).into_owned();
    let second = r#"{"cipso_tag_type":2,"cipso_tag_len":8,"cipso_tag_align":0,"cipso_level":7,"cipso_category":[3,258]}"#;
    assert!(json.contains(second), "{json}");
    // A tag that is longer than its option ends the list, and nothing.
    let lie = with_options("86 0c 00000003 01 09 02 05 02 04");
    assert_eq!(lie.all("ip.opt.cipso_tag_type"), ["1"]);
    assert_eq!(lie.stop(), None);
}

/// RFC 1108, section 2: classification 5a is Secret, authority 80 GENSER.
#[test]
fn basic_security_has_classification_and_authorities() {
    let packet = with_options("82 04 5a 80");
    packet.has(&[("ip.opt.sec_cl", "90"), ("ip.opt.sec_prot_auth_flags", "80")]);
}

/// RFC 4782, section 3.1: function and rate share an octet, the nonce has 30 bits.
#[test]
fn quick_start_has_a_nonce_of_thirty_bits() {
    let packet = with_options("19 08 05 40 00 00 00 07");
    packet.has(&[
        ("ip.opt.qs_func", "0"),
        ("ip.opt.qs_rate", "5"),
        ("ip.opt.qs_ttl", "64"),
        ("ip.opt.qs_nonce", "1"),
        ("ip.opt.qs_reserved", "3"),
    ]);
}

#[test]
fn stream_identifier_mtu_probe_and_traceroute_are_read() {
    with_options("88 04 00 2a").has(&[("ip.opt.sid", "42")]);
    with_options("0b 04 05 dc").has(&[("ip.opt.mtu", "1500")]);
    with_options("52 0c 0007 0003 ffff c0000201").has(&[
        ("ip.opt.id_number", "7"),
        ("ip.opt.ohc", "3"),
        ("ip.opt.rhc", "65535"),
        ("ip.opt.originator", "192.0.2.1"),
    ]);
}

#[test]
fn no_operation_stands_alone_between_options() {
    let packet = with_options("01 01 94 04 00 00 01 00");
    assert_eq!(packet.all("ip.opt.type"), ["1", "1", "148", "1", "0"]);
    assert_eq!(packet.all("ip.opt.ra"), ["0"]);
}

#[test]
fn end_of_list_ends_the_list_whatever_follows() {
    let packet = with_options("00 94 04 00 94 04 00 00");
    assert_eq!(packet.all("ip.opt.type"), ["0"]);
}

#[test]
fn option_of_length_1_ends_the_list() {
    let packet = with_options("07 01 94 04 94 04 00 00");
    assert_eq!(packet.all("ip.opt.type"), ["7"]);
    assert_eq!(packet.stop(), None);
}

#[test]
fn option_that_runs_past_the_header_ends_the_list() {
    let packet = with_options("01 07 0b 04");
    assert_eq!(packet.all("ip.opt.type"), ["1", "7"]);
    assert_eq!(packet.all("ip.opt.len"), ["11"]);
}

#[test]
fn option_without_a_row_is_shown_as_octets() {
    let packet = with_options("de 04 be ef");
    packet.has(&[("ip.opt.type", "222"), ("ip.opt.data", "beef")]);
}
