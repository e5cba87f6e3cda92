//! Cisco's HDLC on serial lines (`LINKTYPE_C_HDLC`).

use super::bits::Bits;
use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, Next, Payload, Reach, Step};
use super::layer::Layer;
use super::number::ETHERTYPES;

fields! {
    /// All of it.
    FIELDS, Hdlc, "RFC 4349, section 3";
    ADDRESS "chdlc.address" 0, 8, Hex, "Address", "0x0f unicast, 0x8f broadcast.";
    CONTROL "chdlc.control" 8, 8, Hex, "Control", "Zero.";
    PROTOCOL "chdlc.protocol" 16, 16, Hex, "Protocol", "EtherType of what follows.", names ETHERTYPES;
}

/// The row.
pub const HEADER: Header = Header {
    name: "chdlc",
    short: "C-HDLC",
    title: "Cisco HDLC",
    inputs: Some(&Inputs::of(&[Bits::WHOLE])),
    payload: &[Payload { number: "EtherType", field: &PROTOCOL }],
    source: "LINKTYPE_C_HDLC",
    ..Header::of(Layer::Hdlc, Class::Link, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    // PPP in HDLC framing comes under the same link type.
    if reach.bytes.starts_with(&[0xff, 0x03]) {
        return Step::then(0, Next::Layer(Layer::Ppp));
    }
    Step::then(4, Next::EtherType(reach.u16(2)?))
}
