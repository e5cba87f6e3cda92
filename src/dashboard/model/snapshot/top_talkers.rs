//! The first endpoints and conversations in the order asked for, counted by several threads.

use crate::analyze::Analysis;
use crate::analyze::talk::{Address, Scope, Talk, Visitor, survey};
use crate::dashboard::model::rows::{Rank, RankedRows, TopRows, address_rank};

/// Threads that count: packets wait meanwhile, so that one is not enough, and many are too many.
pub fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, |count| count.get().min(4))
}

struct Pairs {
    rank: fn(&Talk<(Address, Address)>) -> Rank,
    first: TopRows<Talk<(Address, Address)>>,
}

impl Visitor for Pairs {
    fn conversation(&mut self, talk: Talk<(Address, Address)>) {
        self.first.push((self.rank)(&talk), address_rank(talk.who.0), talk);
    }

    fn endpoint(&mut self, _: Talk<Address>) {}
}

/// Pairs of addresses.
pub fn conversations(
    analysis: &Analysis,
    scope: Scope,
    rank: fn(&Talk<(Address, Address)>) -> Rank,
    descends: bool,
) -> RankedRows<Talk<(Address, Address)>> {
    let visitor = || Pairs { rank, first: TopRows::new(descends) };
    let found = survey(analysis, scope, threads(), visitor).visitors;
    let parts = found.into_iter().map(|part| part.first);
    parts.reduce(TopRows::with).map_or_else(RankedRows::default, TopRows::finish)
}

struct Ends {
    rank: fn(&Talk<Address>) -> Rank,
    first: TopRows<Talk<Address>>,
}

impl Visitor for Ends {
    fn conversation(&mut self, _: Talk<(Address, Address)>) {}

    fn endpoint(&mut self, talk: Talk<Address>) {
        self.first.push((self.rank)(&talk), address_rank(talk.who), talk);
    }
}

/// Addresses.
pub fn endpoints(
    analysis: &Analysis,
    scope: Scope,
    rank: fn(&Talk<Address>) -> Rank,
    descends: bool,
) -> RankedRows<Talk<Address>> {
    let visitor = || Ends { rank, first: TopRows::new(descends) };
    let found = survey(analysis, scope, threads(), visitor).visitors;
    let parts = found.into_iter().map(|part| part.first);
    parts.reduce(TopRows::with).map_or_else(RankedRows::default, TopRows::finish)
}
