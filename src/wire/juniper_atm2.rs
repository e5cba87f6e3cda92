//! Eight octets that Juniper's second ATM cards put behind the capture header.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Reach, Step};
use super::layer::Layer;

fields! {
    /// All of it.
    FIELDS, JuniperAtm2, "Juniper capture header";
    COOKIE "juniper.atm2.cookie" 0, 64, Hex, "Cookie", "Which circuit.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "juniper",
    short: "Juniper",
    title: "Juniper cookie",
    source: "Juniper capture header",
    ..Header::of(Layer::JuniperAtm2, Class::Link, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(8)?;
    Step::then(8, Next::Guess)
}
