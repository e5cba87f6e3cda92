//! Every row of the anomaly table against octets that have it and octets that just do not.

use std::collections::HashSet;

use ipeek::decode::Packet;
use ipeek::decode::anomaly::{self, Expected};

use crate::packets::{Decoded, Owned, bundled, hex};

/// Ethernet, IPv4, TCP: the SYN of the contract's example, without options.
const TCP: &str = "
    001b2ff07eb4 40f308c38ee1 0800
    45000028 4f2a4000 40061196 c0a80067 adfc6b04
    dc3e01bb 1e84a9d2 00000000 50022000 00000000";
/// Ethernet, IPv4, UDP with four octets.
const UDP: &str = "
    001b2ff07eb4 40f308c38ee1 0800
    45000020 00010000 40110000 c0a80067 08080808
    c0000035 000c0000 01020304";
/// IPv4, ICMP echo.
const ECHO: &str = "
    4500001c 00010000 40010000 c0a80067 08080808
    0800f7fd 00010001";
/// IPv4 with twelve octets of options, nothing behind.
const OPTIONS: &str = "
    48000020 00010000 40fd0000 c0a80067 08080808
    01010101 01010101 01010101";
/// IPv4, a first fragment of 24 octets.
const FIRST: &str = "
    4500002c 00012000 40fd0000 c0a80067 08080808
    000000000000000000000000000000000000000000000000";
/// Ethernet, IPv6, UDP with four octets.
const UDP6: &str = "
    001b2ff07eb4 40f308c38ee1 86dd
    60000000 000c1140 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    c0000035 000c0001 01020304";
/// IPv6 from and to the same addresses, nothing behind it that is known.
const BARE6: &str = "
    60000000 0008fd40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    0000000000000000";
/// IPv6, hop-by-hop options with a router alert and two octets of padding, nothing behind.
const HOP: &str = "
    60000000 00080040 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    3b00 0502 0000 0100";
/// IPv6, destination options, all padding; a fragment header; both eight octets.
const CHAIN: &str = "
    60000000 00183c40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    2c00 0104 00000000
    fd00 0009 00000001
    0000000000000000";
/// IPv6, routing header of type 4 with one segment, nothing behind.
const ROUTING: &str = "
    60000000 00182b40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    3b02 0401 00000000 2a0100000000000000000000000000bb";
/// IPv6, authentication header, nothing behind.
const AH: &str = "
    60000000 00103340 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    3b02 0000 00001000 00000001 00000000";
/// IPv6, encapsulating security payload.
const ESP: &str = "
    60000000 00083240 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    00001000 00000001";
/// IPv6, neighbour solicitation to a group.
const SOLICIT: &str = "
    60000000 00183aff fe8000000000000000000000000000aa ff0200000000000000000001ff0000bb
    87000000 00000000 fe8000000000000000000000000000bb";

/// Octets put in place of others: where, and which.
type Patch = &'static [(usize, &'static str)];

/// A row: link type, octets, what makes them odd, and what does not quite.
struct Case(&'static str, u16, &'static str, Patch, Patch);

const ETH: u16 = 1;
const RAW: u16 = 101;

/// Offsets of headers behind Ethernet.
const CASES: &[Case] = &[
    Case("eth.src.group", ETH, TCP, &[(6, "41")], &[(0, "ff")]),
    Case("eth.type.ip_version", ETH, TCP, &[(12, "86dd")], &[]),
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
    Case("icmpv6.checksum.bad", RAW, ECHO6, &[(42, "1111")], &[]),
    Case("wlan_aggregate.more", 105, AGGREGATE, &[(82, "0100")], &[(70, UNIT_OF_ZEROS)]),
    Case("frame.link_type.unknown", 147, ECHO, &[], &[]),
];

/// IEEE 802.11 data with quality of service, the bit of aggregates set (clause 9.2.4.5); two units
/// (clause 9.3.2.2): receiver, sender, length, LLC and SNAP, IPv4; the first padded to four octets.
const AGGREGATE: &str = "
    8801 0000 020000000001 020000000002 020000000003 1000 8600
    020000000001 020000000002 001c aaaa03000000 0800
    45000014 00010000 40fd0000 c0a80067 08080808 0000
    020000000001 020000000002 001c aaaa03000000 0800
    45000014 00020000 40fd0000 c0a80068 08080808";
/// What is no unit: padding.
const UNIT_OF_ZEROS: &str = "
    000000000000 000000000000 0000 000000000000 0000
    00000000 00000000 00000000 00000000 00000000";

/// No MAC addresses, and but one.
const NO_MACS: &str = "000000000000 000000000000";
const NO_SOURCE: &str = "000000000001 000000000000";
/// The loopback address, and the source of [`UDP6`].
const LOOPBACK6: &str = "00000000000000000000000000000001";
const SOURCE6: &str = "26001f180000000000000000000000aa";
/// Linux's cooked captures of its loopback interface, of which the hardware type is 772: IPv4 from
/// an address to itself.
const SLL: &str = "
    0000 0304 0006 0000000000000000 0800
    45000014 00010000 40fd0000 c0a80067 c0a80067";
const SLL2: &str = "
    0800 0000 00000001 0304 00 06 0000000000000000
    45000014 00010000 40fd0000 c0a80067 c0a80067";
/// IPv6, a first fragment of 24 octets, IPv4 that says it has one more.
const V4_IN_PIECE: &str = "
    60000000 00202c40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    0400 0001 00000001
    45000019 00010000 40fd0000 c0a80067 08080808 00000000";
/// Ethernet, VLAN 1, IPv4 without a payload.
const VLAN: &str = "
    001b2ff07eb4 40f308c38ee1 8100 0001 0800
    45000014 00010000 40fd0000 c0a80067 08080808";
/// IPv4 in IPv4.
const V4_IN_V4: &str = "
    45000028 00010000 40040000 c0a80067 08080808
    45000014 00010000 40fd0000 c0a80067 08080808";
/// IPv6 in IPv4.
const V6_IN_V4: &str = "
    4500003c 00010000 40290000 c0a80067 08080808
    60000000 0000fd40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb";
/// IPv6 and three headers of eight octets that read as options or fragments.
const TWICE: &str = "
    60000000 00183c40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    3c00 0104 00000000
    3b00 0104 00000000
    3b00 0104 00000000";
/// IPv6, two authentication headers.
const TWO_AH: &str = "
    60000000 00203340 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    3c02 0000 00001000 00000001 00000000
    3b02 0000 00001000 00000002 00000000";
/// IPv6, hop-by-hop options of sixteen octets: padding of seven and of seven.
const LONG_PADDING: &str = "
    60000000 00100040 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    3b01 0105 0000000000 0105 0000000000";
/// IPv4, TCP with a segment size; tcpdump -v calls both sums correct.
const SYN: &str = "
    45000030 00010000 4006a9a8 c0a80067 08080808
    dc3e01bb 1e84a9d2 00000000 70022000 eeb00000 020405b4 01010101";
/// IPv4, UDP: "abcd" from port 4660 to 53; tcpdump -v calls both sums correct.
const DATAGRAM: &str = "
    45000020 00010000 4011a9ad c0a80067 08080808
    12340035 000c5787 61626364";
/// IPv4, UDP-Lite whose checksum covers its header alone (RFC 3828, section 3.1).
const LITE: &str = "
    45000020 00010000 4088a936 c0a80067 08080808
    12340035 00081bdb 61626364";
/// IPv4, GRE with a checksum (RFC 2784, section 2.5), IPv4, UDP without data.
const GRE: &str = "
    45000038 00010000 402fa977 c0a80067 08080808
    80000800 658e0000 4500001c 00010000 4011a9b1 c0a80067 08080808
    12340035 00080000";
/// IPv4, an IGMP query of all groups as the test suite of Suricata has it.
const IGMP: &str = "
    45c0001c f7700000 0102d6b5 0a3c00bd e0000001
    1164ee9b 00000000";
/// IPv4, an SCTP INIT as the test suite of Arkime has it.
const SCTP: &str = "
    45000034 00010000 40845a31 0a090601 0a090602
    94719472 00000000 99549e53 01000014 11110001 0000ffff 00040004 0000000a";
/// IPv6, a first fragment of a neighbour solicitation.
const PIECES: &str = "
    60000000 00102cff fe8000000000000000000000000000aa ff0200000000000000000001ff0000bb
    3a00 0001 00000001
    87000000 00000000";
/// IPv6, echo request without data.
const ECHO6: &str = "
    60000000 00083a40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    80000f3d 00010001";

fn patched(link: u16, octets: &str, patch: Patch) -> Decoded {
    let mut bytes = hex(octets);
    for (at, octets) in patch {
        let octets = hex(octets);
        bytes[*at..at + octets.len()].copy_from_slice(&octets);
    }
    Decoded::of(Owned::new(link, bytes))
}

fn found(packet: &Packet<'_>) -> Vec<&'static str> {
    let mut all = Vec::new();
    anomaly::each(packet, true, &mut |found| all.push(found.row().id));
    all
}

/// The rows that are tested here.
pub(crate) fn tested() -> impl Iterator<Item = &'static str> {
    CASES.iter().map(|case| case.0)
}

#[test]
fn every_row_is_found_where_it_is_and_only_there() {
    let mut wrong = Vec::new();
    for Case(id, link, octets, with, without) in CASES {
        let odd = found(&patched(*link, octets, with).packet());
        if !odd.contains(id) {
            wrong.push(format!("{id} is missed, found {odd:?}"));
        }
        // What is odd as it stands is compared with another packet.
        let (link, plain) =
            if with.is_empty() && without.is_empty() { (RAW, ECHO) } else { (*link, *octets) };
        let even = found(&patched(link, plain, without).packet());
        if even.contains(id) {
            wrong.push(format!("{id} is seen where it is not, found {even:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn frames_that_lie_or_are_cut_are_found() {
    let whole = patched(ETH, TCP, &[]);
    assert!(!found(&whole.packet()).iter().any(|id| id.starts_with("frame.")));
    assert!(found(&whole.cut(40).packet()).contains(&"frame.truncated"));
    assert!(found(&patched(RAW, ECHO, &[(2, "0013")]).packet()).contains(&"frame.malformed"));
    let mut owned = whole.owned.clone();
    owned.original = 53;
    assert!(found(&Decoded::of(owned).packet()).contains(&"frame.captured.gt_length"));
    let deep = hex("45000014 00010000 40040000 c0a80067 08080808").repeat(10);
    // Each header claims no more than itself: let each hold the rest.
    let mut bytes = deep;
    for (at, left) in (0..10).zip((1..=10_u8).rev()) {
        bytes[at * 20 + 3] = left * 20;
    }
    assert!(found(&Decoded::of(Owned::new(RAW, bytes)).packet()).contains(&"frame.too_deep"));
}

/// What the end of the capture hides is no fault of the packet.
#[test]
fn a_cut_adds_nothing_but_that_it_is_cut() {
    let mut added = std::collections::BTreeMap::new();
    let mut check = |whole: &Decoded| {
        let odd = found(&whole.packet());
        for octets in 0..whole.owned.bytes.len() {
            for id in found(&whole.cut(octets).packet()) {
                if !odd.contains(&id) && id != "frame.truncated" {
                    added
                        .entry(id)
                        .or_insert_with(|| (octets, whole.owned.bytes[..octets].to_vec()));
                }
            }
        }
    };
    for owned in bundled() {
        check(&Decoded::of(owned.clone()));
    }
    for Case(_, link, octets, with, without) in CASES {
        check(&patched(*link, octets, with));
        check(&patched(*link, octets, without));
    }
    assert!(added.is_empty(), "{added:02x?}");
}

#[test]
fn a_bad_checksum_tells_the_right_one_and_where_it_stands() {
    for (packet, id, offset, value, right) in [
        // The expected sums are tcpdump's.
        (patched(ETH, TCP, &[(24, "1234")]), "ipv4.checksum.bad", 24, 0x1234, TCP_IP_SUM),
        (patched(RAW, ECHO, &[(22, "0000")]), "icmp.checksum.bad", 22, 0, 0xf7fd),
    ] {
        let mut all = Vec::new();
        anomaly::each(&packet.packet(), true, &mut |found| all.push(found));
        let found = all.iter().find(|found| found.row().id == id).expect(id);
        let mark = found.mark;
        assert_eq!((mark.offset, mark.len, mark.value), (offset, 2, value), "{id}");
        assert_eq!(mark.expected, Expected::Number(right), "{id}");
        assert_eq!(found.ip_layer, 1);
    }
}

/// Header checksum of [`TCP`].
const TCP_IP_SUM: u64 = 0x1196;

/// What an option would say is not read when its length lies, so that nothing can be wrong with it.
#[test]
fn an_option_whose_length_lies_is_odd_for_that_alone() {
    let only = |octets: &str, at: usize, option: &'static str| {
        let mut bytes = hex(octets);
        let option = hex(option);
        bytes[at..at + option.len()].copy_from_slice(&option);
        let mut all = found(&Decoded::of(Owned::new(RAW, bytes)).packet());
        all.retain(|id| id.contains("option") || id.contains("jumbo"));
        all
    };
    // Record route and timestamp, shorter than a head and longer than the header.
    for option in ["0701", "070d03", "4401", "440d02"] {
        assert_eq!(only(OPTIONS, 20, option), ["ipv4.option.length"], "{option}");
    }
    // Jumbo payload, padding that is not zero, padding that is long.
    for option in ["c2ff00000001", "010501000000", "01ff00000000"] {
        assert_eq!(only(HOP, 42, option), ["ipv6.option.length"], "{option}");
    }
    // The same with lengths that fit.
    assert_eq!(only(OPTIONS, 20, "070c03"), ["ipv4.option.pointer"]);
    assert_eq!(only(HOP, 42, "010401000000"), ["ipv6.option.only_padding", "ipv6.option.padding"]);
}

/// What the octets of a header mean hangs on its version: RFC 8200, section 3, and RFC 791, section
/// 3.1, begin with it.
#[test]
fn a_header_of_another_version_is_odd_for_that_alone() {
    let inner = |octets, patch: Patch| {
        let mut all = found(&patched(RAW, octets, patch).packet());
        all.retain(|id| *id != "ipv4.checksum.bad");
        all
    };
    // Hops, reserved flag, total length, and the source of the inner header.
    let v4: Patch = &[(20, "57"), (22, "0001"), (26, "ffff"), (28, "00"), (32, "f0000001")];
    assert_eq!(inner(V4_IN_V4, v4), ["frame.malformed", "ipv4.version"]);
    let v6: Patch = &[(20, "50"), (24, "ffff"), (27, "00"), (28, "ff02")];
    assert_eq!(inner(V6_IN_V4, v6), ["frame.malformed", "ipv6.version"]);
    // The same octets with the right version, for comparison.
    let v6: Patch = &[(24, "ffff"), (27, "00"), (28, "ff02")];
    assert!(inner(V6_IN_V4, v6).contains(&"ipv6.hop_limit.zero"));
}

/// The loopback interface of BSD, and of OpenBSD: an address family, then the packet.
#[test]
fn by_the_link_type_of_a_loopback_interface_a_host_may_talk_to_itself() {
    let to_itself = hex("45000014 00010000 40fd0000 c0a80067 c0a80067");
    let is_odd = |link, before: &str| {
        let bytes = [hex(before), to_itself.clone()].concat();
        found(&Decoded::of(Owned::new(link, bytes)).packet()).contains(&"ipv4.src.eq_dst")
    };
    assert_eq!(
        [is_odd(RAW, ""), is_odd(0, "02000000"), is_odd(108, "00000002")],
        [true, false, false]
    );
}

/// RFC 8200, section 4: extension headers are of IPv6; behind IPv4 that alone is odd.
#[test]
fn options_of_ipv6_behind_ipv4_are_odd_for_standing_there() {
    let options = "
        4500001c 00010000 40000000 c0a80067 08080808
        3b00 1d02 0000 0100";
    let mut all = found(&patched(RAW, options, &[]).packet());
    all.retain(|id| *id != "ipv4.checksum.bad");
    assert_eq!(all, ["ipv4.protocol.ipv6_only"]);
}

#[test]
fn rows_are_named_once_and_complete() {
    let mut seen = HashSet::new();
    assert_eq!(anomaly::rows().count(), anomaly::COUNT);
    assert!(anomaly::rows().count() > 100);
    for (number, row) in (0..).zip(anomaly::rows()) {
        assert!(seen.insert(row.id), "{}", row.id);
        assert!(row.meaning.ends_with('.') && row.meaning.len() >= 20, "{}", row.id);
        // A document, and where in it; registries have no sections, and two old RFCs no numbers.
        let has_section = row.source.contains(", section ") || row.source.contains(", table ");
        let is_list = row.source.starts_with("IANA ") || row.source == "tcpdump.org linktypes";
        let is_old = matches!(row.source, "RFC 768" | "RFC 792");
        assert!(has_section || is_list || is_old, "{}: {}", row.id, row.source);
        assert!(row.id.contains('.') && row.id.len() < 34, "{}", row.id);
        assert_eq!(anomaly::row(number).id, row.id);
    }
}

#[test]
fn what_the_gate_lets_pass_has_nothing() {
    let check = |decoded: &Decoded| {
        let packet = decoded.packet();
        let (mut gated, mut all) = (Vec::new(), Vec::new());
        anomaly::each(&packet, false, &mut |found| gated.push(found.row().id));
        anomaly::each_unguarded(&packet, false, &mut |found| all.push(found.row().id));
        assert_eq!(gated, all, "{:02x?}", packet.frame.bytes);
    };
    for owned in bundled() {
        check(&Decoded::of(owned.clone()));
    }
    for Case(_, link, octets, with, without) in CASES {
        check(&patched(*link, octets, with));
        check(&patched(*link, octets, without));
    }
    // Every octet of the usual makes, changed in every way that one octet can be.
    for octets in [TCP, UDP, UDP6, TCP6] {
        let usual = hex(octets);
        check(&patched(ETH, octets, &[]));
        for at in 0..usual.len() {
            for value in 0..=u8::MAX {
                let mut bytes = usual.clone();
                bytes[at] = value;
                // A wrong checksum alone lets everything be looked at.
                let right = summed(bytes.clone());
                check(&Decoded::of(Owned::new(ETH, bytes)));
                check(&Decoded::of(Owned::new(ETH, right)));
            }
        }
    }
}

/// With the checksum (RFC 1071) of an IPv4 header behind Ethernet made right.
fn summed(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes[24..26].fill(0);
    let word = |at| u32::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]));
    let folded = u16::try_from((14..34).step_by(2).map(word).sum::<u32>() % 0xffff).unwrap();
    bytes[24..26].copy_from_slice(&(!folded).to_be_bytes());
    bytes
}

/// Ethernet, IPv6, TCP with a timestamp.
const TCP6: &str = "
    001b2ff07eb4 40f308c38ee1 86dd
    60000000 00200640 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    dc3e01bb 1e84a9d2 00000001 80102000 00000000 0101080a 00000001 00000002";
