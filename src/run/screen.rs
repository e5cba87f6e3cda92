//! Puts a run on the terminal.

use std::sync::Arc;

use super::outcome::{complain, conclude, fail};
use crate::base::text::safe_bytes;
use crate::capture::CaptureError;
use crate::cli::{Color, Shared, TimeFormat};
use crate::config::{self, Config, History};
use crate::dashboard::keymap::Keymap;
use crate::dashboard::prompt;
use crate::dashboard::state::TimeShown;
use crate::dashboard::tools::Tools;
use crate::dashboard::{Books, Opening, run};
use crate::exit::Exit;
use crate::session::Plan;

/// What a run on the terminal needs to know beside its plan.
pub struct Stage<'a> {
    /// What is looked at: files or interfaces.
    pub sources: &'a [String],
    /// What a live capture tells of itself, and how it is stopped.
    pub books: Option<Books>,
    /// The number of the last signal.
    pub signal: &'a dyn Fn() -> Option<u8>,
}

/// Shows `plan` until the user has seen enough; how that ended.
pub fn show(shared: &Shared, plan: Plan, stage: Stage<'_>) -> Exit {
    let is_live = stage.books.is_some();
    let config = match Config::read(shared.config.as_deref()) {
        Ok(config) => config,
        Err(error) => {
            complain(&error);
            return Exit::Cannot;
        }
    };
    let history = config::history().filter(|_| config.history).map(|path| History::at(&path));
    let tools = tools(&config, history.as_ref());
    // A filter that outputs need too is part of the plan; else the user may take it off.
    let is_free = shared.json.is_none() && shared.write.is_none();
    let filter = shared.filter.clone().filter(|_| is_free);
    let opening = Opening {
        title: safe_bytes(stage.sources.join(" ").as_bytes()),
        plan,
        filter,
        time: shared.time.map_or(config.time, time),
        colours: shared.color != Color::Never,
        theme: config.theme.clone(),
        view: config.view,
        tools,
        books: stage.books,
        signal: stage.signal,
    };
    match run(opening) {
        // In live, the end of the watching is the normal end.
        Ok(ending) => {
            if let Some(history) = history.filter(|_| !ending.filters.is_empty())
                && let Err(error) = history.write(&ending.filters)
            {
                complain(&format_args!("the filters could not be remembered: {error}"));
            }
            conclude(&ending.outcome, ending.signal.filter(|_| !is_live))
        }
        Err(CaptureError::Output { error, .. }) => {
            complain(&format_args!("the terminal could not be used: {error}"));
            Exit::Output
        }
        Err(error) => fail(&error),
    }
}

/// What the user works with, as the configuration has it.
fn tools(config: &Config, history: Option<&History>) -> Tools {
    let mut keymap = Keymap::default();
    for (action, keys) in &config.keys {
        keymap.set(*action, keys.clone());
    }
    Tools {
        columns: (!config.columns.is_empty()).then(|| Arc::new(config.columns.clone())),
        filters: prompt::History::new(history.map(History::read).unwrap_or_default()),
        named: Arc::new(config.filters.clone()),
        keymap: Arc::new(keymap),
        ..Tools::default()
    }
}

fn time(format: TimeFormat) -> TimeShown {
    match format {
        TimeFormat::Relative => TimeShown::Relative,
        TimeFormat::Utc => TimeShown::Utc,
        TimeFormat::Local => TimeShown::Local,
        TimeFormat::Epoch => TimeShown::Epoch,
    }
}
