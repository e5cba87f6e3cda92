//! Conversations and endpoints: packets by pair of addresses and by address, added up from the flows
//! when they are asked for.
//!
//! A flow remembers its chain of address pairs, so nothing need be looked up for every packet.

use std::cmp::Reverse;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::aggregate::{Entries, LISTS};
use super::analysis::Analysis;
use super::count::Tally;
use crate::base::threads::side_by_side;

/// Counts of conversations and endpoints, by IP version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct ConversationCounts {
    /// Unordered pairs of IPv4 addresses.
    pub ipv4_conversations: u64,
    /// IPv4 addresses.
    pub ipv4_endpoints: u64,
    /// Unordered pairs of IPv6 addresses.
    pub ipv6_conversations: u64,
    /// IPv6 addresses.
    pub ipv6_endpoints: u64,
    /// Whether there was no room for all conversations, so that their counts are lower bounds.
    pub are_conversations_estimated: bool,
    /// Whether there was no room for all endpoints, so that their counts are lower bounds.
    pub are_endpoints_estimated: bool,
}

impl ConversationCounts {
    pub(super) fn conversation(&mut self, is_v6: bool) {
        *if is_v6 { &mut self.ipv6_conversations } else { &mut self.ipv4_conversations } += 1;
    }

    pub(super) fn endpoint(&mut self, is_v6: bool) {
        *if is_v6 { &mut self.ipv6_endpoints } else { &mut self.ipv4_endpoints } += 1;
    }

    pub(super) fn conversation_if(&mut self, is_one: bool, is_v6: bool) {
        if is_one {
            self.conversation(is_v6);
        }
    }

    pub(super) fn endpoint_if(&mut self, is_one: bool, is_v6: bool) {
        if is_one {
            self.endpoint(is_v6);
        }
    }

    fn merge(&mut self, other: Self) {
        self.ipv4_conversations += other.ipv4_conversations;
        self.ipv4_endpoints += other.ipv4_endpoints;
        self.ipv6_conversations += other.ipv6_conversations;
        self.ipv6_endpoints += other.ipv6_endpoints;
    }
}

/// Over which of a packet's own IP headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HeaderScope {
    /// The outermost header.
    #[default]
    Outer,
    /// The innermost header.
    Inner,
    /// Every header but quotes and copies; who stands in several of one packet has one packet.
    All,
}

impl HeaderScope {
    /// The word for it on the command line and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Outer => "outer",
            Self::Inner => "inner",
            Self::All => "all",
        }
    }

    /// What the headers are called.
    pub fn headers(self) -> &'static str {
        match self {
            Self::Outer => "outermost headers",
            Self::Inner => "innermost headers",
            Self::All => "all headers",
        }
    }

    /// The one that is shown next.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Outer => Self::Inner,
            Self::Inner => Self::All,
            Self::All => Self::Outer,
        }
    }
}

/// An address of either version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Address {
    /// IPv4.
    V4(u32),
    /// IPv6.
    V6(u128),
}

impl From<Address> for std::net::IpAddr {
    fn from(address: Address) -> Self {
        match address {
            Address::V4(number) => Self::V4(number.into()),
            Address::V6(number) => Self::V6(number.into()),
        }
    }
}

/// Traffic between two addresses, the smaller first; or of one address, sent and received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traffic<T> {
    /// Who.
    pub who: T,
    /// From the smaller address to the greater; or sent.
    pub forth: Tally,
    /// From the greater to the smaller; or received.
    pub back: Tally,
}

impl<T> Traffic<T> {
    /// Both ways.
    pub fn total(&self) -> Tally {
        let mut sum = self.forth;
        sum.merge(self.back);
        sum
    }
}

/// Receives every conversation and endpoint that one thread of several adds up, in no order that
/// means anything.
pub trait Visitor: Send {
    /// Packets between two addresses.
    fn conversation(&mut self, traffic: Traffic<(Address, Address)>);
    /// Packets of one address.
    fn endpoint(&mut self, traffic: Traffic<Address>);
}

/// A visitor for whoever wants counts alone.
impl Visitor for () {
    fn conversation(&mut self, _: Traffic<(Address, Address)>) {}
    fn endpoint(&mut self, _: Traffic<Address>) {}
}

/// Counts of conversations and endpoints, and the visitors that received them.
#[derive(Debug)]
pub struct Aggregate<V> {
    /// Of outermost headers.
    pub outer: ConversationCounts,
    /// Of innermost headers.
    pub inner: ConversationCounts,
    /// Of all headers but quotes and copies.
    pub all: ConversationCounts,
    /// One a thread.
    pub visitors: Vec<V>,
}

/// Flows from which on a second thread pays.
const MANY: usize = 20_000;

/// Adds flows up to conversations and endpoints, by at most `threads` threads; visitors receive those
/// of `scope`.
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

impl<V> Aggregate<V> {
    /// Counts by the headers in a scope.
    pub fn of(&self, scope: HeaderScope) -> ConversationCounts {
        match scope {
            HeaderScope::Outer => self.outer,
            HeaderScope::Inner => self.inner,
            HeaderScope::All => self.all,
        }
    }
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
