//! Packets as text, each made on its own, in the order of the capture.

use std::fmt::Write;

use super::output::Output;
use crate::analyze::datagram::DatagramCounts;
use crate::capture::CaptureError;
use crate::decode::history::Asks;
use crate::session::{Interests, Outcome, Render, Sink};

/// Makes a renderer for one more thread.
pub type MakeRender = Box<dyn Fn() -> Box<dyn Render> + Send>;

/// Writes the text of packets, and at the end what became of datagrams in fragments, where those
/// are shown whole.
pub struct TextSink {
    output: Output,
    make: MakeRender,
    reassembles: bool,
    asks: Asks,
}

impl TextSink {
    /// What the renderers of `make` append goes to `output`.
    pub fn new(output: Output, reassembles: bool, make: MakeRender) -> Self {
        Self { output, make, reassembles, asks: Asks::default() }
    }

    /// This sink, whose renderers have to know so much of the packets before.
    #[must_use]
    pub fn asking(self, asks: Asks) -> Self {
        Self { asks, ..self }
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
        Interests { datagrams: self.reassembles, asks: self.asks, ..Interests::default() }
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
