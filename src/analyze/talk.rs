//! Conversations and endpoints: who talked with whom, derived from the flows when it is asked for.
//!
//! A flow remembers its chain of address pairs, so nothing need be looked up for every packet.

use hashbrown::HashMap;

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
}

/// How many conversations and endpoints there were.
pub fn count(analysis: &Analysis, scope: Scope) -> TalkCounts {
    let (mut v4, mut v6) = (Vec::new(), Vec::new());
    each_pair(analysis, scope, |pair, _| match pair {
        Pair::V4(a, b) => v4.push((a.min(b), a.max(b))),
        Pair::V6(a, b) => v6.push((a.min(b), a.max(b))),
    });
    let (ipv4_conversations, ipv4_endpoints) = distinct(v4);
    let (ipv6_conversations, ipv6_endpoints) = distinct(v6);
    TalkCounts { ipv4_conversations, ipv4_endpoints, ipv6_conversations, ipv6_endpoints }
}

/// Distinct pairs, and distinct members of them.
fn distinct<T: Ord + Copy>(mut pairs: Vec<(T, T)>) -> (u64, u64) {
    pairs.sort_unstable();
    pairs.dedup();
    let mut ends: Vec<T> = pairs.iter().flat_map(|&(a, b)| [a, b]).collect();
    ends.sort_unstable();
    ends.dedup();
    (pairs.len() as u64, ends.len() as u64)
}

/// All conversations, most packets first.
pub fn conversations(analysis: &Analysis, scope: Scope) -> Vec<Talk<(Address, Address)>> {
    let mut all: HashMap<(Address, Address), (Tally, Tally), foldhash::quality::RandomState> =
        HashMap::default();
    each_pair(analysis, scope, |pair, tallies| {
        let (a, b) = ends(pair);
        let (who, [forth, back]) =
            if a <= b { ((a, b), tallies) } else { ((b, a), [tallies[1], tallies[0]]) };
        let entry = all.entry(who).or_default();
        entry.0.merge(forth);
        entry.1.merge(back);
    });
    sorted(all.into_iter().map(|(who, (forth, back))| Talk { who, forth, back }))
}

/// All endpoints, most packets first.
pub fn endpoints(analysis: &Analysis, scope: Scope) -> Vec<Talk<Address>> {
    let mut all: HashMap<Address, (Tally, Tally), foldhash::quality::RandomState> =
        HashMap::default();
    each_pair(analysis, scope, |pair, [forth, back]| {
        let (a, b) = ends(pair);
        let first = all.entry(a).or_default();
        first.0.merge(forth);
        first.1.merge(back);
        // What an address sends to itself is not received again.
        if a != b {
            let second = all.entry(b).or_default();
            second.0.merge(back);
            second.1.merge(forth);
        }
    });
    sorted(all.into_iter().map(|(who, (forth, back))| Talk { who, forth, back }))
}

fn sorted<T: Ord + Copy>(talks: impl Iterator<Item = Talk<T>>) -> Vec<Talk<T>> {
    let mut talks: Vec<_> = talks.collect();
    talks.sort_unstable_by_key(|talk| (std::cmp::Reverse(talk.total()), talk.who));
    talks
}

fn ends(pair: Pair) -> (Address, Address) {
    match pair {
        Pair::V4(a, b) => (Address::V4(a), Address::V4(b)),
        Pair::V6(a, b) => (Address::V6(a), Address::V6(b)),
    }
}

/// Calls `with` for every address pair of every flow in `scope`, with the tallies from its first
/// address to its second and back.
fn each_pair(analysis: &Analysis, scope: Scope, mut with: impl FnMut(Pair, [Tally; 2])) {
    for (flow, _) in analysis.v4.flows() {
        let own = Pair::V4(flow.key.first().0, flow.key.second().0);
        each_of(analysis, scope, flow.key.path(), own, flow.tallies(), &mut with);
    }
    for (flow, _) in analysis.v6.flows() {
        let own = Pair::V6(flow.key.first().0, flow.key.second().0);
        each_of(analysis, scope, flow.key.path(), own, flow.tallies(), &mut with);
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
