//! PPP over Ethernet, session stage (RFC 2516).

use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, Next, Reach, Step};
use super::layer::Layer;

fields! {
    /// All of it.
    FIELDS, Pppoe, "RFC 2516, section 4";
    VERSION "pppoe.version" 0, 4, Number, "Version", "1.";
    TYPE "pppoe.type" 4, 4, Number, "Type", "1.";
    CODE "pppoe.code" 8, 8, Hex, "Code", "0 in a session.";
    SESSION "pppoe.session_id" 16, 16, Hex, "Session", "Which session between these two hosts.";
    LENGTH "pppoe.payload_length" 32, 16, Number, "Payload length", "Octets that follow.";
}

/// The row.
pub const HEADER: Header = Header {
    layer: Layer::Pppoe,
    name: "pppoe",
    title: "PPP over Ethernet session",
    class: Class::Tag,
    fields: FIELDS,
    parts: &[],
    options: None,
    inputs: Some(&Inputs::within(&[CODE.place(0)], LENGTH.total(6))),
    network: None,
    source: "RFC 2516",
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let length = usize::from(reach.u16(4)?);
    let next = if reach.u8(1)? == 0 { Next::Layer(Layer::Ppp) } else { Next::Payload };
    Step::until(6, Some(length.saturating_add(6)), next)
}
