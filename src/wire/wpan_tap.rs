//! Facts of the capture before an IEEE 802.15.4 frame (`LINKTYPE_IEEE802_15_4_TAP`).

use super::field::fields;
use super::header::{Class, Fault, Header, MOST_ENTRIES, Next, Part, Reach, Step, to_end};
use super::layer::Layer;

fields! {
    /// What every such header begins with.
    FIELDS, WpanTap, "LINKTYPE_IEEE802_15_4_TAP";
    VERSION "wpan-tap.version" 0, 8, Number, "Version", "Zero.";
    RESERVED "wpan-tap.reserved" 8, 8, Hex, "Reserved", "Zero.";
    LENGTH "wpan-tap.length" 16, 16, Little, "Length", "Octets of this header.";
}

fields! {
    /// The facts.
    FACTS, WpanTap, "LINKTYPE_IEEE802_15_4_TAP";
    TLVS "wpan-tap.tlv" 0, 0, Bytes, "Facts", "Type and length, least significant octet first, and value of each, to a multiple of four.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "wpan-tap",
    short: "802.15.4",
    title: "IEEE 802.15.4 TAP",
    parts: &[Part {
        label: "facts",
        start: |b| (b.len() > 4).then_some(4),
        len: to_end,
        fields: FACTS,
    }],
    source: "LINKTYPE_IEEE802_15_4_TAP",
    ..Header::of(Layer::WpanTap, Class::Link, FIELDS)
};

/// Octets of checksum behind the frame, and how many facts it took to find that: the fact of type 0
/// says 0 for none, 1 for two octets and 2 for four.
fn checksum(facts: &[u8]) -> (usize, usize) {
    let mut rest = facts;
    for entries in 0..MOST_ENTRIES {
        let &[a, b, c, d, ref more @ ..] = rest else { return (0, entries) };
        if (a, b) == (0, 0) {
            return (more.first().map_or(0, |kind| usize::from(*kind).saturating_mul(2)), entries);
        }
        let len = usize::from(u16::from_le_bytes([c, d])).next_multiple_of(4);
        rest = more.get(len..).unwrap_or_default();
    }
    (0, MOST_ENTRIES)
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let len = usize::from(reach.u16(2)?.swap_bytes());
    if len < 4 {
        return Err(Fault::Malformed { at: 2, needs: 4, has: len });
    }
    reach.needs(len)?;
    let (checksum, entries) = checksum(reach.bytes.get(4..len).unwrap_or_default());
    let total = (checksum > 0).then(|| reach.wire.saturating_sub(checksum).max(len));
    Ok(Step::until(len, total, Next::Layer(Layer::Wpan))?.of_entries(entries))
}
