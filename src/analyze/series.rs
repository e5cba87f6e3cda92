//! Packets and octets over time, in a bounded number of steps of equal width.
//!
//! Steps are aligned to the epoch and their width is 1 ms doubled as often as the span needs, so
//! that the series of two parts add up to the series of the whole.

use std::collections::VecDeque;

use super::count::Tally;
use crate::base::timestamp::{Period, TimeDelta, Timestamp};

/// Most steps a series has.
pub const MAX_STEPS: usize = 1024;

/// [`MAX_STEPS`] as a number that lengths of time are counted with.
const MOST: i64 = 1024;

/// Width of the narrowest step: 1 ms.
const NARROWEST: i64 = 1_000_000;

/// Tallies over time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Series {
    /// The width is [`NARROWEST`] doubled so often.
    doublings: u32,
    /// Number of the first step; step n begins at n times the width.
    first: i64,
    steps: VecDeque<Tally>,
}

impl Series {
    /// Counts a packet at `time`.
    pub fn add(&mut self, time: Timestamp, octets: u64) {
        let narrow = narrow(time);
        let step = narrow >> self.doublings;
        // Nearly all packets fall in a step that is there.
        if let Some(tally) =
            usize::try_from(step - self.first).ok().and_then(|at| self.steps.get_mut(at))
        {
            tally.add(octets);
            return;
        }
        self.step_at(narrow).add(octets);
    }

    /// Counts packets of some period, if one step that is there holds all of it.
    pub fn add_all(&mut self, period: Period, tally: Tally) -> bool {
        let Some((first, last)) = period.bounds() else { return false };
        let step = |time: Timestamp| (narrow(time) >> self.doublings) - self.first;
        let (step, other) = (step(first), step(last));
        let there = usize::try_from(step).ok().filter(|_| step == other);
        match there.and_then(|at| self.steps.get_mut(at)) {
            Some(there) => {
                there.merge(tally);
                true
            }
            None => false,
        }
    }

    /// Width of a step.
    pub fn width(&self) -> TimeDelta {
        TimeDelta::from_nanos(NARROWEST) * (1 << self.doublings)
    }

    /// The steps from the first with packets to the last: start time and tally.
    pub fn steps(&self) -> impl Iterator<Item = (Timestamp, Tally)> + '_ {
        (self.first..)
            .zip(&self.steps)
            .map(|(step, tally)| (Timestamp::EPOCH + self.width() * step, *tally))
    }

    /// Adds what another series counted.
    pub fn merge(&mut self, other: &Self) {
        while self.doublings < other.doublings {
            self.double();
        }
        for (step, tally) in (other.first..).zip(&other.steps) {
            if tally.packets > 0 {
                self.step_at(step << other.doublings).merge(*tally);
            }
        }
    }

    /// The step that holds narrowest step `narrow`, widening all until it fits.
    fn step_at(&mut self, narrow: i64) -> &mut Tally {
        loop {
            let step = narrow >> self.doublings;
            if self.steps.is_empty() {
                self.first = step;
                self.steps.push_back(Tally::default());
            }
            let last = self.first + i64::try_from(self.steps.len()).unwrap_or(MOST) - 1;
            let span = last.max(step) - self.first.min(step) + 1;
            if span <= MOST {
                while step < self.first {
                    self.steps.push_front(Tally::default());
                    self.first -= 1;
                }
                let at = usize::try_from(step - self.first).unwrap_or(0);
                if at >= self.steps.len() {
                    self.steps.resize(at + 1, Tally::default());
                }
                return &mut self.steps[at];
            }
            self.double();
        }
    }

    fn double(&mut self) {
        let old = std::mem::take(&mut self.steps);
        let old_first = self.first;
        self.doublings += 1;
        self.first = old_first >> 1;
        for (step, tally) in (old_first..).zip(old) {
            let at = usize::try_from((step >> 1) - self.first).unwrap_or(0);
            if at >= self.steps.len() {
                self.steps.push_back(Tally::default());
            }
            self.steps[at].merge(tally);
        }
    }
}

/// The number of the narrowest step that holds `time`: 64 bits have room for a million times as
/// many.
fn narrow(time: Timestamp) -> i64 {
    time.nanos().div_euclid(NARROWEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_order_and_any_parting_give_the_same_steps() {
        let times =
            [0, 5_000_000, 7_000_000_000, -3_000_000, 123_456_789_000, 1_000_000, 400_000_000_000]
                .map(|nanos| Timestamp::from_nanos(nanos).unwrap());
        let mut datagram = Series::default();
        let (mut left, mut right) = (Series::default(), Series::default());
        for (i, &time) in times.iter().enumerate() {
            datagram.add(time, 100);
            if i % 2 == 0 { &mut left } else { &mut right }.add(time, 100);
        }
        left.merge(&right);
        assert_eq!(left, datagram);
        let mut backwards = Series::default();
        times.iter().rev().for_each(|&time| backwards.add(time, 100));
        assert_eq!(backwards, datagram);
        assert!(datagram.steps().count() <= MAX_STEPS);
        assert_eq!(datagram.steps().map(|(_, tally)| tally.packets).sum::<u64>(), 7);
    }

    #[test]
    fn the_ends_of_time_fit() {
        let mut series = Series::default();
        for time in [Timestamp::MIN, Timestamp::EPOCH, Timestamp::MAX] {
            series.add(time, 1);
        }
        assert_eq!(series.steps().map(|(_, tally)| tally.packets).sum::<u64>(), 3);
    }
}
