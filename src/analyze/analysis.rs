//! All statistics of a capture, folded packet by packet.

use std::cmp::Reverse;

use foldhash::quality::RandomState;

use super::anomaly::{self, Anomalies, Counted};
use super::brief::{Brief, Briefs, Fragment, Parts, Rare, Version};
use super::count::{LENGTH_ENDS, Tallies, Tally, length_range};
use super::ending::{Gone, Past};
use super::flow::{FlowView, Met};
use super::hierarchy::Hierarchy;
use super::key::{Key, PathId, V4Key, V6Key};
use super::path::Paths;
use super::series::Series;
use super::shard::{GROUP, Room, Shards, add};
use super::top::Top;
use crate::base::timestamp::{Period, TimeDelta};
use crate::decode::layers::{Place, Reason};
use crate::decode::odd::is_deep;
use crate::decode::usual::{MAKES, MAKES_COUNT};

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
    /// All packets.
    pub total: Tally,
    /// Octets that were captured of them.
    pub captured: u64,
    /// Packets of which not every octet is read, see [`is_deep`].
    pub shallow: u64,
    /// The packets' times.
    pub period: Period,
    /// By place in the ledger: IP, not IP, undecoded.
    pub ledger: Tallies<3>,
    /// By why decoding ended early: truncated, malformed, unknown, too deep.
    pub stops: Tallies<4>,
    /// By IP headers of their own.
    pub depth: Tallies<16>,
    /// By TTL of the outermost header, when it is IPv4.
    pub ttl: Tallies<256>,
    /// By hop limit of the outermost header, when it is IPv6.
    pub hop_limit: Tallies<256>,
    /// By DSCP and ECN of the outermost header.
    pub class: Tallies<256>,
    /// By length on the wire, see [`LENGTH_ENDS`].
    pub length: Tallies<{ LENGTH_ENDS.len() }>,
    /// By IP protocol of the innermost header, of packets that have a flow.
    pub proto: Tallies<256>,
    /// Outermost headers that are whole, first and later fragments: IPv4, then IPv6.
    pub fragment: [Tallies<3>; 2],
    /// Outermost IPv4 headers with options.
    pub options: Tally,
    /// The same by type of option, each type once a packet.
    pub option_kinds: Tallies<256>,
    /// IPv4 headers whose checksum is good, bad, unverified.
    pub checksums: [u64; 3],
    /// By interface.
    pub interface: Tallies<MAX_INTERFACES>,
    /// By chain of headers.
    pub hierarchy: Hierarchy,
    /// Over time.
    pub series: Series,
    /// What is wrong with packets; that of flows is told by [`Self::anomalies`].
    pub anomalies: Anomalies,
    /// Packets whose outermost header is IPv6 with a flow label.
    pub labelled: u64,
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
}

impl Analysis {
    /// An analysis of no packets.  Analyses that are to be merged share `seed`.
    pub fn new(limits: Limits, seed: RandomState) -> Self {
        Self {
            total: Tally::default(),
            captured: 0,
            shallow: 0,
            period: Period::EMPTY,
            ledger: Tallies::default(),
            stops: Tallies::default(),
            depth: Tallies::default(),
            ttl: Tallies::default(),
            hop_limit: Tallies::default(),
            class: Tallies::default(),
            length: Tallies::default(),
            proto: Tallies::default(),
            fragment: [Tallies::default(), Tallies::default()],
            options: Tally::default(),
            option_kinds: Tallies::default(),
            checksums: [0; 3],
            interface: Tallies::default(),
            hierarchy: Hierarchy::default(),
            series: Series::default(),
            anomalies: Anomalies::default(),
            labelled: 0,
            past: Past::new(&seed, limits.flows),
            v4: Shards::new(seed.clone(), limits.flows),
            v6: Shards::new(seed, limits.flows),
            paths: Paths::new(limits.paths),
            evicted: Evicted::default(),
            limits,
        }
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
        self.total.merge(other.total);
        self.captured += other.captured;
        self.shallow += other.shallow;
        self.period.merge(other.period);
        self.ledger.merge(&other.ledger);
        self.stops.merge(&other.stops);
        self.depth.merge(&other.depth);
        self.ttl.merge(&other.ttl);
        self.hop_limit.merge(&other.hop_limit);
        self.class.merge(&other.class);
        self.length.merge(&other.length);
        self.proto.merge(&other.proto);
        for (mine, theirs) in self.fragment.iter_mut().zip(&other.fragment) {
            mine.merge(theirs);
        }
        self.options.merge(other.options);
        self.option_kinds.merge(&other.option_kinds);
        for (mine, theirs) in self.checksums.iter_mut().zip(other.checksums) {
            *mine += theirs;
        }
        self.labelled += other.labelled;
        self.interface.merge(&other.interface);
        self.hierarchy.merge(&other.hierarchy);
        self.series.merge(&other.series);
        self.anomalies.merge(&other.anomalies);
        self.evicted.flows += other.evicted.flows;
        self.evicted.tally.merge(other.evicted.tally);
        // Without chains of its own this one numbers them alike.
        let is_first = self.live_flows() == 0 && self.paths.chains().is_empty();
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
        for (kind, octets) in briefs.options() {
            self.option_kinds.add(usize::from(kind), octets.into());
        }
        let Parts { briefs, rares, .. } = briefs.parts();
        briefs.chunks(GROUP).for_each(|group| self.count(group, rares));
    }

    /// Counts some packets.  What is the same for all of a make is summed up by make first.
    fn count(&mut self, group: &[Brief], rares: &[Rare]) {
        let mut makes = [Tally::default(); MAKES_COUNT + 1];
        let mut period = Period::EMPTY;
        let (mut captured, mut bad, mut labelled) = (0, 0, 0);
        let interface = group.first().map_or(0, |brief| brief.interface);
        let (mut others, mut timeless) = (false, false);
        for brief in group {
            let octets = u64::from(brief.octets);
            let make = usize::from(brief.make).min(MAKES_COUNT);
            makes[make].add(octets);
            captured += u64::from(brief.captured);
            match brief.time {
                Some(time) => period.add(time),
                None => timeless = true,
            }
            others |= brief.interface != interface;
            bad += u64::from(brief.is_bad);
            labelled += u64::from(brief.is_labelled);
            self.length.add(length_range(brief.octets), octets);
            if brief.make == Brief::RARE {
                self.count_rare(brief, &rares[brief.rare as usize]);
            } else {
                let hops = if MAKES[make].is_v6 { &mut self.hop_limit } else { &mut self.ttl };
                hops.add(usize::from(brief.ttl), octets);
                self.class.add(usize::from(brief.class), octets);
            }
        }
        self.captured += captured;
        self.labelled += labelled;
        // Numbers ascend.
        let deep = group.partition_point(|brief| is_deep(brief.number));
        self.shallow += (group.len() - deep) as u64;
        self.period.merge(period);
        let mut usual = Tally::default();
        for (make, tally) in MAKES.iter().zip(makes).filter(|(_, tally)| tally.packets > 0) {
            usual.merge(tally);
            self.hierarchy.tally(make.number).merge(tally);
            self.proto.merge_one(usize::from(make.proto), tally);
            self.fragment[usize::from(make.is_v6)].merge_one(0, tally);
            self.checksums[0] += if make.is_v6 { 0 } else { tally.packets };
        }
        self.checksums[0] -= bad;
        self.checksums[1] += bad;
        self.ledger.merge_one(0, usual);
        self.depth.merge_one(1, usual);
        let mut all = usual;
        all.merge(makes[MAKES_COUNT]);
        self.total.merge(all);
        if others {
            for brief in group {
                self.interface.add(brief.interface as usize, u64::from(brief.octets));
            }
        } else {
            self.interface.merge_one(interface as usize, all);
        }
        // Nearly all groups lie within one step of time.
        if timeless || !self.series.add_all(period, all) {
            for brief in group {
                if let Some(time) = brief.time {
                    self.series.add(time, u64::from(brief.octets));
                }
            }
        }
    }

    /// Counts what [`Self::count`] sums up for packets of a usual make.
    fn count_rare(&mut self, brief: &Brief, rare: &Rare) {
        let octets = u64::from(brief.octets);
        let place = match rare.place {
            Place::Ip => 0,
            Place::NonIp => 1,
            Place::Undecoded => 2,
        };
        self.ledger.add(place, octets);
        self.hierarchy.tally(rare.make).add(octets);
        if let Some(reason) = rare.stop {
            let stop = match reason {
                Reason::Truncated => 0,
                Reason::Malformed => 1,
                Reason::Unknown => 2,
                Reason::TooDeep => 3,
            };
            self.stops.add(stop, octets);
        }
        for (sum, &count) in self.checksums.iter_mut().zip(&rare.checksums) {
            *sum += u64::from(count);
        }
        if rare.depth == 0 {
            return;
        }
        self.depth.add(usize::from(rare.depth), octets);
        let outer = &rare.outer;
        let hops = if outer.v6 { &mut self.hop_limit } else { &mut self.ttl };
        hops.add(usize::from(outer.ttl), octets);
        self.class.add(usize::from(brief.class), octets);
        let piece = match outer.fragment {
            Fragment::Whole => 0,
            Fragment::First => 1,
            Fragment::Later => 2,
        };
        self.fragment[usize::from(outer.v6)].add(piece, octets);
        if outer.options {
            self.options.add(octets);
        }
        if brief.flow != Version::None {
            self.proto.add(usize::from(brief.proto), octets);
        }
    }
}
