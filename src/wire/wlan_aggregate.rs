//! One unit of an 802.11 aggregate (A-MSDU); others follow beside it.

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
    let total = usize::from(reach.u16(12)?).saturating_add(14);
    let step = Step::until(14, Some(total), Next::Layer(Layer::Llc))?;
    Ok(step.with_another(another(reach, total)))
}

/// Octet at which the unit behind one of `total` octets begins, if all of it was on the wire.
fn another(reach: Reach<'_>, total: usize) -> Option<usize> {
    // All but the last are padded to four octets; padding alone is no unit.
    let at = total.checked_next_multiple_of(4)?;
    let octets = usize::from(reach.u16(at.checked_add(12)?).ok()?).checked_add(14)?;
    let fits = at.checked_add(octets)? <= reach.wire;
    (fits && octets > 14).then_some(at)
}
