//! The event loop: update the data, draw what changed, wait for input.

use std::io::{ErrorKind, IsTerminal};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use signal_hook::consts::SIGINT;

use super::input::{self, Input, SignalEvent, action};
use super::probe::ReplyFilter;
use super::terminal::Screen;
use crate::base::fault;
use crate::capture::CaptureError;
use crate::capture::save::{Folder, Shutdown, Stream};
use crate::dashboard::engine::app::{App, LiveCapture};
use crate::dashboard::model::action::Effect;
use crate::dashboard::model::panel_id::PanelId;
use crate::dashboard::model::state::State;
use crate::dashboard::model::theme::Theme;
use crate::dashboard::model::workspace::Workspace;
use crate::dashboard::view::screen;
use crate::report::time::TimeFormat;
use crate::session::{Outcome, Plan};

/// What the dashboard needs to open.
pub struct DashboardOptions<'a> {
    /// Names of the captures or interfaces, safe to show.
    pub title: String,
    /// How the process is confined, in a few words; empty where that is not shown.
    pub sandbox: String,
    /// Makes the files that packets are saved to.
    pub saves: Folder,
    /// What to run; the dashboard adds a sink.
    pub plan: Plan,
    /// The filter at the start.
    pub filter: Option<String>,
    /// How times are written.
    pub time: TimeFormat,
    /// Colours and characters.
    pub theme: Theme,
    /// The panel that is open at first.
    pub view: PanelId,
    /// What the user works with.
    pub workspace: Workspace,
    /// The live capture, where packets are of one.
    pub live: Option<LiveCapture>,
    /// The number of the last signal, if any came.
    pub signal: &'a dyn Fn() -> Option<u8>,
    /// Hurries the outputs once the dashboard ends.
    pub shutdown: Shutdown,
    /// Signals as they come; waiting for one blocks.
    pub signals: Option<Box<dyn Iterator<Item = SignalEvent> + Send>>,
    /// The terminal as it is written to.
    pub out: Stream,
}

/// How the dashboard ended.
#[derive(Debug)]
pub struct DashboardEnd {
    /// The outcome of the run.
    pub outcome: Outcome,
    /// The signal that ended it; that of the interrupt key too.
    pub signal: Option<u8>,
    /// The filters that were used, where any were.
    pub filters: Vec<String>,
}

/// Least time between frames that only show newer numbers.
const FRAME: Duration = Duration::from_millis(100);

/// Longest wait for a key before signals and the run are checked.
const TICK: Duration = Duration::from_millis(40);

/// Longest wait for a key once nothing but a signal can come by itself.
const IDLE: Duration = Duration::from_millis(200);

/// Time after which a key that needs rows still being computed is tried again.
const HELD: Duration = Duration::from_millis(5);

/// Shows a run on the terminal until the user quits or a signal ends it.
///
/// # Errors
/// The terminal could not be taken or written.
pub fn run(options: DashboardOptions<'_>) -> Result<DashboardEnd, CaptureError> {
    let mut state = State::new(options.title, options.theme, options.time, options.live.is_some());
    state.sandbox = options.sandbox;
    state.panel = options.view;
    state.workspace = options.workspace;
    let known = state.workspace.filters.clone();
    let mut screen = Screen::take(options.out).map_err(refused)?;
    let mut app = App::open(options.plan, state, options.live);
    app.saves = options.saves;
    app.resize(screen.size());
    if let Some(filter) = options.filter {
        app.effect(&Effect::Filter(Some(filter)));
    }
    // A panic here leaves the outputs beside the screen to be ended like any other end.
    let shown = catch_unwind(AssertUnwindSafe(|| {
        input::inputs(options.signals)
            .and_then(|inputs| show(&mut screen, &mut app, options.signal, &inputs))
    }));
    drop(screen);
    options.shutdown.begin();
    let Ok(shown) = shown else {
        let mut outcome = app.close(&options.shutdown);
        outcome.error.get_or_insert(CaptureError::Panicked { what: "the dashboard" });
        return Ok(DashboardEnd { outcome, signal: None, filters: Vec::new() });
    };
    // What the terminal did not take any more is no reason: the signal is.
    let is_late = |error: &std::io::Error| error.kind() == ErrorKind::TimedOut;
    let shown = shown.or_else(|error| match (options.signal)() {
        Some(number) if is_late(&error) => Ok(Some(number)),
        _ => Err(error),
    });
    let signal = match shown {
        Ok(signal) => signal,
        Err(error) => {
            // Outputs beside the screen are ended like at any other end.
            app.close(&options.shutdown);
            return Err(refused(error));
        }
    };
    let filters = Some(&app.state.workspace.filters).filter(|filters| **filters != known);
    let filters = filters.map_or_else(Vec::new, |filters| filters.lines().to_vec());
    Ok(DashboardEnd { outcome: app.close(&options.shutdown), signal, filters })
}

fn refused(error: std::io::Error) -> CaptureError {
    CaptureError::Output { path: PathBuf::from("terminal"), error }
}

/// The event loop: updates the data, draws what changed, waits for input.  Returns the signal that
/// ended it.
fn show(
    screen: &mut Screen,
    app: &mut App,
    signal: &dyn Fn() -> Option<u8>,
    inputs: &Receiver<Input>,
) -> std::io::Result<Option<u8>> {
    let mut drawn: Option<Instant> = None;
    // The first rows are not kept waiting for what was drawn before them.
    let mut was_empty = true;
    let mut is_due = true;
    let mut replies = ReplyFilter::default();
    let mut held = None;
    loop {
        fault::point("screen");
        if let Some(number) = signal() {
            return Ok(Some(number));
        }
        // A terminal that was closed without a signal answers nothing any more, and at once.
        if !std::io::stdout().is_terminal() {
            return Ok(u8::try_from(signal_hook::consts::SIGHUP).ok());
        }
        // The word that a size has changed may come before the change, or late: what counts is the
        // terminal's own.
        let size = screen.size();
        if size != app.state.size && size != (0, 0) {
            app.resize(size);
            is_due = true;
        }
        let is_new = app.refresh();
        let is_time = was_empty || drawn.is_none_or(|at| at.elapsed() >= FRAME);
        is_due |= is_new && is_time;
        if is_due {
            screen.draw(|buffer| screen::view(&app.state, &app.data, buffer))?;
            drawn = Some(Instant::now());
            was_empty = app.data.snapshot.total.packets == 0;
            app.was_drawn();
        }
        let is_left = is_new && !is_due;
        is_due = false;
        let patience = if is_left {
            drawn.map_or(FRAME, |at| FRAME.saturating_sub(at.elapsed()))
        } else if app.is_waiting() {
            Duration::from_millis(10)
        } else if app.is_at_rest() {
            IDLE
        } else {
            TICK
        };
        let mut next = if let Some(event) = held.take() {
            std::thread::sleep(HELD);
            Some(Input::Event(Ok(event)))
        } else {
            match inputs.recv_timeout(patience) {
                Ok(input) => Some(input),
                Err(RecvTimeoutError::Timeout) => None,
                // The error was reported; no more keys will come.
                Err(RecvTimeoutError::Disconnected) => return Err(ErrorKind::BrokenPipe.into()),
            }
        };
        while let Some(input) = next.take() {
            is_due = true;
            let event = match input {
                Input::Event(event) => event?,
                Input::Signal(signal) => {
                    match signal {
                        SignalEvent::End(number) | SignalEvent::Force(number) => {
                            return Ok(Some(number));
                        }
                        SignalEvent::Stop => screen.suspend()?,
                        SignalEvent::Continue => screen.retake()?,
                    }
                    break;
                }
            };
            if replies.takes(&event, Instant::now()) {
                next = inputs.try_recv().ok();
                continue;
            }
            if let Some(action) = action(&event, &app.state) {
                if app.is_early(action) {
                    held = Some(event);
                    break;
                }
                match app.act(action) {
                    Some(Effect::Quit) => return Ok(None),
                    Some(Effect::Interrupt) => {
                        return Ok(u8::try_from(SIGINT).ok());
                    }
                    Some(Effect::Suspend) => screen.suspend()?,
                    Some(Effect::Copy(text)) => app.copied(screen.copy(&text)),
                    Some(effect) => app.effect(&effect),
                    None => {}
                }
            }
            // Keys that were pressed while this one was answered are answered in the same frame.
            next = inputs.try_recv().ok();
        }
    }
}
