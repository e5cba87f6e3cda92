//! Packets as text, each made on its own, in the order of the capture.

use std::fmt::Write;

use super::output::Output;
use crate::analyze::datagram::DatagramCounts;
use crate::capture::CaptureError;
use crate::session::{Interests, Outcome, Render, Sink};

/// Makes a renderer for one more thread.
pub type MakeRender = Box<dyn Fn() -> Box<dyn Render> + Send>;

/// Writes the text of packets, and at the end what became of datagrams in fragments, where those
/// are shown whole.
pub struct TextSink {
    output: Output,
    make: MakeRender,
    reassembles: bool,
}

impl TextSink {
    /// What the renderers of `make` append goes to `output`.
    pub fn new(output: Output, reassembles: bool, make: MakeRender) -> Self {
        Self { output, make, reassembles }
    }
}

impl Sink for TextSink {
    fn renderer(&self) -> Option<Box<dyn Render>> {
        Some((self.make)())
    }

    fn write(&mut self, rendered: &[u8]) -> Result<(), CaptureError> {
        self.output.write(rendered)
    }

    fn interests(&self) -> Interests {
        Interests { datagrams: self.reassembles, ..Interests::default() }
    }

    fn break_off(&mut self) -> CaptureError {
        self.output.break_off()
    }

    fn end(&mut self, outcome: &Outcome) -> Result<(), CaptureError> {
        if let Some(DatagramCounts { whole, missing, evicted }) = outcome.datagrams {
            let mut line =
                format!("reassembled: {whole} whole, {missing} incomplete or contradictory");
            if evicted > 0 {
                let _ = write!(line, ", {evicted} given up for want of room");
            }
            line.push('\n');
            self.output.write(line.as_bytes())?;
        }
        self.output.end()
    }
}
