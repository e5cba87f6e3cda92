//! Linux cooked capture, version 1 (`LINKTYPE_LINUX_SLL`).

use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, Next, Payload, Reach, Step};
use super::layer::Layer;
use super::number::ETHERTYPES;

/// Which way a packet went, as the kernel saw it.
pub(crate) const PACKET_TYPES: &[(u16, &str, &str)] = &[
    (0, "to us", "sent to this host by somebody else"),
    (1, "broadcast", "broadcast by somebody else"),
    (2, "multicast", "multicast by somebody else"),
    (3, "to another", "sent between other hosts"),
    (4, "from us", "sent by this host"),
];

fields! {
    /// All of it.
    FIELDS, Sll, "LINKTYPE_LINUX_SLL";
    PKTTYPE "sll.pkttype" 0, 16, Number, "Packet type", "Which way the packet went.", names PACKET_TYPES;
    HATYPE "sll.hatype" 16, 16, Number, "Device type", "ARPHRD number of the interface.";
    HALEN "sll.halen" 32, 16, Number, "Address length", "Octets of the sender's link-layer address.";
    SRC "sll.src" 48, 64, Bytes, "Source", "Link-layer address of the sender, padded to eight octets.";
    ETYPE "sll.etype" 112, 16, Hex, "Protocol", "EtherType of what follows.", names ETHERTYPES;
}

/// The row.
pub const HEADER: Header = Header {
    name: "sll",
    short: "SLL",
    title: "Linux cooked capture",
    inputs: Some(&Inputs::of(&[HATYPE.place(0), ETYPE.place(0)])),
    payload: &[Payload { number: "EtherType", field: &ETYPE }],
    source: "LINKTYPE_LINUX_SLL",
    ..Header::of(Layer::Sll, Class::Link, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    Step::then(16, carried(reach.u16(2)?, reach.u16(14)?))
}

/// What a device of type `hatype` carries under `protocol`.
pub(crate) fn carried(hatype: u16, protocol: u16) -> Next {
    match (hatype, protocol) {
        // ARPHRD_NETLINK: the protocol is a netlink family.  ARPHRD_IPGRE: it is GRE's.
        (824, _) => Next::Payload,
        // ETH_P_802_2: LLC without an Ethernet header.
        (_, 0x0004) => Next::Layer(Layer::Llc),
        (_, 0..=0x05ff) => Next::Payload,
        _ => Next::EtherType(protocol),
    }
}
