//! Puts a run on the terminal.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::early_exit::EarlyExit;
use super::message::complain;
use super::open_outputs::OpenOutputs;
use super::outcome::conclude;
use super::outputs::decode_by;
use super::signals::{SignalEvents, Signals};
use crate::base::text::safe_bytes;
use crate::capture::CaptureError;
use crate::capture::save::{Folder, Shutdown, Stream};
use crate::cli::Shared;
use crate::cli::values::Color;
use crate::config::{self, Config, History};
use crate::dashboard::DashboardOptions;
use crate::dashboard::LiveCapture;
use crate::dashboard::SignalEvent;
use crate::dashboard::model::keymap::Keymap;
use crate::dashboard::model::prompt;
use crate::dashboard::model::theme::{Background, Palette, Theme};
use crate::dashboard::model::workspace::Workspace;
use crate::dashboard::run;
use crate::dashboard::shell::probe;
use crate::dashboard::shell::terminal_guard::{self, TerminalGuard};
use crate::exit::Exit;
use crate::export::Export;
use crate::filter::template;
use crate::guard::{self, Identity, Needs, SandboxMode};
use crate::session::Plan;

/// Time for closing what is left when a run has ended.
const LAST: Duration = Duration::from_millis(80);

/// What a run on the terminal needs beside its plan.
pub struct DashboardContext<'a> {
    /// How the process is confined.
    pub sandbox: String,
    /// What creates the files that packets are saved to: this process or a broker.
    pub saves: Folder,
    /// The files or interfaces that are shown.
    pub sources: &'a [String],
    /// Counters of a live capture, and how it is stopped.
    pub live_capture: Option<LiveCapture>,
    /// The number of the last signal.
    pub signal: &'a dyn Fn() -> Option<u8>,
    /// What hurries the outputs.
    pub shutdown: Shutdown,
    /// Files to be closed, whatever becomes of the run.
    pub open: OpenOutputs,
    /// Signals as they come.
    pub signal_events: SignalEvents,
    /// What gives the terminal back where this process cannot.
    pub rescue: Option<TerminalGuard>,
}

/// Starts the process that gives the terminal back where the dashboard cannot, if there is to be
/// one.
///
/// Without it a run goes on: only an end by force is then seen on the terminal.
pub fn rescue(format: Option<&'static Export>) -> Option<TerminalGuard> {
    format.is_some_and(Export::is_dashboard).then(TerminalGuard::start)?.ok()
}

/// The process that gives the terminal back.
pub fn guard() -> Exit {
    let confine = || {
        let nothing = Needs::default();
        // What cannot be given up stays: it reads one pipe, and nothing of a capture.
        let _ = guard::engage(SandboxMode::Best, &nothing, Identity::choose(&[], &[]));
    };
    match terminal_guard::watch(confine) {
        Ok(true) => {
            complain("the dashboard was ended by force, or for want of memory");
            Exit::Done
        }
        Ok(false) => Exit::Done,
        Err(_) => Exit::Cannot,
    }
}

/// Settings and the terminal, read before rights are given up: their files are out of reach
/// afterwards.
pub struct DashboardSetup {
    config: Config,
    history: Option<History>,
    remembered: Vec<String>,
    theme: Theme,
    /// The terminal as it is written to, open already.
    out: Stream,
}

impl DashboardSetup {
    /// Reads the configuration and queries the terminal, if there is to be a dashboard.  A process
    /// that is confined afterwards leaves to a broker what it could not write any more.
    ///
    /// # Errors
    /// The configuration is wrong, there is no terminal to write to, or a signal came.
    pub fn read(
        shared: &Shared,
        format: Option<&'static Export>,
        inputs: &[PathBuf],
        signals: &Signals,
        is_confined: bool,
    ) -> Result<Option<Self>, EarlyExit> {
        if !format.is_some_and(Export::is_dashboard) {
            return Ok(None);
        }
        let config = Config::read(shared.config.as_deref()).map_err(EarlyExit::cannot)?;
        decode_by(&config, shared);
        if config.history {
            super::pick::remember(inputs);
        }
        // Where it cannot be opened nothing is remembered: no reason not to look at packets.
        let history = config::history().filter(|_| config.history);
        let history = history.and_then(|path| History::open(&path).ok());
        let remembered = history.as_ref().map(History::read).unwrap_or_default();
        let history = history.map(|mut history| {
            if is_confined {
                history.entrust();
            }
            history
        });
        let variable = |name: &str| std::env::var(name).ok();
        // What the user chose needs no answer of the terminal's.
        let ask = || if config.theme.is_some() { Background::Unknown } else { probe::background() };
        // The answer is not to be echoed: the terminal is in another mode until it has come.
        let theme = signals.held(|| Theme::of(shared.color != Color::Never, variable, ask))?;
        let theme = match config.theme {
            Some(palette) if theme.palette != Palette::Mono => Theme { palette, ..theme },
            _ => theme,
        };
        let out =
            Stream::standard(&signals.shutdown()).map_err(|error| EarlyExit::terminal(&error))?;
        Ok(Some(Self { config, history, remembered, theme, out }))
    }

    /// What the user works with, as the configuration has it; fragments are whole at first or not.
    fn workspace(&self, is_whole: bool) -> Workspace {
        let config = &self.config;
        let mut keymap = Keymap::default();
        for (action, keys) in &config.keys {
            keymap.set(*action, keys.clone());
        }
        Workspace {
            is_whole,
            columns: (!config.columns.is_empty()).then(|| Arc::new(config.columns.clone())),
            filters: prompt::History::new(self.remembered.clone()),
            named: Arc::new(config.filters.clone()),
            keymap: Arc::new(keymap),
            palettes: Arc::new(config.palettes.clone()),
            ..Workspace::default()
        }
    }
}

/// Shows `plan` until the user has seen enough; how that ended.
///
/// # Errors
/// The terminal cannot be used.
pub fn show(
    shared: &Shared,
    plan: Plan,
    context: DashboardContext<'_>,
    setup: DashboardSetup,
) -> Result<Exit, EarlyExit> {
    let is_live = context.live_capture.is_some();
    // A filter that outputs need too is part of the plan; else the user may take it off.
    let is_free = shared.json.is_none() && shared.write.is_none();
    let filter = shared.filter.as_deref().filter(|_| is_free).map(|filter| {
        template::expand(filter, &setup.config.filters).unwrap_or_else(|_| filter.to_owned())
    });
    let options = DashboardOptions {
        title: safe_bytes(context.sources.join(" ").as_bytes()),
        sandbox: context.sandbox,
        saves: context.saves,
        plan,
        filter,
        time: shared.time.unwrap_or(setup.config.time),
        theme: setup.theme,
        view: setup.config.view,
        workspace: setup.workspace(shared.reassemble),
        live: context.live_capture,
        signal: context.signal,
        shutdown: context.shutdown,
        signals: Some(
            Box::new(context.signal_events) as Box<dyn Iterator<Item = SignalEvent> + Send>
        ),
        out: setup.out,
    };
    // It ends with this function, when the terminal is given back.
    let _rescue = context.rescue;
    let ended = run(options);
    let short = ended.as_ref().ok().and_then(|ending| ending.outcome.shortfall);
    context.open.close(LAST, short);
    let ending = ended.map_err(|error| match error {
        CaptureError::Output { error, .. } => EarlyExit::terminal(&error),
        error => error.into(),
    })?;
    if let Some(history) = setup.history.filter(|_| !ending.filters.is_empty())
        && let Err(error) = history.write(&ending.filters)
    {
        complain(&format_args!("the filters could not be remembered: {error}"));
    }
    // In live, the end of the watching is the normal end.
    let signal = ending.signal.filter(|_| !is_live);
    Ok(conclude(&ending.outcome, Some(signal.map_or(Exit::Done, Exit::Signal))))
}
