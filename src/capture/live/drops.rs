//! What became of every packet the kernel saw: delivered, dropped on the way, or left unread.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::capture::ledger::Ledger;

/// Counters of a running capture, over all its interfaces; brought up to date every second, and
/// exact once the source has ended.
#[derive(Debug, Default)]
pub struct Drops {
    /// Packets that the kernel counted for us, those it dropped included.
    pub(super) received: AtomicU64,
    /// Packets the consumer was given.
    pub(super) delivered: AtomicU64,
    /// Packets the kernel had no room for in its ring.
    pub(super) kernel: AtomicU64,
    /// Packets the interface or its driver dropped.
    pub(super) interface: AtomicU64,
    /// Packets for which no batch was free.
    pub(super) application: AtomicU64,
}

impl Drops {
    /// The books as they stand.
    pub fn ledger(&self) -> Ledger {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let delivered = of(&self.delivered);
        let (kernel, interface) = (of(&self.kernel), of(&self.interface));
        let application = of(&self.application);
        let accounted = delivered + kernel + application;
        let unread = of(&self.received).saturating_sub(accounted);
        Ledger {
            received: accounted + interface + unread,
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
    /// Takes the counter's present value and gives how much it rose.
    ///
    /// A step back is no wrap of nearly four thousand million, but a counter that could no longer
    /// be read (libpcap says 0 once `/sys/class/net` is out of reach): nothing was added.
    pub(super) fn add(&mut self, now: u32) -> u64 {
        let step = now.wrapping_sub(self.last);
        let step = if step > u32::MAX / 2 { 0 } else { u64::from(step) };
        self.last = now;
        self.total += step;
        step
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_go_on_over_a_wrap() {
        let mut counter = Widened::default();
        for now in [1 << 30, 1 << 31, 3 << 30, u32::MAX, 9] {
            counter.add(now);
        }
        assert_eq!(counter.total, (1 << 32) + 9);
    }

    #[test]
    fn a_counter_that_vanishes_adds_nothing() {
        let mut counter = Widened::default();
        assert_eq!((counter.add(100), counter.add(0), counter.add(0)), (100, 0, 0));
        assert_eq!(counter.total, 100);
    }

    #[test]
    fn books_close_at_any_moment() {
        let drops = Drops::default();
        drops.received.store(100, Ordering::Relaxed);
        drops.delivered.store(60, Ordering::Relaxed);
        drops.kernel.store(10, Ordering::Relaxed);
        drops.interface.store(5, Ordering::Relaxed);
        drops.application.store(7, Ordering::Relaxed);
        let ledger = drops.ledger();
        assert_eq!((ledger.unread, ledger.received), (23, 105));
    }
}
