//! Numbers in headers and what they are called: how often each was seen.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::analyze::count::LENGTH_ENDS;
use crate::analyze::{Analysis, Tally};
use crate::base::text::Safe;
use crate::capture::Interface;
use crate::wire::number::{BY_PROTOCOL, DSCP, protocol_name};

/// A value with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// The number.
    pub value: u64,
    /// What it is called, safe to show.
    pub name: String,
    /// Packets with it.
    pub tally: Tally,
}

/// Marks by packets, most first, then by value.
pub(super) fn sorted(marks: impl Iterator<Item = Mark>) -> Vec<Mark> {
    let mut marks: Vec<_> = marks.collect();
    marks.sort_by_key(|mark| (Reverse(mark.tally), mark.value));
    marks
}

/// A TTL or hop limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Hops {
    /// As it stands in the header.
    pub value: u8,
    /// Packets with it.
    pub tally: Tally,
    /// Inferred: the usual initial value at or above it.
    pub initial: u8,
    /// Inferred: routers passed, if it began with that.
    pub hops: u8,
}

/// Values that systems begin with.
const INITIAL: [u8; 4] = [32, 64, 128, 255];

/// TTLs of outermost IPv4 headers, then hop limits of outermost IPv6 headers.
pub(super) fn hops(analysis: &Analysis) -> [Vec<Hops>; 2] {
    [&analysis.ttl, &analysis.hop_limit].map(|tallies| {
        let mut all: Vec<_> = tallies
            .seen()
            .filter_map(|(value, tally)| {
                let value = u8::try_from(value).ok()?;
                let initial = INITIAL.into_iter().find(|&initial| initial >= value)?;
                Some(Hops { value, tally, initial, hops: initial.saturating_sub(value) })
            })
            .collect();
        all.sort_by_key(|hops| (Reverse(hops.tally), hops.value));
        all
    })
}

/// A code point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dscp {
    /// The number.
    pub value: u8,
    /// Its name; empty for an unassigned one.
    pub name: &'static str,
    /// Packets with it.
    pub tally: Tally,
    /// The packets by ECN.
    pub ecn: [u64; 4],
}

/// Code points of outermost headers.
pub(super) fn dscp(analysis: &Analysis) -> Vec<Dscp> {
    let mut sums = BTreeMap::<u8, (Tally, [u64; 4])>::new();
    for (class, tally) in analysis.class.seen() {
        let class = u8::try_from(class).unwrap_or(u8::MAX);
        let (sum, ecn) = sums.entry(class >> 2).or_default();
        sum.merge(tally);
        if let Some(packets) = ecn.get_mut(usize::from(class & 3)) {
            *packets += tally.packets;
        }
    }
    let mut all: Vec<_> = sums
        .into_iter()
        .map(|(value, (tally, ecn))| {
            let row = DSCP.iter().find(|row| row.0 == u16::from(value));
            Dscp { value, name: row.map_or("", |row| row.1), tally, ecn }
        })
        .collect();
    all.sort_by_key(|row| (Reverse(row.tally), row.value));
    all
}

/// Lengths from `first` to `last`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LengthRange {
    /// The shortest, in octets on the wire.
    pub first: u32,
    /// The longest; [`u32::MAX`] stands for no end.
    pub last: u32,
    /// Packets of such lengths.
    pub tally: Tally,
}

/// Lengths on the wire, shortest first: every range from the first with packets to the last.
pub(super) fn lengths(analysis: &Analysis) -> Vec<LengthRange> {
    let mut first = 0;
    let mut all = Vec::new();
    for (range, &last) in LENGTH_ENDS.iter().enumerate() {
        all.push(LengthRange { first, last, tally: analysis.length.get(range) });
        first = last.saturating_add(1);
    }
    let is_seen = |range: &LengthRange| range.tally.packets > 0;
    let end = all.iter().rposition(is_seen).map_or(0, |at| at + 1);
    all.truncate(end);
    let start = all.iter().position(is_seen).unwrap_or(0);
    all.split_off(start)
}

/// IP protocols of innermost headers that ipeek has no header for.
pub(super) fn other_protocols(analysis: &Analysis) -> Vec<Mark> {
    sorted(analysis.proto.seen().filter_map(|(number, tally)| {
        let proto = u8::try_from(number).ok()?;
        if BY_PROTOCOL.iter().any(|row| row.number == u16::from(proto)) {
            return None;
        }
        let name = protocol_name(proto).filter(|name| !name.is_empty()).unwrap_or("unassigned");
        Some(Mark { value: number as u64, name: name.to_owned(), tally })
    }))
}

/// Interfaces with packets; names come from the capture.
pub(super) fn interfaces(analysis: &Analysis, interfaces: &[Interface]) -> Vec<Mark> {
    sorted(analysis.interface.seen().map(|(index, tally)| {
        let name = interfaces.get(index).and_then(|interface| interface.name.as_deref());
        Mark {
            value: index as u64,
            name: name.map_or_else(|| format!("#{index}"), |name| Safe(name).to_string()),
            tally,
        }
    }))
}
