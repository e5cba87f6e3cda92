//! What takes the packets of a run, and what decides which those are.

use super::{Outcome, Stats};
use crate::analyze::anomalies::Late;
use crate::analyze::datagram::Datagram;
use crate::analyze::expiry::EndedFlow;
use crate::base::timestamp::Timestamp;
use crate::capture::{Batch, CaptureError, Event, Interface};
use crate::decode::Packet;
use crate::decode::anomaly::CrossPackets;

/// What a packet cannot tell of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context<'a> {
    /// Number of its flow: that of the flow's first packet.
    pub flow: Option<u64>,
    /// Time of the capture's first packet.
    pub zero: Option<Timestamp>,
    /// What is wrong with it beside the packets before.
    pub cross_packet: CrossPackets,
    /// The datagram that it is the last fragment to come of, where those are taken.
    pub datagram: Option<&'a Datagram>,
}

/// Turns one packet into output; one for each thread.
pub trait Render: Send {
    /// Appends what `packet` looks like.
    fn packet(&mut self, packet: &Packet<'_>, context: Context<'_>, out: &mut Vec<u8>);
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

    /// Takes what is told of packets that have gone by; after `write` of the packets that told it.
    fn late(&mut self, told: &[Late]) -> Result<(), CaptureError> {
        let _ = told;
        Ok(())
    }

    /// Takes flows that ended; after `write` of the packets before.
    fn flows(&mut self, ended: &[EndedFlow]) -> Result<(), CaptureError> {
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

    /// It panicked, or what renders for it did, and is called no more: what was written whole goes
    /// where it belongs.  Gives what to say of it.
    fn break_off(&mut self) -> CaptureError {
        CaptureError::broken("one of the outputs")
    }

    /// Blocks and comments of the input that it had no place for.
    fn left_out(&self) -> u64 {
        0
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
    /// Datagrams that came in fragments, whole.
    pub datagrams: bool,
}

/// Decides which packets count, by what is wrong with them beside those before where it is
/// [`MakePass::is_about_many`].
pub type Pass = Box<dyn FnMut(&Packet<'_>, CrossPackets) -> bool + Send>;

/// Makes a [`Pass`] for one more thread.
pub struct MakePass {
    make: Box<dyn Fn() -> Pass + Send + Sync>,
    /// Whether it asks what is wrong with several packets: then all are analysed, in order, before
    /// it decides which of them are analysed again and shown.
    pub is_about_many: bool,
}

impl MakePass {
    /// Of packets one by one.
    pub fn new(make: impl Fn() -> Pass + Send + Sync + 'static) -> Self {
        Self { make: Box::new(make), is_about_many: false }
    }

    /// This filter, which asks for cross-packet anomalies where it `is_about_many`.
    #[must_use]
    pub fn about_many(self, is_about_many: bool) -> Self {
        Self { is_about_many, ..self }
    }

    /// One more.
    pub fn make(&self) -> Pass {
        (self.make)()
    }
}

impl std::fmt::Debug for MakePass {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MakePass")
            .field("is_about_many", &self.is_about_many)
            .finish_non_exhaustive()
    }
}
