//! Packets that pass, saved as a capture.

use std::sync::{Arc, Mutex};

use crate::base::threads::lock;
use crate::capture::save::Saver;
use crate::capture::{Batch, CaptureError};
use crate::session::{Outcome, Render, Sink};

/// Saves the frames of a run.
#[derive(Debug)]
pub struct SaveSink {
    saver: SharedSaver,
}

/// A capture that is being written until somebody takes it to close it: its sink, or whoever ends
/// the process.
pub type SharedSaver = Arc<Mutex<Option<Saver>>>;

impl SaveSink {
    /// Frames go to `saver`.
    pub fn new(saver: Saver) -> Self {
        Self::sharing(Arc::new(Mutex::new(Some(saver))))
    }

    /// Frames go to a saver that somebody else may take.
    pub fn sharing(saver: SharedSaver) -> Self {
        Self { saver }
    }
}

impl Sink for SaveSink {
    fn renderer(&self) -> Option<Box<dyn Render>> {
        None
    }

    fn write(&mut self, _rendered: &[u8]) -> Result<(), CaptureError> {
        Ok(())
    }

    fn frames(&mut self, batch: &Batch, passed: &[u32]) -> Result<(), CaptureError> {
        let mut saver = lock(&self.saver);
        let Some(saver) = saver.as_mut() else { return Ok(()) };
        let mut done = Ok(());
        for &index in passed {
            // After an error the rest is counted: what is kept and what is lost is all there was.
            done = done.and(saver.record(batch, index as usize));
        }
        done
    }

    fn quiet(&mut self) -> Result<(), CaptureError> {
        lock(&self.saver).as_mut().map_or(Ok(()), Saver::flush)
    }

    fn break_off(&mut self) -> CaptureError {
        let saver = lock(&self.saver).take();
        saver.map_or_else(|| CaptureError::broken("capture"), Saver::break_off)
    }

    fn end(&mut self, outcome: &Outcome) -> Result<(), CaptureError> {
        // Kept locked: whoever ends the process meanwhile is to know that this is not done.
        let mut shared = lock(&self.saver);
        let Some(saver) = shared.as_mut() else { return Ok(()) };
        let ended = saver.end(&outcome.interfaces, &outcome.facts).map(|_| ());
        // Until here a panic finds it.
        *shared = None;
        ended
    }
}
