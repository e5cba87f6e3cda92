//! What takes the packets of a run, and what decides which those are.

use super::{Outcome, Stats};
use crate::analyze::ending::PastFlow;
use crate::capture::{Batch, CaptureError, Event, Interface};
use crate::decode::Packet;

/// What a packet cannot tell of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// Number of its flow: that of the flow's first packet.
    pub flow: Option<u64>,
    /// Time of the capture's first packet, in nanoseconds since 1970.
    pub zero: Option<i64>,
    /// Which anomalies of more than one packet it has: bits by place among their rows.
    pub many: u32,
}

/// Turns one packet into output; one for each thread.
pub trait Render: Send {
    /// Appends what `packet` looks like.
    fn packet(&mut self, packet: &Packet<'_>, context: Context, out: &mut Vec<u8>);
}

/// Takes output in the order of the capture.
pub trait Sink: Send {
    /// A renderer for one more thread; none when the sink takes frames rather than text.
    fn renderer(&self) -> Option<Box<dyn Render>>;

    /// The first packets are about to come, from these interfaces as far as they are known.
    fn begin(&mut self, interfaces: &[Interface]) -> Result<(), CaptureError> {
        let _ = interfaces;
        Ok(())
    }

    /// Takes rendered packets.
    fn write(&mut self, rendered: &[u8]) -> Result<(), CaptureError>;

    /// Takes the frames of `batch` with these indices; after `write` of the same packets.
    fn frames(&mut self, batch: &Batch, passed: &[u32]) -> Result<(), CaptureError> {
        let _ = (batch, passed);
        Ok(())
    }

    /// What else it takes.
    fn takes(&self) -> Takes {
        Takes::default()
    }

    /// Takes flows that ended; after `write` of the packets before.
    fn flows(&mut self, ended: &[PastFlow]) -> Result<(), CaptureError> {
        let _ = ended;
        Ok(())
    }

    /// Takes running totals; after `write` of the packets they count.
    fn stats(&mut self, stats: &Stats) -> Result<(), CaptureError> {
        let _ = stats;
        Ok(())
    }

    /// Takes what happened to interfaces; after `write` of the packets before.
    fn events(&mut self, events: &[Event], interfaces: &[Interface]) -> Result<(), CaptureError> {
        let _ = (events, interfaces);
        Ok(())
    }

    /// Nothing comes for a while: what is held back goes out.
    fn quiet(&mut self) -> Result<(), CaptureError> {
        Ok(())
    }

    /// Everything has come; the last word.
    fn end(&mut self, outcome: &Outcome) -> Result<(), CaptureError>;
}

/// What a sink takes beside packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Takes {
    /// Flows that end before the run does.
    pub flows: bool,
    /// Running totals.
    pub stats: bool,
}

/// Decides which packets count.
pub type Pass = Box<dyn FnMut(&Packet<'_>) -> bool + Send>;

/// Makes a [`Pass`] for one more thread.
pub type MakePass = Box<dyn Fn() -> Pass + Send + Sync>;
