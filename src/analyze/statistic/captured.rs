//! Octets that were captured of all packets: fewer than were on the wire where they were cut.

use super::entry::Entry;
use super::facts::Folded;
use super::row::{Fold, How, Names, Row, Shape, Unit};
use crate::analyze::count::Tally;

/// The statistic.
pub const ROW: Row = Row {
    key: "captured",
    title: "Captured",
    unit: Unit::Octets,
    shape: Shape::Counter(How { fold: Fold::Group(fold), read }),
};

fn fold(captured: &mut Tally, folded: &Folded<'_>) {
    captured.merge(Tally { packets: folded.total.packets, octets: folded.captured });
}

fn read(captured: &Tally, _: &Names<'_>) -> Vec<Entry> {
    vec![Entry::new("captured_bytes", 0, *captured)]
}
