//! Packets in another order than the capture's: by a column, which is read for all of them first.

use std::cmp::Ordering;

use super::packet_column::PacketSort;
use super::rows::Rank;

/// Packets that are sorted at most: their keys take 32 MB for the moment, their places 8 MB.
pub const MOST: u64 = 1_000_000;

/// An order of the first packets of those that passed.
#[derive(Debug)]
pub struct PacketOrder {
    /// By what.
    pub by: PacketSort,
    /// Which of those that passed stands at each place.
    passed: Vec<u32>,
    /// The place of each.
    places: Vec<u32>,
}

impl PacketOrder {
    /// The order of packets with these keys, the greatest first if it `descends`, in the order of
    /// the capture where they are the same; packets without a key come last either way.
    pub fn new(by: PacketSort, descends: bool, keys: &[Option<Rank>]) -> Self {
        let compare = |a: u32, b: u32| {
            let turned = |order: Ordering| if descends { order.reverse() } else { order };
            let order = match (&keys[a as usize], &keys[b as usize]) {
                (Some(a), Some(b)) => turned(a.cmp(b)),
                (a, b) => a.is_none().cmp(&b.is_none()),
            };
            order.then(a.cmp(&b))
        };
        let mut passed: Vec<u32> = (0..u32::try_from(keys.len()).unwrap_or(u32::MAX)).collect();
        passed.sort_unstable_by(|&a, &b| compare(a, b));
        let mut places = vec![0; passed.len()];
        for (place, &at) in (0..).zip(&passed) {
            places[at as usize] = place;
        }
        Self { by, passed, places }
    }

    /// How many packets have a place; those behind them stay where they are.
    pub fn len(&self) -> u64 {
        self.passed.len() as u64
    }

    /// Whether none has.
    pub fn is_empty(&self) -> bool {
        self.passed.is_empty()
    }

    /// Which of those that passed stands at `place`.
    pub fn at(&self, place: u64) -> u64 {
        look_up(&self.passed, place)
    }

    /// The place of one of those that passed.
    pub fn place(&self, at: u64) -> u64 {
        look_up(&self.places, at)
    }
}

fn look_up(all: &[u32], at: u64) -> u64 {
    usize::try_from(at).ok().and_then(|at| all.get(at)).map_or(at, |&found| found.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dashboard::model::packet_column::PacketColumn;

    #[test]
    fn equals_stay_in_order_and_what_has_no_key_is_last() {
        let keys = [Some((0, 5)), None, Some((0, 7)), Some((0, 5)), Some((0, 1))];
        for (is_reversed, places) in [(false, [4, 0, 3, 2, 1]), (true, [2, 0, 3, 4, 1])] {
            let order =
                PacketOrder::new((PacketColumn::Field("ip.ttl"), is_reversed), is_reversed, &keys);
            let found: Vec<u64> = (0..order.len()).map(|place| order.at(place)).collect();
            assert_eq!(found, places);
            assert!((0..5).all(|at| order.at(order.place(at)) == at));
            // Packets that came later stay where they are.
            assert_eq!((order.at(7), order.place(7)), (7, 7));
        }
    }
}
