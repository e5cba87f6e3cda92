//! Packets by DSCP of the outermost header, and within each by ECN: what a network promised, and
//! where it was congested.

use std::collections::BTreeMap;

use super::entry::{Detail, Entry, most_first};
use super::facts::{Outermost, PacketFacts};
use super::row::{Fold, How, NONE, Names, Row, Shape, Unit};
use crate::analyze::count::{Tallies, Tally};
use crate::wire::number::DSCP;

/// The statistic.
pub const ROW: Row = Row {
    key: "dscp",
    title: "DSCP and ECN",
    unit: Unit::Packets,
    // Of the whole octet; the upper six bits are the DSCP (RFC 3260), the lower two ECN (RFC 3168).
    shape: Shape::Distribution(256, How { fold: Fold::Kind(kind), read }),
};

#[inline]
fn kind(packet: &PacketFacts) -> usize {
    if packet.outer == Outermost::None { NONE } else { packet.class.into() }
}

fn read(classes: &Tallies, _: &Names<'_>) -> Vec<Entry> {
    let mut sums = BTreeMap::<usize, (Tally, [u64; 4])>::new();
    for (class, tally) in classes.seen() {
        let (sum, ecn) = sums.entry(class >> 2).or_default();
        sum.merge(tally);
        ecn[class & 3] += tally.packets;
    }
    most_first(sums.into_iter().map(|(value, (tally, ecn))| {
        let row = DSCP.iter().find(|row| usize::from(row.0) == value);
        let entry = match row {
            Some(row) => Entry::new(row.1, value as u64, tally),
            None => Entry::new(value.to_string(), value as u64, tally).named(""),
        };
        entry.with(Some(Detail::Ecn(ecn)))
    }))
}
