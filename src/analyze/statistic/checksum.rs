//! Headers by checksum: of which kind they are, and how it stands; those of tunnels too.

use super::entry::Entry;
use super::facts::Folded;
use super::{Fold, How, Names, Row, Shape, Unit};
use crate::analyze::count::{Tallies, Tally};
use crate::decode::checksum::{ROWS, STATUSES, Status};

/// The statistic.
pub const ROW: Row = Row {
    key: "checksums",
    title: "Checksums",
    unit: Unit::Headers,
    shape: Shape::Distribution(ROWS.len() * STATUSES, How { fold: Fold::Group(fold), read }),
};

fn fold(checksums: &mut Tallies, folded: &Folded<'_>) {
    for (kind, headers) in folded.checksums.as_flattened().iter().enumerate() {
        checksums.merge_one(kind, Tally { packets: *headers, octets: 0 });
    }
}

fn read(checksums: &Tallies, _: &Names<'_>) -> Vec<Entry> {
    let kinds = ROWS.iter().flat_map(|row| Status::ALL.map(|status| (row, status)));
    let all = kinds.enumerate().map(|(at, (row, status))| {
        let key = format!("{}.{}", row.key, status.word());
        Entry::new(key, at as u64, checksums.get(at)).usual(status == Status::Good)
    });
    all.filter(|entry| entry.tally.packets > 0).collect()
}
