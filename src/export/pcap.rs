//! Packets that pass, saved as a capture.

use crate::capture::save::Saver;
use crate::capture::{Batch, CaptureError};
use crate::session::{Outcome, Render, Sink};

/// Saves the frames of a run.
#[derive(Debug)]
pub struct SaveSink {
    saver: Option<Saver>,
}

impl SaveSink {
    /// Frames go to `saver`.
    pub fn new(saver: Saver) -> Self {
        Self { saver: Some(saver) }
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
        let Some(saver) = &mut self.saver else { return Ok(()) };
        let mut done = Ok(());
        for &index in passed {
            // After an error the rest is counted: what is kept and what is lost is all there was.
            done = done.and(saver.record(batch, index as usize));
        }
        done
    }

    fn quiet(&mut self) -> Result<(), CaptureError> {
        self.saver.as_mut().map_or(Ok(()), Saver::flush)
    }

    fn break_off(&mut self) -> CaptureError {
        self.saver.take().map_or_else(|| CaptureError::broken("capture"), Saver::break_off)
    }

    fn end(&mut self, outcome: &Outcome) -> Result<(), CaptureError> {
        let Some(saver) = &mut self.saver else { return Ok(()) };
        let ended = saver.end(&outcome.interfaces, &outcome.facts).map(|_| ());
        // Until here a panic finds it.
        self.saver = None;
        ended
    }
}
