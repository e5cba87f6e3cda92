//! Generic protocol extension for VXLAN (draft-ietf-nvo3-vxlan-gpe-13): more than Ethernet inside.

use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, Next, Reach, Step, number_at};
use super::layer::Layer;

fields! {
    /// All eight octets.
    FIELDS, VxlanGpe, "draft-ietf-nvo3-vxlan-gpe-13, section 3";
    FLAGS "vxlan_gpe.flags" 0, 8, Group, "Flags", "What the rest holds.";
    RESERVED_FLAGS "vxlan_gpe.flags.reserved" 0, 2, Hex, "Reserved", "Zero.";
    VERSION "vxlan_gpe.flags.version" 2, 2, Number, "Version", "0.";
    INSTANCE "vxlan_gpe.flags.instance" 4, 1, Flag, "Identifier valid", "The network identifier is set.";
    NEXT_BIT "vxlan_gpe.flags.next_protocol" 5, 1, Flag, "Next protocol valid", "The next protocol is set; clear: Ethernet follows.";
    BUM "vxlan_gpe.flags.bum" 6, 1, Flag, "Replicated", "Broadcast, unknown unicast or multicast, copied on entry.";
    OAM "vxlan_gpe.flags.oam" 7, 1, Flag, "OAM", "An operations packet, not a user's.";
    RESERVED_16 "vxlan_gpe.reserved_16" 8, 16, Hex, "Reserved", "Zero.";
    NEXT_PROTO "vxlan_gpe.next_proto" 24, 8, Number, "Next protocol", "What follows.", names PROTOCOLS;
    VNI "vxlan_gpe.vni" 32, 24, Number, "Network identifier", "Which virtual network.";
    RESERVED_8 "vxlan_gpe.reserved_8" 56, 8, Hex, "Reserved", "Zero.";
}

/// Section 3.2.
const PROTOCOLS: &[(u16, &str, &str)] = &[
    (1, "IPv4", "Internet Protocol version 4"),
    (2, "IPv6", "Internet Protocol version 6"),
    (3, "Ethernet", "an Ethernet frame"),
    (4, "NSH", "network service header"),
    (5, "MPLS", "label switching"),
    (7, "vBNG", "broadband gateway"),
];

/// The row.
pub const HEADER: Header = Header {
    name: "vxlan_gpe",
    short: "vxlan_gpe",
    title: "VXLAN generic protocol extension",
    inputs: Some(&Inputs::of(&[NEXT_BIT.place(0), NEXT_PROTO.place(0)])),
    network: Some(|header| Some(number_at(header, 4)? >> 8)),
    source: "draft-ietf-nvo3-vxlan-gpe-13",
    ..Header::of(Layer::VxlanGpe, Class::Tunnel, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(8)?;
    let has_next = reach.u8(0)? & 0x04 != 0;
    let next = match reach.u8(3)? {
        // Senders are seen that tell the protocol without the flag that says so.
        0 if !has_next => Next::Layer(Layer::Ethernet),
        1 => Next::Layer(Layer::Ipv4),
        2 => Next::Layer(Layer::Ipv6),
        3 => Next::Layer(Layer::Ethernet),
        4 => Next::EtherType(0x894f),
        5 => Next::Layer(Layer::Mpls),
        _ => Next::Payload,
    };
    Step::then(8, next)
}
