//! Ethernet with the tag of Broadcom's switches behind its addresses (`LINKTYPE_DSA_TAG_BRCM`).

use super::brcm_tag::tag;
use super::ethernet::{MAX_LENGTH, tagged};
use super::field::fields;
use super::header::{Class, Fault, Header, Part, Reach, Step, to_end};
use super::layer::Layer;
use super::number::ETHERTYPES;

fields! {
    /// What every frame begins with.
    FIELDS, EthernetBrcm, "IEEE 802.3, clause 3";
    DST "eth.dst" 0, 48, Mac, "Destination", "Hardware address of the receiver, or of a group of them.";
    SRC "eth.src" 48, 48, Mac, "Source", "Hardware address of the sender.";
}

tag!(EthernetBrcm, 12);

fields! {
    /// Ethernet II.
    TYPED, EthernetBrcm, "IEEE 802.3, clause 3.2.6";
    TYPE "eth.type" 0, 16, Hex, "Type", "EtherType of what the frame carries.", names ETHERTYPES;
}

fields! {
    /// IEEE 802.3 with LLC.
    COUNTED, EthernetBrcm, "IEEE 802.3, clause 3.2.6";
    LEN "eth.len" 0, 16, Number, "Length", "Octets that follow, without padding.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "eth",
    short: "Ethernet",
    title: "Ethernet with a Broadcom tag",
    parts: &[
        FROM_SWITCH,
        TO_SWITCH,
        Part {
            label: "type",
            start: |b| (type_or_length(b)? > MAX_LENGTH).then_some(TYPE_AT),
            len: to_end,
            fields: TYPED,
        },
        Part {
            label: "length",
            start: |b| (type_or_length(b)? <= MAX_LENGTH).then_some(TYPE_AT),
            len: to_end,
            fields: COUNTED,
        },
    ],
    source: "LINKTYPE_DSA_TAG_BRCM",
    ..Header::of(Layer::EthernetBrcm, Class::Link, FIELDS)
};

/// Octet of the type.
const TYPE_AT: usize = 16;

fn type_or_length(header: &[u8]) -> Option<u16> {
    header.get(TYPE_AT..)?.first_chunk().map(|two| u16::from_be_bytes(*two))
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    tagged(reach, 18)
}
