//! The first endpoints and conversations in the requested order, counted by several threads.

use crate::analyze::Analysis;
use crate::analyze::conversation::aggregate;
use crate::analyze::traffic::{Address, HeaderScope, Traffic, Visitor};
use crate::dashboard::model::rows::{Rank, RankedRows, TopRows, address_rank};

/// Threads that count: packets wait meanwhile, so that one is not enough, and many are too many.
pub fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, |count| count.get().min(4))
}

struct Pairs {
    rank: fn(&Traffic<(Address, Address)>) -> Rank,
    first: TopRows<Traffic<(Address, Address)>>,
}

impl Visitor for Pairs {
    fn conversation(&mut self, traffic: Traffic<(Address, Address)>) {
        self.first.push((self.rank)(&traffic), address_rank(traffic.who.0), traffic);
    }

    fn endpoint(&mut self, _: Traffic<Address>) {}
}

/// Pairs of addresses.
pub fn conversations(
    analysis: &Analysis,
    scope: HeaderScope,
    rank: fn(&Traffic<(Address, Address)>) -> Rank,
    descends: bool,
) -> RankedRows<Traffic<(Address, Address)>> {
    let visitor = || Pairs { rank, first: TopRows::new(descends) };
    let found = aggregate(analysis, scope, threads(), visitor).visitors;
    let parts = found.into_iter().map(|part| part.first);
    parts.reduce(TopRows::with).map_or_else(RankedRows::default, TopRows::finish)
}

struct Ends {
    rank: fn(&Traffic<Address>) -> Rank,
    first: TopRows<Traffic<Address>>,
}

impl Visitor for Ends {
    fn conversation(&mut self, _: Traffic<(Address, Address)>) {}

    fn endpoint(&mut self, traffic: Traffic<Address>) {
        self.first.push((self.rank)(&traffic), address_rank(traffic.who), traffic);
    }
}

/// Addresses.
pub fn endpoints(
    analysis: &Analysis,
    scope: HeaderScope,
    rank: fn(&Traffic<Address>) -> Rank,
    descends: bool,
) -> RankedRows<Traffic<Address>> {
    let visitor = || Ends { rank, first: TopRows::new(descends) };
    let found = aggregate(analysis, scope, threads(), visitor).visitors;
    let parts = found.into_iter().map(|part| part.first);
    parts.reduce(TopRows::with).map_or_else(RankedRows::default, TopRows::finish)
}
