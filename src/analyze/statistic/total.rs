//! All packets.

use super::entry::Entry;
use super::facts::Folded;
use super::row::{Fold, How, Names, Row, Shape, Unit};
use crate::analyze::count::Tally;

/// The statistic.
pub const ROW: Row = Row {
    key: "total",
    title: "Packets",
    unit: Unit::Packets,
    shape: Shape::Counter(How { fold: Fold::Group(fold), read }),
};

fn fold(total: &mut Tally, folded: &Folded<'_>) {
    total.merge(folded.total);
}

fn read(total: &Tally, _: &Names<'_>) -> Vec<Entry> {
    vec![Entry::new("packets", 0, *total)]
}
