//! VLAN tags: IEEE 802.1Q and 802.1ad, one header a tag.

use super::ethernet::MAX_LENGTH;
use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, Next, Payload, Reach, Step};
use super::layer::Layer;
use super::number::ETHERTYPES;

fields! {
    /// The four octets behind the tag's own EtherType.
    FIELDS, Vlan, "IEEE 802.1Q, clause 9.6";
    PRIORITY "vlan.priority" 0, 3, Number, "Priority", "Priority code point, 0 to 7.";
    DEI "vlan.dei" 3, 1, Flag, "Drop eligible", "May be dropped first under congestion.";
    ID "vlan.id" 4, 12, Number, "VLAN ID", "Which VLAN; 0 is priority only, 4095 reserved.";
    ETYPE "vlan.etype" 16, 16, Hex, "Type", "EtherType of what follows, or its length.", names ETHERTYPES;
}

/// The row.
pub const HEADER: Header = Header {
    name: "vlan",
    short: "VLAN",
    title: "VLAN tag",
    inputs: Some(&Inputs::of(&[ETYPE.place(0)])),
    payload: &[Payload { number: "EtherType", field: &ETYPE }],
    source: "IEEE 802.1Q",
    ..Header::of(Layer::Vlan, Class::Tag, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let word = reach.u16(2)?;
    if word > MAX_LENGTH {
        return Step::then(4, Next::EtherType(word));
    }
    let total = 4usize.saturating_add(usize::from(word));
    Step::until(4, Some(total), Next::Layer(Layer::Llc))
}
