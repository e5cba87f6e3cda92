//! How flows are added up by pair of addresses and by address: an entry for each flow and each end,
//! sorted by hash.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::analysis::Analysis;
use super::count::Tally;
use super::key::{Key, PathId, SPREADS};
use super::path::Paths;
use super::retained::{Retained, RetainedPair};
use super::shard::Shards;
use super::traffic::{Address, Aggregate, HeaderScope, Traffic, Visitor};
use crate::base::threads::{lock, side_by_side};
use crate::decode::tuple::Pair;

/// Lists that entries are divided into by hash, so that each can be sorted in a core's own cache,
/// and by several cores.
pub(super) const LISTS: usize = 128;

/// One list of entries: by pair of addresses, and by address.
#[derive(Debug, Default)]
struct List {
    pairs: Vec<Entry>,
    ends: Vec<Entry>,
}

/// Hash in the upper half; where it is found in the lower: kind, end of the pair, place.
type Entry = u64;

impl List {
    fn joined(mut self, other: Self) -> Self {
        self.pairs.extend(other.pairs);
        self.ends.extend(other.ends);
        self
    }
}

/// A flow, by its place.
const FLOW: u32 = 0;
/// A conversation of flows that have ended, by its place.
const PAST: u32 = 1 << 30;
/// What is around flows, by its place in [`Partial::outers`].
const OUTER: u32 = 2 << 30;
/// An address whose conversations found no room, by its place.
const REMAINDER: u32 = 3 << 30;
const SECOND_END: u32 = 1 << 29;
const PLACE: u32 = SECOND_END - 1;

/// All entries of an analysis.
pub(super) struct Entries<'a> {
    analysis: &'a Analysis,
    /// What each thread wrote down.
    partials: Vec<Partial>,
}

/// The entries that one thread collected.
struct Partial {
    lists: Vec<Mutex<List>>,
    outers: Vec<Outer>,
}

/// A pair of addresses: tallies from the first to the second and back, and in which headers of its
/// packets it stands.
type Outer = (Pair, [Tally; 2], Depth);

/// In which headers of packets some addresses stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Depth {
    outermost: bool,
    innermost: bool,
}

impl Depth {
    /// Of the header that identifies a flow in that chain.
    fn of_flow(path: PathId, paths: &Paths) -> Self {
        Self { outermost: paths.is_outermost(path), innermost: true }
    }

    fn is_in(self, scope: HeaderScope) -> bool {
        match scope {
            HeaderScope::Outer => self.outermost,
            HeaderScope::Inner => self.innermost,
            HeaderScope::All => true,
        }
    }
}

/// What one entry stands for, or several of the same addresses merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Merged<T> {
    who: T,
    depth: Depth,
    forth: Tally,
    back: Tally,
}

impl<T> Merged<T> {
    fn merge(&mut self, other: &Self) {
        self.depth.outermost |= other.depth.outermost;
        self.depth.innermost |= other.depth.innermost;
        self.forth.merge(other.forth);
        self.back.merge(other.back);
    }
}

/// What a place that is not there stands for.
const NOBODY: Outer = (
    Pair::V4(0, 0),
    [Tally { packets: 0, octets: 0 }; 2],
    Depth { outermost: false, innermost: false },
);

/// Collects entries.
struct Collector<'a> {
    analysis: &'a Analysis,
    lists: Vec<List>,
    outers: Vec<Outer>,
    /// What went each way in every chain, by its number, beside what was written down one by one.
    around: Vec<[Tally; 2]>,
    /// How many write, and which one this is.
    turn: (usize, usize),
    /// Pairs of the packets at hand.
    met: Vec<Pair>,
}

/// The lists of pairs of one IP version: which table to look in is guessed right then.
fn lists_of(lists: &mut [List], pair: Pair) -> Option<&mut [List]> {
    match pair {
        Pair::V4(..) => lists.get_mut(..LISTS / 2),
        Pair::V6(..) => lists.get_mut(LISTS / 2..),
    }
}

impl<'a> Collector<'a> {
    fn new(analysis: &'a Analysis, turn: (usize, usize)) -> Self {
        let mut lists: Vec<List> = Vec::new();
        lists.resize_with(LISTS, List::default);
        // A tenth more than the mean spares nearly all of them from growing.
        for (at, list) in lists.iter_mut().enumerate() {
            let flows = if at < LISTS / 2 { analysis.v4.len() } else { analysis.v6.len() };
            let room = flows / (LISTS / 2) / turn.0;
            if room >= 16 {
                list.pairs.reserve_exact(room + room / 8);
                list.ends.reserve_exact(2 * (room + room / 8));
            }
        }
        let around = vec![Default::default(); analysis.paths.len() + 1];
        Self { analysis, lists, outers: Vec::new(), around, turn, met: Vec::new() }
    }

    /// Adds a pair, and its ends, as far as they were not `met` in the same packets: an address
    /// that stands in several headers of a packet has one packet.
    fn add(&mut self, pair: Pair, place: u32, met: &mut Vec<Pair>) {
        let (a, b) = ends(pair);
        let is_met = |who: Address, met: &[Pair]| {
            met.iter().any(|&pair| ends(pair).0 == who || ends(pair).1 == who)
        };
        let is_new_pair = !met.iter().any(|&other| other == pair || other.turned() == pair);
        let (is_a_new, is_b_new) = (!is_met(a, met), !is_met(b, met));
        let Some(lists) = lists_of(&mut self.lists, pair) else { return };
        let (x, y) = (spread(a), spread(b));
        if is_new_pair {
            push(lists, x ^ y, place, |list| &mut list.pairs);
        }
        if is_a_new {
            push(lists, x, place, |list| &mut list.ends);
        }
        // What an address sends to itself is not received again.
        if a != b && is_b_new {
            push(lists, y, place | SECOND_END, |list| &mut list.ends);
        }
        met.push(pair);
    }

    /// Adds what is around packets, outermost first, and then their own pair at `place`.
    fn add_chain(&mut self, path: PathId, tallies: [Tally; 2], own: Option<(Pair, u32)>) {
        let mut met = std::mem::take(&mut self.met);
        met.clear();
        for (depth, pair) in self.analysis.paths.pairs(path).enumerate() {
            let (of, number) = self.turn;
            let place = u32::try_from(self.outers.len() * of + number).unwrap_or(PLACE);
            let depth = Depth { outermost: depth == 0, innermost: false };
            self.outers.push((pair, tallies, depth));
            self.add(pair, OUTER | place & PLACE, &mut met);
        }
        if let Some((pair, place)) = own {
            self.add(pair, place, &mut met);
        }
        self.met = met;
    }

    /// Adds a pair and what is around it.  Few chains carry many flows: what they carry is summed
    /// up, except if an address is in several headers of a packet.
    fn add_in(&mut self, path: PathId, own: (Pair, u32), tallies: impl Fn() -> [Tally; 2]) {
        let (a, b) = ends(own.0);
        let is_again =
            |pair| ends(pair).0 == a || ends(pair).1 == a || ends(pair).0 == b || ends(pair).1 == b;
        if path == 0 {
            self.add_own(own);
        } else if self.analysis.paths.pairs(path).any(is_again) {
            self.add_chain(path, tallies(), Some(own));
        } else {
            self.add_own(own);
            self.add_around(path, tallies());
        }
    }

    fn add_around(&mut self, path: PathId, tallies: [Tally; 2]) {
        if let Some(around) = self.around.get_mut(path as usize) {
            around.iter_mut().zip(tallies).for_each(|(sum, more)| sum.merge(more));
        }
    }

    /// Adds the flows of one table, and what is left of those that are there no more.
    fn add_table<K: Key>(&mut self, flows: &Shards<K>, table: usize) {
        for (place, flow) in flows.places(table) {
            self.add_in(flow.key.path(), (flow.key.pair(), FLOW | place), || flow.tallies());
        }
        let Some(shard) = flows.shards.get(table) else { return };
        let past = &shard.departed.conversations;
        for (at, of) in past.pairs().iter().enumerate() {
            let own = (of.key.pair(), PAST | flows.place(table, at));
            self.add_in(of.key.path(), own, || of.tallies);
        }
        for (path, tallies) in past.around() {
            self.add_around(path, tallies);
        }
        for (at, of) in past.ends().iter().enumerate() {
            let (pair, place) = (of.key.pair(), REMAINDER | flows.place(table, at));
            if let Some(lists) = lists_of(&mut self.lists, pair) {
                push(lists, spread(ends(pair).0), place, |list| &mut list.ends);
            }
        }
    }

    /// Adds a pair with nothing around it.
    fn add_own(&mut self, (pair, place): (Pair, u32)) {
        let (a, b) = ends(pair);
        let Some(lists) = lists_of(&mut self.lists, pair) else { return };
        let (x, y) = (spread(a), spread(b));
        push(lists, x ^ y, place, |list| &mut list.pairs);
        push(lists, x, place, |list| &mut list.ends);
        if a != b {
            push(lists, y, place | SECOND_END, |list| &mut list.ends);
        }
    }

    fn finish(mut self) -> Partial {
        for (path, tallies) in (0..).zip(std::mem::take(&mut self.around)) {
            if tallies.iter().any(|tally| tally.packets > 0) {
                self.add_chain(path, tallies, None);
            }
        }
        Partial { lists: self.lists.into_iter().map(Mutex::new).collect(), outers: self.outers }
    }
}

impl<'a> Entries<'a> {
    pub(super) fn of(analysis: &'a Analysis, threads: usize) -> Self {
        let Analysis { v4, v6, .. } = analysis;
        let next = AtomicUsize::new(0);
        let write = |turn| {
            let mut collector = Collector::new(analysis, (threads, turn));
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number < v4.tables() {
                    collector.add_table(v4, number);
                } else if number - v4.tables() < v6.tables() {
                    collector.add_table(v6, number - v4.tables());
                } else {
                    return collector.finish();
                }
            }
        };
        Self { analysis, partials: side_by_side(threads, write) }
    }

    fn outer(&self, place: u32) -> Option<Outer> {
        let (place, of) = (place as usize, self.partials.len());
        self.partials.get(place % of)?.outers.get(place / of).copied()
    }

    /// Touches the flow of an entry, so that it is in the cache when it is needed.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "misses overlap only as far as there are few steps between"
    )]
    fn touch(&self, entry: Entry, is_v6: bool) -> u64 {
        let at = low(entry);
        let Analysis { v4, v6, .. } = self.analysis;
        match at & !(PLACE | SECOND_END) {
            FLOW if is_v6 => v6.touch(at & PLACE),
            FLOW => v4.touch(at & PLACE),
            kind => self.touch_other(kind, at & PLACE, is_v6),
        }
    }

    #[inline(never)]
    fn touch_other(&self, kind: u32, place: u32, is_v6: bool) -> u64 {
        let Analysis { v4, v6, .. } = self.analysis;
        match kind {
            PAST if is_v6 => touch_retained(v6, Retained::pairs, place),
            PAST => touch_retained(v4, Retained::pairs, place),
            REMAINDER if is_v6 => touch_retained(v6, Retained::ends, place),
            REMAINDER => touch_retained(v4, Retained::ends, place),
            _ => 0,
        }
    }

    /// Addresses of an entry, tallies from the first to the second and back, and in which headers.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "its caller needs but parts of it")]
    fn look(&self, entry: Entry, is_v6: bool) -> (Address, Address, [Tally; 2], Depth) {
        let Analysis { v4, v6, paths, .. } = self.analysis;
        let place = low(entry) & PLACE;
        let found = match low(entry) & !(PLACE | SECOND_END) {
            FLOW if is_v6 => of_flow(v6, place, paths),
            FLOW => of_flow(v4, place, paths),
            kind => self.look_other(kind, place, is_v6),
        };
        let (pair, tallies, depth) = found.unwrap_or(NOBODY);
        let (a, b) = ends(pair);
        (a, b, tallies, depth)
    }

    #[inline(never)]
    fn look_other(&self, kind: u32, place: u32, is_v6: bool) -> Option<Outer> {
        let Analysis { v4, v6, paths, .. } = self.analysis;
        match kind {
            PAST if is_v6 => of_retained(v6, (Retained::pairs, place), paths),
            PAST => of_retained(v4, (Retained::pairs, place), paths),
            REMAINDER if is_v6 => of_retained(v6, (Retained::ends, place), paths),
            REMAINDER => of_retained(v4, (Retained::ends, place), paths),
            _ => self.outer(place),
        }
    }

    fn pair(&self, entry: Entry, is_v6: bool) -> Merged<(Address, Address)> {
        let (a, b, [forth, back], depth) = self.look(entry, is_v6);
        if a <= b {
            Merged { who: (a, b), depth, forth, back }
        } else {
            Merged { who: (b, a), depth, forth: back, back: forth }
        }
    }

    fn end(&self, entry: Entry, is_v6: bool) -> Merged<Address> {
        let (a, b, [forth, back], depth) = self.look(entry, is_v6);
        if low(entry) & SECOND_END == 0 {
            Merged { who: a, depth, forth, back }
        } else {
            Merged { who: b, depth, forth: back, back: forth }
        }
    }

    /// Visits all that the lists of that number hold.
    pub(super) fn visit<V: Visitor>(
        &self,
        number: usize,
        scope: HeaderScope,
        found: &mut Aggregate<V>,
    ) {
        let lists = self.partials.iter().filter_map(|partials| partials.lists.get(number));
        let lists = lists.map(|list| std::mem::take(&mut *lock(list)));
        let List { mut pairs, mut ends } = lists.reduce(List::joined).unwrap_or_default();
        let Aggregate { outer, inner, all, visitors } = found;
        let mut visitor = visitors.last_mut();
        let is_v6 = number >= LISTS / 2;
        each(
            &mut pairs,
            scope,
            |entry| self.touch(entry, is_v6),
            |entry| self.pair(entry, is_v6),
            |traffic, depth| {
                all.conversation(is_v6);
                outer.conversation_if(depth.outermost, is_v6);
                inner.conversation_if(depth.innermost, is_v6);
                if let (Some(visitor), true) = (visitor.as_mut(), depth.is_in(scope)) {
                    visitor.conversation(traffic);
                }
            },
        );
        each(
            &mut ends,
            scope,
            |entry| self.touch(entry, is_v6),
            |entry| self.end(entry, is_v6),
            |traffic, depth| {
                all.endpoint(is_v6);
                outer.endpoint_if(depth.outermost, is_v6);
                inner.endpoint_if(depth.innermost, is_v6);
                if let (Some(visitor), true) = (visitor.as_mut(), depth.is_in(scope)) {
                    visitor.endpoint(traffic);
                }
            },
        );
    }
}

fn of_flow<K: Key>(flows: &Shards<K>, place: u32, paths: &Paths) -> Option<Outer> {
    let flow = flows.get(place)?;
    Some((flow.key.pair(), flow.tallies(), Depth::of_flow(flow.key.path(), paths)))
}

/// What is left of the flows of a table, by pair or by address.
type ListOf<K> = fn(&Retained<K>) -> &[RetainedPair<K>];

fn of_retained<K: Key>(
    flows: &Shards<K>,
    (left, place): (ListOf<K>, u32),
    paths: &Paths,
) -> Option<Outer> {
    let (conversations, at) = flows.past(place)?;
    let of = left(conversations).get(at)?;
    Some((of.key.pair(), of.tallies, Depth::of_flow(of.key.path(), paths)))
}

fn touch_retained<K: Key>(flows: &Shards<K>, left: ListOf<K>, place: u32) -> u64 {
    let past = flows.past(place).and_then(|(of, at)| left(of).get(at));
    past.map_or(0, |past| past.tallies[0].packets)
}

/// Entries that are touched ahead.
const AHEAD: usize = 64;

/// Calls `visit` for each address or pair among `entries`, and in which headers it stands; the
/// tallies are those of `scope`.
fn each<T: Ord + Copy>(
    entries: &mut [Entry],
    scope: HeaderScope,
    touch: impl Fn(Entry) -> u64,
    look: impl Fn(Entry) -> Merged<T>,
    mut visit: impl FnMut(Traffic<T>, Depth),
) {
    entries.sort_unstable();
    let mut same: Vec<Merged<T>> = Vec::new();
    // Memory far away is touched some dozens of places ahead, without a jump between.
    let (mut seen, mut touched) = (0, 0);
    for run in entries.chunk_by(|a, b| a >> 32 == b >> 32) {
        seen += run.len();
        if seen > touched {
            let ahead = entries.get(touched..).unwrap_or_default().iter().take(run.len() + AHEAD);
            touched += ahead.len();
            std::hint::black_box(ahead.fold(0, |sum, &entry| sum ^ touch(entry)));
        }
        same.clear();
        for &entry in run {
            let mut met = look(entry);
            if !met.depth.is_in(scope) {
                (met.forth, met.back) = (Tally::default(), Tally::default());
            }
            // As a rule all of a hash are one: an address with thousands of peers takes no more
            // room than others.
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
            let Merged { who, depth, forth, back } = met;
            visit(Traffic { who, forth, back }, depth);
        }
    }
}

/// Puts an entry on the list of its hash.
fn push(lists: &mut [List], hash: u32, place: u32, side: impl Fn(&mut List) -> &mut Vec<Entry>) {
    let number = hash as usize % (LISTS / 2);
    if let Some(list) = lists.get_mut(number) {
        side(list).push(u64::from(hash) << 32 | u64::from(place));
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half")]
fn low(entry: Entry) -> u32 {
    entry as u32
}

fn ends(pair: Pair) -> (Address, Address) {
    match pair {
        Pair::V4(a, b) => (Address::V4(a), Address::V4(b)),
        Pair::V6(a, b) => (Address::V6(a), Address::V6(b)),
    }
}

/// A hash that spreads addresses over the lists.  An attacker who chooses addresses of one hash
/// makes them sorted together, no worse.
#[expect(clippy::cast_possible_truncation, reason = "halves of a number, mixed")]
fn spread(address: Address) -> u32 {
    let number = match address {
        Address::V4(number) => u64::from(number),
        Address::V6(number) => (number >> 64) as u64 ^ (number as u64).rotate_left(23),
    };
    let mixed = (number ^ number >> 32).wrapping_mul(SPREADS);
    ((mixed ^ mixed >> 29).wrapping_mul(SPREADS) >> 32) as u32
}
