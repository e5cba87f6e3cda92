//! Packets by place in the ledger: their sum is all packets.

use super::entry::Entry;
use super::facts::StackFacts;
use super::{Fold, How, Names, Row, Shape, Unit};
use crate::analyze::count::{Tallies, Tally};
use crate::decode::layers::Place;

/// Keys and names of the places.
const PLACES: [(&str, &str); 3] =
    [("ip_outer", "IP"), ("non_ip", "not IP"), ("undecoded", "undecoded")];

/// The statistic.
pub const ROW: Row = Row {
    key: "ledger",
    title: "Ledger",
    unit: Unit::PacketsOnly,
    shape: Shape::Distribution(PLACES.len(), How { fold: Fold::Stacks(fold), read }),
};

fn fold(ledger: &mut Tallies, stacks: &[(StackFacts, Tally)]) {
    for (stack, tally) in stacks {
        let place = match stack.place {
            Place::Ip => 0,
            Place::NonIp => 1,
            Place::Undecoded => 2,
        };
        ledger.merge_one(place, *tally);
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
