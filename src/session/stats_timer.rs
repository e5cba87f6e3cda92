//! Running totals: when they are due, and what they say.

use std::time::{Duration, Instant};

use super::counted::{Change, Counted};
use crate::analyze::Tally;
use crate::analyze::expiry::FlowCounts;
use crate::base::timestamp::{TimeDelta, Timestamp};
use crate::capture::Recorded;
use crate::report::summary::Rates;

/// Parts of a file after each of which totals are due.
const PARTS: u64 = 10;

/// The period of totals where the input has no known end.
const BEAT: Duration = Duration::from_secs(1);

/// Totals at some time of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stats {
    /// Latest time of a packet.
    pub time: Option<Timestamp>,
    /// All packets so far.
    pub total: Tally,
    /// Averages since the totals before: by the packets' time in a file, by the clock otherwise.
    pub rates: Option<Rates>,
    /// Counts of flows.
    pub flows: FlowCounts,
    /// What a file says of packets that are not in it: it stands behind them, so only the last
    /// totals have it.
    pub recorded: Recorded,
}

/// What is counted of the batches that were written.
#[derive(Debug, Default)]
pub(super) struct SoFar {
    counted: Counted,
    begun: u64,
    ended: u64,
    evicted: u64,
}

impl SoFar {
    /// Goes on with the next batch.
    pub(super) fn go_on(&mut self, counted: Counted, change: Change) {
        self.counted = counted;
        self.begun += change.begun;
        self.ended += change.ended;
        self.evicted += change.evicted;
    }

    fn flows(&self) -> FlowCounts {
        let Self { begun, ended, evicted, .. } = *self;
        FlowCounts::of(begun - ended - evicted, ended, evicted, self.counted.overflowed)
    }
}

/// Reports totals from time to time.
#[derive(Debug)]
pub(super) struct StatsTimer {
    by: By,
    before: Tally,
    /// Latest time of a packet when totals were last reported.
    time: Option<Timestamp>,
    reported: bool,
}

#[derive(Debug)]
enum By {
    /// Each second, since then.
    Clock(Instant),
    /// After each part of the file; parts reported so far.
    Part(u64),
}

impl StatsTimer {
    /// A timer by the progress of the source where that is known, or else by the clock.
    pub(super) fn new(progress: Option<(u64, u64)>) -> Self {
        let by = match progress {
            Some(_) => By::Part(0),
            None => By::Clock(Instant::now()),
        };
        Self { by, before: Tally::default(), time: None, reported: false }
    }

    /// Totals, when they are due.
    pub(super) fn due(&mut self, so_far: &SoFar, progress: Option<(u64, u64)>) -> Option<Stats> {
        match (&mut self.by, progress) {
            (By::Clock(last), _) if last.elapsed() < BEAT => return None,
            (By::Clock(_), _) => {}
            (By::Part(reported), Some((done, all))) => {
                let part = done.saturating_mul(PARTS).checked_div(all).unwrap_or(0);
                if part <= *reported {
                    return None;
                }
                *reported = part;
            }
            (By::Part(_), None) => return None,
        }
        Some(self.stats(so_far))
    }

    /// The totals at the end, unless they were reported already.
    pub(super) fn last(&mut self, so_far: &SoFar) -> Option<Stats> {
        let is_reported = self.reported && self.before == so_far.counted.total;
        (!is_reported).then(|| self.stats(so_far))
    }

    fn stats(&mut self, so_far: &SoFar) -> Stats {
        let Counted { total, period, .. } = so_far.counted;
        let since = Tally {
            packets: total.packets - self.before.packets,
            octets: total.octets - self.before.octets,
        };
        let seconds = match &mut self.by {
            By::Clock(last) => {
                let elapsed = last.elapsed();
                *last = Instant::now();
                elapsed.as_secs_f64()
            }
            By::Part(_) => {
                let before = self.time.or(period.first());
                let since = period.last().zip(before).map(|(last, before)| last - before);
                since.unwrap_or(TimeDelta::ZERO).seconds_f64()
            }
        };
        (self.before, self.time, self.reported) = (total, period.last(), true);
        Stats {
            time: period.last(),
            total,
            rates: Rates::of(since, seconds),
            flows: so_far.flows(),
            recorded: Recorded::default(),
        }
    }
}
