//! The earliest and the latest time of any packet.

use super::entry::{Detail, Entry};
use super::facts::Folded;
use super::row::{Fold, How, Names, Row, Shape, Unit};
use crate::analyze::count::Tally;
use crate::base::timestamp::Period;

/// The statistic.
pub const ROW: Row = Row {
    key: "period",
    title: "Time",
    unit: Unit::Time,
    shape: Shape::Period(How { fold: Fold::Group(fold), read }),
};

fn fold(period: &mut Period, folded: &Folded<'_>) {
    period.merge(folded.period);
}

fn read(period: &Period, _: &Names<'_>) -> Vec<Entry> {
    let Some((first, last)) = period.bounds() else { return Vec::new() };
    let moments = [("first", first), ("last", last)];
    let entry = |(key, time)| Entry::new(key, 0, Tally::default()).with(Some(Detail::Moment(time)));
    moments.map(entry).into()
}
