//! Service instance tag of provider backbone bridges (IEEE 802.1ah), with the customer's addresses.

use super::field::fields;
use super::header::{Class, Fault, Header, Reach, Step, number_at};
use super::layer::Layer;
use super::number::ETHERTYPES;

fields! {
    /// What stands behind the tag's own EtherType.
    FIELDS, ITag, "IEEE 802.1Q, clause 9.7";
    PRIORITY "ieee8021ah.priority" 0, 3, Number, "Priority", "Priority code point, 0 to 7.";
    DROP "ieee8021ah.drop" 3, 1, Number, "Drop eligible", "May be dropped first under congestion.";
    NCA "ieee8021ah.nca" 4, 1, Number, "Use customer addresses", "The customer's addresses count.";
    RES1 "ieee8021ah.res1" 5, 1, Number, "Reserved 1", "Zero.";
    RES2 "ieee8021ah.res2" 6, 2, Number, "Reserved 2", "Zero; other values are not understood.";
    ISID "ieee8021ah.isid" 8, 24, Number, "Service instance", "Which service of the backbone.";
    CDST "ieee8021ah.cdst" 32, 48, Mac, "Customer destination", "The customer's receiver.";
    CSRC "ieee8021ah.csrc" 80, 48, Mac, "Customer source", "The customer's sender.";
    ETYPE "ieee8021ah.etype" 128, 16, Hex, "Type", "EtherType of what follows, or its length.", names ETHERTYPES;
}

/// The row.
pub const HEADER: Header = Header {
    name: "ieee8021ah",
    short: "I-Tag",
    title: "Backbone service tag",
    network: Some(|header| Some(number_at(header, 0)? & 0x00ff_ffff)),
    source: "IEEE 802.1Q",
    ..Header::of(Layer::ITag, Class::Tag, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    super::ethernet::tagged(reach, 18)
}
