//! ARCNET as Linux captures it (`LINKTYPE_ARCNET_LINUX`): with the frame's offset.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Part, Reach, Step};
use super::layer::Layer;

fields! {
    /// What every packet has.
    FIELDS, ArcnetLinux, "LINKTYPE_ARCNET_LINUX";
    SRC "arcnet.src" 0, 8, Hex, "Source", "Address of the sender.";
    DST "arcnet.dst" 8, 8, Hex, "Destination", "Address of the receiver; 0 is all.";
    OFFSET "arcnet.offset" 16, 16, Hex, "Offset", "Where the data begins in the card's buffer.";
    PROTOCOL "arcnet.protID" 32, 8, Hex, "Protocol", "What follows.", names PROTOCOLS;
}

fields! {
    /// Fragmentation.
    SPLIT, ArcnetLinux, "RFC 1201, section 3";
    SPLIT_FLAG "arcnet.split_flag" 0, 8, Number, "Split flag", "0 whole; odd: first of many; even: one of the others.";
    SEQUENCE "arcnet.sequence" 8, 16, Number, "Sequence", "The same in all fragments.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "arcnet",
    short: "ARCNET",
    title: "ARCNET on Linux",
    parts: &[Part {
        label: "split",
        start: |b| b.get(4).filter(|&&protocol| !is_plain(protocol)).map(|_| 5),
        len: |_| Some(3),
        fields: SPLIT,
    }],
    source: "RFC 1201",
    ..Header::of(Layer::ArcnetLinux, Class::Link, FIELDS)
};

/// Protocols over ARCNET (ARCNET Trade Association).
pub(crate) const PROTOCOLS: &[(u16, &str, &str)] = &[
    (0x80, "diagnose", "diagnostics"),
    (0xc4, "IPv6", "Internet Protocol version 6"),
    (0xd4, "IPv4", "RFC 1201"),
    (0xd5, "ARP", "RFC 1201"),
    (0xd6, "RARP", "RFC 1201"),
    (0xf0, "IPv4", "RFC 1051"),
    (0xf1, "ARP", "RFC 1051"),
];

/// Whether a protocol goes without fragmentation header (RFC 1051).
pub(crate) const fn is_plain(protocol: u8) -> bool {
    matches!(protocol, 0x80 | 0xf0 | 0xf1)
}

/// What `protocol` carries in a packet with that split flag; the first fragment is shown.
pub(crate) const fn carried(protocol: u8, split: u8) -> Next {
    if split & 1 == 0 && split > 0 {
        return Next::Payload;
    }
    match protocol {
        0xd4 | 0xf0 => Next::Layer(Layer::Ipv4),
        0xd5 | 0xf1 => Next::Layer(Layer::Arp),
        0xc4 => Next::Layer(Layer::Ipv6),
        _ => Next::Payload,
    }
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let protocol = reach.u8(4)?;
    if is_plain(protocol) {
        return Step::then(5, carried(protocol, 0));
    }
    let split = reach.u8(5)?;
    reach.needs(8)?;
    Step::then(8, carried(protocol, split))
}
