//! The interface between a format's walker and the reader around it.
//!
//! The reader brings octets; the walker steps from record to record through them, notes where each
//! lies, and stops with a reason.  A walker does no I/O, so one serves files, pipes, decompressors
//! and reading again.

use std::sync::Arc;

use crate::capture::batch::Record;
use crate::capture::block::{Between, What};
use crate::capture::facts::{MAX_RECORD_COMMENTS, SharedFacts};
use crate::capture::interface::Interface;

/// Octets a block may have; a longer one is damage.
pub(super) const BLOCK_LIMIT: usize = 16 << 20;

/// Why a walker stopped.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// What comes next needs so many octets, more than are there.
    More {
        /// Octets from where the walker stopped.
        needs: usize,
        /// What they would be, such as `record`.
        what: &'static str,
    },
    /// The next so many octets, more than are there, are of no interest.
    Skip(usize),
    /// What comes next makes no sense.
    Damaged(String),
    /// The sink holds as many records as were requested.
    Full,
}

/// Where a walker stopped, in the bytes it was given, and why.
#[derive(Debug)]
pub(super) struct Walked {
    /// First octet that was not taken.
    pub(super) at: usize,
    /// Why it was not.
    pub(super) stop: Stop,
}

/// Where a walker puts what it finds.
pub(super) struct Sink<'a> {
    /// Records, in order.
    pub(super) records: &'a mut Vec<Record>,
    /// Comments on records.
    pub(super) comments: &'a mut Vec<(u32, std::ops::Range<u32>)>,
    /// What stands between the records, where it is kept.
    pub(super) between: Option<&'a mut Vec<Between>>,
    /// Interfaces of this input.
    pub(super) interfaces: &'a mut Arc<Vec<Interface>>,
    /// What the capture says about itself.
    pub(super) facts: &'a mut SharedFacts,
    /// Which input this is.
    pub(super) input: u32,
    /// Records to stop at.
    pub(super) limit: usize,
    /// Offset in the input of the first octet given.
    pub(super) offset: u64,
}

impl Sink<'_> {
    /// Keeps what stands behind the record added last.
    pub(super) fn keep(&mut self, what: impl FnOnce() -> What) {
        let before = self.records.len();
        if let Some(between) = &mut self.between {
            between.push(Between { before, what: what() });
        }
    }

    /// Keeps a comment on the record added last: `at` and `len` in the bytes given.
    pub(super) fn comment(&mut self, at: usize, len: usize) {
        let place = (
            self.records.len().checked_sub(1).map(u32::try_from),
            u32::try_from(at),
            u32::try_from(at.saturating_add(len)),
        );
        match place {
            (Some(Ok(record)), Ok(from), Ok(to)) if self.comments.len() < MAX_RECORD_COMMENTS => {
                self.comments.push((record, from..to));
            }
            _ => {
                let facts = Arc::make_mut(self.facts);
                facts.left_out = facts.left_out.saturating_add(1);
            }
        }
    }
}

/// A format's way from record to record.
pub(super) trait Walk: Send {
    /// Walks the records in `bytes` that begin at `from` or later.
    fn walk(&mut self, bytes: &[u8], from: usize, sink: &mut Sink<'_>) -> Walked;

    /// A walker for reading single records again; it adds neither interfaces nor facts.
    fn again(&self) -> Box<dyn Rewalk>;
}

/// Makes walkers that start at a record somewhere in the input.
pub(super) trait Rewalk: Send + Sync {
    /// A walker that knows what the first pass knew when it came to `offset`.
    fn walker(&self, offset: u64) -> Option<Box<dyn Walk>>;
}
