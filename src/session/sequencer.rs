//! Batches decoded side by side, put back in order.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::base::threads::{lock, try_lock};

/// Between two looks whether it is free.
const LOOK: Duration = Duration::from_millis(2);

/// Looks before sleep: some ten microseconds.
const SPINS: u32 = 1_000;

/// Something that batches get at one after the other, by ordinal.
pub(super) struct Sequencer<T> {
    pub(super) state: Mutex<(u64, T)>,
    next: Condvar,
    /// The ticket whose turn it is, for threads that check before they sleep.
    now: AtomicU64,
    /// How many threads wait: with none, no system call to wake them is made.
    waiting: AtomicUsize,
    /// The first batch that never comes, since its analyst panicked.
    broken_at: AtomicU64,
}

impl<T> Sequencer<T> {
    pub(super) fn new(inner: T) -> Self {
        Self {
            state: Mutex::new((0, inner)),
            next: Condvar::new(),
            now: AtomicU64::new(0),
            waiting: AtomicUsize::new(0),
            broken_at: AtomicU64::new(u64::MAX),
        }
    }

    /// Waits for the turn of batch `ordinal`; none when one before it never comes.
    pub(super) fn take(&self, ordinal: u64) -> Option<MutexGuard<'_, (u64, T)>> {
        let comes = || ordinal < self.broken_at.load(Ordering::Relaxed);
        self.spin(ordinal);
        let mut state = self.lock();
        if state.0 != ordinal && comes() {
            self.waiting.fetch_add(1, Ordering::Relaxed);
            state = self
                .next
                .wait_while(state, |state| state.0 != ordinal && comes())
                .unwrap_or_else(PoisonError::into_inner);
            self.waiting.fetch_sub(1, Ordering::Relaxed);
        }
        comes().then_some(state)
    }

    /// Looks for a short while whether the turn comes: to sleep and be woken takes longer than a
    /// batch is in one place.
    fn spin(&self, ordinal: u64) {
        for _ in 0..SPINS {
            if self.now.load(Ordering::Relaxed) >= ordinal {
                break;
            }
            std::hint::spin_loop();
        }
    }

    /// Ends every wait for batch `ordinal` and for those behind it.
    pub(super) fn break_at(&self, ordinal: u64) {
        self.broken_at.fetch_min(ordinal, Ordering::Relaxed);
        // Whoever has looked and does not wait yet holds the lock.
        drop(self.lock());
        self.next.notify_all();
    }

    /// Waits for the turn of batch `ordinal`; takes the lock without it where that turn never
    /// comes.
    pub(super) fn take_or_lock(&self, ordinal: u64) -> MutexGuard<'_, (u64, T)> {
        self.take(ordinal).unwrap_or_else(|| self.lock())
    }

    /// The turn of batch `ordinal`, if it has come.
    pub(super) fn try_take(&self, ordinal: u64) -> Option<MutexGuard<'_, (u64, T)>> {
        let state = try_lock(&self.state)?;
        (state.0 == ordinal).then_some(state)
    }

    /// Gives the turn to the next batch.
    pub(super) fn pass_on(&self, mut state: MutexGuard<'_, (u64, T)>) {
        state.0 += 1;
        self.now.store(state.0, Ordering::Relaxed);
        // Whoever waits has said so with the lock held.
        let is_awaited = self.waiting.load(Ordering::Relaxed) > 0;
        drop(state);
        if is_awaited {
            self.next.notify_all();
        }
    }

    /// What the turn guards, if its holder releases it in that time.
    pub(super) fn lock_within(&self, patience: Duration) -> Option<MutexGuard<'_, (u64, T)>> {
        let until = Instant::now() + patience;
        loop {
            match try_lock(&self.state) {
                None if Instant::now() < until => std::thread::sleep(LOOK),
                state => return state,
            }
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, (u64, T)> {
        lock(&self.state)
    }
}
