//! Packets whose outermost IPv4 header has options.

use super::entry::Entry;
use super::facts::StackFacts;
use super::row::{Fold, How, Names, Row, Shape, Unit};
use crate::analyze::count::Tally;

/// The statistic.
pub const ROW: Row = Row {
    key: "options",
    title: "IPv4 options",
    unit: Unit::Packets,
    shape: Shape::Counter(How { fold: Fold::Stacks(fold), read }),
};

fn fold(options: &mut Tally, stacks: &[(StackFacts, Tally)]) {
    for (_, tally) in stacks.iter().filter(|(stack, _)| stack.has_options) {
        options.merge(*tally);
    }
}

fn read(options: &Tally, _: &Names<'_>) -> Vec<Entry> {
    let entry = Entry::new("options", 0, *options).named("IPv4 options");
    if options.packets > 0 { vec![entry] } else { Vec::new() }
}
