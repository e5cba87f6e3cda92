//! Where anomalies occur: how often each row between two addresses on one interface, since when and
//! until when.
//!
//! Of each row so many lines are kept as [`MOST`], those of least hash: which ones does not depend
//! on the order of packets, so parts merge into exactly what all packets give, and the counts of
//! lines that are kept are exact however many there are.  From the greatest of their hashes follows
//! about how many lines there are in all.

use super::flow::FlowView;
use super::record::PacketRecord;
use crate::base::timestamp::{Period, Timestamp};
use crate::decode::anomaly;
use crate::decode::tuple::Pair;

/// Lines of each row that are kept: a tenth of a megabyte of them.
pub const MOST: usize = 512;

/// Packets of each line whose numbers are kept: the first.
pub const EXAMPLES: usize = 3;

/// One occurrence, and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sight {
    /// Number of the packet.
    pub packet: u64,
    /// Its time, if it has one.
    pub time: Option<Timestamp>,
    /// The interface that it came on, where that is known.
    pub interface: Option<u32>,
    /// From whom to whom, where there are addresses.
    pub pair: Option<Pair>,
}

impl Sight {
    /// Of a packet whose addresses are known.
    pub fn of(record: &PacketRecord, pair: Option<Pair>) -> Self {
        let PacketRecord { number, time, interface, .. } = *record;
        Self { packet: number, time, interface: Some(interface), pair }
    }
}

/// An anomaly between two addresses on one interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sighting {
    /// The interface, where it is known.
    pub interface: Option<u32>,
    /// From whom to whom, where there are addresses.
    pub pair: Option<Pair>,
    /// How often.
    pub count: u64,
    /// Numbers of the first packets, in their order; [`u64::MAX`] where there are no more.
    pub examples: [u64; EXAMPLES],
    /// Number of the last packet.
    pub last: u64,
    /// The packets' times.
    pub period: Period,
}

impl Sighting {
    fn of(sight: Sight) -> Self {
        let mut examples = [u64::MAX; EXAMPLES];
        examples[0] = sight.packet;
        let mut period = Period::EMPTY;
        sight.time.into_iter().for_each(|time| period.add(time));
        let Sight { packet, interface, pair, .. } = sight;
        Self { interface, pair, count: 1, examples, last: packet, period }
    }

    fn merge(&mut self, other: &Self) {
        self.count += other.count;
        other.examples.into_iter().for_each(|packet| self.add_example(packet));
        self.last = self.last.max(other.last);
        self.period.merge(other.period);
    }

    #[inline]
    fn add(&mut self, sight: Sight) {
        self.count += 1;
        self.add_example(sight.packet);
        self.last = self.last.max(sight.packet);
        sight.time.into_iter().for_each(|time| self.period.add(time));
    }

    /// Puts a packet in its place among the first, unless it is none of them or is there.
    #[inline]
    fn add_example(&mut self, packet: u64) {
        let [.., last] = self.examples;
        if packet >= last || self.examples.contains(&packet) {
            return;
        }
        self.examples[EXAMPLES - 1] = packet;
        self.examples.sort_unstable();
    }

    /// Numbers of the first packets.
    pub fn examples(&self) -> impl Iterator<Item = u64> + '_ {
        self.examples.iter().copied().take_while(|packet| *packet < u64::MAX)
    }
}

/// The lines of one row, by hash.
#[derive(Debug, Clone, Default)]
pub struct RowSightings {
    /// Hash of each line and its place among them, by hash: lines are long, and stay where they
    /// are when one comes before them.
    by_hash: Vec<(u64, u16)>,
    lines: Vec<Sighting>,
    /// Whether there were more than are kept.
    is_over: bool,
}

impl PartialEq for RowSightings {
    fn eq(&self, other: &Self) -> bool {
        self.is_over == other.is_over && self.by_hash().eq(other.by_hash())
    }
}

impl Eq for RowSightings {}

impl RowSightings {
    #[inline]
    fn add(&mut self, sight: Sight) {
        let hash = hash(sight.interface, sight.pair);
        if self.is_over && self.by_hash.last().is_some_and(|last| hash > last.0) {
            return;
        }
        match self.find(hash) {
            Ok(place) => self.lines[place].add(sight),
            Err(at) => self.insert(at, hash, Sighting::of(sight)),
        }
    }

    /// The place of the line with that hash, or where its hash belongs.
    #[inline]
    fn find(&self, hash: u64) -> Result<usize, usize> {
        let at = self.by_hash.binary_search_by_key(&hash, |(hash, _)| *hash)?;
        Ok(self.by_hash[at].1.into())
    }

    /// The lines with their hashes, by those.
    fn by_hash(&self) -> impl ExactSizeIterator<Item = (u64, &Sighting)> {
        self.by_hash.iter().map(|&(hash, place)| (hash, &self.lines[usize::from(place)]))
    }

    fn merge(&mut self, other: &Self) {
        self.is_over |= other.is_over;
        for (hash, line) in other.by_hash() {
            self.merge_line(hash, line);
        }
    }

    fn merge_line(&mut self, hash: u64, line: &Sighting) {
        match self.find(hash) {
            Ok(place) => self.lines[place].merge(line),
            Err(at) => self.insert(at, hash, *line),
        }
    }

    #[cold]
    fn insert(&mut self, at: usize, hash: u64, line: Sighting) {
        let is_full = self.lines.len() == MOST;
        self.is_over |= is_full;
        if at == MOST {
            return;
        }
        // Where there are enough it takes the place of the line of greatest hash.
        let last = if is_full { self.by_hash.pop() } else { None };
        let place = if let Some((_, place)) = last {
            self.lines[usize::from(place)] = line;
            place
        } else {
            self.lines.push(line);
            u16::try_from(self.lines.len() - 1).unwrap_or(u16::MAX)
        };
        self.by_hash.insert(at, (hash, place));
    }

    /// The lines, in an order that means nothing and is always the same.
    pub fn lines(&self) -> impl ExactSizeIterator<Item = &Sighting> {
        self.by_hash().map(|(_, line)| line)
    }

    /// How many lines there are, and whether that is an estimate.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share between 0 and 1, of at most 2^64"
    )]
    pub fn spread(&self) -> (u64, bool) {
        let kept = self.lines.len() as u64;
        match self.by_hash.last() {
            // So many hashes lie below that share of all numbers (Bar-Yossef and others, 2002).
            Some(&(last, _)) if self.is_over => {
                let share = (last as f64 / u64::MAX as f64).max(f64::MIN_POSITIVE);
                ((((kept - 1) as f64) / share) as u64, true)
            }
            _ => (kept, false),
        }
    }
}

/// Hash of what a line is told by: the same in every run, so that the lines are.
#[inline]
fn hash(interface: Option<u32>, pair: Option<Pair>) -> u64 {
    let interface = interface.map_or(0, |interface| u64::from(interface) + 1);
    let (kind, words) = match pair {
        None => (0, [0; 4]),
        Some(Pair::V4(from, to)) => (1, [u64::from(from) << 32 | u64::from(to), 0, 0, 0]),
        Some(Pair::V6(from, to)) => (2, [high(from), low(from), high(to), low(to)]),
    };
    let first = mixed(mixed(interface << 2 | kind) ^ words[0]);
    if kind < 2 {
        return first;
    }
    words[1..].iter().fold(first, |hash, word| mixed(hash ^ word))
}

fn high(address: u128) -> u64 {
    (address >> 64) as u64
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half of the number")]
fn low(address: u128) -> u64 {
    address as u64
}

/// Mixes all bits of a number with one another: the finaliser of `SplitMix64` (Steele and others,
/// 2014).
#[inline]
fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ number >> 31
}

/// The lines of all rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sightings {
    /// One a row, once any occurred.
    rows: Vec<RowSightings>,
}

impl Sightings {
    /// Adds an occurrence of the row with that number.
    #[inline]
    pub fn add(&mut self, row: u8, sight: Sight) {
        if let Some(lines) = self.row_mut(row) {
            lines.add(sight);
        }
    }

    /// Adds an occurrence in a flow, as that of all its packets.
    pub fn add_flow(&mut self, row: u8, flow: &FlowView) {
        let mut line = Sighting::of(Sight {
            packet: flow.number,
            time: None,
            interface: None,
            pair: Some(flow.pair),
        });
        if let Some((first, last)) = flow.times {
            line.period.add(first);
            line.period.add(last);
        }
        if let Some(lines) = self.row_mut(row) {
            lines.merge_line(hash(line.interface, line.pair), &line);
        }
    }

    /// Adds those of another part of the capture.
    pub fn merge(&mut self, other: &Self) {
        if self.rows.is_empty() {
            self.rows.clone_from(&other.rows);
            return;
        }
        for (mine, theirs) in self.rows.iter_mut().zip(&other.rows) {
            mine.merge(theirs);
        }
    }

    /// The lines of the row with that number.
    pub fn row(&self, row: u8) -> Option<&RowSightings> {
        self.rows.get(usize::from(row))
    }

    #[inline]
    fn row_mut(&mut self, row: u8) -> Option<&mut RowSightings> {
        if self.rows.is_empty() {
            self.rows.resize_with(anomaly::COUNT, RowSightings::default);
        }
        self.rows.get_mut(usize::from(row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sight(packet: u64, from: u32) -> Sight {
        let time = Timestamp::from_nanos(i64::try_from(packet).unwrap_or(0));
        Sight { packet, time, interface: Some(0), pair: Some(Pair::V4(from, 1)) }
    }

    fn lines(sights: impl Iterator<Item = Sight>) -> RowSightings {
        let mut all = RowSightings::default();
        sights.for_each(|sight| all.add(sight));
        all
    }

    #[test]
    fn packets_in_any_order_and_parts_in_any_order_give_the_same_lines() {
        let count = 20_000;
        let from = |packet: u64| u32::try_from(packet % 5_000).unwrap_or(0);
        let all = || (1..=count).map(|packet| sight(packet, from(packet)));
        let whole = lines(all());
        assert_eq!((whole.lines().len(), whole.is_over), (MOST, true));
        assert_eq!(lines(all().collect::<Vec<_>>().into_iter().rev()), whole);
        let mut parts: Vec<_> =
            (0..7).map(|part| lines(all().filter(|s| s.packet % 7 == part))).collect();
        parts.rotate_left(3);
        let mut merged = RowSightings::default();
        for part in &parts {
            merged.merge(part);
        }
        assert_eq!(merged, whole);
        // Every address came four times; what is kept is counted whole.
        assert!(whole.lines().all(|line| line.count == 4 && line.examples().count() == 3));
    }

    #[test]
    fn how_many_there_are_is_exact_up_to_the_bound_and_near_behind_it() {
        let spread = |count: u32| lines((0..count).map(|from| sight(1, from))).spread();
        assert_eq!(spread(0), (0, false));
        assert_eq!(spread(512), (512, false));
        let (about, is_estimated) = spread(100_000);
        assert!(is_estimated && (85_000..115_000).contains(&about), "{about}");
    }

    #[test]
    fn the_first_packets_are_told_whatever_comes_first() {
        let mut line = Sighting::of(sight(9, 1));
        for packet in [4, 7, 4, 2, 8] {
            line.add(sight(packet, 1));
        }
        assert_eq!(line.examples().collect::<Vec<_>>(), [2, 4, 7]);
        assert_eq!((line.last, line.count), (9, 6));
    }
}
