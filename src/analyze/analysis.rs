//! All statistics of a capture, folded packet by packet.

use std::cmp::Reverse;

use foldhash::quality::RandomState;

use super::anomalies::{Anomalies, Counted};
use super::count::Tally;
use super::flow::{FlowMatch, FlowView};
use super::group::PacketGroups;
use super::key::{Key, PathId, V4Key, V6Key};
use super::order::CaptureOrder;
use super::path::Paths;
use super::record::Version;
use super::records::{PacketRecords, Parts};
use super::settings::Settings;
use super::shard::{Matches, Packets, Room, Shards};
use super::statistic::{self, Values};
use super::top::Top;
use crate::base::timestamp::Period;

/// The statistics of some packets.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// One value a row of the table of statistics.
    pub values: Values,
    /// What is wrong with packets; anomalies of flows are added by [`Self::anomalies`].
    pub anomalies: Anomalies,
    /// Flows over IPv4.
    pub v4: Shards<V4Key>,
    /// Flows over IPv6.
    pub v6: Shards<V6Key>,
    /// Chains of outer address pairs.
    pub paths: Paths,
    pub(super) settings: Settings,
    groups: PacketGroups,
}

impl Analysis {
    /// An analysis of no packets.  Analyses that are to be merged share `seed`.
    pub fn new(settings: Settings, seed: &RandomState) -> Self {
        Self {
            values: Values::default(),
            anomalies: Anomalies::default(),
            v4: Shards::new(seed, &settings),
            v6: Shards::new(seed, &settings),
            paths: Paths::new(settings.paths),
            settings,
            groups: PacketGroups::default(),
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

    /// Adds packets, in capture order.  Notes in `matches`, where there is room, what each meets
    /// with its flow.
    pub fn fold(&mut self, records: &mut PacketRecords, flows: &mut [FlowMatch]) {
        self.fold_all(records, &mut Matches { flows, ..Matches::default() });
    }

    /// Adds packets as [`Self::fold`] does, and notes what their segments are too.
    pub fn fold_all(&mut self, records: &mut PacketRecords, matches: &mut Matches<'_>) {
        self.count_all(records);
        self.add_to_flows(records, matches);
    }

    /// Adds packets to their flows, whose chains have their numbers.
    fn add_to_flows(&mut self, records: &mut PacketRecords, matches: &mut Matches<'_>) {
        let room = Room::new(self.settings.flows, self.live_flows());
        let Parts { records, v6, sorted: [four, six], segments, .. } = records.parts();
        let (records, v6) = (&*records, &*v6);
        let key = |at: usize| &records[at].v4;
        four.sort(records, Version::V4, &self.v4.spread, key);
        self.v4.add(&Packets { records, segments, key }, four, &room, matches);
        let key = |at: usize| &v6[records[at].v6 as usize];
        six.sort(records, Version::V6, &self.v6.spread, key);
        self.v6.add(&Packets { records, segments, key }, six, &room, matches);
    }

    /// Ends the capture: counts the fragments that are missing, and those that waited for them.
    pub fn end(&mut self, order: &mut CaptureOrder) {
        let mut records = PacketRecords::default();
        order.end(&mut self.anomalies, &mut records);
        records.sort_out(&mut self.paths);
        self.add_to_flows(&mut records, &mut Matches::default());
    }

    /// Adds all packets of another part of the capture.
    pub fn merge(&mut self, mut other: Self) {
        self.values.merge(&other.values);
        self.anomalies.merge(&other.anomalies);
        // Without chains of its own this one numbers them alike.
        let is_first = self.live_flows() == 0 && self.paths.is_empty();
        let paths = self.paths.merge(&other.paths);
        if is_first && self.settings == other.settings {
            std::mem::swap(&mut self.v4, &mut other.v4);
            std::mem::swap(&mut self.v6, &mut other.v6);
        }
        let room = Room::new(self.settings.flows, self.live_flows());
        self.v4.merge(other.v4, &paths, &room);
        self.v6.merge(other.v6, &paths, &room);
    }

    /// What is wrong with packets and flows, in the order of the table.
    pub fn anomalies(&self) -> Vec<Counted> {
        self.all_anomalies().seen().collect()
    }

    /// What is wrong with packets and flows, and where.
    pub fn all_anomalies(&self) -> Anomalies {
        fn add<K: Key>(all: &mut Anomalies, flows: &Shards<K>) {
            for (flow, flow_start) in flows.flows().filter(|(flow, _)| flow.has_anomaly()) {
                all.add_flow(&FlowView::of(flow, flow_start));
            }
        }
        let mut all = self.anomalies.clone();
        self.v4.add_anomalies(&mut all);
        self.v6.add_anomalies(&mut all);
        add(&mut all, &self.v4);
        add(&mut all, &self.v6);
        all
    }

    /// The `count` flows of most packets.
    pub fn busiest_flows(&self, count: usize) -> Vec<FlowView> {
        type Busiest = Top<FlowView, (Reverse<Tally>, u64, PathId)>;
        fn add<K: Key>(top: &mut Busiest, flows: &Shards<K>) {
            for (flow, flow_start) in flows.flows() {
                let order = (Reverse(flow.total()), flow_start.number(), flow.key.path());
                top.push(order, || FlowView::of(flow, flow_start));
            }
        }
        let mut top = Top::new(count);
        add(&mut top, &self.v4);
        add(&mut top, &self.v6);
        top.finish()
    }

    /// What bounds its memory.
    pub fn settings(&self) -> Settings {
        self.settings
    }

    /// Flows kept now.
    pub fn live_flows(&self) -> usize {
        self.v4.len() + self.v6.len()
    }

    /// All flows, in no order that means anything.
    pub fn flows(&self) -> impl Iterator<Item = FlowView> + '_ {
        self.v4.views().chain(self.v6.views())
    }

    /// Whether conversations are missing, and whether addresses are, so that counts of them are
    /// lower bounds.
    pub fn are_estimated(&self) -> (bool, bool) {
        let ((pairs, ends), (more_pairs, more_ends)) = (self.v4.estimated(), self.v6.estimated());
        let has_overflowed = self.paths.overflowed > 0;
        (pairs + more_pairs > 0 || has_overflowed, ends + more_ends > 0 || has_overflowed)
    }

    /// Counts packets in everything but their flows, and gives those the numbers of their chains.
    pub(crate) fn count_all(&mut self, records: &mut PacketRecords) {
        records.name_paths(&mut self.paths);
        self.groups.count(records, &mut self.values);
        records.sort_out(&mut self.paths);
    }
}
