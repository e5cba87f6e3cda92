//! Rows about more than one packet, and about none: the floors above judge.
//!
//! A row's check does not judge: it finds where in the packet that was judged the matter lies.

use super::row::{At, Mark, Row, Scope, Severity, at, table};
use crate::decode::checksum::{Status, sums};
use crate::decode::layers::is_ip;
use crate::wire::Layer;

/// What distinguishes a packet from others: its identification, or where it has none its
/// transport's sequence number or checksum.
fn identity(a: &At<'_>) -> Option<Mark> {
    let id = a.short(4, |id| a.span.layer == Layer::Ipv4 && id != 0);
    id.or_else(|| {
        let behind = a.after()?;
        match behind.span.layer {
            Layer::Tcp | Layer::Fragment => Some(behind.mark(4, 4, behind.u32(4)?)),
            Layer::Udp => Some(behind.mark(6, 2, behind.u16(6)?)),
            _ => None,
        }
    })
}

/// Hops left.
fn hops(a: &At<'_>) -> Option<Mark> {
    a.octet(if a.span.layer == Layer::Ipv4 { 8 } else { 7 }, |_| true)
}

/// Flags and offset of a fragment in one word, unless they say that it is all of a datagram; the
/// value is the offset in octets.
fn offset(a: &At<'_>) -> Option<Mark> {
    if a.span.layer == Layer::Ipv4 {
        let word = a.u16(6).filter(|word| word & 0x3fff != 0)?;
        return Some(a.mark(6, 2, u32::from(word & 0x1fff).saturating_mul(8)));
    }
    let spans = (0_u8..).zip(a.layers().spans()).skip(usize::from(a.index).saturating_add(1));
    let mut behind = spans.take_while(|(_, span)| !is_ip(span.layer));
    let (index, span) = behind.find(|(_, span)| span.layer == Layer::Fragment)?;
    let header = at(&a.packet, index, *span);
    let word = header.u16(2).filter(|word| word & 0xfff9 != 0)?;
    Some(header.mark(2, 2, word & 0xfff8))
}

/// The octet that marks a packet, or the two of IPv6 that it lies across.
fn class(a: &At<'_>) -> Option<(Mark, u8)> {
    let word = a.u16(0)?;
    let [_, second] = word.to_be_bytes();
    Some(if a.span.layer == Layer::Ipv4 {
        (a.mark(1, 1, second), second)
    } else {
        let [_, class] = (word >> 4).to_be_bytes();
        (a.mark(0, 2, class), class)
    })
}

fn dscp(a: &At<'_>) -> Option<Mark> {
    class(a).map(|(mark, class)| Mark { value: u64::from(class >> 2), ..mark })
}

fn ecn(a: &At<'_>) -> Option<Mark> {
    class(a).map(|(mark, class)| Mark { value: u64::from(class & 3), ..mark })
}

/// The first checksum that is left to the sender's network card.
fn offloaded(a: &At<'_>) -> Option<Mark> {
    let bytes = a.packet.frame.bytes;
    let mut sums = sums(bytes, a.layers()).into_iter();
    let sum = sums.find(|sum| sum.status(bytes) == Status::Offloaded)?;
    let (stored, right) = sum.should(bytes)?;
    let header = at(&a.packet, sum.index, a.layers().span(sum.index)?);
    let (octet, len) = sum.row().place();
    Some(header.mark(octet, len, stored).should(right))
}

/// The address that a host claims: that of ARP's sender, of who solicits, or of who advertises.
fn claimed(a: &At<'_>) -> Option<Mark> {
    match (a.span.layer, a.u8(0)?) {
        (Layer::Arp, _) => Some(a.mark(14, 4, a.u32(14)?)),
        (_, 136) => Some(a.mark(8, 16, 0_u8)),
        _ => a.ip().map(|ip| ip.mark(8, 16, 0_u8)),
    }
}

/// How long an IP header says that the packet is.
fn octets(a: &At<'_>) -> Option<Mark> {
    a.short(if a.span.layer == Layer::Ipv4 { 2 } else { 4 }, |_| true)
}

/// What an unknown number stands for.
pub(super) const NO_ROW: Row = Row {
    id: "unknown",
    severity: Severity::Info,
    scope: Scope::Packet,
    meaning: "No such row.",
    source: "",
    source6: None,
    suricata: "",
    wireshark: "",
    check: |_| None,
};

/// Declares the rows, and the name by which the floors above tell of each.
macro_rules! cross_packet {
    ($(
        $name:ident $id:literal $severity:ident $scope:ident, $meaning:literal,
        $source:literal $(or $source6:literal)?, $suricata:literal, $wireshark:literal, $check:expr;
    )*) => {
        /// Which of the rows about more than one packet.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub enum CrossPacket {
            $(#[doc = $meaning] $name,)*
        }

        table! {
            /// In the order of [`CrossPacket`].
            ROWS;
            $($id $severity $scope, $meaning, $source $(or $source6)?, $suricata, $wireshark, $check;)*
        }
    };
}

cross_packet! {
    Duplicate "packet.duplicate" Info Window, "The same packet again, within 64 and a second: captured twice, or sent twice.",
        "RFC 5560, section 2", "", "", identity;
    RoutingLoop "packet.routing_loop" Warning Window, "The same packet again, within 64 and a second, with fewer hops left: it comes round.",
        "RFC 1812, section 5.3.1" or "RFC 8200, section 3", "", "", hops;
    Overlap "fragment.overlap" Warning Fragment, "Fragments of one datagram cover the same octets.",
        "RFC 1858, section 4" or "RFC 5722, section 4", "ipv4.frag_overlap", "ip.fragment.overlap", offset;
    DuplicateFragment "fragment.duplicate" Note Fragment, "The same fragment of a datagram again, before that was whole.",
        "RFC 791, section 3.2" or "RFC 8200, section 4.5", "", "ip.fragment.overlap", offset;
    FragmentConflict "fragment.conflict" Error Fragment, "The same fragment of a datagram again, but with other octets, before that was whole.",
        "RFC 1858, section 4" or "RFC 5722, section 4", "ipv4.frag_overlap", "ip.fragment.overlap.conflict", offset;
    TwoEnds "fragment.two_ends" Error Fragment, "Two last fragments of one datagram end at different octets.",
        "RFC 791, section 3.2" or "RFC 8200, section 4.5", "", "ip.fragment.multipletails", offset;
    PastEnd "fragment.past_end" Error Fragment, "A fragment reaches behind the last of its datagram.",
        "RFC 791, section 3.2" or "RFC 8200, section 4.5", "", "ip.fragment.toolongfragment", offset;
    Gap "fragment.gap" Warning Fragment, "Fragments of a datagram never came, or were not captured.",
        "RFC 791, section 3.2" or "RFC 8200, section 4.5", "", "", offset;
    Evicted "fragment.crowded" Info Fragment, "More datagrams in fragments at once than are followed: the oldest was given up.",
        "RFC 8900, section 3.7", "", "", offset;
    Ttl "flow.ttl.changed" Note Flow, "Packets of one direction of a flow arrive with different hops left.",
        "RFC 791, section 3.1" or "RFC 8200, section 3", "", "", hops;
    Dscp "flow.dscp.changed" Note Flow, "Packets of one direction of a flow differ in DSCP: marked anew on the way, or by their application.",
        "RFC 2474, section 3", "", "", dscp;
    Ecn "flow.ecn.changed" Info Flow, "One direction of a flow met congestion (CE), or has both ECT(0) and ECT(1), or, unless it is TCP, packets with and without ECT.",
        "RFC 3168, section 5", "", "", ecn;
    Offloaded "flow.checksum.offloaded" Info Flow, "Checksums of the flow were left to the sender's card: captured before it filled them in.",
        "RFC 1122, section 4.2.2.7" or "RFC 8200, section 8.1", "", "tcp.checksum.partial", offloaded;
    AddressConflict "address.conflict" Warning History, "Two hosts on a link claim one address, each with a hardware address of its own.",
        "RFC 5227, section 2.4" or "RFC 4862, section 5.4.4", "", "arp.duplicate-address-detected", claimed;
    BlackHole "path.black_hole" Warning History, "A router said that packets are too big, and they are sent on as they are: they vanish on the way.",
        "RFC 2923, section 2.1" or "RFC 8201, section 4", "", "", octets;
    Clock "frame.time.backwards" Note Window, "The packet came over 10 ms before the one before it on its interface: the clock was set back, or they are out of order.",
        "pcap, section 5", "", "", |_| None;
    Down "interface.down" Note Interface, "The interface was shut down or lost its carrier.",
        "RFC 2863, section 3.1.13", "", "", |_| None;
    Outage "interface.gap" Warning Interface, "The interface was down for a while: nothing was captured in that time.",
        "RFC 2863, section 3.1.13", "", "", |_| None;
    Mtu "interface.mtu" Info Interface, "The interface's largest packet has another length than before.",
        "RFC 2863, section 6", "", "", |_| None;
    Address "interface.address" Info Interface, "An address of the interface was added or removed.",
        "RFC 4293, section 3.2.4", "", "", |_| None;
}
