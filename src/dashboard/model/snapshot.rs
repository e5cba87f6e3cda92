//! The statistics as a screen needs them: totals, the rate over time, and the first rows of tables.
//!
//! Made at intervals from the analysis, never while a frame is drawn; immutable from then on.

pub mod connections;
pub mod header_stacks;
pub mod protocol_tree;
pub mod space;
pub mod top_talkers;

use self::connections::Connections;
use self::header_stacks::HeaderStacks;
pub use self::protocol_tree::ProtocolNode;
use self::space::{AddressMap, Block, Network};
use super::query::SnapshotQuery;
use super::rows::RankedRows;
use crate::analyze::flow::FlowView;
use crate::analyze::statistic::{Entry, hierarchy, series};
use crate::analyze::traffic::{Address, Traffic};
use crate::analyze::{Analysis, Tally};
use crate::base::timestamp::{TimeDelta, Timestamp};
use crate::capture::Interface;
use crate::report::summary::talker::{Addresses, Endpoint};
use crate::report::summary::{AnomalyLine, Finding, Statistics};

/// Statistics at one moment.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Which one it is, from 1; 0 before any.
    pub generation: u64,
    /// What it was made for.
    pub query: SnapshotQuery,
    /// What was counted of packets that passed the filter.
    pub statistics: Statistics,
    /// All of those.
    pub total: Tally,
    /// Earliest and latest time.
    pub times: Option<(Timestamp, Timestamp)>,
    /// Packets over time, to be drawn.
    pub rate: Rate,
    /// Flows, in the requested order.
    pub flows: RankedRows<FlowView>,
    /// Addresses, in the requested order.
    pub endpoints: RankedRows<Traffic<Address>>,
    /// Pairs of addresses, in the requested order.
    pub conversations: RankedRows<Traffic<(Address, Address)>>,
    /// Outermost addresses with most packets.
    pub talkers: Vec<Endpoint>,
    /// Outermost addresses by what they are.
    pub addresses: Addresses,
    /// Addresses of all headers: of class A to E, then IPv6.
    pub letters: [u64; 6],
    /// How TCP connections went.
    pub connections: Connections,
    /// The stacks of headers.
    pub header_stacks: HeaderStacks,
    /// Headers in headers, in the requested order.
    pub protocol_tree: RankedRows<ProtocolNode>,
    /// Endpoints by prefix, in the requested order.
    pub networks: RankedRows<Network>,
    /// Where IPv4 addresses lie.
    pub map: AddressMap,
    /// Blocks of the registries with addresses in them, in the requested order.
    pub blocks: RankedRows<Block>,
    /// Anomalies, in the requested order.
    pub anomalies: RankedRows<AnomalyLine>,
    /// Where that is, ranked.
    pub findings: Vec<Finding>,
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

impl Snapshot {
    /// The statistics of `analysis`, of packets that came through `interfaces`, without the rows of
    /// any panel: quick.
    pub fn of(analysis: &Analysis, interfaces: &[Interface], query: SnapshotQuery) -> Self {
        let statistics = Statistics::of(analysis, interfaces);
        let steps = statistics.get(&series::ROW);
        let (first, width) = steps.entries.first().and_then(Entry::step).unzip();
        Self {
            generation: 0,
            query,
            total: statistics.total(),
            times: statistics.times(),
            rate: Rate {
                first,
                width: width.unwrap_or(TimeDelta::ZERO),
                steps: steps.entries.iter().map(|entry| entry.tally).collect(),
            },
            header_stacks: HeaderStacks::of(statistics.get(&hierarchy::ROW)),
            evicted: analysis.evicted().flows,
            are_estimated: analysis.are_estimated(),
            statistics,
            ..Self::default()
        }
    }
}
