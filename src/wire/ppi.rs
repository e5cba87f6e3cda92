//! Per-packet information (`LINKTYPE_PPI`): facts of the capture before a frame of any link type.

use super::field::fields;
use super::header::{Class, Fault, Header, MOST_ENTRIES, Next, Part, Reach, Step, to_end};
use super::layer::Layer;

fields! {
    /// What every such header begins with.
    FIELDS, Ppi, "LINKTYPE_PPI";
    VERSION "ppi.version" 0, 8, Number, "Version", "Zero.";
    FLAGS "ppi.flags" 8, 8, Hex, "Flags", "Bit 0: fields are aligned to four octets.";
    LENGTH "ppi.length" 16, 16, Little, "Length", "Octets of this header.";
    DLT "ppi.dlt" 32, 32, Little, "Link type", "What follows.";
}

fields! {
    /// The fields.
    EXTRA, Ppi, "LINKTYPE_PPI";
    EXTRA_FIELDS "ppi.fields" 0, 0, Bytes, "Fields", "Type and length, least significant octet first, and value of each.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "ppi",
    short: "PPI",
    title: "Per-packet information",
    parts: &[Part {
        label: "fields",
        start: |b| (b.len() > 8).then_some(8),
        len: to_end,
        fields: EXTRA,
    }],
    source: "LINKTYPE_PPI",
    ..Header::of(Layer::Ppi, Class::Link, FIELDS)
};

/// Link type of bare 802.11.
const WLAN: u16 = 105;

/// Whether the 802.11-Common field says that the frame's checksum was captured; and how many fields
/// it took to find that.
fn has_checksum(header: &[u8]) -> (bool, usize) {
    let mut rest = header.get(8..).unwrap_or_default();
    for entries in 0..MOST_ENTRIES {
        let &[a, b, c, d, ref more @ ..] = rest else { return (false, entries) };
        if u16::from_le_bytes([a, b]) == 2 {
            // Behind the eight octets of the time.
            return (more.get(8).is_some_and(|flags| flags & 1 != 0), entries);
        }
        rest = more.get(usize::from(u16::from_le_bytes([c, d]))..).unwrap_or_default();
    }
    (false, MOST_ENTRIES)
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let len = usize::from(reach.u16(2)?.swap_bytes());
    let link = reach.u16(4)?.swap_bytes();
    if len < 8 {
        return Err(Fault::Malformed { at: 2, needs: 8, has: len });
    }
    reach.needs(len)?;
    let header = reach.bytes.get(..len).unwrap_or_default();
    let (has_checksum, entries) = if link == WLAN { has_checksum(header) } else { (false, 0) };
    let total = has_checksum.then(|| reach.wire.saturating_sub(4));
    Ok(Step::until(len, total, Next::Link(link))?.of_entries(entries))
}
