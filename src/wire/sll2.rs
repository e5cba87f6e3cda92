//! Linux cooked capture, version 2 (`LINKTYPE_LINUX_SLL2`): as version 1, with the interface.

use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, Payload, Reach, Step};
use super::layer::Layer;
use super::number::ETHERTYPES;
use super::sll::{PACKET_TYPES, carried};

fields! {
    /// All of it.
    FIELDS, Sll2, "LINKTYPE_LINUX_SLL2";
    ETYPE "sll.etype" 0, 16, Hex, "Protocol", "EtherType of what follows.", names ETHERTYPES;
    RESERVED "sll.reserved" 16, 16, Hex, "Reserved", "Zero.";
    IFINDEX "sll.ifindex" 32, 32, Number, "Interface index", "Number of the interface on the capturing host.";
    HATYPE "sll.hatype" 64, 16, Number, "Device type", "ARPHRD number of the interface.";
    PKTTYPE "sll.pkttype" 80, 8, Number, "Packet type", "Which way the packet went.", names PACKET_TYPES;
    HALEN "sll.halen" 88, 8, Number, "Address length", "Octets of the sender's link-layer address.";
    SRC "sll.src" 96, 64, Bytes, "Source", "Link-layer address of the sender, padded to eight octets.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "sll",
    short: "SLL2",
    title: "Linux cooked capture v2",
    inputs: Some(&Inputs::of(&[ETYPE.place(0), HATYPE.place(0)])),
    payload: &[Payload { number: "EtherType", field: &ETYPE }],
    source: "LINKTYPE_LINUX_SLL2",
    ..Header::of(Layer::Sll2, Class::Link, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(20)?;
    Step::then(20, carried(reach.u16(8)?, reach.u16(0)?))
}
