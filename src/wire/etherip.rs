//! Ethernet in IP (RFC 3378), protocol 97.

use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, Next, Reach, Step};
use super::layer::Layer;

fields! {
    /// Both octets.
    FIELDS, EtherIp, "RFC 3378, section 3";
    VERSION "etherip.ver" 0, 4, Number, "Version", "3.";
    RESERVED "etherip.reserved" 4, 12, Hex, "Reserved", "Zero.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "etherip",
    short: "etherip",
    title: "Ethernet in IP",
    inputs: Some(&Inputs::of(&[VERSION.place(0)])),
    source: "RFC 3378",
    ..Header::of(Layer::EtherIp, Class::Tunnel, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(2)?;
    // Section 3: another version must be discarded.
    let is_known = reach.u8(0)? >> 4 == 3;
    Step::then(2, if is_known { Next::Layer(Layer::Ethernet) } else { Next::Payload })
}
