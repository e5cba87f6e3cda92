//! All statistics of a capture, folded packet by packet.

use foldhash::quality::RandomState;

use super::brief::{Brief, Briefs, Fragment, Version};
use super::count::{LENGTH_ENDS, Tallies, Tally, length_range};
use super::flow::{Birth, Flow, FlowView};
use super::hierarchy::Hierarchy;
use super::key::{Key, V4Key, V6Key};
use super::path::Paths;
use super::series::Series;
use super::table::{Found, Table};
use crate::capture::Record;
use crate::decode::layers::{Place, Reason};

/// Briefs folded together, so that their cache misses overlap.
pub const GROUP: usize = 64;

/// Interfaces that are counted singly; the rest count as the last.
pub const MAX_INTERFACES: usize = 64;

/// What bounds the memory of an analysis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Flows kept at once.
    pub flows: usize,
    /// Chains of outer address pairs kept.
    pub paths: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { flows: 4_194_304, paths: 65_536 }
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
    /// Earliest time; [`i64::MAX`] before any.
    pub first: i64,
    /// Latest time; [`Record::NO_TIME`] before any.
    pub last: i64,
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
    /// Flows over IPv4.
    pub v4: Table<V4Key>,
    /// Flows over IPv6.
    pub v6: Table<V6Key>,
    /// Chains of outer address pairs.
    pub paths: Paths,
    /// What went out of the flow tables to make room.
    pub evicted: Evicted,
    limits: Limits,
}

impl Analysis {
    /// An analysis of no packets.  Analyses that are to be merged share `seed`.
    pub fn new(limits: Limits, seed: RandomState) -> Self {
        Self {
            total: Tally::default(),
            captured: 0,
            first: i64::MAX,
            last: Record::NO_TIME,
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
            v4: Table::new(seed.clone()),
            v6: Table::new(seed),
            paths: Paths::new(limits.paths),
            evicted: Evicted::default(),
            limits,
        }
    }

    /// Adds packets, in capture order.  Calls `ids` with each packet's place in `briefs` and,
    /// if it asks, its flow's number: the number of the flow's first packet.
    pub fn fold(
        &mut self,
        briefs: &mut Briefs,
        mut ids: impl FnMut(usize, &mut dyn FnMut() -> u64),
    ) {
        for (kind, octets) in briefs.options() {
            self.option_kinds.add(usize::from(kind), octets.into());
        }
        let (briefs, pairs) = briefs.parts();
        for brief in briefs.iter_mut().filter(|brief| brief.chain.1 > 0) {
            let (first, count) = (brief.chain.0 as usize, usize::from(brief.chain.1));
            let path = self.paths.number(pairs.get(first..first + count).unwrap_or_default());
            brief.v4 = brief.v4.with_path(path);
            brief.v6 = brief.v6.with_path(path);
        }
        for (group, chunk) in briefs.chunks(GROUP).enumerate() {
            self.fold_group(chunk, &mut |index, number| ids(group * GROUP + index, number));
        }
    }

    fn fold_group(
        &mut self,
        group: &[Brief],
        ids: &mut impl FnMut(usize, &mut dyn FnMut() -> u64),
    ) {
        let (mut hashes, mut guesses) = ([0u32; GROUP], [0usize; GROUP]);
        // Three passes over the group: each touches memory that the one before has fetched, and
        // within a pass no access waits for another.
        for (hash, brief) in hashes.iter_mut().zip(group) {
            *hash = match brief.flow {
                Version::V4 => self.v4.hash(&brief.v4),
                Version::V6 => self.v6.hash(&brief.v6),
                Version::None => 0,
            };
        }
        for ((guess, &hash), brief) in guesses.iter_mut().zip(&hashes).zip(group) {
            *guess = match brief.flow {
                Version::V4 => self.v4.guess(hash),
                Version::V6 => self.v6.guess(hash),
                Version::None => 0,
            };
        }
        let mut right = [false; GROUP];
        for ((right, &guess), brief) in right.iter_mut().zip(&guesses).zip(group) {
            *right = match brief.flow {
                Version::V4 => self.v4.is_at(guess, &brief.v4),
                Version::V6 => self.v6.is_at(guess, &brief.v6),
                Version::None => false,
            };
        }
        let mut plain = [Tally::default(); 2];
        for (i, brief) in group.iter().enumerate() {
            self.count(brief, &mut plain);
            let guess = right[i].then_some(guesses[i]);
            let full = self.is_full();
            let evicted = &mut self.evicted;
            match brief.flow {
                Version::V4 => {
                    let table = &mut self.v4;
                    let place = fold_flow(table, brief.v4, hashes[i], guess, brief, full, evicted);
                    ids(i, &mut || table.birth(place).number);
                }
                Version::V6 => {
                    let table = &mut self.v6;
                    let place = fold_flow(table, brief.v6, hashes[i], guess, brief, full, evicted);
                    ids(i, &mut || table.birth(place).number);
                }
                Version::None => {}
            }
        }
        for (fragment, plain) in self.fragment.iter_mut().zip(plain) {
            fragment.merge_one(0, plain);
            self.total.merge(plain);
            self.ledger.merge_one(0, plain);
            self.depth.merge_one(1, plain);
        }
    }

    /// Adds all packets of another part of the capture.
    pub fn merge(&mut self, other: Self) {
        self.total.merge(other.total);
        self.captured += other.captured;
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
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
        self.interface.merge(&other.interface);
        self.hierarchy.merge(&other.hierarchy);
        self.series.merge(&other.series);
        self.evicted.flows += other.evicted.flows;
        self.evicted.tally.merge(other.evicted.tally);
        let paths = self.paths.merge(&other.paths);
        let room = self.limits.flows.saturating_sub(self.v6.len());
        merge_flows(&mut self.v4, other.v4, &paths, room, &mut self.evicted);
        let room = self.limits.flows.saturating_sub(self.v4.len());
        merge_flows(&mut self.v6, other.v6, &paths, room, &mut self.evicted);
    }

    /// Flows kept now.
    pub fn live_flows(&self) -> usize {
        self.v4.len() + self.v6.len()
    }

    /// All flows, in no order that means anything.
    pub fn flows(&self) -> impl Iterator<Item = FlowView> + '_ {
        let v4 = self.v4.flows().map(|(flow, birth)| FlowView::v4(flow, *birth));
        v4.chain(self.v6.flows().map(|(flow, birth)| FlowView::v6(flow, *birth)))
    }

    /// Whether flows are missing, so that counts of them are lower bounds.
    pub fn is_estimated(&self) -> bool {
        self.evicted.flows > 0 || self.paths.overflowed > 0
    }

    fn is_full(&self) -> bool {
        self.v4.len() + self.v6.len() >= self.limits.flows
    }

    /// Counts a packet in everything but its flow.  Packets with one whole IP header are nearly
    /// all; their sums are taken together in `plain`, by version.
    fn count(&mut self, brief: &Brief, plain: &mut [Tally; 2]) {
        let octets = u64::from(brief.octets);
        self.captured += u64::from(brief.captured);
        if brief.time != Record::NO_TIME {
            self.first = self.first.min(brief.time);
            self.last = self.last.max(brief.time);
        }
        self.length.add(length_range(brief.octets), octets);
        self.interface.add(brief.interface as usize, octets);
        self.hierarchy.add(brief.make, octets);
        self.series.add(brief.time, octets);
        let outer = &brief.outer;
        if brief.depth == 1 && outer.fragment == Fragment::Whole && brief.stop.is_none() {
            plain[usize::from(outer.v6)].add(octets);
        } else {
            self.count_other(brief, octets);
        }
        if brief.depth == 0 {
            return;
        }
        let hops = if outer.v6 { &mut self.hop_limit } else { &mut self.ttl };
        hops.add(usize::from(outer.ttl), octets);
        self.class.add(usize::from(outer.class), octets);
        if brief.flow != Version::None {
            self.proto.add(usize::from(brief.proto), octets);
        }
        if outer.options {
            self.options.add(octets);
        }
        for (sum, &count) in self.checksums.iter_mut().zip(&brief.checksums) {
            *sum += u64::from(count);
        }
    }

    /// Counts what [`Self::count`] takes together for plain packets.
    #[cold]
    fn count_other(&mut self, brief: &Brief, octets: u64) {
        self.total.add(octets);
        let place = match brief.place {
            Place::Ip => 0,
            Place::NonIp => 1,
            Place::Undecoded => 2,
        };
        self.ledger.add(place, octets);
        if let Some(reason) = brief.stop {
            let stop = match reason {
                Reason::Truncated => 0,
                Reason::Malformed => 1,
                Reason::Unknown => 2,
                Reason::TooDeep => 3,
            };
            self.stops.add(stop, octets);
        }
        if brief.depth > 0 {
            self.depth.add(usize::from(brief.depth), octets);
            let piece = match brief.outer.fragment {
                Fragment::Whole => 0,
                Fragment::First => 1,
                Fragment::Later => 2,
            };
            self.fragment[usize::from(brief.outer.v6)].add(piece, octets);
        }
    }
}

/// Adds a packet to its flow; gives the place of the flow.
fn fold_flow<K: Key>(
    table: &mut Table<K>,
    key: K,
    hash: u32,
    guess: Option<usize>,
    brief: &Brief,
    full: bool,
    evicted: &mut Evicted,
) -> usize {
    // An eviction within the group may have given the guessed place to another flow.
    let place = guess.filter(|&place| table.is_at(place, &key)).unwrap_or_else(|| {
        let birth = Birth { number: brief.number, swapped: brief.swapped };
        place_of(table, key, hash, birth, full, evicted)
    });
    table.at(place).fold(brief);
    place
}

/// Adds all flows of `other`, whose chains have the numbers `paths` here; at most `room` are kept.
///
/// They go in groups, as packets do when they are folded, so that cache misses overlap.
fn merge_flows<K: Key>(
    table: &mut Table<K>,
    other: Table<K>,
    paths: &[u32],
    room: usize,
    evicted: &mut Evicted,
) {
    let mut flows = other.into_flows();
    let mut group: Vec<(Flow<K>, Birth)> = Vec::with_capacity(GROUP);
    let (mut hashes, mut guesses, mut right) = ([0; GROUP], [0; GROUP], [false; GROUP]);
    loop {
        group.clear();
        group.extend(flows.by_ref().take(GROUP));
        if group.is_empty() {
            return;
        }
        for (hash, (flow, _)) in hashes.iter_mut().zip(&mut group) {
            if let Some(&path) = paths.get((flow.key.path() as usize).wrapping_sub(1)) {
                flow.key = flow.key.with_path(path);
            }
            *hash = table.hash(&flow.key);
        }
        for (guess, &hash) in guesses.iter_mut().zip(&hashes).take(group.len()) {
            *guess = table.guess(hash);
        }
        for ((right, &guess), (flow, _)) in right.iter_mut().zip(&guesses).zip(&group) {
            *right = table.is_at(guess, &flow.key);
        }
        for (i, (flow, birth)) in group.iter().enumerate() {
            let place = if right[i] && table.is_at(guesses[i], &flow.key) {
                guesses[i]
            } else {
                let full = table.len() >= room;
                place_of(table, flow.key, hashes[i], *birth, full, evicted)
            };
            table.at(place).merge(flow);
            table.birth(place).merge(*birth);
        }
    }
}

/// The place of `key`'s flow, made where there is none, at the cost of another when it is full.
fn place_of<K: Key>(
    table: &mut Table<K>,
    key: K,
    hash: u32,
    birth: Birth,
    full: bool,
    evicted: &mut Evicted,
) -> usize {
    if full {
        if let Some(place) = table.find(hash, &key) {
            return place;
        }
        if let Some((place, old)) = table.replace(hash, key, birth) {
            evicted.flows += 1;
            evicted.tally.merge(old.total());
            return place;
        }
    }
    match table.find_or_insert(hash, key, birth) {
        Found::Known(place) | Found::New(place) => place,
    }
}
