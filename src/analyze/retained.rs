//! Conversations of flows that have ended, and what is left of conversations in their turn.
//!
//! Flows go, their packets stay counted: for each pair of addresses in one chain, what went each
//! way. When there are more pairs than there is room for, what the others carried is kept by
//! address; and when there are more addresses too, it is only summed up, and counts say that they
//! are lower bounds.

use std::collections::HashMap;

use arrayvec::ArrayVec;
use foldhash::quality::RandomState;
use hashbrown::HashTable;

use super::count::Tally;
use super::flow::Flow;
use super::key::{Key, PathId, SPREADS};
use super::table::GROUP;

/// What two addresses sent each other in one chain, or what one of them sent and received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetainedPair<K> {
    /// The flows' key without ports and protocol; of one address, that of it with itself.
    pub key: K,
    /// From the key's first address to its second, and back; or sent, received.
    pub tallies: [Tally; 2],
}

/// Where something stands, with its hash, so that a table can grow without a look at it.
#[derive(Debug, Clone, Copy)]
struct Slot {
    hash: u32,
    place: u32,
}

/// Retained pairs by key: as many as there is room for.
#[derive(Debug, Clone)]
struct BoundedTable<K> {
    all: Vec<RetainedPair<K>>,
    /// Places of those, by the hash of their key.
    places: HashTable<Slot>,
    most: usize,
}

impl<K: Key> BoundedTable<K> {
    fn new(most: usize) -> Self {
        Self { all: Vec::new(), places: HashTable::new(), most }
    }

    /// Touches what is needed of a key, so that it is in the cache then; the result means nothing.
    fn touch(&self, hash: u32) -> u64 {
        let known = self.places.find(spread(hash), |at| at.hash == hash);
        let known = known.and_then(|at| self.all.get(at.place as usize));
        known.map_or(0, |known| known.tallies[0].packets)
    }

    /// Adds to what is kept of a key; false where there is no room.
    fn add(&mut self, hash: u32, key: K, tallies: [Tally; 2]) -> bool {
        let Self { all, places, most } = self;
        let is_it = |at: &Slot| {
            at.hash == hash && all.get(at.place as usize).is_some_and(|known| known.key == key)
        };
        if let Some(&Slot { place, .. }) = places.find(spread(hash), is_it) {
            if let Some(known) = all.get_mut(place as usize) {
                merge(&mut known.tallies, tallies);
            }
            return true;
        }
        let has_room = all.len() < *most;
        if has_room {
            let place = u32::try_from(all.len()).unwrap_or(u32::MAX);
            // Half as much more at a time: what doubles wastes as much as it holds.
            if all.len() == all.capacity() {
                all.reserve_exact((all.len() / 2).max(16).min(*most - all.len()));
            }
            all.push(RetainedPair { key, tallies });
            places.insert_unique(spread(hash), Slot { hash, place }, |at| spread(at.hash));
        }
        has_room
    }
}

/// A hash in as many bits as a table needs.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(SPREADS)
}

/// Conversations by key, and what found no room among them.
#[derive(Debug, Clone)]
pub struct Retained<K> {
    pairs: BoundedTable<K>,
    ends: BoundedTable<K>,
    /// Those that are still to be added: several together, so that their cache misses overlap.
    pending: ArrayVec<RetainedPair<K>, GROUP>,
    /// What those kept by address carried, by chain.
    around: HashMap<PathId, [Tally; 2], RandomState>,
    seed: RandomState,
    /// Flows whose packets stand with addresses only, since there was no room for their
    /// conversation.
    pub by_address: u64,
    /// Flows whose packets stand nowhere but in the totals, for one of their addresses at least.
    pub lost: u64,
}

impl<K: Key> Retained<K> {
    /// An empty set with room for so many pairs.
    pub fn new(seed: &RandomState, most: usize) -> Self {
        Self {
            pairs: BoundedTable::new(most),
            ends: BoundedTable::new(most),
            pending: ArrayVec::new(),
            around: HashMap::with_hasher(seed.clone()),
            seed: seed.clone(),
            by_address: 0,
            lost: 0,
        }
    }

    /// Adds the packets of a flow that went, when the next [`Self::flush`] comes.
    pub fn add(&mut self, flow: &Flow<K>) {
        let of = RetainedPair { key: flow.key.traffic(), tallies: flow.tallies() };
        if let Err(full) = self.pending.try_push(of) {
            self.flush();
            self.pending.push(full.element());
        }
    }

    /// Adds what is pending: nothing may be read before.
    pub fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        // Tables far away are looked at for all first, then what they lead to.
        let mut hashes = [0; GROUP];
        for (to, of) in hashes.iter_mut().zip(&self.pending) {
            *to = self.hash(&of.key);
        }
        let pending = hashes.iter().take(self.pending.len());
        std::hint::black_box(pending.fold(0, |sum, &hash| sum ^ self.pairs.touch(hash)));
        let mut others = ArrayVec::<_, GROUP>::new();
        for (hash, of) in hashes.into_iter().zip(std::mem::take(&mut self.pending)) {
            if !self.pairs.add(hash, of.key, of.tallies) {
                others.push((of, of.key.ends().map(|end| self.hash(&end))));
            }
        }
        let ends = others.iter().flat_map(|(_, ends)| ends);
        std::hint::black_box(ends.fold(0, |sum, &hash| sum ^ self.ends.touch(hash)));
        others.into_iter().for_each(|(of, ends)| self.add_ends(of, ends));
    }

    #[expect(clippy::cast_possible_truncation, reason = "half of a hash")]
    fn hash(&self, key: &K) -> u32 {
        key.hash(&self.seed) as u32
    }

    /// Adds a conversation that found no room by its addresses, whose keys have those hashes.
    fn add_ends(&mut self, of: RetainedPair<K>, [left, right]: [u32; 2]) {
        self.by_address += 1;
        let RetainedPair { key, tallies } = of;
        let [first, second] = key.ends();
        let mut is_kept = self.ends.add(left, first, tallies);
        // What an address sends to itself is not received again.
        if first != second {
            let [forth, back] = tallies;
            is_kept &= self.ends.add(right, second, [back, forth]);
        }
        self.lost += u64::from(!is_kept);
        if key.path() != 0 {
            merge(self.around.entry(key.path()).or_default(), tallies);
        }
    }

    /// Adds those of another part, whose chains have the numbers `path` gives.
    pub(super) fn merge(&mut self, other: Self, path: impl Fn(PathId) -> PathId) {
        self.flush();
        self.by_address += other.by_address;
        self.lost += other.lost;
        let here = |key: K| key.with_path(path(key.path()));
        for known in other.pairs.all.into_iter().chain(other.pending) {
            let of = RetainedPair { key: here(known.key), ..known };
            if !self.pairs.add(self.hash(&of.key), of.key, of.tallies) {
                self.add_ends(of, of.key.ends().map(|end| self.hash(&end)));
            }
        }
        for known in other.ends.all {
            let key = here(known.key);
            self.lost += u64::from(!self.ends.add(self.hash(&key), key, known.tallies));
        }
        for (of, tallies) in other.around {
            merge(self.around.entry(path(of)).or_default(), tallies);
        }
    }

    /// The conversations.
    pub fn pairs(&self) -> &[RetainedPair<K>] {
        &self.pairs.all
    }

    /// What found no room among them, by address.
    pub fn ends(&self) -> &[RetainedPair<K>] {
        &self.ends.all
    }

    /// What those carried, by chain.
    pub fn around(&self) -> impl Iterator<Item = (PathId, [Tally; 2])> + '_ {
        self.around.iter().map(|(path, tallies)| (*path, *tallies))
    }
}

fn merge(sums: &mut [Tally; 2], more: [Tally; 2]) {
    sums.iter_mut().zip(more).for_each(|(sum, more)| sum.merge(more));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::key::V4Key;

    #[test]
    fn any_bound_is_reached_and_kept() {
        let tallies = [Tally { packets: 1, octets: 40 }, Tally::default()];
        for most in [0_u16, 1, 15, 16, 17, 255, 256, 257, 47_203] {
            let count = usize::from(most);
            let mut all = Retained::new(&RandomState::default(), count);
            for source in 0..u32::from(most) + 20 {
                let (key, _) = V4Key::between((source, u32::MAX), 0, 0);
                if !all.pairs.add(all.hash(&key), key, tallies) {
                    let of = RetainedPair { key, tallies };
                    all.add_ends(of, key.ends().map(|end| all.hash(&end)));
                }
            }
            assert_eq!((all.pairs().len(), all.by_address), (count, 20));
            assert_eq!(all.ends().len(), count.min(21));
        }
    }
}
