//! A capture file or stream as a [`Source`]: brings octets, lets the format walk them.
//!
//! One call reads up to 256 KiB into the caller's batch and walks its record boundaries; that is
//! all that happens behind the lock that analysts share.  A record that a block cuts is read
//! again with the next one (a file) or carried over (a stream).  Nothing is allocated per packet.

use std::path::PathBuf;
use std::sync::Arc;

use super::again::Again;
use super::octets::{Octets, Trouble};
use super::walk::{Sink, Stop, Walk};
use crate::capture::batch::{BATCH_OCTETS, Batch};
use crate::capture::error::{CaptureError, Damage};
use crate::capture::facts::SharedFacts;
use crate::capture::interface::Interface;
use crate::capture::source::{Fill, ReadAt, Source};

/// Records in a batch at most: what is kept of each while it is decoded takes more memory than the
/// octets of a small one.
const RECORDS: usize = 8_192;

/// Least octets to read at once, for a file whose size is not known to be less.
const LEAST: usize = 4096;

/// How a capture ended.
enum End {
    /// On a record boundary, or in the middle of a record.
    Told(Vec<Damage>),
    /// By an error of the system, not yet handed out.
    Failed(std::io::Error),
}

/// The source over one input.
pub(super) struct Reader {
    pub(super) path: PathBuf,
    pub(super) input: u32,
    pub(super) octets: Octets,
    pub(super) walk: Box<dyn Walk>,
    /// Offset of the first octet not taken.
    pub(super) at: u64,
    pub(super) interfaces: Arc<Vec<Interface>>,
    pub(super) facts: SharedFacts,
    /// Whether what stands between records is kept.
    keeps_between: bool,
    progress: Progress,
}

/// What a reader has done.
#[derive(Default)]
struct Progress {
    records: u64,
    batches: u64,
    /// Octets still to be passed over.
    skip: usize,
    /// Octets that held as many records as a batch takes, while records are that small.
    block: Option<usize>,
    end: Option<End>,
}

impl Reader {
    /// A reader that has taken the file header, up to `at`.
    pub(super) fn new(
        path: PathBuf,
        input: u32,
        octets: Octets,
        walk: Box<dyn Walk>,
        at: u64,
        (interfaces, facts): (Arc<Vec<Interface>>, SharedFacts),
    ) -> Self {
        let progress = Progress::default();
        let keeps_between = false;
        Self { path, input, octets, walk, at, interfaces, facts, keeps_between, progress }
    }

    /// This reader, which keeps the blocks between records where it `keeps_between`.
    pub(super) fn keeping_between(self, keeps_between: bool) -> Self {
        Self { keeps_between, ..self }
    }

    fn damage(&self, records: usize, taken: usize, reason: String) -> Damage {
        Damage {
            path: self.path.clone(),
            offset: self.at.saturating_add(taken as u64),
            record: self.progress.records.saturating_add(records as u64).saturating_add(1),
            reason,
        }
    }

    /// Octets to read at first: a block, or what is left of the file when that is less.
    fn first_read(&mut self) -> usize {
        let left = self.octets.left(self.at, 1).unwrap_or(u64::MAX);
        usize::try_from(left).unwrap_or(usize::MAX).clamp(LEAST, BATCH_OCTETS)
    }

    /// Passes over octets that a block of no interest covers; gives how many there were.
    fn pass_over(&mut self, batch: &mut Batch) -> Result<usize, Trouble> {
        let skip = self.progress.skip;
        if let Some(left) = self.octets.left(self.at, skip as u64) {
            return Ok(skip.min(usize::try_from(left).unwrap_or(usize::MAX)));
        }
        let mut passed = 0_usize;
        if let Octets::Stream { rest, .. } = &mut self.octets {
            passed = skip.min(rest.len());
            rest.drain(..passed);
        }
        batch.reserve(BATCH_OCTETS);
        while passed < skip {
            let mut filled = 0;
            let wanted = skip.saturating_sub(passed).min(BATCH_OCTETS);
            let buffer = batch.bytes.get_mut(..wanted).unwrap_or_default();
            let ended = self.octets.read(0, buffer, &mut filled)?;
            passed = passed.saturating_add(filled);
            if ended {
                break;
            }
        }
        Ok(passed)
    }

    /// Reads and walks until there are records or the input ends.
    fn advance(&mut self, batch: &mut Batch) {
        if self.progress.skip > 0 {
            let skip = self.progress.skip;
            match self.pass_over(batch) {
                Ok(passed) if passed == skip => {
                    self.progress.skip = 0;
                    self.at = self.at.saturating_add(skip as u64);
                }
                Ok(passed) => {
                    let reason = ends_past("block", skip, passed as u64);
                    return self.give_up(Trouble::Damaged(reason), 0, 0);
                }
                Err(trouble) => return self.give_up(trouble, 0, 0),
            }
        }
        let mut wanted = self.first_read();
        wanted = self.progress.block.map_or(wanted, |block| wanted.min(block));
        batch.reserve(wanted);
        let mut filled = 0;
        if let Octets::Stream { rest, .. } = &mut self.octets {
            filled = rest.len();
            wanted = wanted.max(filled.saturating_add(LEAST));
            batch.reserve(wanted);
            if let Some(room) = batch.bytes.get_mut(..filled) {
                room.copy_from_slice(rest);
            }
            rest.clear();
        }
        batch.offset = self.at;
        loop {
            batch.reserve(wanted);
            let buffer = batch.bytes.get_mut(..wanted).unwrap_or_default();
            let read = self.octets.read(self.at, buffer, &mut filled);
            // After trouble there is no next time: all that is here is taken at once.
            let limit = if read.is_ok() { RECORDS } else { usize::MAX };
            let walked = self.walk.walk(
                batch.bytes.get(..filled).unwrap_or_default(),
                0,
                &mut Sink {
                    records: &mut batch.records,
                    comments: &mut batch.comments,
                    between: self.keeps_between.then_some(&mut batch.between),
                    interfaces: &mut self.interfaces,
                    facts: &mut self.facts,
                    input: self.input,
                    limit,
                    offset: self.at,
                },
            );
            let (taken, records) = (walked.at, batch.records.len());
            let left = filled.saturating_sub(taken);
            match walked.stop {
                // What a batch cannot take would be read twice.
                Stop::Full => self.progress.block = Some(taken.max(LEAST)),
                _ if records < RECORDS / 2 => self.progress.block = None,
                _ => {}
            }
            let ended = match read {
                Ok(ended) => ended,
                Err(trouble) => {
                    self.give_up(trouble, taken, records);
                    false
                }
            };
            if self.progress.end.is_none() {
                match walked.stop {
                    Stop::Damaged(reason) => {
                        self.give_up(Trouble::Damaged(reason), taken, records);
                    }
                    Stop::Skip(octets) => self.progress.skip = octets,
                    Stop::Full => {}
                    Stop::More { needs, what } => {
                        let place = self.at.saturating_add(taken as u64);
                        let known = self.octets.left(place, needs as u64);
                        let there = known.unwrap_or(left as u64);
                        // The end came sooner than the size says.
                        let is_short = ended && known.is_some_and(|known| known > left as u64);
                        if is_short && let Some((before, now)) = self.octets.shrunk() {
                            let reason =
                                format!("the file shrank from {before} to {now} octets meanwhile");
                            self.give_up(Trouble::Damaged(reason), taken, records);
                        } else if there == 0 && (ended || known.is_some()) {
                            self.progress.end = Some(End::Told(Vec::new()));
                        } else if ended || known.is_some_and(|known| known < needs as u64) {
                            let reason = ends_past(what, needs, there);
                            self.give_up(Trouble::Damaged(reason), taken, records);
                        } else if records == 0 && !batch.has_much_between() {
                            // Blocks without records, or one larger than the buffer: go on.
                            batch.bytes.copy_within(taken..filled, 0);
                            filled = left;
                            self.at = place;
                            batch.offset = place;
                            wanted = self.octets.room(filled, needs).max(wanted);
                            continue;
                        }
                    }
                }
            }
            self.at = self.at.saturating_add(taken as u64);
            if let Octets::Stream { rest, .. } = &mut self.octets {
                rest.extend_from_slice(batch.bytes.get(taken..filled).unwrap_or_default());
            }
            return;
        }
    }

    fn give_up(&mut self, trouble: Trouble, taken: usize, records: usize) {
        self.progress.end = Some(match trouble {
            Trouble::Io(error) => End::Failed(error),
            Trouble::Damaged(reason) => End::Told(vec![self.damage(records, taken, reason)]),
        });
    }
}

/// What is said of a record or block that is longer than its input.
fn ends_past(what: &str, needs: usize, there: u64) -> String {
    format!("{what} of {needs} octets ends past the file: {there} left")
}

impl Source for Reader {
    fn fill(&mut self, batch: &mut Batch) -> Result<Fill, CaptureError> {
        batch.clear();
        batch.input = self.input;
        batch.first = self.progress.records.saturating_add(1);
        batch.ordinal = self.progress.batches;
        while batch.records.is_empty() && self.progress.end.is_none() && !batch.has_much_between() {
            self.advance(batch);
        }
        batch.interfaces.clone_from(&self.interfaces);
        batch.facts.clone_from(&self.facts);
        if !batch.records.is_empty() || !batch.between.is_empty() {
            self.progress.records =
                batch.first.saturating_sub(1).saturating_add(batch.records.len() as u64);
            self.progress.batches = self.progress.batches.saturating_add(1);
            return Ok(Fill::Records);
        }
        match self.progress.end.replace(End::Told(Vec::new())) {
            Some(End::Failed(error)) => {
                Err(CaptureError::Unread(self.damage(0, 0, error.to_string())))
            }
            Some(End::Told(damage)) => {
                self.progress.end = Some(End::Told(damage.clone()));
                Ok(Fill::End(damage))
            }
            None => Ok(Fill::End(Vec::new())),
        }
    }

    fn progress(&self) -> Option<(u64, u64)> {
        match &self.octets {
            Octets::File { size, .. } => Some((self.at, *size)),
            Octets::Stream { .. } => None,
        }
    }

    fn again(&self) -> Option<Arc<dyn ReadAt>> {
        match &self.octets {
            Octets::File { file, base, .. } => {
                let walks = self.walk.again();
                Some(Arc::new(Again::new(Arc::clone(file), *base, self.path.clone(), walks)))
            }
            Octets::Stream { .. } => None,
        }
    }
}
