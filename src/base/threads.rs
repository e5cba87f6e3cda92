//! Threads that work side by side, and what they share.

use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread::{Builder, JoinHandle, Scope, ScopedJoinHandle};

/// What `mutex` guards.  A thread that panicked while it had the lock has printed why, and the
/// whole ends with it; until then the others go on with what it left.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Locks a mutex if it is free now, also if a thread panicked while it held it.
pub fn try_lock<T>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    match mutex.try_lock() {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

/// Locks a mutex that is never held for long: looks for a while before it sleeps, since to be woken
/// takes longer than what is done with it.
pub fn lock_soon<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    for _ in 0..LOOKS {
        if let Some(guard) = try_lock(mutex) {
            return guard;
        }
        for _ in 0..PAUSES {
            std::hint::spin_loop();
        }
    }
    lock(mutex)
}

/// Looks whether a lock is free before sleep, and pauses between two: some fifty microseconds.
const LOOKS: u32 = 100;
const PAUSES: u32 = 16;

/// What a thread made.  Its panic was printed by the hook, and goes on here.
pub fn join<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// A thread of that name.
///
/// The system may have no room for one more: an error like others.  The standard library's shorter
/// ways to begin a thread panic then; `clippy.toml` forbids all but those here.
///
/// # Errors
/// The system has no room for one more.
#[expect(clippy::disallowed_methods, reason = "it gives the error on")]
pub fn spawn<T: Send + 'static>(
    name: impl Into<String>,
    work: impl FnOnce() -> T + Send + 'static,
) -> std::io::Result<JoinHandle<T>> {
    Builder::new().name(name.into()).spawn(work).map_err(|error| {
        std::io::Error::new(error.kind(), format!("no thread could be made: {error}"))
    })
}

/// A thread that may borrow; none where the system has no room for one more.
#[expect(clippy::disallowed_methods, reason = "without a thread there is none to wait for")]
fn beside<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> T + Send + 'scope,
) -> Option<ScopedJoinHandle<'scope, T>> {
    Builder::new().spawn_scoped(scope, work).ok()
}

/// Does both: the first beside the second, or after it where there can be no other thread.
pub fn both<A: Send, B>(first: impl Fn() -> A + Sync, second: impl FnOnce() -> B) -> (A, B) {
    std::thread::scope(|scope| {
        let thread = beside(scope, &first);
        let second = second();
        (thread.map_or_else(&first, join), second)
    })
}

/// What each of so many threads makes of its number, in the order of the numbers; the first is this
/// thread, which also does the work of those that could not be made.
pub fn side_by_side<T: Send>(threads: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let work = &work;
    std::thread::scope(|scope| {
        let others: Vec<_> =
            (1..threads).map(|number| (number, beside(scope, move || work(number)))).collect();
        let mut all = vec![work(0)];
        let made = |(number, thread): (usize, Option<_>)| thread.map_or_else(|| work(number), join);
        all.extend(others.into_iter().map(made));
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_side_by_side_is_in_order() {
        assert_eq!(side_by_side(5, |number| number * 2), [0, 2, 4, 6, 8]);
        assert_eq!(side_by_side(0, |number| number), [0]);
        assert_eq!(both(|| 1, || 2), (1, 2));
    }

    #[test]
    fn a_lock_that_a_panic_left_is_taken() {
        let mutex = Mutex::new(1);
        let panicked = std::panic::catch_unwind(|| {
            let _guard = lock(&mutex);
            panic!("as a test");
        });
        assert!(panicked.is_err() && mutex.is_poisoned());
        assert_eq!(*lock(&mutex), 1);
        let held = try_lock(&mutex);
        assert_eq!(held.as_deref(), Some(&1));
        assert!(try_lock(&mutex).is_none());
    }
}
