//! `ipeek read`: captures in, any format out.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::outcome::{complain, conclude, fail};
use crate::analyze::Limits;
use crate::base::text::safe_path;
use crate::capture::{CaptureError, Ledger};
use crate::cli::{Event, Format, ReadArgs, Shared};
use crate::exit::Exit;
use crate::export::json::event::Meta;
use crate::export::json::sink::{Events, JsonSink};
use crate::export::output::Output;
use crate::session::{Plan, Session, Sink};

/// Reads captures to their end, a count or a signal.
pub fn read(args: &ReadArgs) -> Exit {
    let signal = Arc::new(AtomicUsize::new(0));
    for number in
        [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM, signal_hook::consts::SIGHUP]
    {
        let value = usize::try_from(number).unwrap_or(0);
        if let Err(error) = signal_hook::flag::register_usize(number, Arc::clone(&signal), value) {
            complain(&error);
            return Exit::Cannot;
        }
    }
    let source = match crate::capture::file::open_all(&args.files) {
        Ok(source) => source,
        Err(error) => return fail(&error),
    };
    let shared = &args.shared;
    let sinks = match sinks(shared, meta(args)) {
        Ok(sinks) => sinks,
        Err(error) => return fail(&error),
    };
    let plan = Plan {
        source,
        threads: threads(shared),
        limits: limits(shared, 4_194_304),
        pass: None,
        count: shared.count,
        sinks,
        snapshots: false,
    };
    let session = Session::start(plan);
    let signal = wait(&session, &signal);
    conclude(&session.finish(), signal)
}

/// Waits for the run to end or a signal; gives the signal's number.
fn wait(session: &Session, signal: &AtomicUsize) -> Option<u8> {
    while !session.wait(Duration::from_millis(20)) {
        let number = signal.load(Ordering::Relaxed);
        if number != 0 {
            session.stop();
            // What is parsed goes out; a reader that is stuck is not waited for.
            session.wait(Duration::from_millis(80));
            return u8::try_from(number).ok();
        }
    }
    None
}

fn meta(args: &ReadArgs) -> Meta {
    Meta {
        source: args.files.iter().map(|path| safe_path(path)).collect(),
        filter: args.shared.filter.clone(),
        capture_filter: args.shared.capture_filter.clone(),
        sandbox: "off",
    }
}

/// Analysts to run.
pub(super) fn threads(shared: &Shared) -> usize {
    let machine = || std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    shared.threads.map_or_else(machine, std::num::NonZeroUsize::get)
}

/// Bounds of memory.
pub(super) fn limits(shared: &Shared, flows: usize) -> Limits {
    let flows = shared.max_flows.map_or(flows, std::num::NonZeroUsize::get);
    Limits { flows, ..Limits::default() }
}

fn sinks(shared: &Shared, meta: Meta) -> Result<Vec<Box<dyn Sink>>, CaptureError> {
    let mut sinks: Vec<Box<dyn Sink>> = Vec::new();
    let is_json = shared.format == Some(Format::Json)
        || (shared.format.is_none() && shared.json.is_none() && !shared.events.is_empty());
    if is_json {
        let events = events(&shared.events);
        sinks.push(Box::new(JsonSink::new(
            Output::standard()?,
            events,
            meta,
            Box::new(Ledger::default),
        )));
    }
    Ok(sinks)
}

/// The events of `--events`, or the default ones.
pub(super) fn events(list: &[Event]) -> Events {
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
