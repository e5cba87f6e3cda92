//! Packets in another order than the capture's: by a column, which is read for all of them first.

use std::cmp::Ordering;
use std::net::IpAddr;

use super::line::PacketLine;
use super::wish::Rank;
use crate::dashboard::view::panel::packets::columns::What;
use crate::dashboard::view::panel::packets::list::COLUMNS;
use crate::decode::Packet;
use crate::report::column::Column;

/// Packets that are sorted at most: their keys take 32 MB for the moment, their places 8 MB.
pub const MOST: u64 = 1_000_000;

/// By which column packets are sorted, and whether the other way round than it suggests.
pub type By = (What, bool);

/// An order of the first packets of those that passed.
#[derive(Debug)]
pub struct Order {
    /// By what.
    pub by: By,
    /// Which of those that passed stands at each place.
    passed: Vec<u32>,
    /// The place of each.
    places: Vec<u32>,
}

impl Order {
    /// The order of packets with these keys, in the order of the capture where they are the same;
    /// packets without a key come last either way.
    pub fn new(by: By, keys: &[Option<Rank>]) -> Self {
        let descends = by.0.descends() != by.1;
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

/// Reads what packets are sorted by.
#[derive(Debug)]
pub struct Keys {
    what: What,
    column: Vec<Column>,
}

impl Keys {
    /// Keys of a column.
    pub fn of(what: What) -> Self {
        let column = match what {
            What::Field(name) => Column::find(name).ok().into_iter().collect(),
            What::Usual(_) => Vec::new(),
        };
        Self { what, column }
    }

    /// The key of a packet; none where its cell is empty.
    pub fn read(&self, packet: &Packet<'_>) -> Option<Rank> {
        let line = PacketLine::of(packet, 0, &self.column);
        match self.what {
            What::Usual(index) => {
                let rank = (COLUMNS.get(index)?.rank)(&line);
                (rank.0 < NONE).then_some(rank)
            }
            What::Field(_) => line.fields.first().and_then(|text| rank_of(text)),
        }
    }
}

/// The class of a rank that stands for nothing.
const NONE: u8 = u8::MAX;

/// What a cell is sorted by: its number, its address, or the first octets of its text.
pub fn rank_of_cell(text: &str) -> Rank {
    rank_of(text).unwrap_or((NONE, 0))
}

/// What a cell is sorted by that may be empty.
pub fn rank_of_number(number: Option<u64>) -> Rank {
    number.map_or((NONE, 0), |number| (0, number.into()))
}

/// The rank of any text; the first of several values counts.
fn rank_of(text: &str) -> Option<Rank> {
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
        other.sort_by_key(|text| rank_of_cell(text));
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
    fn equals_stay_in_order_and_what_has_no_key_is_last() {
        let keys = [Some((0, 5)), None, Some((0, 7)), Some((0, 5)), Some((0, 1))];
        for (is_reversed, places) in [(false, [4, 0, 3, 2, 1]), (true, [2, 0, 3, 4, 1])] {
            let order = Order::new((What::Field("ip.ttl"), is_reversed), &keys);
            let found: Vec<u64> = (0..order.len()).map(|place| order.at(place)).collect();
            assert_eq!(found, places);
            assert!((0..5).all(|at| order.at(order.place(at)) == at));
            // Packets that came later stay where they are.
            assert_eq!((order.at(7), order.place(7)), (7, 7));
        }
    }
}
