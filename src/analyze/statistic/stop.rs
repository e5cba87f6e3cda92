//! Packets whose decoding ended early, by why.

use super::entry::Entry;
use super::facts::StackFacts;
use super::row::{Fold, How, NONE, Names, Row, Shape, Unit};
use crate::analyze::count::Tallies;
use crate::decode::layers::Reason;

/// The reasons, and what they are called.
const REASONS: [(Reason, &str); 4] = [
    (Reason::Truncated, "truncated"),
    (Reason::Malformed, "malformed"),
    (Reason::Unknown, "unknown link type"),
    (Reason::TooDeep, "too deep"),
];

/// The statistic.
pub const ROW: Row = Row {
    key: "stops",
    title: "Decoding ended early",
    unit: Unit::Packets,
    shape: Shape::Distribution(REASONS.len(), How { fold: Fold::StackKind(kind), read }),
};

fn kind(stack: &StackFacts) -> usize {
    stack.stop.map_or(NONE, |reason| reason as usize)
}

fn read(stops: &Tallies, _: &Names<'_>) -> Vec<Entry> {
    let reasons = REASONS.iter().map(|&(reason, name)| {
        let at = reason as usize;
        Entry::new(reason.word(), at as u64, stops.get(at)).named(name)
    });
    reasons.filter(|entry| entry.tally.packets > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_stand_in_their_order() {
        assert!(REASONS.iter().enumerate().all(|(at, (reason, _))| *reason as usize == at));
    }
}
