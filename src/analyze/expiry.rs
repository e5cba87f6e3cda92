//! Flows that end before the capture does: to make room, or because nothing came any more.
//!
//! Flows that are there no more leave their conversation behind, so that counts of conversations
//! and endpoints stay exact for as long as there is room for them, see [`super::retained`].

use super::analysis::Analysis;
use super::departed::{End, Evicted};
use super::flow::{Flow, FlowView};
use super::key::Key;
use super::path::Element;
use super::shard::Shard;
use crate::base::timestamp::{TimeDelta, Timestamp};

/// How long a TCP connection is kept that both sides have closed, or one has reset: late segments
/// still belong to it.
const CLOSED: TimeDelta = TimeDelta::from_seconds(10);

/// Time of the packets between two searches for flows that ended.
const BETWEEN: TimeDelta = TimeDelta::from_seconds(1);

/// TCP flags.
const FIN: u8 = 0x01;
const RST: u8 = 0x04;

/// A flow that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedFlow {
    /// The flow.
    pub flow: FlowView,
    /// What encapsulated it.
    pub chain: Vec<Element>,
    /// Why it ended.
    pub end: End,
}

/// How many flows there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct FlowCounts {
    /// All that were seen, the sum of the others; once flows were evicted one may be seen twice.
    pub seen: u64,
    /// Kept now.
    pub live: u64,
    /// Ended by themselves.
    pub ended: u64,
    /// Gone to make room.
    pub evicted: u64,
    /// Whether counts of flows are lower bounds.
    pub estimated: bool,
}

impl FlowCounts {
    /// Of so many kept, ended and evicted, and of packets whose chain found no room.
    pub(crate) fn of(live: u64, ended: u64, evicted: u64, overflowed: u64) -> Self {
        let estimated = evicted > 0 || overflowed > 0;
        Self { seen: live + ended + evicted, live, ended, evicted, estimated }
    }
}

impl<K: Key> Shard<K> {
    /// Ends the flows that are idle at `now`, a time of the packets.
    pub(crate) fn end_idle(&mut self, now: Timestamp, idle: TimeDelta) {
        // A clock that was set back begins anew.
        if self.departed.swept.is_some_and(|swept| swept <= now && now - swept < BETWEEN) {
            return;
        }
        self.departed.swept = Some(now);
        self.sweep(|flow| {
            let patience = if is_closed(flow) { CLOSED.min(idle) } else { idle };
            flow.period.last().is_some_and(|last| now - last >= patience)
        });
    }
}

impl Analysis {
    /// How many flows there were.
    pub fn flow_counts(&self) -> FlowCounts {
        let (live, ended) = (self.live_flows() as u64, self.v4.ended() + self.v6.ended());
        FlowCounts::of(live, ended, self.evicted().flows, self.paths.overflowed)
    }

    /// What went out of the flow tables to make room.
    pub fn evicted(&self) -> Evicted {
        let mut sum = self.v4.evicted();
        sum.merge(&self.v6.evicted());
        sum
    }

    /// From now on [`Self::take_ended`] gives the flows that end.
    pub fn keep_ended(&mut self) {
        self.v4.keep_ended();
        self.v6.keep_ended();
    }

    /// The flows that ended since the last call: those that ended by themselves first, in the order
    /// they began.
    pub fn take_ended(&mut self) -> Vec<EndedFlow> {
        let mut reported = Vec::new();
        self.v4.take_reported(&mut reported);
        self.v6.take_reported(&mut reported);
        ended_flows(reported, |path| self.paths.chain(path).to_vec())
    }

    /// Ends the flows that are idle at `now`, a time of the packets.  Where there is no idle time a
    /// flow lasts for the whole capture.
    pub fn end_idle(&mut self, now: Option<Timestamp>) {
        let (Some(idle), Some(now)) = (self.settings().idle, now) else { return };
        self.v4.shards.iter_mut().for_each(|shard| shard.end_idle(now, idle));
        self.v6.shards.iter_mut().for_each(|shard| shard.end_idle(now, idle));
    }
}

/// Flows that ended, in the order they are reported.
pub(crate) fn ended_flows(
    mut reported: Vec<(FlowView, End)>,
    chain: impl Fn(u32) -> Vec<Element>,
) -> Vec<EndedFlow> {
    reported.sort_unstable_by_key(|(flow, end)| (*end, flow.number, flow.path));
    let past = reported.into_iter();
    past.map(|(flow, end)| EndedFlow { flow, chain: chain(flow.path), end }).collect()
}

/// Whether a TCP connection is over: both sides have sent FIN, or one RST.
fn is_closed<K: Key>(flow: &Flow<K>) -> bool {
    let [there, back] = flow.tcp;
    (there | back) & RST != 0 || there & back & FIN != 0
}
