//! Next hop resolution protocol (RFC 2332): its head, and the packet that an indication is about.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Part, Reach, Step, to_end};
use super::layer::Layer;
use super::number::ETHERTYPES;

fields! {
    /// The fixed part.
    FIELDS, Nhrp, "RFC 2332, section 5.2.1";
    AFN "nhrp.hdr.afn" 0, 16, Number, "Address family", "Family of the link addresses.";
    PROTO_TYPE "nhrp.hdr.pro.type" 16, 16, Hex, "Protocol type", "EtherType of the addresses looked up.", names ETHERTYPES;
    SNAP "nhrp.hdr.pro.snap" 32, 40, Hex, "Protocol SNAP", "SNAP of that protocol, when the type says so.";
    HOP_COUNT "nhrp.hdr.hopcnt" 72, 8, Number, "Hop count", "Servers that may still pass it on.";
    PACKET_SIZE "nhrp.hdr.pktsz" 80, 16, Number, "Packet size", "Octets of the message.";
    CHECKSUM "nhrp.hdr.chksum" 96, 16, Hex, "Checksum", "Over the message.";
    EXTENSION_OFFSET "nhrp.hdr.extoff" 112, 16, Number, "Extension offset", "Octet at which the extensions begin; 0 is none.";
    VERSION "nhrp.hdr.version" 128, 8, Number, "Version", "1.";
    TYPE "nhrp.hdr.op.type" 136, 8, Number, "Message", "Which message.", names MESSAGES;
    SOURCE_TL "nhrp.hdr.shtl" 144, 8, Hex, "Source link address length", "Type and octets of the source's link address.";
    SOURCE_SUB_TL "nhrp.hdr.sstl" 152, 8, Hex, "Source subaddress length", "Type and octets of the source's link subaddress.";
}

fields! {
    /// The mandatory part, which every message begins with.
    MANDATORY, Nhrp, "RFC 2332, section 5.2.0.1";
    SOURCE_LENGTH "nhrp.src.prot.len" 0, 8, Number, "Source protocol length", "Octets of the source's protocol address.";
    DESTINATION_LENGTH "nhrp.dst.prot.len" 8, 8, Number, "Destination protocol length", "Octets of the destination's protocol address.";
    FLAGS "nhrp.flags" 16, 16, Hex, "Flags", "As the message says; unused in an indication.";
    REQUEST "nhrp.reqid" 32, 32, Hex, "Request", "Ties an answer to its question; code and offset in an indication.";
    ADDRESSES "nhrp.addresses" 64, 0, Bytes, "Addresses", "Link and protocol addresses, as long as said above; then entries and extensions.";
}

/// Messages (RFC 2332, section 5.2.1; 8 is the vendors').
const MESSAGES: &[(u16, &str, &str)] = &[
    (1, "resolution request", "asks for a next hop"),
    (2, "resolution reply", "answers"),
    (3, "registration request", "tells an address"),
    (4, "registration reply", "answers"),
    (5, "purge request", "takes an address back"),
    (6, "purge reply", "answers"),
    (7, "error indication", "quotes the message in error"),
    (8, "traffic indication", "quotes a packet that has a shorter way"),
];

/// The message that quotes an IP packet; an error indication quotes an NHRP message.
const TRAFFIC_INDICATION: u8 = 8;

/// Octets of the fixed part.
const FIXED: usize = 20;

/// The row.
pub const HEADER: Header = Header {
    name: "nhrp",
    short: "nhrp",
    title: "Next hop resolution protocol",
    parts: &[Part {
        label: "mandatory part",
        start: |_| Some(FIXED),
        len: to_end,
        fields: MANDATORY,
    }],
    source: "RFC 2332",
    ..Header::of(Layer::Nhrp, Class::Other, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(FIXED)?;
    let size = usize::from(reach.u16(10)?);
    if reach.u8(17)? != TRAFFIC_INDICATION {
        let len = size.clamp(FIXED, reach.bytes.len());
        return Step::then(len, Next::Payload);
    }
    let link = |tl: u8| usize::from(tl & 0x3f);
    let len =
        [link(reach.u8(18)?), link(reach.u8(19)?), reach.u8(20)?.into(), reach.u8(21)?.into()]
            .iter()
            .fold(FIXED.saturating_add(8), |sum: usize, octets| sum.saturating_add(*octets));
    reach.needs(len)?;
    let is_ip = matches!(reach.bytes.get(len).map(|octet| octet >> 4), Some(4 | 6));
    Step::then(len, if is_ip { Next::Quote } else { Next::Payload })
}
