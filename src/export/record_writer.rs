//! Writing of events to their output: directly, or through a bounded queue that leaves records out.
//!
//! Without a queue a write waits for its reader, and so does the thread that makes the text.  With
//! one, a thread of its own writes; records that find no room are left out and counted, and their
//! maker never waits.

use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::output::Output;
use crate::base::threads::{self, lock};
use crate::capture::{CaptureError, Shortfall};

/// Octets that may wait: a second or so of a busy capture.
const ROOM: usize = 16 << 20;

/// How long the end waits for a reader that takes nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// An output, with or without a queue before it.
#[derive(Debug)]
pub enum RecordWriter {
    /// Writes wait.
    Direct(Output),
    /// Records are left out rather than waited for; how many, over all writers.
    Queued(Arc<Queue>, LeftOut),
}

/// Counts records that were left out.
#[derive(Debug, Clone, Default)]
pub struct LeftOut(Arc<AtomicU64>);

impl LeftOut {
    /// How many there are.
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// What waits to be written.
#[derive(Debug)]
pub struct Queue {
    /// The name of its output in errors.
    path: PathBuf,
    state: Mutex<QueueState>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct QueueState {
    pieces: VecDeque<Vec<u8>>,
    /// Octets in them and in the piece that is being written.
    octets: usize,
    /// Records that were left out since their number was last reported.
    gap: u64,
    /// Why an older file stays.
    short: Option<Shortfall>,
    is_ending: bool,
    /// How the writer ended.
    ended: Option<Result<(), CaptureError>>,
}

impl From<Output> for RecordWriter {
    fn from(output: Output) -> Self {
        Self::Direct(output)
    }
}

impl RecordWriter {
    /// A writer that leaves records out, and counts them, rather than wait for a slow reader of
    /// `output`.
    ///
    /// # Errors
    /// The thread that writes cannot be made.
    pub fn queued(output: Output, left_out: LeftOut) -> Result<Self, CaptureError> {
        let path = output.path();
        let queue = Arc::new(Queue {
            path: path.clone(),
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        let writer = Arc::clone(&queue);
        threads::spawn("writer", move || writer.write_all(output))
            .map_err(|error| CaptureError::Output { path, error })?;
        Ok(Self::Queued(queue, left_out))
    }

    /// Writes records, which are whole lines; or leaves all of them out.
    ///
    /// # Errors
    /// The output takes no more, or has failed before.
    pub fn records(&mut self, lines: &[u8]) -> Result<(), CaptureError> {
        match self {
            Self::Direct(output) => output.write(lines),
            Self::Queued(queue, left_out) => {
                let mut state = queue.lock();
                // What comes behind a gap waits until it has been said.
                if state.gap > 0 || state.octets + lines.len() > ROOM {
                    let count = memchr::memchr_iter(b'\n', lines).count() as u64;
                    state.gap += count;
                    left_out.0.fetch_add(count, Ordering::Relaxed);
                    return Ok(());
                }
                queue.push(state, lines)
            }
        }
    }

    /// Writes lines of which none may be missing: few, or at the end.
    ///
    /// # Errors
    /// The output is full, has failed before, or has no reader any more.
    pub fn write(&mut self, lines: &[u8]) -> Result<(), CaptureError> {
        match self {
            Self::Direct(output) => output.write(lines),
            Self::Queued(queue, _) => {
                let state = queue.wait(|state| state.octets > ROOM);
                if state.octets > ROOM {
                    return Err(queue.late());
                }
                queue.push(state, lines)
            }
        }
    }

    /// Records that were left out, over all writers.
    pub fn left_out(&self) -> u64 {
        match self {
            Self::Direct(_) => 0,
            Self::Queued(_, left_out) => left_out.count(),
        }
    }

    /// Records that were left out here, once the queue is half empty again: gaps are few and long
    /// rather than many and short.  From then on records are taken.
    pub fn recovered(&self) -> Option<u64> {
        let Self::Queued(queue, _) = self else { return None };
        let mut state = queue.lock();
        let has_room = state.octets <= ROOM / 2;
        (has_room && state.gap > 0).then(|| std::mem::take(&mut state.gap))
    }

    /// Nothing more comes, since what makes it panicked.  Gives what to say of it.
    pub fn break_off(&mut self) -> CaptureError {
        match self {
            Self::Direct(output) => output.break_off(),
            Self::Queued(queue, _) => {
                let path = queue.path.clone();
                self.end().err().unwrap_or_else(|| CaptureError::broken(path))
            }
        }
    }

    /// The run did not come to its end: an older file that this one was to replace stays.
    pub fn fall_short(&mut self, why: Shortfall) {
        match self {
            Self::Direct(output) => output.fall_short(why),
            Self::Queued(queue, _) => queue.lock().short = Some(why),
        }
    }

    /// Everything is written.
    ///
    /// # Errors
    /// Not all could be written.
    pub fn end(&mut self) -> Result<(), CaptureError> {
        match self {
            Self::Direct(output) => output.end(),
            Self::Queued(queue, _) => {
                queue.lock().is_ending = true;
                queue.changed.notify_all();
                let mut state = queue.wait(|state| state.ended.is_none());
                state.ended.take().unwrap_or_else(|| Err(queue.late()))
            }
        }
    }
}

impl Queue {
    /// The reader has gone.
    fn late(&self) -> CaptureError {
        let error = io::Error::new(io::ErrorKind::TimedOut, "nobody reads it");
        CaptureError::Output { path: self.path.clone(), error }
    }

    fn lock(&self) -> MutexGuard<'_, QueueState> {
        lock(&self.state)
    }

    fn push(
        &self,
        mut state: MutexGuard<'_, QueueState>,
        lines: &[u8],
    ) -> Result<(), CaptureError> {
        if let Some(Err(error)) = state.ended.take_if(|ended| ended.is_err()) {
            return Err(error);
        }
        state.octets += lines.len();
        state.pieces.push_back(lines.to_vec());
        drop(state);
        self.changed.notify_all();
        Ok(())
    }

    /// Waits while `busy` holds and pieces are still being taken.
    fn wait(&self, busy: impl Fn(&QueueState) -> bool) -> MutexGuard<'_, QueueState> {
        let mut state = self.lock();
        while busy(&state) {
            let before = state.octets;
            let (now, timeout) =
                self.changed.wait_timeout(state, PATIENCE).unwrap_or_else(PoisonError::into_inner);
            state = now;
            if timeout.timed_out() && state.octets == before {
                break;
            }
        }
        state
    }

    /// Writes pieces until the end, or an error.
    fn write_all(&self, mut output: Output) {
        let mut written = Ok(());
        loop {
            let state = self.lock();
            let mut state = self
                .changed
                .wait_while(state, |state| state.pieces.is_empty() && !state.is_ending)
                .unwrap_or_else(PoisonError::into_inner);
            let Some(piece) = state.pieces.pop_front() else { break };
            drop(state);
            written = output.write(&piece);
            self.lock().octets -= piece.len();
            self.changed.notify_all();
            if written.is_err() {
                break;
            }
        }
        let short = self.lock().short;
        if let Some(why) = short {
            output.fall_short(why);
        }
        let ended = written.and_then(|()| output.end());
        let mut state = self.lock();
        // Nothing will be written any more, and nobody is to wait for it.
        state.pieces.clear();
        state.octets = 0;
        state.ended = Some(ended);
        drop(state);
        self.changed.notify_all();
    }
}
