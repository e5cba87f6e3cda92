//! Chosen fields of each packet: tab-separated as `tshark -T fields`, or as CSV (RFC 4180).
//!
//! A field that occurs again and again has its values joined by commas; one that is not there is
//! empty.  Flags are 1 and 0, numbers as their field is read, times seconds since 1970.

use std::sync::Arc;

use super::lookup::quote;
use super::output::Output;
use crate::capture::{CaptureError, Interface};
use crate::decode::Packet;
use crate::report::column::{Cell, Column, UnknownColumn};
use crate::report::words;
use crate::session::{Context, Outcome, Render, Sink};
use crate::wire::Value;

/// What stands between two fields, and how they are kept apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Tabs; no value holds one.
    Tabs,
    /// Commas; values with commas or quotes in quotes; a first line with the names.
    Csv,
}

/// Columns that are shown when none are asked for.
pub const DEFAULT: &[&str] = &[
    "frame.number",
    "frame.time_epoch",
    "frame.len",
    "ip.src",
    "ip.dst",
    "ip.proto",
    "ip.ttl",
    "ipv6.src",
    "ipv6.dst",
    "ipv6.nxt",
    "ipv6.hlim",
    "tcp.srcport",
    "tcp.dstport",
    "udp.srcport",
    "udp.dstport",
];

/// Writes rows of columns.
#[derive(Debug, Clone)]
pub struct ColumnWriter {
    columns: Arc<[Column]>,
    form: Form,
    cell: String,
}

impl ColumnWriter {
    /// A writer of the columns with these names; of [`DEFAULT`] when there are none.
    pub fn new(names: &[String], form: Form) -> Result<Self, UnknownColumn> {
        let columns = if names.is_empty() {
            DEFAULT.iter().map(|name| Column::find(name)).collect::<Result<Vec<_>, _>>()
        } else {
            names.iter().map(|name| Column::find(name)).collect()
        };
        Ok(Self { columns: columns?.into(), form, cell: String::new() })
    }

    /// Appends the names of the columns as a row.
    pub fn heading(&self, out: &mut Vec<u8>) {
        for (index, column) in self.columns.iter().enumerate() {
            self.between(out, index);
            out.extend_from_slice(column.name().as_bytes());
        }
        out.push(b'\n');
    }

    /// Appends the row of `packet`.
    pub fn row(&mut self, out: &mut Vec<u8>, packet: &Packet<'_>) {
        let columns = Arc::clone(&self.columns);
        for (index, column) in columns.iter().enumerate() {
            self.between(out, index);
            self.cell.clear();
            let cell = &mut self.cell;
            column.each(packet, &mut |value| {
                if !cell.is_empty() {
                    cell.push(',');
                }
                append(cell, value);
            });
            let start = out.len();
            out.extend_from_slice(self.cell.as_bytes());
            if self.form == Form::Csv {
                quote(out, start);
            }
        }
        out.push(b'\n');
    }

    fn between(&self, out: &mut Vec<u8>, index: usize) {
        if index > 0 {
            out.push(if self.form == Form::Csv { b',' } else { b'\t' });
        }
    }
}

/// Appends one value.
fn append(out: &mut String, cell: Cell<'_>) {
    match cell.value {
        Value::Flag(flag) => out.push(if flag { '1' } else { '0' }),
        value => words::plain(out, cell.kind, cell.width, value),
    }
}

/// Writes rows of columns to an output.
#[derive(Debug)]
pub struct ColumnSink {
    output: Output,
    writer: ColumnWriter,
}

impl ColumnSink {
    /// Rows of `writer` to `output`.
    pub fn new(output: Output, writer: ColumnWriter) -> Self {
        Self { output, writer }
    }
}

struct Rows(ColumnWriter);

impl Render for Rows {
    fn packet(&mut self, packet: &Packet<'_>, _context: Context, out: &mut Vec<u8>) {
        self.0.row(out, packet);
    }
}

impl Sink for ColumnSink {
    fn renderer(&self) -> Option<Box<dyn Render>> {
        Some(Box::new(Rows(self.writer.clone())))
    }

    fn begin(&mut self, _interfaces: &[Interface]) -> Result<(), CaptureError> {
        if self.writer.form == Form::Tabs {
            return Ok(());
        }
        let mut heading = Vec::new();
        self.writer.heading(&mut heading);
        self.output.write(&heading)
    }

    fn write(&mut self, rendered: &[u8]) -> Result<(), CaptureError> {
        self.output.write(rendered)
    }

    fn end(&mut self, _outcome: &Outcome) -> Result<(), CaptureError> {
        self.output.end()
    }
}
