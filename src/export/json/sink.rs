//! JSON as an output of a run.

use std::sync::Arc;

use super::anomaly;
use super::event::{self, Meta};
use super::events::Events;
use super::packet::PacketWriter;
use super::text::Text;
use crate::analyze::anomalies::Late;
use crate::analyze::departed::End;
use crate::analyze::expiry::EndedFlow;
use crate::base::fault;
use crate::capture::{CaptureError, Event, Facts, Interface};
use crate::decode::Packet;
use crate::decode::history::Asks;
use crate::export::record_writer::RecordWriter;
use crate::export::request::{Losses, Request};
use crate::report::summary::{Origin, Summary};
use crate::session::{Context, Interests, Outcome, Render, Sink, Stats};

/// Writes events to an output.
pub struct JsonSink {
    output: RecordWriter,
    events: Events,
    meta: Meta,
    writer: Arc<PacketWriter>,
    drops: Losses,
    reassembles: bool,
}

/// Opens the export: with a queue before its output, where records may be left out.
///
/// # Errors
/// The thread of the queue cannot be made.
pub(in crate::export) fn open(request: Request<'_>) -> Result<Box<dyn Sink>, CaptureError> {
    let Request { output, events, meta, losses, reassembles, left_out, .. } = request;
    let output = match left_out {
        Some(left_out) => RecordWriter::queued(output, left_out.clone())?,
        None => output.into(),
    };
    let sink = JsonSink::new(output, events, meta.clone(), losses);
    Ok(Box::new(sink.reassembling(reassembles)))
}

impl JsonSink {
    /// Events to `output`; `drops` has at the end what was lost.
    pub fn new(output: impl Into<RecordWriter>, events: Events, meta: Meta, drops: Losses) -> Self {
        let writer = Arc::new(PacketWriter::new());
        Self { output: output.into(), events, meta, writer, drops, reassembles: false }
    }

    /// This sink, which shows datagrams that came in fragments as a whole where that `reassembles`.
    #[must_use]
    pub fn reassembling(self, reassembles: bool) -> Self {
        Self { reassembles, ..self }
    }
}

impl JsonSink {
    /// Says, when the reader takes records again, how many are missing here.
    fn say_left_out(&mut self) -> Result<(), CaptureError> {
        let Some(count) = self.output.recovered() else { return Ok(()) };
        let mut text = Text::default();
        event::left_out(&mut text, count, self.output.left_out());
        self.output.write(&text.buffer)
    }
}

struct Renderer {
    events: Events,
    writer: Arc<PacketWriter>,
    text: Text,
}

impl Render for Renderer {
    fn packet(&mut self, packet: &Packet<'_>, context: Context<'_>, out: &mut Vec<u8>) {
        std::mem::swap(&mut self.text.buffer, out);
        if self.events.packet {
            let (flow, history) = (context.flow, context.history);
            if let Some(datagram) = context.datagram {
                self.writer.write_datagram(&mut self.text, packet, (flow, history), datagram);
            } else {
                self.writer.write_among(&mut self.text, packet, flow, history);
            }
        }
        if self.events.anomaly {
            anomaly::of_packet(&mut self.text, packet, context);
        }
        std::mem::swap(&mut self.text.buffer, out);
    }
}

impl Sink for JsonSink {
    fn renderer(&self) -> Option<Box<dyn Render>> {
        let Self { events, ref writer, .. } = *self;
        let writer = Arc::clone(writer);
        let is_wanted = events.packet || events.anomaly;
        is_wanted.then(|| Box::new(Renderer { events, writer, text: Text::default() }) as _)
    }

    fn begin(&mut self, interfaces: &[Interface], facts: &Facts) -> Result<(), CaptureError> {
        let mut text = Text::default();
        event::meta(&mut text, &self.meta, interfaces, facts);
        self.output.write(&text.buffer)
    }

    fn write(&mut self, rendered: &[u8]) -> Result<(), CaptureError> {
        self.say_left_out()?;
        self.output.records(rendered)
    }

    fn quiet(&mut self) -> Result<(), CaptureError> {
        self.say_left_out()
    }

    fn interests(&self) -> Interests {
        let datagrams = self.reassembles && self.events.packet;
        let asks = if self.events.packet { Asks::ALL } else { Asks::default() };
        Interests { flows: self.events.flow, stats: self.events.stats, datagrams, asks }
    }

    fn late(&mut self, anomalies: &[Late]) -> Result<(), CaptureError> {
        let mut text = Text::default();
        if self.events.anomaly {
            for late in anomalies {
                anomaly::late(&mut text, late);
            }
        }
        self.output.records(&text.buffer)
    }

    fn flows(&mut self, ended: &[EndedFlow]) -> Result<(), CaptureError> {
        let mut text = Text::default();
        for past in ended {
            event::flow(&mut text, &past.flow, &past.chain, past.end);
        }
        self.output.records(&text.buffer)
    }

    fn events(&mut self, events: &[Event], interfaces: &[Interface]) -> Result<(), CaptureError> {
        if !self.events.anomaly {
            return Ok(());
        }
        let mut text = Text::default();
        for event in events {
            anomaly::of_interface(&mut text, event, interfaces);
        }
        self.output.write(&text.buffer)
    }

    fn stats(&mut self, stats: &Stats) -> Result<(), CaptureError> {
        let mut text = Text::default();
        event::stats(&mut text, stats, (self.drops)(), self.output.left_out());
        self.output.write(&text.buffer)
    }

    fn break_off(&mut self) -> CaptureError {
        self.output.break_off()
    }

    fn end(&mut self, outcome: &Outcome) -> Result<(), CaptureError> {
        fault::point("json");
        let mut text = Text::default();
        let analysis = &outcome.analysis;
        if self.events.anomaly {
            for late in analysis.anomalies.late() {
                anomaly::late(&mut text, late);
            }
        }
        if self.events.flow {
            let mut flows: Vec<_> = analysis.flows().collect();
            // Chains tell apart flows that begin with one packet: there are none, but order by all.
            flows.sort_unstable_by_key(|flow| (flow.number, flow.path));
            for flow in &flows {
                let chain = outcome.analysis.paths.chain(flow.path);
                event::flow(&mut text, flow, chain, End::Capture);
                if text.buffer.len() >= 64 << 10 {
                    self.output.write(&text.buffer)?;
                    text.buffer.clear();
                }
            }
        }
        if self.events.summary {
            let origin = Origin {
                inputs: &self.meta.source,
                interfaces: &outcome.interfaces,
                facts: Some(&outcome.facts),
                damage: &outcome.damage,
                losses: (self.drops)(),
            };
            let summary = Summary::of(&outcome.analysis, &origin, 1);
            event::summary(&mut text, &summary, outcome, self.output.left_out());
        }
        self.output.write(&text.buffer)?;
        if let Some(why) = outcome.shortfall {
            self.output.fall_short(why);
        }
        self.output.end()
    }
}
