//! What an analyst in order has in hand.

use crate::analyze::Briefs;
use crate::analyze::ending::PastFlow;
use crate::analyze::flow::Met;
use crate::analyze::order::Notes;
use crate::analyze::whole::Whole;
use crate::session::{Render, Stats};

/// A sink's renderer, if it has one, and what it rendered.
pub(super) type Rendering = (Option<Box<dyn Render>>, Vec<u8>);

/// All of one batch; recycled.
#[derive(Default)]
pub(super) struct Work {
    /// Indices of the packets that count.
    pub(super) passed: Vec<u32>,
    /// What the analysis needs of them.
    pub(super) briefs: Briefs,
    /// What order tells of them.
    pub(super) notes: Notes,
    /// What each meets with its flow.
    pub(super) met: Vec<Met>,
    /// Datagrams that fragments among them made whole, in their order.
    pub(super) wholes: Vec<Whole>,
    /// What each sink makes of them.
    pub(super) renders: Vec<Rendering>,
    /// How far the source is.
    pub(super) progress: Progress,
    /// Flows that ended before.
    pub(super) ended: Vec<PastFlow>,
    /// Totals, where they are due.
    pub(super) stats: Option<Stats>,
}

/// Octets of the input read so far and in all, where that is known.
pub(super) type Progress = Option<(u64, u64)>;

impl Work {
    /// Forgets the batch and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.passed.clear();
        self.briefs.clear();
        self.notes.clear();
        self.met.clear();
        self.wholes.clear();
    }
}
