//! What an export is opened with: where it writes, and what the options of the command line say.

use super::json::event::Meta;
use super::json::events::Events;
use super::output::Output;
use super::record_writer::LeftOut;
use super::rows::Rows;
use super::text::Style;
use crate::capture::Ledger;
use crate::report::time::TimeFormat;

/// Tells what a live capture has lost so far; nothing of a file.
pub type Losses = Box<dyn Fn() -> Option<Ledger> + Send>;

/// What an export is opened with; each takes of it what it needs.
pub struct Request<'a> {
    /// Where it writes.
    pub output: Output,
    /// Whether text is coloured.
    pub style: Style,
    /// Columns of the terminal.
    pub width: usize,
    /// How times are written in text.
    pub time: TimeFormat,
    /// Whether the octets of packets are shown.
    pub bytes: bool,
    /// Whether datagrams that came in fragments are shown whole.
    pub reassembles: bool,
    /// What has a row, and which columns.
    pub rows: Rows,
    /// Which events are written.
    pub events: Events,
    /// What the run says of itself.
    pub meta: &'a Meta,
    /// What was lost.
    pub losses: Losses,
    /// Where records are counted that a slow reader has no room for; without it, it is waited for.
    pub left_out: Option<&'a LeftOut>,
}
