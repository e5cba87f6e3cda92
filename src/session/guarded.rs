//! Sinks behind a wall: one that panics ends its own output, and nothing else.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::sink::Sink;
use crate::capture::CaptureError;

/// A sink whose panics go no further.
pub(super) struct Guarded {
    sink: Box<dyn Sink>,
    /// Its place among the outputs.
    number: usize,
    is_broken: bool,
}

impl Guarded {
    pub(super) fn new((number, sink): (usize, Box<dyn Sink>)) -> Self {
        Self { sink, number, is_broken: false }
    }

    /// Its place among the outputs.
    pub(super) fn number(&self) -> usize {
        self.number
    }

    /// The sink itself, for questions.
    pub(super) fn sink(&self) -> &dyn Sink {
        &*self.sink
    }

    /// Whether it panicked, or what renders for it did.
    pub(super) fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// Has the sink do something, unless it is broken.  The hook has said why it panics.
    pub(super) fn call(
        &mut self,
        what: impl FnOnce(&mut dyn Sink) -> Result<(), CaptureError>,
    ) -> Result<(), CaptureError> {
        if self.is_broken {
            return Ok(());
        }
        let sink = &mut *self.sink;
        // What a panic leaves half done is not looked at again: only what was written whole counts.
        match catch_unwind(AssertUnwindSafe(|| what(sink))) {
            Ok(done) => done,
            Err(_) => Err(self.break_off()),
        }
    }

    /// Ends the output with what it holds: part of it panicked.
    pub(super) fn break_off(&mut self) -> CaptureError {
        self.is_broken = true;
        let sink = &mut *self.sink;
        let ended = catch_unwind(AssertUnwindSafe(|| sink.break_off()));
        ended.unwrap_or_else(|_| CaptureError::broken("one of the outputs"))
    }
}
