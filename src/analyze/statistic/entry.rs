//! What a statistic says: entries, each with its name, its tally, and whatever is inferred of it.

use std::borrow::Cow;
use std::cmp::Reverse;

use serde::Serialize;

use crate::analyze::count::{Tallies, Tally};
use crate::base::timestamp::{TimeDelta, Timestamp};

/// One line of a statistic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Its key in JSON, which no other entry of the statistic has.
    pub key: Cow<'static, str>,
    /// What it is called, safe to show.
    pub name: Cow<'static, str>,
    /// The number it stands for.
    pub value: u64,
    /// What was counted.
    pub tally: Tally,
    /// Whether it is nothing to speak of: text, which is short, leaves it out.
    pub is_usual: bool,
    /// What else is known of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<Detail>,
}

/// What is known of an entry beside its tally.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// Of a TTL or hop limit, inferred.
    Hops {
        /// The initial value that the sender seems to have set.
        initial: u8,
        /// Routers passed since then.
        passed: u8,
    },
    /// Of a range of numbers.
    Range {
        /// The least.
        first: u32,
        /// The greatest; [`u32::MAX`] stands for no end.
        last: u32,
    },
    /// Of a DSCP: its packets by ECN, in the order of the field's values.
    Ecn([u64; 4]),
    /// Of a header in the protocol hierarchy.
    Node {
        /// Headers before it.
        depth: u8,
        /// It and the headers before it, see [`crate::decode::layers::LayerIndex::headers_of`]; 0
        /// where it stands for no chain.
        #[serde(skip)]
        path: u128,
        /// Packets in which nothing follows it.
        ends: Tally,
    },
    /// Of a step of time.
    Step {
        /// When it begins.
        begin: Timestamp,
        /// How long it is: as long as all others.
        width: TimeDelta,
    },
    /// A moment.
    Moment(Timestamp),
}

impl Entry {
    /// When a step of time begins, and how long it is.
    pub fn step(&self) -> Option<(Timestamp, TimeDelta)> {
        match self.detail? {
            Detail::Step { begin, width } => Some((begin, width)),
            _ => None,
        }
    }

    /// The range that it stands for: the least and the greatest.
    pub fn range(&self) -> Option<(u32, u32)> {
        match self.detail? {
            Detail::Range { first, last } => Some((first, last)),
            _ => None,
        }
    }

    /// Routers that its packets seem to have passed.
    pub fn passed(&self) -> Option<u8> {
        match self.detail? {
            Detail::Hops { passed, .. } => Some(passed),
            _ => None,
        }
    }

    /// Of a header in the hierarchy: the headers before it, and the chain that it ends.
    pub fn node(&self) -> Option<(u8, u128)> {
        match self.detail? {
            Detail::Node { depth, path, .. } => Some((depth, path)),
            _ => None,
        }
    }

    /// Its packets by ECN, in the order of the field's values.
    pub fn ecn(&self) -> [u64; 4] {
        match self.detail {
            Some(Detail::Ecn(packets)) => packets,
            _ => [0; 4],
        }
    }

    /// An entry that is called by its key.
    pub fn new(key: impl Into<Cow<'static, str>>, value: u64, tally: Tally) -> Self {
        let key = key.into();
        Self { name: key.clone(), key, value, tally, is_usual: false, detail: None }
    }

    /// This entry with another name.
    #[must_use]
    pub fn named(self, name: impl Into<Cow<'static, str>>) -> Self {
        Self { name: name.into(), ..self }
    }

    /// This entry, not worth a line of its own where it `is_usual`.
    #[must_use]
    pub fn usual(self, is_usual: bool) -> Self {
        Self { is_usual, ..self }
    }

    /// This entry with what else is known of it.
    #[must_use]
    pub fn with(self, detail: Option<Detail>) -> Self {
        Self { detail, ..self }
    }
}

/// Entries of the kinds that were seen, by the keys and names of all kinds, in their order.
pub(super) fn named_kinds(
    tallies: &Tallies,
    kinds: &'static [(&'static str, &'static str)],
) -> impl Iterator<Item = Entry> {
    tallies.seen().filter_map(|(at, tally)| {
        let &(key, name) = kinds.get(at)?;
        Some(Entry::new(key, at as u64, tally).named(name))
    })
}

/// Entries by what was counted, most first, then by value.
pub(super) fn most_first(entries: impl Iterator<Item = Entry>) -> Vec<Entry> {
    let mut entries: Vec<_> = entries.collect();
    entries.sort_by_key(|entry| (Reverse(entry.tally), entry.value));
    entries
}
