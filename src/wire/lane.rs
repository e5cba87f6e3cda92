//! LAN emulation over ATM: the identifier of the sender of the Ethernet frame behind it.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Reach, Step};
use super::layer::Layer;

fields! {
    /// All of it.
    FIELDS, Lane, "ATM Forum af-lane-0021, section 3";
    CLIENT "atm.le_client.client" 0, 16, Hex, "LAN emulation client", "Number of the sender; 0xff00 is control.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "lane",
    short: "LANE",
    title: "LAN emulation",
    source: "ATM Forum LAN emulation",
    ..Header::of(Layer::Lane, Class::Tag, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let client = reach.u16(0)?;
    let next = if client == 0xff00 { Next::Payload } else { Next::Layer(Layer::Ethernet) };
    Step::then(2, next)
}
