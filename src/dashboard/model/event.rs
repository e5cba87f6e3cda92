//! Events of the engine: beside actions the only cause for the state to change.

use super::packet_column::PacketSort;
use super::state::FilterError;
use crate::base::timestamp::Timestamp;

/// What has happened in the engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The job under way was cancelled.
    Cancelled,
    /// A filter that was to be applied is none.
    FilterRejected {
        /// What was written.
        text: Option<String>,
        /// What is wrong with it.
        wrong: FilterError,
    },
    /// From now on other packets are shown.
    Filtered {
        /// The filter that they pass.
        filter: Option<String>,
        /// The time in which they are.
        span: Option<(Timestamp, Timestamp)>,
        /// Position of the packet to select.
        cursor: u64,
    },
    /// The packet to go to is at that position.
    Located(u64),
    /// The packet that was searched for is at `position`.
    Found {
        /// Its position.
        position: u64,
        /// Whether the search went past the end to find it.
        is_wrapped: bool,
    },
    /// The packet that was gone to is there: its row about that anomaly is to be selected.
    AnomalyLocated(&'static str),
    /// The snapshot says at how many packets the view was frozen.
    Frozen(u64),
    /// Packets are in another order.
    Sorted {
        /// By what; none for the order of the capture.
        by: Option<PacketSort>,
        /// Where the selected packet is now, if one was.
        position: Option<u64>,
    },
    /// There are too many packets to sort them.
    SortRefused {
        /// Whether they are in the requested order, except for those that came since.
        is_sorted: bool,
        /// Why, in words.
        why: String,
    },
    /// Values that a field has among the first packets, most frequent first.
    FieldValues {
        /// Its name.
        name: String,
        /// The values.
        values: Vec<String>,
    },
    /// The values that do occur, if nothing matches the filter.
    NoMatch(String),
    /// Something is done, in words.
    Done(String),
    /// Something cannot be done: why, in words.
    Refused(String),
}
