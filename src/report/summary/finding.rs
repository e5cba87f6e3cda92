//! What is wrong, and where: the lines that an analysis keeps of each, ranked.

use std::cmp::Reverse;
use std::net::IpAddr;

use serde::Serialize;

use super::statistics::Statistics;
use crate::analyze::anomalies::{Anomalies, Counted};
use crate::analyze::sightings::{RowSightings, Sighting};
use crate::analyze::statistic::interface;
use crate::base::timestamp::Timestamp;
use crate::decode::anomaly::Row;
use crate::decode::tuple::Pair;

/// Findings of one anomaly in a summary.
pub const MOST_OF_ONE: usize = 10;

/// Findings in a summary.
pub const MOST: usize = 100;

/// An anomaly that occurred.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct AnomalyLine {
    /// Its row of the table.
    #[serde(skip)]
    pub row: &'static Row,
    /// Its number among the rows.
    #[serde(skip)]
    pub number: u8,
    /// Its name.
    pub id: &'static str,
    /// How bad it is.
    pub severity: &'static str,
    /// How often it occurred.
    pub count: u64,
    /// Between how many pairs of addresses, each on each interface.
    pub spread: u64,
    /// Whether that is an estimate.
    pub is_estimated: bool,
    /// Number of the first packet, or of the first packet of the flow.
    pub first: u64,
}

/// What is wrong with packets and flows, worst first, then in the order of the table.
pub fn anomalies(found: &Anomalies) -> Vec<AnomalyLine> {
    let mut all: Vec<Counted> = found.seen().collect();
    all.sort_by_key(|counted| Reverse(counted.row.severity));
    let line = |Counted { row, number, count, first }| {
        let lines = found.sightings().row(number);
        let (spread, is_estimated) = lines.map_or((0, false), RowSightings::spread);
        let (id, severity) = (row.id, row.severity.word());
        AnomalyLine { row, number, id, severity, count, spread, is_estimated, first }
    };
    all.into_iter().map(line).collect()
}

/// An anomaly between two addresses on one interface.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// Its row of the table.
    #[serde(skip)]
    pub row: &'static Row,
    /// Its name.
    pub id: &'static str,
    /// How bad it is.
    pub severity: &'static str,
    /// Who sent it, and to whom; of a flow, who began it.
    pub ends: Option<(IpAddr, IpAddr)>,
    /// The interface, where several are known and this is one of them.
    pub interface: Option<String>,
    /// How often.
    pub count: u64,
    /// Number of the first packet.
    pub first: u64,
    /// Number of the last packet; of the first of the last flow.
    pub last: u64,
    /// Times of the earliest and the latest.
    pub times: Option<(Timestamp, Timestamp)>,
    /// How often a second, from the earliest to the latest; none where there is no time between.
    pub rate: Option<f64>,
    /// Numbers of the first packets.
    pub examples: Vec<u64>,
}

impl Finding {
    fn of(line: &AnomalyLine, sighting: &Sighting, statistics: &Statistics) -> Self {
        let times = sighting.period.bounds();
        let seconds = times.map_or(0.0, |(first, last)| (last - first).seconds_f64());
        let between = sighting.count.saturating_sub(1);
        Self {
            row: line.row,
            id: line.id,
            severity: line.severity,
            ends: sighting.pair.map(ends),
            interface: sighting.interface.and_then(|interface| name(interface, statistics)),
            count: sighting.count,
            first: sighting.examples().next().unwrap_or(0),
            last: sighting.last,
            times,
            rate: (seconds > 0.0 && between > 0).then(|| between as f64 / seconds),
            examples: sighting.examples().collect(),
        }
    }

    /// From whom to whom and on which interface, in words; empty where none is known.
    pub fn place(&self, arrow: &str) -> String {
        let mut text = String::new();
        if let Some((from, to)) = self.ends {
            text = format!("{from} {arrow} {to}");
        }
        if let Some(interface) = &self.interface {
            text.push_str(if text.is_empty() { "on " } else { " on " });
            text.push_str(interface);
        }
        text
    }
}

/// What an interface is called, where there are several.
fn name(number: u32, statistics: &Statistics) -> Option<String> {
    let interfaces = &statistics.get(&interface::ROW).entries;
    let of = interfaces.iter().find(|of| of.value == u64::from(number))?;
    (interfaces.len() > 1).then(|| of.name.to_string())
}

fn ends(pair: Pair) -> (IpAddr, IpAddr) {
    match pair {
        Pair::V4(from, to) => (IpAddr::from(from.to_be_bytes()), IpAddr::from(to.to_be_bytes())),
        Pair::V6(from, to) => (IpAddr::from(from.to_be_bytes()), IpAddr::from(to.to_be_bytes())),
    }
}

/// The findings: the worst first, of as bad ones those between most addresses, then those of the
/// most packets, then the first.  At most [`MOST_OF_ONE`] of each anomaly.
pub fn findings(
    anomalies: &Anomalies,
    lines: &[AnomalyLine],
    statistics: &Statistics,
) -> Vec<Finding> {
    let mut order: Vec<&AnomalyLine> = lines.iter().collect();
    order.sort_by_key(|line| {
        (Reverse(line.row.severity), Reverse(line.spread), Reverse(line.count))
    });
    let mut all = Vec::new();
    for line in order {
        let Some(row) = anomalies.sightings().row(line.number) else { continue };
        let mut kept: Vec<&Sighting> = row.lines().collect();
        let first = |line: &Sighting| line.examples().next();
        kept.sort_by_key(|line| (Reverse(line.count), first(line), line.pair, line.interface));
        kept.truncate(MOST_OF_ONE.min(MOST.saturating_sub(all.len())));
        all.extend(kept.into_iter().map(|kept| Finding::of(line, kept, statistics)));
    }
    all
}
