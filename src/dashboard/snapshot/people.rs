//! Who talked: the first of them in the order wished for, counted by all cores.

use std::collections::BTreeMap;

use super::{Kind, rank_of};
use crate::address::describe::label;
use crate::analyze::talk::{Address, Scope, Talk, Visitor, survey};
use crate::analyze::{Analysis, Tally};
use crate::dashboard::wish::{FirstRows, Listed, Rank};

/// Threads that count; packets wait meanwhile, so one is not enough, and not for many.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, |count| count.get().min(4))
}

struct Pairs {
    rank: fn(&Talk<(Address, Address)>) -> Rank,
    first: FirstRows<Talk<(Address, Address)>>,
}

impl Visitor for Pairs {
    fn conversation(&mut self, talk: Talk<(Address, Address)>) {
        self.first.push((self.rank)(&talk), rank_of(talk.who.0), talk);
    }

    fn endpoint(&mut self, _: Talk<Address>) {}
}

/// Pairs of addresses.
pub(super) fn conversations(
    analysis: &Analysis,
    rank: fn(&Talk<(Address, Address)>) -> Rank,
    descends: bool,
) -> Listed<Talk<(Address, Address)>> {
    let visitor = || Pairs { rank, first: FirstRows::new(descends) };
    let found = survey(analysis, Scope::All, threads(), visitor).visitors;
    let parts = found.into_iter().map(|part| part.first);
    parts.reduce(FirstRows::with).map_or_else(Listed::default, FirstRows::finish)
}

struct Ends {
    rank: fn(&Talk<Address>) -> Rank,
    first: FirstRows<Talk<Address>>,
}

impl Visitor for Ends {
    fn conversation(&mut self, _: Talk<(Address, Address)>) {}

    fn endpoint(&mut self, talk: Talk<Address>) {
        self.first.push((self.rank)(&talk), rank_of(talk.who), talk);
    }
}

/// Addresses.
pub(super) fn endpoints(
    analysis: &Analysis,
    rank: fn(&Talk<Address>) -> Rank,
    descends: bool,
) -> Listed<Talk<Address>> {
    let visitor = || Ends { rank, first: FirstRows::new(descends) };
    let found = survey(analysis, Scope::All, threads(), visitor).visitors;
    let parts = found.into_iter().map(|part| part.first);
    parts.reduce(FirstRows::with).map_or_else(Listed::default, FirstRows::finish)
}

struct Mix {
    ends: Ends,
    kinds: BTreeMap<&'static str, (u64, Tally)>,
    letters: [u64; 6],
}

impl Visitor for Mix {
    fn conversation(&mut self, _: Talk<(Address, Address)>) {}

    fn endpoint(&mut self, talk: Talk<Address>) {
        let label = label(talk.who.into());
        let entry = self.kinds.entry(label.kind).or_default();
        entry.0 += 1;
        entry.1.merge(talk.total());
        let letter = label.class.bytes().next().map_or(5, |letter| usize::from(letter - b'A'));
        self.letters[letter.min(5)] += 1;
        self.ends.endpoint(talk);
    }
}

/// Types of addresses, most packets first; addresses of class A to E, then IPv6; those with most
/// packets.
pub(super) fn overview(analysis: &Analysis) -> (Vec<Kind>, [u64; 6], Listed<Talk<Address>>) {
    let rank: fn(&Talk<Address>) -> Rank = |talk| {
        let Tally { packets, octets } = talk.total();
        (0, u128::from(packets) << 64 | u128::from(octets))
    };
    let visitor = || Mix {
        ends: Ends { rank, first: FirstRows::new(true) },
        kinds: BTreeMap::new(),
        letters: [0; 6],
    };
    let found = survey(analysis, Scope::All, threads(), visitor).visitors;
    let mut all = visitor();
    for part in found {
        all.ends.first = all.ends.first.with(part.ends.first);
        for (name, (addresses, tally)) in part.kinds {
            let entry = all.kinds.entry(name).or_default();
            entry.0 += addresses;
            entry.1.merge(tally);
        }
        all.letters.iter_mut().zip(part.letters).for_each(|(sum, other)| *sum += other);
    }
    let kinds = all.kinds.into_iter();
    let mut kinds: Vec<_> =
        kinds.map(|(name, (addresses, tally))| Kind { name, addresses, tally }).collect();
    kinds.sort_by_key(|kind| (std::cmp::Reverse(kind.tally), kind.name));
    (kinds, all.letters, all.ends.first.finish())
}
