//! Internet group management protocol: queries, reports and leaves of versions 1 (RFC 1112,
//! appendix I), 2 (RFC 2236, section 2) and 3 (RFC 9776, section 4).

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Part, Reach, Step, to_end};
use super::layer::Layer;
use super::option::{Extent, Layout, Opt, OptionPart, OptionRow, OptionSet};

/// Types of messages.
const QUERY: u8 = 0x11;
const REPORT_V1: u8 = 0x12;
const REPORT_V2: u8 = 0x16;
const LEAVE: u8 = 0x17;
const REPORT_V3: u8 = 0x22;

/// Octets of a query of version 3 before its sources.
const QUERY_OCTETS: usize = 12;

fields! {
    /// What every message begins with.
    FIELDS, Igmp, "RFC 2236, section 2";
    TYPE "igmp.type" 0, 8, Hex, "Type", "Query, report or leave.", names TYPES;
    MAX_RESP "igmp.max_resp" 8, 8, Number, "Max. response time", "Tenths of a second in which to answer a query; above 127 a mantissa and an exponent.";
    CHECKSUM "igmp.checksum" 16, 16, Hex, "Checksum", "Over the message.";
}

fields! {
    /// Which group.
    GROUP, Igmp, "RFC 2236, section 2";
    MADDR "igmp.maddr" 0, 32, Ipv4, "Group", "The group asked for, reported or left; 0.0.0.0 asks for all.";
}

fields! {
    /// What a query of version 3 has behind the group.
    QUERY_V3, Igmp, "RFC 9776, section 4.1";
    RESV "igmp.reserved" 0, 4, Hex, "Reserved", "Zero.";
    S "igmp.s" 4, 1, Flag, "S", "Whether routers leave their timers alone.";
    QRV "igmp.qrv" 5, 3, Number, "QRV", "Querier's robustness variable.";
    QQIC "igmp.qqic" 8, 8, Number, "QQIC", "Seconds between queries; above 127 a mantissa and an exponent.";
    NUM_SRC "igmp.num_src" 16, 16, Number, "Sources", "How many source addresses follow.";
}

fields! {
    /// The sources of a query of version 3.
    SOURCES, Igmp, "RFC 9776, section 4.1";
    SADDR "igmp.saddr" 0, 32, Ipv4, "Source", "Sources that are asked for or told." @repeats;
}

fields! {
    /// What a report of version 3 has.
    REPORT, Igmp, "RFC 9776, section 4.2";
    REPORT_RESV "igmp.reserved" 0, 16, Hex, "Reserved", "Zero.";
    RECORDS "igmp.num_grp_recs" 16, 16, Number, "Group records", "How many group records follow.";
}

fields! {
    /// What each group record begins with.
    RECORD, Igmp, "RFC 9776, section 4.2";
    RECORD_TYPE "igmp.record_type" 0, 8, Number, "Record type", "What is told of the sources.", names RECORD_TYPES;
    AUX_LEN "igmp.aux_data_len" 8, 8, Times(4), "Auxiliary data length", "Octets of auxiliary data behind the sources.";
    RECORD_SOURCES "igmp.num_src" 16, 16, Number, "Sources", "How many source addresses follow.";
    RECORD_GROUP "igmp.maddr" 32, 32, Ipv4, "Group", "The group asked for, reported or left; 0.0.0.0 asks for all.";
}

fields! {
    /// Auxiliary data.
    AUXILIARY, Igmp, "RFC 9776, section 4.2.10";
    AUX_DATA "igmp.aux_data" 0, 0, Bytes, "Auxiliary data", "Nothing is defined.";
}

/// Types (IANA igmp-type-numbers).
const TYPES: &[(u16, &str, &str)] = &[
    (0x11, "membership query", "asks who listens"),
    (0x12, "membership report, version 1", "a host listens"),
    (0x13, "DVMRP", "multicast routing"),
    (0x14, "PIM, version 1", "multicast routing"),
    (0x16, "membership report, version 2", "a host listens"),
    (0x17, "leave group", "a host listens no more"),
    (0x1e, "multicast traceroute response", "answers a traceroute"),
    (0x1f, "multicast traceroute", "traces a tree"),
    (0x22, "membership report, version 3", "what a host listens to"),
    (0x30, "multicast router advertisement", "RFC 4286"),
    (0x31, "multicast router solicitation", "RFC 4286"),
    (0x32, "multicast router termination", "RFC 4286"),
];

/// Types of group records (RFC 9776, section 4.2.13).
const RECORD_TYPES: &[(u16, &str, &str)] = &[
    (1, "mode is include", "listens to these sources"),
    (2, "mode is exclude", "listens to all but these"),
    (3, "change to include", "listens to these from now on"),
    (4, "change to exclude", "listens to all but these from now on"),
    (5, "allow new sources", "listens to these, too"),
    (6, "block old sources", "listens to these no more"),
];

/// Octets of a group record before its sources.
const RECORD_HEAD: usize = 8;

/// Octets of a group record with its sources, and of its auxiliary data.
fn record(record: &[u8]) -> Option<(usize, usize)> {
    let &[_, auxiliary, high, low] = record.first_chunk()?;
    let sources = usize::from(u16::from_be_bytes([high, low])).saturating_mul(4);
    Some((sources.saturating_add(RECORD_HEAD), usize::from(auxiliary).saturating_mul(4)))
}

fn behind_sources(of: &Opt<'_>) -> Option<usize> {
    record(of.bytes).map(|(sources, _)| sources)
}

/// What every group record goes on with.
const RECORD_PARTS: &[OptionPart] = &[
    OptionPart {
        start: |_| Some(RECORD_HEAD),
        len: |of| behind_sources(of)?.checked_sub(RECORD_HEAD),
        fields: SOURCES,
    },
    OptionPart::to_end(behind_sources, AUXILIARY),
];

const fn row(code: u8, label: &'static str) -> OptionRow {
    OptionRow { parts: RECORD_PARTS, ..OptionRow::new(code, label, &[], "RFC 9776") }
}

/// The group records of a report of version 3.
static RECORD_SET: OptionSet = OptionSet {
    key: "records",
    fields: RECORD,
    prefix: "igmp.",
    layout: Layout {
        extent: Extent::Told(|rest, _| {
            record(rest).map(|(sources, more)| sources.saturating_add(more))
        }),
        head: RECORD_HEAD,
        is_behind: true,
        ..Layout::ENTRIES
    },
    start: |message| behind(message, message.first() == Some(&REPORT_V3), 8),
    rows: &[
        row(1, "Mode is include"),
        row(2, "Mode is exclude"),
        row(3, "Change to include"),
        row(4, "Change to exclude"),
        row(5, "Allow new sources"),
        row(6, "Block old sources"),
    ],
    unknown: &row(0, "Group record"),
};

/// The row.
pub const HEADER: Header = Header {
    name: "igmp",
    short: "IGMP",
    title: "Internet group management protocol",
    parts: &[
        Part { label: "group", start: |b| behind(b, has_group(b), 4), len: to_end, fields: GROUP },
        Part {
            label: "query",
            start: |b| behind(b, is_v3(b), 8),
            len: |_| Some(4),
            fields: QUERY_V3,
        },
        Part { label: "sources", start: |b| behind(b, is_v3(b), 12), len: to_end, fields: SOURCES },
        Part {
            label: "report",
            start: |b| behind(b, b.first() == Some(&REPORT_V3), 4),
            len: to_end,
            fields: REPORT,
        },
    ],
    options: Some(&RECORD_SET),
    source: "RFC 2236",
    ..Header::of(Layer::Igmp, Class::Other, FIELDS)
};

fn has_group(message: &[u8]) -> bool {
    matches!(message.first(), Some(&(QUERY | REPORT_V1 | REPORT_V2 | LEAVE)))
}

/// Whether a query is of version 3 (RFC 9776, section 7.1).
fn is_v3(message: &[u8]) -> bool {
    message.first() == Some(&QUERY) && message.len() >= QUERY_OCTETS
}

/// The version that a message is of (RFC 9776, section 7.1); none where its type does not tell.
pub fn version(message: &[u8]) -> Option<u8> {
    Some(match *message.first()? {
        QUERY if is_v3(message) => 3,
        QUERY if message.get(1) == Some(&0) => 1,
        REPORT_V1 => 1,
        QUERY | REPORT_V2 | LEAVE => 2,
        REPORT_V3 => 3,
        _ => return None,
    })
}

fn behind(message: &[u8], is_there: bool, at: usize) -> Option<usize> {
    (is_there && message.len() > at).then_some(at)
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let kind = reach.u8(0)?;
    reach.needs(8)?;
    if kind != QUERY || reach.bytes.len() < QUERY_OCTETS {
        return Step::then(8, Next::Payload);
    }
    let sources = usize::from(reach.u16(10)?).saturating_mul(4);
    Step::then(sources.saturating_add(QUERY_OCTETS).min(reach.bytes.len()), Next::Payload)
}
