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
    layer: Layer::JuniperCookie,
    name: "juniper",
    title: "Juniper cookie",
    class: Class::Link,
    fields: FIELDS,
    parts: &[],
    options: None,
    inputs: None,
    network: None,
    source: "Juniper capture header",
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(4)?;
    Step::then(4, Next::Guess)
}
