//! Extensible record format of Endace's capture cards (`LINKTYPE_ERF`): a record's header, its
//! extension headers and what some types have before the frame.

use super::field::fields;
use super::header::{Class, Fault, Header, MOST_ENTRIES, Next, Part, Reach, Step};
use super::layer::Layer;

fields! {
    /// What every record begins with.
    FIELDS, Erf, "LINKTYPE_ERF";
    TS "erf.ts" 0, 64, Little, "Time", "Seconds since 1970 in the upper half, 2⁻³² seconds in the lower.";
    EXT_HEADER "erf.types.ext_header" 64, 1, Flag, "Extension header", "Extension headers follow.";
    TYPE "erf.types.type" 65, 7, Number, "Type", "What the record holds.", names TYPES;
    FLAGS_RESERVED "erf.flags.res" 72, 2, Hex, "Reserved", "Zero, or the upper part of the interface.";
    DSE "erf.flags.dse" 74, 1, Flag, "Data stream error", "The card lost octets.";
    RXE "erf.flags.rxe" 75, 1, Flag, "Receive error", "The line had an error.";
    TRUNC "erf.flags.trunc" 76, 1, Flag, "Truncated", "The record lacks octets.";
    VLEN "erf.flags.vlen" 77, 1, Flag, "Varying length", "Records are of varying length.";
    CAP "erf.flags.cap" 78, 2, Number, "Interface", "Which interface of the card.";
    RLEN "erf.rlen" 80, 16, Number, "Record length", "Octets of the record, this header included.";
    LCTR "erf.lctr" 96, 16, Number, "Loss counter", "Frames lost since the record before; of some types a colour.";
    WLEN "erf.wlen" 112, 16, Number, "Wire length", "Octets of the frame on the wire, its checksum included.";
}

fields! {
    /// Extension headers.
    EXTENSIONS, Erf, "LINKTYPE_ERF";
    EXTENSION "erf.ehdr" 0, 64, Hex, "Extension header", "Its type in the first octet, whose top bit says that another follows." @repeats;
}

fields! {
    /// What stands before an Ethernet frame.
    ETHERNET, Erf, "LINKTYPE_ERF";
    ETH_OFF "erf.eth.off" 0, 8, Number, "Offset", "Octets of the frame that were left out at its begin.";
    ETH_PAD "erf.eth.pad" 8, 8, Hex, "Padding", "Zero.";
}

fields! {
    /// What stands before a frame of one of many channels.
    CHANNEL, Erf, "LINKTYPE_ERF";
    MC "erf.mc" 0, 32, Hex, "Channel", "Number of the channel, and errors.";
}

/// Types of record.
const TYPES: &[(u16, &str, &str)] = &[
    (1, "HDLC", "packet over SONET: Cisco HDLC or PPP"),
    (2, "Ethernet", "a frame"),
    (3, "ATM", "a cell"),
    (4, "AAL5", "frames of ATM, put together"),
    (5, "MC HDLC", "HDLC of one of many channels"),
    (10, "HDLC, colour", "HDLC, classified"),
    (11, "Ethernet, colour", "a frame, classified"),
    (15, "HDLC, steered", "HDLC, classified and spread over streams"),
    (16, "Ethernet, steered", "a frame, classified and spread over streams"),
    (19, "HDLC, hashed", "HDLC, classified by hash"),
    (20, "Ethernet, hashed", "a frame, classified by hash"),
    (21, "InfiniBand", "a frame"),
    (22, "IPv4", "a packet"),
    (23, "IPv6", "a packet"),
    (27, "metadata", "about the card and the capture"),
];

/// The row.
pub const HEADER: Header = Header {
    name: "erf",
    short: "ERF",
    title: "Extensible record format",
    parts: &[
        Part {
            label: "extensions",
            start: |b| (behind(b) > FIXED).then_some(FIXED),
            len: |b| behind(b).checked_sub(FIXED),
            fields: EXTENSIONS,
        },
        Part {
            label: "Ethernet",
            start: |b| is_ethernet(kind(b)).then(|| behind(b)),
            len: |_| Some(2),
            fields: ETHERNET,
        },
        Part {
            label: "channel",
            start: |b| (kind(b) == MC_HDLC).then(|| behind(b)),
            len: |_| Some(4),
            fields: CHANNEL,
        },
    ],
    source: "LINKTYPE_ERF",
    ..Header::of(Layer::Erf, Class::Link, FIELDS)
};

/// Octets of the part that every record has.
const FIXED: usize = 16;

const MC_HDLC: u8 = 5;

fn kind(header: &[u8]) -> u8 {
    header.get(8).map_or(0, |octet| octet & 0x7f)
}

fn is_ethernet(kind: u8) -> bool {
    matches!(kind, 2 | 11 | 16 | 20)
}

/// First octet behind the extension headers.
fn behind(header: &[u8]) -> usize {
    let mut at = FIXED;
    let mut has_more = header.get(8).is_some_and(|octet| octet & 0x80 != 0);
    for _ in 0..MOST_ENTRIES {
        if !has_more {
            break;
        }
        has_more = header.get(at).is_some_and(|octet| octet & 0x80 != 0);
        at = at.saturating_add(8);
    }
    at
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(FIXED)?;
    let at = behind(reach.bytes);
    let entries = at.saturating_sub(FIXED) / 8;
    let kind = kind(reach.bytes);
    let (beside, next) = match kind {
        _ if is_ethernet(kind) => (2, Next::Layer(Layer::Ethernet)),
        1 | 10 | 15 | 19 => (0, Next::Layer(Layer::Hdlc)),
        MC_HDLC => (4, Next::Layer(Layer::Hdlc)),
        22 => (0, Next::Layer(Layer::Ipv4)),
        23 => (0, Next::Layer(Layer::Ipv6)),
        _ => (0, Next::Payload),
    };
    let len = at.saturating_add(beside);
    reach.needs(len)?;
    let (record, wire) = (usize::from(reach.u16(10)?), usize::from(reach.u16(14)?));
    if record < len {
        return Err(Fault::Malformed { at: 10, needs: len, has: record });
    }
    // Records are filled up to a multiple of eight octets.
    let total = record.min(len.saturating_add(wire));
    Ok(Step::until(len, Some(total), next)?.of_entries(entries))
}
