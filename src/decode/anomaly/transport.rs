//! TCP, UDP and ICMP.

use super::ip::is_group4;
use super::row::{At, Mark, table};
use super::sum::bad;
use crate::wire::option::{MOST_ENTRIES, Opt};
use crate::wire::{Layer, tcp};

/// TCP flags, CWR to FIN.
const FIN: u8 = 1;
const SYN: u8 = 2;
const RST: u8 = 4;
const PSH: u8 = 8;
const ACK: u8 = 16;
const URG: u8 = 32;

/// The mark, when the flags are there and `is_wrong`.
fn flags(a: &At<'_>, is_wrong: impl Fn(u8) -> bool) -> Option<Mark> {
    a.octet(13, is_wrong)
}

/// The mark of the first option that `is_wrong`.
fn option(a: &At<'_>, is_wrong: impl Fn(&Opt<'_>) -> bool) -> Option<Mark> {
    let found = a.options(&tcp::SET).find(is_wrong)?;
    let len = u32::try_from(found.bytes.len()).unwrap_or(1);
    Some(a.mark(found.at, len, found.code))
}

/// The length of an option that has only one.
fn fixed(kind: u8) -> Option<usize> {
    Some(match kind {
        2 | 28 => 4,
        3 => 3,
        4 => 2,
        8 => 10,
        19 => 18,
        _ => return None,
    })
}

/// Most bits by which a window scale option may shift.
pub(super) const MOST_SHIFT: u8 = 14;

/// Whether the packet goes to a group or to all hosts.
fn is_to_group(a: &At<'_>) -> bool {
    a.ip().is_some_and(|ip| match ip.span.layer {
        Layer::Ipv4 => ip.u32(16).is_some_and(is_group4),
        _ => ip.u8(24) == Some(0xff),
    })
}

/// Octets behind the IP header, for IPv4 without fragments and IPv6 without extension headers.
fn carried(a: &At<'_>) -> Option<usize> {
    let ip = a.ip()?;
    let total = super::row::ip_octets(ip.header, ip.span)?;
    let end = usize::from(ip.span.at).checked_add(total)?;
    end.checked_sub(usize::from(a.span.at))
}

/// Combinations of flags that no stack sends: those the rows below call wrong.
pub(super) const fn are_flags_wrong(flags: u8) -> bool {
    let low = flags & 0x3f;
    low == 0
        || low & (SYN | FIN) == SYN | FIN
        || low & (SYN | RST) == SYN | RST
        || low & (FIN | RST) == FIN | RST
        || low & (FIN | PSH | URG) == FIN | PSH | URG
        || (low & FIN != 0 && low & ACK == 0)
        || (low & (ACK | RST | SYN) == 0)
        || (low & SYN != 0 && low & (URG | PSH) != 0)
}

table! {
    /// About TCP.
    TCP;
    "tcp.header_length.lt_20" Error, "The header length is less than the shortest header.",
        "RFC 9293, section 3.1", "tcp.hlen_too_small", "tcp.bogus_header_length", |a| {
            let mark = a.octet(12, |octet| octet >> 4 < 5)?;
            Some(Mark { value: (mark.value >> 4).saturating_mul(4), ..mark }.rule(">=20"))
        };
    "tcp.header_length.gt_packet" Error, "The header length reaches behind the end of the packet.",
        "RFC 9293, section 3.1", "tcp.pkt_too_small", "tcp.bogus_header_length", |a| {
            let (len, room) = (usize::from(a.u8(12)? >> 4).saturating_mul(4), carried(a)?);
            (len > room && len >= 20).then(|| a.mark(12, 1, len as u64).should(room as u64))
        };
    "tcp.flags.null" Warning, "No flag is set: a null scan.",
        "RFC 9293, section 3.1", "", "", |a| flags(a, |flags| flags << 2 == 0);
    "tcp.flags.xmas" Warning, "FIN, PSH and URG together: a christmas tree scan.",
        "RFC 9293, section 3.1", "", "", |a| flags(a, |flags| flags & (FIN | PSH | URG | SYN) == FIN | PSH | URG);
    "tcp.flags.syn_fin" Warning, "SYN and FIN together: a connection opened and closed at once.",
        "RFC 9293, section 3.1", "", "", |a| flags(a, |flags| flags & (SYN | FIN) == SYN | FIN);
    "tcp.flags.syn_rst" Warning, "SYN and RST together: a connection opened and broken off at once.",
        "RFC 9293, section 3.1", "", "", |a| flags(a, |flags| flags & (SYN | RST) == SYN | RST);
    "tcp.flags.fin_rst" Warning, "FIN and RST together: an orderly end and a disorderly one.",
        "RFC 9293, section 3.1", "", "", |a| flags(a, |flags| flags & (FIN | RST | SYN) == FIN | RST);
    "tcp.flags.fin_without_ack" Warning, "FIN without ACK: a FIN scan.",
        "RFC 9293, section 3.10.7.4", "", "", |a| flags(a, |flags| flags & (FIN | ACK | SYN | RST | URG) == FIN);
    "tcp.flags.no_ack" Warning, "Neither SYN, RST, FIN nor ACK: no segment of a connection.",
        "RFC 9293, section 3.10.7.4", "", "", |a| flags(a, |flags| flags & (FIN | SYN | RST | ACK) == 0 && flags & 0x3f != 0);
    "tcp.flags.syn_data_flags" Note, "SYN with PSH or URG.",
        "RFC 9293, section 3.1", "", "", |a| flags(a, |flags| flags & (SYN | FIN | RST) == SYN && flags & (PSH | URG) != 0);
    "tcp.reserved" Note, "Reserved bits are set.",
        "RFC 9293, section 3.1", "", "", |a| a.octet(12, |octet| octet & 0xe != 0);
    "tcp.ack.without_flag" Note, "An acknowledgement number without the ACK flag.",
        "RFC 9293, section 3.1", "", "tcp.ack.nonzero", |a| {
            let (flags, ack) = (a.u8(13)?, a.u32(8)?);
            (flags & ACK == 0 && ack != 0).then(|| a.mark(8, 4, ack).should(0_u8))
        };
    "tcp.urgent.without_flag" Note, "An urgent pointer without the URG flag.",
        "RFC 9293, section 3.1", "", "tcp.urgent_pointer.non_zero", |a| {
            let is_urgent = a.u8(13)? & URG != 0;
            a.short(18, |pointer| pointer != 0 && !is_urgent).map(|mark| mark.should(0_u8))
        };
    "tcp.port.zero" Warning, "Port 0, which is nobody's.",
        "RFC 6335, section 6", "", "", |a| a.short(0, |port| port == 0).or_else(|| a.short(2, |port| port == 0));
    "tcp.dst.group" Warning, "TCP to a group or to all hosts.",
        "RFC 9293, section 3.9.2.3", "", "", |a| is_to_group(a).then(|| a.mark(0, 4, 0_u8));
    "tcp.option.length" Error, "An option's length is not its kind's, or does not fit the header.",
        "RFC 9293, section 3.2", "tcp.opt_invalid_len", "", |a| option(a, |option| {
            option.broken || fixed(option.code).is_some_and(|len| len != option.bytes.len())
        });
    "tcp.option.repeated" Warning, "An option that may occur once occurs again.",
        "RFC 9293, section 3.2", "tcp.opt_duplicate", "", |a| option(a, |option| {
            matches!(option.code, 2..=4 | 8) && a.options(&tcp::SET).any(|other| other.at < option.at && other.code == option.code)
        });
    "tcp.option.misplaced" Note, "An option of connection set-up in a segment without SYN.",
        "RFC 9293, section 3.7.1", "", "tcp.options.mss.present", |a| {
            let is_syn = a.u8(13)? & SYN != 0;
            option(a, |option| !is_syn && matches!(option.code, 2..=4))
        };
    "tcp.option.window_scale" Warning, "Windows are to be shifted by more than 14 bits: receivers take 14.",
        "RFC 7323, section 2.3", "", "tcp.options.wscale.shift.invalid", |a| {
            let found = a.options(&tcp::SET).find(|option| {
                option.code == 3 && matches!(option.bytes, &[_, 3, shift] if shift > MOST_SHIFT)
            })?;
            Some(a.octet(found.at.saturating_add(2), |_| true)?.rule("<=14"))
        };
    "tcp.option.after_end" Note, "Octets behind the end of the options are not zero.",
        "RFC 9293, section 3.1", "", "", |a| a.behind_end(&tcp::SET);
    "tcp.option.nops" Note, "Four no-operations in a row or more: something on the way blanked an option out.",
        "RFC 9293, section 3.2", "", "tcp.nop", |a| a.run_of_nops(&tcp::SET);
    "tcp.checksum.bad" Error Deep, "The checksum is wrong; the receiver would drop the segment.",
        "RFC 9293, section 3.1", "", "tcp.checksum_bad.expert", bad;
}

table! {
    /// About UDP.
    UDP;
    "udp.length.lt_8" Error, "The length is less than the header's.",
        "RFC 768", "udp.len_invalid", "udp.length.bad", |a| {
            a.short(4, |len| (1..8).contains(&len)).map(|mark| mark.rule(">=8"))
        };
    "udp.length.zero" Note, "No length, in a packet that is no jumbogram.",
        "RFC 2675, section 4", "udp.len_invalid", "udp.length.bad", |a| {
            let carried = carried(a)?;
            a.short(4, |len| len == 0 && carried <= 65_535)
        };
    "udp.length.gt_packet" Error, "The length reaches behind the end of the packet.",
        "RFC 768", "udp.pkt_too_small", "udp.length.bad", |a| {
            let carried = carried(a)?;
            let is_whole = !is_fragment(a)?;
            Some(a.short(4, |len| is_whole && usize::from(len) > carried)?.should(carried as u64))
        };
    "udp.length.lt_packet" Note, "Octets lie behind the datagram, within the packet.",
        "RFC 9868, section 3", "", "", |a| {
            let carried = carried(a)?;
            let is_whole = !is_fragment(a)?;
            Some(a.short(4, |len| is_whole && len >= 8 && usize::from(len) < carried)?.should(carried as u64))
        };
    "udp.port.zero" Note, "Sent to port 0, which is nobody's.",
        "RFC 768", "", "", |a| a.short(2, |port| port == 0);
    "udp.checksum.missing" Warning, "No checksum, which IPv6 allows to tunnels only.",
        "RFC 8200, section 8.1", "", "udp.checksum.zero", |a| {
            let is_v6 = a.ip()?.span.layer == Layer::Ipv6;
            a.short(6, |sum| sum == 0 && is_v6)
        };
    "udp.checksum.bad" Error Deep, "The checksum is wrong; the receiver would drop the datagram.",
        "RFC 768", "", "udp.checksum.bad", bad;
}

/// Whether the innermost IP header is that of a fragment.
pub(super) fn is_fragment(a: &At<'_>) -> Option<bool> {
    let ip = a.ip()?;
    let spans = a.layers().spans().get(usize::from(ip.index)..usize::from(a.index))?;
    Some(match ip.span.layer {
        Layer::Ipv4 => ip.u16(6)? & 0x3fff != 0,
        _ => spans.iter().any(|span| span.layer == Layer::Fragment),
    })
}

/// The MTU in a message about a packet with DF.
fn mtu4(a: &At<'_>) -> Option<u16> {
    (a.u8(0)? == 3 && a.u8(1)? == 4).then(|| a.u16(6))?
}

/// The MTU in a message about a packet that is too big.
fn mtu6(a: &At<'_>) -> Option<u32> {
    (a.u8(0)? == 2).then(|| a.u32(4))?
}

table! {
    /// About ICMP.
    ICMP;
    "icmp.type.unknown" Note, "A type that nobody registered, or that was given up.",
        "IANA icmp-parameters", "icmpv4.unknown_type", "", |a| {
            a.octet(0, |kind| matches!(kind, 1 | 2 | 7 | 44..=252 | 255))
        };
    "icmp.redirect" Note, "A router tells of another; attackers do too.",
        "RFC 1812, section 5.2.7.2", "", "", |a| a.octet(0, |kind| kind == 5);
    "icmp.too_big" Note, "A router dropped a packet that may not be cut: the next link takes no more than this.",
        "RFC 1191, section 4", "", "", |a| mtu4(a).filter(|mtu| *mtu > 0).map(|mtu| a.mark(6, 2, mtu));
    "icmp.too_big.no_mtu" Warning, "A router dropped a packet that may not be cut, and does not say what the next link takes.",
        "RFC 1191, section 5", "", "", |a| mtu4(a).filter(|mtu| *mtu == 0).map(|mtu| a.mark(6, 2, mtu));
    "icmp.fragment" Note, "ICMP in fragments: more than any host needs to ask.",
        "RFC 1122, section 3.2.2.6", "", "", |a| is_fragment(a)?.then(|| a.mark(0, 1, a.u8(0).unwrap_or(0)));
    "icmp.error_to_group" Warning, "An error message to a group or to all hosts.",
        "RFC 1122, section 3.2.2", "", "", |a| {
            let to_group = is_to_group(a);
            a.octet(0, |kind| to_group && matches!(kind, 3 | 4 | 5 | 11 | 12))
        };
    "icmp.echo.broadcast" Warning, "An echo request to all hosts: the smurf attack.",
        "RFC 2644, section 1", "", "", |a| {
            let to_all = a.ip()?.u32(16)? == u32::MAX;
            a.octet(0, |kind| to_all && kind == 8)
        };
    "icmp.checksum.bad" Error Deep, "The checksum is wrong; the receiver would drop the message.",
        "RFC 792", "", "icmp.checksum_bad", bad;
}

/// Octet at which the options of a message of neighbour discovery begin (RFC 4861, section 4).
fn options_at(kind: u8) -> Option<usize> {
    Some(match kind {
        133 => 8,
        134 => 16,
        135 | 136 => 24,
        137 => 40,
        _ => return None,
    })
}

table! {
    /// About ICMPv6.
    ICMPV6;
    "icmpv6.type.unknown" Note, "A type that nobody registered.",
        "IANA icmpv6-parameters", "icmpv6.unknown_type", "", |a| {
            a.octet(0, |kind| matches!(kind, 0 | 5..=99 | 102..=126 | 163..=199 | 202..=254))
        };
    "icmpv6.too_big" Note, "A router dropped a packet: the next link takes no more than this.",
        "RFC 4443, section 3.2", "", "", |a| mtu6(a).filter(|mtu| *mtu >= 1280).map(|mtu| a.mark(4, 4, mtu));
    "icmpv6.too_big.lt_1280" Warning, "The next link is said to take less than every link must: hosts ignore that.",
        "RFC 8201, section 4", "", "", |a| mtu6(a).filter(|mtu| *mtu < 1280).map(|mtu| a.mark(4, 4, mtu));
    "icmpv6.neighbour.hop_limit" Error, "Neighbour discovery from beyond the link: the hop limit is not 255.",
        "RFC 4861, section 6.1, 7.1 and 8.1", "", "", |a| {
            let is_neighbour = matches!(a.u8(0)?, 133..=137);
            let mark = a.ip()?.octet(7, |hops| is_neighbour && hops != 255)?;
            Some(mark.should(255_u8))
        };
    "icmpv6.listener.hop_limit" Warning, "Multicast listener discovery with a hop limit that is not 1.",
        "RFC 3810, section 5", "icmpv6.mld_message_with_invalid_hl", "", |a| {
            let is_listener = matches!(a.u8(0)?, 130..=132 | 143);
            let mark = a.ip()?.octet(7, |hops| is_listener && hops != 1)?;
            Some(mark.should(1_u8))
        };
    "icmpv6.neighbour.fragment" Warning, "Neighbour discovery in fragments.",
        "RFC 6980, section 5", "", "", |a| {
            let is_fragment = is_fragment(a)?;
            a.octet(0, |kind| is_fragment && matches!(kind, 133..=137))
        };
    "icmpv6.option.length" Error, "An option of neighbour discovery has no length, or reaches behind its message.",
        "RFC 4861, section 4.6", "", "icmpv6.invalid_option_length", |a| {
            let (message, room) = (a.rest(), a.room());
            let mut at = options_at(*message.first()?).filter(|_| is_fragment(a) == Some(false))?;
            for _ in 0..MOST_ENTRIES {
                let &[_, units] = message.get(at..)?.first_chunk()?;
                let end = at.saturating_add(usize::from(units).saturating_mul(8));
                if units == 0 || end > room {
                    let mark = a.mark(at.saturating_add(1), 1, units);
                    let most = room.saturating_sub(at).checked_div(8).filter(|_| units > 0);
                    return Some(most.map_or(mark.rule(">0"), |most| mark.should(most as u64)));
                }
                at = end;
            }
            None
        };
    "icmpv6.checksum.bad" Error Deep, "The checksum is wrong; the receiver would drop the message.",
        "RFC 4443, section 2.3", "", "icmpv6.checksum_bad.expert", bad;
}

table! {
    /// About UDP-Lite.
    UDP_LITE;
    "udplite.checksum.bad" Error Deep, "The checksum is wrong; the receiver would drop the datagram.",
        "RFC 3828, section 3.1", "", "udplite.checksum_bad.expert", bad;
}

table! {
    /// About SCTP.
    SCTP;
    "sctp.checksum.bad" Error Deep, "The checksum is wrong; the receiver would drop the packet.",
        "RFC 9260, section 6.8", "", "sctp.checksum_bad", bad;
}

table! {
    /// About IGMP.
    IGMP;
    "igmp.checksum.bad" Error Deep, "The checksum is wrong; the receiver would drop the message.",
        "RFC 2236, section 2.3", "", "igmp.bad_checksum", bad;
}

table! {
    /// About GRE.
    GRE;
    "gre.checksum.bad" Error Deep, "The checksum is wrong; the end of the tunnel would drop the packet.",
        "RFC 2784, section 2.5", "", "gre.checksum.incorrect", bad;
}
