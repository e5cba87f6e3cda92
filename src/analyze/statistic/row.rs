//! A statistic as a row: its shape, how it folds and how it reads.

use serde::Serialize;

use super::entry::Entry;
use super::facts::{Folded, PacketFacts, StackFacts};
use crate::analyze::count::{Tallies, Tally};
use crate::analyze::hierarchy::Hierarchy;
use crate::analyze::series::Series;
use crate::base::timestamp::Period;
use crate::capture::Interface;

/// Slots of each distribution that counts packets one by one: more than any has kinds, so that the
/// last is for packets of none.
pub(super) const SLOTS: usize = 513;

/// One statistic.
#[derive(Debug, Serialize)]
pub struct Row {
    /// Its key in JSON.
    pub key: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What is counted.
    pub unit: Unit,
    /// What its value is, how it folds and how it reads.
    #[serde(skip)]
    pub shape: Shape,
}

/// What a statistic counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Packets, and their octets on the wire.
    Packets,
    /// Packets alone: their octets are counted elsewhere.
    PacketsOnly,
    /// Headers.
    Headers,
    /// Captured octets.
    Octets,
    /// Moments.
    Time,
}

/// What a statistic's value is.
#[derive(Debug)]
pub enum Shape {
    /// One tally.
    Counter(How<Tally>),
    /// A tally for each of so many kinds, indexed by a small number.
    Distribution(usize, How<Tallies>),
    /// Chains of headers, which share their beginnings.
    Tree(How<Hierarchy>),
    /// Tallies over time.
    Series(How<Series>),
    /// From the earliest moment to the latest.
    Period(How<Period>),
}

/// How a value of one shape comes about, and what it says.
#[derive(Debug)]
pub struct How<V: 'static> {
    /// How it folds.
    pub fold: Fold<V>,
    /// How it reads.
    pub read: fn(&V, &Names<'_>) -> Vec<Entry>,
}

/// The kind that a packet is of, as an index among those of a distribution.
pub type KindOfPacket = fn(&PacketFacts) -> usize;

/// How a value folds.
#[derive(Debug)]
pub enum Fold<V: 'static> {
    /// From each packet, by its kind; [`NONE`] where it is of none.  Only a distribution folds so.
    Kind(KindOfPacket),
    /// From what each header stack adds up to in a group, by the kind that all packets of the stack
    /// are of; [`NONE`] where they are of none.  Only a distribution folds so.
    StackKind(fn(&StackFacts) -> usize),
    /// From what each header stack adds up to in a group, otherwise.
    Stacks(fn(&mut V, &[(StackFacts, Tally)])),
    /// From what all packets of a group add up to.
    Group(fn(&mut V, &Folded<'_>)),
    /// Not at all: it is another reading of the statistic with that key, of the same shape.
    As(&'static str),
}

impl<V> Fold<V> {
    #[inline]
    fn run(&self, value: &mut V, folded: &Folded<'_>) {
        match self {
            Self::Stacks(fold) => fold(value, folded.stacks),
            Self::Group(fold) => fold(value, folded),
            // Packets were counted one by one, or are counted as a distribution.
            Self::Kind(_) | Self::StackKind(_) | Self::As(_) => {}
        }
    }

    fn other(&self) -> Option<&'static str> {
        match self {
            Self::As(key) => Some(key),
            Self::Kind(_) | Self::StackKind(_) | Self::Stacks(_) | Self::Group(_) => None,
        }
    }
}

/// The kind of a packet that a distribution does not count.
pub const NONE: usize = usize::MAX;

/// What entries are called by that only the capture knows.
#[derive(Debug, Clone, Copy, Default)]
pub struct Names<'a> {
    /// Its interfaces, in the order of their numbers.
    pub interfaces: &'a [Interface],
}

/// What was folded of one statistic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Of [`Shape::Counter`].
    Counter(Tally),
    /// Of [`Shape::Distribution`].
    Distribution(Tallies),
    /// Of [`Shape::Tree`].
    Tree(Hierarchy),
    /// Of [`Shape::Series`].
    Series(Series),
    /// Of [`Shape::Period`].
    Period(Period),
    /// Of a row that folds by kind: where its slots are.
    ByKind(usize),
    /// Of a row that folds nothing of its own, see [`Fold::As`].
    Shared,
}

impl Value {
    /// Adds what another counted of the same statistic.
    pub fn merge(&mut self, other: &Self) {
        match (self, other) {
            (Self::Counter(mine), Self::Counter(theirs)) => mine.merge(*theirs),
            (Self::Distribution(mine), Self::Distribution(theirs)) => mine.merge(theirs),
            (Self::Tree(mine), Self::Tree(theirs)) => mine.merge(theirs),
            (Self::Series(mine), Self::Series(theirs)) => mine.merge(theirs),
            (Self::Period(mine), Self::Period(theirs)) => mine.merge(*theirs),
            // Both follow from the one table; what has slots is merged there.
            _ => {}
        }
    }
}

impl Row {
    /// Nothing counted yet; `slots` is where the next row that folds by kind has its own.
    pub(super) fn value(&self, slots: &mut usize) -> Value {
        if self.other().is_some() {
            return Value::Shared;
        }
        match &self.shape {
            Shape::Counter(_) => Value::Counter(Tally::default()),
            Shape::Distribution(kinds, How { fold: Fold::Kind(_), .. }) => {
                debug_assert!(*kinds < SLOTS, "{}", self.key);
                *slots += 1;
                Value::ByKind(*slots - 1)
            }
            Shape::Distribution(kinds, _) => Value::Distribution(Tallies::new(*kinds)),
            Shape::Tree(_) => Value::Tree(Hierarchy::default()),
            Shape::Series(_) => Value::Series(Series::default()),
            Shape::Period(_) => Value::Period(Period::EMPTY),
        }
    }

    /// The key of the row whose value this one reads, where it folds none of its own.
    pub fn other(&self) -> Option<&'static str> {
        match &self.shape {
            Shape::Counter(how) => how.fold.other(),
            Shape::Distribution(_, how) => how.fold.other(),
            Shape::Tree(how) => how.fold.other(),
            Shape::Series(how) => how.fold.other(),
            Shape::Period(how) => how.fold.other(),
        }
    }

    #[inline]
    pub(super) fn fold(&self, value: &mut Value, folded: &Folded<'_>) {
        match (&self.shape, value) {
            (Shape::Counter(how), Value::Counter(value)) => how.fold.run(value, folded),
            (
                Shape::Distribution(_, How { fold: Fold::StackKind(kind), .. }),
                Value::Distribution(value),
            ) => {
                for (stack, tally) in folded.stacks {
                    match kind(stack) {
                        NONE => {}
                        kind => value.merge_one(kind, *tally),
                    }
                }
            }
            (Shape::Distribution(_, how), Value::Distribution(value)) => {
                how.fold.run(value, folded);
            }
            (Shape::Tree(how), Value::Tree(value)) => how.fold.run(value, folded),
            (Shape::Series(how), Value::Series(value)) => how.fold.run(value, folded),
            (Shape::Period(how), Value::Period(value)) => how.fold.run(value, folded),
            _ => {}
        }
    }
}
