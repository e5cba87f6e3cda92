//! Conversations and endpoints: packets by pair of addresses and by address, added up from the
//! flows on request.
//!
//! A flow remembers its chain of address pairs, so nothing need be looked up for every packet.

use std::cmp::Reverse;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::aggregate::{Entries, LISTS};
use super::analysis::Analysis;
use super::traffic::{Address, Aggregate, ConversationCounts, HeaderScope, Traffic, Visitor};
use crate::base::threads::side_by_side;

/// Flows from which on a second thread pays.
const MANY: usize = 20_000;

/// Adds flows up to conversations and endpoints, by at most `threads` threads; visitors receive
/// those of `scope`.
///
/// A table of the pairs of 300,000 flows is larger than a cache, and every look into it waits for
/// memory.  So an entry is a hash and where the flow is found, eight octets; these are
/// sorted by hash, and what has one hash is then looked at together.
pub fn aggregate<V: Visitor>(
    analysis: &Analysis,
    scope: HeaderScope,
    threads: usize,
    visitor: impl Fn() -> V + Sync,
) -> Aggregate<V> {
    let threads = if analysis.live_flows() < MANY { 1 } else { threads.clamp(1, LISTS) };
    let entries = Entries::of(analysis, threads);
    let next = AtomicUsize::new(0);
    let work = |_| {
        let mut found = Aggregate {
            outer: ConversationCounts::default(),
            inner: ConversationCounts::default(),
            all: ConversationCounts::default(),
            visitors: vec![visitor()],
        };
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= LISTS {
                return found;
            }
            entries.visit(number, scope, &mut found);
        }
    };
    let mut all = side_by_side(threads, work).into_iter();
    let mut found = all.next().unwrap_or_else(|| work(0));
    let (conversations, endpoints) = analysis.are_estimated();
    for counts in [&mut found.outer, &mut found.inner, &mut found.all] {
        counts.are_conversations_estimated = conversations;
        counts.are_endpoints_estimated = endpoints;
    }
    for other in all {
        found.outer.merge(other.outer);
        found.inner.merge(other.inner);
        found.all.merge(other.all);
        found.visitors.extend(other.visitors);
    }
    found
}

/// How many conversations and endpoints there were.
pub fn count(analysis: &Analysis, scope: HeaderScope) -> ConversationCounts {
    aggregate(analysis, scope, 1, || ()).of(scope)
}

/// A visitor that keeps all.
#[derive(Debug, Default)]
struct Lists {
    is_by_pair: bool,
    conversations: Vec<Traffic<(Address, Address)>>,
    endpoints: Vec<Traffic<Address>>,
}

impl Visitor for Lists {
    fn conversation(&mut self, traffic: Traffic<(Address, Address)>) {
        if self.is_by_pair {
            self.conversations.push(traffic);
        }
    }

    fn endpoint(&mut self, traffic: Traffic<Address>) {
        if !self.is_by_pair {
            self.endpoints.push(traffic);
        }
    }
}

/// All conversations, most packets first.
pub fn conversations(analysis: &Analysis, scope: HeaderScope) -> Vec<Traffic<(Address, Address)>> {
    let aggregate =
        aggregate(analysis, scope, 1, || Lists { is_by_pair: true, ..Lists::default() });
    let mut all: Vec<_> =
        aggregate.visitors.into_iter().flat_map(|list| list.conversations).collect();
    all.sort_unstable_by_key(|traffic| (Reverse(traffic.total()), traffic.who));
    all
}

/// All endpoints, most packets first.
pub fn endpoints(analysis: &Analysis, scope: HeaderScope) -> Vec<Traffic<Address>> {
    let aggregate = aggregate(analysis, scope, 1, Lists::default);
    let mut all: Vec<_> = aggregate.visitors.into_iter().flat_map(|list| list.endpoints).collect();
    all.sort_unstable_by_key(|traffic| (Reverse(traffic.total()), traffic.who));
    all
}
