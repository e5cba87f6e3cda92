//! Threads: analysts pull batches from one source, decode them side by side, and put what depends
//! on order back in order.
//!
//! Two ways to run.  *Apart*: each analyst counts in an analysis of its own, and the parts are merged
//! at the end; nothing is shared but the source and the flows.  *In order*: decoding and rendering go side
//! by side, but batches are folded into one analysis, and written, each in its turn; that gives
//! flow numbers to packets, snapshots while it runs, and output in the order of the capture.

mod pulse;
mod sink;
mod turn;
mod watch;
mod work;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use foldhash::quality::RandomState;

use self::pulse::Pulse;
pub use self::pulse::Stats;
pub use self::sink::{Context, MakePass, Pass, Render, Sink, Takes};
use self::turn::Turn;
use self::work::{Progress, Rendering, Work};
use crate::analyze::common::Common;
use crate::analyze::flow::Met;
use crate::analyze::order::{Notes, Order};
use crate::analyze::{Analysis, Briefs, Limits, Tally};
use crate::capture::facts::SharedFacts;
use crate::capture::{Batch, CaptureError, Damage, Fill, Frame, Interface, Record, Source};
use crate::decode::odd::Many;
use crate::decode::usual::usual;
use crate::decode::{Layers, Packet, walk};

/// What to run.
pub struct Plan {
    /// Where packets come from.
    pub source: Box<dyn Source>,
    /// Analysts, at least 1.
    pub threads: usize,
    /// Bounds of memory.
    pub limits: Limits,
    /// Which packets count; all when there is none.
    pub pass: Option<MakePass>,
    /// Stop after so many packets that passed.
    pub count: Option<u64>,
    /// Takers of packets, in order.
    pub sinks: Vec<Box<dyn Sink>>,
    /// Whether snapshots are asked for while it runs.
    pub snapshots: bool,
}

/// What a run came to.
#[derive(Debug)]
pub struct Outcome {
    /// The statistics.
    pub analysis: Analysis,
    /// Packets seen, whether they passed or not.
    pub seen: Tally,
    /// Where the input stopped making sense.
    pub damage: Option<Damage>,
    /// Why the source could not go on.
    pub error: Option<CaptureError>,
    /// Why an output could not go on.
    pub output_error: Option<CaptureError>,
    /// Whether it was stopped from outside.
    pub stopped: bool,
    /// The interfaces of the capture.
    pub interfaces: Arc<Vec<Interface>>,
    /// What else the capture told of itself.
    pub facts: SharedFacts,
    /// How long it took.
    pub elapsed: Duration,
}

/// A run under way.
#[derive(Debug)]
pub struct Session {
    shared: Arc<Shared>,
    analysts: Mutex<Vec<std::thread::JoinHandle<()>>>,
    started: Instant,
}

struct Shared {
    intake: Mutex<Intake>,
    order: Mutex<Order>,
    /// Of a run apart.
    flows: Common,
    /// Of a run whose filter asks what is wrong with several packets: the flows of all packets.
    watch: Option<Turn<Analysis>>,
    fold: Turn<Fold>,
    write: Turn<Vec<Box<dyn Sink>>>,
    in_order: bool,
    pass: Option<MakePass>,
    count: Option<u64>,
    limits: Limits,
    seed: RandomState,
    stop: AtomicBool,
    stopped: AtomicBool,
    begun: AtomicBool,
    zero: OnceLock<i64>,
    seen: [AtomicU64; 2],
    ended: Mutex<Ended>,
    finished: Condvar,
}

/// What is folded in turn.
struct Fold {
    analysis: Analysis,
    /// When totals are told, where anybody takes them.
    pulse: Option<Pulse>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

struct Intake {
    source: Box<dyn Source>,
    next: u64,
    is_over: bool,
    interfaces: Arc<Vec<Interface>>,
    facts: SharedFacts,
}

/// How the run ended, as far as it has.
#[derive(Default)]
struct Ended {
    running: usize,
    panicked: bool,
    parts: Vec<Analysis>,
    damage: Option<Damage>,
    error: Option<CaptureError>,
    output_error: Option<CaptureError>,
}

impl Session {
    /// Starts the analysts of `plan`.
    pub fn start(plan: Plan) -> Self {
        let seed = RandomState::default();
        let threads = plan.threads.max(1);
        let watches = plan.pass.as_ref().is_some_and(|pass| pass.is_about_many);
        let in_order = !plan.sinks.is_empty() || plan.count.is_some() || plan.snapshots || watches;
        let mut analysis = Analysis::new(plan.limits, seed.clone());
        if plan.sinks.iter().any(|sink| sink.takes().flows) {
            analysis.keep_ended();
        }
        let takes_stats = plan.sinks.iter().any(|sink| sink.takes().stats);
        let pulse = takes_stats.then(|| Pulse::new(plan.source.progress()));
        let shared = Arc::new(Shared {
            intake: Mutex::new(Intake {
                source: plan.source,
                next: 0,
                is_over: false,
                interfaces: Arc::default(),
                facts: Arc::default(),
            }),
            order: Mutex::new(Order::new(plan.limits, seed.clone())),
            flows: Common::new(plan.limits, seed.clone()),
            watch: watches.then(|| Turn::new(Analysis::new(plan.limits, seed.clone()))),
            fold: Turn::new(Fold { analysis, pulse }),
            write: Turn::new(plan.sinks),
            in_order,
            pass: plan.pass,
            count: plan.count,
            limits: plan.limits,
            seed,
            stop: AtomicBool::new(false),
            stopped: AtomicBool::new(false),
            begun: AtomicBool::new(false),
            zero: OnceLock::new(),
            seen: [AtomicU64::new(0), AtomicU64::new(0)],
            ended: Mutex::new(Ended { running: threads, ..Ended::default() }),
            finished: Condvar::new(),
        });
        let analysts = (0..threads).filter_map(|number| {
            let shared = Arc::clone(&shared);
            let thread = std::thread::Builder::new().name(format!("analyst {number}"));
            let work = move || {
                let _leaving = Leaving(&shared);
                if shared.in_order { shared.run_in_order() } else { shared.run_apart() }
            };
            thread.spawn(work).ok()
        });
        Self { analysts: Mutex::new(analysts.collect()), shared, started: Instant::now() }
    }

    /// Asks the analysts to end with the batches they have.
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
            .wait_timeout_while(ended, patience, |ended| ended.running > 0 && !ended.panicked)
            .unwrap_or_else(PoisonError::into_inner);
        ended.running == 0 || ended.panicked
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
    pub fn damage(&self) -> Option<Damage> {
        self.shared.lock_ended().damage.clone()
    }

    /// Why the source or an output could not go on, in words, as soon as that is known.
    pub fn error(&self) -> Option<String> {
        let ended = self.shared.lock_ended();
        let error = ended.error.as_ref().or(ended.output_error.as_ref());
        error.map(ToString::to_string)
    }

    /// Looks at the analysis between two batches.  It stays empty in a run apart.
    pub fn peek<T>(&self, look: impl FnOnce(&Analysis) -> T) -> T {
        look(&self.shared.fold.lock().1.analysis)
    }

    /// Ends the run: gives the sinks their last word and what it came to.
    ///
    /// An analyst that is stuck in a write is not waited for; what it held back is lost.
    pub fn finish(&self) -> Outcome {
        let mut ended = std::mem::take(&mut *self.shared.lock_ended());
        if ended.running == 0 {
            let mut analysts = self.analysts.lock().unwrap_or_else(PoisonError::into_inner);
            for analyst in analysts.drain(..) {
                // A panic was printed by its hook; the other analysts' work stands.
                let _ = analyst.join();
            }
        }
        let mut analysis = self.shared.flows.take();
        let last = {
            let fold = &mut self.shared.fold.lock().1;
            if self.shared.in_order {
                std::mem::swap(&mut analysis, &mut fold.analysis);
            }
            fold.pulse.as_mut().and_then(|pulse| pulse.last(&analysis))
        };
        let mut order = self.shared.order.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = order.end(self.shared.limits, self.shared.seed.clone());
        // Of packets that have gone by nobody knows any more whether they passed.
        ended.parts.extend(self.shared.watch.is_none().then_some(rest));
        drop(order);
        ended.parts.drain(..).for_each(|part| analysis.merge(part));
        // Where the source is stuck in a read, what it knows is not waited for.
        let (interfaces, facts) = match self.shared.intake.try_lock() {
            Ok(intake) => (Arc::clone(&intake.interfaces), Arc::clone(&intake.facts)),
            Err(_) => Default::default(),
        };
        let [packets, octets] = &self.shared.seen;
        let mut outcome = Outcome {
            analysis,
            seen: Tally {
                packets: packets.load(Ordering::Relaxed),
                octets: octets.load(Ordering::Relaxed),
            },
            damage: ended.damage,
            error: ended.error,
            output_error: ended.output_error,
            stopped: self.shared.stopped.load(Ordering::Relaxed),
            interfaces,
            facts,
            elapsed: self.started.elapsed(),
        };
        if let Ok(mut state) = self.shared.write.state.try_lock() {
            let is_unbegun = !self.shared.begun.load(Ordering::Relaxed);
            for sink in &mut state.1 {
                if is_unbegun && let Err(error) = sink.begin(&outcome.interfaces) {
                    outcome.output_error.get_or_insert(error);
                }
                let told = last.as_ref().map_or(Ok(()), |last| sink.stats(last));
                if let Err(error) = told.and_then(|()| sink.end(&outcome)) {
                    let first = outcome.output_error.take();
                    let first = first.filter(|first| !error.completes(first));
                    outcome.output_error = first.or(Some(error));
                }
            }
        } else {
            // Its reader is too slow for the end: what an analyst still writes is not there.
            outcome.output_error.get_or_insert_with(CaptureError::late);
        }
        outcome
    }
}

/// Counts an analyst out, however it leaves.
struct Leaving<'a>(&'a Shared);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        let mut ended = self.0.lock_ended();
        ended.running = ended.running.saturating_sub(1);
        if std::thread::panicking() {
            // Its batch will never be passed on: nobody may wait for those that wait for it.
            ended.panicked = true;
            self.0.stop.store(true, Ordering::Relaxed);
        }
        drop(ended);
        self.0.finished.notify_all();
    }
}

impl Shared {
    fn lock_ended(&self) -> MutexGuard<'_, Ended> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock_intake(&self) -> MutexGuard<'_, Intake> {
        self.intake.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Fills `batch` with the next records; its ordinal and the progress of the source, or none when
    /// there are no more.
    fn next(&self, batch: &mut Batch) -> Option<(u64, Progress)> {
        loop {
            let mut intake = self.lock_intake();
            if intake.is_over || self.stop.load(Ordering::Relaxed) {
                return None;
            }
            let damage = match intake.source.fill(batch) {
                Ok(Fill::Records) => {
                    let ordinal = intake.next;
                    intake.next += 1;
                    if !Arc::ptr_eq(&intake.interfaces, &batch.interfaces) {
                        intake.interfaces = Arc::clone(&batch.interfaces);
                    }
                    if !Arc::ptr_eq(&intake.facts, &batch.facts) {
                        intake.facts = Arc::clone(&batch.facts);
                    }
                    return Some((ordinal, intake.source.progress()));
                }
                Ok(Fill::Quiet) => {
                    drop(intake);
                    self.be_quiet();
                    continue;
                }
                Ok(Fill::End(damage)) => Ok(damage),
                Err(error) => Err(error),
            };
            intake.is_over = true;
            intake.interfaces = Arc::clone(&batch.interfaces);
            intake.facts = Arc::clone(&batch.facts);
            let mut ended = self.lock_ended();
            match damage {
                Ok(damage) => ended.damage = damage,
                Err(error) => ended.error = Some(error),
            }
            return None;
        }
    }

    /// Lets the sinks know that nothing comes, unless one of them is being written to.
    fn be_quiet(&self) {
        if let Ok(mut state) = self.write.state.try_lock() {
            // Totals count what is written: what is folded and not written yet will tell them.
            let stats = self.fold.try_take(state.0).and_then(|mut fold| {
                let Fold { analysis, pulse } = &mut fold.1;
                pulse.as_mut()?.beat(analysis, None)
            });
            for sink in &mut state.1 {
                if let Some(stats) = &stats {
                    self.note(sink.stats(stats));
                }
                self.note(sink.quiet());
            }
        }
    }

    fn saw(&self, batch: &Batch) {
        let octets = batch.records.iter().map(|record| u64::from(record.original)).sum();
        self.seen[0].fetch_add(batch.records.len() as u64, Ordering::Relaxed);
        self.seen[1].fetch_add(octets, Ordering::Relaxed);
    }

    /// Folds into an analysis of its own.
    fn run_apart(&self) {
        let mut part = Analysis::new(self.limits, self.seed.clone());
        let mut pass = self.pass.as_ref().map(MakePass::make);
        let (mut batch, mut layers, mut briefs) = (Batch::new(), Layers::new(), Briefs::default());
        let mut notes = Notes::default();
        while let Some((ordinal, _)) = self.next(&mut batch) {
            self.saw(&batch);
            for frame in batch.frames() {
                take_in(frame, &mut layers, pass.as_mut(), &mut notes, &mut briefs, true);
            }
            self.flows.fold(&mut briefs, &mut part);
            briefs.clear();
            let mut order = self.order.lock().unwrap_or_else(PoisonError::into_inner);
            order.deposit(ordinal, &mut notes);
        }
        self.lock_ended().parts.push(part);
    }

    /// Decodes and renders on its own, folds and writes in turn.
    fn run_in_order(&self) {
        let mut batch = Batch::new();
        let mut layers = Layers::new();
        let mut work = Work::default();
        let mut pass = self.pass.as_ref().map(MakePass::make);
        for sink in &self.write.lock().1 {
            work.renders.push((sink.renderer(), Vec::new()));
        }
        while let Some((ordinal, progress)) = self.next(&mut batch) {
            self.saw(&batch);
            work.clear();
            work.progress = progress;
            if let (Some(watch), Some(pass)) = (&self.watch, &mut pass) {
                self.pass_in_turn(ordinal, &batch, &mut layers, (watch, pass), &mut work);
            } else {
                for (index, frame) in (0u32..).zip(batch.frames()) {
                    let Work { notes, briefs, passed, .. } = &mut work;
                    if take_in(frame, &mut layers, pass.as_mut(), notes, briefs, false) {
                        passed.push(index);
                    }
                }
            }
            self.fold_in_turn(ordinal, &batch, &mut work);
            self.render_in_turn(ordinal, &batch, &mut layers, &mut work);
        }
    }

    fn fold_in_turn(&self, ordinal: u64, batch: &Batch, work: &mut Work) {
        let mut state = self.fold.take(ordinal);
        // The first batch comes first.
        self.zero.get_or_init(|| batch.records.first().map_or(Record::NO_TIME, |first| first.time));
        let Fold { analysis, pulse } = &mut state.1;
        analysis.end_idle(batch.records.first().map_or(Record::NO_TIME, |first| first.time));
        if let Some(count) = self.count {
            let room = count.saturating_sub(analysis.total.packets);
            let room = usize::try_from(room).unwrap_or(usize::MAX);
            work.passed.truncate(room);
            work.briefs.truncate(room);
            work.notes.truncate(work.briefs.last().map_or(0, |brief| brief.number));
            if analysis.total.packets + work.passed.len() as u64 >= count {
                self.stop.store(true, Ordering::Relaxed);
            }
        }
        if self.watch.is_none() {
            let mut order = self.order.lock().unwrap_or_else(PoisonError::into_inner);
            order.go_through(&mut work.notes, &mut work.briefs);
        }
        work.notes.count(&mut analysis.anomalies);
        work.notes.keep_many();
        let watched = std::mem::take(&mut work.met);
        work.met.resize(work.passed.len(), Met::default());
        let all = &mut work.met;
        analysis.fold(&mut work.briefs, |index, met| all[index] = met());
        // Which packet changes a flow is told among all of them.
        all.iter_mut().zip(watched).for_each(|(met, watched)| met.many = watched.many);
        work.ended = analysis.take_ended();
        work.stats = pulse.as_mut().and_then(|pulse| pulse.beat(analysis, work.progress));
        self.fold.pass_on(state);
    }

    fn render_in_turn(&self, ordinal: u64, batch: &Batch, layers: &mut Layers, work: &mut Work) {
        let mut turn = None;
        let zero = self.zero.get().copied().filter(|&zero| zero != Record::NO_TIME);
        if work.renders.iter().any(|(render, _)| render.is_some()) {
            for (&index, met) in work.passed.iter().zip(&work.met) {
                let Some(frame) = batch.frame(index as usize) else {
                    continue;
                };
                walk::walk(&frame, layers);
                let packet = Packet { frame, layers };
                let many = met.many.with(work.notes.many(frame.number));
                let context = Context { flow: (met.flow > 0).then_some(met.flow), zero, many };
                let mut most = 0;
                for (render, out) in &mut work.renders {
                    if let Some(render) = render {
                        render.packet(&packet, context, out);
                        most = most.max(out.len());
                    }
                }
                // Text goes out in pieces as soon as it is this batch's turn, and at the latest
                // when it would take more memory than the batch it is made of.
                if most < PIECE {
                    continue;
                }
                if turn.is_none() {
                    turn = self.write.try_take(ordinal);
                    if turn.is_none() && most >= MOST {
                        turn = Some(self.write.take(ordinal));
                    }
                }
                if let Some(state) = turn.as_mut() {
                    self.write_out(ordinal, batch, &mut state.1, &mut work.renders);
                }
            }
        }
        let mut state = turn.unwrap_or_else(|| self.write.take(ordinal));
        self.write_out(ordinal, batch, &mut state.1, &mut work.renders);
        for sink in &mut state.1 {
            self.note(sink.frames(batch, &work.passed));
            if !work.notes.late.is_empty() {
                self.note(sink.late(&work.notes.late));
            }
            if !work.ended.is_empty() {
                self.note(sink.flows(&work.ended));
            }
            if let Some(stats) = &work.stats {
                self.note(sink.stats(stats));
            }
        }
        self.write.pass_on(state);
    }

    fn write_out(
        &self,
        ordinal: u64,
        batch: &Batch,
        sinks: &mut [Box<dyn Sink>],
        renders: &mut [Rendering],
    ) {
        let is_first = ordinal == 0 && !self.begun.swap(true, Ordering::Relaxed);
        for (sink, (_, out)) in sinks.iter_mut().zip(renders) {
            if is_first {
                self.note(sink.begin(&batch.interfaces));
            }
            if !out.is_empty() {
                self.note(sink.write(out));
                out.clear();
            }
        }
    }

    /// Ends the run when an output cannot go on.
    fn note(&self, written: Result<(), CaptureError>) {
        if let Err(error) = written {
            self.stop.store(true, Ordering::Relaxed);
            self.lock_ended().output_error.get_or_insert(error);
        }
    }
}

/// Decodes a frame and notes what the analysis needs of it, unless it does not pass; whether it did.
/// Fragments, whose flow is known only in order, may be held back.
#[inline]
fn take_in(
    frame: Frame<'_>,
    layers: &mut Layers,
    pass: Option<&mut Pass>,
    notes: &mut Notes,
    briefs: &mut Briefs,
    holds: bool,
) -> bool {
    let usual = usual(frame.link, frame.bytes);
    if let Some(pass) = pass {
        walk::walk_known(&frame, usual.as_ref(), layers);
        if !pass(&Packet { frame, layers }, Many::default()) {
            return false;
        }
    } else if usual.is_none() {
        walk::walk_known(&frame, None, layers);
    }
    if let Some(usual) = &usual {
        notes.see_usual(&frame, usual, layers);
        briefs.push_usual(&frame, usual);
        return true;
    }
    let packet = Packet { frame, layers };
    if notes.see(&packet) && holds {
        notes.held.push_rare(&packet);
    } else {
        briefs.push_rare(&packet);
    }
    true
}

/// Octets of text that are written in one piece.
const PIECE: usize = 64 << 10;

/// Octets of text at which an analyst waits for its turn.
const MOST: usize = 4 << 20;
