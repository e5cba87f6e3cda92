//! Chosen fields of every packet, a line each: separated by tabs, or as CSV (RFC 4180, lines ended
//! by a line feed alone) under a row of names.
//!
//! A column named `flows` or `endpoints`, alone, turns the table round: a row a flow, or a row an
//! endpoint, once everything has come.  No header field has a name without a dot but the headers
//! themselves, so neither hides one.

use std::borrow::Cow;
use std::fmt::Write;

use super::csv;
use super::output::Output;
use super::request::Request;
use super::rows::Rows;
use crate::analyze::Analysis;
use crate::analyze::conversation::endpoints;
use crate::base::timestamp::Timestamp;
use crate::capture::{CaptureError, Facts, Interface};
use crate::decode::Packet;
use crate::decode::history::Asks;
use crate::report::column::Column;
use crate::report::summary::talker::{Endpoint, FlowLine};
use crate::report::words;
use crate::session::{Context, Interests, Outcome, Render, Sink};

/// What stands between two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Tabs, without a row of names, as `tshark -T fields`.
    Tabs,
    /// Commas, below a row of names.
    Csv,
}

/// Columns of flows.
const FLOW: [&str; 13] = [
    "flow_id",
    "proto",
    "src_ip",
    "src_port",
    "dest_ip",
    "dest_port",
    "depth",
    "pkts_toserver",
    "pkts_toclient",
    "bytes_toserver",
    "bytes_toclient",
    "start",
    "end",
];

/// Columns of endpoints.
const ENDPOINT: [&str; 8] = [
    "address",
    "pkts_sent",
    "pkts_received",
    "bytes_sent",
    "bytes_received",
    "class",
    "special",
    "type",
];

/// Writes chosen fields.
#[derive(Debug)]
pub struct FieldsSink {
    output: Output,
    rows: Rows,
    form: Form,
}

/// Opens the export with tabs.
#[expect(clippy::unnecessary_wraps, reason = "other exports may fail to open")]
pub(super) fn open_tabs(request: Request<'_>) -> Result<Box<dyn Sink>, CaptureError> {
    Ok(Box::new(FieldsSink::new(request.output, request.rows, Form::Tabs)))
}

/// Opens the export as CSV.
#[expect(clippy::unnecessary_wraps, reason = "other exports may fail to open")]
pub(super) fn open_csv(request: Request<'_>) -> Result<Box<dyn Sink>, CaptureError> {
    Ok(Box::new(FieldsSink::new(request.output, request.rows, Form::Csv)))
}

impl FieldsSink {
    /// `rows` in `form` to `output`.
    pub fn new(output: Output, rows: Rows, form: Form) -> Self {
        Self { output, rows, form }
    }
}

impl Sink for FieldsSink {
    fn renderer(&self) -> Option<Box<dyn Render>> {
        let Rows::Packets(columns) = &self.rows else { return None };
        Some(Box::new(Renderer { columns: columns.clone(), line: Line::new(self.form) }))
    }

    fn begin(&mut self, _: &[Interface], _: &Facts) -> Result<(), CaptureError> {
        if self.form == Form::Tabs {
            return Ok(());
        }
        let mut line = Line::new(self.form);
        match &self.rows {
            Rows::Packets(columns) => columns.iter().for_each(|column| line.text(&column.name)),
            Rows::Flows => FLOW.iter().for_each(|name| line.text(name)),
            Rows::Endpoints => ENDPOINT.iter().for_each(|name| line.text(name)),
            // Asked for by exports of tables alone.
            Rows::Table(_) => {}
            #[cfg(feature = "columns")]
            Rows::Chosen(_) => {}
        }
        line.end();
        self.output.write(line.text.as_bytes())
    }

    fn write(&mut self, rendered: &[u8]) -> Result<(), CaptureError> {
        self.output.write(rendered)
    }

    fn interests(&self) -> Interests {
        let Rows::Packets(columns) = &self.rows else { return Interests::default() };
        let asks = columns.iter().fold(Asks::default(), |all, column| all.or(column.asks()));
        Interests { asks, ..Interests::default() }
    }

    fn break_off(&mut self) -> CaptureError {
        self.output.break_off()
    }

    fn end(&mut self, outcome: &Outcome) -> Result<(), CaptureError> {
        let mut line = Line::new(self.form);
        let mut put = |line: &mut Line| {
            line.end();
            if line.text.len() < PIECE {
                return Ok(());
            }
            let written = self.output.write(line.text.as_bytes());
            line.text.clear();
            written
        };
        match &self.rows {
            Rows::Flows => {
                for flow in flows(&outcome.analysis) {
                    line.flow(&flow);
                    put(&mut line)?;
                }
            }
            Rows::Endpoints => {
                for traffic in endpoints(&outcome.analysis, outcome.analysis.settings().scope) {
                    line.endpoint(&Endpoint::new(&traffic));
                    put(&mut line)?;
                }
            }
            Rows::Packets(_) | Rows::Table(_) => {}
            #[cfg(feature = "columns")]
            Rows::Chosen(_) => {}
        }
        self.output.write(line.text.as_bytes())?;
        self.output.end()
    }
}

/// Octets that are written in one piece.
const PIECE: usize = 64 << 10;

fn flows(analysis: &Analysis) -> impl Iterator<Item = FlowLine> + '_ {
    let mut flows: Vec<_> = analysis.flows().collect();
    flows.sort_unstable_by_key(|flow| (flow.number, flow.path));
    flows.into_iter().map(|flow| FlowLine::new(&flow, analysis.paths.chain(flow.path).len()))
}

struct Renderer {
    columns: Vec<Column>,
    line: Line,
}

impl Render for Renderer {
    fn packet(&mut self, packet: &Packet<'_>, context: Context<'_>, out: &mut Vec<u8>) {
        self.line.text.clear();
        for column in &self.columns {
            self.line.cell(|text| column.write_among(packet, context.history, text));
        }
        self.line.end();
        out.extend_from_slice(self.line.text.as_bytes());
    }
}

/// Lines being written.
#[derive(Debug)]
struct Line {
    form: Form,
    text: String,
    is_fresh: bool,
}

impl Line {
    fn new(form: Form) -> Self {
        Self { form, text: String::new(), is_fresh: true }
    }

    /// A cell of what `write` appends, quoted where CSV needs it.
    fn cell(&mut self, write: impl FnOnce(&mut String)) {
        if !self.is_fresh {
            self.text.push(if self.form == Form::Csv { ',' } else { '\t' });
        }
        self.is_fresh = false;
        let start = self.text.len();
        write(&mut self.text);
        if self.form == Form::Csv
            && let Cow::Owned(quoted) = csv::cell(self.text.get(start..).unwrap_or_default())
        {
            self.text.truncate(start);
            self.text.push_str(&quoted);
        }
    }

    fn text(&mut self, text: &str) {
        self.cell(|out| out.push_str(text));
    }

    fn show(&mut self, shown: impl std::fmt::Display) {
        self.cell(|out| {
            // Writing to a string cannot fail.
            let _ = write!(out, "{shown}");
        });
    }

    fn end(&mut self) {
        self.text.push('\n');
        self.is_fresh = true;
    }

    fn flow(&mut self, flow: &FlowLine) {
        self.show(flow.number);
        self.show(flow.proto);
        let ports = flow.ports.map_or((None, None), |(a, b)| (Some(a), Some(b)));
        for (address, port) in [(flow.addresses.0, ports.0), (flow.addresses.1, ports.1)] {
            self.show(address);
            match port {
                Some(port) => self.show(port),
                None => self.text(""),
            }
        }
        self.show(flow.tunnels + 1);
        for number in [flow.forth.packets, flow.back.packets, flow.forth.octets, flow.back.octets] {
            self.show(number);
        }
        for time in [flow.times.map(|times| times.0), flow.times.map(|times| times.1)] {
            self.cell(|out| {
                if let Some(time) = time {
                    words::seconds(out, time - Timestamp::EPOCH, 9);
                }
            });
        }
    }

    fn endpoint(&mut self, endpoint: &Endpoint) {
        self.show(endpoint.address);
        for number in [
            endpoint.sent.packets,
            endpoint.received.packets,
            endpoint.sent.octets,
            endpoint.received.octets,
        ] {
            self.show(number);
        }
        for word in [endpoint.class, endpoint.special, endpoint.kind] {
            self.text(word);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_quotes_what_would_break_a_row() {
        let mut line = Line::new(Form::Csv);
        for cell in ["plain", "", "a,b", "say \"hi\"", "two\nlines"] {
            line.text(cell);
        }
        line.end();
        assert_eq!(line.text, "plain,,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\n");
    }
}
