//! Threads that work side by side, and what they share.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::ScopedJoinHandle;

/// What `mutex` guards.  A thread that panicked while it had the lock has printed why, and the whole
/// ends with it; until then the others go on with what it left.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a thread made.  Its panic was printed by the hook, and goes on here.
pub fn join<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// What each of so many threads makes of its number, in the order of the numbers; the first is this
/// thread.
pub fn side_by_side<T: Send>(threads: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let work = &work;
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|number| scope.spawn(move || work(number))).collect();
        let mut all = vec![work(0)];
        all.extend(others.into_iter().map(join));
        all
    })
}
