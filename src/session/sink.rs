//! What takes the packets of a run, and what decides which those are.

use super::outcome::Outcome;
use super::stats_timer::Stats;
use crate::analyze::anomalies::Late;
use crate::analyze::datagram::{Datagram, FragmentNews};
use crate::analyze::expiry::EndedFlow;
use crate::base::timestamp::Timestamp;
use crate::capture::{Batch, CaptureError, Event, Facts, Interface};
use crate::decode::Packet;
use crate::decode::history::{Asks, History};

/// What is known about a packet beyond its own octets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context<'a> {
    /// Number of its flow: that of the flow's first packet.
    pub flow: Option<u64>,
    /// Time of the capture's first packet.
    pub zero: Option<Timestamp>,
    /// What the packets before say of it.
    pub history: History<'a>,
    /// The datagram that it is the last fragment to come of, where those are taken.
    pub datagram: Option<&'a Datagram>,
}

/// What became of the fragments of a batch, of those that pass a filter and of others.
#[derive(Debug, Clone, Copy)]
pub struct Assembled<'a> {
    /// What they made whole, by number of the packet that did.
    pub datagrams: &'a [Datagram],
    /// What became of the others.
    pub news: &'a FragmentNews,
}

/// Turns one packet into output; one for each thread.
pub trait Render: Send {
    /// Appends what `packet` looks like.
    fn packet(&mut self, packet: &Packet<'_>, context: Context<'_>, out: &mut Vec<u8>);

    /// The packets of a batch are over: appends what it held back of them.
    fn finish(&mut self, out: &mut Vec<u8>) {
        let _ = out;
    }
}

/// Takes output in the order of the capture.
pub trait Sink: Send {
    /// A renderer for one more thread; none when the sink takes frames rather than text.
    fn renderer(&self) -> Option<Box<dyn Render>>;

    /// The first packets are about to come, from these interfaces and of a capture that tells this of
    /// itself, as far as both are known.
    fn begin(&mut self, interfaces: &[Interface], facts: &Facts) -> Result<(), CaptureError> {
        let _ = (interfaces, facts);
        Ok(())
    }

    /// Takes rendered packets.
    fn write(&mut self, rendered: &[u8]) -> Result<(), CaptureError>;

    /// Takes the frames of `batch` with these indices; after `write` of the same packets.
    fn frames(&mut self, batch: &Batch, passed: &[u32]) -> Result<(), CaptureError> {
        let _ = (batch, passed);
        Ok(())
    }

    /// Takes the frames of `batch` with these indices, where datagrams are put together for this
    /// sink or another.
    fn assembled(
        &mut self,
        batch: &Batch,
        passed: &[u32],
        assembled: Assembled<'_>,
    ) -> Result<(), CaptureError> {
        let _ = assembled;
        self.frames(batch, passed)
    }

    /// What else it takes.
    fn interests(&self) -> Interests {
        Interests::default()
    }

    /// Takes anomalies of packets of earlier batches; after `write` of the packets that showed
    /// them.
    fn late(&mut self, anomalies: &[Late]) -> Result<(), CaptureError> {
        let _ = anomalies;
        Ok(())
    }

    /// Takes flows that have ended; after `write` of the packets before.
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
pub struct Interests {
    /// Flows that end before the run does.
    pub flows: bool,
    /// Running totals.
    pub stats: bool,
    /// Datagrams that came in fragments, whole.
    pub datagrams: bool,
    /// What its renderers have to know of the packets before, beside anomalies.
    pub asks: Asks,
}

/// Decides which packets count, by what those before say of them where it is
/// [`PacketFilters::is_cross_packet`].
pub type PacketFilter = Box<dyn FnMut(&Packet<'_>, History<'_>) -> bool + Send>;

/// Makes a [`PacketFilter`] for one more thread.
pub struct PacketFilters {
    make: Box<dyn Fn() -> PacketFilter + Send + Sync>,
    /// Whether it tests for cross-packet anomalies, or for what flows say of a packet: then all
    /// packets are analysed, in order, before it decides which of them are analysed again and
    /// shown.
    pub is_cross_packet: bool,
    /// What it has to know of the packets before, beside anomalies.
    pub asks: Asks,
}

impl PacketFilters {
    /// Of packets one by one.
    pub fn new(make: impl Fn() -> PacketFilter + Send + Sync + 'static) -> Self {
        Self { make: Box::new(make), is_cross_packet: false, asks: Asks::default() }
    }

    /// This filter, which tests for cross-packet anomalies if it `is_cross_packet`, and `asks` for
    /// what else is to be known of the packets before.
    #[must_use]
    pub fn cross_packet(self, is_cross_packet: bool, asks: Asks) -> Self {
        let is_cross_packet = is_cross_packet || asks.needs_flows();
        Self { is_cross_packet, asks, ..self }
    }

    /// One more.
    pub fn make(&self) -> PacketFilter {
        (self.make)()
    }
}

impl std::fmt::Debug for PacketFilters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PacketFilters")
            .field("is_cross_packet", &self.is_cross_packet)
            .finish_non_exhaustive()
    }
}
