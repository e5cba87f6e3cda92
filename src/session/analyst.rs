//! What an analyst does with the batches that it pulls.

use std::cell::Cell;
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard};

use arrayvec::ArrayVec;

use super::guarded::Guarded;
use super::pipeline::Sequenced;
use super::shared::{Ended, Intake, Shared};
use super::sink::{Assembled, Context, PacketFilter, PacketFilters, Sink};
use super::stats_timer::Stats;
use super::work::{Progress, Rendering, Work};
use crate::analyze::flow::FlowMatch;
use crate::analyze::order::Notes;
use crate::analyze::{Analysis, PacketRecords};
use crate::base::fault;
use crate::base::threads::{lock, lock_soon, try_lock};
use crate::base::timestamp::Timestamp;
use crate::capture::{Batch, CaptureError, Fill, Frame};
use crate::decode::history::History;
use crate::decode::outline::Outline;
use crate::decode::stack::{BLOCK, KnownFrame, Stack, StackVisitor, Stacks};
use crate::decode::tcp::TcpAnalysis;
use crate::decode::{Layers, Packet, walk};

/// Where a batch stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct BatchPlace {
    /// Which one of the capture it is, from 0.
    pub(super) ordinal: u64,
    /// Its turn in the pipeline, where snapshots have turns too.
    pub(super) ticket: u64,
    /// When the packet before it came.
    previous: Option<Timestamp>,
}

/// Counts an analyst out, however it leaves.
pub(super) struct Leaving<'a> {
    shared: &'a Shared,
    /// The batch that it has in hand: its place in the capture and its turn in the pipeline.
    at: Cell<Option<BatchPlace>>,
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
            if let Some(BatchPlace { ordinal, ticket, .. }) = self.at.get() {
                shared.pipeline.break_at(ticket);
                shared.streams.break_at(ordinal);
                shared.write.break_at(ordinal);
                if let Some(watch) = &shared.watch {
                    watch.break_at(ordinal);
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

    /// Fills `batch` with the next records; its place and the progress of the source, or none when
    /// there are no more.
    fn next(&self, batch: &mut Batch) -> Option<(BatchPlace, Progress)> {
        loop {
            let mut intake = lock_soon(&self.intake);
            if intake.is_over || self.stop.load(Ordering::Relaxed) {
                return None;
            }
            let damage = match intake.source.fill(batch) {
                Ok(Fill::Records) => {
                    let (ordinal, ticket) = (intake.next, self.pipeline.ticket());
                    let place = BatchPlace { ordinal, ticket, previous: intake.last };
                    intake.next += 1;
                    intake.last = batch.records.last().map_or(intake.last, |last| last.time);
                    if let Some(first) = batch.records.first() {
                        self.zero.get_or_init(|| first.time);
                    }
                    if !Arc::ptr_eq(&intake.interfaces, &batch.interfaces) {
                        intake.interfaces = Arc::clone(&batch.interfaces);
                    }
                    if !Arc::ptr_eq(&intake.facts, &batch.facts) {
                        intake.facts = Arc::clone(&batch.facts);
                    }
                    return Some((place, intake.source.progress()));
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
            let stats = self.due(None);
            self.tell(&mut state.1, |sink| {
                stats.as_ref().map_or(Ok(()), |stats| sink.stats(stats))?;
                sink.quiet()
            });
        }
    }

    /// Totals of what was written, when they are due.  The caller has the turn to write.
    fn due(&self, progress: Progress) -> Option<Stats> {
        let (stats_timer, so_far) = &mut *lock(&self.stats_timer);
        stats_timer.as_mut()?.due(so_far, progress)
    }

    /// Adds what is found only at the end of the capture, so that whatever looks at the
    /// analysis then sees it.
    pub(super) fn tell_rest(&self) {
        // Of packets that have gone by nobody knows any more whether they passed.
        if self.watch.is_none() || self.is_watched_aside {
            self.pipeline.hold(Analysis::end);
        }
    }

    fn saw(&self, batch: &Batch) {
        let octets = batch.records.iter().map(|record| u64::from(record.original)).sum();
        self.seen[0].fetch_add(batch.records.len() as u64, Ordering::Relaxed);
        self.seen[1].fetch_add(octets, Ordering::Relaxed);
    }

    /// Decodes and renders on its own, folds and writes in turn.
    pub(super) fn run(&self, leaving: &Leaving<'_>) {
        let mut batch = Batch::new();
        let mut decoder = Decoder::default();
        let mut work = Work {
            packet_records: PacketRecords::new(self.pipeline.key_parts())
                .following(self.asks.needs_flows() || self.pipeline.follows()),
            ..Work::default()
        };
        let mut pass = self.pass.as_ref().map(PacketFilters::make);
        for sink in &self.write.lock().1 {
            work.renders.push(Rendering::of(sink.sink()));
        }
        while let Some((place, progress)) = self.next(&mut batch) {
            let ordinal = place.ordinal;
            leaving.at.set(Some(place));
            fault::point("analyst");
            self.saw(&batch);
            work.clear();
            (work.progress, work.previous) = (progress, place.previous);
            if let (Some(watch), Some(pass)) = (&self.watch, &mut pass) {
                let by = (watch, pass);
                let is_passed = if self.is_watched_aside {
                    self.filter_aside(ordinal, &batch, &mut decoder, by, &mut work)
                } else {
                    self.filter_in_turn(ordinal, &batch, &mut decoder, by, &mut work)
                };
                if !is_passed {
                    return;
                }
            } else {
                if pass.is_none() {
                    work.notes.see_times(&batch);
                }
                let times = (self.zero.get().copied().flatten(), place.previous);
                let Work { notes, packet_records, passed, .. } = &mut work;
                let pass = pass.as_mut().map(|pass| (pass, times));
                decoder.take_in(&batch, pass, notes, packet_records, passed);
            }
            if self.fold_in_turn(place, &batch, &mut work).is_none()
                || !self.render_in_turn(ordinal, &batch, &mut decoder, &mut work)
            {
                return;
            }
            leaving.at.set(None);
        }
    }

    /// Takes a batch through the pipeline; none where its turn never comes.
    fn fold_in_turn(&self, place: BatchPlace, batch: &Batch, work: &mut Work) -> Option<()> {
        let watched = std::mem::take(&mut work.flow_matches);
        if work.renders.iter().any(Rendering::is_some) {
            work.flow_matches.resize(work.passed.len(), FlowMatch::default());
            if self.watch.is_none() && self.asks.needs_flows() {
                work.segments.resize(work.passed.len(), TcpAnalysis::default());
            }
        }
        let is_told = self.watch.is_none();
        self.pipeline.pass(place.ticket, batch, (work, is_told), |sequenced, work| {
            let Sequenced { analysis, order, interfaces } = sequenced;
            if !Arc::ptr_eq(interfaces, &batch.interfaces) {
                *interfaces = Arc::clone(&batch.interfaces);
            }
            let room =
                self.count.map_or(u64::MAX, |most| most.saturating_sub(analysis.total().packets));
            if room > 0 {
                analysis.anomalies.add_events(batch);
            }
            if let Some(count) = self.count {
                let room = usize::try_from(room).unwrap_or(usize::MAX);
                work.passed.truncate(room);
                work.flow_matches.truncate(room);
                work.packet_records.truncate(room);
                work.notes.truncate(work.packet_records.last().map_or(0, |record| record.number));
                if analysis.total().packets + work.passed.len() as u64 >= count {
                    self.stop.store(true, Ordering::Relaxed);
                }
            }
            if self.watch.is_none() || self.is_watched_aside {
                order.go_through(&mut work.notes, &mut work.packet_records, |number| {
                    batch.frame_of(number)
                });
                self.assemble(batch, work);
            }
            work.notes.count(&mut analysis.anomalies, &work.packet_records);
            work.notes.keep_cross_packet();
        })?;
        // Which packet changes a flow is told among all of them.
        if self.watch.is_some() && !self.is_watched_aside {
            let both = work.flow_matches.iter_mut().zip(watched);
            both.for_each(|(flow_matches, watched)| {
                flow_matches.cross_packet = watched.cross_packet;
            });
        }
        if self.watch.is_none() {
            self.number_streams(place.ordinal, work)?;
        }
        self.pipeline.ended(work);
        Some(())
    }

    /// Puts datagrams together that fragments of this batch make whole.
    pub(super) fn assemble(&self, batch: &Batch, work: &mut Work) {
        let Some(assembly) = &self.assembly else { return };
        let (mut assembly, mut layers) = (lock(assembly), Layers::new());
        for fragment in work.notes.fragments() {
            if let Some(frame) = batch.frame_of(fragment.packet) {
                walk::walk(&frame, &mut layers);
                work.datagrams.extend(assembly.add(&Packet { frame, layers: &layers }, fragment));
            }
        }
        assembly.tell_news(&mut work.news);
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
            let mut renders = std::mem::take(&mut work.renders);
            for (at, &index) in work.passed.iter().enumerate().take(work.flow_matches.len()) {
                let Some(frame) = batch.frame(index as usize) else {
                    continue;
                };
                let packet = Packet { frame, layers: decoder.walk(&frame) };
                let history = work.history(batch, (at, index), zero);
                let flow = work.flow_matches.get(at).map_or(0, |found| found.flow);
                let at =
                    work.datagrams.binary_search_by_key(&frame.number, |datagram| datagram.packet);
                let datagram = at.ok().and_then(|at| work.datagrams.get(at));
                let flow = (flow > 0).then_some(flow);
                let context = Context { flow, zero, history, datagram };
                let octets = renders.iter_mut().map(|render| render.packet(&packet, context));
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
                    self.write_out(ordinal, batch, &mut state.1, &mut renders);
                }
            }
            work.renders = renders;
        }
        work.renders.iter_mut().for_each(Rendering::finish);
        let Some(mut state) = turn.or_else(|| self.write.take(ordinal)) else { return false };
        self.write_out(ordinal, batch, &mut state.1, &mut work.renders);
        if self.assembly.is_some() {
            let assembled = Assembled { datagrams: &work.datagrams, news: &work.news };
            self.tell(&mut state.1, |sink| sink.assembled(batch, &work.passed, assembled));
        } else {
            self.tell(&mut state.1, |sink| sink.frames(batch, &work.passed));
        }
        if !work.notes.late.is_empty() {
            self.tell(&mut state.1, |sink| sink.late(&work.notes.late));
        }
        if !batch.events.is_empty() {
            self.tell(&mut state.1, |sink| sink.events(&batch.events, &batch.interfaces));
        }
        if !work.ended.is_empty() {
            self.tell(&mut state.1, |sink| sink.flows(&work.ended));
        }
        lock(&self.stats_timer).1.go_on(work.counted, work.change);
        if let Some(stats) = self.due(work.progress) {
            self.tell(&mut state.1, |sink| sink.stats(&stats));
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
            self.tell(sinks, |sink| sink.begin(&batch.interfaces, &batch.facts));
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

/// When the first packet of all came, and the one before a batch.
type Times = (Option<Timestamp>, Option<Timestamp>);

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

    /// Decodes the frames of a batch that pass, and notes what the analysis needs of them.
    pub(super) fn take_in(
        &mut self,
        batch: &Batch,
        pass: Option<(&mut PacketFilter, Times)>,
        notes: &mut Notes,
        packet_records: &mut PacketRecords,
        passed: &mut Vec<u32>,
    ) {
        let Some((pass, (first, mut previous))) = pass else {
            passed.extend((0..).take(batch.records.len()));
            let same = batch.records.chunk_by(|a, b| a.link == b.link);
            let mut at = 0;
            for records in same.flat_map(|records| records.chunks(BLOCK)) {
                let frames = (at..at + records.len()).filter_map(|index| batch.frame(index));
                self.take_in_block(&frames.collect::<ArrayVec<_, BLOCK>>(), notes, packet_records);
                at += records.len();
            }
            return packet_records.order();
        };
        let mut block = ArrayVec::<_, BLOCK>::new();
        for (index, frame) in (0_u32..).zip(batch.frames()) {
            let history = History { first, previous, ..History::default() };
            previous = frame.time;
            if !pass(&Packet { frame, layers: self.walk(&frame) }, history) {
                continue;
            }
            notes.see_time(&frame);
            passed.push(index);
            if block.is_full() || block.last().is_some_and(|last: &Frame| last.link != frame.link) {
                self.take_in_block(&block, notes, packet_records);
                block.clear();
            }
            block.push(frame);
        }
        self.take_in_block(&block, notes, packet_records);
        packet_records.order();
    }

    /// Takes in frames of one link type: those of known stacks first, one stack after the other, so
    /// that what is done with them takes the same way through the code for all.
    fn take_in_block(
        &mut self,
        frames: &[Frame<'_>],
        notes: &mut Notes,
        packet_records: &mut PacketRecords,
    ) {
        let Some(first) = frames.first() else { return };
        let place = packet_records.open(frames.len());
        let mut taking = BlockIntake {
            notes: &mut *notes,
            packet_records: &mut *packet_records,
            layers: &mut self.layers,
            place,
        };
        let rest = self.stacks.sort(first.link, frames, &mut taking);
        let sought = self.stacks.learned();
        for at in rest {
            let at = usize::from(at);
            let Some(&frame) = frames.get(at) else { continue };
            // They have none of the stacks that were known then.
            if self.stacks.learned() == sought {
                self.walk_new(&frame);
            } else {
                self.walk(&frame);
            }
            let packet = Packet { frame, layers: &self.layers };
            notes.see(&packet);
            let outline = Outline::of(frame.bytes, packet.layers);
            packet_records.set(place + at, &packet, &outline, &mut notes.found);
        }
    }
}

/// Takes in those frames of a block that have known stacks.
struct BlockIntake<'a> {
    notes: &'a mut Notes,
    packet_records: &'a mut PacketRecords,
    layers: &'a mut Layers,
    /// Where the numbers of the block's first frame stand.
    place: usize,
}

impl BlockIntake<'_> {
    /// Takes in a frame whose last two headers are of that kind, if one look is enough.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "what is the same for all of a kind is left out")]
    fn read<const V6: bool, const TCP: bool>(
        &mut self,
        known: u32,
        stack: &Stack,
        frame: &Frame<'_>,
        at: usize,
    ) -> bool {
        let Self { notes, packet_records, place, .. } = self;
        let Some(reading) = notes.read::<V6, TCP>(frame, &stack.checks) else { return false };
        let to = (*place + at, known);
        packet_records.set_read(to, frame, &stack.outline, reading, &mut notes.found);
        true
    }
}

impl StackVisitor for BlockIntake<'_> {
    type Begun = u32;

    fn begin(&mut self, stack: &Stack) -> u32 {
        self.packet_records.known_stack(&stack.outline, stack.number)
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "nearly every packet comes by")]
    fn take_short(&mut self, known: u32, stack: &Stack, frame: &Frame<'_>, at: usize) -> bool {
        match stack.checks.kind() {
            Some((false, true)) => self.read::<false, true>(known, stack, frame, at),
            Some((false, false)) => self.read::<false, false>(known, stack, frame, at),
            Some((true, true)) => self.read::<true, true>(known, stack, frame, at),
            Some((true, false)) => self.read::<true, false>(known, stack, frame, at),
            None => false,
        }
    }

    #[inline(never)]
    fn take(&mut self, known: u32, stack: &mut Stack, frame: &Frame<'_>, pick: KnownFrame) {
        // Of short ones that was tried.
        if !stack.is_short() && self.take_short(known, stack, frame, pick.at) {
            return;
        }
        let Self { notes, packet_records, layers, place } = self;
        let to = (*place + pick.at, known);
        let is_clear = notes.see_known(frame, (pick.end, pick.last), stack, layers);
        packet_records.set_known(to, frame, &stack.outline, is_clear, &mut notes.found);
    }
}

/// Octets of text that are written in one piece.
const PIECE: usize = 64 << 10;

/// Octets of text at which an analyst waits for its turn.
const MOST: usize = 4 << 20;
