//! Arista's time stamp in a tag of its own (EtherType 0xd28b).

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Part, Reach, Step};
use super::layer::Layer;
use super::number::ETHERTYPES;

fields! {
    /// What kind of tag.
    FIELDS, Avsp, "Arista vendor-specific protocol";
    SUB_TYPE "avsp.sub_type" 0, 16, Number, "Subtype", "1 is a time stamp.";
    VERSION "avsp.ver" 16, 16, Hex, "Version", "Low octet: 0x10 is 64 bits of time, 0x20 is 48; high octet: 0 TAI, 1 UTC.";
}

fields! {
    /// Time in 64 bits.
    LONG, Avsp, "Arista vendor-specific protocol";
    SECONDS "avsp.64sec" 0, 32, Number, "Seconds", "Since 1970.";
    NANOSECONDS "avsp.64ns" 32, 32, Number, "Nanoseconds", "Behind the second.";
    ETYPE "avsp.etype" 64, 16, Hex, "Type", "EtherType of what follows.", names ETHERTYPES;
}

fields! {
    /// Time in 48 bits.
    SHORT, Avsp, "Arista vendor-specific protocol";
    SECONDS_SHORT "avsp.48sec" 0, 16, Number, "Seconds", "Low 16 bits of the seconds since 1970.";
    NANOSECONDS_SHORT "avsp.48ns" 16, 32, Number, "Nanoseconds", "Behind the second.";
    ETYPE_SHORT "avsp.etype" 48, 16, Hex, "Type", "EtherType of what follows.", names ETHERTYPES;
}

/// The row.
pub const HEADER: Header = Header {
    name: "avsp",
    short: "AVSP",
    title: "Arista timestamp",
    parts: &[
        Part {
            label: "64-bit time",
            start: |b| (octets(b) == Some(14)).then_some(4),
            len: |_| Some(10),
            fields: LONG,
        },
        Part {
            label: "48-bit time",
            start: |b| (octets(b) == Some(12)).then_some(4),
            len: |_| Some(8),
            fields: SHORT,
        },
    ],
    source: "Arista vendor-specific protocol",
    ..Header::of(Layer::Avsp, Class::Tag, FIELDS)
};

/// Octets of the tag, when it is one that is known.
fn octets(header: &[u8]) -> Option<usize> {
    match header {
        [0, 1, 0 | 1, 0x10, ..] => Some(14),
        [0, 1, 0 | 1, 0x20, ..] => Some(12),
        _ => None,
    }
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(4)?;
    match octets(reach.bytes) {
        Some(len) => super::ethernet::tagged(reach, len),
        None => Step::then(4, Next::Payload),
    }
}
