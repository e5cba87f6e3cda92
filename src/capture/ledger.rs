//! What became of every packet that the kernel saw.

/// The counters at one moment.  `received = delivered + kernel + interface + application + unread`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Ledger {
    /// The sum of all others.
    pub received: u64,
    /// Packets the consumer was given.
    pub delivered: u64,
    /// Packets the kernel had no room for in its ring.
    pub kernel: u64,
    /// Packets the interface or its driver dropped.
    pub interface: u64,
    /// Packets for which no batch was free.
    pub application: u64,
    /// Packets that nobody read: on their way while the capture runs, left behind once it ended.
    pub unread: u64,
}
