//! `ipeek read`: captures in, any format out.

use std::time::Duration;

use super::early_exit::EarlyExit;
use super::outcome::{conclude, summarise};
use super::outputs::{
    decode_as, format, is_dashboard, no_losses, page, pass, rows, settings, sinks, threads,
};
use super::sandbox::{self, Confined};
use super::screen::{DashboardContext, rescue, show};
use super::signals::{Purpose, SignalEvents, Signals};
use super::time_window::TimeWindow;
use crate::base::text::safe_path;
use crate::capture::Stop;
use crate::capture::file::Opened;
use crate::capture::save::{self, Shutdown};
use crate::cli::ReadArgs;
use crate::exit::Exit;
use crate::export::json::event::Meta;
use crate::export::{Export, Open};
use crate::guard::Needs;
use crate::session::{PacketFilters, Plan, Session};

/// Flows kept at once unless `--max-flows` says otherwise.
pub(super) const MAX_FLOWS: usize = 4_194_304;

/// How long the end of a followed file is read after a signal.
const FOLLOW: Duration = Duration::from_millis(40);

/// How long analysts may take for what they have, after that.
const LAST: Duration = Duration::from_millis(60);

/// Reads captures to their end, a count or a signal.
///
/// # Errors
/// It ended before a packet was read.
pub fn read(args: &ReadArgs) -> Result<Exit, EarlyExit> {
    let shared = &args.shared;
    // First of all: what comes before the outputs may take long, such as a filter of a thousand
    // ports.
    let (signals, signal_events) = Signals::notice(Purpose::Reading, is_dashboard(shared))?;
    let format = format(shared)?;
    decode_as(shared, format)?;
    let pass = pass(shared, shared.capture_filter.as_deref(), format)?;
    let rows = rows(shared, format)?;
    let window = TimeWindow::of(args)?;
    let pass = within(window.clone(), pass);
    // Before anything is opened, which would live on there.
    let rescue = rescue(format);
    let stop = Stop::default();
    let opened = open(args, &stop)?;
    // How many cores there are is read from files that are out of reach afterwards.
    let threads = threads(shared, &args.files);
    let confined = sandbox::confine(shared, format, &args.files, &Needs::default(), &signals);
    let Confined { setup, files, saves, state } = confined?;
    // What strangers wrote is read from here on, its first octets too.
    let source = opened.read()?;
    let source = match &window {
        Some(window) => window.watch(source),
        None => source,
    };
    let meta = Meta {
        source: args.files.iter().map(|path| safe_path(path)).collect(),
        filter: shared.filter.clone(),
        capture_filter: shared.capture_filter.clone(),
        sandbox: state.words.clone(),
        is_live: false,
    };
    if pass.is_some() || shared.count.is_some() {
        files.copy_part();
    }
    let sinks = sinks(shared, format, &meta, &no_losses, rows, None, files)?;
    let plan = Plan {
        source,
        threads,
        settings: settings(shared, MAX_FLOWS),
        pass,
        count: shared.count,
        sinks,
        snapshots: false,
    };
    if let Some(setup) = setup {
        let context = DashboardContext {
            sandbox: state.brief(),
            saves,
            sources: &meta.source,
            live_capture: None,
            signal: &|| signals.last(),
            shutdown: signals.shutdown(),
            open: signals.open_outputs().clone(),
            signal_events,
            rescue,
        };
        return show(shared, plan, context, setup);
    }
    let session = Session::start(plan);
    let signal = wait(&session, &signals, Some(signal_events), &stop, args.follow);
    let mut outcome = session.finish();
    signals.open_outputs().close(LAST, outcome.shortfall);
    let is_refused = outcome.error.is_some() && outcome.seen.packets == 0;
    if let Some(Export { open: Open::AtEnd(write), .. }) = format
        && !is_refused
    {
        let (look, shutdown) = (page(shared), signals.shutdown());
        summarise(*write, &mut outcome, &meta.source, None, look, threads, &shutdown);
    }
    Ok(conclude(&outcome, signal.map(Exit::Signal)))
}

/// Opens the inputs; nothing of them is read yet.
fn open(args: &ReadArgs, stop: &Stop) -> Result<Opened, EarlyExit> {
    let opened = match (&args.files[..], args.follow) {
        (files, false) => Opened::files(files),
        ([path], true) => sandbox::followed_folder(args.shared.sandbox, path)
            .and_then(|folder| Opened::followed(path, stop, folder)),
        (_, true) => {
            return Err(EarlyExit::usage("several files, of which only one could be followed"));
        }
    };
    let to = args.shared.write.as_deref();
    let keeps_blocks = to.is_some_and(|to| save::Format::of(to).keeps_blocks());
    Ok(opened?.keeping_between(keeps_blocks))
}

/// What lies in the window and passes.
fn within(window: Option<TimeWindow>, pass: Option<PacketFilters>) -> Option<PacketFilters> {
    let Some(window) = window else { return pass };
    let is_cross_packet = pass.as_ref().is_some_and(|pass| pass.is_cross_packet);
    let asks = pass.as_ref().map(|pass| pass.asks).unwrap_or_default();
    let both = PacketFilters::new(move || {
        let (window, mut pass) = (window.clone(), pass.as_ref().map(PacketFilters::make));
        Box::new(move |packet, history| {
            window.holds(packet.frame.time)
                && pass.as_mut().is_none_or(|pass| pass(packet, history))
        })
    });
    Some(both.cross_packet(is_cross_packet, asks))
}

/// Waits for the run to end or a signal; gives the signal's number.
pub(super) fn wait(
    session: &Session,
    signals: &Signals,
    signal_events: Option<SignalEvents>,
    stop: &Stop,
    follows: bool,
) -> Option<u8> {
    while !session.wait(Duration::from_millis(20)) && signals.last().is_none() {}
    let is_over = session.wait(Duration::ZERO);
    if let Some(events) = signal_events {
        events.watch();
    }
    let signal = signals.last().filter(|_| !is_over)?;
    // What a followed file has by now is read; then what is parsed goes out, and an analyst that is
    // stuck is not waited for.
    stop.stop();
    session.wait(if follows { FOLLOW } else { Duration::ZERO });
    session.stop();
    if !session.wait(LAST) {
        // Nothing else is lost by readers that are slow: what they get ends on a whole line.
        signals.shutdown().end_with_line();
        session.wait(Shutdown::LAST_LINE);
    }
    Some(signal)
}
