//! Findings of `ipeek check`: anomalies that are chosen, packet by packet, in the format that a
//! person, a script or a service reads.
//!
//! Every finding is made as the JSON event of its anomaly, whatever the format, so that all of them
//! say the same.

pub mod finding;
pub mod format;
pub mod known;

use std::sync::{Arc, Mutex};

use serde_json::Value;

use self::finding::{Finding, Totals};
use self::format::Format;
use self::known::Known;
use super::json::anomaly as event;
use super::json::text::Text;
use super::output::Output;
use crate::analyze::anomalies::Late;
use crate::base::threads::lock;
use crate::capture::{CaptureError, Event, Interface};
use crate::decode::Packet;
use crate::decode::anomaly::{self, Anomaly, Row};
use crate::session::{Context, Outcome, Render, Sink};

/// Which rows count, and what is known already.
#[derive(Debug, Default)]
pub struct Choice {
    /// Rows that are looked for.
    pub rows: Vec<&'static Row>,
    /// Findings that were there before.
    pub known: Known,
}

impl Choice {
    /// The row of that name, where it is looked for.
    fn row(&self, id: &str) -> Option<&'static Row> {
        self.rows.iter().copied().find(|row| row.id == id)
    }
}

/// What takes the findings of one capture after the other.
pub struct Check {
    choice: Arc<Choice>,
    format: &'static Format,
    output: Output,
    /// What was found so far.
    pub totals: Totals,
}

impl Check {
    /// Findings of `choice` to `output`; the format begins.
    ///
    /// # Errors
    /// The output takes no more.
    pub fn new(
        choice: Choice,
        format: &'static Format,
        mut output: Output,
    ) -> Result<Self, CaptureError> {
        let mut out = String::new();
        (format.begin)(&mut out, &choice.rows);
        output.write(out.as_bytes())?;
        Ok(Self { choice: Arc::new(choice), format, output, totals: Totals::default() })
    }

    /// Everything was looked at; the format ends.
    ///
    /// # Errors
    /// The output takes no more.
    pub fn end(&mut self) -> Result<(), CaptureError> {
        let mut out = String::new();
        (self.format.end)(&mut out, &self.totals, &self.choice.rows);
        self.output.write(out.as_bytes())?;
        self.output.end()
    }

    fn take(&mut self, file: &str, lines: &[u8]) -> Result<(), CaptureError> {
        let mut out = String::new();
        for line in lines.split(|octet| *octet == b'\n').filter(|line| !line.is_empty()) {
            let Ok(event) = serde_json::from_slice::<Value>(line) else { continue };
            let id = event.get("anomaly").and_then(|anomaly| anomaly.get("event"));
            let row = id.and_then(Value::as_str).and_then(|id| self.choice.row(id));
            let Some(row) = row else { continue };
            let finding = Finding { file, row, event: &event };
            if self.choice.known.has(&finding) {
                self.totals.known += 1;
                continue;
            }
            let is_first = self.totals.rows.is_empty();
            self.totals.add(&finding);
            (self.format.finding)(&mut out, &finding, is_first);
        }
        self.output.write(out.as_bytes())
    }
}

/// The sink of one capture.
pub struct CheckSink {
    check: Arc<Mutex<Check>>,
    choice: Arc<Choice>,
    file: String,
}

impl CheckSink {
    /// Hands what is found in the capture called `file` to `check`.
    pub fn new(check: Arc<Mutex<Check>>, file: String) -> Self {
        let choice = Arc::clone(&lock(&check).choice);
        Self { check, choice, file }
    }
}

struct Renderer {
    choice: Arc<Choice>,
    text: Text,
}

impl Render for Renderer {
    fn packet(&mut self, packet: &Packet<'_>, context: Context<'_>, out: &mut Vec<u8>) {
        std::mem::swap(&mut self.text.buffer, out);
        let mut with = |found: Anomaly| {
            if self.choice.row(found.row().id).is_some() {
                event::of_one(&mut self.text, packet, context.flow, &found);
            }
        };
        anomaly::each(packet, true, &mut with);
        context.history.cross_packet.each(packet, &mut with);
        std::mem::swap(&mut self.text.buffer, out);
    }
}

impl Sink for CheckSink {
    fn renderer(&self) -> Option<Box<dyn Render>> {
        let choice = Arc::clone(&self.choice);
        Some(Box::new(Renderer { choice, text: Text::default() }))
    }

    fn write(&mut self, rendered: &[u8]) -> Result<(), CaptureError> {
        lock(&self.check).take(&self.file, rendered)
    }

    fn late(&mut self, anomalies: &[Late]) -> Result<(), CaptureError> {
        let mut text = Text::default();
        for late in anomalies {
            event::late(&mut text, late);
        }
        self.write(&text.buffer)
    }

    fn events(&mut self, events: &[Event], interfaces: &[Interface]) -> Result<(), CaptureError> {
        let mut text = Text::default();
        for one in events {
            event::of_interface(&mut text, one, interfaces);
        }
        self.write(&text.buffer)
    }

    fn end(&mut self, outcome: &Outcome) -> Result<(), CaptureError> {
        let mut text = Text::default();
        for late in outcome.analysis.anomalies.late() {
            event::late(&mut text, late);
        }
        self.write(&text.buffer)?;
        lock(&self.check).totals.packets += outcome.seen.packets;
        Ok(())
    }
}
