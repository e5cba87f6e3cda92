//! Frames as such, and the headers before IP.

use super::row::{At, Mark, table};
use crate::decode::layers::{Reason, Stop};
use crate::wire::ethernet::MAX_LENGTH;

/// The mark of a walk that stopped for that reason.
fn stop(a: &At<'_>, reason: Reason) -> Option<Mark> {
    let Stop { offset, needs, has, .. } = a.layers().stop.filter(|stop| stop.reason == reason)?;
    // A quote is cut by who sends the error message.
    if a.layers().has_quote() && reason == Reason::Truncated {
        return None;
    }
    let at = usize::try_from(offset).unwrap_or(usize::MAX);
    Some(a.mark(at, 1, has).should(needs))
}

table! {
    /// About the frame and the walk through it.
    FRAME;
    "frame.truncated" Info, "The capture holds fewer octets than its headers need.",
        "pcap, section 5", "", "", |a| stop(a, Reason::Truncated);
    "frame.captured.gt_length" Error, "The record claims more captured octets than the frame had.",
        "pcap, section 5", "", "", |a| {
            let captured = a.header.len() as u64;
            (captured > u64::from(a.packet.frame.original))
                .then(|| a.mark(0, 0, captured).should(a.packet.frame.original))
        };
    "frame.malformed" Error, "A header contradicts itself or what holds it; nothing behind it is read.",
        "RFC 1122, section 3.2.1" or "RFC 8200, section 3", "", "_ws.malformed", |a| stop(a, Reason::Malformed);
    "frame.too_deep" Warning, "More headers within one another than are followed.",
        "RFC 2473, section 4.1.1", "too_many_layers", "", |a| stop(a, Reason::TooDeep);
    "frame.link_type.unknown" Info, "The frame begins with a header that is not read.",
        "tcpdump.org linktypes", "", "", |a| stop(a, Reason::Unknown);
}

table! {
    /// About Ethernet.
    ETHERNET;
    "eth.src.group" Warning, "The sender's address is one of a group.",
        "IEEE 802.3, section 3.2.3", "", "eth.src_not_group", |a| a.octet(6, |octet| octet & 1 == 1);
    "eth.type.ip_version" Warning, "The EtherType names one version of IP and the packet is of the other.",
        "RFC 2464, section 3", "ipv4.wrong_ip_version", "", |a| {
            let (kind, version) = (a.u16(12)?, a.rest().get(14)? >> 4);
            (matches!((kind, version), (0x0800, 6) | (0x86dd, 4))).then(|| a.mark(12, 2, kind))
        };
    "eth.length.gt_frame" Error, "The length of an 802.3 frame reaches behind its end.",
        "IEEE 802.3, section 3.2.6", "", "eth.len.past_end", |a| length(a, 12);
}

/// The mark of a length at that octet, behind which what it counts begins, that reaches behind the
/// end of the frame.
fn length(a: &At<'_>, at: usize) -> Option<Mark> {
    let room = a.room().saturating_sub(at.saturating_add(2));
    let is_over = |len| len <= MAX_LENGTH && usize::from(len) > room;
    Some(a.short(at, is_over)?.should(room as u64))
}

table! {
    /// About VLAN tags.
    VLAN;
    "vlan.id.reserved" Warning, "VLAN 4095 is not to be sent.",
        "IEEE 802.1Q, table 9-2", "", "", |a| {
            a.short(0, |tag| tag & 0xfff == 0xfff).map(|mark| mark.rule("<4095"))
        };
    "vlan.length.gt_frame" Error, "The length behind a VLAN tag reaches behind the end of the frame.",
        "IEEE 802.3, section 3.2.6", "", "vlan.len.past_end", |a| length(a, 2);
}

table! {
    /// About units of 802.11 aggregates.
    AGGREGATE;
    "wlan_aggregate.more" Info, "What follows a unit of an aggregate is none, and is not decoded.",
        "IEEE 802.11, section 9.3.2.2", "", "", |a| {
            let len = usize::from(a.u16(12)?).checked_add(14)?;
            // All but the last are padded to four octets; padding alone is no unit.
            let behind = len.checked_next_multiple_of(4)?;
            let start = usize::from(a.span.at).checked_add(behind)?;
            let next = a.packet.frame.bytes.get(start..).filter(|next| next.len() > 14)?;
            let is_unit = next.iter().any(|octet| *octet != 0);
            let len = u32::try_from(next.len()).ok()?;
            let is_decoded = a.layers().spans().iter().any(|span| usize::from(span.at) == start);
            (is_unit && !is_decoded).then(|| a.mark(behind, len, u64::from(len)))
        };
}
