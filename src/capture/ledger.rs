//! What became of every packet of a capture, and which of these numbers are known.
//!
//! | name | what it counts | when it is not known |
//! |---|---|---|
//! | received | the sum of all others | when one of them is not |
//! | delivered | packets that the analysis was given | never |
//! | kernel | packets that passed what of the filter runs in the kernel, and found no room in its ring | the system does not report it; a file without statistics |
//! | interface | packets that the interface or its driver dropped, for whomever they were | no counters in `/sys/class/net`, or another network namespace's; `any`; a file without statistics |
//! | application | packets that this program had no room for | never: files wait |
//! | unread | packets in the kernel's ring, on their way while the capture runs, left behind once it ended | systems that count packets before they filter them; any file |
//!
//! On Linux a socket's own statistics (`packet(7)`, `PACKET_STATISTICS`) count what passed the
//! filter that the kernel runs, what found no room included.  libpcap drops more by itself: what a
//! filter rejects that the kernel does not take, what came before there was a filter, and the first
//! of the two times that `lo` shows a packet.  So none of that is left to it: the capture begins
//! with an empty ring, the kernel leaves out what `lo` sends, and a filter that the kernel does not
//! take is run, and what it rejects counted, here.
//!
//! Of a file, kernel and interface are the sums of what its interface statistics say.

use super::facts::Facts;

/// The counters at one moment.  `received = delivered + kernel + interface + application + unread`,
/// where all are known.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Ledger {
    /// The sum of all others.
    pub received: Option<u64>,
    /// Packets the consumer was given.
    pub delivered: u64,
    /// Packets the kernel had no room for in its ring.
    pub kernel: Option<u64>,
    /// Packets the interface or its driver dropped.
    pub interface: Option<u64>,
    /// Packets for which no batch was free.
    pub application: u64,
    /// Packets not read: still queued while the capture runs, left behind once it has ended.
    pub unread: Option<u64>,
}

/// What a capture file says of packets that are not in it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Recorded {
    /// Packets that passed the capture filter (`isb_filteraccept`).
    pub accepted: Option<u64>,
    /// Packets that the operating system dropped (`isb_osdrop`).
    pub kernel: Option<u64>,
    /// Packets that the interface dropped (`isb_ifdrop`).
    pub interface: Option<u64>,
    /// Packets that interface or system dropped between those that are there (`epb_dropcount`).
    pub between: Option<u64>,
}

impl Recorded {
    /// The sums over the counters of all interfaces.
    pub fn of(facts: &Facts) -> Self {
        let sum = |of: fn(&super::facts::Counted) -> Option<u64>| {
            facts.counted.values().filter_map(of).reduce(u64::saturating_add)
        };
        Self {
            accepted: sum(|counted| counted.accepted),
            kernel: sum(|counted| counted.dropped_by_system),
            interface: sum(|counted| counted.dropped),
            between: facts.dropped_between,
        }
    }
}
