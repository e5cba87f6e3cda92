//! One unit of an 802.11 aggregate (A-MSDU); the first is decoded.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Reach, Step};
use super::layer::Layer;

fields! {
    /// All of it.
    FIELDS, WlanAggregate, "IEEE 802.11, clause 9.3.2.2";
    DST "wlan_aggregate.dst" 0, 48, Mac, "Destination", "Final receiver.";
    SRC "wlan_aggregate.src" 48, 48, Mac, "Source", "First sender.";
    LENGTH "wlan_aggregate.a_mdsu.length" 96, 16, Number, "Length", "Octets of the unit that follow.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "wlan_aggregate",
    short: "A-MSDU",
    title: "IEEE 802.11 aggregate",
    source: "IEEE 802.11",
    ..Header::of(Layer::WlanAggregate, Class::Tag, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let length = usize::from(reach.u16(12)?);
    Step::until(14, Some(length.saturating_add(14)), Next::Layer(Layer::Llc))
}
