//! Address resolution (RFC 826): not IP, but what IP hosts ask before they talk.

use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, Next, Part, Reach, Step, to_end};
use super::layer::Layer;
use super::number::ETHERTYPES;

fields! {
    /// The fixed head.
    FIELDS, Arp, "RFC 826";
    HW_TYPE "arp.hw.type" 0, 16, Number, "Hardware type", "1 is Ethernet.";
    PROTO_TYPE "arp.proto.type" 16, 16, Hex, "Protocol type", "EtherType of the addresses asked for.", names ETHERTYPES;
    HW_SIZE "arp.hw.size" 32, 8, Number, "Hardware size", "Octets of a hardware address.";
    PROTO_SIZE "arp.proto.size" 40, 8, Number, "Protocol size", "Octets of a protocol address.";
    OPCODE "arp.opcode" 48, 16, Number, "Operation", "What is asked or told.", names OPERATIONS;
}

fields! {
    /// The addresses, for IPv4 over Ethernet.
    ADDRESSES, Arp, "RFC 826";
    SRC_MAC "arp.src.hw_mac" 0, 48, Mac, "Sender hardware", "Hardware address of the sender.";
    SRC_IP "arp.src.proto_ipv4" 48, 32, Ipv4, "Sender address", "IPv4 address of the sender.";
    DST_MAC "arp.dst.hw_mac" 80, 48, Mac, "Target hardware", "Hardware address asked for; zero in a request.";
    DST_IP "arp.dst.proto_ipv4" 128, 32, Ipv4, "Target address", "IPv4 address asked for.";
}

/// Operations.
const OPERATIONS: &[(u16, &str, &str)] = &[
    (1, "request", "who has this address?"),
    (2, "reply", "this one has it"),
    (3, "reverse request", "what is my address?"),
    (4, "reverse reply", "your address is this"),
];

/// The row.
pub const HEADER: Header = Header {
    name: "arp",
    short: "ARP",
    title: "Address resolution",
    parts: &[Part { label: "addresses", start: ethernet_ipv4, len: to_end, fields: ADDRESSES }],
    inputs: Some(&Inputs::of(&[HW_SIZE.place(0), PROTO_SIZE.place(0)])),
    source: "RFC 826",
    ..Header::of(Layer::Arp, Class::Other, FIELDS)
};

fn ethernet_ipv4(header: &[u8]) -> Option<usize> {
    matches!(header, [0, 1, 8, 0, 6, 4, ..]).then_some(8)
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let sizes = usize::from(reach.u8(4)?).saturating_add(usize::from(reach.u8(5)?));
    let len = sizes.saturating_mul(2).saturating_add(8);
    reach.needs(len)?;
    Step::then(len, Next::Payload)
}
