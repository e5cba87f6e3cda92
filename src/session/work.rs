//! What an analyst in order has in hand.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::counted::{Change, Counted};
use super::sink::{Context, Render, Sink};
use crate::analyze::PacketRecords;
use crate::analyze::datagram::{Datagram, FragmentNews};
use crate::analyze::departed::End;
use crate::analyze::expiry::EndedFlow;
use crate::analyze::flow::{FlowMatch, FlowView};
use crate::analyze::order::Notes;
use crate::base::timestamp::Timestamp;
use crate::capture::Batch;
use crate::decode::Packet;
use crate::decode::history::{History, Stream};
use crate::decode::tcp::TcpAnalysis;

/// What renders for a sink.
#[derive(Default)]
pub(super) struct Rendering {
    /// None where the sink takes no text, and after a panic.
    render: Option<Box<dyn Render>>,
    /// What it rendered, whole records.
    pub(super) out: Vec<u8>,
    /// Whether it has panicked since the last call.
    panicked: bool,
}

impl Rendering {
    /// What renders for `sink`.
    pub(super) fn of(sink: &dyn Sink) -> Self {
        Self { render: sink.renderer(), ..Self::default() }
    }

    /// Whether there is something to render.
    pub(super) fn is_some(&self) -> bool {
        self.render.is_some()
    }

    /// Appends what a packet looks like, all of it or nothing; gives how many octets there are.
    pub(super) fn packet(&mut self, packet: &Packet<'_>, context: Context<'_>) -> usize {
        self.call(|render, out| render.packet(packet, context, out));
        self.out.len()
    }

    /// Appends what was held back of the packets of a batch.
    pub(super) fn finish(&mut self) {
        self.call(|render, out| render.finish(out));
    }

    fn call(&mut self, what: impl FnOnce(&mut dyn Render, &mut Vec<u8>)) {
        let Some(render) = &mut self.render else { return };
        let before = self.out.len();
        let out = &mut self.out;
        // A renderer that panicked is not asked again.
        if catch_unwind(AssertUnwindSafe(|| what(&mut **render, out))).is_err() {
            self.out.truncate(before);
            self.render = None;
            self.panicked = true;
        }
    }

    /// Whether it has panicked since the last call.
    pub(super) fn take_panicked(&mut self) -> bool {
        std::mem::take(&mut self.panicked)
    }
}

/// All of one batch; recycled.
#[derive(Default)]
pub(super) struct Work {
    /// Indices of the packets that count.
    pub(super) passed: Vec<u32>,
    /// What the analysis needs of them.
    pub(super) packet_records: PacketRecords,
    /// What depends on the packets before them.
    pub(super) notes: Notes,
    /// What each finds in its flow.
    pub(super) flow_matches: Vec<FlowMatch>,
    /// What the segment of each is, where somebody asks.
    pub(super) segments: Vec<TcpAnalysis>,
    /// Which stream each is of, where somebody asks.
    pub(super) streams: Vec<Option<Stream>>,
    /// When the packet before the batch came.
    pub(super) previous: Option<Timestamp>,
    /// Datagrams that fragments among them made whole, in their order.
    pub(super) datagrams: Vec<Datagram>,
    /// What became of fragments that completed none.
    pub(super) news: FragmentNews,
    /// What each sink makes of them.
    pub(super) renders: Vec<Rendering>,
    /// How far the source is.
    pub(super) progress: Progress,
    /// Flows that ended before.
    pub(super) ended: Vec<EndedFlow>,
    /// Those flows, before their chains are looked up.
    pub(super) reported: Vec<(FlowView, End)>,
    /// How the number of flows changed.
    pub(super) change: Change,
    /// What was counted until its end.
    pub(super) counted: Counted,
    /// Tables whose turn has not come.
    pub(super) busy: Vec<usize>,
}

/// Octets of the input read so far and in all, where that is known.
pub(super) type Progress = Option<(u64, u64)>;

impl Work {
    /// What is known of the packet that is the `at`-th of those that passed, the `index`-th of the
    /// batch, whose first packet of all came at `first`.
    pub(super) fn history(
        &self,
        batch: &Batch,
        (at, index): (usize, u32),
        first: Option<Timestamp>,
    ) -> History<'_> {
        let before = index.checked_sub(1).and_then(|before| batch.records.get(before as usize));
        let number = batch.frame(index as usize).map_or(0, |frame| frame.number);
        let found = self.flow_matches.get(at).copied().unwrap_or_default();
        History {
            cross_packet: found.cross_packet.with(self.notes.cross_packet(number)),
            tcp: self.segments.get(at),
            stream: self.streams.get(at).copied().flatten(),
            first,
            previous: if index == 0 { self.previous } else { before.and_then(|of| of.time) },
        }
    }

    /// Forgets the batch and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.passed.clear();
        self.packet_records.clear();
        self.notes.clear();
        self.flow_matches.clear();
        self.segments.clear();
        self.streams.clear();
        self.datagrams.clear();
        self.news.clear();
        self.reported.clear();
        self.change = Change::default();
    }
}
