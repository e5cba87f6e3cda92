//! Cable modem MAC (`LINKTYPE_DOCSIS`): a header before an Ethernet frame.

use super::field::fields;
use super::header::{Class, Fault, Header, MOST_ENTRIES, Next, Part, Reach, Step};
use super::layer::Layer;

fields! {
    /// What every header begins with.
    FIELDS, Docsis, "DOCSIS 3.1 MULPI, section 6.2";
    TYPE "docsis.fctype" 0, 2, Number, "Type", "0 packet, 1 ATM, 2 isolated packet, 3 MAC management.";
    PARAMETER "docsis.fcparm" 2, 5, Number, "Parameter", "By type.";
    EXTENDED "docsis.exthdr" 7, 1, Flag, "Extended header", "One follows.";
    MAC_PARAMETER "docsis.macparm" 8, 8, Number, "MAC parameter", "Octets of the extended header, or as the type says.";
    LENGTH "docsis.len" 16, 16, Number, "Length", "Octets of extended header and packet.";
}

fields! {
    /// Extended header.
    EXTENSION, Docsis, "DOCSIS 3.1 MULPI, section 6.2.6";
    EXTENDED_HEADER "docsis.ehdr.value" 0, 0, Bytes, "Extended header", "Privacy and the like.";
}

fields! {
    /// Header check.
    CHECK, Docsis, "DOCSIS 3.1 MULPI, section 6.2.1";
    HCS "docsis.hcs" 0, 16, Hex, "Header check", "Over this header.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "docsis",
    short: "DOCSIS",
    title: "DOCSIS",
    parts: &[
        Part {
            label: "extended",
            start: |b| (extended(b) > 0).then_some(4),
            len: |b| Some(extended(b)),
            fields: EXTENSION,
        },
        Part {
            label: "check",
            start: |b| Some(extended(b).saturating_add(4)),
            len: |_| Some(2),
            fields: CHECK,
        },
    ],
    source: "DOCSIS MULPI",
    ..Header::of(Layer::Docsis, Class::Link, FIELDS)
};

/// Octets of the extended header.
fn extended(header: &[u8]) -> usize {
    match header {
        [control, octets, ..] if control & 1 == 1 => usize::from(*octets),
        _ => 0,
    }
}

/// Whether baseline privacy encrypts the packet: elements 3 and 4, privacy up and down; and how
/// many elements that took.
fn is_private(mut elements: &[u8]) -> (bool, usize) {
    for entries in 0..MOST_ENTRIES {
        let [head, rest @ ..] = elements else { return (false, entries) };
        let len = usize::from(head & 0x0f);
        if matches!(head >> 4, 3 | 4 | 7) && rest.get(1).is_some_and(|bits| bits & 0x80 != 0) {
            return (true, entries);
        }
        elements = rest.get(len..).unwrap_or_default();
    }
    (false, MOST_ENTRIES)
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let length = usize::from(reach.u16(2)?);
    let len = extended(reach.bytes).saturating_add(6);
    reach.needs(len)?;
    let elements = reach.bytes.get(4..len.saturating_sub(2)).unwrap_or_default();
    let (is_private, entries) = is_private(elements);
    let is_packet = matches!(reach.u8(0)? >> 6, 0 | 2) && !is_private;
    let next = if is_packet { Next::Layer(Layer::Ethernet) } else { Next::Payload };
    Ok(Step::until(len, Some(length.saturating_add(6)), next)?.of_entries(entries))
}
