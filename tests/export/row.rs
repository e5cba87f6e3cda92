//! One line a packet: what stands in it, for packets whose comment or README says what they are.

use ipeek::report::row::{Row, RowKind};

use super::{CAPTURES, each_packet};

/// The row of packet `number`.
fn row(capture: &str, number: u64) -> Row {
    let mut row = Row::default();
    each_packet(capture, |packet| {
        if packet.frame.number == number {
            row.read(packet);
        }
    });
    assert_eq!(row.number, number, "{capture}");
    row
}

#[test]
fn info_says_what_the_packet_is_for() {
    for (capture, number, proto, info) in [
        (
            "transports.pcapng",
            9,
            "TCP",
            "40000 > 80 [S] seq 1000 win 64240 len 0 mss 1460 wscale 7",
        ),
        (
            "transports.pcapng",
            10,
            "TCP",
            "40000 > 80 [FSRP.UEW] seq 1000 ack 0 win 64240 len 0 ! tcp.flags.syn_fin ! tcp.flags.syn_rst",
        ),
        ("transports.pcapng", 11, "TCP", "40000 > 80 [none] win 64240 len 0 ! tcp.flags.null"),
        ("transports.pcapng", 12, "UDP", "40000 > 7 len 4"),
        ("transports.pcapng", 6, "DCCP", "40001 > 5001 Request len 4"),
        ("transports.pcapng", 16, "253", "len 8"),
        ("ipsec.pcapng", 6, "ESP", "AH spi 0x00001000 seq 1 | spi 0x00002000 seq 1"),
        ("mobility.pcapng", 1, "Mobility", "dest-opts: Home address | binding update"),
        ("ethernet.pcapng", 11, "ARP", "who has 192.0.2.80? tell 10.0.0.1"),
        ("ethernet.pcapng", 12, "LLDP", "link layer discovery, EtherType 0x88cc, 20 octets"),
        ("ethernet.pcapng", 13, "0x1234", "EtherType 0x1234, 46 octets"),
        (
            "ethernet.pcapng",
            4,
            "ICMP",
            "vlan 100 | vlan 42 priority 3 | vlan 7 | echo request id 7 seq 1 len 16",
        ),
        ("mpls-stack.pcapng", 2, "ICMPv6", "mpls 1000/2000/3000 | echo request id 7 seq 1 len 16"),
    ] {
        let row = row(capture, number);
        assert_eq!((row.proto.as_str(), row.info.as_str()), (proto, info), "{capture} {number}");
    }
}

#[test]
fn a_tunnelled_packet_is_told_outer_to_inner() {
    let row = row("nesting.pcapng", 6);
    assert_eq!((row.source.as_str(), row.destination.as_str()), ("10.1.0.1", "10.2.0.1"));
    assert_eq!(
        row.info,
        "GRE 10.0.0.1 > 192.0.2.80 | GRE 2001:db8:1::a > 2001:db8:2::b | \
         echo request id 7 seq 1 len 16"
    );
    assert_eq!(row.kind, RowKind::Tunnelled);
}

#[test]
fn fragments_say_where_they_belong() {
    let first = row("ipv6-extensions.pcapng", 10);
    assert_eq!(
        first.info,
        "fragment id 0x0000f00d offset 0 len 1024, more follow | echo request id 7 seq 2 len 1016"
    );
    let last = row("ipv6-extensions.pcapng", 12);
    assert_eq!(last.info, "fragment id 0x0000f00d offset 2048 len 8, the last");
    assert_eq!((first.kind, last.kind), (RowKind::Fragment, RowKind::Fragment));
}

#[test]
fn an_icmp_error_names_the_packet_it_is_about() {
    let row = row("ipv6-extensions.pcapng", 25);
    assert_eq!(
        row.info,
        "packet too big mtu 1280 for [2001:db8:1::a]:40000 > [2001:db8:2::b]:80 TCP hlim 64"
    );
    assert_eq!(row.kind, RowKind::Error);
}

#[test]
fn an_early_end_says_where_and_why() {
    for (number, info) in [
        (2, "! malformed at octet 16: IPv4 total length is 19, at least 20 needed"),
        (6, "! malformed at octet 14: IPv4 header length is 16 octets, at least 20 needed"),
        (8, "! malformed at octet 14: IPv4 version is 5, not 4"),
        (44, "! malformed at octet 14: IPv4 needs 20 octets, 12 are left"),
        (46, "! malformed at octet 0: Ethernet needs 14 octets, 5 are left"),
    ] {
        let row = row("faults.pcapng", number);
        assert_eq!((row.info.as_str(), row.kind), (info, RowKind::Damaged), "packet {number}");
    }
}

#[test]
fn what_is_unusual_about_an_ip_header_is_marked() {
    for (number, end) in
        [(1, ", bad checksum"), (10, ", reserved flag"), (16, ", ttl 0"), (37, ", hlim 0")]
    {
        assert!(row("faults.pcapng", number).info.ends_with(end), "packet {number}");
    }
    assert!(row("faults.pcapng", 42).info.ends_with(", hlim 64 (must be 255)"));
}

#[test]
fn every_packet_of_every_capture_has_one_safe_line() {
    let mut row = Row::default();
    for capture in CAPTURES {
        each_packet(capture, |packet| {
            row.read(packet);
            for text in [&row.source, &row.destination, &row.proto, &row.info] {
                assert!(!text.chars().any(ipeek::base::text::is_unsafe), "{capture}: {text}");
            }
            assert!(!row.proto.is_empty() && !row.info.is_empty(), "{capture} {}", row.number);
            assert!(!row.info.contains(" | |") && !row.info.starts_with(", "), "{}", row.info);
        });
    }
}
