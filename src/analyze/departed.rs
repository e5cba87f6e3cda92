//! What is left of the flows of a table that have ended.

use super::anomalies::Anomalies;
use super::count::Tally;
use super::flow::{Flow, FlowStart, FlowView};
use super::key::Key;
use super::retained::Retained;
use super::tcp::facts::ConnectionFacts;
use crate::base::timestamp::Timestamp;

/// Why a flow ended, or is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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

/// What remains of flows that were evicted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Evicted {
    /// Number of evicted flows.
    pub flows: u64,
    /// Their packets and octets.
    pub tally: Tally,
}

impl Evicted {
    /// Adds what remains of others.
    pub fn merge(&mut self, other: &Self) {
        self.flows += other.flows;
        self.tally.merge(other.tally);
    }
}

/// What is left of the flows of one table that have ended.
#[derive(Debug, Clone)]
pub struct Departed<K> {
    /// How many ended by themselves.
    pub ended: u64,
    /// Those that were evicted to make room.
    pub evicted: Evicted,
    /// Conversations of both.
    pub conversations: Retained<K>,
    /// What is wrong with both.
    pub anomalies: Anomalies,
    /// Those that ended since they were last taken; none where they are not reported one by one.
    pub(super) reported: Option<Vec<(FlowView, End)>>,
    /// When flows that ended were searched for last, by the packets' clock.
    pub(super) swept: Option<Timestamp>,
}

impl<K: Key> Departed<K> {
    /// The remains of no flows.
    pub(super) fn new(conversations: Retained<K>) -> Self {
        Self {
            ended: 0,
            evicted: Evicted::default(),
            conversations,
            anomalies: Anomalies::default(),
            reported: None,
            swept: None,
        }
    }

    /// Takes in a flow that has left the table.
    pub(super) fn take(
        &mut self,
        (flow, flow_start): (&Flow<K>, FlowStart),
        connection: impl FnOnce() -> Option<ConnectionFacts>,
        end: End,
    ) {
        match end {
            End::Evicted => {
                self.evicted.flows += 1;
                self.evicted.tally.merge(flow.total());
            }
            _ => self.ended += 1,
        }
        self.conversations.add(flow);
        if flow.has_anomaly() || self.reported.is_some() {
            let view = FlowView::with(flow, flow_start, connection());
            self.anomalies.add_flow(&view);
            if let Some(reported) = &mut self.reported {
                reported.push((view, end));
            }
        }
    }
}
