//! Packets by type of the options of the outermost IPv4 header: each type once a packet.

use super::entry::{Entry, most_first};
use super::facts::Folded;
use super::row::{Fold, How, Names, Row, Shape, Unit};
use crate::analyze::count::Tallies;
use crate::wire::ipv4_option;

/// The statistic.
pub const ROW: Row = Row {
    key: "option_types",
    title: "Types of IPv4 options",
    unit: Unit::Packets,
    shape: Shape::Distribution(256, How { fold: Fold::Group(fold), read }),
};

fn fold(types: &mut Tallies, folded: &Folded<'_>) {
    for &(kind, octets) in folded.options {
        types.add(kind.into(), octets.into());
    }
}

fn read(types: &Tallies, _: &Names<'_>) -> Vec<Entry> {
    most_first(types.seen().map(|(kind, tally)| {
        let entry = Entry::new(kind.to_string(), kind as u64, tally);
        match ipv4_option::TYPE.named(kind as u64) {
            Some((name, _)) => entry.named(name),
            None => entry.named(format!("type {kind}")),
        }
    }))
}
