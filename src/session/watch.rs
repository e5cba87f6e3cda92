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
        let Work { notes, packet_records, flow_matches, passed, .. } = work;
        notes.see_times(batch);
        decoder.take_in(batch, None, notes, packet_records, passed);
        passed.clear();
        flow_matches.resize(packet_records.len(), FlowMatch::default());
        let passed = watch.pass(ordinal, batch, work, |sequenced, work| {
            sequenced.order.go_through(&mut work.notes, &mut work.packet_records, |number| {
                batch.frame_of(number)
            });
            self.assemble(batch, work);
        });
        if passed.is_none() {
            return false;
        }
        // It changes the number of flows that are not told.
        work.change = Change::default();
        let Work { notes, packet_records, passed, flow_matches: all, .. } = work;
        notes.found.sort_unstable();
        for ((index, frame), flow_matches) in (0u32..).zip(batch.frames()).zip(all.iter()) {
            let cross_packet = flow_matches.cross_packet.with(notes.cross_packet(frame.number));
            if pass(&Packet { frame, layers: decoder.walk(&frame) }, cross_packet) {
                passed.push(index);
            }
        }
        packet_records.keep(passed);
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
