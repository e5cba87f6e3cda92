//! Floor 2: where a packet's octets can be found again, long after they were decoded.
//!
//! Regular files are read again: an index of one place for every 64 packets leads there.  What
//! cannot be read twice — pipes, compressed files, interfaces — is kept in a ring of recent octets.
//! Neither grows beyond its bound, whatever the traffic.

pub mod bytes;
pub mod index;

use std::ops::Range;
use std::sync::Arc;

use crate::capture::facts::SharedFacts;
use crate::capture::{Batch, CaptureError, Interface, ReadNumbers, Source};

use self::bytes::Ring;
use self::index::Index;

/// Finds packets by number.
#[derive(Debug)]
pub struct Store {
    place: Place,
    interfaces: Arc<Vec<Interface>>,
    facts: SharedFacts,
    newest: u64,
}

#[derive(Debug)]
enum Place {
    Index(Index),
    /// Several files: the source notes the places itself.
    Merged(Box<dyn ReadNumbers>),
    Ring(Ring),
}

impl Store {
    /// A store for what `source` gives; `ring_octets` bounds what is kept in memory where the
    /// source cannot be read again.
    pub fn of(source: &dyn Source, ring_octets: usize) -> Self {
        let place = match (source.again(), source.merged()) {
            (Some(again), _) => Place::Index(Index::new(again)),
            (_, Some(merged)) => Place::Merged(merged),
            _ => Place::Ring(Ring::new(ring_octets)),
        };
        Self { place, interfaces: Arc::default(), facts: Arc::default(), newest: 0 }
    }

    /// Remembers the records of a batch.  Batches come in their order; one that does not follow
    /// the last is left out.
    pub fn append(&mut self, batch: &Batch) {
        if batch.first != self.newest + 1 || batch.records.is_empty() {
            return;
        }
        match &mut self.place {
            Place::Index(index) => index.append(batch),
            Place::Merged(_) => {}
            Place::Ring(ring) => ring.append(batch),
        }
        self.newest += batch.records.len() as u64;
        self.interfaces.clone_from(&batch.interfaces);
        self.facts.clone_from(&batch.facts);
    }

    /// Number of the oldest packet that can be found.
    pub fn oldest(&self) -> Option<u64> {
        match &self.place {
            Place::Index(_) | Place::Merged(_) => (self.newest > 0).then_some(1),
            Place::Ring(ring) => ring.oldest(),
        }
    }

    /// Number of the newest packet that can be found.
    pub fn newest(&self) -> Option<u64> {
        (self.newest > 0).then_some(self.newest)
    }

    /// Empties `batch` and fills it with the packets of these numbers that can be found:
    /// `batch.first` says which is the first, and none come where a file has changed.
    pub fn frames(&self, numbers: Range<u64>, batch: &mut Batch) -> Result<(), CaptureError> {
        batch.clear();
        let from = numbers.start.max(self.oldest().unwrap_or(u64::MAX));
        let to = numbers.end.min(self.newest + 1);
        (batch.first, batch.ordinal, batch.input) = (from, 0, 0);
        batch.interfaces.clone_from(&self.interfaces);
        batch.facts.clone_from(&self.facts);
        if from >= to {
            return Ok(());
        }
        match &self.place {
            Place::Index(index) => index.frames(from..to, batch),
            Place::Merged(merged) => merged.frames(from..to, batch),
            Place::Ring(ring) => {
                ring.frames(from..to, batch);
                Ok(())
            }
        }
    }
}
