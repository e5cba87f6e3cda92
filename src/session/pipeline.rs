//! The pipeline that batches pass through one behind the other: first what depends on the order of
//! all packets and what is summed up, then the flows, table by table.
//!
//! Each place has a turn of its own, so that the next batch enters one as soon as the one before
//! has left it: packets are added in the order of the capture everywhere, and analysts hardly wait.
//! A snapshot has a turn too, like a batch: it waits until all before it have gone through, and
//! holds those behind it back.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, MutexGuard};

use foldhash::quality::RandomState;

use super::counted::{Change, Counted};
use super::sequencer::Sequencer;
use super::work::Work;
use crate::analyze::departed::End;
use crate::analyze::expiry::ended_flows;
use crate::analyze::flow::{FlowMatch, FlowView};
use crate::analyze::key::{Key, V4Key, V6Key};
use crate::analyze::order::CaptureOrder;
use crate::analyze::record::Version;
use crate::analyze::records::Parts;
use crate::analyze::settings::KeyParts;
use crate::analyze::shard::{Matches, Packets, Room, Shard, Shards};
use crate::analyze::sorted::{Sorted, Spread};
use crate::analyze::{Analysis, Settings};
use crate::base::timestamp::{TimeDelta, Timestamp};
use crate::capture::{Batch, Interface};

/// What batches go through.
pub(super) struct Pipeline {
    sequenced: Sequencer<Sequenced>,
    v4: Side<V4Key>,
    v6: Side<V6Key>,
    room: Room,
    settings: Settings,
    tickets: AtomicU64,
}

/// The stage that depends on the order of all packets.
pub(super) struct Sequenced {
    /// All statistics but the flows.
    pub(super) analysis: Analysis,
    pub(super) order: CaptureOrder,
    /// The interfaces of the packets that went through.
    pub(super) interfaces: Arc<Vec<Interface>>,
}

/// The tables of the flows over one IP version.
struct Side<K> {
    shards: Vec<Sequencer<Shard<K>>>,
    spread: Spread,
}

/// What decides that a flow has ended by itself: the packets' time and the idle time.
type Expiry = Option<(Timestamp, TimeDelta)>;

impl<K: Key> Side<K> {
    fn new(shards: Shards<K>) -> Self {
        let Shards { shards, spread } = shards;
        Self { shards: shards.into_iter().map(Sequencer::new).collect(), spread }
    }

    /// Adds the packets of a batch, to those tables first whose turn has come.
    fn add<'k, F>(
        &self,
        ticket: u64,
        (packets, sorted): (&Packets<'_, F>, &Sorted),
        (room, expiry): (&Room, Expiry),
        matches: &mut Matches<'_>,
        to: &mut TableChanges<'_>,
    ) -> Option<()>
    where
        K: 'k,
        F: Fn(usize) -> &'k K,
    {
        let mut visit = |number: usize,
                         turn: &Sequencer<Shard<K>>,
                         mut state: MutexGuard<'_, (u64, Shard<K>)>| {
            let shard = &mut state.1;
            let (len, ended, evicted) = shard.counts();
            if let Some((now, idle)) = expiry {
                shard.end_idle(now, idle);
                room.leave(len - shard.len());
            }
            shard.add(packets, sorted.of(number), room, matches);
            shard.take_reported(&mut *to.flows);
            let after = shard.counts();
            to.change.ended += after.1 - ended;
            to.change.evicted += after.2 - evicted;
            to.change.begun +=
                (after.0 as u64 + after.1 + after.2) - (len as u64 + ended + evicted);
            turn.pass_on(state);
        };
        to.busy.clear();
        for (number, turn) in self.shards.iter().enumerate() {
            match turn.try_take(ticket) {
                Some(state) => visit(number, turn, state),
                None => to.busy.push(number),
            }
        }
        for &number in &*to.busy {
            let turn = &self.shards[number];
            visit(number, turn, turn.take(ticket)?);
        }
        Some(())
    }

    fn break_at(&self, ticket: u64) {
        self.shards.iter().for_each(|turn| turn.break_at(ticket));
    }

    fn hold(&self, ticket: u64) -> Vec<MutexGuard<'_, (u64, Shard<K>)>> {
        self.shards.iter().map(|turn| turn.take_or_lock(ticket)).collect()
    }

    fn pass_on(&self, held: Vec<MutexGuard<'_, (u64, Shard<K>)>>) {
        for (turn, state) in self.shards.iter().zip(held) {
            turn.pass_on(state);
        }
    }
}

/// What a batch leaves behind in the tables.
struct TableChanges<'a> {
    flows: &'a mut Vec<(FlowView, End)>,
    change: &'a mut Change,
    /// Tables whose turn has not come.
    busy: &'a mut Vec<usize>,
}

impl Pipeline {
    /// A pipeline that no batch has passed yet; flows that end are reported or not.
    pub(super) fn new(settings: Settings, seed: &RandomState, tells_flows: bool) -> Self {
        let mut all = Analysis::new(settings, seed);
        if tells_flows {
            all.keep_ended();
        }
        let v4 = std::mem::replace(&mut all.v4, Shards::new(seed, &settings));
        let v6 = std::mem::replace(&mut all.v6, Shards::new(seed, &settings));
        let order = CaptureOrder::new(seed.clone());
        Self {
            sequenced: Sequencer::new(Sequenced {
                analysis: all,
                order,
                interfaces: Arc::default(),
            }),
            v4: Side::new(v4),
            v6: Side::new(v6),
            room: Room::new(settings.flows, 0),
            settings,
            tickets: AtomicU64::new(0),
        }
    }

    /// The same, but packets that are taken out of their flow for a while never pass again.
    pub(super) fn at_once(self) -> Self {
        self.sequenced.lock().1.order.wait_for_none();
        self
    }

    /// Whether it follows connections.
    pub(super) fn follows(&self) -> bool {
        self.settings.connections
    }

    /// What identifies a flow beside its tuple.
    pub(super) fn key_parts(&self) -> KeyParts {
        self.settings.key
    }

    /// The turn of the next batch; given out in the order of the capture.
    pub(super) fn ticket(&self) -> u64 {
        self.tickets.fetch_add(1, Ordering::Relaxed)
    }

    /// Takes a batch through all of it; `sequence` has what goes by the order of all packets, and
    /// what segments are is noted where it `is_told`.  None where its turn never comes.
    pub(super) fn pass(
        &self,
        ticket: u64,
        batch: &Batch,
        (work, is_told): (&mut Work, bool),
        sequence: impl FnOnce(&mut Sequenced, &mut Work),
    ) -> Option<()> {
        let mut state = self.sequenced.take(ticket)?;
        sequence(&mut state.1, work);
        let analysis = &mut state.1.analysis;
        analysis.count_all(&mut work.packet_records);
        work.counted = Counted {
            total: analysis.total(),
            period: analysis.period(),
            overflowed: analysis.paths.overflowed,
        };
        self.sequenced.pass_on(state);
        let now = batch.records.first().and_then(|first| first.time);
        let expiry = now.zip(self.settings.idle);
        let Work { packet_records: records, reported, busy, change, .. } = work;
        let Parts { records, v6, sorted: [four, six], segments, .. } = records.parts();
        // Another pipeline may be the one that follows connections.
        let segments = if self.settings.connections { segments } else { &[] };
        let (records, v6) = (&*records, &*v6);
        let key = |at: usize| &records[at].v4;
        four.sort(records, Version::V4, &self.v4.spread, key);
        // Fragments of this batch that waited for the first stand behind its packets again.
        let own = work.flow_matches.len();
        if own > 0 {
            work.flow_matches.resize(records.len().max(own), FlowMatch::default());
        }
        // What is found by the one that all packets go through stays as it is.
        let found = if is_told { &mut work.segments[..] } else { &mut [] };
        let matches = &mut Matches { flows: &mut work.flow_matches, segments: found };
        let mut to = TableChanges { flows: reported, change, busy };
        let room = (&self.room, expiry);
        self.v4.add(ticket, (&Packets { records, segments, key }, four), room, matches, &mut to)?;
        let key = |at: usize| &v6[records[at].v6 as usize];
        six.sort(records, Version::V6, &self.v6.spread, key);
        self.v6.add(ticket, (&Packets { records, segments, key }, six), room, matches, &mut to)?;
        let flow_matches = &mut work.flow_matches;
        for at in own..flow_matches.len() {
            let number = records[at].number;
            if let Ok(here) = records[..own].binary_search_by_key(&number, |own| own.number) {
                flow_matches[here] = flow_matches[at];
            }
        }
        flow_matches.truncate(own);
        Some(())
    }

    /// The flows of a batch that ended, in the order they are reported.
    pub(super) fn ended(&self, work: &mut Work) {
        if !work.reported.is_empty() {
            let reported = std::mem::take(&mut work.reported);
            let sequenced = self.sequenced.lock();
            let paths = &sequenced.1.analysis.paths;
            work.ended = ended_flows(reported, |path| paths.chain(path).to_vec());
        }
    }

    /// The interfaces of the packets that went through.
    pub(super) fn interfaces(&self) -> Arc<Vec<Interface>> {
        Arc::clone(&self.sequenced.lock().1.interfaces)
    }

    /// Ends every wait for the batch with that ticket and for those behind it.
    pub(super) fn break_at(&self, ticket: u64) {
        self.sequenced.break_at(ticket);
        self.v4.break_at(ticket);
        self.v6.break_at(ticket);
    }

    /// Takes out all that has gone through.
    pub(super) fn take(&self) -> Analysis {
        self.hold(|analysis, _| {
            let settings = analysis.settings();
            std::mem::replace(analysis, Analysis::new(settings, &RandomState::default()))
        })
    }

    /// Looks at all that has gone through, when all batches before have.
    pub(super) fn hold<R>(&self, look: impl FnOnce(&mut Analysis, &mut CaptureOrder) -> R) -> R {
        let ticket = self.ticket();
        let mut sequenced = self.sequenced.take_or_lock(ticket);
        let (mut v4, mut v6) = (self.v4.hold(ticket), self.v6.hold(ticket));
        let Sequenced { analysis, order, .. } = &mut sequenced.1;
        swap(&mut analysis.v4, &mut v4);
        swap(&mut analysis.v6, &mut v6);
        let found = look(analysis, order);
        swap(&mut analysis.v4, &mut v4);
        swap(&mut analysis.v6, &mut v6);
        self.sequenced.pass_on(sequenced);
        self.v4.pass_on(v4);
        self.v6.pass_on(v6);
        found
    }
}

fn swap<K>(shards: &mut Shards<K>, held: &mut [MutexGuard<'_, (u64, Shard<K>)>]) {
    for (mine, held) in shards.shards.iter_mut().zip(held) {
        std::mem::swap(mine, &mut held.1);
    }
}
