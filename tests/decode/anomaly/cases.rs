//! Packets that have one thing wrong with them, row by row, and what nearly has.

use super::octets::*;

/// Ethernet, IPv4, TCP: the SYN of the contract's example, without options.
pub(super) const TCP: &str = "
    001b2ff07eb4 40f308c38ee1 0800
    45000028 4f2a4000 40061196 c0a80067 adfc6b04
    dc3e01bb 1e84a9d2 00000000 50022000 00000000";
/// Ethernet, IPv4, UDP with four octets.
pub(super) const UDP: &str = "
    001b2ff07eb4 40f308c38ee1 0800
    45000020 00010000 40110000 c0a80067 08080808
    c0000035 000c0000 01020304";
/// IPv4, ICMP echo.
pub(super) const ECHO: &str = "
    4500001c 00010000 40010000 c0a80067 08080808
    0800f7fd 00010001";
/// IPv4 with twelve octets of options, nothing behind.
pub(super) const OPTIONS: &str = "
    48000020 00010000 40fd0000 c0a80067 08080808
    01010101 01010101 01010101";
/// IPv4, a first fragment of 24 octets.
pub(super) const FIRST: &str = "
    4500002c 00012000 40fd0000 c0a80067 08080808
    000000000000000000000000000000000000000000000000";
/// Ethernet, IPv6, UDP with four octets.
pub(super) const UDP6: &str = "
    001b2ff07eb4 40f308c38ee1 86dd
    60000000 000c1140 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    c0000035 000c0001 01020304";
/// IPv6 from and to the same addresses, nothing behind it that is known.
pub(super) const BARE6: &str = "
    60000000 0008fd40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    0000000000000000";
/// IPv6, hop-by-hop options with a router alert and two octets of padding, nothing behind.
pub(super) const HOP: &str = "
    60000000 00080040 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    3b00 0502 0000 0100";
/// IPv6, destination options, all padding; a fragment header; both eight octets.
pub(super) const CHAIN: &str = "
    60000000 00183c40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    2c00 0104 00000000
    fd00 0009 00000001
    0000000000000000";
/// IPv6, routing header of type 4 with one segment, nothing behind.
pub(super) const ROUTING: &str = "
    60000000 00182b40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    3b02 0401 00000000 2a0100000000000000000000000000bb";
/// IPv6, authentication header, nothing behind.
pub(super) const AH: &str = "
    60000000 00103340 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    3b02 0000 00001000 00000001 00000000";
/// IPv6, encapsulating security payload.
pub(super) const ESP: &str = "
    60000000 00083240 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    00001000 00000001";
/// IPv6, neighbour solicitation to a group.
pub(super) const SOLICIT: &str = "
    60000000 00183aff fe8000000000000000000000000000aa ff0200000000000000000001ff0000bb
    87000000 00000000 fe8000000000000000000000000000bb";

/// Octets put in place of others: where, and which.
pub(super) type Patch = &'static [(usize, &'static str)];

/// A row: link type, octets, what makes them odd, and what does not quite.
pub(super) struct Case(
    pub(super) &'static str,
    pub(super) u16,
    pub(super) &'static str,
    pub(super) Patch,
    pub(super) Patch,
);

pub(super) const ETH: u16 = 1;
pub(super) const RAW: u16 = 101;

/// Offsets of headers behind Ethernet.
pub(super) const CASES: &[Case] = &[
    Case("eth.src.group", ETH, TCP, &[(6, "41")], &[(0, "ff")]),
    Case("eth.type.ip_version", ETH, TCP, &[(12, "86dd")], &[]),
    // IEEE 802.3, clause 3.2.6: the length counts LLC and what is behind, and no padding.
    Case("eth.length.gt_frame", ETH, BRIDGE, &[(12, "0027")], &[(12, "0025")]),
    Case("eth.length.gt_frame", ETH, BRIDGE, &[(12, "05dc")], &[(12, "05dd")]),
    Case("vlan.length.gt_frame", ETH, TAGGED_BRIDGE, &[(16, "0027")], &[(16, "0025")]),
    Case("vlan.id.reserved", ETH, VLAN, &[(14, "0fff")], &[(14, "0ffe")]),
    Case("ipv4.version", RAW, V4_IN_V4, &[(20, "55")], &[]),
    Case("ipv4.header_length.lt_20", RAW, ECHO, &[(0, "44")], &[]),
    Case("ipv4.header_length.gt_frame", RAW, ECHO, &[(0, "4f")], &[(0, "47")]),
    Case("ipv4.total_length.lt_header", RAW, ECHO, &[(2, "0013")], &[(2, "0014")]),
    Case("ipv4.total_length.gt_frame", RAW, ECHO, &[(2, "001d")], &[(2, "001c")]),
    Case("ipv4.total_length.zero", RAW, ECHO, &[(2, "0000")], &[]),
    Case("ipv4.reserved_bit", RAW, ECHO, &[(6, "80")], &[(6, "40")]),
    Case("ipv4.fragment.df", RAW, FIRST, &[(6, "60")], &[(6, "40")]),
    Case("ipv4.fragment.length", RAW, FIRST, &[(2, "002b")], &[(2, "002b"), (6, "0003")]),
    Case("ipv4.fragment.empty", RAW, FIRST, &[(2, "0014")], &[(2, "0014"), (6, "00")]),
    Case("ipv4.fragment.tiny_first", RAW, FIRST, &[(2, "0024"), (9, "06")], &[(9, "06")]),
    Case(
        "ipv4.fragment.offset_1",
        RAW,
        FIRST,
        &[(6, "0001"), (9, "06")],
        &[(6, "0002"), (9, "06")],
    ),
    Case("ipv4.fragment.gt_65535", RAW, FIRST, &[(6, "1fff")], &[(6, "1ffa")]),
    Case("ipv4.ttl.zero", RAW, ECHO, &[(8, "00")], &[(8, "01")]),
    Case("ipv4.ttl.one", RAW, ECHO, &[(8, "01")], &[(8, "01"), (16, "e0000005")]),
    // OSPF (RFC 2328, appendix A.1), BGP and LLMNR are for neighbours.
    Case("ipv4.ttl.one", RAW, ECHO, &[(8, "01"), (9, "5a")], &[(8, "01"), (9, "59")]),
    Case("ipv4.ttl.one", ETH, TCP, &[(22, "01")], &[(22, "01"), (36, "00b3")]),
    Case("ipv4.ttl.one", ETH, UDP, &[(22, "01"), (36, "14ec")], &[(22, "01"), (36, "14eb")]),
    // EIGRP has two hops, VRRP 255, LLMNR any (RFC 4795, section 2.5).
    Case("ipv4.ttl.local_group", RAW, ECHO, &[(16, "e00000fb")], &[(16, "e00000fc")]),
    Case(
        "ipv4.ttl.local_group",
        RAW,
        ECHO,
        &[(8, "03"), (16, "e000000a")],
        &[(8, "02"), (16, "e000000a")],
    ),
    Case(
        "ipv4.ttl.local_group",
        RAW,
        ECHO,
        &[(8, "fe"), (16, "e0000012")],
        &[(8, "ff"), (16, "e0000012")],
    ),
    // RFC 8029, section 4.3; RFC 5884, section 7.
    Case(
        "ipv4.dst.loopback",
        ETH,
        UDP,
        &[(30, "7f000001"), (36, "0db0")],
        &[(30, "7f000001"), (36, "0daf")],
    ),
    Case(
        "ipv4.dst.loopback",
        ETH,
        UDP,
        &[(30, "7f000001"), (36, "0ec9")],
        &[(30, "7f000001"), (36, "0ec8")],
    ),
    // Over Linux's loopback interface neither end has a MAC address.
    Case(
        "ipv4.dst.loopback",
        ETH,
        TCP,
        &[(0, NO_SOURCE), (30, "7f000001")],
        &[(0, NO_MACS), (30, "7f000001")],
    ),
    Case(
        "ipv4.src.loopback",
        ETH,
        TCP,
        &[(0, NO_SOURCE), (26, "7f000001")],
        &[(0, NO_MACS), (26, "7f000001")],
    ),
    Case(
        "ipv4.src.eq_dst",
        ETH,
        TCP,
        &[(0, NO_SOURCE), (30, "c0a80067")],
        &[(0, NO_MACS), (30, "c0a80067")],
    ),
    Case("ipv4.src.eq_dst", 113, SLL, &[(2, "0001")], &[]),
    Case("ipv4.src.eq_dst", 276, SLL2, &[(8, "0001")], &[]),
    Case(
        "ipv6.dst.loopback",
        ETH,
        UDP6,
        &[(0, NO_SOURCE), (38, LOOPBACK6)],
        &[(0, NO_MACS), (38, LOOPBACK6)],
    ),
    Case(
        "ipv6.src.loopback",
        ETH,
        UDP6,
        &[(0, NO_SOURCE), (22, LOOPBACK6)],
        &[(0, NO_MACS), (22, LOOPBACK6)],
    ),
    Case(
        "ipv6.src.eq_dst",
        ETH,
        UDP6,
        &[(0, NO_SOURCE), (38, SOURCE6)],
        &[(0, NO_MACS), (38, SOURCE6)],
    ),
    // The rest of what a tunnel carries is in later fragments.
    Case(
        "ipv4.total_length.gt_frame",
        RAW,
        V4_IN_V4,
        &[(22, "0015")],
        &[(6, "2000"), (22, "0015")],
    ),
    Case("ipv4.total_length.gt_frame", RAW, V4_IN_V4, &[(2, "0029"), (6, "2000")], &[(6, "2000")]),
    Case("ipv4.total_length.gt_frame", RAW, V4_IN_PIECE, &[(43, "00")], &[]),
    Case(
        "ipv6.payload_length.gt_frame",
        RAW,
        V6_IN_V4,
        &[(24, "0001")],
        &[(6, "2000"), (24, "0001")],
    ),
    Case("ipv4.ttl.local_group", RAW, ECHO, &[(16, "e0000005")], &[(8, "01"), (16, "e0000005")]),
    Case("ipv4.protocol.ipv6_only", RAW, ECHO, &[(9, "3a")], &[(9, "39")]),
    Case("ipv4.protocol.unassigned", RAW, ECHO, &[(9, "fc")], &[(9, "fd")]),
    Case("ipv4.checksum.bad", ETH, TCP, &[(24, "1195")], &[]),
    Case("ipv4.option.length", RAW, OPTIONS, &[(20, "0701")], &[(20, "070704")]),
    Case("ipv4.option.unknown", RAW, OPTIONS, &[(20, "7e04")], &[(20, "9404")]),
    Case("ipv4.option.repeated", RAW, OPTIONS, &[(20, "9404000094040000")], &[(20, "94040000")]),
    Case("ipv4.option.source_route", RAW, OPTIONS, &[(20, "830704")], &[(20, "070704")]),
    Case("ipv4.option.pointer", RAW, OPTIONS, &[(20, "070703")], &[(20, "070704")]),
    Case("ipv4.option.after_end", RAW, OPTIONS, &[(28, "00000001")], &[(28, "01000000")]),
    Case("ipv4.option.nops", RAW, OPTIONS, &[], &[(20, "010101 94040000 010101 0000")]),
    Case("ipv4.dst.unspecified", RAW, ECHO, &[(16, "00000000")], &[(16, "01000000")]),
    Case("ipv4.dst.loopback", RAW, ECHO, &[(16, "7f000001")], &[(12, "7f0000017f000001")]),
    Case("ipv4.dst.reserved", RAW, ECHO, &[(16, "f0000001")], &[(16, "ffffffff")]),
    Case("ipv4.src.eq_dst", RAW, ECHO, &[(16, "c0a80067")], &[(16, "c0a80068")]),
    Case("ipv4.src.multicast", RAW, ECHO, &[(12, "e0000001")], &[(12, "df000001")]),
    Case("ipv4.src.broadcast", RAW, ECHO, &[(12, "ffffffff")], &[(12, "fffffffe")]),
    Case("ipv4.src.loopback", RAW, ECHO, &[(12, "7f000001")], &[(12, "7f0000017f000002")]),
    Case("ipv4.src.unspecified", RAW, ECHO, &[(12, "00000000")], &[(12, "00000000ffffffff")]),
    Case("ipv4.src.this_network", RAW, ECHO, &[(12, "00000001")], &[(12, "00000000")]),
    Case("ipv4.src.documentation", RAW, ECHO, &[(12, "cb007101")], &[(12, "cb007201")]),
    Case("ipv4.src.benchmarking", RAW, ECHO, &[(12, "c6130001")], &[(12, "c6140001")]),
    Case("ipv4.src.reserved", RAW, ECHO, &[(12, "f0000001")], &[(12, "ffffffff")]),
    // 192.0.0.9 is reachable: a narrower row.
    Case("ipv4.src.special", RAW, ECHO, &[(12, "c00000ff")], &[(12, "c0000009")]),
    Case("ipv6.version", RAW, V6_IN_V4, &[(20, "70")], &[]),
    Case("ipv6.payload_length.gt_frame", RAW, BARE6, &[(4, "0009")], &[(4, "0007")]),
    Case("ipv6.payload_length.zero", RAW, BARE6, &[(4, "0000")], &[(4, "0000"), (6, "3b")]),
    // RFC 2675, section 3: options, none of which is a jumbo payload.
    Case(
        "ipv6.payload_length.zero",
        RAW,
        HOP,
        &[(4, "0000")],
        &[(4, "0000"), (42, "c20400010000")],
    ),
    Case("ipv6.hop_limit.zero", RAW, BARE6, &[(7, "00")], &[(7, "01")]),
    Case("ipv6.hop_limit.one", RAW, BARE6, &[(7, "01")], &[(7, "01"), (24, "ff02")]),
    Case("ipv6.next_header.unassigned", RAW, BARE6, &[(6, "fc")], &[(6, "fd")]),
    Case("ipv6.next_header.ipv4_only", RAW, BARE6, &[(6, "01")], &[(6, "3a")]),
    Case("ipv6.no_next.data", RAW, BARE6, &[(6, "3b")], &[(4, "0000"), (6, "3b")]),
    Case("ipv6.dst.unspecified", RAW, BARE6, &[(24, "00000000000000000000000000000000")], &[]),
    Case("ipv6.dst.loopback", RAW, BARE6, &[(24, "00000000000000000000000000000001")], &[]),
    Case("ipv6.dst.scope", RAW, BARE6, &[(24, "ff00")], &[(24, "ff02")]),
    Case("ipv6.src.eq_dst", RAW, BARE6, &[(24, "26001f180000000000000000000000aa")], &[]),
    Case("ipv6.src.multicast", RAW, BARE6, &[(8, "ff02")], &[(8, "fe80")]),
    Case("ipv6.src.loopback", RAW, BARE6, &[(8, "00000000000000000000000000000001")], &[]),
    Case(
        "ipv6.src.unspecified",
        RAW,
        BARE6,
        &[(8, "00000000000000000000000000000000")],
        &[(8, "00000000000000000000000000000000ff02")],
    ),
    Case("ipv6.src.documentation", RAW, BARE6, &[(8, "20010db8")], &[(8, "20010db9")]),
    Case("ipv6.src.ipv4_mapped", RAW, BARE6, &[(8, "00000000000000000000ffff08080808")], &[]),
    Case("ipv6.src.ipv4_compatible", RAW, BARE6, &[(8, "00000000000000000000000008080808")], &[]),
    Case("ipv6.src.site_local", RAW, BARE6, &[(8, "fec0")], &[(8, "fe80")]),
    Case("ipv6.src.discard", RAW, BARE6, &[(8, "0100000000000000")], &[(8, "0100000000000002")]),
    Case("ipv6.src.unallocated", RAW, BARE6, &[(8, "2d00")], &[(8, "2c00")]),
    Case("ipv6.src.special", RAW, BARE6, &[(8, "2001004000000000")], &[(8, "2001002000000000")]),
    Case("ipv6.hop_by_hop.not_first", RAW, CHAIN, &[(40, "00")], &[]),
    Case("ipv6.extension.order", RAW, CHAIN, &[], &[]),
    Case(
        "ipv6.hop_by_hop.repeated",
        RAW,
        TWICE,
        &[(6, "00"), (40, "00")],
        &[(6, "00"), (40, "3c")],
    ),
    Case("ipv6.routing.repeated", RAW, TWICE, &[(6, "2b"), (40, "2b")], &[(6, "2b"), (40, "3c")]),
    Case(
        "ipv6.fragment.repeated",
        RAW,
        TWICE,
        &[(6, "2c"), (40, "2c000001"), (48, "3b000001")],
        &[(6, "2c"), (40, "3c000001")],
    ),
    Case(
        "ipv6.destination.repeated",
        RAW,
        TWICE,
        &[(6, "3c"), (40, "3c"), (48, "3c")],
        &[(6, "3c"), (40, "3c")],
    ),
    Case("ipv6.ah.repeated", RAW, TWO_AH, &[(40, "33")], &[]),
    Case("ipv6.extension.next_unassigned", RAW, HOP, &[(40, "fc")], &[(40, "fd")]),
    Case("ipv6.extension.no_next_data", RAW, TWICE, &[(40, "3b")], &[(48, "3b"), (4, "0010")]),
    Case("ipv6.routing.type_0", RAW, ROUTING, &[(42, "00")], &[(42, "02")]),
    Case("ipv6.routing.type_unknown", RAW, ROUTING, &[(42, "07")], &[(42, "06")]),
    Case("ipv6.routing.segments_left", RAW, ROUTING, &[(43, "02")], &[(43, "00")]),
    // RFC 8754, section 4.3.1.1: the list may end before the header does.
    Case("ipv6.routing.segments_left", RAW, SEGMENTS, &[(44, "00")], &[(44, "01")]),
    Case("ipv6.routing.segments_left", RAW, ROUTING, &[(42, "0202")], &[(42, "0201")]),
    // RFC 6554, section 4.2: one whole address; two of eight octets; and one of fourteen behind
    // padding of two.
    Case("ipv6.routing.segments_left", RAW, ROUTING, &[(42, "0302")], &[(42, "0301")]),
    Case(
        "ipv6.routing.segments_left",
        RAW,
        ROUTING,
        &[(42, "0303 88000000")],
        &[(42, "0302 88000000")],
    ),
    Case(
        "ipv6.routing.segments_left",
        RAW,
        ROUTING,
        &[(42, "0302 02200000")],
        &[(42, "0301 02200000")],
    ),
    Case("ipv6.routing.type_0_length", RAW, ROUTING, &[(41, "0100")], &[(42, "00")]),
    Case("ipv6.fragment.atomic", RAW, CHAIN, &[(50, "0000")], &[(50, "0001")]),
    Case("ipv6.fragment.reserved", RAW, CHAIN, &[(49, "01")], &[]),
    Case("ipv6.fragment.length", RAW, CHAIN, &[(4, "0017")], &[(4, "0017"), (50, "0008")]),
    Case("ipv6.fragment.empty", RAW, CHAIN, &[(4, "0010")], &[(4, "0010"), (50, "0000")]),
    Case(
        "ipv6.fragment.tiny_first",
        RAW,
        CHAIN,
        &[(48, "06"), (50, "0001")],
        &[(48, "11"), (50, "0001")],
    ),
    Case("ipv6.fragment.gt_65535", RAW, CHAIN, &[(50, "fff8")], &[(50, "fff0")]),
    Case("ipv6.option.length", RAW, HOP, &[(47, "01")], &[]),
    Case("ipv6.option.unknown", RAW, HOP, &[(42, "1d")], &[(42, "1e")]),
    Case("ipv6.option.misplaced", RAW, HOP, &[(6, "3c")], &[]),
    Case("ipv6.option.only_padding", RAW, HOP, &[(42, "0102")], &[]),
    Case("ipv6.option.padding", RAW, HOP, &[(42, "0102000101")], &[(42, "0102000001")]),
    Case("ipv6.option.long_padding", RAW, LONG_PADDING, &[(43, "06")], &[]),
    // RFC 8504, section 5.3: two of seven octets, and with a router alert (RFC 2711) between; eight
    // of one octet, and seven.
    Case(
        "ipv6.option.padding_run",
        RAW,
        LONG_PADDING,
        &[],
        &[(42, "0103000000 05020000 0103000000")],
    ),
    Case(
        "ipv6.option.padding_run",
        RAW,
        LONG_PADDING,
        &[(42, "0000000000000000 05020000 0100")],
        &[(42, "00000000000000 05020000 010100")],
    ),
    Case("ipv6.option.too_many", RAW, NINE, &[], &[(42, "0100")]),
    Case(
        "ipv6.jumbo.with_length",
        RAW,
        HOP,
        &[(42, "c20400010000")],
        &[(4, "0000"), (42, "c20400010000")],
    ),
    Case(
        "ipv6.jumbo.gt_frame",
        RAW,
        HOP,
        &[(4, "0000"), (42, "c20400010000")],
        &[(4, "0000"), (42, "c20400000008")],
    ),
    Case("ipv6.jumbo.small", RAW, HOP, &[(42, "c2040000ffff")], &[(42, "c20400010000")]),
    Case("ah.reserved", RAW, AH, &[(42, "0001")], &[]),
    Case("ah.spi.reserved", RAW, AH, &[(44, "000000ff")], &[(44, "00000100")]),
    Case("esp.spi.reserved", RAW, ESP, &[(40, "000000ff")], &[(40, "00000100")]),
    Case("tcp.header_length.lt_20", ETH, TCP, &[(46, "40")], &[]),
    Case("tcp.header_length.gt_packet", ETH, TCP, &[(46, "60")], &[]),
    Case("tcp.flags.null", ETH, TCP, &[(47, "00")], &[(47, "10")]),
    Case("tcp.flags.xmas", ETH, TCP, &[(47, "29")], &[(47, "19")]),
    Case("tcp.flags.syn_fin", ETH, TCP, &[(47, "03")], &[(47, "11")]),
    Case("tcp.flags.syn_rst", ETH, TCP, &[(47, "06")], &[(47, "14")]),
    Case("tcp.flags.fin_rst", ETH, TCP, &[(47, "15")], &[(47, "14")]),
    Case("tcp.flags.fin_without_ack", ETH, TCP, &[(47, "01")], &[(47, "11")]),
    Case("tcp.flags.no_ack", ETH, TCP, &[(47, "08")], &[(47, "18")]),
    Case("tcp.flags.syn_data_flags", ETH, TCP, &[(47, "0a")], &[(47, "c2")]),
    Case("tcp.reserved", ETH, TCP, &[(46, "52")], &[(46, "51")]),
    Case("tcp.ack.without_flag", ETH, TCP, &[(42, "00000001")], &[(42, "00000001"), (47, "12")]),
    Case("tcp.ack.without_flag", ETH, TCP, &[(42, "00000001"), (47, "04")], &[(47, "04")]),
    Case("tcp.urgent.without_flag", ETH, TCP, &[(52, "0001")], &[(47, "30"), (52, "0001")]),
    Case("tcp.port.zero", ETH, TCP, &[(36, "0000")], &[(36, "0001")]),
    Case("tcp.dst.group", ETH, TCP, &[(30, "ef010203")], &[(30, "df010203")]),
    Case("tcp.option.length", RAW, SYN, &[(41, "03")], &[]),
    Case("tcp.option.repeated", RAW, SYN, &[(44, "020405b4")], &[(44, "01010101")]),
    Case("tcp.option.misplaced", RAW, SYN, &[(33, "10")], &[(33, "12")]),
    // RFC 7323, section 2.3.
    Case("tcp.option.window_scale", RAW, SYN, &[(44, "03030f01")], &[(44, "03030e01")]),
    Case("tcp.option.after_end", RAW, SYN, &[(44, "01000001")], &[(44, "01010000")]),
    Case("tcp.option.nops", RAW, SYN, &[], &[(44, "01010100")]),
    Case("tcp.checksum.bad", RAW, SYN, &[(36, "1111")], &[]),
    Case("udp.length.lt_8", ETH, UDP, &[(38, "0007")], &[(38, "0008")]),
    Case("udp.length.zero", ETH, UDP, &[(38, "0000")], &[]),
    Case("udp.length.gt_packet", ETH, UDP, &[(38, "000d")], &[]),
    Case("udp.length.lt_packet", ETH, UDP, &[(38, "000b")], &[]),
    Case("udp.port.zero", ETH, UDP, &[(36, "0000")], &[(34, "0000")]),
    Case("udp.checksum.missing", ETH, UDP6, &[(60, "0000")], &[]),
    Case("udp.checksum.bad", RAW, DATAGRAM, &[(26, "1234")], &[(26, "0000")]),
    // What is beyond the packet may be what makes the sum right.
    Case("udp.checksum.bad", RAW, DATAGRAM, &[(26, "1234")], &[(24, "000d1234")]),
    Case("udp.checksum.bad", RAW, DATAGRAM, &[(26, "1234")], &[(24, "00071234")]),
    Case("icmp.type.unknown", RAW, ECHO, &[(20, "07")], &[(20, "00")]),
    Case("icmp.redirect", RAW, ECHO, &[(20, "05")], &[(20, "04")]),
    // RFC 1191, section 4: the MTU stands in the lower half of what was unused before.
    Case(
        "icmp.too_big",
        RAW,
        ECHO,
        &[(20, "0304"), (24, "00000578")],
        &[(20, "0303"), (24, "00000578")],
    ),
    Case(
        "icmp.too_big",
        RAW,
        ECHO,
        &[(20, "0304"), (24, "00000578")],
        &[(20, "0304"), (24, "00000000")],
    ),
    Case(
        "icmp.too_big.no_mtu",
        RAW,
        ECHO,
        &[(20, "0304"), (24, "00000000")],
        &[(20, "0304"), (24, "00000578")],
    ),
    Case("icmp.fragment", RAW, ECHO, &[(6, "20")], &[(6, "40")]),
    Case("icmp.error_to_group", RAW, ECHO, &[(16, "e0000001"), (20, "03")], &[(20, "03")]),
    Case("icmp.echo.broadcast", RAW, ECHO, &[(16, "ffffffff")], &[(16, "c0a800ff")]),
    Case("udplite.checksum.bad", RAW, LITE, &[(26, "1234")], &[]),
    Case("sctp.checksum.bad", RAW, SCTP, &[(28, "12345678")], &[]),
    Case("igmp.checksum.bad", RAW, IGMP, &[(22, "1234")], &[]),
    // RFC 2328, section A.3.1: authentication is left out; section D.4.3: none beside a digest.
    Case("ospf.checksum.bad", RAW, OSPF, &[(32, "f7d2")], &[(36, "0102030405060708")]),
    Case("ospf.checksum.bad", RAW, OSPF, &[(32, "0000")], &[(32, "00000002")]),
    // RFC 7166: before an authentication trailer, which may stand behind it, nobody looks at it.
    Case("ospf.checksum.bad", RAW, OSPF6, &[(52, "2bfb")], &[(52, "0000")]),
    Case("ospf.checksum.bad", RAW, OSPF6, &[(52, "2bfb")], &[(42, "0023"), (52, "2bfb")]),
    Case("vrrp.checksum.bad", RAW, VRRP2, &[(26, "f11e")], &[]),
    // RFC 5798 could be read so that over IPv4 there is a pseudo-header; RFC 9568 has none.
    Case("vrrp.checksum.bad", RAW, VRRP, &[(26, "bef8")], &[(26, "6098")]),
    Case("vrrp.checksum.bad", RAW, VRRP6, &[(46, "1070")], &[]),
    // RFC 7761, section 4.9: of a register eight octets, or all.
    Case("pim.checksum.bad", RAW, REGISTER, &[(22, "defe")], &[(22, "cc8e")]),
    Case("pim.checksum.bad", RAW, REGISTER, &[(22, "cc8f")], &[(55, "01")]),
    Case("pim.checksum.bad", RAW, PIM6, &[(42, "e0e6")], &[]),
    Case("pim.checksum.bad", RAW, REGISTER6, &[(42, "2e13")], &[(42, "222b")]),
    // RFC 4884, section 7: 0 says that there is none.
    Case("icmp.extension.checksum.bad", RAW, EXTENDED, &[(158, "9db1")], &[(158, "0000")]),
    Case("icmp.extension.checksum.bad", RAW, EXTENDED, &[(167, "41")], &[]),
    Case("gre.checksum.bad", RAW, GRE, &[(24, "1234")], &[(20, "0000")]),
    Case("icmp.checksum.bad", RAW, ECHO, &[(22, "f7fc")], &[]),
    Case("icmpv6.type.unknown", RAW, SOLICIT, &[(40, "05")], &[(40, "04")]),
    Case(
        "icmpv6.too_big",
        RAW,
        ECHO6,
        &[(40, "0200"), (44, "00000500")],
        &[(40, "0200"), (44, "000004ff")],
    ),
    Case(
        "icmpv6.too_big.lt_1280",
        RAW,
        ECHO6,
        &[(40, "0200"), (44, "000004ff")],
        &[(40, "0200"), (44, "00000500")],
    ),
    Case("icmpv6.neighbour.hop_limit", RAW, SOLICIT, &[(7, "fe")], &[]),
    Case("icmpv6.listener.hop_limit", RAW, SOLICIT, &[(40, "8f")], &[(7, "01"), (40, "8f")]),
    Case("icmpv6.neighbour.fragment", RAW, PIECES, &[], &[(48, "80")]),
    // RFC 4861, section 4.6: units of eight octets.
    Case("icmpv6.option.length", RAW, SOLICIT_OPTION, &[(65, "00")], &[]),
    Case("icmpv6.option.length", RAW, SOLICIT_OPTION, &[(65, "02")], &[(40, "80"), (65, "02")]),
    Case("icmpv6.checksum.bad", RAW, ECHO6, &[(42, "1111")], &[]),
    Case("wlan_aggregate.more", 105, AGGREGATE, &[(82, "0100")], &[(70, UNIT_OF_ZEROS)]),
    Case("frame.link_type.unknown", 147, ECHO, &[], &[]),
];
