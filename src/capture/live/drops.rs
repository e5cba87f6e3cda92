//! Counters of a running capture that all its threads share.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::capture::ledger::Ledger;

/// Counters of a running capture, over all its interfaces; brought up to date every second, and
/// exact once the source has ended.
#[derive(Debug, Default)]
pub struct Drops {
    /// Packets that the kernel counted for us, those it dropped included; without those that a
    /// filter rejected here.
    pub(super) received: AtomicU64,
    /// Packets the consumer was given.
    pub(super) delivered: AtomicU64,
    /// Packets the kernel had no room for in its ring.
    pub(super) kernel: AtomicU64,
    /// Packets the interface or its driver dropped.
    pub(super) interface: AtomicU64,
    /// Packets for which no batch was free.
    pub(super) application: AtomicU64,
    /// Whether the kernel does not report for some interface what it received and dropped.
    pub(super) is_kernel_silent: AtomicBool,
    /// Whether what some interface dropped cannot be read.
    pub(super) is_interface_silent: AtomicBool,
}

/// Whether the kernel counts a packet once it has passed the filter; others count it before.
const COUNTS_WHAT_PASSED: bool = cfg!(target_os = "linux");

impl Drops {
    /// The ledger as it stands.
    pub fn ledger(&self) -> Ledger {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let is = |flag: &AtomicBool| flag.load(Ordering::Relaxed);
        let (delivered, application) = (of(&self.delivered), of(&self.application));
        let is_told = !is(&self.is_kernel_silent);
        let kernel = is_told.then(|| of(&self.kernel));
        let interface = (!is(&self.is_interface_silent)).then(|| of(&self.interface));
        let unread = kernel
            .filter(|_| COUNTS_WHAT_PASSED)
            .map(|kernel| of(&self.received).saturating_sub(delivered + kernel + application));
        let lost = |kernel, interface: Option<u64>, unread: Option<u64>| {
            Some(delivered + application + kernel + interface? + unread?)
        };
        Ledger {
            received: kernel.and_then(|kernel| lost(kernel, interface, unread)),
            delivered,
            kernel,
            interface,
            application,
            unread,
        }
    }
}

/// A 32-bit counter of libpcap's, widened: it wraps after seven minutes at 10 million a second.
#[derive(Debug, Default)]
pub(super) struct Widened {
    last: u32,
    pub(super) total: u64,
}

impl Widened {
    /// A counter that stands at `now` when nothing is counted yet.
    pub(super) fn from(now: u32) -> Self {
        Self { last: now, total: 0 }
    }

    /// Takes the counter's present value.
    pub(super) fn add(&mut self, now: u32) {
        self.total += u64::from(now.wrapping_sub(self.last));
        self.last = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_go_on_over_a_wrap() {
        let mut counter = Widened::from(0);
        for now in [1 << 30, 1 << 31, 3 << 30, u32::MAX, 9] {
            counter.add(now);
        }
        assert_eq!(counter.total, (1 << 32) + 9);
    }

    #[test]
    fn what_was_counted_before_the_capture_is_no_part_of_it() {
        let mut counter = Widened::from(100);
        counter.add(130);
        assert_eq!(counter.total, 30);
    }

    fn some() -> Drops {
        let drops = Drops::default();
        drops.received.store(100, Ordering::Relaxed);
        drops.delivered.store(60, Ordering::Relaxed);
        drops.kernel.store(10, Ordering::Relaxed);
        drops.interface.store(5, Ordering::Relaxed);
        drops.application.store(7, Ordering::Relaxed);
        drops
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn books_close_at_any_moment() {
        let ledger = some().ledger();
        assert_eq!((ledger.unread, ledger.received), (Some(23), Some(105)));
    }

    #[test]
    fn what_nobody_tells_is_not_known_and_neither_is_a_sum_with_it() {
        let drops = some();
        drops.is_interface_silent.store(true, Ordering::Relaxed);
        let ledger = drops.ledger();
        assert_eq!((ledger.interface, ledger.received, ledger.kernel), (None, None, Some(10)));
        drops.is_kernel_silent.store(true, Ordering::Relaxed);
        let ledger = drops.ledger();
        assert_eq!((ledger.kernel, ledger.unread, ledger.delivered), (None, None, 60));
    }
}
