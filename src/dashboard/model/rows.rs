//! Rows of tables: what they are about, what they are sorted by, and the first of many.

use std::cmp::Ordering;
use std::net::IpAddr;

use crate::address::prefix::Range;
use crate::analyze::traffic::Address;

/// Rows of a table that are kept in order; more are counted, not listed.
pub const MOST_ROWS: usize = 10_000;

/// What a row of a table is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowId {
    /// The flow whose first packet has that number.
    Flow(u64),
    /// An address.
    Endpoint(Address),
    /// Two addresses.
    Conversation(Address, Address),
    /// Addresses from the first to the last.
    Range(Range),
    /// A header and those around it, see
    /// [`ProtocolNode::path`](super::snapshot::ProtocolNode::path).
    Protocol(u128),
    /// An anomaly of that name.
    Anomaly(&'static str),
}

/// What rows are sorted by: addresses of one version, then of the other; or a number.
pub type Rank = (u8, u128);

/// Addresses in their order.
pub fn address_rank(address: Address) -> Rank {
    match address {
        Address::V4(number) => (0, number.into()),
        Address::V6(number) => (1, number),
    }
}

/// The class of a rank that stands for nothing.
pub const NO_RANK: u8 = u8::MAX;

/// What a cell is sorted by: its number, its address, or the first octets of its text.
pub fn cell_rank(text: &str) -> Rank {
    text_rank(text).unwrap_or((NO_RANK, 0))
}

/// What a cell is sorted by that may be empty.
pub fn number_rank(number: Option<u64>) -> Rank {
    number.map_or((NO_RANK, 0), |number| (0, number.into()))
}

/// The rank of any text; the first of several values counts.
pub fn text_rank(text: &str) -> Option<Rank> {
    let first = text.split(',').next().filter(|first| !first.is_empty())?;
    if let Some(number) = number(first) {
        return Some((0, number));
    }
    Some(match first.parse() {
        Ok(IpAddr::V4(address)) => (1, address.to_bits().into()),
        Ok(IpAddr::V6(address)) => (2, address.to_bits()),
        Err(_) => {
            let letters = text.bytes().chain(std::iter::repeat(0)).take(16);
            (3, letters.fold(0, |sum, letter| sum << 8 | u128::from(letter.to_ascii_lowercase())))
        }
    })
}

/// A number in billionths, so that times are in order beside whole ones.
fn number(text: &str) -> Option<u128> {
    if let Some(digits) = text.strip_prefix("0x") {
        return u64::from_str_radix(digits, 16).ok().map(|n| u128::from(n) * 1_000_000_000);
    }
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if part.len() > 9 || !part.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let part = format!("{part:0<9}").parse::<u32>().ok()?;
    Some(u128::from(whole.parse::<u64>().ok()?) * 1_000_000_000 + u128::from(part))
}

/// Rows in order, and how many there are in all.
#[derive(Debug, Clone)]
pub struct RankedRows<T> {
    /// The first rows.
    pub rows: Vec<T>,
    /// All rows, those left out included.
    pub total: u64,
}

impl<T> RankedRows<T> {
    /// These rows as something else.
    pub fn map<U>(self, to: impl FnMut(T) -> U) -> RankedRows<U> {
        RankedRows { rows: self.rows.into_iter().map(to).collect(), total: self.total }
    }
}

impl<T> Default for RankedRows<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), total: 0 }
    }
}

/// Keeps the first of many rows by rank, greatest first if it descends; of equals the lesser tie
/// first.
#[derive(Debug)]
pub struct TopRows<T> {
    kept: Vec<(Rank, Rank, T)>,
    total: u64,
    descends: bool,
    /// Rank and tie of a row behind which none is kept.
    last: Option<(Rank, Rank)>,
}

impl<T> TopRows<T> {
    /// An empty selection of rows.
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
    pub fn finish(mut self) -> RankedRows<T> {
        let descends = self.descends;
        self.kept.sort_unstable_by(|a, b| order(descends, (a.0, a.1), (b.0, b.1)));
        self.kept.truncate(MOST_ROWS);
        let rows = self.kept.into_iter().map(|(_, _, row)| row).collect();
        RankedRows { rows, total: self.total }
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
pub fn top_rows<T>(
    rows: impl Iterator<Item = T>,
    rank: impl Fn(&T) -> Rank,
    tie: impl Fn(&T) -> Rank,
    descends: bool,
) -> RankedRows<T> {
    let mut first = TopRows::new(descends);
    rows.for_each(|row| first.push(rank(&row), tie(&row), row));
    first.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_sorted_as_people_read_them() {
        let sorted = [
            "2", "0x03", "10.5", "10.25.1", "64,1", "300", "9.0.0.1", "10.0.0.1", "::1", "ARP",
            "tcp", "UDP",
        ];
        let mut other = sorted;
        other.reverse();
        other.sort_by_key(|text| cell_rank(text));
        // "10.25.1" is neither number nor address.
        assert_eq!(
            other,
            [
                "2", "0x03", "10.5", "64,1", "300", "9.0.0.1", "10.0.0.1", "::1", "10.25.1", "ARP",
                "tcp", "UDP"
            ]
        );
    }

    #[test]
    fn the_first_rows_of_many_are_those_of_a_full_sort() {
        let numbers = || (0..100_000_u64).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15) % 5000);
        for descends in [false, true] {
            let listed = top_rows(
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
