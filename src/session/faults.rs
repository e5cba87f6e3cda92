//! What went wrong with outputs: one error each, whichever came first.

use crate::capture::CaptureError;

/// Errors of outputs by their places.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<(usize, CaptureError)>);

impl Faults {
    /// Notes an error, unless that output had one before of which this does not say more.
    pub(super) fn note(&mut self, output: usize, error: CaptureError) {
        match self.0.iter_mut().find(|(known, _)| *known == output) {
            Some((_, first)) if error.completes(first) => *first = error,
            Some(_) => {}
            None => self.0.push((output, error)),
        }
    }

    /// The first that came.
    pub(super) fn first(&self) -> Option<&CaptureError> {
        self.0.first().map(|(_, error)| error)
    }

    /// Whether all of them are that a reader was not waited for any longer.
    pub(super) fn are_late(&self) -> bool {
        self.0.iter().all(|(_, error)| error.is_late())
    }

    /// All of them in the order of the outputs.
    pub(super) fn into_errors(mut self) -> Vec<CaptureError> {
        self.0.sort_by_key(|(output, _)| *output);
        self.0.into_iter().map(|(_, error)| error).collect()
    }
}
