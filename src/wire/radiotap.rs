//! Radiotap: what the radio knew of an 802.11 frame (`LINKTYPE_IEEE802_11_RADIOTAP`).

use super::field::fields;
use super::header::{Class, Fault, Header, MOST_ENTRIES, Next, Part, Reach, Step};
use super::layer::Layer;

fields! {
    /// What every such header begins with.
    FIELDS, Radiotap, "radiotap.org";
    VERSION "radiotap.version" 0, 8, Number, "Version", "Zero.";
    PAD "radiotap.pad" 8, 8, Number, "Padding", "Zero.";
    LENGTH "radiotap.length" 16, 16, Little, "Length", "Octets of this header.";
    PRESENT "radiotap.present.word" 32, 32, Little, "Present", "A bit a field that follows; bit 31: another such word.";
}

fields! {
    /// Time.
    TIME, Radiotap, "radiotap.org, TSFT";
    TSFT "radiotap.mactime" 0, 64, Little, "MAC time", "Microseconds of the receiver's clock.";
}

fields! {
    /// Flags.
    FLAGGED, Radiotap, "radiotap.org, Flags";
    SHORT_GI "radiotap.flags.shortgi" 0, 1, Flag, "Short guard interval", "Sent with short guard intervals.";
    BAD_FCS "radiotap.flags.badfcs" 1, 1, Flag, "Bad checksum", "The frame's checksum is wrong.";
    DATA_PAD "radiotap.flags.datapad" 2, 1, Flag, "Padded", "The frame's header is padded to four octets.";
    FCS "radiotap.flags.fcs" 3, 1, Flag, "Checksum", "The frame's checksum was captured.";
    FRAGMENTED "radiotap.flags.frag" 4, 1, Flag, "Fragmented", "Sent in fragments.";
    WEP "radiotap.flags.wep" 5, 1, Flag, "WEP", "Encrypted with WEP.";
    PREAMBLE "radiotap.flags.preamble" 6, 1, Flag, "Short preamble", "Sent with a short preamble.";
    CFP "radiotap.flags.cfp" 7, 1, Flag, "Contention-free", "Sent in the contention-free period.";
}

fields! {
    /// Rate.
    RATED, Radiotap, "radiotap.org, Rate";
    RATE "radiotap.rate_kbps" 0, 8, Times(500), "Rate", "Kilobits a second.";
}

fields! {
    /// Channel.
    TUNED, Radiotap, "radiotap.org, Channel";
    FREQUENCY "radiotap.channel.freq" 0, 16, Little, "Frequency", "Megahertz.";
    CHANNEL_FLAGS "radiotap.channel.flags" 16, 16, Little, "Channel flags", "Band and modulation.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "radiotap",
    short: "radiotap",
    title: "Radiotap",
    parts: &[
        Part { label: "time", start: |b| place(b, 0), len: |_| Some(8), fields: TIME },
        Part { label: "flags", start: |b| place(b, 1), len: |_| Some(1), fields: FLAGGED },
        Part { label: "rate", start: |b| place(b, 2), len: |_| Some(1), fields: RATED },
        Part { label: "channel", start: |b| place(b, 3), len: |_| Some(4), fields: TUNED },
    ],
    source: "radiotap.org",
    ..Header::of(Layer::Radiotap, Class::Link, FIELDS)
};

/// Octets and alignment of the first fields, in the order of their bits.
const FIRST: [(usize, usize); 4] = [(8, 8), (1, 1), (1, 1), (4, 2)];

/// How many words of presence bits there are; none if that is unknown.
fn words(header: &[u8]) -> Option<usize> {
    // Each announces the next by its highest bit.
    let mut highest = header.get(7..)?.iter().step_by(4).take(MOST_ENTRIES);
    Some(highest.position(|octet| octet & 0x80 == 0)?.saturating_add(1))
}

/// Where field `wanted` of [`FIRST`] lies, when the header has it.
fn place(header: &[u8], wanted: usize) -> Option<usize> {
    let present = header.get(4)?;
    let mut at = words(header)?.saturating_mul(4).saturating_add(4);
    let length = usize::from(u16::from_le_bytes([*header.get(2)?, *header.get(3)?]));
    for (bit, (octets, align)) in FIRST.into_iter().enumerate() {
        if present >> bit & 1 == 1 {
            at = at.next_multiple_of(align);
            let end = at.saturating_add(octets);
            if bit == wanted {
                return (end <= length).then_some(at);
            }
            at = end;
        } else if bit == wanted {
            return None;
        }
    }
    None
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let len = usize::from(reach.u16(2)?.swap_bytes());
    if len < 8 {
        return Err(Fault::Malformed { at: 2, needs: 8, has: len });
    }
    reach.needs(len)?;
    let flags = place(reach.bytes, 1).and_then(|at| reach.bytes.get(at)).copied().unwrap_or(0);
    let total = (flags & 0x10 != 0).then(|| reach.wire.saturating_sub(4).max(len));
    let entries = words(reach.bytes).unwrap_or(MOST_ENTRIES);
    Ok(Step::until(len, total, Next::Layer(Layer::Wlan))?.of_entries(entries))
}
