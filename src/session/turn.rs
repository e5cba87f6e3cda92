//! Batches decoded side by side, put back in order.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::base::threads::lock;

/// Something that batches get at one after the other, by ordinal.
pub(super) struct Turn<T> {
    pub(super) state: Mutex<(u64, T)>,
    next: Condvar,
}

impl<T> Turn<T> {
    pub(super) fn new(inner: T) -> Self {
        Self { state: Mutex::new((0, inner)), next: Condvar::new() }
    }

    /// Waits for the turn of batch `ordinal`.
    pub(super) fn take(&self, ordinal: u64) -> MutexGuard<'_, (u64, T)> {
        let state = self.lock();
        self.next
            .wait_while(state, |state| state.0 != ordinal)
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The turn of batch `ordinal`, if it has come.
    pub(super) fn try_take(&self, ordinal: u64) -> Option<MutexGuard<'_, (u64, T)>> {
        let state = self.state.try_lock().ok()?;
        (state.0 == ordinal).then_some(state)
    }

    /// Gives the turn to the next batch.
    pub(super) fn pass_on(&self, mut state: MutexGuard<'_, (u64, T)>) {
        state.0 += 1;
        drop(state);
        self.next.notify_all();
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, (u64, T)> {
        lock(&self.state)
    }
}
