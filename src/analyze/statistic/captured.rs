//! Octets that were captured of all packets: fewer than were on the wire where they were cut.

use super::entry::Entry;
use super::facts::Folded;
use super::{Fold, How, Names, Row, Shape, Unit};
use crate::analyze::count::Tally;

/// The statistic.
pub const ROW: Row = Row {
    key: "captured",
    title: "Captured",
    unit: Unit::Octets,
    shape: Shape::Counter(How { fold: Fold::Packets(fold), read }),
};

fn fold(captured: &mut Tally, folded: &Folded<'_>) {
    let octets = folded.packets.iter().map(|packet| u64::from(packet.captured)).sum();
    captured.merge(Tally { packets: folded.total.packets, octets });
}

fn read(captured: &Tally, _: &Names<'_>) -> Vec<Entry> {
    vec![Entry::new("captured_bytes", 0, *captured)]
}
