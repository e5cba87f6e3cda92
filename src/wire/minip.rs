//! Minimal encapsulation within IP (RFC 2004), protocol 55: the outer header, its addresses
//! swapped.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Part, Reach, Step};
use super::layer::Layer;
use super::number::PROTOCOLS;

fields! {
    /// The first eight octets.
    FIELDS, MinIp, "RFC 2004, section 3";
    PROTO "min_encap.proto" 0, 8, Number, "Protocol", "What follows.", names PROTOCOLS;
    S "min_encap.s" 8, 1, Flag, "Source present", "The original source follows.";
    RESERVED "min_encap.reserved" 9, 7, Hex, "Reserved", "Zero.";
    CHECKSUM "min_encap.chksum" 16, 16, Hex, "Checksum", "Over this header.";
    DST "min_encap.dst" 32, 32, Ipv4, "Original destination", "Where the packet was to go.";
}

fields! {
    /// The original source.
    SOURCE_ROWS, MinIp, "RFC 2004, section 3";
    SRC "min_encap.src" 0, 32, Ipv4, "Original source", "Who sent the packet.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "min_encap",
    short: "min_encap",
    title: "Minimal encapsulation",
    parts: &[Part { label: "source", start: source, len: |_| Some(4), fields: SOURCE_ROWS }],
    source: "RFC 2004",
    ..Header::of(Layer::MinIp, Class::Tunnel, FIELDS)
};

fn source(header: &[u8]) -> Option<usize> {
    (header.get(1)? & 0x80 != 0).then_some(8)
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(8)?;
    let len = if source(reach.bytes).is_some() { 12 } else { 8 };
    reach.needs(len)?;
    Step::then(len, Next::Protocol(reach.u8(0)?))
}
