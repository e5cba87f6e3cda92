//! The thread that empties one interface's ring into batches.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use pcap::{Active, Capture, Packet, PacketHeader, Precision, Stat};

use super::device::{self, DropCounter};
use super::drops::{Drops, Widened};
use crate::base::timestamp::Timestamp;
use crate::capture::batch::{BATCH_OCTETS, Batch};
use crate::capture::bpf::program::Program;
use crate::capture::error::CaptureError;
use crate::capture::facts::{Counted, SharedFacts};
use crate::capture::interface::{Interface, LinkType};
use crate::capture::queue::Feeder;
use crate::capture::source::Stop;

/// After this time the kernel hands over a block of its ring that is not full.
pub(super) const RETIRE: Duration = Duration::from_millis(20);
/// Packets taken before looking at clock and flags.
const RUN: usize = 4096;
/// Packets read in one go where they wait in the ring: those of a run that a stop overtakes are
/// dropped here.
const SHORT_RUN: usize = 64;
/// Sleep when the ring is empty and packets came a moment ago.
const SHORT: Duration = Duration::from_millis(2);
/// Sleep when the interface is quiet.
const LONG: Duration = Duration::from_millis(10);
/// How long a ring is read after a stop.
const DRAIN: Duration = Duration::from_millis(100);
/// How long a lost interface's ring is read: its last block retires within [`RETIRE`] and a tick.
const LAST: Duration = Duration::from_millis(30);
/// How often the kernel's counters are read.
const COUNT: Duration = Duration::from_secs(1);

/// Linux has nanoseconds on every interface; elsewhere they may be refused without a word, and the
/// pcap crate does not report.
pub(super) const PRECISION: Precision =
    if cfg!(target_os = "linux") { Precision::Nano } else { Precision::Micro };
/// Nanoseconds in a unit of what libpcap gives as the fraction.
const UNIT: i64 = if cfg!(target_os = "linux") { 1 } else { 1000 };

/// One interface and everything its thread needs.
pub(super) struct Reader {
    pub(super) capture: Capture<Active>,
    pub(super) start: Start,
    pub(super) name: String,
    pub(super) index: u32,
    pub(super) link: LinkType,
    pub(super) interfaces: Arc<Vec<Interface>>,
    pub(super) facts: SharedFacts,
    pub(super) drops: Arc<Drops>,
    pub(super) stop: Stop,
    pub(super) feeder: Feeder,
    /// Whether packets stay in the ring while there is no room for them here.
    pub(super) waits: bool,
}

/// How a capture begins.
pub(super) struct Start {
    /// What of the filter the kernel does not run.
    pub(super) rest: Option<Program>,
    /// The kernel's counters; none where they cannot be read.
    pub(super) base: Option<Stat>,
    /// What the interface drops; none where that cannot be read.
    pub(super) dropped: Option<DropCounter>,
    /// Number of the socket by which packets come; none where no interface of the network is read.
    pub(super) socket: Option<i32>,
}

/// The batch being filled.
struct Filling<'a> {
    feeder: &'a Feeder,
    /// What ends the waiting for room; none where nothing is waited for.
    patience: Option<&'a Stop>,
    batch: Option<Batch>,
    interfaces: &'a Arc<Vec<Interface>>,
    facts: &'a SharedFacts,
    index: u32,
    link: LinkType,
    rest: Option<Program>,
    dropped: u64,
    /// Packets that passed the filter.
    taken: u64,
    /// Packets that the kernel gave and the filter rejected here.
    rejected: u64,
}

/// The counters of one interface.
struct Counters {
    received: Widened,
    kernel: Widened,
    /// What the interface drops; none where that is not known.
    dropped: Option<DropCounter>,
    /// Whether the kernel reports its counters.
    is_reported: bool,
    /// What was added to the shared counters.
    reported: ReportedCounters,
}

/// The counters as last added to the shared ones.
#[derive(Default, Clone, Copy)]
struct ReportedCounters {
    received: u64,
    kernel: u64,
    interface: u64,
}

impl Reader {
    /// Reads until stopped, or until the interface is gone.
    pub(super) fn run(mut self) {
        let Start { rest, base, dropped, socket } = self.start;
        let mut filling = Filling {
            feeder: &self.feeder,
            patience: self.waits.then_some(&self.stop),
            batch: None,
            interfaces: &self.interfaces,
            facts: &self.facts,
            index: self.index,
            link: self.link,
            rest,
            dropped: 0,
            taken: 0,
            rejected: 0,
        };
        let mut counters = Counters::new(base.as_ref(), dropped);
        let mut busy = Instant::now();
        let mut counted = Instant::now();
        let mut stopped: Option<Instant> = None;
        let mut lost: Option<(pcap::Error, Instant)> = None;
        let run = if self.waits { SHORT_RUN } else { RUN };
        loop {
            let count = match self.capture.dispatch(Some(run), |packet| filling.add(&packet)) {
                Ok(count) => count,
                Err(error) => {
                    lost.get_or_insert((error, Instant::now()));
                    0
                }
            };
            let now = Instant::now();
            if let Some((_, since)) = &lost {
                // The kernel hands over the block that was being filled when its time is up, though
                // the interface is gone: leaving at once would lose its last 20 ms.
                let since = now.duration_since(*since);
                counters.read(&mut self.capture, filling.rejected, lost.is_some(), &self.drops);
                let is_empty = count == 0 && (since > LAST || counters.has_come(filling.taken));
                if is_empty || since > DRAIN {
                    break;
                }
            }
            if self.stop.is_asked() {
                let since = now.duration_since(*stopped.get_or_insert(now));
                // What waits in the ring is left there, and counted as unread.
                let is_full = self.waits && filling.dropped > 0;
                if is_full || since >= DRAIN || (count == 0 && since > RETIRE + SHORT) {
                    break;
                }
            }
            if count > 0 {
                busy = now;
                self.drops
                    .application
                    .fetch_add(std::mem::take(&mut filling.dropped), Ordering::Relaxed);
            }
            if now.duration_since(counted) >= COUNT {
                counted = now;
                counters.read(&mut self.capture, filling.rejected, lost.is_some(), &self.drops);
            }
            if count < run {
                // The ring is empty: what came is shown now, unless the consumer is behind.
                filling.hand_over(false);
                let is_quiet = now.duration_since(busy) > COUNT;
                std::thread::sleep(if is_quiet { LONG } else { SHORT });
            }
        }
        self.drops.application.fetch_add(filling.dropped, Ordering::Relaxed);
        filling.hand_over(true);
        let (taken, rejected) = (filling.taken, filling.rejected);
        counters.read(&mut self.capture, rejected, lost.is_some(), &self.drops);
        self.feeder.counted(self.index, counters.recorded(taken));
        if let Some((error, _)) = lost {
            let error = match device::error(&self.name, &error) {
                CaptureError::Permission { interface, reason } => {
                    CaptureError::Interface { interface, reason }
                }
                other => other,
            };
            self.feeder.fail(error);
            self.stop.stop();
        }
        if socket.is_some_and(crate::guard::is_silent) {
            // Its number must be no other file's, to which nothing could be written then.
            std::mem::forget(self.capture);
        }
    }
}

impl Filling<'_> {
    /// Copies a packet, or counts it as dropped.
    fn add(&mut self, packet: &Packet<'_>) {
        if let Some(rest) = &self.rest
            && !rest.passes(packet.data, packet.header.len)
        {
            self.rejected += 1;
            return;
        }
        self.taken += 1;
        if let Some(batch) = &self.batch
            && batch.end() + packet.data.len() > BATCH_OCTETS
        {
            self.hand_over(true);
        }
        if self.batch.is_none() {
            let empty = match self.patience {
                Some(stop) => self.feeder.take_until(|| stop.is_asked()),
                None => self.feeder.take(),
            };
            self.batch = empty.map(|mut batch| {
                batch.clear();
                batch.reserve(BATCH_OCTETS);
                batch.interfaces.clone_from(self.interfaces);
                batch.facts.clone_from(self.facts);
                batch
            });
        }
        let Some(batch) = &mut self.batch else {
            self.dropped += 1;
            return;
        };
        batch.push(time(packet.header), self.index, self.link, packet.header.len, packet.data);
    }

    /// Gives the batch away if there is something in it and either `must` or the consumer has
    /// nothing else to do: one that is behind gets fuller batches, not more of them.
    fn hand_over(&mut self, must: bool) {
        if let Some(batch) = self.batch.take_if(|batch| !batch.records.is_empty()) {
            if must || self.feeder.is_wanted() {
                self.feeder.give(batch);
            } else {
                self.batch = Some(batch);
            }
        }
    }
}

/// When a packet came.
#[cfg_attr(
    all(target_os = "linux", target_pointer_width = "64"),
    expect(clippy::useless_conversion, reason = "both parts are 32 bits wide on other systems")
)]
fn time(header: &PacketHeader) -> Option<Timestamp> {
    let fraction = i64::from(header.ts.tv_usec).checked_mul(UNIT)?;
    Timestamp::from_parts(i64::from(header.ts.tv_sec), fraction)
}

impl Counters {
    fn new(base: Option<&Stat>, dropped: Option<DropCounter>) -> Self {
        let from = |of: fn(&Stat) -> u32| Widened::from(base.map_or(0, of));
        Self {
            received: from(|stat| stat.received),
            kernel: from(|stat| stat.dropped),
            dropped,
            is_reported: base.is_some(),
            reported: ReportedCounters::default(),
        }
    }

    /// Brings the shared counters up to date; of what the kernel gave, the filter `rejected` so
    /// much.
    fn read(&mut self, capture: &mut Capture<Active>, rejected: u64, is_lost: bool, drops: &Drops) {
        match capture.stats() {
            Ok(stat) if self.is_reported => {
                self.received.add(stat.received);
                self.kernel.add(stat.dropped);
            }
            _ if is_lost => {} // what was counted last stands
            _ => self.is_reported = false,
        }
        // Likewise.
        self.dropped.take_if(|dropped| !dropped.update() && !is_lost);
        let reported = ReportedCounters {
            received: self.received.total.saturating_sub(rejected),
            kernel: self.kernel.total,
            interface: self.dropped.as_ref().map_or(0, DropCounter::dropped),
        };
        let last = std::mem::replace(&mut self.reported, reported);
        // Steps may be negative: additions wrap.
        let step = |counter: &AtomicU64, now: u64, last: u64| {
            counter.fetch_add(now.wrapping_sub(last), Ordering::Relaxed);
        };
        step(&drops.received, reported.received, last.received);
        step(&drops.kernel, reported.kernel, last.kernel);
        step(&drops.interface, reported.interface, last.interface);
        if !self.is_reported {
            drops.is_kernel_silent.store(true, Ordering::Relaxed);
        }
        if self.dropped.is_none() {
            drops.is_interface_silent.store(true, Ordering::Relaxed);
        }
    }

    /// Whether all that the kernel has put into the ring is among the `taken`.
    fn has_come(&self, taken: u64) -> bool {
        self.is_reported && self.reported.received <= taken + self.reported.kernel
    }

    /// The counters as a capture file has them.
    fn recorded(&self, taken: u64) -> Counted {
        let ReportedCounters { received, kernel, interface } = self.reported;
        let interface = self.dropped.as_ref().map(|_| interface);
        let accepted = self.is_reported.then_some(received);
        Counted {
            received: accepted.and_then(|accepted| Some(accepted + interface?)),
            dropped: interface,
            accepted,
            dropped_by_system: self.is_reported.then_some(kernel),
            delivered: Some(taken),
        }
    }
}
