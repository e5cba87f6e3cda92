//! What the statistics and flows of a run come to at the end of a batch.

use crate::analyze::Tally;
use crate::base::timestamp::Period;

/// Totals of all packets until the end of a batch.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counted {
    /// All packets.
    pub(super) total: Tally,
    /// Their times.
    pub(super) period: Period,
    /// Packets whose chain found no room.
    pub(super) overflowed: u64,
}

/// How the number of flows changed with a batch.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Change {
    pub(super) begun: u64,
    pub(super) ended: u64,
    pub(super) evicted: u64,
}
