//! A block of octets and the places of the records in it.
//!
//! Batches are recycled: once warm, filling one allocates nothing.  A batch is about 1 MiB so that
//! what one analyst decodes stays in its own core's cache; a single larger record makes it grow.

use std::sync::Arc;

use super::frame::{Frame, Interface, LinkType};
use crate::base::timestamp::Timestamp;

/// Octets a source aims to put in one batch.
pub const BATCH_OCTETS: usize = 1 << 20;

/// Where one record lies in its batch, and what its record header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record {
    /// Capture time in nanoseconds; [`Record::NO_TIME`] when there is none.
    pub time: i64,
    /// First captured octet, from the start of the batch.
    pub at: u32,
    /// Captured octets.
    pub len: u32,
    /// Octets on the wire.
    pub original: u32,
    /// Index into the batch's interfaces.
    pub interface: u32,
    /// Link type of that interface, here so that decoding need not look it up.
    pub link: LinkType,
    /// Octets from the start of the record's header to its first captured octet.
    pub head: u16,
}

impl Record {
    /// Stands for a record without a time.
    pub const NO_TIME: i64 = i64::MIN;
}

/// Records in the order of the capture, with the octets they lie in.
#[derive(Debug, Default)]
pub struct Batch {
    /// The octets; sources may keep it longer than what the records cover.
    pub bytes: Vec<u8>,
    /// The records, in capture order.
    pub records: Vec<Record>,
    /// Number in the whole capture of the first record, from 1.
    pub first: u64,
    /// Which batch of the capture this is, from 0.
    pub ordinal: u64,
    /// Octet offset of `bytes[0]` in the (uncompressed) input.
    pub offset: u64,
    /// Which input `offset` belongs to, from 0.
    pub input: u32,
    /// Every interface known so far, over all inputs.
    pub interfaces: Arc<Vec<Interface>>,
    /// Comments on records: index into `records`, and where the text lies in `bytes`.
    pub comments: Vec<(u32, std::ops::Range<u32>)>,
}

impl Batch {
    /// An empty batch that owns no memory yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets the records and keeps the memory.
    pub fn clear(&mut self) {
        self.records.clear();
        self.comments.clear();
    }

    /// The frame of record `index`, if there is one and its octets are there.
    pub fn frame(&self, index: usize) -> Option<Frame<'_>> {
        let record = self.records.get(index)?;
        let from = usize::try_from(record.at).ok()?;
        let to = from.checked_add(usize::try_from(record.len).ok()?)?;
        Some(Frame {
            number: self.first.saturating_add(index as u64),
            time: (record.time != Record::NO_TIME).then_some(Timestamp(record.time)),
            link: record.link,
            interface: record.interface,
            original: record.original,
            bytes: self.bytes.get(from..to)?,
        })
    }

    /// All frames, in order.
    pub fn frames(&self) -> impl Iterator<Item = Frame<'_>> {
        (0..self.records.len()).filter_map(|index| self.frame(index))
    }
}
