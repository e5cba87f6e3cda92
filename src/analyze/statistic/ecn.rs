//! Packets by ECN of the outermost header, whatever its DSCP.

use super::dscp;
use super::entry::Entry;
use super::row::{Fold, How, Names, Row, Shape, Unit};
use crate::analyze::count::{Tallies, Tally};
use crate::wire::number::ECN;

/// The statistic.
pub const ROW: Row = Row {
    key: "ecn",
    title: "ECN",
    unit: Unit::Packets,
    shape: Shape::Distribution(256, How { fold: Fold::As(dscp::ROW.key), read }),
};

fn read(classes: &Tallies, _: &Names<'_>) -> Vec<Entry> {
    let mut sums = [Tally::default(); 4];
    for (class, tally) in classes.seen() {
        sums[class & 3].merge(tally);
    }
    let values = ECN.iter().zip(sums).filter(|(_, tally)| tally.packets > 0);
    values.map(|(row, tally)| Entry::new(row.1, row.0.into(), tally)).collect()
}
