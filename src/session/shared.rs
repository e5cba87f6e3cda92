//! What the analysts of a run share.

use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Condvar, Mutex, OnceLock};

use super::faults::Faults;
use super::guarded::Guarded;
use super::pipeline::Pipeline;
use super::sequencer::Sequencer;
use super::sink::PacketFilters;
use super::stats_timer::{SoFar, StatsTimer};
use crate::analyze::datagram::Assembly;
use crate::analyze::streams::Streams;
use crate::base::timestamp::Timestamp;
use crate::capture::facts::SharedFacts;
use crate::capture::{CaptureError, Damage, Interface, Source};
use crate::decode::history::Asks;

/// All of it.
pub(super) struct Shared {
    pub(super) intake: Mutex<Intake>,
    pub(super) pipeline: Pipeline,
    /// For a run whose filter tests for cross-packet anomalies, or some of whose outputs ask what
    /// the packets before say of those that pass: the analysis that all packets go through.
    pub(super) watch: Option<Pipeline>,
    /// Whether that is only for what outputs ask of the packets before: the filter needs nothing of
    /// it.
    pub(super) is_watched_aside: bool,
    /// What somebody asks of the packets before.
    pub(super) asks: Asks,
    /// Streams of TCP and of UDP, by the number of the batch.
    pub(super) streams: Sequencer<[Streams; 2]>,
    /// Datagrams in fragments, where an output takes them whole.
    pub(super) assembly: Option<Mutex<Assembly>>,
    /// When totals are due, where an output takes them, and what they count; the writer holds it.
    pub(super) stats_timer: Mutex<(Option<StatsTimer>, SoFar)>,
    pub(super) write: Sequencer<Vec<Guarded>>,
    pub(super) pass: Option<PacketFilters>,
    pub(super) count: Option<u64>,
    pub(super) stop: AtomicBool,
    pub(super) stopped: AtomicBool,
    /// Whether an output ended the run.
    pub(super) is_cut: AtomicBool,
    pub(super) begun: AtomicBool,
    /// Time of the first packet.
    pub(super) zero: OnceLock<Option<Timestamp>>,
    pub(super) seen: [AtomicU64; 2],
    pub(super) ended: Mutex<Ended>,
    pub(super) finished: Condvar,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

/// The source, and how far it was read.
pub(super) struct Intake {
    pub(super) source: Box<dyn Source>,
    pub(super) next: u64,
    /// When the last packet before came.
    pub(super) last: Option<Timestamp>,
    pub(super) is_over: bool,
    pub(super) interfaces: Arc<Vec<Interface>>,
    pub(super) facts: SharedFacts,
}

/// How the run ended, as far as it has.
#[derive(Default)]
pub(super) struct Ended {
    /// Analysts whose threads have not ended.
    pub(super) running: usize,
    /// Those of them that have not left their work: one of them is the last to.
    pub(super) at_work: usize,
    pub(super) damage: Vec<Damage>,
    pub(super) error: Option<CaptureError>,
    pub(super) faults: Faults,
}
