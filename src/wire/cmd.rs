//! Cisco's `MetaData` tag: the security group of who sent the frame.

use super::ethernet::tagged;
use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, Reach, Step};
use super::layer::Layer;
use super::number::ETHERTYPES;

fields! {
    /// The eight octets behind the tag's own EtherType.
    FIELDS, Cmd, "draft-smith-kandula-sxp-07, section 2";
    VERSION "cmd.version" 0, 8, Number, "Version", "1.";
    LENGTH "cmd.length" 8, 8, Number, "Length", "Options that follow, in units of four octets.";
    OPTIONS "cmd.options" 16, 16, Hex, "Options", "Length of the option above its type; type 1 is the group.";
    SGT "cmd.sgt" 32, 16, Number, "Security group", "Group of the sender, by which policies are kept.";
    TYPE "cmd.type" 48, 16, Hex, "Type", "EtherType of what follows, or its length.", names ETHERTYPES;
}

/// The row.
pub const HEADER: Header = Header {
    name: "cmd",
    short: "CMD",
    title: "Cisco MetaData",
    inputs: Some(&Inputs::of(&[TYPE.place(0)])),
    source: "EtherType 0x8909",
    ..Header::of(Layer::Cmd, Class::Tag, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    tagged(reach, 8)
}
