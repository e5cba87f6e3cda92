//! Routing headers of all types (RFC 8200, section 4.4).

use super::field::{Field, fields};
use super::header::{Class, Extension, Fault, Header, Inputs, Part, Reach, Step, to_end};
use super::hopopts::extension;
use super::layer::Layer;
use super::number::{PROTOCOLS, ROUTING_TYPES};
use super::option::{Layout, OptionRow, OptionSet};

fields! {
    /// What every type begins with.
    FIELDS, Routing, "RFC 8200, section 4.4";
    NXT "ipv6.routing.nxt" 0, 8, Number, "Next header", "What follows this header.", names PROTOCOLS;
    LEN "ipv6.routing.len" 8, 8, Number, "Length", "Units of eight octets behind the first eight.";
    TYPE "ipv6.routing.type" 16, 8, Number, "Type", "How the rest is to be read.", names ROUTING_TYPES;
    SEGLEFT "ipv6.routing.segleft" 24, 8, Number, "Segments left", "Nodes still to be visited.";
}

fields! {
    /// Type 0, the source route that RFC 5095 forbids.
    SOURCE_ROUTE, Routing, "RFC 2460, section 4.4";
    SRC_RESERVED "ipv6.routing.src.reserved" 0, 32, Hex, "Reserved", "Zero.";
    SRC_ADDR "ipv6.routing.src.addr" 32, 128, Ipv6, "Address", "Nodes to visit, in order." @repeats;
}

fields! {
    /// Type 2, mobile IPv6.
    MOBILE, Routing, "RFC 6275, section 6.4";
    MIPV6_RESERVED "ipv6.routing.mipv6.reserved" 0, 32, Hex, "Reserved", "Zero.";
    MIPV6_HOME "ipv6.routing.mipv6.home_address" 32, 128, Ipv6, "Home address", "Where the packet is to go in the mobile node.";
}

fields! {
    /// Type 3, RPL source routes, addresses shortened.
    RPL, Routing, "RFC 6554, section 3";
    CMPRI "ipv6.routing.rpl.cmprI" 0, 4, Number, "CmprI", "Octets left out of every address but the last.";
    CMPRE "ipv6.routing.rpl.cmprE" 4, 4, Number, "CmprE", "Octets left out of the last address.";
    PAD "ipv6.routing.rpl.pad" 8, 4, Number, "Pad", "Octets of padding at the end.";
    RPL_RESERVED "ipv6.routing.rpl.reserved" 12, 20, Hex, "Reserved", "Zero.";
    RPL_ADDRESSES "ipv6.routing.rpl.address" 32, 0, Bytes, "Addresses", "Nodes to visit, shortened, with padding.";
}

fields! {
    /// Type 4, segment routing.
    SEGMENTS, Routing, "RFC 8754, section 2";
    LAST_SEGMENT "ipv6.routing.srh.last_segment" 0, 8, Number, "Last entry", "Index of the last segment in the list.";
    SRH_FLAGS "ipv6.routing.srh.flags" 8, 8, Hex, "Flags", "Zero but for flags that were defined later.";
    TAG "ipv6.routing.srh.tag" 16, 16, Hex, "Tag", "Marks packets of one group.";
    SEGMENT "ipv6.routing.srh.addr" 32, 128, Ipv6, "Segment", "Nodes or instructions, the last to be visited first." @repeats;
}

fields! {
    /// Type 5, compact routing with identifiers of 16 bits.
    CRH16, Routing, "RFC 9631, section 4";
    SID16 "ipv6.routing.crh16.sid" 0, 16, Number, "SID", "Identifiers of segments, the last to be visited first; behind them zeros." @repeats;
}

fields! {
    /// Type 6, compact routing with identifiers of 32 bits.
    CRH32, Routing, "RFC 9631, section 4";
    SID32 "ipv6.routing.crh32.sid" 0, 32, Number, "SID", "Identifiers of segments, the last to be visited first; behind them zeros." @repeats;
}

fields! {
    /// What each TLV of type 4 begins with.
    TLV, Routing, "RFC 8754, section 2.1";
    TLV_TYPE "ipv6.routing.srh.tlv.type" 0, 8, Number, "TLV", "Which TLV.", names TLVS;
    TLV_CHANGE "ipv6.routing.srh.tlv.type_change" 0, 1, Flag, "May change", "Routers may change the data on the way." @view;
    TLV_LENGTH "ipv6.routing.srh.tlv.length" 8, 8, Number, "TLV length", "Octets of data behind this one.";
}

fields! {
    /// HMAC.
    HMAC, Routing, "RFC 8754, section 2.1.2";
    HMAC_D "ipv6.routing.srh.tlv.hmac_d" 0, 1, Flag, "Destination left out", "The destination is no part of what is signed.";
    HMAC_RESERVED "ipv6.routing.srh.tlv.hmac_reserved" 1, 15, Hex, "Reserved", "Zero.";
    HMAC_KEY "ipv6.routing.srh.tlv.hmac_key_id" 16, 32, Hex, "Key", "Which key and algorithm.";
    HMAC_VALUE "ipv6.routing.srh.tlv.hmac" 48, 0, Bytes, "HMAC", "Signs source, list and flags.";
}

fields! {
    /// TLVs without a table.
    TLV_OTHER, Routing, "RFC 8754, section 2.1";
    TLV_DATA "ipv6.routing.srh.tlv.data" 0, 0, Bytes, "Data", "Octets behind type and length.";
}

const TLVS: &[(u16, &str, &str)] =
    &[(0, "Pad1", "one octet"), (4, "PadN", "octets that align"), (5, "HMAC", "signature")];

/// Octets of type 4 before its list.
const SRH_HEAD: usize = 8;

/// Octets of type 4's list.
fn list(header: &[u8]) -> Option<usize> {
    usize::from(*header.get(4)?).checked_add(1)?.checked_mul(16)
}

/// Octets of type 4's part: what it begins with, and its list.
fn segments(header: &[u8]) -> Option<usize> {
    list(header)?.checked_add(SRH_HEAD.saturating_sub(4))
}

static TLV_SET: OptionSet = OptionSet {
    key: "tlvs",
    fields: TLV,
    prefix: "ipv6.routing.srh.tlv.",
    layout: Layout::COUNTS_DATA,
    start: |header| {
        let at = list(header)?.checked_add(SRH_HEAD)?;
        (header.get(2) == Some(&4) && header.len() > at).then_some(at)
    },
    rows: &[
        OptionRow::new(0, "Pad1", &[], "RFC 8754"),
        OptionRow::new(4, "PadN", TLV_OTHER, "RFC 8754"),
        OptionRow::new(5, "HMAC", HMAC, "RFC 8754"),
    ],
    unknown: &OptionRow::new(0, "Unknown TLV", TLV_OTHER, "RFC 8754"),
};

fields! {
    /// Types without a table.
    OTHER, Routing, "RFC 8200, section 4.4";
    DATA "ipv6.routing.unknown.data" 0, 0, Bytes, "Data", "What the type says.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "ipv6.routing",
    short: "routing",
    title: "IPv6 routing",
    parts: &[
        Part { label: "source route", start: |b| is(b, 0), len: to_end, fields: SOURCE_ROUTE },
        Part { label: "mobile IPv6", start: |b| is(b, 2), len: to_end, fields: MOBILE },
        Part { label: "RPL source route", start: |b| is(b, 3), len: to_end, fields: RPL },
        Part { label: "segment routing", start: |b| is(b, 4), len: segments, fields: SEGMENTS },
        Part { label: "compact routing", start: |b| is(b, 5), len: to_end, fields: CRH16 },
        Part { label: "compact routing", start: |b| is(b, 6), len: to_end, fields: CRH32 },
        Part { label: "data", start: other, len: to_end, fields: OTHER },
    ],
    options: Some(&TLV_SET),
    inputs: Some(&Inputs::of(&[NXT.place(0), LEN.place(0)])),
    extension: Some(Extension::at(2)),
    source: "RFC 8200",
    ..Header::of(Layer::Routing, Class::Extension, FIELDS)
};

fn is(header: &[u8], kind: u8) -> Option<usize> {
    (header.get(2) == Some(&kind)).then_some(4)
}

fn other(header: &[u8]) -> Option<usize> {
    (!matches!(header.get(2)?, 0 | 2..=6)).then_some(4)
}

/// Octets of type 3 before its addresses.
const RPL_HEAD: usize = 8;

/// Calls `with` for every address of an RPL source route, of which the octets that were left out
/// are those of the packet's destination (RFC 6554, section 3); for none of a header whose numbers
/// contradict its length.
pub fn rpl_addresses(header: &[u8], destination: [u8; 16], with: &mut dyn FnMut([u8; 16])) {
    let Some(part) = is(header, 3).and_then(|at| header.get(at..)) else { return };
    let number = |field: &Field| field.bits(part).and_then(|number| usize::try_from(number).ok());
    let (Some(left_out), Some(of_last), Some(pad)) = (number(&CMPRI), number(&CMPRE), number(&PAD))
    else {
        return;
    };
    let (each, last) = (16_usize.saturating_sub(left_out), 16_usize.saturating_sub(of_last));
    let octets = header.get(RPL_HEAD..).and_then(|rest| rest.get(..rest.len().checked_sub(pad)?));
    let Some(before_last) = octets.and_then(|octets| octets.len().checked_sub(last)) else {
        return;
    };
    let (Some(octets), true) = (octets, before_last.is_multiple_of(each)) else { return };
    let (all, end) = octets.split_at(before_last);
    for short in all.chunks_exact(each).chain([end]) {
        let mut address = destination;
        for (to, from) in address.iter_mut().rev().zip(short.iter().rev()) {
            *to = *from;
        }
        with(address);
    }
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    extension(reach)
}
