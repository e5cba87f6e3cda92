//! Cisco VN-Tag, between a port extender and its switch.

use super::field::fields;
use super::header::{Class, Fault, Header, Reach, Step};
use super::layer::Layer;
use super::number::ETHERTYPES;

fields! {
    /// What stands behind the tag's own EtherType.
    FIELDS, VnTag, "Cisco VN-Tag; IEEE 802.1Qbh, draft 1";
    DIRECTION "vntag.dir" 0, 1, Flag, "Direction", "Set from the switch to the extender.";
    POINTER "vntag.ptr" 1, 1, Flag, "Pointer", "The destination is a list of interfaces.";
    DESTINATION "vntag.dst" 2, 14, Number, "Destination", "Virtual interface that is to receive the frame, or list of them.";
    LOOPED "vntag.looped" 16, 1, Flag, "Looped", "The frame goes back to the extender it came from.";
    RESERVED "vntag.r" 17, 1, Number, "Reserved", "Zero.";
    VERSION "vntag.version" 18, 2, Number, "Version", "Zero.";
    SOURCE "vntag.src" 20, 12, Number, "Source", "Virtual interface that sent the frame.";
    ETYPE "vntag.etype" 32, 16, Hex, "Type", "EtherType of what follows.", names ETHERTYPES;
}

/// The row.
pub const HEADER: Header = Header {
    name: "vntag",
    short: "VN-Tag",
    title: "VN-Tag",
    source: "Cisco VN-Tag",
    ..Header::of(Layer::VnTag, Class::Tag, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    super::ethernet::tagged(reach, 6)
}
