//! Packets as lines: number, time, addresses, protocol, length and what they say.

use std::fmt::Write;

use super::request::Request;
use super::text::{Ink, Style, end, pad};
use super::text_sink::TextSink;
use crate::analyze::datagram::Datagram;
use crate::base::columns::width;
use crate::base::timestamp::Timestamp;
use crate::capture::CaptureError;
use crate::decode::Packet;
use crate::report::row::{Row, RowKind};
use crate::report::time::TimeFormat;
use crate::report::{hex, words};
use crate::session::{Context, Render, Sink};

/// Opens the export.
#[expect(clippy::unnecessary_wraps, reason = "other exports may fail to open")]
pub(super) fn open(request: Request<'_>) -> Result<Box<dyn Sink>, CaptureError> {
    let Request { output, style, time, bytes, reassembles, .. } = request;
    let make = move || Box::new(Lines::new(time, style, bytes)) as Box<dyn Render>;
    Ok(Box::new(TextSink::new(output, reassembles, Box::new(make))))
}

/// Renders packets as lines, with octets behind them if `-x` is given.
pub struct Lines {
    time: TimeFormat,
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
        self.row.read_among(packet, context.history.cross_packet);
        // Writing to a string cannot fail.
        let _ = write!(self.text, "{:>5} ", self.row.number);
        time(&mut self.text, self.time, self.row.time, context.zero);
        self.rest(packet);
        for datagram in context.datagram.into_iter().flat_map(Datagram::chain) {
            let _ = write!(self.text, "    = packets {} whole", datagram.sources());
            datagram.show(|packet| {
                self.row.read(packet);
                self.rest(packet);
            });
        }
        out.extend_from_slice(self.text.as_bytes());
    }
}

impl Lines {
    /// Lines with such times and colours, and with the octets of packets if `bytes`.
    pub fn new(time: TimeFormat, style: Style, bytes: bool) -> Self {
        Self { time, style, bytes, row: Row::default(), text: String::new() }
    }

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
            RowKind::Damaged => Ink::Bad,
            RowKind::Error => Ink::Notice,
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
    format: TimeFormat,
    time: Option<Timestamp>,
    zero: Option<Timestamp>,
) {
    let Some(time) = time else {
        text.push_str("           -");
        return;
    };
    let written = match format {
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
        TimeFormat::Local => {
            let local = jiff::Timestamp::from(time).to_zoned(jiff::tz::TimeZone::system());
            write!(text, "{}", local.strftime("%Y-%m-%d %H:%M:%S%.9f"))
        }
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
