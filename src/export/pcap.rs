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
    left_out: u64,
}

/// A capture that is being written until its owner closes it: its sink, or whatever ends the
/// process.
pub type SharedSaver = Arc<Mutex<Option<Saver>>>;

impl SaveSink {
    /// Frames go to `saver`.
    pub fn new(saver: Saver) -> Self {
        Self::sharing(Arc::new(Mutex::new(Some(saver))))
    }

    /// Frames go to a saver that somebody else may take.
    pub fn sharing(saver: SharedSaver) -> Self {
        Self { saver, left_out: 0 }
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
        let mut between = batch.between.iter().peekable();
        for &index in passed {
            let index = index as usize;
            while let Some(between) = between.next_if(|between| between.before <= index) {
                done = done.and(saver.between(batch, between));
            }
            // After an error the rest is counted: what is kept and what is lost is all there was.
            done = done.and(saver.record(batch, index));
        }
        for between in between {
            done = done.and(saver.between(batch, between));
        }
        self.left_out = saver.left_out();
        done
    }

    fn quiet(&mut self) -> Result<(), CaptureError> {
        lock(&self.saver).as_mut().map_or(Ok(()), Saver::flush)
    }

    fn break_off(&mut self) -> CaptureError {
        let saver = lock(&self.saver).take();
        saver.map_or_else(|| CaptureError::broken("the capture"), Saver::break_off)
    }

    fn left_out(&self) -> u64 {
        self.left_out
    }

    fn end(&mut self, outcome: &Outcome) -> Result<(), CaptureError> {
        // Kept locked: whoever ends the process meanwhile is to know that this is not done.
        let mut shared = lock(&self.saver);
        let Some(saver) = shared.as_mut() else { return Ok(()) };
        if let Some(why) = outcome.shortfall {
            saver.fall_short(why);
        }
        let ended = saver.end(&outcome.interfaces, &outcome.facts).map(|_| ());
        // Until here a panic finds it.
        *shared = None;
        ended
    }
}
