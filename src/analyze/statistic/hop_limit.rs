//! Packets by hop limit of the outermost header, where that is IPv6.

use super::entry::Entry;
use super::row::{Fold, How, Names, Row, Shape, Unit};
use super::ttl::{self, VALUES};
use crate::analyze::count::Tallies;

/// The statistic.
pub const ROW: Row = Row {
    key: "hop_limit",
    title: "IPv6 hop limit",
    unit: Unit::Packets,
    shape: Shape::Distribution(2 * VALUES, How { fold: Fold::As(ttl::ROW.key), read }),
};

fn read(values: &Tallies, _: &Names<'_>) -> Vec<Entry> {
    ttl::from(values, VALUES)
}
