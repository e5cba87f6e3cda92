//! Filters that ask what is wrong with several packets: all are analysed in their order, and only
//! then is it decided which of them count.
//!
//! What such a run counts and shows of several packets is found among all of them, not among those
//! that pass: the second of two equal packets is a duplicate even where the first does not pass.

use super::analyst::Decoder;
use super::counted::Change;
use super::pipeline::Pipeline;
use super::shared::Shared;
use super::sink::PacketFilter;
use super::work::Work;
use crate::analyze::flow::FlowMatch;
use crate::capture::Batch;
use crate::decode::Packet;
use crate::decode::tcp::TcpAnalysis;

impl Shared {
    /// Takes in all packets of a batch, and leaves in `work` those that pass; false where its turn
    /// never comes.
    pub(super) fn filter_in_turn(
        &self,
        ordinal: u64,
        batch: &Batch,
        decoder: &mut Decoder,
        (watch, pass): (&Pipeline, &mut PacketFilter),
        work: &mut Work,
    ) -> bool {
        work.notes.see_times(batch);
        self.take_all(batch, decoder, work);
        let passed = watch.pass(ordinal, batch, (work, true), |sequenced, work| {
            sequenced.order.go_through(&mut work.notes, &mut work.packet_records, |number| {
                batch.frame_of(number)
            });
            self.assemble(batch, work);
        });
        if passed.is_none() || self.number_streams(ordinal, work).is_none() {
            return false;
        }
        // It changes the number of flows that are not told.
        work.change = Change::default();
        work.notes.found.sort_unstable();
        let zero = self.zero.get().copied().flatten();
        let mut passed = std::mem::take(&mut work.passed);
        for (index, frame) in (0u32..).zip(batch.frames()) {
            let history = work.history(batch, (index as usize, index), zero);
            if pass(&Packet { frame, layers: decoder.walk(&frame) }, history) {
                passed.push(index);
            }
        }
        work.passed = passed;
        work.keep_passed();
        let Work { notes, packet_records, passed, .. } = work;
        packet_records.keep(passed);
        notes.keep(|number| {
            let is_it = |index: &u32| batch.frame(*index as usize).map(|frame| frame.number);
            passed.binary_search_by_key(&Some(number), is_it).is_ok()
        });
        true
    }

    /// Takes in all packets of a batch for what outputs ask of them, and leaves in `work` those
    /// that pass, as if there were no others; false where its turn never comes.
    pub(super) fn filter_aside(
        &self,
        ordinal: u64,
        batch: &Batch,
        decoder: &mut Decoder,
        (watch, pass): (&Pipeline, &mut PacketFilter),
        work: &mut Work,
    ) -> bool {
        self.take_all(batch, decoder, work);
        let is_passed = watch.pass(ordinal, batch, (work, true), |_, _| {}).is_some();
        if !is_passed || self.number_streams(ordinal, work).is_none() {
            return false;
        }
        work.change = Change::default();
        work.notes.clear();
        work.packet_records.clear();
        let times = (self.zero.get().copied().flatten(), work.previous);
        let Work { notes, packet_records, passed, .. } = &mut *work;
        decoder.take_in(batch, Some((pass, times)), notes, packet_records, passed);
        work.keep_passed();
        true
    }

    /// Takes in all packets of a batch, with room for what they find in their flows.
    fn take_all(&self, batch: &Batch, decoder: &mut Decoder, work: &mut Work) {
        let Work { notes, packet_records, flow_matches, segments, passed, .. } = work;
        decoder.take_in(batch, None, notes, packet_records, passed);
        passed.clear();
        flow_matches.resize(packet_records.len(), FlowMatch::default());
        if self.asks.needs_flows() {
            segments.resize(packet_records.len(), TcpAnalysis::default());
        }
    }
}

impl Work {
    /// Keeps what was found of those packets of a whole batch that passed.
    fn keep_passed(&mut self) {
        let Self { passed, flow_matches, segments, streams, .. } = self;
        keep(flow_matches, passed);
        keep(segments, passed);
        keep(streams, passed);
    }
}

/// Keeps what stands at these places, which ascend; nothing where there is nothing.
fn keep<T: Copy>(all: &mut Vec<T>, which: &[u32]) {
    if all.is_empty() {
        return;
    }
    for (to, &from) in which.iter().enumerate() {
        all.swap(to, from as usize);
    }
    all.truncate(which.len());
}
