//! Puts a run on the terminal.

use super::outcome::{complain, conclude, fail};
use crate::base::text::safe_bytes;
use crate::capture::CaptureError;
use crate::cli::{Color, Shared, TimeFormat};
use crate::dashboard::state::TimeShown;
use crate::dashboard::{Books, Opening, run};
use crate::exit::Exit;
use crate::session::Plan;

/// What a run on the terminal needs to know beside its plan.
pub struct Stage<'a> {
    /// What is looked at: files or interfaces.
    pub sources: &'a [String],
    /// How the process is confined.
    pub sandbox: &'static str,
    /// What a live capture tells of itself, and how it is stopped.
    pub books: Option<Books>,
    /// The number of the last signal.
    pub signal: &'a dyn Fn() -> Option<u8>,
}

/// Shows `plan` until the user has seen enough; how that ended.
pub fn show(shared: &Shared, plan: Plan, stage: Stage<'_>) -> Exit {
    let is_live = stage.books.is_some();
    // A filter that outputs need too is part of the plan; else the user may take it off.
    let is_free = shared.json.is_none() && shared.write.is_none();
    let filter = shared.filter.clone().filter(|_| is_free);
    let opening = Opening {
        title: safe_bytes(stage.sources.join(" ").as_bytes()),
        sandbox: stage.sandbox,
        plan,
        filter,
        time: time(shared.time),
        colours: shared.color != Color::Never,
        books: stage.books,
        signal: stage.signal,
    };
    match run(opening) {
        // In live, the end of the watching is the normal end.
        Ok(ending) => conclude(&ending.outcome, ending.signal.filter(|_| !is_live)),
        Err(CaptureError::Output { error, .. }) => {
            complain(&format_args!("the terminal could not be used: {error}"));
            Exit::Output
        }
        Err(error) => fail(&error),
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
