//! What the screen asks of the statistics: only that is computed.

use std::cmp::Ordering;

use crate::address::prefix::Range;
use crate::analyze::talk::{Address, Scope};

/// Rows of a table that are kept in order; more are counted, not listed.
pub const MOST_ROWS: usize = 10_000;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wish {
    /// Which panel is open.
    pub panel: usize,
    /// Column by which flows are sorted, and whether the other way round.
    pub flows: (usize, bool),
    /// Column by which endpoints are sorted, and whether the other way round.
    pub endpoints: (usize, bool),
    /// Column by which conversations are sorted, and whether the other way round.
    pub conversations: (usize, bool),
    /// Whether conversations stand in the place of endpoints.
    pub is_by_pair: bool,
    /// By which headers of their packets addresses are told.
    pub scope: Scope,
    /// To which prefixes endpoints are rolled up, see [`ROLLS`](super::snapshot::space::ROLLS).
    pub roll: usize,
    /// Column by which rolled up endpoints are sorted, and whether the other way round.
    pub networks: (usize, bool),
    /// Column by which blocks of addresses are sorted, and whether the other way round.
    pub blocks: (usize, bool),
    /// Column by which the hierarchy is sorted, and whether the other way round.
    pub protocols: (usize, bool),
    /// Column by which anomalies are sorted, and whether the other way round.
    pub anomalies: (usize, bool),
    /// The block of IPv4 that the map shows: its first address and length.
    pub map: (u32, u8),
    /// Whether the view is frozen: all that is asked for until then is of one moment.
    pub is_frozen: bool,
}

impl Wish {
    /// Whether it is for the same rows, though they may be in another order.
    #[must_use]
    pub fn is_same_view(&self, other: &Self) -> bool {
        let view = |wish: &Self| (wish.panel, wish.is_by_pair, wish.scope, wish.roll, wish.map);
        view(self) == view(other)
    }
}

/// What a row of a table is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// The flow whose first packet has that number.
    Flow(u64),
    /// An address.
    Endpoint(Address),
    /// Two addresses.
    Conversation(Address, Address),
    /// Addresses from the first to the last.
    Range(Range),
    /// A header and those around it, see [`Branch::path`](super::snapshot::Branch::path).
    Branch(u128),
    /// An anomaly of that name.
    Finding(&'static str),
}

/// What rows are sorted by: addresses of one version, then of the other; or a number.
pub type Rank = (u8, u128);

/// Rows in order, and how many there are in all.
#[derive(Debug, Clone)]
pub struct Listed<T> {
    /// The first rows.
    pub rows: Vec<T>,
    /// All rows, those left out included.
    pub total: u64,
}

impl<T> Listed<T> {
    /// These rows as something else.
    pub fn map<U>(self, to: impl FnMut(T) -> U) -> Listed<U> {
        Listed { rows: self.rows.into_iter().map(to).collect(), total: self.total }
    }
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), total: 0 }
    }
}

/// Keeps the first of many rows by rank, greatest first if it descends; of equals the lesser tie
/// first.
#[derive(Debug)]
pub struct FirstRows<T> {
    kept: Vec<(Rank, Rank, T)>,
    total: u64,
    descends: bool,
    /// Rank and tie of a row behind which none is kept.
    last: Option<(Rank, Rank)>,
}

impl<T> FirstRows<T> {
    /// None yet.
    pub fn new(descends: bool) -> Self {
        Self { kept: Vec::new(), total: 0, descends, last: None }
    }

    /// Takes a row.
    pub fn push(&mut self, rank: Rank, tie: Rank, row: T) {
        self.total += 1;
        if self.last.is_some_and(|last| self.order(last, (rank, tie)).is_le()) {
            return;
        }
        self.kept.push((rank, tie, row));
        // Memory for two screens' worth of scrolling, whatever the traffic.
        if self.kept.len() >= 2 * MOST_ROWS {
            let descends = self.descends;
            let order =
                |a: &(Rank, Rank, T), b: &(Rank, Rank, T)| order(descends, (a.0, a.1), (b.0, b.1));
            let (_, last, _) = self.kept.select_nth_unstable_by(MOST_ROWS - 1, order);
            self.last = Some((last.0, last.1));
            self.kept.truncate(MOST_ROWS);
        }
    }

    /// Takes what another kept.
    #[must_use]
    pub fn with(mut self, other: Self) -> Self {
        let total = self.total + other.total;
        other.kept.into_iter().for_each(|(rank, tie, row)| self.push(rank, tie, row));
        Self { total, ..self }
    }

    /// The first rows in order.
    pub fn finish(mut self) -> Listed<T> {
        let descends = self.descends;
        self.kept.sort_unstable_by(|a, b| order(descends, (a.0, a.1), (b.0, b.1)));
        self.kept.truncate(MOST_ROWS);
        let rows = self.kept.into_iter().map(|(_, _, row)| row).collect();
        Listed { rows, total: self.total }
    }

    fn order(&self, a: (Rank, Rank), b: (Rank, Rank)) -> Ordering {
        order(self.descends, a, b)
    }
}

fn order(descends: bool, a: (Rank, Rank), b: (Rank, Rank)) -> Ordering {
    let by_rank = if descends { b.0.cmp(&a.0) } else { a.0.cmp(&b.0) };
    by_rank.then(a.1.cmp(&b.1))
}

/// The first of `rows` by `rank`, greatest first if it `descends`; of equals the lesser `tie`
/// first.
pub fn first_rows<T>(
    rows: impl Iterator<Item = T>,
    rank: impl Fn(&T) -> Rank,
    tie: impl Fn(&T) -> Rank,
    descends: bool,
) -> Listed<T> {
    let mut first = FirstRows::new(descends);
    rows.for_each(|row| first.push(rank(&row), tie(&row), row));
    first.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rows_of_many_are_those_of_a_full_sort() {
        let numbers = || (0..100_000_u64).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15) % 5000);
        for descends in [false, true] {
            let listed = first_rows(
                numbers().zip(0_u64..),
                |r| (0, r.0.into()),
                |r| (0, r.1.into()),
                descends,
            );
            let mut all: Vec<_> = numbers().zip(0_u64..).collect();
            all.sort_by(|a, b| {
                let by = if descends { b.0.cmp(&a.0) } else { a.0.cmp(&b.0) };
                by.then(a.1.cmp(&b.1))
            });
            all.truncate(MOST_ROWS);
            assert_eq!((listed.rows, listed.total), (all, 100_000));
        }
    }
}
