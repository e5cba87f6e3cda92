//! The IPv4 header (RFC 791, section 3.1), field by field.

use ipeek::decode::Reason;

use crate::packets::{decode, raw};

/// The example of RFC 791, appendix A, figure 5: the least datagram, with one octet of data.
#[test]
fn example_1_of_rfc_791_is_read_as_the_rfc_explains_it() {
    let packet = raw("45 00 00 15  # Ver= 4 |IHL= 5 |Type of Service| Total Length = 21
        00 6f 00 00  # Identification = 111 |Flg=0| Fragment Offset = 0
        7b 01 00 00  # Time = 123 | Protocol = 1 | header checksum
        0a 00 00 01  # source address
        0a 00 00 02  # destination address
        08           # data");
    packet.has(&[
        ("ip.version", "4"),
        ("ip.hdr_len", "20"),
        ("ip.dsfield.dscp", "0"),
        ("ip.len", "21"),
        ("ip.id", "111"),
        ("ip.flags.mf", "false"),
        ("ip.frag_offset", "0"),
        ("ip.ttl", "123"),
        ("ip.proto", "1"),
        ("ip.src", "10.0.0.1"),
        ("ip.dst", "10.0.0.2"),
    ]);
}

/// The header whose checksum b861 Wikipedia's page on the IPv4 header checksum works out.
const WORKED: &str = "45000073 00004000 4011b861 c0a80001 c0a800c7";

#[test]
fn checksum_that_sums_to_ones_is_good() {
    raw(WORKED).has(&[("ip.checksum", "47201"), ("ip.checksum_status", "good")]);
}

#[test]
fn checksum_of_a_changed_header_is_bad() {
    raw("45000073 00004000 3f11b861 c0a80001 c0a800c7").has(&[("ip.checksum_status", "bad")]);
}

#[test]
fn checksum_over_options_counts_them() {
    // scapy: IP(src='10.0.0.1', dst='10.0.0.2', options=IPOption_Router_Alert(), proto=2, ttl=1)
    let packet = raw("46000018 00010000 010210dd 0a000001 0a000002 94040000");
    packet.has(&[("ip.checksum_status", "good"), ("ip.hdr_len", "24")]);
}

#[test]
fn checksum_of_a_header_that_is_cut_is_unverified() {
    let whole = raw("46000018 00010000 010210dd 0a000001 0a000002 94040000");
    whole.cut(23).has(&[("ip.checksum_status", "unverified")]);
}

/// RFC 2474, section 3 and RFC 3168, section 5: six bits of code point, two of congestion.
#[test]
fn dscp_is_the_upper_six_bits_and_ecn_the_lower_two() {
    for (octet, dscp, ecn) in [
        ("b8", "46", "0"), // EF, RFC 3246
        ("28", "10", "0"), // AF11, RFC 2597
        ("c0", "48", "0"), // CS6, RFC 2474
        ("01", "0", "1"),  // ECT(1)
        ("02", "0", "2"),  // ECT(0)
        ("2b", "10", "3"), // AF11, CE
    ] {
        let packet = raw(&format!("45 {octet} 0014 00000000 40fd0000 0a000001 0a000002"));
        packet.has(&[("ip.dsfield.dscp", dscp), ("ip.dsfield.ecn", ecn)]);
    }
}

#[test]
fn flags_are_reserved_dont_fragment_and_more_fragments() {
    for (octet, set) in [("80", "rb"), ("40", "df"), ("20", "mf")] {
        let packet = raw(&format!("45000014 0000{octet}00 40fd0000 0a000001 0a000002"));
        for flag in ["rb", "df", "mf"] {
            assert_eq!(packet.get(&format!("ip.flags.{flag}")), (flag == set).to_string());
        }
    }
}

#[test]
fn fragment_offset_counts_units_of_eight_octets() {
    // The greatest: 1fff × 8 = 65528 (RFC 791: "a maximum of 8192 fragments").
    raw("45000014 00001fff 40fd0000 0a000001 0a000002").has(&[("ip.frag_offset", "65528")]);
    raw("45000014 000020b9 40fd0000 0a000001 0a000002")
        .has(&[("ip.frag_offset", "1480"), ("ip.flags.mf", "true")]);
}

#[test]
fn no_transport_is_read_from_a_later_fragment() {
    let later = raw("4500001c 00010001 40110000 0a000001 0a000002 1234003500080000");
    assert_eq!(later.chain(), "ip");
    assert_eq!(later.stop(), None);
}

#[test]
fn transport_is_read_from_a_first_fragment() {
    let first = raw("4500001c 00012000 40110000 0a000001 0a000002 1234003500080000");
    assert_eq!(first.chain(), "ip udp");
}

/// Segmentation offload leaves 0: the packet reaches to the end of the frame.
#[test]
fn total_length_0_reaches_to_the_end_of_the_frame() {
    let packet = raw("45000000 00014000 40110000 0a000001 0a000002 1234003500080000");
    assert_eq!(packet.chain(), "ip udp");
    packet.has(&[("ip.len", "0")]);
    assert_eq!(packet.stop(), None);
}

#[test]
fn total_length_below_the_header_is_malformed_where_it_stands() {
    let packet = raw("45000013 00010000 40110000 0a000001 0a000002 1234003500080000");
    assert_eq!(packet.chain(), "ip");
    assert_eq!(packet.stop(), Some((Reason::Malformed, 2, 20, 19)));
}

#[test]
fn header_length_below_five_words_is_malformed() {
    let packet = decode(228, "44000014 00010000 40110000 0a000001 0a000002");
    assert_eq!(packet.stop(), Some((Reason::Malformed, 0, 20, 16)));
    packet.has(&[("ip.hdr_len", "16"), ("ip.src", "10.0.0.1")]);
}

#[test]
fn header_length_beyond_the_packet_is_malformed() {
    let packet = raw("4f00001c 00010000 40110000 0a000001 0a000002 1234003500080000");
    assert_eq!(packet.chain(), "ip");
    assert_eq!(packet.stop(), Some((Reason::Malformed, 0, 60, 28)));
}

#[test]
fn version_other_than_4_is_malformed() {
    let packet = decode(228, "55000014 00010000 40110000 0a000001 0a000002");
    assert_eq!(packet.stop(), Some((Reason::Malformed, 0, 4, 5)));
}

/// Captures under EtherType 0x0800 are seen that hold IPv6: the version decides.
#[test]
fn version_6_behind_the_ethertype_of_ipv4_is_ipv6() {
    let frame = decode(
        1,
        "020000000002 020000000001 0800 60000000 0000 3b 40
        20010db8000000000000000000000001 20010db8000000000000000000000002",
    );
    assert_eq!(frame.chain(), "eth ipv6");
}

#[test]
fn each_cut_shows_the_fields_that_were_captured_and_no_other() {
    // Field and the octet behind it.
    const ENDS: [(&str, usize); 13] = [
        ("ip.version", 1),
        ("ip.hdr_len", 1),
        ("ip.dsfield.dscp", 2),
        ("ip.dsfield.ecn", 2),
        ("ip.len", 4),
        ("ip.id", 6),
        ("ip.flags.df", 7),
        ("ip.frag_offset", 8),
        ("ip.ttl", 9),
        ("ip.proto", 10),
        ("ip.checksum", 12),
        ("ip.src", 16),
        ("ip.dst", 20),
    ];
    let whole = raw(WORKED);
    for captured in 1..20 {
        let cut = whole.cut(captured);
        assert_eq!(cut.chain(), "ip");
        assert_eq!(cut.stop().unwrap().0, Reason::Truncated, "{captured}");
        assert_eq!(cut.stop().unwrap().1, 0);
        for (name, end) in ENDS {
            assert_eq!(cut.get(name) != "-", captured >= end, "{name} at {captured}");
        }
    }
}
