//! Conversations and endpoints: who talked with whom, derived from the flows when it is asked for.
//!
//! A flow remembers its chain of address pairs, so nothing need be looked up for every packet.

use std::cmp::Reverse;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::analysis::Analysis;
use super::count::Tally;
use super::key::{Key, PathId};
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

impl TalkCounts {
    fn conversation(&mut self, is_v6: bool) {
        *if is_v6 { &mut self.ipv6_conversations } else { &mut self.ipv4_conversations } += 1;
    }

    fn endpoint(&mut self, is_v6: bool) {
        *if is_v6 { &mut self.ipv6_endpoints } else { &mut self.ipv4_endpoints } += 1;
    }

    fn merge(&mut self, other: Self) {
        self.ipv4_conversations += other.ipv4_conversations;
        self.ipv4_endpoints += other.ipv4_endpoints;
        self.ipv6_conversations += other.ipv6_conversations;
        self.ipv6_endpoints += other.ipv6_endpoints;
    }
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

/// What is told of everybody who talked, by one thread of several; in no order that means anything.
pub trait Visitor: Send {
    /// Packets between two addresses.
    fn conversation(&mut self, talk: Talk<(Address, Address)>);
    /// Packets of one address.
    fn endpoint(&mut self, talk: Talk<Address>);
}

/// Nobody asks who it was.
impl Visitor for () {
    fn conversation(&mut self, _: Talk<(Address, Address)>) {}
    fn endpoint(&mut self, _: Talk<Address>) {}
}

/// How many talked, and what the visitors made of them.
#[derive(Debug)]
pub struct Survey<V> {
    /// Of outermost headers.
    pub outer: TalkCounts,
    /// Of all headers but quotes and copies.
    pub all: TalkCounts,
    /// One a thread.
    pub visitors: Vec<V>,
}

/// Lists that meetings are parted into by hash, so that each can be sorted in a core's own cache,
/// and by several cores.
const LISTS: usize = 128;

/// Flows from which on a second thread pays.
const MANY: usize = 20_000;

/// Tells a visitor of everybody in `scope`, by at most so many threads.
///
/// A table of the pairs of 300,000 flows is larger than a cache, and every look into it waits for
/// memory.  So what is kept of a meeting is a hash and where it is found, eight octets; these are
/// sorted by hash, and what has one hash is then looked at together.
pub fn survey<V: Visitor>(
    analysis: &Analysis,
    scope: Scope,
    threads: usize,
    visitor: impl Fn() -> V + Sync,
) -> Survey<V> {
    let meetings = Meetings::of(analysis);
    let threads = if analysis.live_flows() < MANY { 1 } else { threads.clamp(1, LISTS) };
    let next = AtomicUsize::new(0);
    let work = || {
        let mut found = Survey {
            outer: TalkCounts::default(),
            all: TalkCounts::default(),
            visitors: vec![visitor()],
        };
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(list) = meetings.lists.get(number) else { return found };
            meetings.tell(list, scope, &mut found);
        }
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut found = work();
        for other in others {
            // A panic was printed by its hook, and goes on here.
            let other = other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            found.outer.merge(other.outer);
            found.all.merge(other.all);
            found.visitors.extend(other.visitors);
        }
        found
    })
}

/// One list of meetings: of two addresses, and of every address with anybody.
#[derive(Debug, Default)]
struct List {
    pairs: Vec<Meeting>,
    ends: Vec<Meeting>,
}

/// Hash in the upper half; where it is found in the lower: kind, end of the pair, place.
type Meeting = u64;

const FLOW_V4: u32 = 0;
const FLOW_V6: u32 = 1 << 30;
const OUTER: u32 = 2 << 30;
const SECOND_END: u32 = 1 << 29;
const PLACE: u32 = SECOND_END - 1;

/// All meetings of an analysis.
struct Meetings<'a> {
    analysis: &'a Analysis,
    lists: Vec<Mutex<List>>,
    /// Pairs of headers around the innermost: whether it is the outermost, and tallies from its
    /// first address to its second and back.
    outers: Vec<(Pair, [Tally; 2], bool)>,
}

/// A meeting that was looked up, or several of the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Met<T> {
    who: T,
    is_outermost: bool,
    forth: Tally,
    back: Tally,
}

impl<T> Met<T> {
    fn merge(&mut self, other: &Self) {
        self.is_outermost |= other.is_outermost;
        self.forth.merge(other.forth);
        self.back.merge(other.back);
    }
}

/// What a place that is not there stands for.
const NOBODY: (Pair, [Tally; 2], bool) =
    (Pair::V4(0, 0), [Tally { packets: 0, octets: 0 }; 2], false);

impl<'a> Meetings<'a> {
    fn of(analysis: &'a Analysis) -> Self {
        let mut lists: Vec<List> = Vec::new();
        lists.resize_with(LISTS, List::default);
        // A tenth more than the mean spares nearly all of them from growing.
        for (at, list) in lists.iter_mut().enumerate() {
            let flows = if at < LISTS / 2 { analysis.v4.len() } else { analysis.v6.len() };
            let room = flows / (LISTS / 2);
            if room >= 16 {
                list.pairs.reserve_exact(room + room / 8);
                list.ends.reserve_exact(2 * (room + room / 8));
            }
        }
        let mut outers = Vec::new();
        let mut add = |pair: Pair, place: u32| {
            // Those of one IP version are in lists of their own: which table to look in is guessed
            // right then.
            let lists = match pair {
                Pair::V4(..) => lists.get_mut(..LISTS / 2),
                Pair::V6(..) => lists.get_mut(LISTS / 2..),
            };
            let Some(lists) = lists else { return };
            let (a, b) = ends(pair);
            let (a, b) = (spread(a), spread(b));
            push(lists, a ^ b, place, |list| &mut list.pairs);
            push(lists, a, place, |list| &mut list.ends);
            // What an address sends to itself is not received again.
            if a != b {
                push(lists, b, place | SECOND_END, |list| &mut list.ends);
            }
        };
        let around = |path: PathId,
                      tallies: [Tally; 2],
                      outers: &mut Vec<(Pair, [Tally; 2], bool)>,
                      add: &mut dyn FnMut(Pair, u32)| {
            for (depth, &pair) in analysis.paths.chain(path).iter().enumerate() {
                let place = u32::try_from(outers.len()).unwrap_or(PLACE) & PLACE;
                outers.push((pair, tallies, depth == 0));
                add(pair, OUTER | place);
            }
        };
        for (place, flow) in analysis.v4.places() {
            add(flow.key.pair(), FLOW_V4 | place);
            if flow.key.path() != 0 {
                around(flow.key.path(), flow.tallies(), &mut outers, &mut add);
            }
        }
        for (place, flow) in analysis.v6.places() {
            add(flow.key.pair(), FLOW_V6 | place);
            if flow.key.path() != 0 {
                around(flow.key.path(), flow.tallies(), &mut outers, &mut add);
            }
        }
        // Of flows that ended by themselves the conversations are left.
        let v4 = analysis
            .past
            .v4
            .flows()
            .map(|(flow, _)| (flow.key.path(), flow.key.pair(), flow.tallies()));
        let v6 = analysis
            .past
            .v6
            .flows()
            .map(|(flow, _)| (flow.key.path(), flow.key.pair(), flow.tallies()));
        for (path, pair, tallies) in v4.chain(v6) {
            let place = u32::try_from(outers.len()).unwrap_or(PLACE) & PLACE;
            outers.push((pair, tallies, path == 0));
            add(pair, OUTER | place);
            around(path, tallies, &mut outers, &mut add);
        }
        Self { analysis, lists: lists.into_iter().map(Mutex::new).collect(), outers }
    }

    /// Looks at a meeting's flow, so that it is near when it is needed.
    fn touch(&self, meeting: Meeting) -> u64 {
        let at = low(meeting);
        match at & !(PLACE | SECOND_END) {
            FLOW_V4 => self.analysis.v4.touch(at & PLACE),
            FLOW_V6 => self.analysis.v6.touch(at & PLACE),
            _ => 0,
        }
    }

    /// Addresses of a meeting, tallies from the first to the second and back, and whether it is that
    /// of an outermost header.
    fn look(&self, meeting: Meeting) -> (Address, Address, [Tally; 2], bool) {
        let at = low(meeting);
        let place = at & PLACE;
        let (pair, tallies, is_outermost) = match at & !(PLACE | SECOND_END) {
            FLOW_V4 => self
                .analysis
                .v4
                .get(place)
                .map_or(NOBODY, |flow| (flow.key.pair(), flow.tallies(), flow.key.path() == 0)),
            FLOW_V6 => self
                .analysis
                .v6
                .get(place)
                .map_or(NOBODY, |flow| (flow.key.pair(), flow.tallies(), flow.key.path() == 0)),
            _ => self.outers.get(place as usize).copied().unwrap_or(NOBODY),
        };
        let (a, b) = ends(pair);
        (a, b, tallies, is_outermost)
    }

    fn pair(&self, meeting: Meeting) -> Met<(Address, Address)> {
        let (a, b, [forth, back], is_outermost) = self.look(meeting);
        if a <= b {
            Met { who: (a, b), is_outermost, forth, back }
        } else {
            Met { who: (b, a), is_outermost, forth: back, back: forth }
        }
    }

    fn end(&self, meeting: Meeting) -> Met<Address> {
        let (a, b, [forth, back], is_outermost) = self.look(meeting);
        if low(meeting) & SECOND_END == 0 {
            Met { who: a, is_outermost, forth, back }
        } else {
            Met { who: b, is_outermost, forth: back, back: forth }
        }
    }

    /// Tells of all meetings of a list.
    fn tell<V: Visitor>(&self, list: &Mutex<List>, scope: Scope, found: &mut Survey<V>) {
        let List { mut pairs, mut ends } =
            std::mem::take(&mut *list.lock().unwrap_or_else(PoisonError::into_inner));
        let Survey { outer, all, visitors } = found;
        let mut visitor = visitors.last_mut();
        each(
            &mut pairs,
            scope,
            |meeting| self.touch(meeting),
            |meeting| self.pair(meeting),
            |talk, is_outer| {
                let is_v6 = matches!(talk.who.0, Address::V6(_));
                all.conversation(is_v6);
                if is_outer {
                    outer.conversation(is_v6);
                }
                if let (Some(visitor), true) = (visitor.as_mut(), is_outer || scope == Scope::All) {
                    visitor.conversation(talk);
                }
            },
        );
        each(
            &mut ends,
            scope,
            |meeting| self.touch(meeting),
            |meeting| self.end(meeting),
            |talk, is_outer| {
                let is_v6 = matches!(talk.who, Address::V6(_));
                all.endpoint(is_v6);
                if is_outer {
                    outer.endpoint(is_v6);
                }
                if let (Some(visitor), true) = (visitor.as_mut(), is_outer || scope == Scope::All) {
                    visitor.endpoint(talk);
                }
            },
        );
    }
}

/// Meetings that are touched ahead.
const AHEAD: usize = 64;

/// Calls `tell` with everybody of `meetings`, and whether any outermost header is theirs; the tallies
/// are those of `scope`.
fn each<T: Ord + Copy>(
    meetings: &mut [Meeting],
    scope: Scope,
    touch: impl Fn(Meeting) -> u64,
    look: impl Fn(Meeting) -> Met<T>,
    mut tell: impl FnMut(Talk<T>, bool),
) {
    meetings.sort_unstable();
    let mut same: Vec<Met<T>> = Vec::new();
    // Memory far away is touched some dozens of places ahead, without a jump between.
    let (mut seen, mut touched) = (0, 0);
    for run in meetings.chunk_by(|a, b| a >> 32 == b >> 32) {
        seen += run.len();
        if seen > touched {
            let ahead = meetings.get(touched..).unwrap_or_default().iter().take(run.len() + AHEAD);
            touched += ahead.len();
            std::hint::black_box(ahead.fold(0, |sum, &meeting| sum ^ touch(meeting)));
        }
        same.clear();
        for &meeting in run {
            let mut met = look(meeting);
            if !met.is_outermost && scope != Scope::All {
                (met.forth, met.back) = (Tally::default(), Tally::default());
            }
            // As a rule all of a hash are one: somebody who talked with thousands takes no more room
            // than others.
            match same.last_mut().filter(|last| last.who == met.who) {
                Some(last) => last.merge(&met),
                None => same.push(met),
            }
        }
        if same.len() > 1 {
            same.sort_unstable();
        }
        for group in same.chunk_by(|a, b| a.who == b.who) {
            let Some((&first, others)) = group.split_first() else { continue };
            let mut met = first;
            for other in others {
                met.merge(other);
            }
            let Met { who, is_outermost, forth, back } = met;
            tell(Talk { who, forth, back }, is_outermost);
        }
    }
}

/// Puts a meeting on the list of its hash.
fn push(lists: &mut [List], hash: u32, place: u32, side: impl Fn(&mut List) -> &mut Vec<Meeting>) {
    let number = hash as usize % (LISTS / 2);
    if let Some(list) = lists.get_mut(number) {
        side(list).push(u64::from(hash) << 32 | u64::from(place));
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half")]
fn low(meeting: Meeting) -> u32 {
    meeting as u32
}

fn ends(pair: Pair) -> (Address, Address) {
    match pair {
        Pair::V4(a, b) => (Address::V4(a), Address::V4(b)),
        Pair::V6(a, b) => (Address::V6(a), Address::V6(b)),
    }
}

/// A hash that spreads addresses over the lists.  Who chooses addresses of one hash makes them
/// sorted together, no worse.
#[expect(clippy::cast_possible_truncation, reason = "halves of a number, mixed")]
fn spread(address: Address) -> u32 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let number = match address {
        Address::V4(number) => u64::from(number),
        Address::V6(number) => (number >> 64) as u64 ^ (number as u64).rotate_left(23),
    };
    let mixed = (number ^ number >> 32).wrapping_mul(ODD);
    ((mixed ^ mixed >> 29).wrapping_mul(ODD) >> 32) as u32
}

/// How many conversations and endpoints there were.
pub fn count(analysis: &Analysis, scope: Scope) -> TalkCounts {
    let survey = survey(analysis, scope, 1, || ());
    if scope == Scope::All { survey.all } else { survey.outer }
}

/// Keeps everybody.
#[derive(Debug, Default)]
struct Lists {
    is_by_pair: bool,
    conversations: Vec<Talk<(Address, Address)>>,
    endpoints: Vec<Talk<Address>>,
}

impl Visitor for Lists {
    fn conversation(&mut self, talk: Talk<(Address, Address)>) {
        if self.is_by_pair {
            self.conversations.push(talk);
        }
    }

    fn endpoint(&mut self, talk: Talk<Address>) {
        if !self.is_by_pair {
            self.endpoints.push(talk);
        }
    }
}

/// All conversations, most packets first.
pub fn conversations(analysis: &Analysis, scope: Scope) -> Vec<Talk<(Address, Address)>> {
    let survey = survey(analysis, scope, 1, || Lists { is_by_pair: true, ..Lists::default() });
    let mut all: Vec<_> = survey.visitors.into_iter().flat_map(|list| list.conversations).collect();
    all.sort_unstable_by_key(|talk| (Reverse(talk.total()), talk.who));
    all
}

/// All endpoints, most packets first.
pub fn endpoints(analysis: &Analysis, scope: Scope) -> Vec<Talk<Address>> {
    let survey = survey(analysis, scope, 1, Lists::default);
    let mut all: Vec<_> = survey.visitors.into_iter().flat_map(|list| list.endpoints).collect();
    all.sort_unstable_by_key(|talk| (Reverse(talk.total()), talk.who));
    all
}

/// Keeps the `count` items of least key.
#[derive(Debug, Clone)]
pub struct Top<T, K> {
    kept: Vec<(K, T)>,
    worst: Option<K>,
    count: usize,
}

impl<T, K: Ord + Copy> Top<T, K> {
    /// Keeps the first `count`.
    pub fn new(count: usize) -> Self {
        Self { kept: Vec::new(), worst: None, count }
    }

    /// Takes one item.
    #[inline]
    pub fn push(&mut self, key: K, item: impl FnOnce() -> T) {
        if self.worst.is_some_and(|worst| key >= worst) {
            return;
        }
        self.kept.push((key, item()));
        if self.count > 0 && self.kept.len() >= self.count.saturating_mul(4).max(64) {
            let (_, last, _) = self.kept.select_nth_unstable_by_key(self.count - 1, |kept| kept.0);
            self.worst = Some(last.0);
            self.kept.truncate(self.count);
        }
    }

    /// Takes what another kept.
    pub fn merge(&mut self, other: Self) {
        for (key, item) in other.kept {
            self.push(key, || item);
        }
    }

    /// What is kept, in order.
    pub fn finish(mut self) -> Vec<T> {
        self.kept.sort_unstable_by_key(|kept| kept.0);
        self.kept.truncate(self.count);
        self.kept.into_iter().map(|(_, item)| item).collect()
    }
}
