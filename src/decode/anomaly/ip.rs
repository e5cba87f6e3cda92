//! IPv4 and IPv6 headers.
//!
//! The version's row comes first: no other check runs on a header of another version.

use super::row::{At, Mark, table};
use crate::decode::check::{ChecksumStatus, ipv4_checksum, ipv4_expected};
use crate::wire::ipv6_option::hop_by_hop;
use crate::wire::option::Opt;
use crate::wire::{Layer, ipv4_option};

/// Octets of an IPv4 header, as far as that makes sense.
fn header_len(a: &At<'_>) -> Option<usize> {
    let len = usize::from(a.u8(0)? & 0xf).saturating_mul(4);
    (len >= 20).then_some(len)
}

/// Flags and offset in one word; the offset in units of eight.
fn piece(a: &At<'_>) -> Option<(bool, u16)> {
    let word = a.u16(6)?;
    Some((word & 0x2000 != 0, word & 0x1fff))
}

/// Octets of IPv4 payload, by the header's own lengths.
fn payload(a: &At<'_>) -> Option<usize> {
    let total = usize::from(a.u16(2)?);
    total.checked_sub(header_len(a)?)
}

/// Whether a fragment of a datagram of this protocol begins with too little to judge it by.
pub(super) fn is_tiny(proto: u8, octets: usize) -> Option<u64> {
    let least = match proto {
        6 => 20,
        17 | 1 | 58 => 8,
        132 => 12,
        _ => return None,
    };
    (octets < least).then_some(least as u64)
}

/// Whether an IPv4 address is that of a group or of all hosts.
pub(super) fn is_group4(address: u32) -> bool {
    address >> 28 == 0xe || address == u32::MAX
}

/// Protocols whose packets go no further than the link, and have one hop for that: IGMP (RFC 3376,
/// section 4), EIGRP (RFC 7868), OSPF (RFC 2328, appendix A.1; RFC 5340, appendix
/// A.1), PIM (RFC 7761, section 4.9).
const LINK_PROTOCOLS: [u8; 4] = [2, 88, 89, 103];

/// Ports of those over TCP and UDP: BGP between neighbours (RFC 5082), RIP (RFC 2453)
/// and that of IPv6 (RFC 2080), LDP (RFC 5036), mDNS (RFC 6762), LLMNR (RFC 4795,
/// section 2.4).
const LINK_PORTS: [u16; 6] = [179, 520, 521, 646, 5353, 5355];

/// Whether a packet is for a neighbour by what it carries: one hop is then all that it needs.  So
/// may be what carries TCP or UDP whose ports are not there, cut off or in another fragment.
fn is_for_neighbour(a: &At<'_>, proto: u8) -> bool {
    let ports = || {
        let behind = a.after().filter(|next| matches!(next.span.layer, Layer::Tcp | Layer::Udp))?;
        Some([behind.u16(0)?, behind.u16(2)?])
    };
    match proto {
        6 | 17 => ports().is_none_or(|ports| ports.iter().any(|port| LINK_PORTS.contains(port))),
        _ => LINK_PROTOCOLS.contains(&proto),
    }
}

/// Groups of the local link whose packets have more than one hop: EIGRP sends two, VRRP and mDNS
/// 255, and LLMNR may send any (RFC 4795, section 2.5).
fn is_hops_for_group(to: u32, hops: u8) -> bool {
    hops == 255 || matches!((to, hops), (0xe000_000a, 2) | (0xe000_00fc, _))
}

/// Ports of what tests a path of labels, which no router may take further for its destination: ping
/// (RFC 8029, section 4.3) and BFD (RFC 5884, section 7; RFC 8971, section 4).
const PATH_PORTS: [u16; 2] = [3503, 3784];

/// Whether a packet is sent to a loopback address so that no router takes it further, as far as its
/// port is there.
fn is_path_test(a: &At<'_>) -> bool {
    let behind = a.after().filter(|next| next.span.layer == Layer::Udp);
    let port = behind.and_then(|udp| udp.u16(2));
    a.u8(9) == Some(17) && port.is_none_or(|port| PATH_PORTS.contains(&port))
}

/// The mark of the first option that `is_wrong`.
fn option(a: &At<'_>, is_wrong: impl Fn(&Opt<'_>) -> bool) -> Option<Mark> {
    let found = a.options(&ipv4_option::SET).find(is_wrong)?;
    let len = u32::try_from(found.bytes.len()).unwrap_or(1);
    Some(a.mark(found.at, len, found.code))
}

/// Options with a pointer: record route, timestamp, loose and strict source route.
const WITH_POINTER: [u8; 4] = [7, 68, 131, 137];

table! {
    /// About the IPv4 header.
    V4;
    "ipv4.version" Error, "The version in an IPv4 header is not 4.",
        "RFC 791, section 3.1", "ipv4.wrong_ip_version", "ip.bogus_ip_version",
        |a| a.octet(0, |octet| octet >> 4 != 4).map(|mark| Mark { value: mark.value >> 4, ..mark.should(4_u8) });
    "ipv4.header_length.lt_20" Error, "The header length is less than the shortest header.",
        "RFC 791, section 3.1", "ipv4.hlen_too_small", "ip.bogus_header_length", |a| {
            let mark = a.octet(0, |octet| octet >> 4 == 4 && octet & 0xf < 5)?;
            Some(Mark { value: (mark.value & 0xf).saturating_mul(4), ..mark }.rule(">=20"))
        };
    "ipv4.header_length.gt_frame" Error, "The header length reaches behind the end of the frame.",
        "RFC 791, section 3.1", "ipv4.pkt_too_small", "ip.bogus_header_length", |a| {
            let (len, room) = (header_len(a)?, a.room());
            (len > room).then(|| a.mark(0, 1, len as u64).should(room as u64))
        };
    "ipv4.total_length.lt_header" Error, "The total length is less than the header's.",
        "RFC 791, section 3.1", "ipv4.iplen_smaller_than_hlen", "ip.bogus_ip_length", |a| {
            let len = header_len(a)?;
            let mark = a.short(2, |total| total > 0 && usize::from(total) < len)?;
            Some(if len == 20 { mark.rule(">=20") } else { mark.should(len as u64) })
        };
    "ipv4.total_length.gt_frame" Error, "The total length reaches behind the end of the frame.",
        "RFC 791, section 3.1", "ipv4.trunc_pkt", "ip.bogus_ip_length", |a| {
            let room = a.room();
            Some(a.short(2, |total| usize::from(total) > room)?.should(room as u64))
        };
    "ipv4.total_length.zero" Info, "No total length: captured before the sender's card cut it into packets.",
        "RFC 791, section 3.1", "", "ip.bogus_ip_length", |a| a.short(2, |total| total == 0);
    "ipv4.reserved_bit" Warning, "The reserved flag is set.",
        "RFC 791, section 3.1", "", "ip.evil_packet", |a| a.octet(6, |octet| octet & 0x80 != 0);
    "ipv4.fragment.df" Note, "A fragment says that it must not be fragmented.",
        "RFC 791, section 2.3", "", "", |a| {
            let (more, offset) = piece(a)?;
            a.octet(6, |octet| octet & 0x40 != 0 && (more || offset > 0))
        };
    "ipv4.fragment.length" Error, "A fragment that others follow does not end on a multiple of eight octets.",
        "RFC 791, section 3.2", "ipv4.frag_ignored", "", |a| {
            let (more, _) = piece(a)?;
            let len = payload(a)?;
            (more && len & 7 != 0).then(|| a.mark(2, 2, len as u64).rule("multiple of 8"))
        };
    "ipv4.fragment.empty" Warning, "A fragment carries nothing.",
        "RFC 791, section 3.2", "", "", |a| {
            let (more, offset) = piece(a)?;
            ((more || offset > 0) && payload(a)? == 0).then(|| a.mark(2, 2, 0_u8).rule(">0"))
        };
    "ipv4.fragment.tiny_first" Warning, "The first fragment ends within the transport header, where filters look.",
        "RFC 1858, section 3", "", "", |a| {
            let (more, offset) = piece(a)?;
            let len = payload(a)?;
            let least = is_tiny(a.u8(9)?, len).filter(|_| more && offset == 0)?;
            Some(a.mark(2, 2, len as u64).should(least))
        };
    "ipv4.fragment.offset_1" Warning, "A fragment would write over the transport header of the first.",
        "RFC 1858, section 3.2.2", "", "", |a| {
            let (_, offset) = piece(a)?;
            (offset == 1 && a.u8(9)? == 6).then(|| a.mark(6, 2, 8_u8).rule(">=24"))
        };
    "ipv4.fragment.gt_65535" Error, "A fragment ends behind the largest datagram: the ping of death.",
        "RFC 791, section 3.1", "ipv4.frag_pkt_too_large", "ip.fragment.toolongfragment", |a| {
            let (_, offset) = piece(a)?;
            let end = usize::from(offset).saturating_mul(8).saturating_add(payload(a)?);
            let most = 65_535_usize.saturating_sub(header_len(a)?);
            (offset > 0 && end > most).then(|| a.mark(6, 2, end as u64).rule("<=65515"))
        };
    "ipv4.ttl.zero" Error, "A packet without hops left is to be dropped, not sent.",
        "RFC 1122, section 3.2.1.7", "", "ip.ttl.too_small", |a| a.octet(8, |ttl| ttl == 0).map(|mark| mark.rule(">0"));
    "ipv4.ttl.one" Note, "The next router would drop the packet.",
        "RFC 1812, section 5.3.1", "", "ip.ttl.too_small", |a| {
            let to = a.u32(16)?;
            // On one link nothing else is needed.
            let mark = a.octet(8, |ttl| ttl == 1 && !is_group4(to) && to >> 16 != 0xa9fe)?;
            (!is_for_neighbour(a, a.u8(9)?)).then_some(mark)
        };
    "ipv4.ttl.local_group" Info, "A packet to a group of the local link has hops left, though no router may forward it.",
        "RFC 5771, section 4", "", "ip.ttl.lncb", |a| {
            let to = a.u32(16)?;
            let is_odd = |ttl| to >> 8 == 0x00e0_0000 && ttl > 1 && !is_hops_for_group(to, ttl);
            Some(a.octet(8, is_odd)?.should(1_u8))
        };
    "ipv4.protocol.ipv6_only" Error, "ICMPv6 or an IPv6 extension header inside IPv4.",
        "RFC 4443, section 2.1", "ipv4.icmpv6", "", |a| a.octet(9, |proto| matches!(proto, 0 | 43 | 44 | 58 | 60));
    "ipv4.protocol.unassigned" Note, "Nobody was given that protocol number.",
        "IANA protocol-numbers", "", "", |a| a.octet(9, |proto| matches!(proto, 148..=252 | 255));
    "ipv4.checksum.bad" Error, "The header checksum is wrong; every router would drop the packet.",
        "RFC 1122, section 3.2.1.2", "", "ip.checksum_bad.expert", |a| {
            let mark = a.short(10, |sum| sum != 0 && ipv4_checksum(a.header) == ChecksumStatus::Bad)?;
            Some(mark.should(ipv4_expected(a.header)?))
        };
    "ipv4.option.length" Error, "An option's length does not fit its header.",
        "RFC 791, section 3.1", "ipv4.opt_invalid_len", "ip.opt.len.invalid", |a| option(a, |option| option.broken);
    "ipv4.option.unknown" Note, "An option that nobody registered.",
        "IANA ip-parameters", "ipv4.opt_unknown", "", |a| option(a, |option| option.row.is_none());
    "ipv4.option.repeated" Warning, "An option that may occur once occurs again.",
        "RFC 791, section 3.1", "ipv4.opt_duplicate", "", |a| option(a, |option| {
            option.code > 1 && a.options(&ipv4_option::SET).any(|other| other.at < option.at && other.code == option.code)
        });
    "ipv4.option.source_route" Warning, "The sender prescribes the way; most networks drop such packets.",
        "RFC 7126, section 4.3", "", "", |a| option(a, |option| matches!(option.code, 131 | 137));
    "ipv4.option.pointer" Error, "An option's pointer does not point at an entry.",
        "RFC 791, section 3.1", "ipv4.opt_malformed", "ip.opt.ptr.before_address", |a| option(a, |option| {
            let least = if option.code == 68 { 5 } else { 4 };
            WITH_POINTER.contains(&option.code) && !option.broken && option.data.first().is_some_and(|&pointer| pointer < least || pointer & 3 != least & 3)
        });
    "ipv4.option.after_end" Note, "Octets behind the end of the options are not zero.",
        "RFC 791, section 3.1", "ipv4.opt_pad_required", "", |a| a.behind_end(&ipv4_option::SET);
    "ipv4.option.nops" Note, "Four no-operations in a row or more: something on the way blanked an option out.",
        "RFC 791, section 3.1", "", "ip.nop", |a| a.run_of_nops(&ipv4_option::SET);
    "ipv4.dst.unspecified" Error, "Sent to 0.0.0.0, which is nobody.",
        "RFC 1122, section 3.2.1.3", "", "", |a| (a.u32(16)? == 0).then(|| a.mark(16, 4, 0_u8));
    "ipv4.dst.loopback" Error, "Sent to a loopback address from another.",
        "RFC 1122, section 3.2.1.3", "", "", |a| {
            let (from, to) = (a.u32(12)?, a.u32(16)?);
            let is_odd = to >> 24 == 127 && from >> 24 != 127;
            (is_odd && !is_path_test(a) && !a.is_within_host()).then(|| a.mark(16, 4, to))
        };
    "ipv4.dst.reserved" Warning, "Sent to an address of the block that is reserved.",
        "RFC 1112, section 4", "", "", |a| {
            let to = a.u32(16)?;
            (to >> 28 == 0xf && to != u32::MAX).then(|| a.mark(16, 4, to))
        };
    "ipv4.src.eq_dst" Warning, "Source and destination are the same: the land attack.",
        "RFC 3704, section 2", "", "", |a| {
            let (from, to) = (a.u32(12)?, a.u32(16)?);
            let is_odd = from == to && from >> 24 != 127 && from != 0;
            (is_odd && !a.is_within_host()).then(|| a.mark(12, 8, from))
        };
}

/// Octets of payload that the header claims.
fn payload6(a: &At<'_>) -> Option<usize> {
    a.u16(4).map(usize::from)
}

/// Whether the hop-by-hop options behind the header have a jumbo payload, or are not all there.
fn may_be_jumbo(a: &At<'_>) -> bool {
    let behind =
        a.after().filter(|header| header.span.layer == Layer::HopByHop && !header.is_cut());
    behind.is_none_or(|header| header.options(&hop_by_hop::SET).any(|option| option.code == 0xc2))
}

/// Next header numbers that IANA has not assigned.
pub(super) const fn is_unassigned(next: u8) -> bool {
    matches!(next, 148..=252 | 255)
}

table! {
    /// About the IPv6 header.
    V6;
    "ipv6.version" Error, "The version in an IPv6 header is not 6.",
        "RFC 8200, section 3", "ipv6.wrong_ip_version", "ipv6.bogus_ipv6_version",
        |a| a.octet(0, |octet| octet >> 4 != 6).map(|mark| Mark { value: mark.value >> 4, ..mark.should(6_u8) });
    "ipv6.payload_length.gt_frame" Error, "The payload length reaches behind the end of the frame.",
        "RFC 8200, section 3", "ipv6.trunc_pkt", "ipv6.plen_exceeds_framing", |a| {
            let room = a.room().saturating_sub(40);
            (payload6(a)? > room).then(|| a.mark(4, 2, a.u16(4).unwrap_or(0)).should(room as u64))
        };
    "ipv6.payload_length.zero" Info, "No payload length and no jumbo option: captured before the sender's card cut it.",
        "RFC 2675, section 3", "", "ipv6.opt.jumbo.missing", |a| {
            let is_jumbo = a.u8(6)? == 0 && may_be_jumbo(a);
            let is_empty = a.u8(6)? == 59 || a.room() <= 40;
            (payload6(a)? == 0 && !is_jumbo && !is_empty).then(|| a.mark(4, 2, 0_u8))
        };
    "ipv6.hop_limit.zero" Error, "A packet without hops left is to be dropped, not sent.",
        "RFC 8200, section 3", "", "", |a| a.octet(7, |hops| hops == 0).map(|mark| mark.rule(">0"));
    "ipv6.hop_limit.one" Note, "The next router would drop the packet.",
        "RFC 8200, section 3", "", "", |a| {
            let to = a.u128(24)?;
            let mark = a.octet(7, |hops| hops == 1 && to >> 120 != 0xff && to >> 118 != 0x3fa)?;
            (!is_for_neighbour(a, a.u8(6)?)).then_some(mark)
        };
    "ipv6.next_header.unassigned" Warning, "Nobody was given that next header.",
        "IANA protocol-numbers", "ipv6.unknown_next_header", "", |a| a.octet(6, is_unassigned);
    "ipv6.next_header.ipv4_only" Error, "ICMP for IPv4 inside IPv6.",
        "RFC 4443, section 1", "ipv6.icmpv4", "", |a| a.octet(6, |next| matches!(next, 1 | 2));
    "ipv6.no_next.data" Note, "Octets follow where the header says that nothing does.",
        "RFC 8200, section 4.7", "ipv6.data_after_none_header", "", |a| {
            (a.u8(6)? == 59 && payload6(a)? > 0).then(|| a.mark(4, 2, a.u16(4).unwrap_or(0)).should(0_u8))
        };
    "ipv6.dst.unspecified" Error, "Sent to ::, which is nobody.",
        "RFC 4291, section 2.5.2", "", "", |a| (a.u128(24)? == 0).then(|| a.mark(24, 16, 0_u8));
    "ipv6.dst.loopback" Error, "Sent to ::1 from another address.",
        "RFC 4291, section 2.5.3", "", "", |a| {
            let is_odd = a.u128(24)? == 1 && a.u128(8)? != 1;
            (is_odd && !a.is_within_host()).then(|| a.mark(24, 16, 1_u8))
        };
    "ipv6.dst.scope" Warning, "Sent to a group of a scope that is reserved.",
        "RFC 4291, section 2.7", "", "", |a| {
            let scope = a.u8(25)? & 0xf;
            (a.u8(24)? == 0xff && matches!(scope, 0 | 15)).then(|| a.mark(25, 1, scope).rule("1..14"))
        };
    "ipv6.src.eq_dst" Warning, "Source and destination are the same: the land attack.",
        "RFC 3704, section 2", "", "", |a| {
            let from = a.u128(8)?;
            (from == a.u128(24)? && from > 1 && !a.is_within_host()).then(|| a.mark(8, 32, 0_u8))
        };
}
