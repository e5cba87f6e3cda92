//! The flows of one IP version: tables told apart by hash, so that two analyses can be merged by
//! several threads at once.

use std::sync::{Mutex, PoisonError};

use foldhash::quality::RandomState;

use super::brief::Brief;
use super::ending::Gone;
use super::flow::{Birth, Flow};
use super::key::Key;
use super::table::{PLACE_BITS, Table};

/// Packets or flows looked up together, so that their cache misses overlap.
pub const GROUP: usize = 64;

/// Bits of a hash that tell the tables of a large analysis apart, at least: sixteen tables are work
/// enough for some threads.
const LEAST_BITS: u32 = 4;

/// The same, at most: places of all tables then fit 29 bits.
const MOST_BITS: u32 = 9;

/// Flows from which on the limit is large: a few more or less in a table are nothing to it.
const LARGE: usize = 65_536;

/// Flows of one IP version.
#[derive(Debug, Clone)]
pub struct Shards<K> {
    tables: Vec<Table<K>>,
    /// Bits of a hash that are the number of its table.
    bits: u32,
    seed: RandomState,
    count: usize,
}

/// Places of packets in their group, in order.
#[derive(Debug, Clone, Copy)]
pub struct Picks {
    places: [u8; GROUP],
    count: usize,
}

impl Picks {
    /// None yet.
    pub const EMPTY: Self = Self { places: [0; GROUP], count: 0 };

    /// Adds `place` if `is_picked`; without a jump, which would be guessed wrong too often.
    #[inline]
    pub fn pick(&mut self, place: usize, is_picked: bool) {
        if let Some(slot) = self.places.get_mut(self.count) {
            *slot = place.to_le_bytes()[0];
            self.count += usize::from(is_picked);
        }
    }

    fn iter(&self) -> impl Iterator<Item = usize> + Clone + '_ {
        self.places[..self.count].iter().map(|&place| usize::from(place))
    }
}

/// Where a key's flow probably is.
#[derive(Debug, Clone, Copy)]
struct Sought {
    hash: u32,
    /// Nearly always its place; any other when it has none.
    place: usize,
    /// Whether its flow is there.
    is_right: bool,
}

impl Sought {
    /// Looks for at most [`GROUP`] keys at once, each in the table of its hash.
    ///
    /// Several passes: those that touch memory far away jump nowhere, since a jump that is guessed
    /// wrong holds up whatever would be fetched behind it; the others then find all near.
    #[inline]
    fn of<'t, 'k, K: Key + 't + 'k>(
        keys: impl Iterator<Item = &'k K> + Clone,
        hash_of: impl Fn(&K) -> u32,
        table_of: impl Fn(u32) -> &'t Table<K>,
    ) -> [Self; GROUP] {
        let mut all = [Self { hash: 0, place: 0, is_right: false }; GROUP];
        let (mut touched, mut count) = (0, 0);
        for (sought, key) in all.iter_mut().zip(keys.clone()) {
            sought.hash = hash_of(key);
            touched ^= table_of(sought.hash).touch_index(sought.hash);
            count += 1;
        }
        std::hint::black_box(touched);
        for sought in all.iter_mut().take(count) {
            let table = table_of(sought.hash);
            sought.place = table.guess(sought.hash);
            touched ^= table.touch(sought.place);
        }
        std::hint::black_box(touched);
        for (sought, key) in all.iter_mut().zip(keys) {
            sought.is_right = table_of(sought.hash).is_at(sought.place, key);
        }
        all
    }
}

/// The hash of keys as the tables take it.
fn hash_by<K: Key>(seed: &RandomState) -> impl Fn(&K) -> u32 + Copy + '_ {
    |key| (key.hash(seed) >> 32) as u32
}

impl<K: Key> Shards<K> {
    /// No flows, of which at most `limit` are going to be kept; analyses that are to be merged share
    /// `seed` and limit.
    pub fn new(seed: RandomState, limit: usize) -> Self {
        // Tables are half full on average when all are kept, so that none is when luck is bad.
        let needed = limit.checked_next_power_of_two().map_or(usize::BITS, usize::ilog2);
        let bits = needed.saturating_sub(PLACE_BITS - 1).max(LEAST_BITS);
        let bits = if limit < LARGE { 0 } else { bits.min(MOST_BITS) };
        let tables = (0..1 << bits).map(|_| Table::default()).collect();
        Self { tables, bits, seed, count: 0 }
    }

    /// How many flows there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The flows and how they began, in no order that means anything.
    pub fn flows(&self) -> impl Iterator<Item = (&Flow<K>, Birth)> {
        self.tables.iter().flat_map(Table::flows)
    }

    /// The flows, each with a place that [`Self::get`] finds it at as long as none is added.
    pub fn places(&self) -> impl Iterator<Item = (u32, &Flow<K>)> {
        let bits = self.bits;
        (0u32..).zip(&self.tables).flat_map(move |(shard, table)| {
            (0u32..).zip(table.flows()).map(move |(at, (flow, _))| (at << bits | shard, flow))
        })
    }

    /// Looks at the flow at a place, so that it is near when it is needed.
    pub fn touch(&self, place: u32) -> u64 {
        let (table, place) = self.at(place);
        table.touch(place)
    }

    /// The flow at a place.
    pub fn get(&self, place: u32) -> Option<&Flow<K>> {
        let (table, place) = self.at(place);
        table.get(place)
    }

    /// The table of a place, and the place in it.
    fn at(&self, place: u32) -> (&Table<K>, usize) {
        // There is a power of two of tables.
        let shard = place as usize & (self.tables.len() - 1);
        (&self.tables[shard], (place >> self.bits) as usize)
    }

    fn hash(&self, key: &K) -> u32 {
        hash_by(&self.seed)(key)
    }

    fn shard(&self, hash: u32) -> usize {
        hash.checked_shr(u32::BITS - self.bits).unwrap_or(0) as usize
    }

    /// Adds packets to their flows: those of `group` that are picked, whose keys `key` tells.  No
    /// more than `room` flows are kept.  Calls `ids` with each packet's place in the group and, if it
    /// asks, its flow's number.
    pub fn fold<'a>(
        &mut self,
        group: &'a [Brief],
        picks: &Picks,
        key: impl Fn(&'a Brief) -> &'a K,
        room: usize,
        gone: &mut Gone<'_>,
        ids: &mut impl FnMut(usize, &mut dyn FnMut() -> u64),
    ) where
        K: 'a,
    {
        let keys = picks.iter().map(|at| key(&group[at]));
        let sought = Sought::of(keys, hash_by(&self.seed), |hash| &self.tables[self.shard(hash)]);
        let before = gone.evicted.flows;
        for (at, sought) in picks.iter().zip(&sought) {
            let (brief, hash) = (&group[at], sought.hash);
            let shard = self.shard(hash);
            let mut place = sought.place;
            // An eviction within the group may have given the guessed place to another flow.
            let is_right = sought.is_right
                && (gone.evicted.flows == before || self.tables[shard].is_at(place, key(brief)));
            if !is_right {
                let birth = Birth::new(brief.number, brief.swapped);
                place = self.place(shard, *key(brief), hash, birth, room, gone);
            }
            let table = &mut self.tables[shard];
            table.at(place).fold(brief);
            ids(at, &mut || table.birth(place).number());
        }
    }

    /// The place of `key`'s flow, made where there is none, at the cost of another when there is no
    /// room.
    #[inline(never)]
    fn place(
        &mut self,
        shard: usize,
        key: K,
        hash: u32,
        birth: Birth,
        room: usize,
        gone: &mut Gone<'_>,
    ) -> usize {
        let is_full = self.count >= room || self.tables[shard].is_full();
        let table = &mut self.tables[shard];
        if let Some(place) = table.find(hash, &key) {
            // Of a packet that comes out of turn, too, the first counts.
            table.birth(place).merge(birth);
            return place;
        }
        let hash_of = hash_by(&self.seed);
        if is_full && let Some((place, old, born)) = table.replace(hash, key, birth, hash_of) {
            gone.evict(&old, born);
            return place;
        }
        self.count += 1;
        table.insert(hash, key, birth, hash_of)
    }

    /// Takes out the flows that `is_over`, and gives them to `to`.
    pub fn sweep(
        &mut self,
        is_over: impl Fn(&Flow<K>) -> bool,
        mut to: impl FnMut(Flow<K>, Birth),
    ) {
        let hash_of = hash_by(&self.seed);
        for table in &mut self.tables {
            let mut place = 0;
            while place < table.len() {
                if !is_over(table.at(place)) {
                    place += 1;
                    continue;
                }
                // Another flow has its place now, so the place is looked at again.
                let Some((flow, birth)) = table.remove(place, hash_of) else { break };
                self.count -= 1;
                to(flow, birth);
            }
        }
    }

    /// Adds a flow's packets to those of `key`; whether there was room.
    pub fn remember(&mut self, key: K, flow: &Flow<K>, birth: Birth, room: usize) -> bool {
        let hash = self.hash(&key);
        let shard = self.shard(hash);
        let table = &mut self.tables[shard];
        let place = match table.find(hash, &key) {
            Some(place) => place,
            None if self.count >= room || table.is_full() => return false,
            None => {
                self.count += 1;
                table.insert(hash, key, birth, hash_by(&self.seed))
            }
        };
        table.at(place).merge(flow);
        true
    }

    /// Gives back all flows.
    pub fn into_flows(self) -> impl Iterator<Item = (Flow<K>, Birth)> {
        self.tables.into_iter().flat_map(Table::into_flows)
    }

    /// Adds all flows of `other`, whose chains have the numbers `paths` here; at most `room` are
    /// kept.  Where all fit, `threads` do it side by side.
    pub fn merge(
        &mut self,
        other: Self,
        paths: &[u32],
        room: usize,
        threads: usize,
        gone: &mut Gone<'_>,
    ) {
        let pairs = self.tables.iter().zip(&other.tables);
        let fits = pairs.clone().all(|(mine, theirs)| mine.has_room(theirs.len()));
        if self.count.saturating_add(other.count) > room || !fits {
            let flows = other.into_flows().map(|(flow, birth)| (renumbered(flow, paths), birth));
            self.merge_each(flows, room, gone);
            return;
        }
        let hash_of = hash_by(&self.seed);
        let strays = Mutex::new(Vec::new());
        let merge = |(mine, theirs): (&mut Table<K>, Table<K>)| {
            let stray = merge_table(mine, theirs, paths, hash_of);
            strays.lock().unwrap_or_else(PoisonError::into_inner).extend(stray);
        };
        let pairs: Vec<_> = self.tables.iter_mut().zip(other.tables).collect();
        if threads <= 1 || other.count < LARGE / 8 {
            pairs.into_iter().for_each(merge);
        } else {
            let queue = Mutex::new(pairs);
            let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let work = || {
                while let Some(pair) = next() {
                    merge(pair);
                }
            };
            std::thread::scope(|scope| {
                for _ in 1..threads {
                    scope.spawn(work);
                }
                work();
            });
        }
        self.count = self.tables.iter().map(Table::len).sum();
        let strays = strays.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.merge_each(strays, room, gone);
    }

    /// Adds flows one by one.
    fn merge_each(
        &mut self,
        flows: impl IntoIterator<Item = (Flow<K>, Birth)>,
        room: usize,
        gone: &mut Gone<'_>,
    ) {
        for (flow, birth) in flows {
            let hash = self.hash(&flow.key);
            let shard = self.shard(hash);
            let place = self.place(shard, flow.key, hash, birth, room, gone);
            self.tables[shard].at(place).merge(&flow);
        }
    }
}

/// Adds the flows of `theirs`, in groups, as packets are folded.  Gives back those whose chain has
/// another number here, since that is part of the hash and so may tell them to another table.
fn merge_table<K: Key>(
    mine: &mut Table<K>,
    theirs: Table<K>,
    paths: &[u32],
    hash_of: impl Fn(&K) -> u32 + Copy,
) -> Vec<(Flow<K>, Birth)> {
    let mut strays = Vec::new();
    let mut flows = theirs.into_flows().filter_map(|(flow, birth)| {
        let there = renumbered(flow, paths);
        if there.key == flow.key {
            return Some((flow, birth));
        }
        strays.push((there, birth));
        None
    });
    let mut group: Vec<(Flow<K>, Birth)> = Vec::with_capacity(GROUP);
    loop {
        group.clear();
        group.extend(flows.by_ref().take(GROUP));
        if group.is_empty() {
            break;
        }
        let sought = Sought::of(group.iter().map(|(flow, _)| &flow.key), hash_of, |_| &*mine);
        for ((flow, birth), sought) in group.iter().zip(&sought) {
            let hash = sought.hash;
            let known =
                if sought.is_right { Some(sought.place) } else { mine.find(hash, &flow.key) };
            if let Some(place) = known {
                mine.at(place).merge(flow);
                mine.birth(place).merge(*birth);
            } else {
                let place = mine.insert(hash, flow.key, *birth, hash_of);
                *mine.at(place) = *flow;
            }
        }
    }
    drop(flows);
    strays
}

/// `flow` with its chain's number taken from `paths`.
pub(super) fn renumbered<K: Key>(mut flow: Flow<K>, paths: &[u32]) -> Flow<K> {
    if let Some(&path) = paths.get((flow.key.path() as usize).wrapping_sub(1)) {
        flow.key = flow.key.with_path(path);
    }
    flow
}
