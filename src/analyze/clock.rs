//! Times that go back: each interface's packets come in order, unless the clock was set.

use super::settings::MAX_INTERFACES;
use crate::base::timestamp::{TimeDelta, Timestamp};
use crate::capture::{Batch, Frame};

/// How long a packet may come before another and still be in order: several cores take
/// packets from one interface, each with its own idea of now.
const SLACK: TimeDelta = TimeDelta::from_nanos(10_000_000);

fn is_back(before: Timestamp, time: Timestamp) -> bool {
    before - time > SLACK
}

/// First and last packet of each interface, as far as those are counted singly.
#[derive(Debug, Clone, Default)]
pub(super) struct Clocks(Vec<Option<Clock>>);

/// Times of one interface.
#[derive(Debug, Clone, Copy)]
struct Clock {
    /// Number and time of the first packet.
    first: (u64, Timestamp),
    last: Timestamp,
}

impl Clocks {
    /// Forgets everything and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Takes in a packet; whether it came well before the one before it on its interface.
    #[inline]
    pub(super) fn see(&mut self, frame: &Frame<'_>) -> bool {
        let (Some(time), at) = (frame.time, frame.interface as usize) else {
            return false;
        };
        let Some(Some(clock)) = self.0.get_mut(at) else {
            self.begin(at, Clock { first: (frame.number, time), last: time });
            return false;
        };
        is_back(std::mem::replace(&mut clock.last, time), time)
    }

    /// Takes in all packets of a batch; calls `with` with the number of each that came before the
    /// one before it on its interface.
    pub(super) fn see_all(&mut self, batch: &Batch, mut with: impl FnMut(u64)) {
        let (Some(first), Some(last)) = (batch.records.first(), batch.records.last()) else {
            return;
        };
        // As a rule they are of one interface and in order, which is seen without a look at each
        // one's clock.
        let is_plain = batch.records.windows(2).all(|pair| match pair {
            [a, b] => match (a.time, b.time) {
                (Some(before), Some(time)) => a.interface == b.interface && !is_back(before, time),
                _ => false,
            },
            _ => true,
        });
        if is_plain && let (Some(begin), Some(end)) = (first.time, last.time) {
            let clock = Clock { first: (batch.first, begin), last: end };
            return self.begin(first.interface as usize, clock);
        }
        batch.frames().filter(|frame| self.see(frame)).for_each(|frame| with(frame.number));
    }

    #[inline(never)]
    fn begin(&mut self, at: usize, clock: Clock) {
        if at < MAX_INTERFACES {
            self.0.resize(self.0.len().max(at + 1), None);
            self.0[at] = Some(clock);
        }
    }

    /// Forgets interfaces whose first packet has a greater number than that.
    pub(super) fn truncate(&mut self, last: u64) {
        for clock in &mut self.0 {
            *clock = clock.take().filter(|clock| clock.first.0 <= last);
        }
    }

    /// Goes on with those of the next batch; gives the first packet of each interface, where it
    /// came before the last of these.
    pub(super) fn go_on(&mut self, next: &Self) -> impl Iterator<Item = u64> {
        self.0.resize(self.0.len().max(next.0.len()), None);
        self.0.iter_mut().zip(&next.0).filter_map(|(mine, next)| {
            let next = (*next)?;
            let Some(mine) = mine else {
                *mine = Some(next);
                return None;
            };
            let (number, time) = next.first;
            is_back(std::mem::replace(&mut mine.last, next.last), time).then_some(number)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::LinkType;

    /// The longest that is still in order, in nanoseconds.
    const MOST: i64 = 10_000_000;

    /// Numbers of the packets that come early, of these interfaces and times, in batches that long.
    fn early(packets: &[(u32, i64)], batch: usize) -> Vec<u64> {
        let (mut all, mut early) = (Clocks::default(), Vec::new());
        for (packets, first) in packets.chunks(batch).zip((1..).step_by(batch)) {
            let mut clocks = Clocks::default();
            for (&(interface, time), number) in packets.iter().zip(first..) {
                let time = Timestamp::from_nanos(time);
                let link = LinkType::RAW;
                let frame = Frame {
                    number,
                    time,
                    link,
                    interface,
                    original: 0,
                    bytes: &[],
                    told: crate::capture::Told::default(),
                };
                early.extend(clocks.see(&frame).then_some(number));
            }
            early.extend(all.go_on(&clocks));
        }
        early.sort_unstable();
        early
    }

    #[test]
    fn each_interface_has_a_clock_of_its_own_however_batches_are_cut() {
        let packets = [(0, 5), (1, 3), (0, 6), (1, 2), (0, 6), (1, 4), (0, 5), (0, 9), (9, 1)];
        let packets = packets.map(|(interface, time)| (interface, time * (MOST + 1)));
        for batch in 1..=packets.len() {
            assert_eq!(early(&packets, batch), [4, 7], "{batch}");
        }
    }

    #[test]
    fn a_little_out_of_order_is_in_order() {
        assert_eq!(early(&[(0, MOST), (0, 0)], 2), [0; 0]);
        assert_eq!(early(&[(0, MOST + 1), (0, 0)], 1), [2]);
    }

    #[test]
    fn interfaces_beyond_those_that_are_counted_have_none() {
        assert_eq!(early(&[(u32::MAX, 2 * MOST), (u32::MAX, 0)], 2), [0; 0]);
    }
}
