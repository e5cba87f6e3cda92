//! Ethernet II and IEEE 802.3: two addresses and a type, or a length with LLC behind it.

use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, Next, Part, Payload, Reach, Step};
use super::layer::Layer;
use super::number::ETHERTYPES;

fields! {
    /// What every frame begins with.
    FIELDS, Ethernet, "IEEE 802.3, clause 3";
    DST "eth.dst" 0, 48, Mac, "Destination", "Hardware address of the receiver, or of a group of them.";
    SRC "eth.src" 48, 48, Mac, "Source", "Hardware address of the sender.";
}

fields! {
    /// Ethernet II.
    TYPED, Ethernet, "IEEE 802.3, clause 3.2.6";
    TYPE "eth.type" 0, 16, Hex, "Type", "EtherType of what the frame carries.", names ETHERTYPES;
}

fields! {
    /// IEEE 802.3 with LLC.
    COUNTED, Ethernet, "IEEE 802.3, clause 3.2.6";
    LEN "eth.len" 0, 16, Number, "Length", "Octets that follow, without padding.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "eth",
    short: "Ethernet",
    title: "Ethernet",
    parts: &[
        Part { label: "type", start: typed, len: two, fields: TYPED },
        Part { label: "length", start: counted, len: two, fields: COUNTED },
    ],
    inputs: Some(&Inputs::of(&[TYPE.place(12)])),
    payload: &[Payload { number: "EtherType", field: &TYPE }],
    source: "IEEE 802.3",
    ..Header::of(Layer::Ethernet, Class::Link, FIELDS)
};

/// Greatest value of the length field; above are types, from 0x600 on.
pub(crate) const MAX_LENGTH: u16 = 1500;

#[expect(clippy::unnecessary_wraps, reason = "the shape that a part's length has")]
fn two(_header: &[u8]) -> Option<usize> {
    Some(2)
}

fn typed(header: &[u8]) -> Option<usize> {
    (type_or_length(header)? > MAX_LENGTH).then_some(12)
}

fn counted(header: &[u8]) -> Option<usize> {
    (type_or_length(header)? <= MAX_LENGTH).then_some(12)
}

/// Octets 12 and 13.
fn type_or_length(header: &[u8]) -> Option<u16> {
    header.get(12..14)?.first_chunk().map(|two| u16::from_be_bytes(*two))
}

/// Whether this is ISL (Cisco): one of two groups, and access points behind the length.
fn is_isl(reach: Reach<'_>) -> bool {
    let is_group = matches!(reach.bytes, [0x01 | 0x03, 0, 0x0c, 0, 0, ..]);
    is_group && reach.bytes.get(14..17) == Some(&[0xaa, 0xaa, 0x03])
}

/// A tag of `len` octets that ends in a type, or a length with LLC behind it.
pub(crate) fn tagged(reach: Reach<'_>, len: usize) -> Result<Step, Fault> {
    let word = reach.u16(len.saturating_sub(2))?;
    if word > MAX_LENGTH {
        return Step::then(len, Next::EtherType(word));
    }
    let total = len.saturating_add(usize::from(word));
    Step::until(len, Some(total), Next::Layer(Layer::Llc))
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let word = reach.u16(12)?;
    if is_isl(reach) {
        return Step::then(0, Next::Layer(Layer::Isl));
    }
    if word > MAX_LENGTH {
        return Step::then(14, Next::EtherType(word));
    }
    // Novell's IPX sits in 802.3 without LLC: a checksum of all ones where LLC would begin.
    let next = if reach.bytes.get(14..16) == Some(&[0xff, 0xff]) {
        Next::Payload
    } else {
        Next::Layer(Layer::Llc)
    };
    Step::until(14, Some(14usize.saturating_add(usize::from(word))), next)
}
