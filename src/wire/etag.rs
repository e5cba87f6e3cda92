//! E-Tag of bridge port extension (IEEE 802.1BR).

use super::field::fields;
use super::header::{Class, Fault, Header, Reach, Step};
use super::layer::Layer;
use super::number::ETHERTYPES;

fields! {
    /// What stands behind the tag's own EtherType.
    FIELDS, ETag, "IEEE 802.1BR, clause 7.5";
    PRIORITY "etag.pcp" 0, 3, Number, "Priority", "Priority code point, 0 to 7.";
    DEI "etag.dei" 3, 1, Flag, "Drop eligible", "May be dropped first under congestion.";
    INGRESS_BASE "etag.iecid_base" 4, 12, Hex, "Ingress channel", "E-channel the frame came in by.";
    RESERVED "etag.resv" 16, 2, Number, "Reserved", "Zero.";
    GROUP "etag.group" 18, 2, Number, "Group", "0 for one port, else a group of them.";
    BASE "etag.ecid_base" 20, 12, Hex, "Channel", "E-channel of the extended port.";
    INGRESS_EXTENSION "etag.iecid_ext" 32, 8, Hex, "Ingress channel, extension", "High bits of the ingress channel.";
    EXTENSION "etag.ecid_ext" 40, 8, Hex, "Channel, extension", "High bits of the channel.";
    ETYPE "etag.etype" 48, 16, Hex, "Type", "EtherType of what follows.", names ETHERTYPES;
}

/// The row.
pub const HEADER: Header = Header {
    name: "etag",
    short: "E-Tag",
    title: "E-Tag",
    source: "IEEE 802.1BR",
    ..Header::of(Layer::ETag, Class::Tag, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    super::ethernet::tagged(reach, 8)
}
