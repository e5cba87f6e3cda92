//! The statistics as a screen needs them: totals, the rate over time, and the first rows of tables.
//!
//! Made at intervals from the analysis, never while a frame is drawn; immutable from then on.

mod branches;
pub mod connections;
pub mod finding;
pub mod makes;
mod people;
pub mod space;

use std::borrow::Cow;

use self::branches::branches;
use self::connections::Connections;
use self::finding::Finding;
use self::makes::Makes;
use self::space::{Block, Map, Network, Talks};
use super::wish::{Listed, Rank, Wish, first_rows};
use crate::address::class::Class;
use crate::analyze::flow::FlowView;
use crate::analyze::statistic::{Entry, hierarchy, series};
use crate::analyze::talk::{Address, Talk};
use crate::analyze::{Analysis, Tally};
use crate::base::timestamp::{TimeDelta, Timestamp};
use crate::capture::Interface;
use crate::dashboard::view::panel;
use crate::report::summary::talker::{Addresses, Endpoint, Talkers};
use crate::report::summary::{self, Statistics};

/// Talkers that the overview has room for, on the largest screen.
const MOST_TALKERS: usize = 100;

/// Statistics at one moment.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Which one it is, from 1; 0 before any.
    pub generation: u64,
    /// What it was made for.
    pub wish: Wish,
    /// What was counted of packets that passed the filter.
    pub statistics: Statistics,
    /// All of those.
    pub total: Tally,
    /// Earliest and latest time.
    pub times: Option<(Timestamp, Timestamp)>,
    /// Packets over time, to be drawn.
    pub rate: Rate,
    /// Flows, in the order wished for.
    pub flows: Listed<FlowView>,
    /// Addresses, in the order wished for.
    pub endpoints: Listed<Talk<Address>>,
    /// Pairs of addresses, in the order wished for.
    pub conversations: Listed<Talk<(Address, Address)>>,
    /// Outermost addresses with most packets.
    pub talkers: Vec<Endpoint>,
    /// Outermost addresses by what they are.
    pub addresses: Addresses,
    /// Addresses of all headers: of class A to E, then IPv6.
    pub letters: [u64; 6],
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
    /// Whether counts of conversations, and of addresses, are lower bounds.
    pub are_estimated: (bool, bool),
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
    pub name: Cow<'static, str>,
    /// Packets with it here.
    pub tally: Tally,
    /// Of those, packets in which nothing follows it.
    pub ends: Tally,
    /// Packets and octets of the whole hierarchy.
    pub whole: Tally,
    /// It and the headers around it, see [`crate::decode::layers::Digest::make_of`]; 0 where it
    /// stands for no chain.
    pub path: u128,
}

impl Snapshot {
    /// The statistics of `analysis`, of packets that came through `interfaces`, with the rows that
    /// the open panel lists.
    pub fn with_lists(analysis: &Analysis, interfaces: &[Interface], wish: Wish) -> Self {
        let mut snapshot = Self::of(analysis, interfaces, wish);
        snapshot.list(analysis);
        snapshot
    }

    /// The statistics without the tables: quick.
    pub fn of(analysis: &Analysis, interfaces: &[Interface], wish: Wish) -> Self {
        let statistics = Statistics::of(analysis, interfaces);
        let steps = statistics.get(&series::ROW);
        let (first, width) = steps.entries.first().and_then(Entry::step).unzip();
        Self {
            generation: 0,
            wish,
            total: statistics.total(),
            times: statistics.times(),
            rate: Rate {
                first,
                width: width.unwrap_or(TimeDelta::ZERO),
                steps: steps.entries.iter().map(|entry| entry.tally).collect(),
            },
            makes: Makes::of(statistics.get(&hierarchy::ROW)),
            evicted: analysis.evicted().flows,
            are_estimated: analysis.are_estimated(),
            statistics,
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
                self.conversations = people::conversations(
                    analysis,
                    wish.scope,
                    column.rank,
                    column.descends != is_reversed,
                );
            }
            panel::ENDPOINTS if wish.roll > 0 => {
                let (column, is_reversed) = wish.networks;
                let Some(column) = panel::endpoints::NETWORK_COLUMNS.get(column) else { return };
                let talks = Talks::of(analysis, wish.scope);
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
                self.endpoints = people::endpoints(
                    analysis,
                    wish.scope,
                    column.rank,
                    column.descends != is_reversed,
                );
            }
            panel::OVERVIEW => {
                let talkers = Talkers::of(analysis, wish.scope, people::threads(), MOST_TALKERS);
                (self.talkers, self.addresses) = (talkers.endpoints, talkers.addresses);
                // Worst first already.
                let rows = summary::anomalies(analysis);
                self.findings = Listed { total: rows.len() as u64, rows };
            }
            panel::HEADERS => {
                analysis.flows().for_each(|flow| self.connections.add(&flow));
            }
            panel::ADDRESSES => {
                let (column, is_reversed) = wish.blocks;
                let Some(column) = panel::addresses::COLUMNS.get(column) else { return };
                let talks = Talks::of(analysis, wish.scope);
                self.letters = letters(&talks);
                self.map = Map::of(&talks.v4, wish.map.0, wish.map.1);
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
                let tree = self.statistics.get(&hierarchy::ROW);
                let rows = branches(tree, self.total, column.rank, descends);
                self.hierarchy = Listed { total: rows.len() as u64, rows };
            }
            panel::ANOMALIES => {
                let (column, is_reversed) = wish.anomalies;
                let Some(column) = panel::anomalies::COLUMNS.get(column) else { return };
                self.findings = first_rows(
                    summary::anomalies(analysis).into_iter().zip(0_u64..),
                    |(finding, _)| (column.rank)(finding),
                    |(finding, place)| {
                        (0, u128::from(u64::MAX - finding.count) << 64 | u128::from(*place))
                    },
                    column.descends != is_reversed,
                )
                .map(|(finding, _)| finding);
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
