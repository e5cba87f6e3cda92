//! Packets as text, in the order of the capture: a line each, or a tree each.

use std::fmt::Write;

use super::output::Output;
use super::text::{Ink, Style, end, pad, width};
use super::tree::{Look, TreeWriter};
use crate::analyze::whole::Wholes;
use crate::base::timestamp::Timestamp;
use crate::capture::CaptureError;
use crate::decode::Packet;
use crate::report::row::{Kind, Row};
use crate::report::time::TimeFormat;
use crate::report::{hex, words};
use crate::session::{Context, Outcome, Render, Sink, Takes};

/// What text is made of packets.
#[derive(Debug, Clone, Copy)]
pub enum Text {
    /// A line a packet; octets behind it when that is asked for.
    Lines {
        /// How times are written.
        times: TimeFormat,
        /// Colours.
        style: Style,
        /// Whether octets follow.
        bytes: bool,
    },
    /// A tree a packet.
    Trees(Look),
}

/// Writes packets as text.
#[derive(Debug)]
pub struct TextSink {
    output: Output,
    text: Text,
    reassembles: bool,
}

impl TextSink {
    /// Text to `output`.
    pub fn new(output: Output, text: Text) -> Self {
        Self { output, text, reassembles: false }
    }

    /// These lines, which show datagrams that came in fragments as a whole where that
    /// `reassembles`.
    #[must_use]
    pub fn reassembling(self, reassembles: bool) -> Self {
        Self { reassembles, ..self }
    }
}

impl Sink for TextSink {
    fn renderer(&self) -> Option<Box<dyn Render>> {
        Some(match self.text {
            Text::Lines { times, style, bytes } => {
                Box::new(Lines { times, style, bytes, row: Row::default(), text: String::new() })
            }
            Text::Trees(look) => {
                Box::new(Trees { writer: TreeWriter::new(look), text: String::new() })
            }
        })
    }

    fn write(&mut self, rendered: &[u8]) -> Result<(), CaptureError> {
        self.output.write(rendered)
    }

    fn takes(&self) -> Takes {
        Takes { wholes: self.reassembles, ..Takes::default() }
    }

    fn break_off(&mut self) -> CaptureError {
        self.output.break_off()
    }

    fn end(&mut self, outcome: &Outcome) -> Result<(), CaptureError> {
        if let Some(Wholes { whole, missing, crowded }) = outcome.wholes {
            let mut line =
                format!("reassembled: {whole} whole, {missing} incomplete or contradictory");
            if crowded > 0 {
                let _ = write!(line, ", {crowded} given up for want of room");
            }
            line.push('\n');
            self.output.write(line.as_bytes())?;
        }
        self.output.end()
    }
}

struct Trees {
    writer: TreeWriter,
    text: String,
}

impl Render for Trees {
    fn packet(&mut self, packet: &Packet<'_>, context: Context<'_>, out: &mut Vec<u8>) {
        self.text.clear();
        self.writer.write(&mut self.text, packet, context.many);
        if let Some(whole) = context.whole {
            self.writer.write_whole(&mut self.text, whole);
        }
        out.extend_from_slice(self.text.as_bytes());
    }
}

struct Lines {
    times: TimeFormat,
    style: Style,
    bytes: bool,
    row: Row,
    text: String,
}

/// Columns of an address: IPv4 always fits, IPv6 pushes the rest of its line along.
const ADDRESS: usize = 15;

impl Render for Lines {
    fn packet(&mut self, packet: &Packet<'_>, context: Context<'_>, out: &mut Vec<u8>) {
        self.text.clear();
        self.row.read_among(packet, context.many);
        // Writing to a string cannot fail.
        let _ = write!(self.text, "{:>5} ", self.row.number);
        time(&mut self.text, self.times, self.row.time, context.zero);
        self.rest(packet);
        if let Some(whole) = context.whole {
            let _ = write!(self.text, "    = packets {} whole", whole.sources());
            whole.show(|packet| {
                self.row.read(packet);
                self.rest(packet);
            });
        }
        out.extend_from_slice(self.text.as_bytes());
    }
}

impl Lines {
    /// Appends a row behind its number and time, and its octets.
    fn rest(&mut self, packet: &Packet<'_>) {
        let Self { style, bytes, row, text, .. } = self;
        text.push(' ');
        pad(text, ADDRESS.saturating_sub(width(&row.source)));
        text.push_str(&row.source);
        style.paint(text, Ink::Muted, if row.destination.is_empty() { "   " } else { " > " });
        text.push_str(&row.destination);
        pad(text, ADDRESS.saturating_sub(width(&row.destination)) + 1);
        style.paint(text, Ink::Strong, &row.proto);
        pad(text, 6usize.saturating_sub(width(&row.proto)));
        let _ = write!(text, " {:>5}  ", row.length);
        let ink = match row.kind {
            Kind::Damaged => Ink::Bad,
            Kind::Error => Ink::Notice,
            _ => Ink::Plain,
        };
        style.paint(text, ink, &row.info);
        end(text);
        if *bytes {
            for row in hex::rows(packet) {
                text.push_str("      ");
                row.write(text);
                end(text);
            }
        }
    }
}

/// Appends a time; a dash where there is none.
pub fn time(
    text: &mut String,
    times: TimeFormat,
    time: Option<Timestamp>,
    zero: Option<Timestamp>,
) {
    let Some(time) = time else {
        text.push_str("           -");
        return;
    };
    let written = match times {
        TimeFormat::Relative => {
            let since = time - zero.unwrap_or(time);
            let sign = if since.is_negative() { "-" } else { "" };
            let micros = since.unsigned_nanos() / 1000;
            let (seconds, micros) = (micros / 1_000_000, micros % 1_000_000);
            // Five columns hold a day of seconds.
            let columns = 5usize.saturating_sub(sign.len());
            write!(
                text,
                "{:columns$}{sign}{seconds}.{micros:06}",
                "",
                columns = columns.saturating_sub(digits(seconds))
            )
        }
        TimeFormat::Utc => write!(text, "{time}"),
        TimeFormat::Local => match jiff::Timestamp::from_nanosecond(i128::from(time.nanos())) {
            Ok(stamp) => {
                let local = stamp.to_zoned(jiff::tz::TimeZone::system());
                write!(text, "{}", local.strftime("%Y-%m-%d %H:%M:%S%.9f"))
            }
            Err(_) => write!(text, "{time}"),
        },
        TimeFormat::Epoch => {
            words::seconds(text, time - Timestamp::EPOCH, 9);
            Ok(())
        }
    };
    // Writing to a string cannot fail.
    let _ = written;
}

/// Decimal digits of a number.
fn digits(number: u128) -> usize {
    number.checked_ilog10().map_or(1, |log| log as usize + 1)
}
