//! The flows of one IP version: tables selected by hash, so that analysts can add batches to them
//! one behind the other, each to another table.
//!
//! Within a table flows are added to in the order of the capture, whatever the number of analysts.

use std::sync::atomic::{AtomicUsize, Ordering};

use foldhash::quality::RandomState;

use super::anomalies::Anomalies;
use super::departed::{Departed, End, Evicted};
use super::flow::{Flow, FlowMatch, FlowStart, FlowView};
use super::key::{Key, PathId};
use super::record::PacketRecord;
use super::retained::Retained;
use super::settings::Settings;
use super::sorted::{Pick, Sorted, Spread};
use super::table::{GROUP, Likely, PLACE_BITS, Shape, Table};
use super::tcp::connections::Connections;
use super::tcp::segment::Segment;
use crate::decode::tcp::TcpAnalysis;

/// Bits of a hash that select the table in a large analysis, at least: with sixteen tables few
/// analysts wait for one.
const LEAST_BITS: u32 = 4;

/// Bits of a hash that select the table, at most: places of all tables then fit 29 bits.
const MOST_BITS: u32 = 9;

/// Flows from which on the limit is large: a few more or less in a table are nothing to it.
const LARGE: usize = 65_536;

/// Flows of one IP version.
#[derive(Debug, Clone)]
pub struct Shards<K> {
    /// The tables; there is a power of two of them.
    pub shards: Vec<Shard<K>>,
    /// How flows are spread over them.
    pub spread: Spread,
}

/// One table, and what is left of the flows that were in it.
#[derive(Debug, Clone)]
pub struct Shard<K> {
    table: Table<K>,
    /// What is left of the flows that have ended.
    pub departed: Departed<K>,
    connections: Connections,
    spread: Spread,
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

    /// Takes note of flows that went by themselves.
    pub fn leave(&self, flows: usize) {
        self.taken.fetch_sub(flows, Ordering::Relaxed);
    }
}

/// What packets find in their flows: room for all of a batch, or none where nobody asks.
#[derive(Debug, Default)]
pub struct Matches<'a> {
    /// Of each packet, its flow.
    pub flows: &'a mut [FlowMatch],
    /// Of each packet, what its segment is.
    pub segments: &'a mut [TcpAnalysis],
}

/// Packets to be added to their flows.
#[derive(Clone, Copy)]
pub struct Packets<'a, F> {
    /// All of the batch.
    pub records: &'a [PacketRecord],
    /// Their segments, where connections are followed.
    pub segments: &'a [Segment],
    /// The key of a packet's flow.
    pub key: F,
}

impl<K: Key> Shard<K> {
    /// Adds the packets that were picked, in the order of the capture.  Notes in `matches`, where
    /// there is room, what each finds in its flow.
    pub fn add<'k, F>(
        &mut self,
        packets: &Packets<'_, F>,
        picks: &[Pick],
        room: &Room,
        matches: &mut Matches<'_>,
    ) where
        K: 'k,
        F: Fn(usize) -> &'k K,
    {
        for group in picks.chunks(GROUP) {
            self.add_group(packets, group, room, matches);
        }
    }

    /// Several passes: the one that touches memory far away does nothing else and jumps nowhere, so
    /// that as many misses as the core has room for overlap; the next then finds all near.
    #[inline]
    fn add_group<'k, F>(
        &mut self,
        packets: &Packets<'_, F>,
        group: &[Pick],
        room: &Room,
        matches: &mut Matches<'_>,
    ) where
        K: 'k,
        F: Fn(usize) -> &'k K,
    {
        let is_full = room.is_full() || self.table.is_full();
        let mut all = [Likely::default(); GROUP];
        for (likely, pick) in all.iter_mut().zip(group) {
            *likely = self.table.likely(pick.hash, is_full);
        }
        let touched =
            all[..group.len()].iter().fold(0, |sum, &likely| sum ^ self.table.touch(likely));
        std::hint::black_box(touched);
        if !packets.segments.is_empty() {
            self.touch_connections(&all[..group.len()]);
        }
        for (&Likely { place: likely, .. }, pick) in all.iter().zip(group) {
            let at = pick.at as usize;
            let (record, key) = (&packets.records[at], (packets.key)(at));
            let place = if self.table.is_at(likely, key) {
                likely
            } else {
                self.find_or_make(*key, pick.hash, FlowStart::of(record), room)
            };
            if let Some(segment) = packets.segments.get(at).filter(|segment| segment.is_some()) {
                let found = self.follow(place, (record, segment));
                if let Some(to) = matches.segments.get_mut(at) {
                    *to = found;
                }
            }
            if let Some(found) = matches.flows.get_mut(at) {
                self.note_match(place, record, found);
            }
            self.table.at(place).fold(record);
        }
        self.departed.conversations.flush();
    }

    /// Touches the connections of flows that are near by now.
    #[inline(never)]
    fn touch_connections(&self, all: &[Likely]) {
        let touch = |likely: &Likely| {
            self.table.connection(likely.place).map_or(0, |at| self.connections.touch(at))
        };
        std::hint::black_box(all.iter().fold(0, |sum, likely| sum ^ touch(likely)));
    }

    /// Takes a segment into the connection of its flow.
    #[inline(never)]
    fn follow(&mut self, place: usize, segment: (&PacketRecord, &Segment)) -> TcpAnalysis {
        let first = self.table.flow_start(place).number();
        let Some(at) = self.table.connection_mut(place) else { return TcpAnalysis::default() };
        self.connections.take(at, segment, first)
    }

    #[inline(never)]
    fn note_match(&mut self, place: usize, record: &PacketRecord, found: &mut FlowMatch) {
        found.flow = self.table.flow_start(place).number();
        let connection = self.table.connection(place).and_then(|at| self.connections.first(at));
        found.stream = connection.unwrap_or(found.flow);
        found.cross_packet = self.table.at(place).changes(record);
    }

    /// The place of a flow that was not where it was likely to be; it is made, at the cost of
    /// another when there is no room, where it is new.
    #[inline(never)]
    fn find_or_make(&mut self, key: K, hash: u32, flow_start: FlowStart, room: &Room) -> usize {
        if let Some(known) = self.table.find(hash, &key) {
            return known;
        }
        let Self { table, departed, connections, spread } = self;
        let hash_of = |key: &K| spread.hash(key);
        let has_room = room.take();
        if (!has_room || table.is_full())
            && let Some((place, (old, born, at))) = table.replace(hash, key, flow_start, hash_of)
        {
            if has_room {
                room.give_back();
            }
            departed.take((&old, born), || connections.facts(&at), End::Evicted);
            connections.remove(&at);
            return place;
        }
        if !has_room {
            // Nobody can make room in a table without flows.
            room.taken.fetch_add(1, Ordering::Relaxed);
        }
        table.insert(hash, key, flow_start, hash_of)
    }

    /// Takes out the flows that `is_over`, which ended by themselves; gives how many there were.
    pub(super) fn sweep(&mut self, is_over: impl Fn(&Flow<K>) -> bool) {
        let Self { table, departed, connections, spread } = self;
        let hash_of = |key: &K| spread.hash(key);
        let mut place = 0;
        while place < table.places() {
            if !table.get(place).is_some_and(&is_over) {
                place += 1;
                continue;
            }
            // Another flow has its place now, so the place is looked at again.
            let Some((flow, flow_start, at)) = table.remove(place, hash_of) else { break };
            departed.take((&flow, flow_start), || connections.facts(&at), End::Idle);
            connections.remove(&at);
        }
        departed.conversations.flush();
    }

    /// How many flows there are, how many ended by themselves, and how many were evicted.
    pub(crate) fn counts(&self) -> (usize, u64, u64) {
        (self.len(), self.departed.ended, self.departed.evicted.flows)
    }

    /// How many flows there are.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether there are no flows.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Gives `to` the flows that went since they were last taken.
    pub(crate) fn take_reported(&mut self, to: &mut Vec<(FlowView, End)>) {
        if let Some(reported) = &mut self.departed.reported {
            to.append(reported);
        }
    }
}

impl<K: Key> Shards<K> {
    /// No flows, of which at most as many as the limits say are going to be kept; analyses that are
    /// to be merged share `seed` and limits.
    pub fn new(seed: &RandomState, settings: &Settings) -> Self {
        // Tables are half full on average when all are kept, so that none is full when luck is bad.
        let limit = settings.flows;
        let needed = limit.checked_next_power_of_two().map_or(usize::BITS, usize::ilog2);
        let bits = needed.saturating_sub(PLACE_BITS - 1).max(LEAST_BITS);
        let bits = if limit < LARGE { 0 } else { bits.min(MOST_BITS) };
        let shape = Shape { bits, share: limit >> bits, connections: settings.connections };
        let spread = Spread { bits, seed: seed.clone() };
        let most = settings.conversations.div_ceil(1 << bits);
        let shard = |_| Shard {
            table: Table::new(shape),
            departed: Departed::new(Retained::new(seed, most)),
            connections: Connections::new(limit >> bits),
            spread: spread.clone(),
        };
        Self { shards: (0..1 << bits).map(shard).collect(), spread: spread.clone() }
    }

    /// How many flows there are.
    pub fn len(&self) -> usize {
        self.shards.iter().map(Shard::len).sum()
    }

    /// Whether there are no flows.
    pub fn is_empty(&self) -> bool {
        self.shards.iter().all(Shard::is_empty)
    }

    /// How many flows ended by themselves.
    pub(super) fn ended(&self) -> u64 {
        self.shards.iter().map(|shard| shard.departed.ended).sum()
    }

    /// What went to make room.
    pub(super) fn evicted(&self) -> Evicted {
        let mut sum = Evicted::default();
        for shard in &self.shards {
            sum.merge(&shard.departed.evicted);
        }
        sum
    }

    /// Flows whose conversation, or one of whose addresses, found no room when they went.
    pub(super) fn estimated(&self) -> (u64, u64) {
        self.shards.iter().fold((0, 0), |(pairs, ends), shard| {
            let of = &shard.departed.conversations;
            (pairs + of.by_address, ends + of.lost)
        })
    }

    /// Counts what is wrong with flows that have ended.
    pub(super) fn add_anomalies(&self, to: &mut Anomalies) {
        self.shards.iter().for_each(|shard| to.merge(&shard.departed.anomalies));
    }

    /// From now on flows that end are kept to be reported.
    pub(super) fn keep_ended(&mut self) {
        self.shards.iter_mut().for_each(|shard| {
            shard.departed.reported.get_or_insert_default();
        });
    }

    /// Gives `to` the flows that went since they were last taken.
    pub(super) fn take_reported(&mut self, to: &mut Vec<(FlowView, End)>) {
        self.shards.iter_mut().for_each(|shard| shard.take_reported(to));
    }

    /// The flows and how they began, in no order that means anything.
    pub fn flows(&self) -> impl Iterator<Item = (&Flow<K>, FlowStart)> {
        let flows = self.shards.iter().flat_map(|shard| shard.table.flows());
        flows.map(|(_, flow, flow_start)| (flow, flow_start))
    }

    /// The flows to be read, with what is known of their connections.
    pub fn views(&self) -> impl Iterator<Item = FlowView> + '_ {
        self.shards.iter().flat_map(|shard| {
            shard.table.flows().map(|(place, flow, flow_start)| {
                let at = shard.table.connection(place);
                FlowView::with(flow, flow_start, at.and_then(|at| shard.connections.facts(at)))
            })
        })
    }

    /// How many tables there are.
    pub fn tables(&self) -> usize {
        self.shards.len()
    }

    /// The flows of one table, each with a place that [`Self::get`] finds it at as long as none is
    /// added.
    pub fn places(&self, table: usize) -> impl Iterator<Item = (u32, &Flow<K>)> {
        let bits = self.spread.bits;
        let number = u32::try_from(table).unwrap_or(0);
        let place = move |at: usize| u32::try_from(at).unwrap_or(0) << bits | number;
        let flows = self.shards.get(table).into_iter().flat_map(|shard| shard.table.flows());
        flows.map(move |(at, flow, _)| (place(at), flow))
    }

    /// The place that stands for what stands there in a table, or in what is left of its flows.
    pub(super) fn place(&self, table: usize, at: usize) -> u32 {
        u32::try_from(at << self.spread.bits | table).unwrap_or(u32::MAX)
    }

    /// What is left of the flows of the table of a place, and which of it.
    pub(super) fn past(&self, place: u32) -> Option<(&Retained<K>, usize)> {
        let shard = self.shards.get(place as usize & (self.shards.len() - 1))?;
        Some((&shard.departed.conversations, (place >> self.spread.bits) as usize))
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
        let shard = place as usize & (self.shards.len() - 1);
        (&self.shards[shard].table, (place >> self.spread.bits) as usize)
    }

    /// Adds packets, in capture order, table by table.
    pub(super) fn add<'k, F>(
        &mut self,
        packets: &Packets<'_, F>,
        sorted: &Sorted,
        room: &Room,
        matches: &mut Matches<'_>,
    ) where
        K: 'k,
        F: Fn(usize) -> &'k K,
    {
        for (number, shard) in self.shards.iter_mut().enumerate() {
            shard.add(packets, sorted.of(number), room, matches);
        }
    }

    /// Adds all flows of `other`, whose chains have the numbers `paths` here, as far as there is
    /// room.
    pub(super) fn merge(&mut self, other: Self, paths: &[PathId], room: &Room) {
        for (theirs, at) in other.shards.into_iter().zip(0..) {
            let Departed { ended, evicted, conversations, anomalies, reported, .. } =
                theirs.departed;
            for (flow, flow_start) in theirs.table.into_flows() {
                let flow = renumbered(flow, paths);
                let hash = self.spread.hash(&flow.key);
                let shard = &mut self.shards[self.spread.shard(hash)];
                let place = shard.find_or_make(flow.key, hash, flow_start, room);
                shard.table.flow_start(place).merge(flow_start);
                shard.table.at(place).merge(&flow);
            }
            // Which of the tables has what is left of others means nothing.
            let at: usize = at;
            let shards = self.shards.len();
            let departed = &mut self.shards[at % shards].departed;
            departed.ended += ended;
            departed.evicted.merge(&evicted);
            departed.anomalies.merge(&anomalies);
            departed.conversations.merge(conversations, |path| renumber(path, paths));
            if let (Some(mine), Some(theirs)) = (&mut departed.reported, reported) {
                mine.extend(theirs);
            }
        }
        self.shards.iter_mut().for_each(|shard| shard.departed.conversations.flush());
    }
}

/// What another's number of a chain is here.
fn renumber(path: PathId, paths: &[PathId]) -> PathId {
    paths.get((path as usize).wrapping_sub(1)).copied().unwrap_or(path)
}

/// `flow` with its chain's number taken from `paths`.
fn renumbered<K: Key>(mut flow: Flow<K>, paths: &[PathId]) -> Flow<K> {
    flow.key = flow.key.with_path(renumber(flow.key.path(), paths));
    flow
}
