//! Packets by how many IP headers of their own they have: more than one in a tunnel.

use super::entry::Entry;
use super::facts::StackFacts;
use super::row::{Fold, How, NONE, Names, Row, Shape, Unit};
use crate::analyze::count::Tallies;

/// The statistic.
pub const ROW: Row = Row {
    key: "by_depth",
    title: "IP headers a packet",
    unit: Unit::Packets,
    shape: Shape::Distribution(16, How { fold: Fold::StackKind(kind), read }),
};

fn kind(stack: &StackFacts) -> usize {
    if stack.depth > 0 { stack.depth.into() } else { NONE }
}

fn read(depth: &Tallies, _: &Names<'_>) -> Vec<Entry> {
    let seen = depth.seen();
    seen.map(|(depth, tally)| Entry::new(depth.to_string(), depth as u64, tally).usual(depth == 1))
        .collect()
}
