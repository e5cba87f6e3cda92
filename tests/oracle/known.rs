//! Packets that differ from the reference set for good: what of them, where, and why.

/// A packet that differs.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) file: &'static str,
    /// From 1.
    pub(super) number: u64,
    /// What of it, in words.
    parts: &'static str,
    pub(super) why: &'static str,
}

const fn known(file: &'static str, number: u64, parts: &'static str, why: &'static str) -> Known {
    Known { file, number, parts, why }
}

impl Known {
    /// What of it differs: headers, transports, frames.
    pub(super) fn parts(&self) -> impl Iterator<Item = &'static str> {
        self.parts.split(' ')
    }
}

const MIPV6_62: &str =
    "next header 62 is not Mobile IPv6, which is 135 (IANA; RFC 6275, section 6.1)";
const MANY: &str = "more extension headers than the walk takes: too-deep from the seventeenth on";
const BIG_TCP: &str =
    "BIG TCP: lengths of 0 are segmentation offload's, what they carry goes on behind them";
const NOTHING: &str =
    "a payload length of 0 leaves no octet for a fragment header (RFC 8200, section 3)";
const NO_OCTET: &str = "tshark names a transport of which no octet is there";
const CUT: &str = "the first octets of the header are there; tshark shows none of one that is cut";
const OBJECT: &str =
    "behind an extended echo stands an interface object, not a message (RFC 8335, section 2.1)";
const FRACTION: &str =
    "a fraction of more than a second: tshark has it in 32 bits with a sign, and does not carry it";

/// The packets, sorted.
#[rustfmt::skip]
pub(super) const KNOWN: &[Known] = &[
    known("ndpi__default-fuzz-2021-06-07-c6c72a0a56.pcap", 1, "frames", FRACTION),
    known("suricata__decode-too-small-test.pcap", 5, "transports", NO_OCTET),
    known("suricata__decode-too-small-test.pcap", 6, "transports", NO_OCTET),
    known("suricata__ipv6-evasion-ipv6-malformed-fragments-11-frag-11.pcap", 6, "headers transports", MANY),
    known("suricata__ipv6-evasion-ipv6-malformed-fragments-11-frag-11.pcap", 7, "headers transports", MANY),
    known("suricata__ipv6-evasion-ipv6-malformed-fragments-12-frag-12.pcap", 5, "headers transports", MANY),
    known("suricata__ipv6-evasion-ipv6-malformed-fragments-12-frag-12.pcap", 6, "headers", MANY),
    known("suricata__ipv6-evasion-ipv6-malformed-fragments-25-frag-25.pcap", 8, "transports", NO_OCTET),
    known("suricata__ipv6-evasion-ipv6-malformed-fragments-27-frag-27.pcap", 8, "transports", NO_OCTET),
    known("suricata__sctp-pkt-too-small-input.pcap", 1, "transports", CUT),
    known("tcpdump__bigtcp-ipv4-geneve-ipv4.pcap", 1, "headers transports", BIG_TCP),
    known("tcpdump__bigtcp-ipv4-geneve-ipv6.pcap", 1, "headers transports", BIG_TCP),
    known("tcpdump__bigtcp-ipv4-vxlan-ipv4.pcap", 1, "headers transports", BIG_TCP),
    known("tcpdump__bigtcp-ipv6-geneve-ipv6.pcap", 1, "headers transports", BIG_TCP),
    known("tcpdump__bigtcp-ipv6-vxlan-ipv4.pcap", 1, "headers transports", BIG_TCP),
    known("tcpdump__bigtcp-ipv6.pcap", 1, "transports", BIG_TCP),
    known("tcpdump__icmp-icmp_print-oobr-2.pcap", 3, "transports", CUT),
    known("tcpdump__icmp6-rfc8335.pcap", 1, "transports", OBJECT),
    known("tcpdump__icmp6-rfc8335.pcap", 3, "transports", OBJECT),
    known("tcpdump__icmp6-rfc8335.pcap", 5, "transports", OBJECT),
    known("tcpdump__icmpv6-length-zero.pcapng", 1, "transports", NO_OCTET),
    known("tcpdump__ipv6-mobility-header-oobr.pcap", 1, "headers", MIPV6_62),
    known("tcpdump__ipv6_frag6_negative_len.pcap", 1, "headers", NOTHING),
    known("tcpdump__mobility_opt_asan_2.pcap", 1, "headers", MIPV6_62),
    known("tcpdump__mobility_opt_asan_3.pcap", 1, "headers", MIPV6_62),
    known("tcpdump__mobility_opt_asan_3.pcap", 2, "headers", MIPV6_62),
    known("tcpdump__mobility_opt_asan_4.pcap", 1, "headers", MIPV6_62),
    known("tcpdump__mobility_opt_asan_6.pcap", 1, "headers", MIPV6_62),
    known("tcpdump__mobility_opt_asan_6.pcap", 2, "headers", MIPV6_62),
    known("tcpdump__rx_serviceid_oobr.pcap", 2, "frames", FRACTION),
    known("tcpdump__timestamp_invalid_micro.pcap", 3, "frames", FRACTION),
    known("tcpdump__timestamp_invalid_nano.pcap", 3, "frames", FRACTION),
];
