//! Four octets that Juniper's first ATM cards put behind the capture header.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Reach, Step};
use super::layer::Layer;

fields! {
    /// All of it.
    FIELDS, JuniperCookie, "Juniper capture header";
    COOKIE "juniper.atm1.cookie" 0, 32, Hex, "Cookie", "Which circuit.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "juniper",
    short: "Juniper",
    title: "Juniper cookie",
    source: "Juniper capture header",
    ..Header::of(Layer::JuniperCookie, Class::Link, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(4)?;
    Step::then(4, Next::Guess)
}
