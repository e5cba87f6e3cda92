//! How the numbers of the outermost IP headers are spread.

use std::cmp::Reverse;

use serde::Serialize;

use super::{Share, TOP};
use crate::analyze::Tally;
use crate::analyze::count::{LENGTH_ENDS, Tallies};
use crate::wire::field::Names;
use crate::wire::number::{DSCP, ECN};

/// Hop counts that senders begin with.
const INITIAL: [u8; 4] = [32, 64, 128, 255];

/// Hops left at which a sender more likely began low on purpose than came so far.
const LOW: u8 = 16;

/// The hops left of one IP version: the most frequent ones.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Hops {
    /// The most frequent values.
    pub top: Vec<Hop>,
    /// How many different values there are.
    pub values: usize,
    /// Packets with values that are not listed.
    pub others: Share,
}

/// One number of hops left.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Hop {
    /// Hops left.
    pub left: u8,
    /// What the sender most likely began with, and the routers passed since: inferred.
    pub inferred: Option<(u8, u8)>,
    /// Packets.
    #[serde(flatten)]
    pub share: Share,
}

/// One DSCP with one ECN.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mark {
    /// Differentiated services code point.
    pub dscp: u8,
    /// Its name, where it has one.
    pub dscp_name: Option<&'static str>,
    /// Explicit congestion notification.
    pub ecn: u8,
    /// Its name.
    pub ecn_name: Option<&'static str>,
    /// Packets.
    #[serde(flatten)]
    pub share: Share,
}

/// Packets of some range of lengths.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Lengths {
    /// Shortest length on the wire.
    pub from: u32,
    /// Longest; none for the last range.
    pub to: Option<u32>,
    /// Packets.
    #[serde(flatten)]
    pub share: Share,
}

/// Packets of one IP version by fragmentation.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Fragments {
    /// Not in pieces.
    pub whole: Share,
    /// First pieces: one a datagram.
    pub first: Share,
    /// Later pieces.
    pub later: Share,
}

impl Fragments {
    /// All pieces.
    pub fn pieces(&self) -> u64 {
        self.first.tally.packets.saturating_add(self.later.tally.packets)
    }
}

pub(super) fn hops(tallies: &Tallies<256>) -> Hops {
    let packets = tallies.total().packets;
    let mut seen: Vec<_> = tallies.seen().collect();
    seen.sort_by_key(|&(left, tally)| (Reverse(tally), left));
    let rest = seen.get(TOP..).unwrap_or_default();
    let others = rest.iter().fold(Tally::default(), |mut sum, (_, tally)| {
        sum.merge(*tally);
        sum
    });
    let top = seen.iter().take(TOP).map(|&(left, tally)| {
        let left = u8::try_from(left).unwrap_or(u8::MAX);
        Hop { left, inferred: inferred(left), share: Share::of(tally, packets) }
    });
    Hops { top: top.collect(), values: seen.len(), others: Share::of(others, packets) }
}

/// What a sender most likely began with, and the routers passed since.
pub fn inferred(left: u8) -> Option<(u8, u8)> {
    if left <= LOW {
        return None;
    }
    INITIAL.into_iter().find(|&initial| initial >= left).map(|initial| (initial, initial - left))
}

pub(super) fn marks(tallies: &Tallies<256>) -> Vec<Mark> {
    let packets = tallies.total().packets;
    let mut seen: Vec<_> = tallies.seen().collect();
    seen.sort_by_key(|&(octet, tally)| (Reverse(tally), octet));
    let name = |names: Names, value: u8| {
        let found = names.binary_search_by_key(&u16::from(value), |row| row.0).ok()?;
        names.get(found).map(|row| row.1)
    };
    let rows = seen.into_iter().map(|(octet, tally)| {
        let octet = u8::try_from(octet).unwrap_or(u8::MAX);
        let (dscp, ecn) = (octet >> 2, octet & 3);
        Mark {
            dscp,
            dscp_name: name(DSCP, dscp),
            ecn,
            ecn_name: name(ECN, ecn),
            share: Share::of(tally, packets),
        }
    });
    rows.collect()
}

pub(super) fn lengths(tallies: &Tallies<{ LENGTH_ENDS.len() }>) -> Vec<Lengths> {
    let packets = tallies.total().packets;
    let rows = tallies.seen().map(|(range, tally)| {
        let before = range.checked_sub(1).and_then(|before| LENGTH_ENDS.get(before));
        let end = LENGTH_ENDS.get(range).copied();
        Lengths {
            from: before.map_or(0, |end| end + 1),
            to: end.filter(|&end| end != u32::MAX),
            share: Share::of(tally, packets),
        }
    });
    rows.collect()
}

pub(super) fn fragments(tallies: &Tallies<3>) -> Fragments {
    let packets = tallies.total().packets;
    let share = |piece: usize| Share::of(tallies.get(piece), packets);
    Fragments { whole: share(0), first: share(1), later: share(2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_of_a_count_is_inferred_from_what_senders_use() {
        for (left, initial) in [
            (64, Some((64, 0))),
            (57, Some((64, 7))),
            (128, Some((128, 0))),
            (113, Some((128, 15))),
            (255, Some((255, 0))),
            (30, Some((32, 2))),
            (1, None),
            (0, None),
        ] {
            assert_eq!(inferred(left), initial, "{left}");
        }
    }

    #[test]
    fn length_ranges_touch_and_the_last_is_open() {
        let mut tallies = Tallies::default();
        for range in 0..LENGTH_ENDS.len() {
            tallies.add(range, 1);
        }
        let rows = lengths(&tallies);
        for pair in rows.windows(2) {
            assert_eq!(pair[0].to.map(|to| to + 1), Some(pair[1].from));
        }
        assert_eq!((rows[0].from, rows[9].from, rows[9].to), (0, 5120, None));
    }
}
