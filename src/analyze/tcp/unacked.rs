//! Segments that were sent and not acknowledged yet, of all connections of a table in one place.
//!
//! Each direction has a list of its own, oldest first, whose entries lie anywhere in the pool: no
//! connection has memory of its own, and what one gives back serves another.

use super::segment::is_before;
use crate::base::timestamp::Timestamp;

/// Segments of one direction that are remembered, at most: behind that those that follow are not.
const MOST: u16 = 1_024;

/// Entries of a pool for each flow of its table, and for few flows, at most: what keeps the memory
/// of busy connections in bounds.
const EACH: usize = 4;
const LEAST: usize = 4_096;

/// Stands for no entry.
const NONE: u32 = u32::MAX;

/// A segment that was sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sent {
    /// Its first octet that is not acknowledged.
    pub(super) seq: u32,
    /// The octet behind it.
    pub(super) next: u32,
    /// When it came.
    pub(super) time: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    sent: Sent,
    /// The one behind it in its list, or in that of free ones.
    next: u32,
}

/// The list of one direction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Queue {
    first: u32,
    last: u32,
    len: u16,
    /// Whether one may begin before the end of another that stands before it.
    is_mixed: bool,
}

impl Queue {
    /// No segments.
    pub(super) const EMPTY: Self = Self { first: NONE, last: NONE, len: 0, is_mixed: false };
}

/// Entries of all lists.
#[derive(Debug, Clone)]
pub(super) struct Pool {
    entries: Vec<Entry>,
    free: u32,
    most: usize,
}

impl Pool {
    /// No entries, of a table for so many flows.
    pub(super) fn new(flows: usize) -> Self {
        let most = flows.saturating_mul(EACH).max(LEAST);
        Self { entries: Vec::new(), free: NONE, most }
    }

    /// Entries that no list has.
    #[cfg(test)]
    pub(super) fn unused(&self) -> usize {
        let next = |at: &u32| self.entries.get(*at as usize).map(|entry| entry.next);
        std::iter::successors(Some(self.free), next).filter(|at| *at != NONE).count()
    }

    /// Entries of all lists, and unused ones.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Adds a segment behind all others, where there is room.
    pub(super) fn push(&mut self, queue: &mut Queue, sent: Sent) {
        if queue.len >= MOST {
            return;
        }
        let Some(at) = self.take(Entry { sent, next: NONE }) else { return };
        let last = self.entry(queue.last).map(|last| {
            last.next = at;
            last.sent.next
        });
        queue.is_mixed |= last.is_some_and(|end| is_before(sent.seq, end));
        if queue.len == 0 {
            queue.first = at;
        }
        queue.last = at;
        queue.len += 1;
    }

    /// Forgets what ends at `ack` or before, and what of the others comes before it.  Gives the
    /// oldest that ends there.
    pub(super) fn acknowledge(&mut self, queue: &mut Queue, ack: u32) -> Option<Sent> {
        let mut found = None;
        let (mut before, mut at) = (NONE, queue.first);
        while let Some(entry) = self.entry(at) {
            let Entry { sent, next } = *entry;
            if is_before(ack, sent.next) {
                if is_before(sent.seq, ack) {
                    entry.sent.seq = ack;
                }
                if !queue.is_mixed {
                    break;
                }
                (before, at) = (at, next);
                continue;
            }
            if ack == sent.next && found.is_none() {
                found = Some(sent);
            }
            self.give_back(at);
            queue.len -= 1;
            match self.entry(before) {
                Some(before) => before.next = next,
                None => queue.first = next,
            }
            if next == NONE {
                queue.last = before;
            }
            at = next;
        }
        queue.is_mixed &= queue.len > 1;
        found
    }

    /// Octets from the first of a list to behind the last, counted from `base`; none where it is
    /// empty.
    pub(super) fn span(&self, queue: &Queue, base: u32) -> Option<u32> {
        let first = self.entries.get(queue.first as usize)?;
        if !queue.is_mixed {
            let last = self.entries.get(queue.last as usize)?;
            return Some(last.sent.next.wrapping_sub(first.sent.seq));
        }
        let from = |number: u32| number.wrapping_sub(base);
        let (mut least, mut most) = (from(first.sent.seq), from(first.sent.next));
        let mut at = first.next;
        while let Some(entry) = self.entries.get(at as usize) {
            least = least.min(from(entry.sent.seq));
            most = most.max(from(entry.sent.next));
            at = entry.next;
        }
        Some(most.wrapping_sub(least))
    }

    /// Empties a list.
    pub(super) fn clear(&mut self, queue: &mut Queue) {
        let mut at = queue.first;
        while let Some(&mut Entry { next, .. }) = self.entry(at) {
            self.give_back(at);
            at = next;
        }
        *queue = Queue::EMPTY;
    }

    fn entry(&mut self, at: u32) -> Option<&mut Entry> {
        self.entries.get_mut(at as usize)
    }

    fn take(&mut self, entry: Entry) -> Option<u32> {
        let free = self.free;
        if let Some(room) = self.entry(free) {
            let next = std::mem::replace(room, entry).next;
            self.free = next;
            return Some(free);
        }
        if self.entries.len() >= self.most {
            return None;
        }
        self.entries.push(entry);
        u32::try_from(self.entries.len() - 1).ok()
    }

    fn give_back(&mut self, at: u32) {
        let free = self.free;
        if let Some(entry) = self.entry(at) {
            entry.next = free;
            self.free = at;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(seq: u32, next: u32, nanos: i64) -> Sent {
        Sent { seq, next, time: Timestamp::from_nanos(nanos) }
    }

    fn pushed(pool: &mut Pool, all: &[(u32, u32)]) -> Queue {
        let mut queue = Queue::EMPTY;
        for (&(seq, next), nanos) in all.iter().zip(1..) {
            pool.push(&mut queue, sent(seq, next, nanos));
        }
        queue
    }

    fn acknowledged(pool: &mut Pool, queue: &mut Queue, ack: u32) -> Option<i64> {
        pool.acknowledge(queue, ack)?.time.map(Timestamp::nanos)
    }

    #[test]
    fn what_is_acknowledged_goes_and_the_rest_stays() {
        let mut pool = Pool::new(100);
        let mut queue = pushed(&mut pool, &[(100, 200), (200, 300), (300, 400)]);
        assert_eq!(pool.span(&queue, 100), Some(300));
        assert_eq!(acknowledged(&mut pool, &mut queue, 200), Some(1));
        assert_eq!(acknowledged(&mut pool, &mut queue, 250), None, "a part has no time");
        assert_eq!(pool.span(&queue, 100), Some(150));
        assert_eq!(acknowledged(&mut pool, &mut queue, 400), Some(3));
        assert_eq!((pool.span(&queue, 100), queue.len), (None, 0));
    }

    #[test]
    fn of_what_was_sent_twice_the_first_time_counts() {
        let mut pool = Pool::new(100);
        let mut queue = pushed(&mut pool, &[(100, 200), (200, 300), (100, 200)]);
        assert_eq!(pool.span(&queue, 100), Some(200));
        assert_eq!(acknowledged(&mut pool, &mut queue, 200), Some(1));
        assert_eq!((pool.span(&queue, 100), queue.len), (Some(100), 1));
    }

    #[test]
    fn entries_that_were_given_back_serve_others() {
        let mut pool = Pool::new(100);
        for _ in 0..10 {
            let mut queue = pushed(&mut pool, &[(0, 1), (1, 2), (2, 3)]);
            pool.clear(&mut queue);
        }
        assert_eq!(pool.entries.len(), 3);
    }

    #[test]
    fn a_pool_takes_no_more_than_its_flows_are_due() {
        let mut pool = Pool::new(0);
        for _ in 0..2 * LEAST {
            pushed(&mut pool, &[(0, 1)]);
        }
        assert_eq!(pool.entries.len(), LEAST);
    }

    #[test]
    fn one_direction_takes_so_many_and_no_more() {
        let mut pool = Pool::new(100);
        let all: Vec<_> = (0..u32::from(MOST) + 10).map(|at| (at, at + 1)).collect();
        let queue = pushed(&mut pool, &all);
        assert_eq!((queue.len, pool.entries.len()), (MOST, usize::from(MOST)));
    }
}
