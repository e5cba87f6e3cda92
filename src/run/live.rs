//! `ipeek live`: interfaces in, any format out.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::early_exit::EarlyExit;
use super::outcome::{conclude, summarise};
use super::outputs::{decode_as, format, is_dashboard, page, pass, rows, settings, sinks, threads};
use super::sandbox::{Confined, confine};
use super::screen::{DashboardContext, rescue, show};
use super::signals::{Purpose, SignalEvents, Signals};
use crate::analyze::Settings;
use crate::capture::live::{self, Drops, Options, permission_hint};
use crate::capture::save::Shutdown;
use crate::capture::{CaptureError, Ledger, Stop};
use crate::cli::{LiveArgs, OnSlow};
use crate::dashboard::LiveCapture;
use crate::exit::Exit;
use crate::export::json::event::Meta;
use crate::export::record_writer::LeftOut;
use crate::export::request::Losses;
use crate::export::{Export, Open};
use crate::guard::Needs;
use crate::session::{Outcome, Plan, Session};

/// Flows kept at once unless `--max-flows` says otherwise.
const MAX_FLOWS: usize = 262_144;

/// How long a capture may take to hand over what its rings hold.
const DRAIN: Duration = Duration::from_millis(400);

/// Sniffs until a signal, a count, a duration, or the loss of the interface.
///
/// # Errors
/// It ended before a packet was captured.
pub fn live(args: &LiveArgs) -> Result<Exit, EarlyExit> {
    let shared = &args.shared;
    // First of all: what comes before the outputs may take long, such as a filter of a thousand
    // ports.
    let (signals, signal_events) = Signals::notice(Purpose::Sniffing, is_dashboard(shared))?;
    let format = format(shared)?;
    decode_as(shared, format)?;
    if shared.capture_filter.is_some() && !args.words.is_empty() {
        let message = "a capture filter both by -f and in words; hint: give one of them";
        return Err(EarlyExit::usage(message));
    }
    let words = (!args.words.is_empty()).then(|| args.words.join(" "));
    let filter = shared.capture_filter.clone().or(words);
    let pass = pass(shared, None, format)?;
    let rows = rows(shared, format)?;
    // Before anything is opened, which would live on there.
    let rescue = rescue(format);
    let options = options(args, filter.clone()).map_err(refuse)?;
    let opened = live::open(&options).map_err(refuse)?;
    // How many cores there are is read from files that are out of reach afterwards.
    let threads = threads(shared, &[]);
    let needs = Needs { interfaces: true, silent: opened.descriptors() };
    let Confined { setup, files, saves, state } = confine(shared, format, &[], &needs, &signals)?;
    let source = opened.start().map_err(refuse)?;
    let drops = source.drops();
    let stopper = source.stopper();
    let meta = Meta {
        source: options.interfaces.clone(),
        filter: shared.filter.clone(),
        capture_filter: filter,
        sandbox: state.words.clone(),
        is_live: true,
    };
    let losses = || losses(&drops);
    let left_out = LeftOut::default();
    let slow = (args.on_slow == OnSlow::DropRecords).then_some(&left_out);
    let sinks = sinks(shared, format, &meta, &losses, rows, slow, files)?;
    let until = args.duration.and_then(after);
    let idle = Some(Duration::from_secs(args.flow_idle).into());
    let plan = Plan {
        source: Box::new(source),
        threads,
        settings: Settings { idle, ..settings(shared, MAX_FLOWS) },
        pass,
        count: shared.count,
        sinks,
        snapshots: false,
    };
    if let Some(setup) = setup {
        let at_end = stopper.clone();
        let live_capture = LiveCapture {
            interfaces: options.interfaces.clone(),
            ledger: ledger(&drops),
            left_out: Box::new(move || left_out.count()),
            stop: Box::new(move || at_end.stop()),
        };
        let signal = || {
            // What was captured stays on the screen.
            if until.is_some_and(|until| Instant::now() >= until) {
                stopper.stop();
            }
            signals.last()
        };
        let context = DashboardContext {
            sandbox: state.brief(),
            saves,
            sources: &options.interfaces,
            live_capture: Some(live_capture),
            signal: &signal,
            shutdown: signals.shutdown(),
            open: signals.open_outputs().clone(),
            signal_events,
            rescue,
        };
        return show(shared, plan, context, setup);
    }
    let mut outcome = run(plan, &signals, signal_events, &stopper, until);
    if let Some(Export { open: Open::AtEnd(write), .. }) = format {
        let (losses, look, shutdown) = (Some(drops.ledger()), page(shared), signals.shutdown());
        summarise(*write, &mut outcome, &meta.source, losses, look, threads, &shutdown);
    }
    Ok(conclude(&outcome, signals.status()))
}

/// Runs to the end of the source, a signal or that time.
fn run(
    plan: Plan,
    signals: &Signals,
    signal_events: SignalEvents,
    stopper: &Stop,
    until: Option<Instant>,
) -> Outcome {
    let session = Session::start(plan);
    let is_asked =
        || signals.last().is_some() || until.is_some_and(|until| Instant::now() >= until);
    while !session.wait(Duration::from_millis(20)) && !is_asked() {}
    signal_events.watch();
    // The rings are read out, then the source ends and the analysts with it.
    stopper.stop();
    if !session.wait(DRAIN) || signals.last().is_some() {
        session.stop();
    }
    if !session.wait(DRAIN) {
        // Nothing else is lost by readers that are slow: what they get ends on a whole line.
        signals.shutdown().end_with_line();
        session.wait(Shutdown::LAST_LINE);
    }
    let outcome = session.finish();
    signals.open_outputs().close(DRAIN, outcome.shortfall);
    outcome
}

/// The point in time so many seconds from now, if a clock can wait for it.
fn after(seconds: f64) -> Option<Instant> {
    Instant::now().checked_add(Duration::try_from_secs_f64(seconds).ok()?)
}

fn options(args: &LiveArgs, filter: Option<String>) -> Result<Options, CaptureError> {
    let mut interfaces = args.interfaces.clone();
    if interfaces.is_empty() {
        interfaces.push(live::default_interface()?);
    }
    Ok(Options {
        interfaces,
        snaplen: args.snaplen,
        buffer_mib: args.buffer,
        is_promiscuous: !args.no_promiscuous,
        filter,
        waits: args.on_slow == OnSlow::Block,
    })
}

/// The ledger of all packets so far.
fn ledger(drops: &Arc<Drops>) -> Box<dyn Fn() -> Ledger + Send> {
    let drops = Arc::clone(drops);
    Box::new(move || drops.ledger())
}

/// What the capture has lost so far.
fn losses(drops: &Arc<Drops>) -> Losses {
    let ledger = ledger(drops);
    Box::new(move || Some(ledger()))
}

/// Says why nothing can be captured, and what to do about it.
fn refuse(error: CaptureError) -> EarlyExit {
    if matches!(error, CaptureError::Permission { .. }) {
        let hint = format_args!("hint: run it as root, or once: {}", permission_hint()).to_string();
        return EarlyExit::new(Exit::Permission, error).and(hint);
    }
    EarlyExit::cannot(error)
}
