//! What statistics are folded from: the facts of some packets, one by one and by header stack.

use crate::analyze::count::Tally;
use crate::analyze::record::PacketRecord;
use crate::analyze::records::StackRecord;
use crate::base::timestamp::{Period, Timestamp};
use crate::decode::checksum;

pub use crate::decode::outline::{Facts as StackFacts, Outermost};

/// Headers by row of their checksum, see [`checksum::ROWS`], and by how it stands.
pub type Checksums = [[u64; checksum::STATUSES]; checksum::ROWS.len()];

/// A group of packets, and what they add up to.
#[derive(Debug, Clone, Copy)]
pub struct Folded<'a> {
    /// Header stacks of the batch that the group ends, each with what its packets add up to; one
    /// stack may stand here more than once.  Of the other groups there are none.
    pub stacks: &'a [(StackFacts, Tally)],
    /// Types of the options of outermost IPv4 headers with the packet's octets, each type once a
    /// packet.
    pub options: &'a [(u8, u32)],
    /// All packets.
    pub total: Tally,
    /// Octets captured of them.
    pub captured: u64,
    /// Those whose outermost header has a flow label.
    pub labelled: Tally,
    /// Checksums of their headers.
    pub checksums: Checksums,
    /// Their times.
    pub period: Period,
    /// Whether all have a time.
    pub are_timed: bool,
    /// The interface that all came through, if it is one.
    pub interface: Option<u32>,
    pub(crate) packets: Packets<'a>,
}

impl Folded<'_> {
    /// The facts of each packet, in capture order.
    pub fn packets(&self) -> impl Iterator<Item = PacketFacts> + '_ {
        self.packets.facts()
    }
}

/// What differs from packet to packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PacketFacts {
    /// Its time, if it has one.
    pub time: Option<Timestamp>,
    /// Octets on the wire.
    pub octets: u32,
    /// Octets captured.
    pub captured: u32,
    /// Which interface.
    pub interface: u32,
    /// Its outermost IP header.
    pub outer: Outermost,
    /// TTL or hop limit of that.
    pub hops: u8,
    /// DSCP and ECN of that.
    pub class: u8,
    /// Whether that has a flow label.
    pub is_labelled: bool,
}

/// The packets of a group.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Packets<'a> {
    pub(crate) records: &'a [PacketRecord],
    pub(crate) stacks: &'a [StackRecord],
}

impl Packets<'_> {
    /// The facts of each, in capture order.
    fn facts(&self) -> impl Iterator<Item = PacketFacts> + '_ {
        self.records.iter().map(|record| facts(record, &self.stacks[record.stack as usize].facts))
    }
}

/// What statistics need of a packet.
#[inline]
pub(crate) fn facts(record: &PacketRecord, stack: &StackFacts) -> PacketFacts {
    PacketFacts {
        time: record.time,
        octets: record.octets,
        captured: record.captured,
        interface: record.interface,
        outer: stack.outer,
        hops: record.hops,
        class: record.class,
        is_labelled: record.is_labelled,
    }
}
