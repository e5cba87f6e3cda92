//! Threads: analysts pull batches from one source, decode them side by side, and put what depends
//! on order back in order.
//!
//! Each analyst decodes the batches that it pulls on its own.  Then a batch goes through the
//! `pipeline`: what depends on the order of packets, and the flows, are added to in the order of
//! the capture, by one analyst behind the other.  Rendering goes side by side again, and writing in
//! order.

mod analyst;
mod counted;
mod faults;
mod guarded;
mod outcome;
mod pipeline;
mod sequencer;
mod shared;
mod sink;
mod stats_timer;
mod streams;
mod watch;
mod work;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use foldhash::quality::RandomState;

use self::analyst::Leaving;
use self::guarded::Guarded;
pub use self::outcome::{Fewer, Outcome};
use self::pipeline::Pipeline;
use self::sequencer::Sequencer;
use self::shared::{Ended, Intake, Shared};
pub use self::sink::{Assembled, Context, Interests, PacketFilter, PacketFilters, Render, Sink};
pub use self::stats_timer::Stats;
use self::stats_timer::{SoFar, StatsTimer};
use crate::analyze::streams::Streams;
use crate::analyze::{Analysis, Settings, Tally};
use crate::base::errors::again;
use crate::base::threads::{self, lock, try_lock};
use crate::capture::{Batch, CaptureError, Damage, Fill, Interface, Recorded, Shortfall, Source};
use crate::decode::history::Asks;

/// What to run.
pub struct Plan {
    /// Where packets come from.
    pub source: Box<dyn Source>,
    /// Analysts, at least 1.
    pub threads: usize,
    /// Bounds of memory.
    pub settings: Settings,
    /// Which packets count; all when there is none.
    pub pass: Option<PacketFilters>,
    /// Stop after so many packets that passed.
    pub count: Option<u64>,
    /// Takers of packets, in order.
    pub sinks: Vec<Box<dyn Sink>>,
    /// Whether snapshots are taken while it runs.
    pub snapshots: bool,
}

/// How long the end waits for an analyst that writes: one that is stuck there has given up by then.
const TAKEN: Duration = Duration::from_millis(100);

/// A run under way.
#[derive(Debug)]
pub struct Session {
    shared: Arc<Shared>,
    analysts: Mutex<Vec<std::thread::JoinHandle<()>>>,
    fewer: Mutex<Option<Fewer>>,
    started: Instant,
}

impl Session {
    /// Starts the analysts of `plan`.
    pub fn start(plan: Plan) -> Self {
        let seed = RandomState::default();
        let threads = plan.threads.max(1);
        let takes_wholes = plan.sinks.iter().any(|sink| sink.interests().datagrams);
        // The other fragments of one that passes count for the whole.
        let tells_flows = plan.sinks.iter().any(|sink| sink.interests().flows);
        let is_first = plan.pass.as_ref().is_some_and(|pass| pass.is_cross_packet || takes_wholes);
        let asks =
            plan.sinks.iter().fold(Asks::default(), |all, sink| all.or(sink.interests().asks));
        let asks = plan.pass.as_ref().map_or(asks, |pass| asks.or(pass.asks));
        let is_watched_aside = plan.pass.is_some() && !is_first && asks.needs_flows();
        let watches = is_first || is_watched_aside;
        // What segments are is told among all of them, not among those that pass.
        let followed = Settings { connections: asks.needs_flows(), ..plan.settings };
        let follows = tells_flows || (asks.needs_flows() && !watches);
        let settings = Settings { connections: follows, ..plan.settings };
        let takes_stats = plan.sinks.iter().any(|sink| sink.interests().stats);
        let stats_timer = takes_stats.then(|| StatsTimer::new(plan.source.progress()));
        let shared = Arc::new(Shared {
            intake: Mutex::new(Intake {
                source: plan.source,
                next: 0,
                last: None,
                is_over: false,
                interfaces: Arc::default(),
                facts: Arc::default(),
            }),
            pipeline: Pipeline::new(settings, &seed, tells_flows),
            watch: watches.then(|| Pipeline::new(followed, &seed, false).at_once()),
            is_watched_aside,
            asks,
            streams: Sequencer::new([(); 2].map(|()| Streams::new(plan.settings.flows))),
            assembly: takes_wholes.then(Mutex::default),
            stats_timer: Mutex::new((stats_timer, SoFar::default())),
            write: Sequencer::new(plan.sinks.into_iter().enumerate().map(Guarded::new).collect()),
            pass: plan.pass,
            count: plan.count,
            stop: AtomicBool::new(false),
            stopped: AtomicBool::new(false),
            is_cut: AtomicBool::new(false),
            begun: AtomicBool::new(false),
            zero: OnceLock::new(),
            seen: [AtomicU64::new(0), AtomicU64::new(0)],
            ended: Mutex::new(Ended { running: threads, at_work: threads, ..Ended::default() }),
            finished: Condvar::new(),
        });
        let (mut analysts, mut fewer) = (Vec::new(), None);
        for number in 0..threads {
            let shared = Arc::clone(&shared);
            let work = move || {
                let leaving = Leaving::new(&shared);
                shared.run(&leaving);
            };
            match threads::spawn(format!("analyst {number}"), work) {
                Ok(analyst) => analysts.push(analyst),
                Err(error) => {
                    fewer = Some(Fewer { made: number, wanted: threads, error });
                    break;
                }
            }
        }
        if let Some(Fewer { made, error, .. }) = &fewer {
            let mut ended = shared.lock_ended();
            ended.running = ended.running.saturating_sub(threads - made);
            ended.at_work = ended.at_work.saturating_sub(threads - made);
            if *made == 0 {
                ended.error = Some(CaptureError::Thread { error: again(error) });
                fewer = None;
            }
        }
        let (analysts, fewer) = (Mutex::new(analysts), Mutex::new(fewer));
        Self { analysts, fewer, shared, started: Instant::now() }
    }

    /// Asks the analysts to end with the batches they have: the run was stopped, even where it had
    /// no more to do.
    pub fn stop(&self) {
        self.shared.stopped.store(true, Ordering::Relaxed);
        self.shared.stop.store(true, Ordering::Relaxed);
    }

    /// Waits at most `patience`; whether all analysts have ended.
    pub fn wait(&self, patience: Duration) -> bool {
        let ended = self.shared.lock_ended();
        let (ended, _) = self
            .shared
            .finished
            .wait_timeout_while(ended, patience, |ended| ended.running > 0)
            .unwrap_or_else(PoisonError::into_inner);
        ended.running == 0
    }

    /// Packets and octets seen so far, whether they passed or not.
    pub fn seen(&self) -> Tally {
        let [packets, octets] = &self.shared.seen;
        Tally { packets: packets.load(Ordering::Relaxed), octets: octets.load(Ordering::Relaxed) }
    }

    /// Octets of the input read so far and in all, where that is known.
    pub fn progress(&self) -> Option<(u64, u64)> {
        self.shared.lock_intake().source.progress()
    }

    /// Where the input stopped making sense, as soon as that is known.
    pub fn damage(&self) -> Vec<Damage> {
        self.shared.lock_ended().damage.clone()
    }

    /// Why the source or an output could not go on, in words, as soon as that is known.
    pub fn error(&self) -> Option<String> {
        let ended = self.shared.lock_ended();
        let error = ended.error.as_ref().or(ended.faults.first());
        error.map(ToString::to_string)
    }

    /// The interfaces of the packets that were analysed.
    pub fn interfaces(&self) -> Arc<Vec<Interface>> {
        self.shared.pipeline.interfaces()
    }

    /// Looks at the analysis between two batches; once all has been read, also at what is known
    /// only then.
    pub fn peek<T>(&self, look: impl FnOnce(&Analysis) -> T) -> T {
        self.shared.pipeline.hold(|analysis, _| look(analysis))
    }

    /// Ends the run: lets the sinks finish, and returns the outcome.
    ///
    /// An analyst that is stuck in a write is not waited for; what it held back is lost.
    pub fn finish(&self) -> Outcome {
        let mut ended = std::mem::take(&mut *self.shared.lock_ended());
        if ended.running == 0 {
            let mut analysts = lock(&self.analysts);
            for analyst in analysts.drain(..) {
                // A panic was printed by its hook; the other analysts' work stands.
                let _ = analyst.join();
            }
        }
        self.shared.tell_rest();
        let analysis = self.shared.pipeline.take();
        let last = {
            let (stats_timer, so_far) = &mut *lock(&self.shared.stats_timer);
            stats_timer.as_mut().and_then(|stats_timer| stats_timer.last(so_far))
        };
        // Where the source is stuck in a read, what it knows is not waited for.
        let (interfaces, facts) = match try_lock(&self.shared.intake) {
            Some(intake) => (Arc::clone(&intake.interfaces), Arc::clone(&intake.facts)),
            None => Default::default(),
        };
        let shortfall = self.shortfall(&mut ended, analysis.total().packets);
        let [packets, octets] = &self.shared.seen;
        let last = last.map(|last| Stats { recorded: Recorded::of(&facts), ..last });
        let mut outcome = Outcome {
            analysis,
            seen: Tally {
                packets: packets.load(Ordering::Relaxed),
                octets: octets.load(Ordering::Relaxed),
            },
            damage: ended.damage,
            error: ended.error,
            output_errors: Vec::new(),
            left_out: 0,
            shortfall,
            interfaces,
            facts,
            fewer: lock(&self.fewer).take(),
            datagrams: self.shared.assembly.as_ref().map(|assembly| lock(assembly).counts()),
            elapsed: self.started.elapsed(),
        };
        let mut faults = ended.faults;
        if let Some(mut state) = self.shared.write.lock_within(TAKEN) {
            let is_unbegun = !self.shared.begun.load(Ordering::Relaxed);
            for sink in &mut state.1 {
                let begun = sink.call(|sink| {
                    let begin =
                        |sink: &mut dyn Sink| sink.begin(&outcome.interfaces, &outcome.facts);
                    if is_unbegun { begin(sink) } else { Ok(()) }
                });
                let ended = sink.call(|sink| {
                    last.as_ref().map_or(Ok(()), |last| sink.stats(last))?;
                    sink.end(&outcome)
                });
                outcome.left_out += sink.sink().left_out();
                for error in [begun, ended].into_iter().filter_map(Result::err) {
                    faults.note(sink.number(), error);
                }
            }
        } else if faults.first().is_none() {
            // Its reader is too slow for the end: what an analyst still writes is not there.
            faults.note(usize::MAX, CaptureError::late());
        }
        outcome.output_errors = faults.into_errors();
        outcome
    }

    /// Why what was made of so many packets is not to take the place of anything older.
    fn shortfall(&self, ended: &mut Ended, packets: u64) -> Option<Shortfall> {
        let shared = &self.shared;
        let is_stopped = shared.stopped.load(Ordering::Relaxed);
        let is_counted = shared.count.is_some_and(|count| packets >= count);
        // Whoever asked for the end has readers waited for no longer.
        let is_asked = is_stopped && ended.faults.are_late();
        let is_cut = shared.is_cut.load(Ordering::Relaxed) && !is_counted && !is_asked;
        if ended.error.is_none() && is_cut && self.is_over(ended) {
            return None;
        }
        match (&ended.error, is_cut, is_stopped) {
            (None, false, false) => None,
            _ if packets == 0 => Some(Shortfall::Empty),
            (Some(_), _, _) => Some(Shortfall::Failed),
            (None, true, _) => Some(Shortfall::CutShort),
            (None, false, true) => None,
        }
    }

    /// Whether the source is at its end, even if no analyst has read that far.  Pipes and
    /// interfaces are not read here: what they deliver would be lost.
    fn is_over(&self, ended: &mut Ended) -> bool {
        let intake = try_lock(&self.shared.intake);
        let Some(mut intake) = intake.filter(|intake| intake.source.progress().is_some()) else {
            return false;
        };
        let source = &mut intake.source;
        let fill = catch_unwind(AssertUnwindSafe(|| source.fill(&mut Batch::new())));
        if let Ok(Ok(Fill::End(damage))) = fill {
            ended.damage = damage;
            return true;
        }
        false
    }
}
