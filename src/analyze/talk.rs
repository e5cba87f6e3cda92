//! Conversations and endpoints: who talked with whom, derived from the flows when it is asked for.
//!
//! A flow remembers its chain of address pairs, so nothing need be looked up for every packet.

use std::cmp::Reverse;

use super::analysis::Analysis;
use super::count::Tally;
use super::key::Key;
use crate::decode::tuple::Pair;

/// Counts of conversations and endpoints, by IP version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct TalkCounts {
    /// Unordered pairs of IPv4 addresses.
    pub ipv4_conversations: u64,
    /// IPv4 addresses.
    pub ipv4_endpoints: u64,
    /// Unordered pairs of IPv6 addresses.
    pub ipv6_conversations: u64,
    /// IPv6 addresses.
    pub ipv6_endpoints: u64,
}

/// Over the outermost header of every packet, or over its whole chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The outermost header.
    Outer,
    /// Every header but quotes and copies.
    All,
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
pub struct Talk<T> {
    /// Who.
    pub who: T,
    /// From the smaller address to the greater; or sent.
    pub forth: Tally,
    /// From the greater to the smaller; or received.
    pub back: Tally,
}

impl<T> Talk<T> {
    /// Both ways.
    pub fn total(&self) -> Tally {
        let mut sum = self.forth;
        sum.merge(self.back);
        sum
    }

    fn merge(&mut self, forth: Tally, back: Tally) {
        self.forth.merge(forth);
        self.back.merge(back);
    }

    fn named<U>(&self, who: U) -> Talk<U> {
        Talk { who, forth: self.forth, back: self.back }
    }
}

/// Everybody of one IP version who talked, by address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Circle<T> {
    /// Unordered pairs, by the smaller address, then the greater.
    pub conversations: Vec<Talk<(T, T)>>,
    /// Addresses.
    pub endpoints: Vec<Talk<T>>,
}

/// Everybody who talked, by version.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Talks {
    /// IPv4.
    pub v4: Circle<u32>,
    /// IPv6.
    pub v6: Circle<u128>,
}

impl Talks {
    /// Everybody in `scope`.
    pub fn of(analysis: &Analysis, scope: Scope) -> Self {
        let (mut v4, mut v6) = (Meetings::default(), Meetings::default());
        each_pair(analysis, scope, |pair, tallies| match pair {
            Pair::V4(a, b) => v4.push(a, b, tallies),
            Pair::V6(a, b) => v6.push(a, b, tallies),
        });
        Self { v4: v4.circle(), v6: v6.circle() }
    }

    /// How many there are.
    pub fn counts(&self) -> TalkCounts {
        TalkCounts {
            ipv4_conversations: self.v4.conversations.len() as u64,
            ipv4_endpoints: self.v4.endpoints.len() as u64,
            ipv6_conversations: self.v6.conversations.len() as u64,
            ipv6_endpoints: self.v6.endpoints.len() as u64,
        }
    }

    /// The `count` conversations with most packets, most first.
    pub fn top_conversations(&self, count: usize) -> Vec<Talk<(Address, Address)>> {
        let v4 = most(&self.v4.conversations, count).map(|talk| {
            let (a, b) = talk.who;
            talk.named((Address::V4(a), Address::V4(b)))
        });
        let v6 = most(&self.v6.conversations, count).map(|talk| {
            let (a, b) = talk.who;
            talk.named((Address::V6(a), Address::V6(b)))
        });
        first(v4.chain(v6), count)
    }

    /// The `count` endpoints with most packets, most first.
    pub fn top_endpoints(&self, count: usize) -> Vec<Talk<Address>> {
        let v4 = most(&self.v4.endpoints, count).map(|talk| talk.named(Address::V4(talk.who)));
        let v6 = most(&self.v6.endpoints, count).map(|talk| talk.named(Address::V6(talk.who)));
        first(v4.chain(v6), count)
    }
}

/// The flows' address pairs of one version, to be sorted: a hash table of as many pairs misses the
/// cache at every step, and sorting numbers does not.
struct Meetings<T: Sortable> {
    pairs: Vec<(T::Pair, u32)>,
    /// From the smaller address to the greater, and back.
    tallies: Vec<[Tally; 2]>,
}

impl<T: Sortable> Default for Meetings<T> {
    fn default() -> Self {
        Self { pairs: Vec::new(), tallies: Vec::new() }
    }
}

impl<T: Sortable> Meetings<T> {
    fn push(&mut self, a: T, b: T, [forth, back]: [Tally; 2]) {
        // The flow table is bounded well below what a u32 numbers.
        let place = u32::try_from(self.tallies.len()).unwrap_or(u32::MAX);
        self.pairs.push((T::join(a.min(b), a.max(b)), place));
        self.tallies.push(if a <= b { [forth, back] } else { [back, forth] });
    }

    fn circle(mut self) -> Circle<T> {
        self.pairs.sort_unstable_by_key(|pair| pair.0);
        let mut conversations: Vec<Talk<(T, T)>> = Vec::with_capacity(self.pairs.len());
        for &(pair, place) in &self.pairs {
            let [forth, back] = self.tallies.get(place as usize).copied().unwrap_or_default();
            let who = T::part(pair);
            match conversations.last_mut().filter(|talk| talk.who == who) {
                Some(talk) => talk.merge(forth, back),
                None => conversations.push(Talk { who, forth, back }),
            }
        }
        // Every conversation again by its greater address; those by the smaller stand in order.
        // What an address sends to itself is not received again.
        let mut others: Vec<(T, u32)> = (0..)
            .zip(&conversations)
            .filter(|(_, talk)| talk.who.0 != talk.who.1)
            .map(|(place, talk)| (talk.who.1, place))
            .collect();
        others.sort_unstable();
        let mut endpoints: Vec<Talk<T>> = Vec::with_capacity(conversations.len() + others.len());
        let mut add = |who: T, forth: Tally, back: Tally| match endpoints
            .last_mut()
            .filter(|talk| talk.who == who)
        {
            Some(talk) => talk.merge(forth, back),
            None => endpoints.push(Talk { who, forth, back }),
        };
        let mut others = others.into_iter().peekable();
        let mut other = |upto: Option<T>, add: &mut dyn FnMut(T, Tally, Tally)| {
            while let Some((who, place)) =
                others.next_if(|&(who, _)| upto.is_none_or(|upto| who <= upto))
            {
                if let Some(talk) = conversations.get(place as usize) {
                    add(who, talk.back, talk.forth);
                }
            }
        };
        for talk in &conversations {
            other(Some(talk.who.0), &mut add);
            add(talk.who.0, talk.forth, talk.back);
        }
        other(None, &mut add);
        Circle { conversations, endpoints }
    }
}

/// An address whose pairs can be sorted fast.
trait Sortable: Ord + Copy {
    /// Two of them as one value in the same order.
    type Pair: Ord + Copy;
    fn join(a: Self, b: Self) -> Self::Pair;
    fn part(pair: Self::Pair) -> (Self, Self);
}

impl Sortable for u32 {
    type Pair = u64;

    fn join(a: Self, b: Self) -> u64 {
        u64::from(a) << 32 | u64::from(b)
    }

    #[expect(clippy::cast_possible_truncation, reason = "the two halves")]
    fn part(pair: u64) -> (Self, Self) {
        ((pair >> 32) as Self, pair as Self)
    }
}

impl Sortable for u128 {
    type Pair = (u128, u128);

    fn join(a: Self, b: Self) -> (Self, Self) {
        (a, b)
    }

    fn part(pair: (Self, Self)) -> (Self, Self) {
        pair
    }
}

/// How many conversations and endpoints there were.
pub fn count(analysis: &Analysis, scope: Scope) -> TalkCounts {
    Talks::of(analysis, scope).counts()
}

/// All conversations, most packets first.
pub fn conversations(analysis: &Analysis, scope: Scope) -> Vec<Talk<(Address, Address)>> {
    Talks::of(analysis, scope).top_conversations(usize::MAX)
}

/// All endpoints, most packets first.
pub fn endpoints(analysis: &Analysis, scope: Scope) -> Vec<Talk<Address>> {
    Talks::of(analysis, scope).top_endpoints(usize::MAX)
}

/// The `count` talks with most packets, in no order.
fn most<T: Ord + Copy>(talks: &[Talk<T>], count: usize) -> impl Iterator<Item = Talk<T>> {
    top(talks.iter().copied(), count, |talk| (Reverse(talk.total()), talk.who)).into_iter()
}

/// The first `count` of `talks`, most packets first.
fn first<T: Ord + Copy>(talks: impl Iterator<Item = Talk<T>>, count: usize) -> Vec<Talk<T>> {
    top(talks, count, |talk| (Reverse(talk.total()), talk.who))
}

/// The `count` items of least `key`, in order of it, without sorting the others.
pub fn top<T, K: Ord>(
    items: impl Iterator<Item = T>,
    count: usize,
    key: impl Fn(&T) -> K,
) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    let mut worst = None;
    let room = count.saturating_mul(4).max(1024);
    for item in items {
        if worst.as_ref().is_some_and(|worst| key(&item) >= *worst) {
            continue;
        }
        kept.push(item);
        if kept.len() >= room && count > 0 {
            let (_, last, _) = kept.select_nth_unstable_by_key(count - 1, &key);
            worst = Some(key(last));
            kept.truncate(count);
        }
    }
    kept.sort_unstable_by_key(key);
    kept.truncate(count);
    kept
}

/// Calls `with` for every address pair of every flow in `scope`, with the tallies from its first
/// address to its second and back.
fn each_pair(analysis: &Analysis, scope: Scope, mut with: impl FnMut(Pair, [Tally; 2])) {
    for (flow, _) in analysis.v4.flows().chain(analysis.past.v4.flows()) {
        each_of(analysis, scope, flow.key.path(), flow.key.pair(), flow.tallies(), &mut with);
    }
    for (flow, _) in analysis.v6.flows().chain(analysis.past.v6.flows()) {
        each_of(analysis, scope, flow.key.path(), flow.key.pair(), flow.tallies(), &mut with);
    }
}

fn each_of(
    analysis: &Analysis,
    scope: Scope,
    path: u32,
    own: Pair,
    tallies: [Tally; 2],
    with: &mut impl FnMut(Pair, [Tally; 2]),
) {
    let chain = analysis.paths.chain(path);
    match scope {
        Scope::Outer => with(chain.first().copied().unwrap_or(own), tallies),
        Scope::All => {
            for &pair in chain.iter().chain([&own]) {
                with(pair, tallies);
            }
        }
    }
}
