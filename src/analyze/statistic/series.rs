//! Packets over time, in steps of equal width.

use super::entry::{Detail, Entry};
use super::facts::Folded;
use super::row::{Fold, How, Names, Row, Shape, Unit};
use crate::analyze::series::Series;

/// The statistic.
pub const ROW: Row = Row {
    key: "series",
    title: "Packets over time",
    unit: Unit::Packets,
    shape: Shape::Series(How { fold: Fold::Group(fold), read }),
};

fn fold(series: &mut Series, folded: &Folded<'_>) {
    // Nearly all groups lie within one step of time.
    if folded.are_timed && series.add_all(folded.period, folded.total) {
        return;
    }
    for packet in folded.packets() {
        if let Some(time) = packet.time {
            series.add(time, packet.octets.into());
        }
    }
}

/// The steps from the first with packets to the last.
fn read(series: &Series, _: &Names<'_>) -> Vec<Entry> {
    let width = series.width();
    let steps = series.steps().enumerate().map(|(at, (begin, tally))| {
        let step = Detail::Step { begin, width };
        Entry::new(at.to_string(), at as u64, tally).with(Some(step))
    });
    steps.collect()
}
