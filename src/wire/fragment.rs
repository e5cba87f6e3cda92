//! Fragment header (RFC 8200, section 4.5).

use super::field::fields;
use super::header::{Class, Extension, Fault, Header, Next, Reach, Step};
use super::layer::Layer;
use super::number::PROTOCOLS;

fields! {
    /// All eight octets.
    FIELDS, Fragment, "RFC 8200, section 4.5";
    NXT "ipv6.fraghdr.nxt" 0, 8, Number, "Next header", "What the fragmented part begins with.", names PROTOCOLS;
    RESERVED_OCTET "ipv6.fraghdr.reserved_octet" 8, 8, Hex, "Reserved octet", "Zero.";
    OFFSET "ipv6.fraghdr.offset" 16, 13, Times(8), "Offset", "Octet of the fragmented part at which this fragment begins.";
    RESERVED_BITS "ipv6.fraghdr.reserved_bits" 29, 2, Number, "Reserved bits", "Zero.";
    MORE "ipv6.fraghdr.more" 31, 1, Flag, "More fragments", "Another fragment follows this one.";
    IDENT "ipv6.fraghdr.ident" 32, 32, Hex, "Identification", "Tells which fragments belong together.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "ipv6.fraghdr",
    short: "fragment",
    title: "IPv6 fragment",
    extension: Some(Extension::at(3)),
    source: "RFC 8200",
    ..Header::of(Layer::Fragment, Class::Extension, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(8)?;
    let later = reach.u16(2)? >> 3 != 0;
    let next = if later { Next::Payload } else { Next::Protocol(reach.u8(0)?) };
    Step::then(8, next)
}
