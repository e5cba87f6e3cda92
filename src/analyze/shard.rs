//! The flows of one IP version: tables told apart by hash, so that several analysts can add to one
//! set of flows, each to another table.

use std::ops::DerefMut;
use std::sync::atomic::{AtomicUsize, Ordering};

use foldhash::quality::RandomState;

use super::brief::{Brief, Briefs, Parts, Version};
use super::ending::Gone;
use super::flow::{Birth, Flow, Met};
use super::key::{Key, V4Key, V6Key};
use super::table::{Likely, PLACE_BITS, Shape, Table};

/// Packets or flows looked up together, so that their cache misses overlap.
pub const GROUP: usize = 64;

/// Bits of a hash that tell the tables of a large analysis apart, at least: with sixteen tables few
/// analysts wait for one.
const LEAST_BITS: u32 = 4;

/// The same, at most: places of all tables then fit 29 bits.
const MOST_BITS: u32 = 9;

/// Flows from which on the limit is large: a few more or less in a table are nothing to it.
const LARGE: usize = 65_536;

/// Flows of one IP version.
#[derive(Debug, Clone)]
pub struct Shards<K> {
    pub(super) tables: Vec<Table<K>>,
    pub(super) spread: Spread,
}

/// How flows are spread over tables: by which bits of which hash.
#[derive(Debug, Clone)]
pub(super) struct Spread {
    /// Bits of a hash that are the number of its table.
    pub(super) bits: u32,
    seed: RandomState,
}

impl Spread {
    fn hash<K: Key>(&self, key: &K) -> u32 {
        (key.hash(&self.seed) >> 32) as u32
    }

    fn shard(&self, hash: u32) -> usize {
        hash.checked_shr(u32::BITS - self.bits).unwrap_or(0) as usize
    }
}

/// How many flows there may be, and how many there are.
#[derive(Debug)]
pub struct Room {
    most: usize,
    taken: AtomicUsize,
}

impl Room {
    /// Room for `most` flows, of which `taken` are there.
    pub fn new(most: usize, taken: usize) -> Self {
        Self { most, taken: AtomicUsize::new(taken) }
    }

    /// Takes room for one more; whether there was any.
    fn take(&self) -> bool {
        // Where there is none for long, nothing is written that others look at.
        if self.is_full() {
            return false;
        }
        let is_free = self.taken.fetch_add(1, Ordering::Relaxed) < self.most;
        if !is_free {
            self.give_back();
        }
        is_free
    }

    fn is_full(&self) -> bool {
        self.taken.load(Ordering::Relaxed) >= self.most
    }

    fn give_back(&self) {
        self.taken.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The tables of one IP version, which are reached one at a time: by one analyst or by several.
pub(super) trait Tables<K> {
    /// A table that nobody else has.
    type Held<'a>: DerefMut<Target = Table<K>>
    where
        Self: 'a;

    /// The table of that number, unless another has it.
    fn try_hold(&mut self, number: usize) -> Option<Self::Held<'_>>;
    /// The same, when the other has done with it.
    fn hold(&mut self, number: usize) -> Self::Held<'_>;
}

impl<K> Tables<K> for [Table<K>] {
    type Held<'a>
        = &'a mut Table<K>
    where
        K: 'a;

    fn try_hold(&mut self, number: usize) -> Option<&mut Table<K>> {
        self.get_mut(number)
    }

    fn hold(&mut self, number: usize) -> &mut Table<K> {
        &mut self[number]
    }
}

/// One packet's place among those of its batch, and the hash of its flow.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pick {
    hash: u32,
    at: u32,
}

/// The packets of a batch that have a flow over one IP version, in the order of their tables, and of
/// the capture within each; recycled.
#[derive(Debug, Default)]
pub struct Sorted {
    picks: Vec<Pick>,
    ordered: Vec<Pick>,
    /// Where each table's packets end.
    ends: Vec<u32>,
    /// Tables that another analyst had.
    busy: Vec<usize>,
}

impl Sorted {
    /// Picks the briefs with flows over `version`; without a jump, which would be guessed wrong too
    /// often.
    pub(super) fn pick(&mut self, briefs: &[Brief], version: Version) {
        self.picks.clear();
        self.picks.resize(briefs.len(), Pick::default());
        let mut count = 0;
        for (at, brief) in (0u32..).zip(briefs) {
            if let Some(pick) = self.picks.get_mut(count) {
                pick.at = at;
                count += usize::from(brief.flow == version);
            }
        }
        self.picks.truncate(count);
    }

    /// Puts them in the order of their tables.
    fn sort<'k, K: Key + 'k>(&mut self, spread: &Spread, key: impl Fn(usize) -> &'k K) {
        self.ends.clear();
        self.ends.resize(1 << spread.bits, 0);
        for pick in &mut self.picks {
            pick.hash = spread.hash(key(pick.at as usize));
            self.ends[spread.shard(pick.hash)] += 1;
        }
        if spread.bits == 0 {
            std::mem::swap(&mut self.picks, &mut self.ordered);
            return;
        }
        let mut sum = 0;
        for end in &mut self.ends {
            let count = std::mem::replace(end, sum);
            sum += count;
        }
        // Each number is where its table's next packet goes, and so at last where they end.
        self.ordered.resize(self.picks.len(), Pick::default());
        for pick in &self.picks {
            let next = &mut self.ends[spread.shard(pick.hash)];
            self.ordered[*next as usize] = *pick;
            *next += 1;
        }
    }

    /// The packets of that table.
    fn of(&self, table: usize) -> &[Pick] {
        let from = table.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.ordered[from as usize..self.ends[table] as usize]
    }
}

/// Adds packets to their flows over either IP version.  Calls `ids` with each packet's place in the
/// batch and, if it asks, what it meets with its flow.
pub(super) fn add<V4: Tables<V4Key> + ?Sized, V6: Tables<V6Key> + ?Sized>(
    briefs: &mut Briefs,
    (v4_spread, v4_tables): (&Spread, &mut V4),
    (v6_spread, v6_tables): (&Spread, &mut V6),
    room: &Room,
    gone: &mut Gone<'_>,
    mut ids: impl FnMut(usize, &mut dyn FnMut() -> Met),
) {
    let Parts { briefs, v6, sorted, .. } = briefs.parts();
    let (briefs, v6) = (&*briefs, &*v6);
    sorted.pick(briefs, Version::V4);
    let key = |at: usize| &briefs[at].v4;
    Adding { spread: v4_spread, briefs, key, room, gone }.add_to(v4_tables, sorted, &mut ids);
    sorted.pick(briefs, Version::V6);
    let key = |at: usize| &v6[briefs[at].v6 as usize];
    Adding { spread: v6_spread, briefs, key, room, gone }.add_to(v6_tables, sorted, &mut ids);
}

/// Packets to be added to their flows.
struct Adding<'a, 'b, F> {
    spread: &'a Spread,
    briefs: &'a [Brief],
    /// The key of a packet's flow.
    key: F,
    room: &'a Room,
    gone: &'a mut Gone<'b>,
}

impl<'k, K: Key + 'k, F: Fn(usize) -> &'k K> Adding<'_, '_, F> {
    /// Adds the packets that were picked to the flows of `tables`.
    fn add_to<T: Tables<K> + ?Sized>(
        &mut self,
        tables: &mut T,
        sorted: &mut Sorted,
        ids: &mut impl FnMut(usize, &mut dyn FnMut() -> Met),
    ) {
        sorted.sort(self.spread, &self.key);
        let mut busy = std::mem::take(&mut sorted.busy);
        for number in 0..sorted.ends.len() {
            let picks = sorted.of(number);
            if picks.is_empty() {
                continue;
            }
            match tables.try_hold(number) {
                Some(mut table) => self.add_to_table(&mut table, picks, ids),
                None => busy.push(number),
            }
        }
        for number in busy.drain(..) {
            self.add_to_table(&mut tables.hold(number), sorted.of(number), ids);
        }
        sorted.busy = busy;
    }

    fn add_to_table(
        &mut self,
        table: &mut Table<K>,
        picks: &[Pick],
        ids: &mut impl FnMut(usize, &mut dyn FnMut() -> Met),
    ) {
        let number =
            |pick: Option<&Pick>| pick.map_or(0, |pick| self.briefs[pick.at as usize].number);
        // Another analyst may have added packets that come behind these.
        let is_late = table.pass(number(picks.first()), number(picks.last()));
        for group in picks.chunks(GROUP) {
            self.add_group(table, group, is_late, ids);
        }
    }

    /// Several passes: the one that touches memory far away does nothing else and jumps nowhere, so
    /// that as many misses as the core has room for overlap; the next then finds all near.
    #[inline]
    fn add_group(
        &mut self,
        table: &mut Table<K>,
        group: &[Pick],
        is_late: bool,
        ids: &mut impl FnMut(usize, &mut dyn FnMut() -> Met),
    ) {
        let is_full = self.room.is_full() || table.is_full();
        let mut all = [Likely::default(); GROUP];
        for (likely, pick) in all.iter_mut().zip(group) {
            *likely = table.likely(pick.hash, is_full);
        }
        let touched = all[..group.len()].iter().fold(0, |sum, &likely| sum ^ table.touch(likely));
        std::hint::black_box(touched);
        for (&Likely { place: likely, .. }, pick) in all.iter().zip(group) {
            let at = pick.at as usize;
            let (brief, key) = (&self.briefs[at], (self.key)(at));
            let place = if table.is_at(likely, key) {
                likely
            } else {
                self.find_or_make(table, *key, pick.hash, Birth::of(brief))
            };
            if is_late {
                table.birth(place).merge(Birth::of(brief));
            }
            ids(at, &mut || Met {
                flow: table.birth(place).number(),
                many: table.at(place).changes(brief),
            });
            table.at(place).fold(brief);
        }
    }

    /// The place of a flow that was not where it was likely to be; it is made, at the cost of another
    /// when there is no room, where it is new.
    #[inline(never)]
    fn find_or_make(&mut self, table: &mut Table<K>, key: K, hash: u32, birth: Birth) -> usize {
        let known = table.find(hash, &key);
        known.unwrap_or_else(|| make(table, self.spread, key, (hash, birth), self.room, self.gone))
    }
}

fn make<K: Key>(
    table: &mut Table<K>,
    spread: &Spread,
    key: K,
    (hash, birth): (u32, Birth),
    room: &Room,
    gone: &mut Gone<'_>,
) -> usize {
    let hash_of = |key: &K| spread.hash(key);
    let has_room = room.take();
    if (!has_room || table.is_full())
        && let Some((place, old, born)) = table.replace(hash, key, birth, hash_of)
    {
        if has_room {
            room.give_back();
        }
        gone.evict(&old, born);
        return place;
    }
    table.insert(hash, key, birth, hash_of)
}

impl<K: Key> Shards<K> {
    /// No flows, of which at most `limit` are going to be kept; analyses that are to be merged share
    /// `seed` and limit.
    pub fn new(seed: RandomState, limit: usize) -> Self {
        // Tables are half full on average when all are kept, so that none is when luck is bad.
        let needed = limit.checked_next_power_of_two().map_or(usize::BITS, usize::ilog2);
        let bits = needed.saturating_sub(PLACE_BITS - 1).max(LEAST_BITS);
        let bits = if limit < LARGE { 0 } else { bits.min(MOST_BITS) };
        let shape = Shape { bits, share: limit >> bits };
        let tables = (0..1 << bits).map(|_| Table::new(shape)).collect();
        Self { tables, spread: Spread { bits, seed } }
    }

    /// How many flows there are.
    pub fn len(&self) -> usize {
        self.tables.iter().map(Table::len).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.tables.iter().all(Table::is_empty)
    }

    /// The flows and how they began, in no order that means anything.
    pub fn flows(&self) -> impl Iterator<Item = (&Flow<K>, Birth)> {
        self.tables.iter().flat_map(Table::flows).map(|(_, flow, birth)| (flow, birth))
    }

    /// How many tables there are.
    pub fn tables(&self) -> usize {
        self.tables.len()
    }

    /// The flows of one table, each with a place that [`Self::get`] finds it at as long as none is
    /// added.
    pub fn places(&self, table: usize) -> impl Iterator<Item = (u32, &Flow<K>)> {
        let bits = self.spread.bits;
        let number = u32::try_from(table).unwrap_or(0);
        let place = move |at: usize| u32::try_from(at).unwrap_or(0) << bits | number;
        let flows = self.tables.get(table).into_iter().flat_map(Table::flows);
        flows.map(move |(at, flow, _)| (place(at), flow))
    }

    /// Looks at the flow at a place, so that it is near when it is needed.
    pub fn touch(&self, place: u32) -> u64 {
        let (table, place) = self.at(place);
        table.peek(place).map_or(0, Flow::touch)
    }

    /// The flow at a place.
    pub fn get(&self, place: u32) -> Option<&Flow<K>> {
        let (table, place) = self.at(place);
        table.peek(place)
    }

    /// The table of a place, and the place in it.
    fn at(&self, place: u32) -> (&Table<K>, usize) {
        // There is a power of two of tables.
        let shard = place as usize & (self.tables.len() - 1);
        (&self.tables[shard], (place >> self.spread.bits) as usize)
    }

    /// Takes out the flows that `is_over`, and gives them to `to`.
    pub fn sweep(
        &mut self,
        is_over: impl Fn(&Flow<K>) -> bool,
        mut to: impl FnMut(Flow<K>, Birth),
    ) {
        let hash_of = |key: &K| self.spread.hash(key);
        for table in &mut self.tables {
            let mut place = 0;
            while place < table.places() {
                if !table.get(place).is_some_and(&is_over) {
                    place += 1;
                    continue;
                }
                // Another flow has its place now, so the place is looked at again.
                let Some((flow, birth)) = table.remove(place, hash_of) else { break };
                to(flow, birth);
            }
        }
    }

    /// Adds a flow's packets to those of `key`; whether there was room.
    pub fn remember(&mut self, key: K, flow: &Flow<K>, birth: Birth, room: usize) -> bool {
        let hash = self.spread.hash(&key);
        let number = self.spread.shard(hash);
        let place = match self.tables[number].find(hash, &key) {
            Some(place) => place,
            None if self.len() >= room || self.tables[number].is_full() => return false,
            None => self.tables[number].insert(hash, key, birth, |key| self.spread.hash(key)),
        };
        let table = &mut self.tables[number];
        table.at(place).merge(flow);
        true
    }

    /// Gives back all flows.
    pub fn into_flows(self) -> impl Iterator<Item = (Flow<K>, Birth)> {
        self.tables.into_iter().flat_map(Table::into_flows)
    }

    /// Adds all flows of `other`, whose chains have the numbers `paths` here, as far as there is room.
    pub fn merge(&mut self, other: Self, paths: &[u32], room: &Room, gone: &mut Gone<'_>) {
        for (flow, birth) in other.into_flows() {
            let flow = renumbered(flow, paths);
            let hash = self.spread.hash(&flow.key);
            let table = &mut self.tables[self.spread.shard(hash)];
            let place = match table.find(hash, &flow.key) {
                Some(place) => {
                    table.birth(place).merge(birth);
                    place
                }
                None => make(table, &self.spread, flow.key, (hash, birth), room, gone),
            };
            table.at(place).merge(&flow);
        }
    }
}

/// `flow` with its chain's number taken from `paths`.
pub(super) fn renumbered<K: Key>(mut flow: Flow<K>, paths: &[u32]) -> Flow<K> {
    if let Some(&path) = paths.get((flow.key.path() as usize).wrapping_sub(1)) {
        flow.key = flow.key.with_path(path);
    }
    flow
}
