//! `TaZmen` sniffer protocol: frames that a remote capture sends on.

use super::field::fields;
use super::header::{Class, Fault, Header, MOST_ENTRIES, Next, Reach, Step};
use super::layer::Layer;
use super::option::{Layout, OptionRow, OptionSet};

fields! {
    /// Before the tags.
    FIELDS, Tzsp, "TZSP, as published by its makers";
    VERSION "tzsp.version" 0, 8, Number, "Version", "1.";
    TYPE "tzsp.type" 8, 8, Number, "Type", "What the packet is.", names TYPES;
    ENCAPSULATION "tzsp.encap" 16, 16, Number, "Encapsulation", "What kind of frame is carried.", names ENCAPSULATIONS;
}

fields! {
    /// What each tag begins with.
    TAG, Tzsp, "TZSP, as published by its makers";
    TAG_TYPE "tzsp.tag.type" 0, 8, Number, "Tag", "Which tag.", names TAGS;
    TAG_LENGTH "tzsp.tag.length" 8, 8, Number, "Tag length", "Octets of data behind this one.";
}

fields! {
    /// What a tag holds.
    TAG_DATA, Tzsp, "TZSP, as published by its makers";
    DATA "tzsp.tag.data" 0, 0, Bytes, "Data", "What the tag says.";
}

const TYPES: &[(u16, &str, &str)] = &[
    (0, "received", "a frame that was received"),
    (1, "to send", "a frame that is to be sent"),
    (3, "configuration", "settings of the sensor"),
    (4, "keep-alive", "nothing"),
    (5, "port opener", "opens a way through translators"),
];

const ENCAPSULATIONS: &[(u16, &str, &str)] = &[
    (1, "Ethernet", "IEEE 802.3"),
    (2, "Token ring", "IEEE 802.5"),
    (4, "PPP", "point-to-point protocol"),
    (7, "raw", "without a link header"),
    (18, "802.11", "wireless LAN"),
    (119, "Prism", "wireless LAN with Prism header"),
    (127, "AVS", "wireless LAN with AVS header"),
];

const TAGS: &[(u16, &str, &str)] = &[
    (0, "padding", "one octet"),
    (1, "end", "one octet; the frame follows"),
    (10, "signal", "strength of the signal"),
    (11, "noise", "strength of the noise"),
    (12, "rate", "data rate"),
    (13, "timestamp", "when the sensor saw it"),
    (17, "checksum error", "the frame was damaged"),
    (18, "channel", "radio channel"),
    (40, "packet count", "number of the packet"),
    (41, "frame length", "octets before the sensor cut it"),
];

const fn row(code: u8, label: &'static str) -> OptionRow {
    OptionRow::new(code, label, TAG_DATA, "TZSP, as published by its makers")
}

static TAG_SET: OptionSet = OptionSet {
    key: "tags",
    fields: TAG,
    prefix: "tzsp.tag.",
    layout: Layout { end: Some(1), ..Layout::COUNTS_DATA },
    start: |header| (header.len() > 4).then_some(4),
    rows: &[row(10, "Signal"), row(11, "Noise"), row(12, "Rate"), row(18, "Channel")],
    unknown: &row(0, "Unknown tag"),
};

/// The row.
pub const HEADER: Header = Header {
    name: "tzsp",
    short: "tzsp",
    title: "TaZmen sniffer protocol",
    options: Some(&TAG_SET),
    source: "TZSP",
    ..Header::of(Layer::Tzsp, Class::Tunnel, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(4)?;
    if reach.u8(0)? != 1 {
        return Step::then(0, Next::Payload);
    }
    let mut at = 4usize;
    for entries in 1..=MOST_ENTRIES {
        match reach.u8(at)? {
            0 => at = at.saturating_add(1),
            1 => {
                let next = match (reach.u8(1)?, reach.u16(2)?) {
                    (0 | 1, 1) => Next::Layer(Layer::Ethernet),
                    (0 | 1, 18) => Next::Link(105),
                    (0 | 1, 119) => Next::Link(119),
                    (0 | 1, 127) => Next::Link(163),
                    _ => Next::Payload,
                };
                return Ok(Step::then(at.saturating_add(1), next)?.of_entries(entries));
            }
            _ => {
                let octets = usize::from(reach.u8(at.saturating_add(1))?);
                at = at.saturating_add(octets).saturating_add(2);
            }
        }
    }
    Err(Fault::Malformed { at, needs: 1, has: 0 })
}
