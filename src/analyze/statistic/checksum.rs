//! Headers by checksum: of which kind they are, and how it stands; those of tunnels too.

use super::entry::Entry;
use super::facts::Folded;
use super::row::{Fold, How, Names, Row, Shape, Unit};
use crate::analyze::count::{Tallies, Tally};
use crate::decode::checksum::{ROWS, Row as SumRow, STATUSES, Status};

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
        let name = format!("{} {}", status.word(), row.title);
        let entry = Entry::new(key, at as u64, checksums.get(at)).named(name);
        entry.usual(status == Status::Good)
    });
    all.filter(|entry| entry.tally.packets > 0).collect()
}

/// Headers of each row that there are any of, by how their checksums stand.
pub fn by_row(entries: &[Entry]) -> Vec<(&'static SumRow, [u64; STATUSES])> {
    let mut all: Vec<_> = ROWS.iter().map(|row| (row, [0; STATUSES])).collect();
    for entry in entries {
        let at = usize::try_from(entry.value).unwrap_or(usize::MAX);
        let counts = all.get_mut(at / STATUSES).map(|(_, counts)| counts);
        if let Some(count) = counts.and_then(|counts| counts.get_mut(at % STATUSES)) {
            *count = entry.tally.packets;
        }
    }
    all.retain(|(_, counts)| counts.iter().any(|count| *count > 0));
    all
}
