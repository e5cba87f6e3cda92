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
    name: "pppoe",
    short: "PPPoE",
    title: "PPP over Ethernet session",
    inputs: Some(&Inputs::within(&[CODE.place(0)], LENGTH.total(6))),
    source: "RFC 2516",
    ..Header::of(Layer::Pppoe, Class::Tag, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let length = usize::from(reach.u16(4)?);
    let next = if reach.u8(1)? == 0 { Next::Layer(Layer::Ppp) } else { Next::Payload };
    Step::until(6, Some(length.saturating_add(6)), next)
}
