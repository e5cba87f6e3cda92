//! Packets by IP protocol of the innermost header, behind extension headers, of those that have a
//! flow.

use super::entry::{Entry, most_first};
use super::facts::StackFacts;
use super::row::{Fold, How, NONE, Names, Row, Shape, Unit};
use crate::analyze::count::Tallies;
use crate::wire::number::{BY_PROTOCOL, protocol_name};

/// The statistic.
pub const ROW: Row = Row {
    key: "protocols",
    title: "IP protocols",
    unit: Unit::Packets,
    shape: Shape::Distribution(256, How { fold: Fold::StackKind(kind), read }),
};

fn kind(stack: &StackFacts) -> usize {
    stack.proto.map_or(NONE, usize::from)
}

/// Nothing is to be said of protocols whose header the hierarchy shows.
fn read(protocols: &Tallies, _: &Names<'_>) -> Vec<Entry> {
    most_first(protocols.seen().map(|(number, tally)| {
        let name = u8::try_from(number).ok().and_then(protocol_name);
        let has_header = BY_PROTOCOL.iter().any(|row| usize::from(row.number) == number);
        let entry = Entry::new(number.to_string(), number as u64, tally);
        let entry = match name.filter(|name| !name.is_empty()) {
            Some(name) if is_first_of(name, number) => Entry::new(name, number as u64, tally),
            Some(name) => entry.named(name),
            None => entry.named("unassigned"),
        };
        entry.usual(has_header)
    }))
}

/// Whether no lesser number has that name: the registry gives some two.
fn is_first_of(name: &str, number: usize) -> bool {
    let mut lesser = (0..=u8::MAX).take(number);
    lesser.all(|lesser| protocol_name(lesser) != Some(name))
}
