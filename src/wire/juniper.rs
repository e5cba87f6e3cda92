//! What Juniper's routers put before the frames they capture.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Part, Reach, Step};
use super::layer::Layer;

fields! {
    /// What every such header begins with.
    FIELDS, Juniper, "Juniper capture header";
    MAGIC "juniper.magic-number" 0, 24, Hex, "Magic", "0x4d4743.";
    EXTENDED "juniper.extended" 24, 1, Flag, "Extended", "Extensions follow.";
    RESERVED "juniper.reserved" 25, 5, Hex, "Reserved", "Not used here.";
    NO_LINK "juniper.l2hdr" 30, 1, Flag, "No link header", "The packet follows without its link header.";
    IN "juniper.direction" 31, 1, Flag, "In", "The router received it.";
}

fields! {
    /// Extensions.
    EXTENSIONS, Juniper, "Juniper capture header";
    EXTENSION_LENGTH "juniper.ext_total_len" 0, 16, Number, "Extensions", "Octets of them.";
    EXTENSION "juniper.extension" 16, 0, Bytes, "Extensions, content", "Type, length and value of each.";
}

fields! {
    /// In place of the link header.
    PROTOCOL, Juniper, "Juniper capture header";
    FAMILY "juniper.proto" 0, 32, Little, "Protocol", "2 is IPv4, 6 is IPv6 by Juniper's numbers.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "juniper",
    short: "Juniper",
    title: "Juniper",
    parts: &[
        Part {
            label: "extensions",
            start: |b| (extensions(b) > 0).then_some(4),
            len: |b| Some(extensions(b)),
            fields: EXTENSIONS,
        },
        Part {
            label: "protocol",
            start: |b| has_no_link(b).then(|| extensions(b).saturating_add(4)),
            len: |_| Some(4),
            fields: PROTOCOL,
        },
    ],
    source: "Juniper capture header",
    ..Header::of(Layer::Juniper, Class::Link, FIELDS)
};

const MAGIC_NUMBER: &[u8] = &[0x4d, 0x47, 0x43];

/// Octets of the extensions with their length.
fn extensions(header: &[u8]) -> usize {
    match header {
        [_, _, _, flags, high, low, ..] if flags & 0x80 != 0 => {
            usize::from(u16::from_be_bytes([*high, *low])).saturating_add(2)
        }
        _ => 0,
    }
}

fn has_no_link(header: &[u8]) -> bool {
    header.get(3).is_some_and(|flags| flags & 0x02 != 0)
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(4)?;
    if !reach.bytes.starts_with(MAGIC_NUMBER) {
        return Err(Fault::Malformed { at: 0, needs: 0x4d, has: reach.u8(0)?.into() });
    }
    if reach.u8(3)? & 0x80 != 0 {
        reach.needs(6)?;
    }
    let len = extensions(reach.bytes).saturating_add(4);
    if has_no_link(reach.bytes) {
        let len = len.saturating_add(4);
        reach.needs(len)?;
        return Step::then(len, Next::Guess);
    }
    reach.needs(len)?;
    Step::then(len, Next::OfLink)
}
