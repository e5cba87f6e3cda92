//! Sources of batches: files, pipes and interfaces, all behind one call.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::batch::Batch;
use super::error::{CaptureError, Damage};

/// Ends a source that has no end of its own, from any thread and however silent it is.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Requests the end of the source: records that have arrived are delivered for up to 100 ms
    /// more.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What a call of [`Source::fill`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fill {
    /// At least one record or event is in the batch.
    Records,
    /// Nothing yet: the source waited a while (at most 100 ms) and is to be called again.
    Quiet,
    /// No more records will come: the batch has none, only the last interfaces and facts.  With the
    /// damage of each input that ended in the middle of a record, or where it made no sense.  Asked
    /// again, it says so again.
    End(Vec<Damage>),
}

/// Reads records of a regular file again, long after the first pass; many may read at once, each
/// its own batch.
pub trait ReadAt: std::fmt::Debug + Send + Sync {
    /// Empties `batch` and fills it with up to `count` records from the one whose header begins at
    /// octet `offset`; gives the offset where it stopped.  Fewer come when the file ends or has
    /// changed since.
    ///
    /// # Errors
    /// [`CaptureError::File`]: the file can no longer be read.
    fn read_at(&self, offset: u64, count: usize, batch: &mut Batch) -> Result<u64, CaptureError>;
}

/// Reads packets of several regular files again, by the numbers that they have together.
pub trait ReadNumbers: std::fmt::Debug + Send {
    /// Adds packets `numbers`, all of which the first pass gave, to `batch`.
    ///
    /// # Errors
    /// [`CaptureError::File`]: a file can no longer be read.
    fn frames(&self, numbers: Range<u64>, batch: &mut Batch) -> Result<(), CaptureError>;
}

/// A supply of records in capture order.  Analysts share one behind a lock and pull.
pub trait Source: Send {
    /// Empties `batch` and fills it with the next records.
    ///
    /// A regular file gives whole blocks; a pipe or an interface what has come so far.  Errors are
    /// for devices and files that can no longer be read; a damaged capture is [`Fill::End`].
    fn fill(&mut self, batch: &mut Batch) -> Result<Fill, CaptureError>;

    /// Octets read so far and octets in all, where the source knows: for progress.
    fn progress(&self) -> Option<(u64, u64)> {
        None
    }

    /// A reader of records by offset, if the input is one regular file that is not compressed.
    fn again(&self) -> Option<Arc<dyn ReadAt>> {
        None
    }

    /// A reader of packets by number, if the input is several such files.
    fn merged(&self) -> Option<Box<dyn ReadNumbers>> {
        None
    }
}
