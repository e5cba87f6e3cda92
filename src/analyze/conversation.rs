//! Conversations of flows that are there no more, and what is left of conversations in their turn.
//!
//! Flows go, their packets stay counted: for each pair of addresses in one chain, what went each way.
//! When there are more pairs than there is room for, what the others carried is kept by address; and
//! when there are more addresses too, it is only summed up, and counts say that they are lower bounds.

use arrayvec::ArrayVec;
use foldhash::quality::RandomState;
use hashbrown::{HashMap, HashTable};
use std::hash::{BuildHasher, Hasher};

use super::count::Tally;
use super::flow::Flow;
use super::key::{Key, PathId};
use super::shard::GROUP;
use crate::decode::tuple::Pair;

/// What two addresses sent each other in one chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conversation<K> {
    /// The flows' key without ports and protocol.
    pub key: K,
    /// From the key's first address to its second, and back.
    pub tallies: [Tally; 2],
}

/// What an address of a conversation that found no room sent and received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remainder {
    /// The address, as a pair with itself.
    pub address: Pair,
    /// The chain in which it did.
    pub path: PathId,
    /// Sent, received.
    pub tallies: [Tally; 2],
}

/// Where something stands, with its hash, so that a table can grow without a look at it.
#[derive(Debug, Clone, Copy)]
struct At {
    hash: u64,
    place: u32,
}

/// Conversations by key, and what found no room among them.
#[derive(Debug, Clone)]
pub struct Conversations<K> {
    kept: Vec<Conversation<K>>,
    /// Places of those, by the hash of their key.
    places: HashTable<At>,
    remainders: Vec<Remainder>,
    /// Places of those, by the hash of their address and chain.
    ends: HashTable<At>,
    /// Those that are still to be added: several together, so that their cache misses overlap.
    pending: ArrayVec<Conversation<K>, GROUP>,
    /// What remainders carried in each chain that they travelled in.
    around: HashMap<PathId, [Tally; 2], RandomState>,
    /// How many of either are kept, at most.
    most: usize,
    seed: RandomState,
    /// Flows whose packets stand with addresses only, since there was no room for their conversation.
    pub by_address: u64,
    /// Flows whose packets stand nowhere but in the totals, for one of their addresses at least.
    pub lost: u64,
}

impl<K: Key> Conversations<K> {
    /// None yet, and room for so many.
    pub fn new(seed: &RandomState, most: usize) -> Self {
        Self {
            kept: Vec::new(),
            places: HashTable::new(),
            remainders: Vec::new(),
            ends: HashTable::new(),
            pending: ArrayVec::new(),
            around: HashMap::with_hasher(seed.clone()),
            most,
            seed: seed.clone(),
            by_address: 0,
            lost: 0,
        }
    }

    /// Adds the packets of a flow that went, when the next [`Self::flush`] comes.
    pub fn add(&mut self, flow: &Flow<K>) {
        let of = Conversation { key: flow.key.talk(), tallies: flow.tallies() };
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
        let mut found = [0; GROUP];
        for ((hash, at), of) in hashes.iter_mut().zip(&mut found).zip(&self.pending) {
            *hash = of.key.hash(&self.seed);
            let known = self.places.find(*hash, |at| at.hash == *hash);
            *at = known.map_or(u32::MAX, |known| known.place);
        }
        let touched = found.iter().take(self.pending.len()).fold(0, |sum, &at| {
            sum ^ self.kept.get(at as usize).map_or(0, |known| known.tallies[0].packets)
        });
        std::hint::black_box(touched);
        for (place, hash) in hashes.into_iter().enumerate() {
            let Some(&Conversation { key, tallies }) = self.pending.get(place) else { break };
            self.add_all(hash, key, tallies);
        }
        self.pending.clear();
    }

    fn add_all(&mut self, hash: u64, key: K, tallies: [Tally; 2]) {
        let Self { kept, places, .. } = self;
        let is_it = |at: &At| {
            at.hash == hash && kept.get(at.place as usize).is_some_and(|known| known.key == key)
        };
        if let Some(&At { place, .. }) = places.find(hash, is_it) {
            if let Some(known) = kept.get_mut(place as usize) {
                merge(&mut known.tallies, tallies);
            }
            return;
        }
        if kept.len() < self.most {
            let place = u32::try_from(kept.len()).unwrap_or(u32::MAX);
            kept.push(Conversation { key, tallies });
            places.insert_unique(hash, At { hash, place }, |at| at.hash);
            return;
        }
        self.by_address += 1;
        let (first, second) = match key.pair() {
            Pair::V4(a, b) => (Pair::V4(a, a), Pair::V4(b, b)),
            Pair::V6(a, b) => (Pair::V6(a, a), Pair::V6(b, b)),
        };
        let [forth, back] = tallies;
        let mut is_kept =
            self.add_remainder(Remainder { address: first, path: key.path(), tallies });
        // What an address sends to itself is not received again.
        if first != second {
            let turned = [back, forth];
            let other = Remainder { address: second, path: key.path(), tallies: turned };
            is_kept &= self.add_remainder(other);
        }
        self.lost += u64::from(!is_kept);
        if key.path() != 0 {
            merge(self.around.entry(key.path()).or_default(), tallies);
        }
    }

    fn add_remainder(&mut self, of: Remainder) -> bool {
        let Self { remainders, ends, seed, .. } = self;
        let hash = hash(&of, seed);
        let is_it = |at: &At| {
            let known = remainders.get(at.place as usize).filter(|_| at.hash == hash);
            known.is_some_and(|known| known.address == of.address && known.path == of.path)
        };
        if let Some(&At { place, .. }) = ends.find(hash, is_it) {
            if let Some(known) = remainders.get_mut(place as usize) {
                merge(&mut known.tallies, of.tallies);
            }
            return true;
        }
        let has_room = remainders.len() < self.most;
        if has_room {
            let place = u32::try_from(remainders.len()).unwrap_or(u32::MAX);
            remainders.push(of);
            ends.insert_unique(hash, At { hash, place }, |at| at.hash);
        }
        has_room
    }

    /// Adds those of another part, whose chains have the numbers `path` gives.
    pub(super) fn merge(&mut self, other: Self, path: impl Fn(PathId) -> PathId) {
        self.flush();
        self.by_address += other.by_address;
        self.lost += other.lost;
        for known in other.kept.into_iter().chain(other.pending) {
            let key = known.key.with_path(path(known.key.path()));
            self.add_all(key.hash(&self.seed), key, known.tallies);
        }
        for known in other.remainders {
            let known = Remainder { path: path(known.path), ..known };
            self.lost += u64::from(!self.add_remainder(known));
        }
        for (of, tallies) in other.around {
            merge(self.around.entry(path(of)).or_default(), tallies);
        }
    }

    /// The conversations.
    pub fn all(&self) -> &[Conversation<K>] {
        &self.kept
    }

    /// What found no room among them.
    pub fn remainders(&self) -> &[Remainder] {
        &self.remainders
    }

    /// What those carried in each chain that they travelled in.
    pub fn around(&self) -> impl Iterator<Item = (PathId, [Tally; 2])> + '_ {
        self.around.iter().map(|(path, tallies)| (*path, *tallies))
    }
}

fn merge(sums: &mut [Tally; 2], more: [Tally; 2]) {
    sums.iter_mut().zip(more).for_each(|(sum, more)| sum.merge(more));
}

fn hash(of: &Remainder, seed: &RandomState) -> u64 {
    let mut hasher = seed.build_hasher();
    match of.address {
        Pair::V4(address, _) => hasher.write_u32(address),
        Pair::V6(address, _) => hasher.write_u128(address),
    }
    hasher.write_u32(of.path);
    hasher.finish()
}
