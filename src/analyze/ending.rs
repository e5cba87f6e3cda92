//! Flows that end before the capture does: to make room, or because nothing came any more.
//!
//! Flows that ended by themselves leave their conversation behind, so that counts of conversations
//! and endpoints stay exact for as long as there is room for them.

use foldhash::quality::RandomState;

use super::analysis::{Analysis, Evicted};
use super::anomaly::{Anomalies, of_flow};
use super::count::Tally;
use super::flow::{Birth, Flow, FlowView};
use super::key::{Key, PathId, V4Key, V6Key};
use super::shard::{Shards, renumbered};
use crate::base::timestamp::{TimeDelta, Timestamp};
use crate::decode::tuple::Pair;

/// How long a TCP connection is kept that both sides have closed, or one has reset: late segments
/// still belong to it.
const CLOSED: TimeDelta = TimeDelta::from_seconds(10);

/// Time of the packets between two searches for flows that ended.
const BETWEEN: TimeDelta = TimeDelta::from_seconds(1);

/// TCP flags.
const FIN: u8 = 0x01;
const RST: u8 = 0x04;

/// Why a flow is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Nothing came for the idle time, or since the connection was closed.
    Idle,
    /// Another flow needed its room.
    Evicted,
    /// The capture is over.
    Capture,
}

impl End {
    /// The word for it in EVE's flow records.
    pub fn word(self) -> &'static str {
        match self {
            Self::Idle => "timeout",
            Self::Evicted => "forced",
            Self::Capture => "shutdown",
        }
    }
}

/// A flow that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastFlow {
    /// The flow.
    pub flow: FlowView,
    /// Its chain of outer address pairs.
    pub chain: Vec<Pair>,
    /// Why it ended.
    pub end: End,
}

/// How many flows there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct FlowCounts {
    /// All that were seen, the sum of the others; once flows were evicted one may be seen twice.
    pub seen: u64,
    /// Kept now.
    pub live: u64,
    /// Ended by themselves.
    pub ended: u64,
    /// Gone to make room.
    pub evicted: u64,
    /// Whether counts of flows, conversations and endpoints are lower bounds.
    pub estimated: bool,
}

/// What is left of flows that ended by themselves.
#[derive(Debug, Clone)]
pub struct Past {
    /// How many.
    pub flows: u64,
    /// Conversations of those over IPv4: flows without ports and protocol.
    pub v4: Shards<V4Key>,
    /// Conversations of those over IPv6.
    pub v6: Shards<V6Key>,
    /// What is wrong with flows that ended or went to make room.
    pub anomalies: Anomalies,
    /// Flows that ended since they were last taken, where anybody takes them.
    pub(super) told: Option<Vec<(FlowView, End)>>,
    /// When flows that ended were searched for last, by the packets' clock.
    swept: Option<Timestamp>,
}

impl Past {
    /// Of no flows.
    pub(super) fn new(seed: &RandomState, limit: usize) -> Self {
        Self {
            flows: 0,
            v4: Shards::new(seed.clone(), limit),
            v6: Shards::new(seed.clone(), limit),
            anomalies: Anomalies::default(),
            told: None,
            swept: None,
        }
    }

    /// Takes in what is left of another's ended flows, whose chains have the numbers `paths` here.
    pub(super) fn merge(
        &mut self,
        other: Self,
        paths: &[PathId],
        overflowed: &mut u64,
        room: usize,
    ) {
        self.flows += other.flows;
        self.anomalies.merge(&other.anomalies);
        // Their flows were counted; that conversations are missing must be said.
        *overflowed += merge_talks(&mut self.v4, other.v4, paths, room)
            + merge_talks(&mut self.v6, other.v6, paths, room);
    }

    /// Counts what is wrong with a flow, and notes it for whoever takes them.
    pub(super) fn tell<K: Key>(&mut self, flow: &Flow<K>, birth: Birth, end: End) {
        let view = FlowView::of(flow, birth);
        of_flow(&view).for_each(|odd| self.anomalies.add(odd));
        if let Some(told) = &mut self.told {
            told.push((view, end));
        }
    }
}

impl Analysis {
    /// How many flows there were.
    pub fn flow_counts(&self) -> FlowCounts {
        let (live, ended) = (self.live_flows() as u64, self.past.flows);
        let evicted = self.evicted.flows;
        let estimated = self.is_estimated();
        FlowCounts { seen: live + ended + evicted, live, ended, evicted, estimated }
    }

    /// From now on [`Self::take_ended`] gives the flows that end.
    pub fn keep_ended(&mut self) {
        self.past.told.get_or_insert_default();
    }

    /// The flows that ended since the last call, in the order they did.
    pub fn take_ended(&mut self) -> Vec<PastFlow> {
        let told = self.past.told.as_mut().map(std::mem::take).unwrap_or_default();
        let ended = told.into_iter().map(|(flow, end)| PastFlow {
            flow,
            chain: self.paths.pairs(flow.path).collect(),
            end,
        });
        ended.collect()
    }

    /// Ends the flows that are idle at `now`, a time of the packets.  Where there is no idle time a
    /// flow lasts for the whole capture.
    pub fn end_idle(&mut self, now: Option<Timestamp>) {
        let (Some(idle), Some(now)) = (self.limits.idle, now) else { return };
        if self.past.swept.is_some_and(|swept| now - swept < BETWEEN) {
            return;
        }
        self.past.swept = Some(now);
        let room = self.limits.flows;
        let mut lost = Tally::default();
        let mut ended: Vec<(FlowView, End)> = Vec::new();
        let past = &mut self.past;
        let mut over = sweep(&mut self.v4, &mut past.v4, (now, idle), room, &mut lost, &mut ended);
        over += sweep(&mut self.v6, &mut past.v6, (now, idle), room, &mut lost, &mut ended);
        past.flows += ended.len() as u64 - over;
        for (flow, _) in &ended {
            of_flow(flow).for_each(|odd| past.anomalies.add(odd));
        }
        self.evicted.flows += over;
        self.evicted.tally.merge(lost);
        if let Some(told) = &mut past.told {
            ended.sort_unstable_by_key(|(flow, _)| (flow.number, flow.path));
            told.append(&mut ended);
        }
    }
}

/// Where flows go that must make room.
pub struct Gone<'a> {
    pub(super) evicted: &'a mut Evicted,
    pub(super) past: &'a mut Past,
}

impl Gone<'_> {
    /// Counts a flow that went.
    pub(super) fn evict<K: Key>(&mut self, flow: &Flow<K>, birth: Birth) {
        self.evicted.flows += 1;
        self.evicted.tally.merge(flow.total());
        self.past.tell(flow, birth, End::Evicted);
    }
}

/// Adds the conversations of `other`; gives how many found no room.
fn merge_talks<K: Key>(
    past: &mut Shards<K>,
    other: Shards<K>,
    paths: &[PathId],
    room: usize,
) -> u64 {
    let mut gone = 0;
    for (flow, birth) in other.into_flows() {
        let flow = renumbered(flow, paths);
        gone += u64::from(!past.remember(flow.key.talk(), &flow, birth, room));
    }
    gone
}

/// Takes idle flows out of `flows` into `past`; gives how many found no room there.
fn sweep<K: Key>(
    flows: &mut Shards<K>,
    past: &mut Shards<K>,
    (now, idle): (Timestamp, TimeDelta),
    room: usize,
    lost: &mut Tally,
    ended: &mut Vec<(FlowView, End)>,
) -> u64 {
    let mut over = 0;
    let is_over = |flow: &Flow<K>| {
        let patience = if is_closed(flow) { CLOSED.min(idle) } else { idle };
        flow.period.last().is_some_and(|last| now - last >= patience)
    };
    flows.sweep(is_over, |flow, birth| {
        ended.push((FlowView::of(&flow, birth), End::Idle));
        if !past.remember(flow.key.talk(), &flow, birth, room) {
            over += 1;
            lost.merge(flow.total());
        }
    });
    over
}

/// Whether a TCP connection is over: both sides have sent FIN, or one RST.
fn is_closed<K: Key>(flow: &Flow<K>) -> bool {
    let [there, back] = flow.tcp;
    (there | back) & RST != 0 || there & back & FIN != 0
}
