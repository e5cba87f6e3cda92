//! How an analysis is made: what it has room for, and what identifies a flow.

use super::traffic::HeaderScope;
use crate::base::timestamp::TimeDelta;

/// Interfaces that are counted singly; the rest count as the last.
pub const MAX_INTERFACES: usize = 64;

/// Conversations that are kept of flows that have ended, at least and at most: with
/// little room for flows, too, conversations are listed.
const LEAST_LEFT: usize = 65_536;
const MOST_LEFT: usize = 1 << 20;

/// How an analysis is made: what bounds its memory, what identifies a flow, and what is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Flows kept at once.
    pub flows: usize,
    /// Chains of outer address pairs kept.
    pub paths: usize,
    /// Conversations that are kept of flows that have ended, over either IP version; and as
    /// many addresses of those that found no room.
    pub conversations: usize,
    /// Nanoseconds without a packet after which a flow ends; none where it lasts for the capture.
    pub idle: Option<TimeDelta>,
    /// What identifies a flow beside its tuple.
    pub key: KeyParts,
    /// By which headers of their packets endpoints and conversations are counted.
    pub scope: HeaderScope,
    /// Whether TCP connections are followed segment by segment.
    pub connections: bool,
}

/// What identifies a flow beside its tuple and the addresses of the tunnels that it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyParts {
    /// Numbers of VLANs.
    pub vlans: bool,
    /// Numbers of networks in tunnels: VNI, VSID, I-SID, GRE's key.
    pub networks: bool,
}

impl Default for KeyParts {
    fn default() -> Self {
        Self { vlans: true, networks: true }
    }
}

impl Settings {
    /// With room for so many flows, and for what is left of twice as many that are there no more.
    pub fn of_flows(flows: usize) -> Self {
        Self {
            flows,
            paths: 65_536,
            conversations: flows.saturating_mul(2).clamp(LEAST_LEFT, MOST_LEFT),
            idle: None,
            key: KeyParts::default(),
            scope: HeaderScope::Outer,
            connections: false,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self::of_flows(4_194_304)
    }
}
