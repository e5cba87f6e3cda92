//! The flow table: open addressing, with the flows themselves in the slots.
//!
//! Its work is cache misses.  A lookup touches the flow's own line and hardly ever another: an
//! octet of the hash of every flow stands apart, where eight slots are looked at in one word, and
//! shows which slot it must be.  Slots are in the order of their flows' hashes but for collisions,
//! so that growing a table runs through memory from one end to the other.

use super::flow::{Flow, FlowStart};
use super::key::Key;
use super::tcp::connections::ConnectionAt;

/// Packets or flows looked up together, so that their cache misses overlap.
pub const GROUP: usize = 64;

/// Bits of a place.
pub const PLACE_BITS: u32 = 20;

/// Slots that a table has at most.
const MOST: usize = 1 << PLACE_BITS;

/// Slots of a table with any flow.
const LEAST: usize = 16;

/// Slots below which a table doubles; from then on it grows by half, to waste less.
const SMALL: usize = 32_768;

/// Flows that are looked at, at most, for one that makes room.
const NEAR: usize = 16;

/// Tags that are looked at in one word.
const WORD: usize = 8;

/// The upper bit of each octet of a word: set in the tag of any flow, clear where there is none.
const LIVE: u64 = 0x8080_8080_8080_8080;

/// Flows by key.
#[derive(Debug, Clone)]
pub struct Table<K> {
    /// A tag a slot, and the first of them again, so that a word of them begins at every slot.
    tags: Vec<u8>,
    slots: Vec<Flow<K>>,
    flow_starts: Vec<FlowStart>,
    /// What is kept of the flows' connections; nothing where none are followed.
    connections: Vec<ConnectionAt>,
    count: usize,
    shape: Shape,
}

/// A flow, how it began, and what is kept of its connection.
pub type Entry<K> = (Flow<K>, FlowStart, ConnectionAt);

/// Where a flow is looked for first.
#[derive(Debug, Clone, Copy, Default)]
pub struct Likely {
    /// Its place.
    pub place: usize,
    /// Where its start is to be written if it is new; else any place that is near.
    flow_start: usize,
}

/// What is the same for all tables of an analysis.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Upper bits of a hash that select the table.
    pub bits: u32,
    /// Flows that a table holds on average when all are kept that may be.
    pub share: usize,
    /// Whether something is kept of the flows' connections.
    pub connections: bool,
}

impl Shape {
    /// Slots that suffice for a table's share, and some slack.
    fn enough(self) -> usize {
        self.share.saturating_mul(11) / 8 + LEAST
    }
}

impl<K: Key> Table<K> {
    /// An empty table.
    pub fn new(shape: Shape) -> Self {
        let (tags, slots, flow_starts) = (Vec::new(), Vec::new(), Vec::new());
        Self { tags, slots, flow_starts, connections: Vec::new(), count: 0, shape }
    }

    /// How many flows there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether the table is empty.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// How many places there are, with or without a flow.
    pub fn places(&self) -> usize {
        self.slots.len()
    }

    /// The flows with their places and how they began, in no order that means anything.
    pub fn flows(&self) -> impl Iterator<Item = (usize, &Flow<K>, FlowStart)> {
        let flows = self.slots.iter().zip(&self.flow_starts).enumerate();
        let flows = self.tags.iter().zip(flows).filter(|(tag, _)| **tag != 0);
        flows.map(|(_, (at, (flow, flow_start)))| (at, flow, *flow_start))
    }

    /// The flow at `place`, if there is one.
    pub fn get(&self, place: usize) -> Option<&Flow<K>> {
        self.peek(place).filter(|_| self.is_live(place))
    }

    /// The flow at a place that [`Self::flows`] gave: none of its other lines is looked at.
    #[inline]
    pub fn peek(&self, place: usize) -> Option<&Flow<K>> {
        self.slots.get(place)
    }

    /// How the flow at `place` began.
    pub fn flow_start(&mut self, place: usize) -> &mut FlowStart {
        &mut self.flow_starts[place]
    }

    /// What is kept of the connection of the flow at `place`, where any are followed.
    #[inline]
    pub fn connection(&self, place: usize) -> Option<&ConnectionAt> {
        self.connections.get(place)
    }

    /// The same, to be changed.
    #[inline]
    pub fn connection_mut(&mut self, place: usize) -> Option<&mut ConnectionAt> {
        self.connections.get_mut(place)
    }

    /// The flow at `place`.
    pub fn at(&mut self, place: usize) -> &mut Flow<K> {
        &mut self.slots[place]
    }

    /// The place where the search for a hash begins.
    #[inline]
    pub fn home(&self, hash: u32) -> usize {
        let hash = hash.checked_shl(self.shape.bits).unwrap_or(0);
        ((u64::from(hash) * self.slots.len() as u64) >> 32) as usize
    }

    /// The place where a flow of that hash is, in all likelihood, if it is known; where it will be
    /// if not, at the cost of another where the table `is_full`.
    #[inline]
    pub fn likely(&self, hash: u32, is_full: bool) -> Likely {
        let home = self.home(hash);
        let Some(word) = self.word(home) else { return Likely { place: home, flow_start: 0 } };
        let found = equal(word, tag(hash));
        let free = if is_full { 1 } else { !word & LIVE };
        let place = self.behind(home, if found == 0 { free } else { found });
        Likely { place, flow_start: if found == 0 { place } else { 0 } }
    }

    /// Touches what is needed of a flow, so that it is in the cache then; the result means nothing.
    #[inline]
    pub fn touch(&self, likely: Likely) -> u64 {
        let flow_start =
            self.flow_starts.get(likely.flow_start).map_or(0, |flow_start| flow_start.number());
        let connection = self.connection(likely.place).map_or(0, ConnectionAt::touch);
        self.peek(likely.place).map_or(0, Flow::touch) ^ flow_start ^ connection
    }

    /// Whether the flow at `place` has that key.
    #[inline]
    pub fn is_at(&self, place: usize, key: &K) -> bool {
        self.get(place).is_some_and(|flow| flow.key == *key)
    }

    /// The place of `key`, if it is known.
    pub fn find(&self, hash: u32, key: &K) -> Option<usize> {
        let mut place = self.home(hash);
        // There is always an empty slot to end at.
        while let Some(word) = self.word(place) {
            let mut found = equal(word, tag(hash));
            while found != 0 {
                let at = self.behind(place, found);
                if self.is_at(at, key) {
                    return Some(at);
                }
                found &= found - 1;
            }
            if word & LIVE != LIVE {
                break;
            }
            place = self.behind(place, 0);
        }
        None
    }

    /// Whether no more flows can be held.
    pub fn is_full(&self) -> bool {
        !self.has_room(1)
    }

    /// Whether so many more flows can be held.
    pub fn has_room(&self, flows: usize) -> bool {
        self.count.saturating_add(flows) <= MOST / 8 * 7
    }

    /// Makes a flow for `key`, which has none; gives its place.  The table must not be full.
    /// Others may have another place then.
    pub fn insert(
        &mut self,
        hash: u32,
        key: K,
        flow_start: FlowStart,
        hash_of: impl Fn(&K) -> u32,
    ) -> usize {
        if self.is_nearly_full() {
            self.grow(hash_of);
        }
        self.count += 1;
        self.put(hash, (Flow::new(key), flow_start, ConnectionAt::NONE))
    }

    /// Makes a flow for `key`, which has none, at the cost of one that was not used lately, which
    /// is given back.  Others may have another place then.
    pub fn replace(
        &mut self,
        hash: u32,
        key: K,
        flow_start: FlowStart,
        hash_of: impl Fn(&K) -> u32,
    ) -> Option<(usize, Entry<K>)> {
        if self.count == 0 {
            return None;
        }
        let home = self.home(hash);
        let victim = self.unused_from(home);
        // Whoever stands between the home of the new flow and the first empty slot can simply be
        // replaced: nobody's search ends earlier for it.
        let mut place = home;
        while place != victim && self.is_live(place) {
            place = self.next(place);
        }
        if place == victim {
            self.set_tag(place, tag(hash));
            let old = std::mem::replace(&mut self.slots[place], Flow::new(key));
            let flow_start = std::mem::replace(&mut self.flow_starts[place], flow_start);
            let connection = self.connection_mut(place);
            let connection = connection.map_or(ConnectionAt::NONE, |connection| {
                std::mem::replace(connection, ConnectionAt::NONE)
            });
            return Some((place, (old, flow_start, connection)));
        }
        let old = self.remove(victim, hash_of)?;
        self.count += 1;
        Some((self.put(hash, (Flow::new(key), flow_start, ConnectionAt::NONE)), old))
    }

    /// Takes the flow at `place` out; another may have that place then.
    pub fn remove(&mut self, place: usize, hash_of: impl Fn(&K) -> u32) -> Option<Entry<K>> {
        let connection = self.connection(place).copied().unwrap_or(ConnectionAt::NONE);
        let departed = (*self.get(place)?, self.flow_starts[place], connection);
        let (mut hole, mut at) = (place, self.next(place));
        while self.is_live(at) {
            let home = self.home(hash_of(&self.slots[at].key));
            // A flow may move into the hole unless its home lies between the hole and itself.
            if self.distance(home, at) >= self.distance(hole, at) {
                self.set_tag(hole, self.tags[at]);
                self.slots[hole] = self.slots[at];
                self.flow_starts[hole] = self.flow_starts[at];
                if self.shape.connections {
                    self.connections[hole] = self.connections[at];
                }
                hole = at;
            }
            at = self.next(at);
        }
        self.set_tag(hole, 0);
        self.count -= 1;
        Some(departed)
    }

    /// Gives back all flows.
    pub fn into_flows(self) -> impl Iterator<Item = (Flow<K>, FlowStart)> {
        let flows = self.slots.into_iter().zip(self.flow_starts);
        self.tags.into_iter().zip(flows).filter(|(tag, _)| *tag != 0).map(|(_, flow)| flow)
    }

    /// The tags of the slots from `place` on, the first in the lowest octet.
    #[inline]
    fn word(&self, place: usize) -> Option<u64> {
        self.tags.get(place..)?.first_chunk::<WORD>().map(|word| u64::from_le_bytes(*word))
    }

    /// The place that lies as far behind another as the lowest octet that is not 0 in its word; the
    /// next word's where there is none.
    #[inline]
    fn behind(&self, place: usize, found: u64) -> usize {
        let place = place + found.trailing_zeros() as usize / WORD;
        if place < self.slots.len() { place } else { place - self.slots.len() }
    }

    #[inline]
    fn is_live(&self, place: usize) -> bool {
        self.tags[place] != 0
    }

    fn set_tag(&mut self, place: usize, tag: u8) {
        self.tags[place] = tag;
        if place < WORD - 1 {
            let again = self.slots.len() + place;
            self.tags[again] = tag;
        }
    }

    #[inline]
    fn next(&self, place: usize) -> usize {
        let next = place + 1;
        if next < self.slots.len() { next } else { 0 }
    }

    /// Slots from one to another, round the end.
    fn distance(&self, from: usize, to: usize) -> usize {
        if from <= to { to - from } else { self.slots.len() - from + to }
    }

    /// Whether one more flow would make searches long.  What may not grow much more is filled
    /// further.
    fn is_nearly_full(&self) -> bool {
        let slots = self.slots.len();
        let (full, of) = if slots < self.shape.enough() { (4, 5) } else { (7, 8) };
        (self.count + 1) * of > slots * full
    }

    /// Moves all flows to a larger table, in the order they stand.
    fn grow(&mut self, hash_of: impl Fn(&K) -> u32) {
        let slots = self.slots.len();
        let wanted = if slots < SMALL { slots * 2 } else { slots + slots / 2 };
        let enough = self.shape.enough();
        // Beyond what should be enough only bad luck leads, and not far.
        let wanted = if slots < enough { wanted.min(enough) } else { slots + slots / 4 };
        let wanted = wanted.clamp(LEAST, MOST);
        let tags = std::mem::replace(&mut self.tags, vec![0; wanted + WORD - 1]);
        let slots = std::mem::replace(&mut self.slots, vec![Flow::new(K::EMPTY); wanted]);
        let flow_starts = std::mem::replace(&mut self.flow_starts, vec![FlowStart::NONE; wanted]);
        let followed = if self.shape.connections { wanted } else { 0 };
        let connections =
            std::mem::replace(&mut self.connections, vec![ConnectionAt::NONE; followed]);
        let flows = tags.into_iter().zip(slots.into_iter().zip(flow_starts)).enumerate();
        for (at, (_, (flow, flow_start))) in flows.filter(|(_, (tag, _))| *tag != 0) {
            let connection = connections.get(at).copied().unwrap_or(ConnectionAt::NONE);
            self.put(hash_of(&flow.key), (flow, flow_start, connection));
        }
    }

    /// Puts a flow into the first empty slot from its home; gives its place.
    fn put(&mut self, hash: u32, (flow, flow_start, connection): Entry<K>) -> usize {
        let mut place = self.home(hash);
        while self.is_live(place) {
            place = self.next(place);
        }
        self.set_tag(place, tag(hash));
        self.slots[place] = flow;
        self.flow_starts[place] = flow_start;
        if let Some(room) = self.connection_mut(place) {
            *room = connection;
        }
        place
    }

    /// The place of a flow at or behind `place` that was not used since a search last came by;
    /// those that were stay for another round.
    fn unused_from(&mut self, mut place: usize) -> usize {
        let mut first = None;
        for _ in 0..NEAR {
            while !self.is_live(place) {
                place = self.next(place);
            }
            if !self.slots[place].take_used() {
                return place;
            }
            first.get_or_insert(place);
            place = self.next(place);
        }
        first.unwrap_or(place)
    }
}

/// What stands for a hash among the tags: bits that say nothing of its place.
#[inline]
fn tag(hash: u32) -> u8 {
    hash.to_le_bytes()[0] | 0x80
}

/// Where a word has octets of that value: the upper bit of each, and of a few that have another
/// behind the first of them.
#[inline]
fn equal(word: u64, octet: u8) -> u64 {
    let ones = LIVE >> 7;
    let zero_where_equal = word ^ (u64::from(octet) * ones);
    zero_where_equal.wrapping_sub(ones) & !zero_where_equal & LIVE
}
