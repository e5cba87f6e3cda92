//! The outputs that the options of read and live ask for.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use super::outcome::usage;
use crate::analyze::Limits;
use crate::capture::save::Saver;
use crate::capture::{CaptureError, Ledger};
use crate::cli::{Color, Event, Format, Shared, TimeFormat};
use crate::exit::Exit;
use crate::export::json::event::Meta;
use crate::export::json::sink::{Events, JsonSink, Losses};
use crate::export::lines::{Text, TextSink, Times};
use crate::export::output::Output;
use crate::export::pcap::SaveSink;
use crate::export::text::Style;
use crate::export::tree::Look;
use crate::session::Sink;

/// What is shown: what was asked for, or what suits standard output.
pub fn format(shared: &Shared) -> Result<Option<Format>, Exit> {
    let is_terminal = std::io::stdout().is_terminal() && std::io::stdin().is_terminal();
    match shared.format {
        Some(Format::Dashboard) if !std::io::stdout().is_terminal() => {
            Err(usage("-T dashboard needs a terminal; hint: -T summary or -T json"))
        }
        Some(format) => Ok(Some(format)),
        // A capture on standard output leaves no room for anything else there.
        None if is_standard(shared.write.as_deref()) || is_standard(shared.json.as_deref()) => {
            Ok(None)
        }
        None if !shared.events.is_empty() && shared.json.is_none() => Ok(Some(Format::Json)),
        None if is_terminal => Ok(Some(Format::Dashboard)),
        None => Ok(Some(Format::Summary)),
    }
}

fn is_standard(path: Option<&Path>) -> bool {
    path.is_some_and(|path| path.as_os_str() == "-")
}

/// Analysts to run.
pub fn threads(shared: &Shared) -> usize {
    let machine = || std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    shared.threads.map_or_else(machine, std::num::NonZeroUsize::get)
}

/// Bounds of memory.
pub fn limits(shared: &Shared, flows: usize) -> Limits {
    let flows = shared.max_flows.map_or(flows, std::num::NonZeroUsize::get);
    Limits { flows, ..Limits::default() }
}

/// The events of `--events`, or the default ones.
pub fn events(list: &[Event]) -> Events {
    if list.is_empty() {
        return Events::default();
    }
    let has = |event| list.contains(&event);
    Events {
        packet: has(Event::Packet),
        flow: has(Event::Flow),
        anomaly: has(Event::Anomaly),
        stats: has(Event::Stats),
        summary: has(Event::Summary),
    }
}

/// Makes a [`Losses`] for one more sink.
pub type MakeLosses<'a> = &'a dyn Fn() -> Losses;

/// For captures that are read: nothing is lost on the way.
pub fn no_losses() -> Losses {
    Box::new(Ledger::default)
}

/// The sinks of `format`, `--json` and `-w`.  The summary and the dashboard are none: they look at
/// the whole.
pub fn sinks(
    shared: &Shared,
    format: Option<Format>,
    meta: &Meta,
    inputs: &[PathBuf],
    losses: MakeLosses<'_>,
) -> Result<Vec<Box<dyn Sink>>, CaptureError> {
    let mut sinks: Vec<Box<dyn Sink>> = Vec::new();
    let events = events(&shared.events);
    if format == Some(Format::Json) {
        let sink = JsonSink::new(Output::standard()?, events, meta.clone(), losses());
        sinks.push(Box::new(sink));
    }
    if let Some(text) = text(shared, format) {
        sinks.push(Box::new(TextSink::new(Output::standard()?, text)));
    }
    if let Some(path) = &shared.json {
        let output = Output::create(path, inputs, shared.force)?;
        sinks.push(Box::new(JsonSink::new(output, events, meta.clone(), losses())));
    }
    if let Some(path) = &shared.write {
        sinks.push(Box::new(SaveSink::new(Saver::create(path, inputs, shared.force)?)));
    }
    Ok(sinks)
}

/// The text that `format` makes of packets, if it is one that does.
fn text(shared: &Shared, format: Option<Format>) -> Option<Text> {
    let style = style(shared.color);
    let times = match shared.time {
        TimeFormat::Relative => Times::Relative,
        TimeFormat::Utc => Times::Utc,
        TimeFormat::Local => Times::Local,
        TimeFormat::Epoch => Times::Epoch,
    };
    match format? {
        Format::Packets => Some(Text::Lines { times, style, bytes: shared.bytes }),
        Format::Tree => {
            let look = Look { style, meanings: false, bytes: shared.bytes, columns: columns() };
            Some(Text::Trees(look))
        }
        _ => None,
    }
}

/// Whether text is coloured: on a terminal, unless `NO_COLOR` is set.
pub fn style(color: Color) -> Style {
    let is_wanted = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            std::io::stdout().is_terminal()
                && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
        }
    };
    if is_wanted { Style::Ansi } else { Style::Plain }
}

/// Columns of the terminal; 80 where there is none.
fn columns() -> usize {
    let size = std::io::stdout().is_terminal().then(crossterm::terminal::size);
    size.and_then(Result::ok).map_or(80, |(columns, _)| usize::from(columns))
}
