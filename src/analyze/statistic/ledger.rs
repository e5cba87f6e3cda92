//! Packets by place in the ledger: their sum is all packets.

use super::entry::Entry;
use super::facts::StackFacts;
use super::row::{Fold, How, Names, Row, Shape, Unit};
use crate::analyze::count::Tallies;
use crate::decode::layers::Place;

/// Keys and names of the places.
const PLACES: [(&str, &str); 3] =
    [("ip_outer", "IP"), ("non_ip", "not IP"), ("undecoded", "undecoded")];

/// The statistic.
pub const ROW: Row = Row {
    key: "ledger",
    title: "Ledger",
    unit: Unit::PacketsOnly,
    shape: Shape::Distribution(PLACES.len(), How { fold: Fold::StackKind(kind), read }),
};

fn kind(stack: &StackFacts) -> usize {
    match stack.place {
        Place::Ip => 0,
        Place::NonIp => 1,
        Place::Undecoded => 2,
    }
}

/// All places, those without packets too.
fn read(ledger: &Tallies, _: &Names<'_>) -> Vec<Entry> {
    let places = PLACES.iter().enumerate();
    let entry = |(at, &(key, name)): (usize, &(&'static str, &'static str))| {
        Entry::new(key, at as u64, ledger.get(at)).named(name)
    };
    places.map(entry).collect()
}
