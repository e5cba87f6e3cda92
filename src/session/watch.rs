//! Filters that ask what is wrong with several packets: all are analysed in their order, and only
//! then is it decided which of them count.
//!
//! What such a run counts and shows of several packets is told among all of them, not among those
//! that pass: the second of two equal packets is a duplicate even where the first does not pass.

use super::analyst::Decoder;
use super::turn::Turn;
use super::work::Work;
use super::{Pass, Shared};
use crate::analyze::Analysis;
use crate::analyze::flow::Met;
use crate::base::threads::lock;
use crate::capture::Batch;
use crate::decode::Packet;

impl Shared {
    /// Takes in all packets of a batch, and leaves in `work` those that pass; false where its turn
    /// never comes.
    pub(super) fn pass_in_turn(
        &self,
        ordinal: u64,
        batch: &Batch,
        decoder: &mut Decoder,
        (watch, pass): (&Turn<Analysis>, &mut Pass),
        work: &mut Work,
    ) -> bool {
        let Work { notes, briefs, met: all, .. } = work;
        notes.see_times(batch);
        for frame in batch.frames() {
            decoder.take_in(frame, None, notes, briefs, false);
        }
        all.resize(briefs.len(), Met::default());
        let Some(mut state) = watch.take(ordinal) else { return false };
        if let Some(first) = batch.records.first() {
            state.1.end_idle(first.time);
        }
        lock(&self.order).go_through(notes, briefs, true);
        state.1.fold(briefs, |index, met| all[index] = met());
        self.assemble(batch, work);
        watch.pass_on(state);
        let Work { notes, briefs, passed, met: all, .. } = work;
        notes.found.sort_unstable();
        for ((index, frame), met) in (0u32..).zip(batch.frames()).zip(all.iter()) {
            let many = met.many.with(notes.many(frame.number));
            if pass(&Packet { frame, layers: decoder.walk(&frame) }, many) {
                passed.push(index);
            }
        }
        briefs.keep(passed);
        notes.keep(|number| {
            let is_it = |index: &u32| batch.frame(*index as usize).map(|frame| frame.number);
            passed.binary_search_by_key(&Some(number), is_it).is_ok()
        });
        for (to, &from) in passed.iter().enumerate() {
            all.swap(to, from as usize);
        }
        all.truncate(passed.len());
        true
    }
}
