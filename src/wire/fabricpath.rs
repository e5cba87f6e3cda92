//! Cisco `FabricPath`: a tag behind switch addresses, and the customer's whole frame.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Reach, Step};
use super::layer::Layer;

fields! {
    /// What stands behind the tag's own EtherType.
    FIELDS, FabricPath, "Cisco FabricPath";
    FTAG "cfp.ftag" 0, 10, Number, "Forwarding tag", "Which tree the frame takes.";
    TTL "cfp.ttl" 10, 6, Number, "Time to live", "Switches it may still pass.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "cfp",
    short: "FabricPath",
    title: "FabricPath tag",
    source: "Cisco FabricPath",
    ..Header::of(Layer::FabricPath, Class::Tag, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(2)?;
    Step::then(2, Next::Layer(Layer::Ethernet))
}
