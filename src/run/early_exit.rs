//! Ends of a command before its work is done: what a function of this room returns as its error.

use std::fmt::Display;

use super::message::complain;
use crate::base::text::Safe;
use crate::capture::{CaptureError, Shortfall};
use crate::exit::Exit;

/// Why a command ends early: the messages for standard error, and the exit status.
///
/// Not every one is a failure: help was printed, a reader had seen enough, a signal came.
#[derive(Debug)]
pub struct EarlyExit {
    messages: Vec<String>,
    exit: Exit,
}

impl EarlyExit {
    /// With that status, and one message.
    pub fn new(exit: Exit, message: impl Display) -> Self {
        Self { messages: vec![message.to_string()], exit }
    }

    /// It cannot be done.
    pub fn cannot(message: impl Display) -> Self {
        Self::new(Exit::Cannot, message)
    }

    /// The command line is wrong; `message` may quote it.
    pub fn usage(message: &str) -> Self {
        Self::new(Exit::Usage, Safe(message))
    }

    /// The terminal refused what a dashboard needs of it.
    pub fn terminal(error: &std::io::Error) -> Self {
        Self::new(Exit::Output, format_args!("the terminal could not be used: {error}"))
    }

    /// With one more message behind the others.
    #[must_use]
    pub fn and(mut self, message: impl Display) -> Self {
        self.messages.push(message.to_string());
        self
    }

    /// Writes the messages on standard error, and gives the status.
    pub fn tell(self) -> Exit {
        for message in &self.messages {
            complain(message);
        }
        self.exit
    }
}

/// Nothing is left to say.
impl From<Exit> for EarlyExit {
    fn from(exit: Exit) -> Self {
        Self { messages: Vec::new(), exit }
    }
}

/// A closed pipe is a reader that has seen enough, and no failure.
impl From<CaptureError> for EarlyExit {
    fn from(error: CaptureError) -> Self {
        if error.is_closed_pipe() {
            return Exit::Done.into();
        }
        Self::new(status_of(&error), &error)
    }
}

/// The status of a run that could not go on for that error.
pub(super) fn status_of(error: &CaptureError) -> Exit {
    match error {
        CaptureError::Output { .. }
        | CaptureError::Unplaced { .. }
        | CaptureError::Unsaved { .. }
        | CaptureError::Short { why: Shortfall::CutShort, .. } => Exit::Output,
        // What the run came to has a status of its own.
        CaptureError::Short { .. } => Exit::Done,
        CaptureError::Permission { .. } => Exit::Permission,
        CaptureError::Interface { .. } => Exit::CaptureLost,
        _ => Exit::Cannot,
    }
}
