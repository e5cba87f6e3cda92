//! What an analyst does with the batches that it pulls.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard};

use super::guarded::Guarded;
use super::sink::{MakePass, Pass, Sink};
use super::work::{Progress, Rendering, Work};
use super::{Context, Ended, Fold, Intake, Shared};
use crate::analyze::flow::Met;
use crate::analyze::order::Notes;
use crate::analyze::{Analysis, Briefs};
use crate::base::fault;
use crate::base::threads::{lock, try_lock};
use crate::capture::{Batch, CaptureError, Fill, Frame};
use crate::decode::odd::Many;
use crate::decode::stack::Stacks;
use crate::decode::{Layers, Packet, walk};

/// Counts an analyst out, however it leaves.
pub(super) struct Leaving<'a> {
    shared: &'a Shared,
    /// The batch that it has in hand, where those go in order.
    at: Cell<Option<u64>>,
}

impl<'a> Leaving<'a> {
    /// An analyst that begins.
    pub(super) fn new(shared: &'a Shared) -> Self {
        Self { shared, at: Cell::new(None) }
    }
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        let shared = self.shared;
        let panicked = std::thread::panicking();
        if panicked {
            shared.stop.store(true, Ordering::Relaxed);
            // Its batch is never passed on: nobody may wait for it.
            if let Some(at) = self.at.get() {
                shared.fold.break_at(at);
                shared.write.break_at(at);
                if let Some(watch) = &shared.watch {
                    watch.break_at(at);
                }
            }
        }
        let mut ended = shared.lock_ended();
        let is_last = ended.at_work == 1;
        ended.at_work = ended.at_work.saturating_sub(1);
        drop(ended);
        // Nobody is told that the run has ended before that is told too.
        if is_last && !panicked {
            shared.tell_rest();
        }
        let mut ended = shared.lock_ended();
        ended.running = ended.running.saturating_sub(1);
        if panicked {
            ended.error.get_or_insert(CaptureError::Panicked { what: "an analyst" });
        }
        drop(ended);
        shared.finished.notify_all();
    }
}

impl Shared {
    pub(super) fn lock_ended(&self) -> MutexGuard<'_, Ended> {
        lock(&self.ended)
    }

    pub(super) fn lock_intake(&self) -> MutexGuard<'_, Intake> {
        lock(&self.intake)
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
        if let Some(mut state) = try_lock(&self.write.state) {
            // Totals count what is written: what is folded and not written yet will tell them.
            let stats = self.fold.try_take(state.0).and_then(|mut fold| {
                let Fold { analysis, pulse, .. } = &mut fold.1;
                pulse.as_mut()?.beat(analysis, None)
            });
            self.tell(&mut state.1, |sink| {
                stats.as_ref().map_or(Ok(()), |stats| sink.stats(stats))?;
                sink.quiet()
            });
        }
    }

    /// Adds what is told of packets only when nothing comes any more, so that whoever looks at the
    /// analysis then sees it.
    fn tell_rest(&self) {
        // Of packets that have gone by nobody knows any more whether they passed.
        if self.in_order && self.watch.is_none() {
            let rest = lock(&self.order).end(self.limits, self.seed.clone());
            self.fold.lock().1.analysis.merge(rest);
        }
    }

    fn saw(&self, batch: &Batch) {
        let octets = batch.records.iter().map(|record| u64::from(record.original)).sum();
        self.seen[0].fetch_add(batch.records.len() as u64, Ordering::Relaxed);
        self.seen[1].fetch_add(octets, Ordering::Relaxed);
    }

    /// Adds to the flows of all, and counts in an analysis of its own.
    pub(super) fn run_apart(&self) {
        let mut part = Analysis::new(self.limits, self.seed.clone());
        let run = catch_unwind(AssertUnwindSafe(|| self.fold_apart(&mut part)));
        // What was counted before a panic counts.
        self.lock_ended().parts.push(part);
        if let Err(panic) = run {
            resume_unwind(panic);
        }
    }

    fn fold_apart(&self, part: &mut Analysis) {
        let mut pass = self.pass.as_ref().map(MakePass::make);
        let (mut batch, mut briefs) = (Batch::new(), Briefs::default());
        let mut decoder = Decoder::default();
        let mut notes = Notes::default();
        while let Some((ordinal, _)) = self.next(&mut batch) {
            self.saw(&batch);
            part.anomalies.add_events(&batch);
            if pass.is_none() {
                notes.see_times(&batch);
            }
            for frame in batch.frames() {
                decoder.take_in(frame, pass.as_mut(), &mut notes, &mut briefs, true);
            }
            self.flows.fold(&mut briefs, part);
            briefs.clear();
            let mut order = lock(&self.order);
            order.deposit(ordinal, &mut notes);
        }
    }

    /// Decodes and renders on its own, folds and writes in turn.
    pub(super) fn run_in_order(&self, leaving: &Leaving<'_>) {
        let mut batch = Batch::new();
        let mut decoder = Decoder::default();
        let mut work = Work::default();
        let mut pass = self.pass.as_ref().map(MakePass::make);
        for sink in &self.write.lock().1 {
            work.renders.push(Rendering::of(sink.sink()));
        }
        while let Some((ordinal, progress)) = self.next(&mut batch) {
            leaving.at.set(Some(ordinal));
            fault::point("analyst");
            self.saw(&batch);
            work.clear();
            work.progress = progress;
            if let (Some(watch), Some(pass)) = (&self.watch, &mut pass) {
                if !self.pass_in_turn(ordinal, &batch, &mut decoder, (watch, pass), &mut work) {
                    return;
                }
            } else {
                if pass.is_none() {
                    work.notes.see_times(&batch);
                }
                for (index, frame) in (0u32..).zip(batch.frames()) {
                    let Work { notes, briefs, passed, .. } = &mut work;
                    if decoder.take_in(frame, pass.as_mut(), notes, briefs, false) {
                        passed.push(index);
                    }
                }
            }
            if !self.fold_in_turn(ordinal, &batch, &mut work)
                || !self.render_in_turn(ordinal, &batch, &mut decoder, &mut work)
            {
                return;
            }
            leaving.at.set(None);
        }
    }

    /// Counts a batch; false where its turn never comes.
    fn fold_in_turn(&self, ordinal: u64, batch: &Batch, work: &mut Work) -> bool {
        let Some(mut state) = self.fold.take(ordinal) else { return false };
        let Fold { analysis, interfaces, pulse } = &mut state.1;
        if !Arc::ptr_eq(interfaces, &batch.interfaces) {
            *interfaces = Arc::clone(&batch.interfaces);
        }
        if let Some(first) = batch.records.first() {
            // The first batch comes first.
            self.zero.get_or_init(|| first.time);
            analysis.end_idle(first.time);
        }
        analysis.anomalies.add_events(batch);
        if let Some(count) = self.count {
            let room = count.saturating_sub(analysis.total().packets);
            let room = usize::try_from(room).unwrap_or(usize::MAX);
            work.passed.truncate(room);
            work.briefs.truncate(room);
            work.notes.truncate(work.briefs.last().map_or(0, |brief| brief.number));
            if analysis.total().packets + work.passed.len() as u64 >= count {
                self.stop.store(true, Ordering::Relaxed);
            }
        }
        if self.watch.is_none() {
            lock(&self.order).go_through(&mut work.notes, &mut work.briefs, true);
            self.assemble(batch, work);
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
        true
    }

    /// Puts datagrams together that fragments of this batch make whole.
    pub(super) fn assemble(&self, batch: &Batch, work: &mut Work) {
        let Some(assembly) = &self.assembly else { return };
        let (mut assembly, mut layers) = (lock(assembly), Layers::new());
        for piece in work.notes.pieces() {
            let frame = piece.packet.checked_sub(batch.first);
            let frame = frame.and_then(|at| batch.frame(usize::try_from(at).ok()?));
            if let Some(frame) = frame {
                walk::walk(&frame, &mut layers);
                work.wholes.extend(assembly.add(&Packet { frame, layers: &layers }, piece));
            }
        }
    }

    /// Renders and writes a batch; false where its turn never comes.
    fn render_in_turn(
        &self,
        ordinal: u64,
        batch: &Batch,
        decoder: &mut Decoder,
        work: &mut Work,
    ) -> bool {
        let mut turn = None;
        let zero = self.zero.get().copied().flatten();
        if work.renders.iter().any(Rendering::is_some) {
            for (&index, met) in work.passed.iter().zip(&work.met) {
                let Some(frame) = batch.frame(index as usize) else {
                    continue;
                };
                let packet = Packet { frame, layers: decoder.walk(&frame) };
                let many = met.many.with(work.notes.many(frame.number));
                let at = work.wholes.binary_search_by_key(&frame.number, |whole| whole.packet);
                let whole = at.ok().and_then(|at| work.wholes.get(at));
                let flow = (met.flow > 0).then_some(met.flow);
                let context = Context { flow, zero, many, whole };
                let octets = work.renders.iter_mut().map(|render| render.packet(&packet, context));
                let most = octets.max().unwrap_or(0);
                // Text goes out in pieces as soon as it is this batch's turn, and at the latest
                // when it would take more memory than the batch it is made of.
                if most < PIECE {
                    continue;
                }
                if turn.is_none() {
                    turn = self.write.try_take(ordinal);
                    if turn.is_none() && most >= MOST {
                        turn = self.write.take(ordinal);
                        if turn.is_none() {
                            return false;
                        }
                    }
                }
                if let Some(state) = turn.as_mut() {
                    self.write_out(ordinal, batch, &mut state.1, &mut work.renders);
                }
            }
        }
        let Some(mut state) = turn.or_else(|| self.write.take(ordinal)) else { return false };
        self.write_out(ordinal, batch, &mut state.1, &mut work.renders);
        self.tell(&mut state.1, |sink| sink.frames(batch, &work.passed));
        if !work.notes.late.is_empty() {
            self.tell(&mut state.1, |sink| sink.late(&work.notes.late));
        }
        if !batch.events.is_empty() {
            self.tell(&mut state.1, |sink| sink.events(&batch.events, &batch.interfaces));
        }
        if !work.ended.is_empty() {
            self.tell(&mut state.1, |sink| sink.flows(&work.ended));
        }
        if let Some(stats) = &work.stats {
            self.tell(&mut state.1, |sink| sink.stats(stats));
        }
        self.write.pass_on(state);
        true
    }

    fn write_out(
        &self,
        ordinal: u64,
        batch: &Batch,
        sinks: &mut [Guarded],
        renders: &mut [Rendering],
    ) {
        let is_first = ordinal == 0 && !self.begun.swap(true, Ordering::Relaxed);
        if is_first {
            self.tell(sinks, |sink| sink.begin(&batch.interfaces));
        }
        for (sink, rendering) in sinks.iter_mut().zip(renders) {
            let out = &mut rendering.out;
            if !out.is_empty() {
                let written = sink.call(|sink| sink.write(out));
                self.note(written, sink);
                out.clear();
            }
            if rendering.take_panicked() && !sink.is_broken() {
                let broken = Err(sink.break_off());
                self.note(broken, sink);
            }
        }
        self.end_without_outputs(sinks);
    }

    /// Has all sinks do something.
    fn tell(
        &self,
        sinks: &mut [Guarded],
        what: impl Fn(&mut dyn Sink) -> Result<(), CaptureError>,
    ) {
        for sink in &mut *sinks {
            let done = sink.call(&what);
            self.note(done, sink);
        }
        self.end_without_outputs(sinks);
    }

    /// Ends the run when an output cannot go on, unless that is its own fault: the others do not
    /// suffer from a panic.
    fn note(&self, done: Result<(), CaptureError>, sink: &Guarded) {
        if let Err(error) = done {
            if !sink.is_broken() {
                self.is_cut.store(true, Ordering::Relaxed);
                self.stop.store(true, Ordering::Relaxed);
            }
            self.lock_ended().faults.note(sink.number(), error);
        }
    }

    /// Ends the run when all outputs broke off.
    fn end_without_outputs(&self, sinks: &[Guarded]) {
        if !sinks.is_empty() && sinks.iter().all(Guarded::is_broken) {
            self.stop.store(true, Ordering::Relaxed);
        }
    }
}

/// What an analyst decodes with.
#[derive(Default)]
pub(super) struct Decoder {
    /// The headers of the packet at hand.
    pub(super) layers: Layers,
    stacks: Stacks,
}

impl Decoder {
    /// Finds the headers of a frame.
    pub(super) fn walk(&mut self, frame: &Frame<'_>) -> &Layers {
        match self.stacks.recall(frame.link, frame.bytes) {
            Some(recalled) => recalled.layers(&mut self.layers),
            None => self.walk_new(frame),
        }
        &self.layers
    }

    /// Finds the headers of a frame whose stack is not known, and learns that.
    fn walk_new(&mut self, frame: &Frame<'_>) {
        walk::walk(frame, &mut self.layers);
        self.stacks.learn(frame, &self.layers);
    }

    /// Decodes a frame and notes what the analysis needs of it, unless it does not pass; whether it
    /// did.  Fragments, whose flow is known only in order, may be held back.
    #[inline]
    pub(super) fn take_in(
        &mut self,
        frame: Frame<'_>,
        pass: Option<&mut Pass>,
        notes: &mut Notes,
        briefs: &mut Briefs,
        holds: bool,
    ) -> bool {
        if let Some(pass) = pass {
            let layers = self.walk(&frame);
            if !pass(&Packet { frame, layers }, Many::default()) {
                return false;
            }
            notes.see_time(&frame);
        }
        if let Some(mut recalled) = self.stacks.recall(frame.link, frame.bytes) {
            let is_clear = notes.see_known(&frame, &mut recalled, &mut self.layers);
            let stack = recalled.stack;
            let known = (&stack.outline, stack.number);
            briefs.push_known(&frame, known, is_clear, &mut notes.found);
            return true;
        }
        self.walk_new(&frame);
        let packet = Packet { frame, layers: &self.layers };
        if notes.see(&packet) && holds {
            notes.held.push(&packet, &mut notes.found);
        } else {
            briefs.push(&packet, &mut notes.found);
        }
        true
    }
}

/// Octets of text that are written in one piece.
const PIECE: usize = 64 << 10;

/// Octets of text at which an analyst waits for its turn.
const MOST: usize = 4 << 20;
