//! The packets of a run once more, for a filter: a source that reads from the store.
//!
//! It follows the run: what is not there yet comes when it is.  So every input can be filtered
//! again, be it a file, a pipe or an interface, as far as its packets are still kept.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::base::threads::lock;
use crate::capture::source::{Fill, Source};
use crate::capture::{Batch, CaptureError};
use crate::session::Session;
use crate::store::Store;

/// Packets read at once: about a batch.
const PACKETS: u64 = 4096;

/// How long to wait for packets that have not come.
const PATIENCE: Duration = Duration::from_millis(20);

/// Packets of a store, from the oldest on.
#[derive(Debug)]
pub struct Replay {
    store: Arc<Mutex<Store>>,
    /// The run that fills the store.
    run: Arc<Session>,
    next: u64,
}

impl Replay {
    /// The packets that `run` puts in `store`.
    pub fn new(store: Arc<Mutex<Store>>, run: Arc<Session>) -> Self {
        Self { store, run, next: 1 }
    }
}

impl Source for Replay {
    fn fill(&mut self, batch: &mut Batch) -> Result<Fill, CaptureError> {
        // Asked first: what the run has put there before it ended is seen below.
        let has_ended = self.run.wait(Duration::ZERO);
        lock(&self.store).frames(self.next..self.next.saturating_add(PACKETS), batch)?;
        if !batch.records.is_empty() {
            self.next = batch.first + batch.records.len() as u64;
            return Ok(Fill::Records);
        }
        if has_ended {
            return Ok(Fill::End(Vec::new()));
        }
        std::thread::sleep(PATIENCE);
        Ok(Fill::Quiet)
    }

    fn progress(&self) -> Option<(u64, u64)> {
        let newest = lock(&self.store).newest()?;
        Some((self.next.saturating_sub(1).min(newest), newest))
    }
}
