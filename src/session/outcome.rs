//! What a run came to.

use std::sync::Arc;
use std::time::Duration;

use crate::analyze::datagram::DatagramCounts;
use crate::analyze::{Analysis, Tally};
use crate::capture::facts::SharedFacts;
use crate::capture::{CaptureError, Damage, Interface, Shortfall};

/// What a run came to.
#[derive(Debug)]
pub struct Outcome {
    /// The statistics.
    pub analysis: Analysis,
    /// Packets seen, whether they passed or not.
    pub seen: Tally,
    /// Where the input stopped making sense.
    pub damage: Vec<Damage>,
    /// Why the source could not go on.
    pub error: Option<CaptureError>,
    /// Why outputs could not go on, one error an output.
    pub output_errors: Vec<CaptureError>,
    /// Why what was made is not to take the place of anything older.
    pub shortfall: Option<Shortfall>,
    /// Blocks and comments that an output had no place for.
    pub left_out: u64,
    /// The interfaces of the capture.
    pub interfaces: Arc<Vec<Interface>>,
    /// What else the capture file says about itself.
    pub facts: SharedFacts,
    /// What became of datagrams in fragments, where an output took them whole.
    pub datagrams: Option<DatagramCounts>,
    /// Fewer threads than were wanted, where there were.
    pub fewer: Option<Fewer>,
    /// How long it took.
    pub elapsed: Duration,
}

/// Fewer threads than were wanted.
#[derive(Debug, thiserror::Error)]
#[error("{made} of {wanted} threads could be made, and did the work; the system allows no more")]
pub struct Fewer {
    /// Threads that there were.
    pub made: usize,
    /// Threads that were requested.
    pub wanted: usize,
    /// Why there were no more.
    pub error: std::io::Error,
}
