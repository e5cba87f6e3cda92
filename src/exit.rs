//! Exit codes: what a script may rely on.

use std::process::ExitCode;

/// How a run ended.  Where several apply the order is [`Exit::Output`], [`Exit::CaptureLost`],
/// [`Exit::Damaged`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All went well; also a closed pipe, and the normal end of a live capture.
    Done,
    /// It cannot be done: no such file, not a capture, a filter that does not parse, an address
    /// refused.
    Cannot,
    /// The command line is wrong.
    Usage,
    /// The input is damaged; what could be read was shown.
    Damaged,
    /// An output could not be written.
    Output,
    /// The interface went away.
    CaptureLost,
    /// No permission to capture.
    Permission,
    /// A check found what it was to fail on.
    Failed,
    /// A signal ended a read; its number.
    Signal(u8),
}

impl Exit {
    /// The status the shell sees.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Cannot => 1,
            Self::Usage => 2,
            Self::Damaged => 3,
            Self::Output => 4,
            Self::CaptureLost => 5,
            Self::Permission => 6,
            Self::Failed => 7,
            Self::Signal(number) => 128u8.saturating_add(number),
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
