//! Authentication header (RFC 4302), behind IPv4 and IPv6.

use super::field::fields;
use super::header::{Class, Extension, Fault, Header, Inputs, Next, Reach, Step};
use super::layer::Layer;
use super::number::PROTOCOLS;

fields! {
    /// All of it.
    FIELDS, Ah, "RFC 4302, section 2";
    NXT "ah.next_header" 0, 8, Number, "Next header", "What follows this header.", names PROTOCOLS;
    LENGTH "ah.length" 8, 8, Number, "Length", "Units of four octets of this header, less two.";
    RESERVED "ah.reserved" 16, 16, Hex, "Reserved", "Zero.";
    SPI "ah.spi" 32, 32, Hex, "SPI", "Which security association.";
    SEQUENCE "ah.sequence" 64, 32, Number, "Sequence", "Counts packets, against replay.";
    ICV "ah.icv" 96, 0, Bytes, "ICV", "Integrity check value, with padding.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "ah",
    short: "AH",
    title: "Authentication header",
    inputs: Some(&Inputs::of(&[NXT.place(0), LENGTH.place(0)])),
    extension: Some(Extension::at(4)),
    source: "RFC 4302",
    ..Header::of(Layer::Ah, Class::Extension, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let next = reach.u8(0)?;
    let len = usize::from(reach.u8(1)?).saturating_mul(4).saturating_add(8);
    if len < 12 {
        return Err(Fault::Malformed { at: 1, needs: 12, has: len });
    }
    reach.needs(len)?;
    Step::then(len, Next::Protocol(next))
}
