//! Reads single records of a regular file again, long after the first pass went by.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use super::octets::{Octets, Trouble};
use super::walk::{Rewalk, Sink, Stop};
use crate::capture::batch::Batch;
use crate::capture::error::CaptureError;
use crate::capture::source::ReadAt;

/// Octets read at first; a run of records that needs more gets more.
const STEP: usize = 64 << 10;

/// Reads records of a file again.
pub(super) struct Again {
    file: Arc<File>,
    base: u64,
    path: PathBuf,
    walks: Box<dyn Rewalk>,
}

impl std::fmt::Debug for Again {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Again").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Again {
    pub(super) fn new(file: Arc<File>, base: u64, path: PathBuf, walks: Box<dyn Rewalk>) -> Self {
        Self { file, base, path, walks }
    }
}

impl ReadAt for Again {
    fn read_at(&self, offset: u64, count: usize, batch: &mut Batch) -> Result<u64, CaptureError> {
        batch.clear();
        batch.offset = offset;
        let Some(mut walk) = self.walks.walker(offset) else {
            return Ok(offset);
        };
        let mut octets =
            Octets::File { file: Arc::clone(&self.file), base: self.base, size: u64::MAX };
        let mut facts = Arc::clone(&batch.facts);
        let mut interfaces = Arc::clone(&batch.interfaces);
        let (mut filled, mut from, mut wanted) = (0, 0, STEP);
        loop {
            batch.reserve(wanted);
            let buffer = batch.bytes.get_mut(..wanted).unwrap_or_default();
            let ended = octets.read(offset, buffer, &mut filled).map_err(|trouble| {
                let error = match trouble {
                    Trouble::Io(error) => error,
                    Trouble::Damaged(reason) => std::io::Error::other(reason),
                };
                CaptureError::File { path: self.path.clone(), error }
            })?;
            let walked = walk.walk(
                batch.bytes.get(..filled).unwrap_or_default(),
                from,
                &mut Sink {
                    records: &mut batch.records,
                    comments: &mut batch.comments,
                    between: None,
                    interfaces: &mut interfaces,
                    facts: &mut facts,
                    input: 0,
                    limit: count,
                    offset,
                },
            );
            from = walked.at;
            let stopped = offset.saturating_add(from as u64);
            let needs = match walked.stop {
                Stop::More { needs, .. } | Stop::Skip(needs) if !ended => needs,
                _ => return Ok(stopped),
            };
            // Doubling keeps the number of reads small where records are large.
            wanted = from.saturating_add(needs).max(wanted.saturating_mul(2));
            if wanted > LIMIT {
                return Ok(stopped);
            }
        }
    }
}

/// Octets that reading again brings to memory at most: some of the largest blocks.
const LIMIT: usize = 64 << 20;
