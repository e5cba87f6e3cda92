//! What an analyst has in hand between decoding a batch and writing it out.

use super::Render;
use crate::analyze::Briefs;
use crate::analyze::order::Notes;

/// A sink's renderer, if it has one, and what it rendered.
pub(super) type Rendering = (Option<Box<dyn Render>>, Vec<u8>);

/// What an analyst in order has in hand; recycled.
#[derive(Default)]
pub(super) struct Work {
    pub(super) passed: Vec<u32>,
    pub(super) briefs: Briefs,
    pub(super) notes: Notes,
    pub(super) flows: Vec<u64>,
    pub(super) renders: Vec<Rendering>,
}

impl Work {
    pub(super) fn clear(&mut self) {
        self.passed.clear();
        self.briefs.clear();
        self.notes.clear();
        self.flows.clear();
    }
}
