//! Cisco's inter-switch link: a header of its own around a whole frame.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Reach, Step};
use super::layer::Layer;

fields! {
    /// All of it.
    FIELDS, Isl, "Cisco ISL";
    DST "isl.dst" 0, 40, Bytes, "Destination", "01:00:0c:00:00 or 03:00:0c:00:00.";
    TYPE "isl.type" 40, 4, Number, "Type", "0 Ethernet, 1 token ring, 2 FDDI, 3 ATM.";
    USER "isl.user" 44, 4, Hex, "User", "Priority.";
    SRC "isl.src" 48, 48, Mac, "Source", "Address of the sending port.";
    LEN "isl.len" 96, 16, Number, "Length", "Octets behind this field, checksum left out.";
    DSAP "isl.dsap" 112, 8, Hex, "Destination access point", "0xaa.";
    SSAP "isl.ssap" 120, 8, Hex, "Source access point", "0xaa.";
    CONTROL "isl.control" 128, 8, Hex, "Control", "0x03.";
    HSA "isl.hsa" 136, 24, Hex, "High source address", "Manufacturer of the sending port.";
    VLAN "isl.vlan_id" 160, 15, Number, "VLAN ID", "Which VLAN.";
    BPDU "isl.bpdu" 175, 1, Flag, "BPDU", "Carries spanning tree, CDP or the like.";
    INDEX "isl.index" 176, 16, Number, "Index", "Port that sent the frame.";
    RESERVED "isl.reserved" 192, 16, Hex, "Reserved", "Token ring's and FDDI's control octets.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "isl",
    short: "ISL",
    title: "Inter-switch link",
    source: "Cisco ISL",
    ..Header::of(Layer::Isl, Class::Link, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let length = usize::from(reach.u16(12)?);
    reach.needs(26)?;
    let next = if reach.u8(5)? >> 4 == 0 { Next::Layer(Layer::Ethernet) } else { Next::Payload };
    Step::until(26, Some(length.saturating_add(14)), next)
}
