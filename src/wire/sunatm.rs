//! ATM as Sun captures it (`LINKTYPE_SUNATM`): circuit and what it carries.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Reach, Step};
use super::layer::Layer;

fields! {
    /// All of it.
    FIELDS, SunAtm, "LINKTYPE_SUNATM";
    DIRECTION "atm.sent" 0, 1, Flag, "Sent", "Set when the capturing machine sent it.";
    RESERVED "atm.reserved" 1, 3, Hex, "Reserved", "Zero.";
    TRAFFIC "atm.traffic_type" 4, 4, Number, "Traffic type", "1 LAN emulation, 2 LLC, 5 ILMI, 6 signalling.";
    VPI "atm.vpi" 8, 8, Number, "Virtual path", "Number of the path.";
    VCI "atm.vci" 16, 16, Number, "Virtual circuit", "Number of the circuit in the path.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "atm",
    short: "ATM",
    title: "SunATM",
    source: "LINKTYPE_SUNATM",
    ..Header::of(Layer::SunAtm, Class::Link, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let traffic = reach.u8(0)? & 0x0f;
    reach.needs(4)?;
    let next = match traffic {
        1 => Next::Layer(Layer::Lane),
        2 => Next::Layer(Layer::Llc),
        _ => Next::Payload,
    };
    Step::then(4, next)
}
