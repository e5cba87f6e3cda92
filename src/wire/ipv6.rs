//! IPv6 fixed header (RFC 8200, section 3), bit by bit.

use etherparse::Ipv6HeaderSlice;

use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, MOST_ENTRIES, Next, Reach, Step};
use super::hopopts;
use super::layer::Layer;
use super::number::{DSCP as DSCP_NAMES, ECN as ECN_NAMES, PROTOCOLS};

fields! {
    /// All forty octets.
    FIELDS, Ipv6, "RFC 8200, section 3";
    VERSION "ipv6.version" 0, 4, Number, "Version", "6.";
    TCLASS "ipv6.tclass" 4, 8, Group, "Traffic class", "How routers are to treat the packet.", source "RFC 8200, section 7";
    DSCP "ipv6.tclass.dscp" 4, 6, Number, "DSCP", "Code point that selects the forwarding behaviour.", names DSCP_NAMES, source "RFC 2474, section 3";
    ECN "ipv6.tclass.ecn" 10, 2, Number, "ECN", "Whether routers may mark congestion, and whether one did.", names ECN_NAMES, source "RFC 3168, section 5";
    FLOW "ipv6.flow" 12, 20, Hex, "Flow label", "Keeps the packets of a flow on one path; 0 is unlabelled.", source "RFC 6437";
    PLEN "ipv6.plen" 32, 16, Number, "Payload length", "Octets behind this header; 0 in a jumbogram.";
    NXT "ipv6.nxt" 48, 8, Number, "Next header", "What follows this header.", names PROTOCOLS;
    HLIM "ipv6.hlim" 56, 8, Number, "Hop limit", "Hops left before the packet is dropped.";
    SRC "ipv6.src" 64, 128, Ipv6, "Source", "Address of the sender.";
    DST "ipv6.dst" 192, 128, Ipv6, "Destination", "Address of the receiver, or of the next segment of a route.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "ipv6",
    short: "IPv6",
    title: "Internet Protocol version 6",
    inputs: Some(&Inputs::within(&[VERSION.place(0), NXT.place(0)], PLEN.total(40))),
    source: "RFC 8200",
    ..Header::of(Layer::Ipv6, Class::Ip, FIELDS)
};

/// Octets of the header.
const LEN: usize = 40;

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let Ok(header) = Ipv6HeaderSlice::from_slice(reach.bytes) else {
        return Err(match reach.bytes.first().map(|octet| usize::from(octet >> 4)) {
            Some(version) if version != 6 => Fault::Malformed { at: 0, needs: 6, has: version },
            _ => Fault::Short(LEN),
        });
    };
    let next = header.next_header().0;
    let payload = match usize::from(header.payload_length()) {
        0 if next == 0 => hopopts::jumbo(reach.bytes.get(LEN..).unwrap_or_default()),
        // Segmentation offload of more than 65,535 octets writes no jumbo option since Linux 6.x.
        0 => reach.wire.checked_sub(LEN).filter(|&rest| rest > usize::from(u16::MAX)).or(Some(0)),
        octets => Some(octets),
    };
    let total = payload.map(|octets| octets.saturating_add(LEN));
    let is_jumbo = header.payload_length() == 0 && next == 0;
    let step = Step::until(LEN, total, Next::Protocol(next))?;
    Ok(step.of_entries(if is_jumbo { MOST_ENTRIES } else { 0 }))
}
