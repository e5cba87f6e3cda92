//! The statistics of packets, as one table: a row a statistic, with what it is called, what shape
//! it has, how it folds, and how it reads.
//!
//! [`Analysis`](super::Analysis) holds one [`Value`] a row.  What a value is, and how two of them
//! merge, follows from the row's [`Shape`]; text, JSON and the screen show the entries that a row
//! reads, and compute nothing of their own.
//!
//! There are two ways to fold, so that the many packets that are alike cost little.  What is the
//! same for all packets of one header stack (their place in the ledger, their chain of headers) is
//! folded from what each stack adds up to in a group of packets, one call a statistic and group.
//! What differs from packet to packet (length, TTL) is counted by each packet's kind, in one loop
//! for all such statistics.
//!
//! # To add a statistic
//!
//! Write `statistic/<name>.rs` with a `ROW` (its shape, a function that folds or gives the kind of
//! a packet or a header stack, and one that reads), and add that row to [`ROWS`].  Nothing else
//! names it but the README: it is folded, merged, and written to text, to JSON and to every
//! snapshot of the screen from then on.  Two laws go through the table, and fail for a row that does
//! not merge (`tests/laws/merge.rs`) or that a face shows otherwise than the others, or not at all
//! (`tests/laws/faces.rs`).

pub mod captured;
pub mod checksum;
pub mod depth;
pub mod dscp;
pub mod ecn;
pub mod entry;
pub mod extension;
pub mod facts;
pub mod flow_label;
pub mod fragment;
pub mod hierarchy;
pub mod hop_limit;
pub mod interface;
pub mod ledger;
pub mod length;
pub mod option;
pub mod option_type;
pub mod period;
pub mod protocol;
pub mod row;
pub mod series;
pub mod stop;
pub mod total;
pub mod ttl;

use std::borrow::Cow;

use crate::analyze::count::{Tallies, Tally};
use crate::base::timestamp::Period;

pub use self::entry::{Detail, Entry};
pub use self::facts::{Folded, PacketFacts, StackFacts};
pub use self::row::{Fold, How, NONE, Names, Row, Shape, Unit, Value};
use self::row::{KindOfPacket, SLOTS};

/// Every statistic, in the order that JSON has them.
pub const ROWS: &[Row] = &[
    total::ROW,
    captured::ROW,
    period::ROW,
    ledger::ROW,
    stop::ROW,
    depth::ROW,
    hierarchy::ROW,
    protocol::ROW,
    ttl::ROW,
    hop_limit::ROW,
    dscp::ROW,
    ecn::ROW,
    flow_label::ROW,
    length::ROW,
    fragment::ROW,
    option::ROW,
    option_type::ROW,
    extension::ROW,
    checksum::ROW,
    interface::ROW,
    series::ROW,
];

/// Where all packets are counted: the sum that is looked up while packets come.
pub const TOTAL: usize = known(total::ROW.key);

/// How many statistics count packets one by one.
const KINDS: usize = {
    let (mut count, mut at) = (0, 0);
    while at < ROWS.len() {
        count += matches!(ROWS[at].shape, Shape::Distribution(_, How { fold: Fold::Kind(_), .. }))
            as usize;
        at += 1;
    }
    count
};

/// What kind each of those says that a packet is of.
const KIND: [KindOfPacket; KINDS] = {
    let mut kinds = [(|_| NONE) as KindOfPacket; KINDS];
    let (mut count, mut at) = (0, 0);
    while at < ROWS.len() {
        if let Shape::Distribution(_, How { fold: Fold::Kind(kind), .. }) = &ROWS[at].shape {
            kinds[count] = *kind;
            count += 1;
        }
        at += 1;
    }
    kinds
};

/// The distributions that count packets one by one.
///
/// One loop for all of them, in which each kind is a constant's call and so inlined, and the number
/// of slots is known: a loop for each took twice the time, since each waits for memory that it has
/// just written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByKind([Box<[Tally; SLOTS]>; KINDS]);

impl ByKind {
    /// Counts a packet.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the kinds are told apart while it is compiled")]
    pub fn add(&mut self, packet: &PacketFacts) {
        for (kind, slots) in KIND.iter().zip(&mut self.0) {
            slots[kind(packet).min(SLOTS - 1)].add(packet.octets.into());
        }
    }

    fn merge(&mut self, other: &Self) {
        let pairs = self.0.iter_mut().zip(&other.0).flat_map(|(a, b)| a.iter_mut().zip(&**b));
        pairs.for_each(|(mine, theirs)| mine.merge(*theirs));
    }
}

/// Where the packets' times are.
const PERIOD: usize = known(period::ROW.key);

impl Row {
    /// What was counted, as entries in the order to be shown.
    pub fn read(&self, values: &Values, names: &Names<'_>) -> Vec<Entry> {
        let value = values.get(self.other().unwrap_or(self.key));
        match (&self.shape, value.as_deref()) {
            (Shape::Counter(how), Some(Value::Counter(value))) => (how.read)(value, names),
            (Shape::Distribution(_, how), Some(Value::Distribution(value))) => {
                (how.read)(value, names)
            }
            (Shape::Tree(how), Some(Value::Tree(value))) => (how.read)(value, names),
            (Shape::Series(how), Some(Value::Series(value))) => (how.read)(value, names),
            (Shape::Period(how), Some(Value::Period(value))) => (how.read)(value, names),
            _ => Vec::new(),
        }
    }
}

/// The place of the row with that key, while the program is built: a wrong one does not compile.
const fn known(key: &str) -> usize {
    let mut at = 0;
    while !is_same(ROWS[at].key.as_bytes(), key.as_bytes()) {
        at += 1;
    }
    at
}

const fn is_same(mut one: &[u8], mut other: &[u8]) -> bool {
    while let ([a, more @ ..], [b, others @ ..]) = (one, other) {
        if *a != *b {
            return false;
        }
        (one, other) = (more, others);
    }
    one.is_empty() && other.is_empty()
}

/// One value a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Values {
    rows: Box<[Value]>,
    by_kind: ByKind,
}

impl Default for Values {
    fn default() -> Self {
        let mut slots = 0;
        Self {
            rows: ROWS.iter().map(|row| row.value(&mut slots)).collect(),
            by_kind: ByKind(std::array::from_fn(|_| Box::new([Tally::default(); SLOTS]))),
        }
    }
}

impl Values {
    /// Counts a group of packets: `each` counts all of them by kind, and gives what they add up to.
    #[inline]
    pub fn fold<'a>(&mut self, each: impl FnOnce(&mut ByKind) -> Folded<'a>) {
        let folded = each(&mut self.by_kind);
        for (row, value) in ROWS.iter().zip(&mut self.rows) {
            row.fold(value, &folded);
        }
    }

    /// Adds what was counted of another part of the capture.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.rows.iter_mut().zip(&other.rows) {
            mine.merge(theirs);
        }
        self.by_kind.merge(&other.by_kind);
    }

    /// The counter at that place of the table.
    pub fn counter(&self, at: usize) -> Tally {
        match self.rows.get(at) {
            Some(Value::Counter(tally)) => *tally,
            _ => Tally::default(),
        }
    }

    /// From the earliest time of any packet to the latest.
    pub fn period(&self) -> Period {
        match self.rows.get(PERIOD) {
            Some(Value::Period(period)) => *period,
            _ => Period::EMPTY,
        }
    }

    /// The value of the row with that key; none of a row that folds nothing of its own.
    pub fn get(&self, key: &str) -> Option<Cow<'_, Value>> {
        let (row, value) = ROWS.iter().zip(&self.rows).find(|(row, _)| row.key == key)?;
        match (&row.shape, value) {
            (Shape::Distribution(kinds, _), Value::ByKind(slots)) => {
                let own = self.by_kind.0.get(*slots)?.get(..*kinds)?;
                Some(Cow::Owned(Value::Distribution(own.into())))
            }
            (_, Value::Shared) => None,
            _ => Some(Cow::Borrowed(value)),
        }
    }

    /// The tallies of the distribution with that key.
    pub fn tallies(&self, key: &str) -> Option<Tallies> {
        match self.get(key)?.into_owned() {
            Value::Distribution(tallies) => Some(tallies),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn keys_and_titles_are_unique_and_told() {
        let keys: BTreeSet<_> = ROWS.iter().map(|row| row.key).collect();
        let titles: BTreeSet<_> = ROWS.iter().map(|row| row.title).collect();
        assert_eq!((keys.len(), titles.len()), (ROWS.len(), ROWS.len()));
        for row in ROWS {
            let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            assert!(!row.key.is_empty() && row.key.chars().all(is_plain), "{}", row.key);
            assert!(!row.title.is_empty() && !row.title.ends_with('.'), "{}", row.key);
        }
    }

    #[test]
    fn a_row_that_reads_another_has_its_shape_and_the_other_folds() {
        let values = Values::default();
        for row in ROWS {
            let Some(key) = row.other() else { continue };
            let other = ROWS.iter().find(|row| row.key == key).expect("a row");
            assert!(other.other().is_none(), "{key}");
            let is_like = |value: Option<&Value>| match (&row.shape, value) {
                (Shape::Counter(_), Some(Value::Counter(_)))
                | (Shape::Tree(_), Some(Value::Tree(_)))
                | (Shape::Series(_), Some(Value::Series(_)))
                | (Shape::Period(_), Some(Value::Period(_))) => true,
                (Shape::Distribution(kinds, _), Some(Value::Distribution(tallies))) => {
                    *kinds == tallies.kinds()
                }
                _ => false,
            };
            assert!(is_like(values.get(key).as_deref()), "{} reads {key}", row.key);
        }
    }

    #[test]
    fn every_kind_of_a_distribution_has_a_key_and_is_told() {
        for row in ROWS {
            let Shape::Distribution(kinds, how) = &row.shape else { continue };
            let mut tallies = Tallies::new(*kinds);
            (0..*kinds).for_each(|kind| tallies.add(kind, 60));
            let entries = (how.read)(&tallies, &Names::default());
            let keys: BTreeSet<_> = entries.iter().map(|entry| &entry.key).collect();
            assert_eq!(keys.len(), entries.len(), "two entries of '{}' have one key", row.key);
            let is_plain =
                |key: &str| !key.contains(['"', '\\']) && !key.contains(char::is_control);
            assert!(keys.iter().all(|key| !key.is_empty() && is_plain(key)), "{keys:?}");
            // What several read each reads a part of.
            let is_read = ROWS.iter().any(|other| other.other() == Some(row.key));
            let sum = entries.iter().map(|entry| entry.tally.packets).sum::<u64>();
            let is_alone = row.other().is_none() && !is_read;
            assert!(sum == *kinds as u64 || !is_alone, "{} leaves out a kind", row.key);
            assert!(*kinds < SLOTS, "{}", row.key);
        }
    }

    #[test]
    fn of_no_packets_there_are_no_entries_but_zeros() {
        let values = Values::default();
        for row in ROWS {
            let entries = row.read(&values, &Names::default());
            assert!(entries.iter().all(|entry| entry.tally == Tally::default()), "{}", row.key);
        }
    }
}
