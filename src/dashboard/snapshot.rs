//! The statistics as a screen needs them: totals, the rate over time, and the first rows of tables.
//!
//! Made at intervals from the analysis, never while a frame is drawn; immutable from then on.

pub mod finding;
pub mod makes;
mod people;
pub mod seen;
pub mod space;

use std::collections::BTreeMap;

use self::finding::Finding;
use self::makes::Makes;
use self::seen::{Connections, Seen};
use self::space::{Block, Map, Network, Talks};
use super::panel;
use super::wish::{Listed, Rank, Wish, first_rows};
use crate::address::class::Class;
use crate::analyze::flow::FlowView;
use crate::analyze::talk::{Address, Talk};
use crate::analyze::{Analysis, Tally};
use crate::base::timestamp::{TimeDelta, Timestamp};
use crate::decode::layers::Digest;
use crate::wire::Layer;

/// Statistics at one moment.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Which one it is, from 1; 0 before any.
    pub generation: u64,
    /// What it was made for.
    pub wish: Wish,
    /// Packets that passed the filter.
    pub total: Tally,
    /// Octets captured of them.
    pub captured: u64,
    /// Earliest and latest time.
    pub times: Option<(Timestamp, Timestamp)>,
    /// IP, not IP, undecoded.
    pub ledger: [Tally; 3],
    /// Truncated, malformed, unknown, too deep.
    pub stops: [Tally; 4],
    /// IPv4 headers whose checksum is good, bad, unverified.
    pub checksums: [u64; 3],
    /// First and later fragments, over IPv4 and IPv6.
    pub fragments: [Tally; 2],
    /// IPv4 headers with options.
    pub options: Tally,
    /// Packets over time.
    pub rate: Rate,
    /// Headers in headers.
    pub protocols: Vec<Branch>,
    /// By TTL or hop limit, most packets first; whether IPv6.
    pub hops: Vec<(bool, u8, Tally)>,
    /// By DSCP and ECN octet, most packets first.
    pub classes: Vec<(u8, Tally)>,
    /// By length on the wire.
    pub lengths: Vec<Tally>,
    /// Flows, in the order wished for.
    pub flows: Listed<FlowView>,
    /// Addresses, in the order wished for.
    pub endpoints: Listed<Talk<Address>>,
    /// Pairs of addresses, in the order wished for.
    pub conversations: Listed<Talk<(Address, Address)>>,
    /// Addresses with most packets, and how many there are.
    pub talkers: Listed<Talk<Address>>,
    /// By type of address, most addresses first.
    pub kinds: Vec<Kind>,
    /// Addresses of class A to E, then IPv6.
    pub letters: [u64; 6],
    /// What headers were seen with.
    pub seen: Seen,
    /// How TCP connections went.
    pub connections: Connections,
    /// The chains of headers.
    pub makes: Makes,
    /// Headers in headers, in the order wished for.
    pub hierarchy: Listed<Branch>,
    /// Endpoints by prefix, in the order wished for.
    pub networks: Listed<Network>,
    /// Where IPv4 addresses lie.
    pub map: Map,
    /// Blocks of the registries with addresses in them, in the order wished for.
    pub blocks: Listed<Block>,
    /// What is odd, in the order wished for.
    pub findings: Listed<Finding>,
    /// Flows that had to go to make room.
    pub evicted: u64,
    /// Whether counts of flows and addresses are lower bounds.
    pub is_estimated: bool,
}

/// Packets over time, in steps of equal width.
#[derive(Debug, Clone, Default)]
pub struct Rate {
    /// Time of the first step, if there is one.
    pub first: Option<Timestamp>,
    /// Width of a step.
    pub width: TimeDelta,
    /// The steps.
    pub steps: Vec<Tally>,
}

/// One header in a hierarchy of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// How many headers are around it.
    pub depth: usize,
    /// The protocol's name.
    pub name: &'static str,
    /// Packets with it here.
    pub tally: Tally,
    /// Of those, packets in which nothing follows it.
    pub ends: Tally,
    /// Packets and octets of the whole hierarchy.
    pub whole: Tally,
    /// It and the headers around it, see [`Digest::make_of`].
    pub path: u128,
}

/// Addresses of one type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    /// The type, such as `private`.
    pub name: &'static str,
    /// How many addresses.
    pub addresses: u64,
    /// Packets from and to them.
    pub tally: Tally,
}

impl Snapshot {
    /// The statistics of `analysis` with the rows that the open panel lists.
    pub fn with_lists(analysis: &Analysis, wish: Wish) -> Self {
        let mut snapshot = Self::of(analysis, wish);
        snapshot.list(analysis);
        snapshot
    }

    /// The statistics of `analysis` without the tables: quick.
    pub fn of(analysis: &Analysis, wish: Wish) -> Self {
        let makes = analysis.hierarchy.makes();
        let mut hops: Vec<_> = analysis
            .ttl
            .seen()
            .map(|(ttl, tally)| (false, octet(ttl), tally))
            .chain(analysis.hop_limit.seen().map(|(hops, tally)| (true, octet(hops), tally)))
            .collect();
        hops.sort_by_key(|&(v6, hops, tally)| (std::cmp::Reverse(tally), v6, hops));
        let mut classes: Vec<_> =
            analysis.class.seen().map(|(class, tally)| (octet(class), tally)).collect();
        classes.sort_by_key(|&(class, tally)| (std::cmp::Reverse(tally), class));
        let both = |piece: usize| {
            let mut sum = analysis.fragment[0].get(piece);
            sum.merge(analysis.fragment[1].get(piece));
            sum
        };
        let mut steps = analysis.series.steps();
        let first = steps.next();
        let rate = Rate {
            first: first.map(|(time, _)| time),
            width: analysis.series.width(),
            steps: first.map(|(_, tally)| tally).into_iter().chain(steps.map(|s| s.1)).collect(),
        };
        Self {
            generation: 0,
            wish,
            total: analysis.total,
            captured: analysis.captured,
            times: analysis.period.bounds(),
            ledger: std::array::from_fn(|place| analysis.ledger.get(place)),
            stops: std::array::from_fn(|reason| analysis.stops.get(reason)),
            checksums: analysis.checksums,
            fragments: [both(1), both(2)],
            options: analysis.options,
            rate,
            protocols: branches(&makes, |branch| (0, branch.tally.packets.into()), true),
            seen: Seen::of(analysis, &makes),
            makes: Makes(makes),
            hops,
            classes,
            lengths: (0..crate::analyze::count::LENGTH_ENDS.len())
                .map(|range| analysis.length.get(range))
                .collect(),
            evicted: analysis.evicted.flows,
            is_estimated: analysis.is_estimated(),
            ..Self::default()
        }
    }

    /// Adds the rows that the open panel lists; looks at every flow.
    fn list(&mut self, analysis: &Analysis) {
        let wish = self.wish;
        match wish.panel {
            panel::FLOWS => {
                let (column, is_reversed) = wish.flows;
                let Some(column) = panel::flows::COLUMNS.get(column) else { return };
                self.flows = first_rows(
                    analysis.flows(),
                    column.rank,
                    |flow| (0, flow.number.into()),
                    column.descends != is_reversed,
                );
            }
            panel::ENDPOINTS if wish.is_by_pair => {
                let (column, is_reversed) = wish.conversations;
                let Some(column) = panel::endpoints::PAIR_COLUMNS.get(column) else { return };
                self.conversations =
                    people::conversations(analysis, column.rank, column.descends != is_reversed);
            }
            panel::ENDPOINTS if wish.roll > 0 => {
                let (column, is_reversed) = wish.networks;
                let Some(column) = panel::endpoints::NETWORK_COLUMNS.get(column) else { return };
                let talks = Talks::of(analysis);
                self.networks = first_rows(
                    space::networks(&talks, wish.roll).into_iter(),
                    column.rank,
                    |network| (network.prefix.family.number(), network.prefix.first),
                    column.descends != is_reversed,
                );
            }
            panel::ENDPOINTS => {
                let (column, is_reversed) = wish.endpoints;
                let Some(column) = panel::endpoints::COLUMNS.get(column) else { return };
                self.endpoints =
                    people::endpoints(analysis, column.rank, column.descends != is_reversed);
            }
            panel::OVERVIEW => {
                (self.kinds, self.letters, self.talkers) = people::overview(analysis);
                let findings = finding::findings(analysis);
                let worst = |finding: &Finding| (0, finding.row.severity as u128);
                self.findings =
                    first_rows(findings, worst, |finding| (0, finding.place as u128), true);
            }
            panel::HEADERS => {
                analysis.flows().for_each(|flow| self.connections.add(&flow));
            }
            panel::ADDRESSES => {
                let (column, is_reversed) = wish.blocks;
                let Some(column) = panel::addresses::COLUMNS.get(column) else { return };
                let talks = Talks::of(analysis);
                self.map = Map::of(&talks.v4, wish.map.0, wish.map.1);
                self.letters = letters(&talks);
                self.blocks = first_rows(
                    space::blocks(&talks).into_iter(),
                    column.rank,
                    |block| (block.range.family.number(), block.range.first),
                    column.descends != is_reversed,
                );
            }
            panel::PROTOCOLS => {
                let (column, is_reversed) = wish.protocols;
                let Some(column) = panel::protocols::COLUMNS.get(column) else { return };
                let descends = column.descends != is_reversed;
                let rows = branches(&analysis.hierarchy.makes(), column.rank, descends);
                self.hierarchy = Listed { total: rows.len() as u64, rows };
            }
            panel::ANOMALIES => {
                let (column, is_reversed) = wish.anomalies;
                let Some(column) = panel::anomalies::COLUMNS.get(column) else { return };
                self.findings = first_rows(
                    finding::findings(analysis),
                    column.rank,
                    |finding| {
                        (0, u128::from(u64::MAX - finding.count) << 64 | finding.place as u128)
                    },
                    column.descends != is_reversed,
                );
            }
            _ => {}
        }
    }
}

/// Addresses of class A to E, then IPv6.
fn letters(talks: &Talks) -> [u64; 6] {
    let mut letters = [0; 6];
    for talk in &talks.v4 {
        let letter = Class::of(talk.who).name.bytes().next();
        letters[letter.map_or(4, |letter| usize::from(letter - b'A')).min(4)] += 1;
    }
    letters[5] = talks.v6.len() as u64;
    letters
}

/// Addresses in their order.
pub fn rank_of(address: Address) -> Rank {
    match address {
        Address::V4(number) => (0, number.into()),
        Address::V6(number) => (1, number),
    }
}

fn octet(number: usize) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

/// The makes as a tree, flattened: every header below the one around it, its neighbours by `rank`,
/// the greatest first where it `descends`.
fn branches(
    makes: &[(Vec<Layer>, Tally)],
    rank: fn(&Branch) -> Rank,
    descends: bool,
) -> Vec<Branch> {
    #[derive(Default)]
    struct Node {
        tally: Tally,
        ends: Tally,
        inner: BTreeMap<Layer, Node>,
    }
    struct Order {
        rank: fn(&Branch) -> Rank,
        descends: bool,
        whole: Tally,
    }
    fn flatten(node: Node, around: &mut Vec<Layer>, order: &Order, out: &mut Vec<Branch>) {
        let mut inner: Vec<_> = node
            .inner
            .into_iter()
            .map(|(layer, node)| {
                around.push(layer);
                let path = Digest::make_of(around);
                around.pop();
                let depth = around.len();
                let (name, whole) = (layer.header().name, order.whole);
                let (tally, ends) = (node.tally, node.ends);
                (Branch { depth, name, tally, ends, whole, path }, layer, node)
            })
            .collect();
        inner.sort_by(|a, b| {
            let by_rank = (order.rank)(&a.0).cmp(&(order.rank)(&b.0));
            let by_rank = if order.descends { by_rank.reverse() } else { by_rank };
            by_rank.then(a.1.cmp(&b.1))
        });
        for (branch, layer, node) in inner {
            out.push(branch);
            around.push(layer);
            flatten(node, around, order, out);
            around.pop();
        }
    }
    let mut root = Node::default();
    for (layers, tally) in makes {
        root.tally.merge(*tally);
        let mut node = &mut root;
        for layer in layers {
            node = node.inner.entry(*layer).or_default();
            node.tally.merge(*tally);
        }
        node.ends.merge(*tally);
    }
    let order = Order { rank, descends, whole: root.tally };
    let mut out = Vec::new();
    flatten(root, &mut Vec::new(), &order, &mut out);
    out
}
