//! The thread that empties one interface's ring into batches.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use pcap::{Active, Capture, Packet, PacketHeader, Precision};

use super::drops::{Drops, Widened};
use super::{ANY, Feeder, RETIRE, device};
use crate::base::timestamp::Timestamp;
use crate::capture::batch::{BATCH_OCTETS, Batch};
use crate::capture::error::CaptureError;
use crate::capture::facts::{Counted, SharedFacts};
use crate::capture::frame::{Interface, LinkType};
use crate::capture::source::Stop;

/// Packets taken before looking at clock and flags.
const RUN: usize = 4096;
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
/// pcap crate cannot tell.
pub(super) const PRECISION: Precision =
    if cfg!(target_os = "linux") { Precision::Nano } else { Precision::Micro };
/// Nanoseconds in a unit of what libpcap gives as the fraction.
const UNIT: i64 = if cfg!(target_os = "linux") { 1 } else { 1000 };

/// One interface and everything its thread needs.
pub(super) struct Reader {
    pub(super) capture: Capture<Active>,
    pub(super) name: String,
    pub(super) index: u32,
    pub(super) link: LinkType,
    pub(super) interfaces: Arc<Vec<Interface>>,
    pub(super) facts: SharedFacts,
    pub(super) drops: Arc<Drops>,
    pub(super) stop: Stop,
    pub(super) feeder: Feeder,
}

/// The batch being filled.
struct Filling<'a> {
    feeder: &'a Feeder,
    batch: Option<Batch>,
    interfaces: &'a Arc<Vec<Interface>>,
    facts: &'a SharedFacts,
    index: u32,
    link: LinkType,
    dropped: u64,
    taken: u64,
}

/// What an interface's packets count as, by how libpcap counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counting {
    /// Each once.
    Once,
    /// A loopback interface: each twice, as sent and as received, but only the latter is given.
    /// (A filter for `inbound` would do better, but libpcap 1.10 filters what comes at first a
    /// second time by itself, and there `inbound` fails every packet.)
    Twice,
    /// `any`, which has both kinds: only what was taken is known.
    Unknown,
}

impl Counting {
    /// How packets of the interface of this name are counted.
    pub(super) fn of(name: &str) -> Self {
        if name == ANY {
            Self::Unknown
        } else if device::is_loopback(name) {
            Self::Twice
        } else {
            Self::Once
        }
    }
}

/// The kernel's counters.
#[derive(Default)]
struct Counters {
    received: Widened,
    kernel: Widened,
    interface: Widened,
    /// What was added to the shared counters.
    told: Told,
}

/// Counters as they are told.
#[derive(Default, Clone, Copy)]
struct Told {
    received: u64,
    kernel: u64,
    interface: u64,
}

impl Reader {
    /// Reads until asked to stop, or until the interface is gone.
    pub(super) fn run(mut self) {
        let mut filling = Filling {
            feeder: &self.feeder,
            batch: None,
            interfaces: &self.interfaces,
            facts: &self.facts,
            index: self.index,
            link: self.link,
            dropped: 0,
            taken: 0,
        };
        let counting = Counting::of(&self.name);
        let mut counters = Counters::default();
        let mut busy = Instant::now();
        let mut counted = Instant::now();
        let mut stopped: Option<Instant> = None;
        let mut lost: Option<(pcap::Error, Instant)> = None;
        loop {
            let count = match self.capture.dispatch(Some(RUN), |packet| filling.add(&packet)) {
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
                counters.read(&mut self.capture, counting, filling.taken, &self.drops);
                let is_empty = count == 0 && (since > LAST || counters.has_come(filling.taken));
                if is_empty || since > DRAIN {
                    break;
                }
            }
            if self.stop.is_asked() {
                let since = now.duration_since(*stopped.get_or_insert(now));
                if since >= DRAIN || (count == 0 && since > RETIRE + SHORT) {
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
                counters.read(&mut self.capture, counting, filling.taken, &self.drops);
            }
            if count < RUN {
                // The ring is empty: what came is shown now, unless the consumer is behind.
                filling.hand_over(false);
                let is_quiet = now.duration_since(busy) > COUNT;
                std::thread::sleep(if is_quiet { LONG } else { SHORT });
            }
        }
        self.drops.application.fetch_add(filling.dropped, Ordering::Relaxed);
        filling.hand_over(true);
        let taken = filling.taken;
        counters.read(&mut self.capture, counting, taken, &self.drops);
        self.feeder.counted(self.index, counters.told(taken));
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
    }
}

impl Filling<'_> {
    /// Copies a packet, or counts it as dropped.
    fn add(&mut self, packet: &Packet<'_>) {
        self.taken += 1;
        if let Some(batch) = &self.batch
            && batch.end() + packet.data.len() > BATCH_OCTETS
        {
            self.hand_over(true);
        }
        if self.batch.is_none() {
            self.batch = self.feeder.take().map(|mut batch| {
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
    /// Brings the shared counters up to date, `taken` packets after the beginning.
    fn read(
        &mut self,
        capture: &mut Capture<Active>,
        counting: Counting,
        taken: u64,
        drops: &Drops,
    ) {
        let Ok(stat) = capture.stats() else {
            return; // the interface is gone, and what was counted last stands
        };
        self.received.add(stat.received);
        self.kernel.add(stat.dropped);
        self.interface.add(stat.if_dropped);
        let (received, kernel) = (self.received.total, self.kernel.total);
        let (received, kernel) = match counting {
            Counting::Once => (received, kernel),
            Counting::Twice => {
                let received = received.div_ceil(2);
                (received, kernel.min(received.saturating_sub(taken)))
            }
            Counting::Unknown => (taken + kernel, kernel),
        };
        let last = std::mem::replace(
            &mut self.told,
            Told { received, kernel, interface: self.interface.total },
        );
        // Steps may be negative: additions wrap.
        let step = |counter: &AtomicU64, now: u64, last: u64| {
            counter.fetch_add(now.wrapping_sub(last), Ordering::Relaxed);
        };
        step(&drops.received, received, last.received);
        step(&drops.kernel, kernel, last.kernel);
        step(&drops.interface, self.interface.total, last.interface);
    }

    /// Whether all that the kernel has put into the ring is among the `taken`.
    fn has_come(&self, taken: u64) -> bool {
        self.told.received <= taken + self.told.kernel
    }

    /// The counters as a capture file has them.
    fn told(&self, taken: u64) -> Counted {
        let Told { received, kernel, interface } = self.told;
        Counted {
            received: Some(received + interface),
            dropped: Some(interface),
            accepted: Some(received),
            dropped_by_system: Some(kernel),
            delivered: Some(taken),
        }
    }
}
