//! Meetings: a hash of who met, and where that is found, eight octets for each flow and each end.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::analysis::Analysis;
use super::count::Tally;
use super::key::{Key, PathId};
use super::shard::Shards;
use super::talk::{Address, Scope, Survey, Talk, Visitor};
use crate::base::threads::{lock, side_by_side};
use crate::decode::tuple::Pair;

/// Lists that meetings are parted into by hash, so that each can be sorted in a core's own cache,
/// and by several cores.
pub(super) const LISTS: usize = 128;

/// One list of meetings: of two addresses, and of every address with anybody.
#[derive(Debug, Default)]
struct List {
    pairs: Vec<Meeting>,
    ends: Vec<Meeting>,
}

/// Hash in the upper half; where it is found in the lower: kind, end of the pair, place.
type Meeting = u64;

impl List {
    fn joined(mut self, other: Self) -> Self {
        self.pairs.extend(other.pairs);
        self.ends.extend(other.ends);
        self
    }
}

const FLOW_V4: u32 = 0;
const FLOW_V6: u32 = 1 << 30;
const OUTER: u32 = 2 << 30;
const SECOND_END: u32 = 1 << 29;
const PLACE: u32 = SECOND_END - 1;

/// All meetings of an analysis.
pub(super) struct Meetings<'a> {
    analysis: &'a Analysis,
    /// What each thread wrote down.
    written: Vec<Written>,
}

/// What one thread wrote down of the meetings.
struct Written {
    lists: Vec<Mutex<List>>,
    outers: Vec<Outer>,
}

/// A pair of headers around the innermost, or of flows that ended: tallies from its first address to
/// its second and back, and whether it is the outermost.
type Outer = (Pair, [Tally; 2], bool);

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
const NOBODY: Outer = (Pair::V4(0, 0), [Tally { packets: 0, octets: 0 }; 2], false);

/// Writes meetings down.
struct Writer<'a> {
    analysis: &'a Analysis,
    lists: Vec<List>,
    outers: Vec<Outer>,
    /// How many write, and which one this is.
    turn: (usize, usize),
}

impl<'a> Writer<'a> {
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
        Self { analysis, lists, outers: Vec::new(), turn }
    }

    fn add(&mut self, pair: Pair, place: u32) {
        // Those of one IP version are in lists of their own: which table to look in is guessed right
        // then.
        let lists = match pair {
            Pair::V4(..) => self.lists.get_mut(..LISTS / 2),
            Pair::V6(..) => self.lists.get_mut(LISTS / 2..),
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
    }

    fn add_outer(&mut self, pair: Pair, tallies: [Tally; 2], is_outermost: bool) {
        let (of, number) = self.turn;
        let place = u32::try_from(self.outers.len() * of + number).unwrap_or(PLACE);
        self.outers.push((pair, tallies, is_outermost));
        self.add(pair, OUTER | place & PLACE);
    }

    /// Adds what is around a flow.
    fn add_around(&mut self, path: PathId, tallies: [Tally; 2]) {
        for (depth, pair) in self.analysis.paths.pairs(path).enumerate() {
            self.add_outer(pair, tallies, depth == 0);
        }
    }

    /// Adds the flows of one table.
    fn add_table<K: Key>(&mut self, flows: &Shards<K>, table: usize, kind: u32) {
        for (place, flow) in flows.places(table) {
            self.add(flow.key.pair(), kind | place);
            if flow.key.path() != 0 {
                self.add_around(flow.key.path(), flow.tallies());
            }
        }
    }

    /// Adds the conversations that are left of flows that ended by themselves.
    fn add_past<K: Key>(&mut self, flows: &Shards<K>) {
        for (flow, _) in flows.flows() {
            let (path, tallies) = (flow.key.path(), flow.tallies());
            self.add_outer(flow.key.pair(), tallies, path == 0);
            self.add_around(path, tallies);
        }
    }

    fn finish(self) -> Written {
        Written { lists: self.lists.into_iter().map(Mutex::new).collect(), outers: self.outers }
    }
}

impl<'a> Meetings<'a> {
    pub(super) fn of(analysis: &'a Analysis, threads: usize) -> Self {
        let Analysis { v4, v6, past, .. } = analysis;
        let next = AtomicUsize::new(0);
        let write = |turn| {
            let mut writer = Writer::new(analysis, (threads, turn));
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number < v4.tables() {
                    writer.add_table(v4, number, FLOW_V4);
                } else if number - v4.tables() < v6.tables() {
                    writer.add_table(v6, number - v4.tables(), FLOW_V6);
                } else if number == v4.tables() + v6.tables() {
                    writer.add_past(&past.v4);
                    writer.add_past(&past.v6);
                } else {
                    return writer.finish();
                }
            }
        };
        Self { analysis, written: side_by_side(threads, write) }
    }

    fn outer(&self, place: u32) -> Option<Outer> {
        let (place, of) = (place as usize, self.written.len());
        self.written.get(place % of)?.outers.get(place / of).copied()
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
            _ => self.outer(place).unwrap_or(NOBODY),
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

    /// Tells of all meetings of the lists of that number.
    pub(super) fn tell<V: Visitor>(&self, number: usize, scope: Scope, found: &mut Survey<V>) {
        let lists = self.written.iter().filter_map(|written| written.lists.get(number));
        let lists = lists.map(|list| std::mem::take(&mut *lock(list)));
        let List { mut pairs, mut ends } = lists.reduce(List::joined).unwrap_or_default();
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
