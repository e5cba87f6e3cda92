//! Internet group management protocol: type, checksum and group (RFC 2236, section 2; RFC 9776,
//! section 4).

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Part, Reach, Step, to_end};
use super::layer::Layer;

/// Types of messages.
const QUERY: u8 = 0x11;
const REPORT_V1: u8 = 0x12;
const REPORT_V2: u8 = 0x16;
const LEAVE: u8 = 0x17;
const REPORT_V3: u8 = 0x22;

fields! {
    /// What every message begins with.
    FIELDS, Igmp, "RFC 2236, section 2";
    TYPE "igmp.type" 0, 8, Hex, "Type", "Query, report or leave.";
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
    /// What a report of version 3 has.
    REPORT, Igmp, "RFC 9776, section 4.2";
    REPORT_RESV "igmp.reserved" 0, 16, Hex, "Reserved", "Zero.";
    RECORDS "igmp.num_grp_recs" 16, 16, Number, "Group records", "How many group records follow.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "igmp",
    short: "IGMP",
    title: "Internet group management protocol",
    parts: &[
        Part { label: "group", start: |b| behind(b, has_group(b), 4), len: to_end, fields: GROUP },
        Part { label: "query", start: |b| behind(b, is_v3(b), 8), len: to_end, fields: QUERY_V3 },
        Part {
            label: "report",
            start: |b| behind(b, b.first() == Some(&REPORT_V3), 4),
            len: to_end,
            fields: REPORT,
        },
    ],
    source: "RFC 2236",
    ..Header::of(Layer::Igmp, Class::Other, FIELDS)
};

fn has_group(message: &[u8]) -> bool {
    matches!(message.first(), Some(&(QUERY | REPORT_V1 | REPORT_V2 | LEAVE)))
}

/// Whether a query is of version 3 (RFC 9776, section 7.1).
fn is_v3(message: &[u8]) -> bool {
    message.first() == Some(&QUERY) && message.len() >= 12
}

fn behind(message: &[u8], is_there: bool, at: usize) -> Option<usize> {
    (is_there && message.len() > at).then_some(at)
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let kind = reach.u8(0)?;
    reach.needs(8)?;
    let is_v3 = kind == QUERY && reach.bytes.len() >= 12;
    Step::then(if is_v3 { 12 } else { 8 }, Next::Payload)
}
