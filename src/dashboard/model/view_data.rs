//! The data that is on the screen: statistics at most a moment old, packets around the cursor, the
//! status.

use std::sync::Arc;

use super::packet_page::PacketPage;
use super::panel_id::PanelId;
use super::snapshot::Snapshot;
use super::state::State;
use crate::analyze::statistic::Row;
use crate::base::timestamp::Timestamp;
use crate::report::summary::Statistic;

/// Everything a screen is drawn from beside the state.  Cheap to clone: freezing keeps one.
#[derive(Debug, Clone, Default)]
pub struct ViewData {
    /// The statistics.
    pub snapshot: Arc<Snapshot>,
    /// The packets around the cursor.
    pub page: Arc<PacketPage>,
    /// Counts of packets, and the progress of the run.
    pub run_status: RunStatus,
    /// First and last time of all packets, whatever is shown of them.
    pub all_times: Option<(Timestamp, Timestamp)>,
}

impl ViewData {
    /// A statistic of the packets that are shown.
    pub fn statistic(&self, row: &Row) -> &Statistic {
        self.snapshot.statistics.get(row)
    }

    /// Time from which relative times count.
    pub fn start(&self) -> Option<Timestamp> {
        self.all_times.or(self.snapshot.times).map(|times| times.0)
    }
}

/// Counts of packets, and how far the run has come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunStatus {
    /// Packets captured.
    pub captured: u64,
    /// Packets that passed the filter.
    pub shown: u64,
    /// Packets dropped by the kernel, where it is known.
    pub kernel: Option<u64>,
    /// Packets dropped by the interface, where it is known.
    pub interface: Option<u64>,
    /// Packets that a file says were dropped between those that are there, where it does.
    pub between: Option<u64>,
    /// Packets dropped for want of room in this program.
    pub application: u64,
    /// Events that were left out of what is written beside the screen: its reader was too slow.
    pub left_out: u64,
    /// Flows that had to go to make room.
    pub evicted: u64,
    /// Packets that are no longer kept.
    pub gone: u64,
    /// Where the input stopped making sense.
    pub damage: Option<String>,
    /// Interfaces that carry no packets now.
    pub down: Vec<String>,
    /// Why the capture could not go on.
    pub error: Option<String>,
    /// How far a file has been read.
    pub progress: Option<Progress>,
    /// Whether everything has been read.
    pub has_ended: bool,
}

/// How far a file has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Octets read, or packets filtered.
    pub done: u64,
    /// Those in all.
    pub all: u64,
    /// Octets read a second; none while a filter runs.
    pub rate: Option<u64>,
}

impl Progress {
    /// Seconds left at this rate, where there is one.
    pub fn seconds_left(&self) -> Option<u64> {
        self.all.saturating_sub(self.done).checked_div(self.rate?)
    }

    /// How much is done, in percent.
    pub fn percent(&self) -> u64 {
        let percent = u128::from(self.done) * 100 / u128::from(self.all.max(1));
        u64::try_from(percent.min(100)).unwrap_or(100)
    }
}

impl ViewData {
    /// Whether the view has no rows yet, though it may get some.
    pub fn is_making(&self, state: &State) -> bool {
        let may_come = !self.run_status.has_ended || self.run_status.shown > 0;
        if state.panel == PanelId::PACKETS {
            return self.page.count == 0 && may_come;
        }
        let is_of_another = self.snapshot.query.rows != state.rows();
        is_of_another || self.snapshot.total.packets == 0 && may_come
    }
}
