//! IPv4 headers by checksum, those of tunnels too.

use super::entry::Entry;
use super::facts::Folded;
use super::{Fold, How, Names, Row, Shape, Unit};
use crate::analyze::count::{Tallies, Tally};

/// What a checksum may be.
const STATUSES: [&str; 3] = ["good", "bad", "unverified"];

/// The statistic.
pub const ROW: Row = Row {
    key: "checksums",
    title: "IPv4 header checksums",
    unit: Unit::Headers,
    shape: Shape::Distribution(STATUSES.len(), How { fold: Fold::Group(fold), read }),
};

fn fold(checksums: &mut Tallies, folded: &Folded<'_>) {
    for (status, headers) in folded.checksums.into_iter().enumerate() {
        checksums.merge_one(status, Tally { packets: headers, octets: 0 });
    }
}

/// All of them as soon as there is one.
fn read(checksums: &Tallies, _: &Names<'_>) -> Vec<Entry> {
    if checksums.total().packets == 0 {
        return Vec::new();
    }
    let statuses = STATUSES
        .into_iter()
        .enumerate()
        .map(|(at, status)| Entry::new(status, at as u64, checksums.get(at)).usual(at == 0));
    statuses.collect()
}
