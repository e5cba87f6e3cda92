//! The flows of one IP version: tables told apart by hash, so that two analyses can be merged by
//! several threads at once.

use std::sync::{Mutex, PoisonError};

use foldhash::quality::RandomState;

use super::brief::Brief;
use super::ending::Gone;
use super::flow::{Birth, Flow};
use super::key::Key;
use super::table::Table;

/// Packets or flows looked up together, so that their cache misses overlap.
pub const GROUP: usize = 64;

/// Tables of a large analysis, and the bits of a hash that tell them apart.
const SHARDS: usize = 1 << SHARD_BITS;
const SHARD_BITS: u32 = 4;

/// Flows from which on the limit is large: a few more or less in a table are nothing to it.
const LARGE: usize = 65_536;

/// Flows of one IP version.
#[derive(Debug, Clone)]
pub struct Shards<K> {
    /// One, or [`SHARDS`] of them.
    tables: Vec<Table<K>>,
    /// How far a hash is shifted to give the number of its table.
    shift: u32,
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

    fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.places[..self.count].iter().map(|&place| usize::from(place))
    }
}

impl<K: Key> Shards<K> {
    /// No flows, of which at most `limit` are going to be kept; analyses that are to be merged share
    /// `seed` and limit.
    pub fn new(seed: RandomState, limit: usize) -> Self {
        let (count, shift) =
            if limit < LARGE { (1, u32::BITS) } else { (SHARDS, u32::BITS - SHARD_BITS) };
        Self { tables: (0..count).map(|_| Table::default()).collect(), shift, seed, count: 0 }
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
        (0u32..).zip(&self.tables).flat_map(|(shard, table)| {
            (0u32..).zip(table.flows()).map(move |(at, (flow, _))| (at << SHARD_BITS | shard, flow))
        })
    }

    /// The flow at a place.
    pub fn get(&self, place: u32) -> Option<&Flow<K>> {
        let shard = place as usize % SHARDS;
        self.tables.get(shard)?.get((place >> SHARD_BITS) as usize)
    }

    fn hash(&self, key: &K) -> u32 {
        (key.hash(&self.seed) >> 32) as u32
    }

    fn shard(&self, hash: u32) -> usize {
        hash.checked_shr(self.shift).unwrap_or(0) as usize
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
        let (mut hashes, mut guesses) = ([0u32; GROUP], [0usize; GROUP]);
        let mut right = [false; GROUP];
        // Three passes over the group: each touches memory that the one before has fetched, and
        // within a pass no access waits for another.
        for (hash, at) in hashes.iter_mut().zip(picks.iter()) {
            *hash = self.hash(key(&group[at]));
        }
        for (guess, &hash) in guesses.iter_mut().zip(&hashes).take(picks.count) {
            *guess = self.tables[self.shard(hash)].guess(hash);
        }
        for (n, at) in picks.iter().enumerate() {
            let (guess, hash) = (guesses[n % GROUP], hashes[n % GROUP]);
            right[n % GROUP] = self.tables[self.shard(hash)].is_at(guess, key(&group[at]));
        }
        let before = gone.evicted.flows;
        for (n, at) in picks.iter().enumerate() {
            let (brief, hash) = (&group[at], hashes[n % GROUP]);
            let shard = self.shard(hash);
            let mut place = guesses[n % GROUP];
            // An eviction within the group may have given the guessed place to another flow.
            let is_right = right[n % GROUP]
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
        let is_full = self.count >= room;
        let table = &mut self.tables[shard];
        if let Some(place) = table.find(hash, &key) {
            // Of a packet that comes out of turn, too, the first counts.
            table.birth(place).merge(birth);
            return place;
        }
        if is_full {
            let hash_of = |key: &K| (key.hash(&self.seed) >> 32) as u32;
            if let Some((place, old, born)) = table.replace(hash, key, birth, hash_of) {
                gone.evict(&old, born);
                return place;
            }
        }
        self.count += 1;
        table.insert(hash, key, birth)
    }

    /// Takes out the flows that `is_over`, and gives them to `to`.
    pub fn sweep(
        &mut self,
        is_over: impl Fn(&Flow<K>) -> bool,
        mut to: impl FnMut(Flow<K>, Birth),
    ) {
        let hash_of = |key: &K| (key.hash(&self.seed) >> 32) as u32;
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
            None if self.count >= room => return false,
            None => {
                self.count += 1;
                table.insert(hash, key, birth)
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
        if self.count.saturating_add(other.count) > room {
            let flows = other.into_flows().map(|(flow, birth)| (renumbered(flow, paths), birth));
            self.merge_each(flows, room, gone);
            return;
        }
        let seed = &self.seed;
        let strays = Mutex::new(Vec::new());
        let merge = |(mine, theirs): (&mut Table<K>, Table<K>)| {
            let stray = merge_table(mine, theirs, paths, |key| (key.hash(seed) >> 32) as u32);
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
                for _ in 1..threads.min(SHARDS) {
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
    hash_of: impl Fn(&K) -> u32,
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
    let (mut hashes, mut guesses, mut right) = ([0; GROUP], [0; GROUP], [false; GROUP]);
    loop {
        group.clear();
        group.extend(flows.by_ref().take(GROUP));
        if group.is_empty() {
            break;
        }
        for (hash, (flow, _)) in hashes.iter_mut().zip(&group) {
            *hash = hash_of(&flow.key);
        }
        for (guess, &hash) in guesses.iter_mut().zip(&hashes).take(group.len()) {
            *guess = mine.guess(hash);
        }
        for ((right, &guess), (flow, _)) in right.iter_mut().zip(&guesses).zip(&group) {
            *right = mine.is_at(guess, &flow.key);
        }
        for (n, (flow, birth)) in group.iter().enumerate() {
            let known = if right[n] { Some(guesses[n]) } else { mine.find(hashes[n], &flow.key) };
            if let Some(place) = known {
                mine.at(place).merge(flow);
                mine.birth(place).merge(*birth);
            } else {
                let place = mine.insert(hashes[n], flow.key, *birth);
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
