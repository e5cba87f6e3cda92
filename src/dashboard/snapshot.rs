//! The statistics as a screen needs them: totals, the rate over time, and the first rows of tables.
//!
//! Made at intervals from the analysis, never while a frame is drawn; immutable from then on.

use std::collections::BTreeMap;

use super::panel;
use super::wish::{Listed, Rank, Wish, first_rows};
use crate::address::describe::label;
use crate::analyze::flow::FlowView;
use crate::analyze::talk::{self, Address, Scope, Talk};
use crate::analyze::{Analysis, Tally};
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
    pub times: Option<(i64, i64)>,
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
    /// Addresses with most packets.
    pub talkers: Vec<Talk<Address>>,
    /// By type of address, most addresses first.
    pub kinds: Vec<Kind>,
    /// Addresses of class A to E, then IPv6.
    pub letters: [u64; 6],
    /// Flows that had to go to make room.
    pub evicted: u64,
    /// Whether counts of flows and addresses are lower bounds.
    pub is_estimated: bool,
}

/// Packets over time, in steps of equal width.
#[derive(Debug, Clone, Default)]
pub struct Rate {
    /// Time of the first step in nanoseconds.
    pub first: i64,
    /// Width of a step in nanoseconds.
    pub width: i64,
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

/// Addresses on the overview.
const TALKERS: usize = 40;

impl Snapshot {
    /// The statistics of `analysis` without the tables: quick.
    pub fn of(analysis: &Analysis, wish: Wish) -> Self {
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
            first: first.map_or(0, |(time, _)| time),
            width: analysis.series.width(),
            steps: first.map(|(_, tally)| tally).into_iter().chain(steps.map(|s| s.1)).collect(),
        };
        Self {
            generation: 0,
            wish,
            total: analysis.total,
            captured: analysis.captured,
            times: (analysis.first <= analysis.last).then_some((analysis.first, analysis.last)),
            ledger: std::array::from_fn(|place| analysis.ledger.get(place)),
            stops: std::array::from_fn(|reason| analysis.stops.get(reason)),
            checksums: analysis.checksums,
            fragments: [both(1), both(2)],
            options: analysis.options,
            rate,
            protocols: branches(&analysis.hierarchy.makes()),
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
    pub fn list(&mut self, analysis: &Analysis) {
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
                self.conversations = first_rows(
                    talk::conversations(analysis, Scope::All).into_iter(),
                    column.rank,
                    |talk| rank_of(talk.who.0),
                    column.descends != is_reversed,
                );
            }
            panel::ENDPOINTS => {
                let (column, is_reversed) = wish.endpoints;
                let Some(column) = panel::endpoints::COLUMNS.get(column) else { return };
                self.endpoints = first_rows(
                    talk::endpoints(analysis, Scope::All).into_iter(),
                    column.rank,
                    |talk| rank_of(talk.who),
                    column.descends != is_reversed,
                );
            }
            panel::OVERVIEW => {
                let endpoints = talk::endpoints(analysis, Scope::All);
                (self.kinds, self.letters) = kinds(&endpoints);
                self.talkers = endpoints;
                self.talkers.truncate(TALKERS);
            }
            _ => {}
        }
    }
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

fn kinds(endpoints: &[Talk<Address>]) -> (Vec<Kind>, [u64; 6]) {
    let mut by_name: BTreeMap<&'static str, (u64, Tally)> = BTreeMap::new();
    let mut letters = [0; 6];
    for talk in endpoints {
        let label = label(talk.who.into());
        let entry = by_name.entry(label.kind).or_default();
        entry.0 += 1;
        entry.1.merge(talk.total());
        let letter = label.class.bytes().next().map_or(5, |letter| usize::from(letter - b'A'));
        letters[letter.min(5)] += 1;
    }
    let mut kinds: Vec<_> = by_name
        .into_iter()
        .map(|(name, (addresses, tally))| Kind { name, addresses, tally })
        .collect();
    kinds.sort_by_key(|kind| (std::cmp::Reverse(kind.tally), kind.name));
    (kinds, letters)
}

/// The makes as a tree, flattened: every header below the one around it, most packets first.
fn branches(makes: &[(Vec<Layer>, Tally)]) -> Vec<Branch> {
    #[derive(Default)]
    struct Node {
        tally: Tally,
        inner: BTreeMap<Layer, Node>,
    }
    fn flatten(node: Node, depth: usize, out: &mut Vec<Branch>) {
        let mut inner: Vec<_> = node.inner.into_iter().collect();
        inner.sort_by_key(|(layer, node)| (std::cmp::Reverse(node.tally), *layer));
        for (layer, node) in inner {
            out.push(Branch { depth, name: layer.header().name, tally: node.tally });
            flatten(node, depth + 1, out);
        }
    }
    let mut root = Node::default();
    for (layers, tally) in makes {
        let mut node = &mut root;
        for layer in layers {
            node = node.inner.entry(*layer).or_default();
            node.tally.merge(*tally);
        }
    }
    let mut out = Vec::new();
    flatten(root, 0, &mut out);
    out
}
