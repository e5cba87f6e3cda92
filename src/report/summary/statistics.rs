//! The statistics of a summary: every row of the table, read once for all front ends.

use serde::Serialize;

use crate::analyze::statistic::{self, Detail, Entry, Names, ROWS, Row};
use crate::analyze::{Analysis, Tally};
use crate::base::timestamp::Timestamp;
use crate::capture::Interface;

/// One statistic: its row of the table, and what that reads.
#[derive(Debug, Clone, Serialize)]
pub struct Statistic {
    /// Its row.
    #[serde(flatten)]
    pub row: &'static Row,
    /// What it says, in the order to be shown.
    pub entries: Vec<Entry>,
}

impl Statistic {
    /// Its entries together.
    pub fn sum(&self) -> Tally {
        self.entries.iter().fold(Tally::default(), |mut sum, entry| {
            sum.merge(entry.tally);
            sum
        })
    }

    /// The tally of the entry with that key.
    pub fn tally(&self, key: &str) -> Tally {
        let entry = self.entries.iter().find(|entry| entry.key == key);
        entry.map(|entry| entry.tally).unwrap_or_default()
    }

    /// The entries that are worth a line where there is little room.
    pub fn unusual(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| !entry.is_usual)
    }
}

/// Every statistic, in the order of the table.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct Statistics(Vec<Statistic>);

/// What a row that is not in the table says.
static NOTHING: Statistic = Statistic { row: &statistic::total::ROW, entries: Vec::new() };

impl Default for Statistics {
    /// Those of no packets.
    fn default() -> Self {
        Self(ROWS.iter().map(|row| Statistic { row, entries: Vec::new() }).collect())
    }
}

impl Statistics {
    /// Those of `analysis`, of packets that came through `interfaces`.
    pub fn of(analysis: &Analysis, interfaces: &[Interface]) -> Self {
        let names = Names { interfaces };
        let read = |row: &'static Row| row.read(&analysis.values, &names);
        Self(ROWS.iter().map(|row| Statistic { row, entries: read(row) }).collect())
    }

    /// All statistics, in the order of the table.
    pub fn iter(&self) -> impl Iterator<Item = &Statistic> {
        self.0.iter()
    }

    /// That of a row.
    pub fn get(&self, row: &Row) -> &Statistic {
        // There is one for every row of the table.
        self.0.iter().find(|statistic| statistic.row.key == row.key).unwrap_or(&NOTHING)
    }

    /// All packets.
    pub fn total(&self) -> Tally {
        self.get(&statistic::total::ROW).sum()
    }

    /// Octets that were captured of them.
    pub fn captured(&self) -> u64 {
        self.get(&statistic::captured::ROW).sum().octets
    }

    /// Earliest and latest time, when any packet had one.
    pub fn times(&self) -> Option<(Timestamp, Timestamp)> {
        let moments = &self.get(&statistic::period::ROW).entries;
        match (moments.first()?.detail, moments.last()?.detail) {
            (Some(Detail::Moment(first)), Some(Detail::Moment(last))) => Some((first, last)),
            _ => None,
        }
    }
}
