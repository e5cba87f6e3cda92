//! Packets whose headers differ from the reference set for good: file, packet, and why.

const MIPV6_62: &str =
    "next header 62 is not Mobile IPv6, which is 135 (IANA; RFC 6275, section 6.1)";
const MANY: &str = "more extension headers than the walk takes: too-deep from the seventeenth on";
const BIG_TCP: &str =
    "BIG TCP: lengths of 0 are segmentation offload's, the tunnel goes on behind them";
const NOTHING: &str =
    "a payload length of 0 leaves no octet for a fragment header (RFC 8200, section 3)";

/// The packets, sorted.
pub(super) const KNOWN: &[(&str, u64, &str)] = &[
    ("suricata__ipv6-evasion-ipv6-malformed-fragments-11-frag-11.pcap", 6, MANY),
    ("suricata__ipv6-evasion-ipv6-malformed-fragments-11-frag-11.pcap", 7, MANY),
    ("suricata__ipv6-evasion-ipv6-malformed-fragments-12-frag-12.pcap", 5, MANY),
    ("suricata__ipv6-evasion-ipv6-malformed-fragments-12-frag-12.pcap", 6, MANY),
    ("tcpdump__bigtcp-ipv4-geneve-ipv4.pcap", 1, BIG_TCP),
    ("tcpdump__bigtcp-ipv4-geneve-ipv6.pcap", 1, BIG_TCP),
    ("tcpdump__bigtcp-ipv4-vxlan-ipv4.pcap", 1, BIG_TCP),
    ("tcpdump__bigtcp-ipv6-geneve-ipv6.pcap", 1, BIG_TCP),
    ("tcpdump__bigtcp-ipv6-vxlan-ipv4.pcap", 1, BIG_TCP),
    ("tcpdump__ipv6-mobility-header-oobr.pcap", 1, MIPV6_62),
    ("tcpdump__ipv6_frag6_negative_len.pcap", 1, NOTHING),
    ("tcpdump__mobility_opt_asan_2.pcap", 1, MIPV6_62),
    ("tcpdump__mobility_opt_asan_3.pcap", 1, MIPV6_62),
    ("tcpdump__mobility_opt_asan_3.pcap", 2, MIPV6_62),
    ("tcpdump__mobility_opt_asan_4.pcap", 1, MIPV6_62),
    ("tcpdump__mobility_opt_asan_6.pcap", 1, MIPV6_62),
    ("tcpdump__mobility_opt_asan_6.pcap", 2, MIPV6_62),
];
