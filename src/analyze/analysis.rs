//! All statistics of a capture, folded packet by packet.

use std::cmp::Reverse;

use foldhash::quality::RandomState;

use super::anomaly::{self, Anomalies, Counted};
use super::brief::Briefs;
use super::count::Tally;
use super::ending::{Gone, Past};
use super::flow::{FlowView, Met};
use super::group::Groups;
use super::key::{Key, PathId, V4Key, V6Key};
use super::path::Paths;
use super::shard::{Room, Shards, add};
use super::statistic::{self, Values};
use super::top::Top;
use crate::base::timestamp::{Period, TimeDelta};

/// Interfaces that are counted singly; the rest count as the last.
pub const MAX_INTERFACES: usize = 64;

/// What bounds the memory of an analysis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Flows kept at once.
    pub flows: usize,
    /// Chains of outer address pairs kept.
    pub paths: usize,
    /// Nanoseconds without a packet after which a flow ends; none where it lasts for the capture.
    pub idle: Option<TimeDelta>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { flows: 4_194_304, paths: 65_536, idle: None }
    }
}

/// What remains of flows that had to go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Evicted {
    /// How many.
    pub flows: u64,
    /// Their packets and octets.
    pub tally: Tally,
}

/// The statistics of some packets.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// One value a row of the table of statistics.
    pub values: Values,
    /// What is wrong with packets; that of flows is told by [`Self::anomalies`].
    pub anomalies: Anomalies,
    /// Flows over IPv4.
    pub v4: Shards<V4Key>,
    /// Flows over IPv6.
    pub v6: Shards<V6Key>,
    /// Chains of outer address pairs.
    pub paths: Paths,
    /// What went out of the flow tables to make room.
    pub evicted: Evicted,
    /// What is left of flows that ended.
    pub past: Past,
    pub(super) limits: Limits,
    groups: Groups,
}

impl Analysis {
    /// An analysis of no packets.  Analyses that are to be merged share `seed`.
    pub fn new(limits: Limits, seed: RandomState) -> Self {
        Self {
            values: Values::default(),
            anomalies: Anomalies::default(),
            past: Past::new(&seed, limits.flows),
            v4: Shards::new(seed.clone(), limits.flows),
            v6: Shards::new(seed, limits.flows),
            paths: Paths::new(limits.paths),
            evicted: Evicted::default(),
            limits,
            groups: Groups::default(),
        }
    }

    /// All packets.
    pub fn total(&self) -> Tally {
        self.values.counter(statistic::TOTAL)
    }

    /// The packets' times.
    pub fn period(&self) -> Period {
        self.values.period()
    }

    /// Adds packets, in capture order.  Calls `ids` with each packet's place in `briefs` and,
    /// if it asks, what it meets with its flow.
    pub fn fold(&mut self, briefs: &mut Briefs, ids: impl FnMut(usize, &mut dyn FnMut() -> Met)) {
        self.count_all(briefs);
        if briefs.are_any_tunnelled() {
            briefs.name_paths(&mut self.paths);
        }
        let room = &Room::new(self.limits.flows, self.live_flows());
        let gone = &mut Gone { evicted: &mut self.evicted, past: &mut self.past };
        let v4 = (&self.v4.spread, &mut *self.v4.tables);
        let v6 = (&self.v6.spread, &mut *self.v6.tables);
        add(briefs, v4, v6, room, gone, ids);
    }

    /// Adds all packets of another part of the capture.
    pub fn merge(&mut self, mut other: Self) {
        self.values.merge(&other.values);
        self.anomalies.merge(&other.anomalies);
        self.evicted.flows += other.evicted.flows;
        self.evicted.tally.merge(other.evicted.tally);
        // Without chains of its own this one numbers them alike.
        let is_first = self.live_flows() == 0 && self.paths.is_empty();
        let paths = self.paths.merge(&other.paths);
        if is_first && self.limits == other.limits {
            std::mem::swap(&mut self.v4, &mut other.v4);
            std::mem::swap(&mut self.v6, &mut other.v6);
        }
        let room = &Room::new(self.limits.flows, self.live_flows());
        let gone = &mut Gone { evicted: &mut self.evicted, past: &mut self.past };
        self.v4.merge(other.v4, &paths, room, gone);
        self.v6.merge(other.v6, &paths, room, gone);
        self.past.merge(other.past, &paths, &mut self.paths.overflowed, self.limits.flows);
    }

    /// What is wrong with packets and flows, in the order of the table.
    pub fn anomalies(&self) -> Vec<Counted> {
        fn add<K: Key>(all: &mut Anomalies, flows: &Shards<K>) {
            for (flow, birth) in flows.flows().filter(|(flow, _)| flow.is_odd()) {
                anomaly::of_flow(&FlowView::of(flow, birth)).for_each(|odd| all.add(odd));
            }
        }
        let mut all = self.anomalies.clone();
        all.merge(&self.past.anomalies);
        add(&mut all, &self.v4);
        add(&mut all, &self.v6);
        all.seen().collect()
    }

    /// The `count` flows of most packets.
    pub fn busiest_flows(&self, count: usize) -> Vec<FlowView> {
        type Busiest = Top<FlowView, (Reverse<Tally>, u64, PathId)>;
        fn add<K: Key>(top: &mut Busiest, flows: &Shards<K>) {
            for (flow, birth) in flows.flows() {
                let order = (Reverse(flow.total()), birth.number(), flow.key.path());
                top.push(order, || FlowView::of(flow, birth));
            }
        }
        let mut top = Top::new(count);
        add(&mut top, &self.v4);
        add(&mut top, &self.v6);
        top.finish()
    }

    /// What bounds its memory.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Flows kept now.
    pub fn live_flows(&self) -> usize {
        self.v4.len() + self.v6.len()
    }

    /// All flows, in no order that means anything.
    pub fn flows(&self) -> impl Iterator<Item = FlowView> + '_ {
        let v4 = self.v4.flows().map(|(flow, birth)| FlowView::of(flow, birth));
        v4.chain(self.v6.flows().map(|(flow, birth)| FlowView::of(flow, birth)))
    }

    /// Whether flows are missing, so that counts of them are lower bounds.
    pub fn is_estimated(&self) -> bool {
        self.evicted.flows > 0 || self.paths.overflowed > 0
    }

    /// Counts packets in everything but their flows.
    pub(super) fn count_all(&mut self, briefs: &mut Briefs) {
        self.groups.count(briefs, &mut self.values);
    }
}
