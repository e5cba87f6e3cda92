//! Packets by how many IP headers of their own they have: more than one in a tunnel.

use super::entry::Entry;
use super::facts::StackFacts;
use super::{Fold, How, Names, Row, Shape, Unit};
use crate::analyze::count::{Tallies, Tally};

/// The statistic.
pub const ROW: Row = Row {
    key: "by_depth",
    title: "IP headers a packet",
    unit: Unit::Packets,
    shape: Shape::Distribution(16, How { fold: Fold::Stacks(fold), read }),
};

fn fold(depth: &mut Tallies, stacks: &[(StackFacts, Tally)]) {
    for (stack, tally) in stacks {
        if stack.depth > 0 {
            depth.merge_one(stack.depth.into(), *tally);
        }
    }
}

fn read(depth: &Tallies, _: &Names<'_>) -> Vec<Entry> {
    let seen = depth.seen();
    seen.map(|(depth, tally)| Entry::new(depth.to_string(), depth as u64, tally).usual(depth == 1))
        .collect()
}
