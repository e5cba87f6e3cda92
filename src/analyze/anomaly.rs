//! How often each anomaly occurred, and where first.

use super::flow::FlowView;
use crate::decode::odd::{self, Odd, Row};

/// One anomaly of one packet: its number among the rows, and the packet's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sighting {
    /// Number of the packet.
    pub packet: u64,
    /// Number of the row, see [`odd::row`].
    pub row: u8,
}

/// Counts by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anomalies {
    counts: Vec<Count>,
    /// What was told only when later packets did not come, first packet first.
    late: Vec<Sighting>,
}

/// Late sightings that are kept one by one.
const LATE: usize = 4096;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Count {
    count: u64,
    first: u64,
}

/// One row with what was counted.
#[derive(Debug, Clone, Copy)]
pub struct Counted {
    /// The anomaly.
    pub row: &'static Row,
    /// Packets; flows for rows about flows.
    pub count: u64,
    /// Number of the first packet.
    pub first: u64,
}

impl Default for Anomalies {
    fn default() -> Self {
        Self { counts: vec![Count { count: 0, first: u64::MAX }; odd::COUNT], late: Vec::new() }
    }
}

impl Anomalies {
    /// Counts one.
    pub fn add(&mut self, Sighting { packet, row }: Sighting) {
        if let Some(count) = self.counts.get_mut(usize::from(row)) {
            count.count += 1;
            count.first = count.first.min(packet);
        }
    }

    /// Counts one that is told after its packet has gone by.
    pub fn add_late(&mut self, sighting: Sighting) {
        self.add(sighting);
        self.keep(sighting);
    }

    fn keep(&mut self, sighting: Sighting) {
        let at = self.late.binary_search(&sighting).unwrap_or_else(|at| at);
        self.late.insert(at, sighting);
        self.late.truncate(LATE);
    }

    /// Counts those of another part of the capture.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            mine.count += theirs.count;
            mine.first = mine.first.min(theirs.first);
        }
        for &sighting in &other.late {
            self.keep(sighting);
        }
    }

    /// What was told only when later packets did not come, first packet first: the first few.
    pub fn late(&self) -> &[Sighting] {
        &self.late
    }

    /// The rows that occurred, in the order of the table.
    pub fn seen(&self) -> impl Iterator<Item = Counted> + '_ {
        let counts = self.counts.iter().filter(|count| count.count > 0);
        let rows = odd::rows().zip(&self.counts).filter(|(_, count)| count.count > 0);
        rows.zip(counts).map(|((row, _), count)| Counted {
            row,
            count: count.count,
            first: count.first,
        })
    }
}

/// What is wrong with a flow: each kind once, whichever way it goes.
pub fn of_flow(flow: &FlowView) -> impl Iterator<Item = Sighting> {
    let changes = flow.ttl.iter().any(|[least, greatest]| least < greatest);
    let sighting = Sighting { packet: flow.number, row: Odd::Ttl.number() };
    changes.then_some(sighting).into_iter()
}
