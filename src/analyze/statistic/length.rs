//! Packets by length on the wire.

use super::entry::{Detail, Entry};
use super::facts::PacketFacts;
use super::row::{Fold, How, Names, Row, Shape, Unit};
use crate::analyze::count::Tallies;

/// Upper ends of the ranges, in octets: those of the field's packet length tables.
pub const ENDS: [u32; 10] = [19, 39, 79, 159, 319, 639, 1279, 2559, 5119, u32::MAX];

/// The statistic.
pub const ROW: Row = Row {
    key: "lengths",
    title: "Length on the wire",
    unit: Unit::Packets,
    shape: Shape::Distribution(ENDS.len(), How { fold: Fold::Kind(kind), read }),
};

#[inline]
fn kind(packet: &PacketFacts) -> usize {
    range(packet.octets)
}

/// Which of [`ENDS`] a length is in.
#[inline]
fn range(octets: u32) -> usize {
    // 20 × 2^k: the position of the leading bit of octets / 20, one more where there is any.
    let twenties = octets / 20;
    let range = (u32::BITS - twenties.leading_zeros()) as usize;
    range.min(ENDS.len() - 1)
}

/// Shortest first: every range from the first with packets to the last.
fn read(lengths: &Tallies, _: &Names<'_>) -> Vec<Entry> {
    let mut first = 0;
    let ranges = ENDS.iter().enumerate().map(|(range, &last)| {
        let from = std::mem::replace(&mut first, last.saturating_add(1));
        let (key, name) = match last {
            u32::MAX => (format!("{from}-"), format!("{from} or more")),
            _ => (format!("{from}-{last}"), format!("{from} to {last}")),
        };
        let entry = Entry::new(key, from.into(), lengths.get(range)).named(name);
        entry.with(Some(Detail::Range { first: from, last }))
    });
    let mut ranges: Vec<_> = ranges.collect();
    let is_seen = |entry: &Entry| entry.tally.packets > 0;
    let end = ranges.iter().rposition(is_seen).map_or(0, |at| at + 1);
    ranges.truncate(end);
    let start = ranges.iter().position(is_seen).unwrap_or(0);
    ranges.split_off(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_is_in_the_range_whose_end_it_does_not_pass() {
        for octets in (0..6000).chain([65_535, u32::MAX]) {
            let range = range(octets);
            assert!(octets <= ENDS[range], "{octets}");
            assert!(range == 0 || octets > ENDS[range - 1], "{octets}");
        }
    }

    #[test]
    fn empty_ranges_between_others_are_kept_and_around_them_left_out() {
        let mut lengths = Tallies::new(ENDS.len());
        lengths.add(range(60), 60);
        lengths.add(range(300), 300);
        let entries = read(&lengths, &Names::default());
        let entries: Vec<_> = entries.iter().map(|e| (&*e.name, e.tally.packets)).collect();
        assert_eq!(entries, [("40 to 79", 1), ("80 to 159", 0), ("160 to 319", 1)]);
    }
}
