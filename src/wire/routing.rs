//! Routing headers of all types (RFC 8200, section 4.4).

use super::catalogue::Layer;
use super::field::fields;
use super::header::{Class, Fault, Header, Part, Reach, Step, to_end};
use super::hopopts::extension;
use super::number::{PROTOCOLS, ROUTING_TYPES};

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
    SEGMENT_LIST "ipv6.routing.srh.segments" 32, 0, Bytes, "Segments and TLVs", "Addresses, the last to be visited first; then TLVs.";
}

fields! {
    /// Types without a table.
    OTHER, Routing, "RFC 8200, section 4.4";
    DATA "ipv6.routing.unknown.data" 0, 0, Bytes, "Data", "What the type says.";
}

/// The row.
pub const HEADER: Header = Header {
    layer: Layer::Routing,
    name: "ipv6.routing",
    title: "IPv6 routing",
    class: Class::Extension,
    fields: FIELDS,
    parts: &[
        Part { label: "source route", start: |b| is(b, 0), len: to_end, fields: SOURCE_ROUTE },
        Part { label: "mobile IPv6", start: |b| is(b, 2), len: to_end, fields: MOBILE },
        Part { label: "RPL source route", start: |b| is(b, 3), len: to_end, fields: RPL },
        Part { label: "segment routing", start: |b| is(b, 4), len: to_end, fields: SEGMENTS },
        Part { label: "data", start: other, len: to_end, fields: OTHER },
    ],
    options: None,
    source: "RFC 8200",
};

fn is(header: &[u8], kind: u8) -> Option<usize> {
    (header.get(2) == Some(&kind)).then_some(4)
}

fn other(header: &[u8]) -> Option<usize> {
    (!matches!(header.get(2)?, 0 | 2 | 3 | 4)).then_some(4)
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    extension(reach)
}
