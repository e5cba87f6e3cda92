//! The flow table: a flat list of flows and an open-addressed index of places into it.
//!
//! Its work is cache misses.  A lookup touches one word of the index and one flow; fold does 64 of
//! them together, so that their misses overlap.  An index word holds twelve bits of hash and a place,
//! so that a wrong flow is seldom touched.

use super::flow::{Birth, Flow};
use super::key::Key;

/// Index words are empty, or a tag out of the hash above the place plus one.
const EMPTY: u32 = 0;

/// Bits of a place in an index word.
pub const PLACE_BITS: u32 = 20;
const PLACE: u32 = (1 << PLACE_BITS) - 1;

/// The tag of a hash: bits that neither tell tables apart nor, while an index is small, slots.
const fn tag(hash: u32) -> u32 {
    hash >> 16 << PLACE_BITS
}

/// Flows by key.
#[derive(Debug, Clone)]
pub struct Table<K> {
    index: Vec<u32>,
    flows: Slab<Flow<K>>,
    births: Slab<Birth>,
    hand: usize,
}

/// A list that grows by whole chunks: nothing in it ever moves, and no growth doubles the memory.
#[derive(Debug, Clone)]
struct Slab<T> {
    chunks: Vec<Vec<T>>,
    count: usize,
}

/// Flows a chunk holds: 64 KiB of them over IPv4.
const CHUNK: usize = 1024;

impl<T> Slab<T> {
    const EMPTY: Self = Self { chunks: Vec::new(), count: 0 };

    fn push(&mut self, item: T) {
        if self.count.is_multiple_of(CHUNK) {
            self.chunks.push(Vec::with_capacity(CHUNK));
        }
        if let Some(last) = self.chunks.last_mut() {
            last.push(item);
            self.count += 1;
        }
    }

    /// Takes the item at `place` out; the last one, if it is another, moves there.
    fn swap_remove(&mut self, place: usize) -> Option<T> {
        let chunk = self.chunks.last_mut()?;
        let item = chunk.pop()?;
        if chunk.is_empty() {
            self.chunks.pop();
        }
        self.count -= 1;
        Some(if place == self.count { item } else { std::mem::replace(&mut self[place], item) })
    }

    fn get(&self, place: usize) -> Option<&T> {
        self.chunks.get(place / CHUNK)?.get(place % CHUNK)
    }

    fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().flatten()
    }
}

impl<T> std::ops::Index<usize> for Slab<T> {
    type Output = T;

    fn index(&self, place: usize) -> &T {
        &self.chunks[place / CHUNK][place % CHUNK]
    }
}

impl<T> std::ops::IndexMut<usize> for Slab<T> {
    fn index_mut(&mut self, place: usize) -> &mut T {
        &mut self.chunks[place / CHUNK][place % CHUNK]
    }
}

impl<K> Default for Table<K> {
    fn default() -> Self {
        Self { index: vec![EMPTY; 64], flows: Slab::EMPTY, births: Slab::EMPTY, hand: 0 }
    }
}

impl<K: Key> Table<K> {
    /// How many flows there are.
    pub fn len(&self) -> usize {
        self.flows.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.flows.count == 0
    }

    /// The flows and how they began, in no order that means anything.
    pub fn flows(&self) -> impl Iterator<Item = (&Flow<K>, Birth)> {
        self.flows.iter().zip(self.births.iter().copied())
    }

    /// The flow at `place`, if there is one.
    pub fn get(&self, place: usize) -> Option<&Flow<K>> {
        self.flows.get(place)
    }

    /// How the flow at `place` began.
    pub fn birth(&mut self, place: usize) -> &mut Birth {
        &mut self.births[place]
    }

    /// The flow at `place`.
    pub fn at(&mut self, place: usize) -> &mut Flow<K> {
        &mut self.flows[place]
    }

    /// The place of the first flow of that hash, which is nearly always the one that is meant: the
    /// index alone is touched.  A place that no flow has when there is none.
    pub fn guess(&self, hash: u32) -> usize {
        let mut slot = self.slot(hash);
        loop {
            let word = self.index[slot];
            if word == EMPTY || word & !PLACE == tag(hash) {
                return ((word & PLACE) as usize).wrapping_sub(1);
            }
            slot = (slot + 1) & (self.index.len() - 1);
        }
    }

    /// Looks at the word of the index where the search for a hash begins, so that it is near when it
    /// is needed; what it gives means nothing.
    #[inline]
    pub fn touch_index(&self, hash: u32) -> u64 {
        u64::from(self.index[self.slot(hash)])
    }

    /// The same of the flow at `place`.
    #[inline]
    pub fn touch(&self, place: usize) -> u64 {
        self.flows.get(place).map_or(0, |flow| flow.first.cast_unsigned())
    }

    /// Whether the flow at `place` has that key: touches one flow.
    pub fn is_at(&self, place: usize, key: &K) -> bool {
        self.flows.get(place).is_some_and(|flow| flow.key == *key)
    }

    /// The place of `key`, if it is known.
    pub fn find(&self, hash: u32, key: &K) -> Option<usize> {
        let mut slot = self.slot(hash);
        loop {
            let word = self.index[slot];
            if word == EMPTY {
                return None;
            }
            if word & !PLACE == tag(hash) {
                let place = (word & PLACE) as usize - 1;
                if self.flows[place].key == *key {
                    return Some(place);
                }
            }
            slot = (slot + 1) & (self.index.len() - 1);
        }
    }

    /// Whether no more flows can be numbered.
    pub fn is_full(&self) -> bool {
        !self.has_room(1)
    }

    /// Whether so many more flows can be numbered.
    pub fn has_room(&self, flows: usize) -> bool {
        self.flows.count.saturating_add(flows) < PLACE as usize
    }

    /// Makes a flow for `key`, which has none; gives its place.  The table must not be full.
    pub fn insert(
        &mut self,
        hash: u32,
        key: K,
        birth: Birth,
        hash_of: impl Fn(&K) -> u32,
    ) -> usize {
        let place = self.flows.count;
        self.flows.push(Flow::new(key));
        self.births.push(birth);
        // A load of two thirds keeps a probe at about two words, all in one or two cache lines.
        if self.flows.count * 3 > self.index.len() * 2 {
            self.grow(hash_of);
        } else {
            self.put(hash, place);
        }
        place
    }

    /// Puts `key` in the place of a flow that was not used lately, which is given back.
    pub fn replace(
        &mut self,
        hash: u32,
        key: K,
        birth: Birth,
        hash_of: impl Fn(&K) -> u32,
    ) -> Option<(usize, Flow<K>, Birth)> {
        let count = self.flows.count;
        if count == 0 {
            return None;
        }
        // Second chance: a flow that was used since the hand last came by stays for another round.
        let mut place = self.hand % count;
        while std::mem::take(&mut self.flows[place].used) {
            place = (place + 1) % count;
        }
        self.hand = place + 1;
        self.forget(place, &hash_of);
        let old = std::mem::replace(&mut self.flows[place], Flow::new(key));
        let birth = std::mem::replace(&mut self.births[place], birth);
        self.put(hash, place);
        Some((place, old, birth))
    }

    /// Takes the flow at `place` out; the last flow, if it is another, moves there.
    pub fn remove(
        &mut self,
        place: usize,
        hash_of: impl Fn(&K) -> u32,
    ) -> Option<(Flow<K>, Birth)> {
        let last = self.flows.count.checked_sub(1).filter(|&last| place <= last)?;
        self.forget(place, &hash_of);
        if place < last {
            self.forget(last, &hash_of);
        }
        let gone = (self.flows.swap_remove(place)?, self.births.swap_remove(place)?);
        if place < last {
            self.put(hash_of(&self.flows[place].key), place);
        }
        Some(gone)
    }

    /// Gives back all flows.
    pub fn into_flows(self) -> impl Iterator<Item = (Flow<K>, Birth)> {
        self.flows.chunks.into_iter().flatten().zip(self.births.chunks.into_iter().flatten())
    }

    fn slot(&self, hash: u32) -> usize {
        hash as usize & (self.index.len() - 1)
    }

    fn put(&mut self, hash: u32, place: usize) {
        let mask = self.index.len() - 1;
        let mut slot = self.slot(hash);
        while self.index[slot] != EMPTY {
            slot = (slot + 1) & mask;
        }
        self.index[slot] = tag(hash) | (u32::try_from(place).unwrap_or(PLACE) + 1) & PLACE;
    }

    /// Doubles the index and puts all flows in it.
    fn grow(&mut self, hash_of: impl Fn(&K) -> u32) {
        let slots = self.index.len() * 2;
        // The old one goes before the new one comes.
        self.index = Vec::new();
        self.index = vec![EMPTY; slots];
        let mask = slots - 1;
        let mut number = 0;
        for flow in self.flows.iter() {
            let hash = hash_of(&flow.key);
            let mut slot = hash as usize & mask;
            while self.index[slot] != EMPTY {
                slot = (slot + 1) & mask;
            }
            number += 1;
            self.index[slot] = tag(hash) | number;
        }
    }

    /// Takes the flow at `place` out of the index, moving back what probed past it.
    fn forget(&mut self, place: usize, hash_of: impl Fn(&K) -> u32) {
        let hash = hash_of(&self.flows[place].key);
        let mask = self.index.len() - 1;
        let wanted = tag(hash) | (u32::try_from(place).unwrap_or(PLACE) + 1) & PLACE;
        let mut hole = self.slot(hash);
        while self.index[hole] != wanted {
            if self.index[hole] == EMPTY {
                return;
            }
            hole = (hole + 1) & mask;
        }
        let mut slot = hole;
        loop {
            slot = (slot + 1) & mask;
            let word = self.index[slot];
            if word == EMPTY {
                break;
            }
            let home = self.slot(hash_of(&self.flows[(word & PLACE) as usize - 1].key));
            // A word may move into the hole unless its home lies between the hole and itself.
            if (slot.wrapping_sub(home) & mask) >= (slot.wrapping_sub(hole) & mask) {
                self.index[hole] = word;
                hole = slot;
            }
        }
        self.index[hole] = EMPTY;
    }
}
