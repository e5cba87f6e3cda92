//! A block of octets and the places of the records in it.
//!
//! Batches are recycled: once warm, filling one allocates nothing.  A batch is 256 KiB so that
//! what one analyst decodes stays in its own core's cache; a single larger record makes it grow.

use std::sync::Arc;

use super::block::Between;
use super::event::Event;
use super::facts::SharedFacts;
use super::interface::{Interface, LinkType};
use crate::base::timestamp::Timestamp;

/// Octets a source aims to put in one batch.
pub const BATCH_OCTETS: usize = 1 << 18;

/// Where one record lies in its batch, and what its record header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record {
    /// Capture time, if it has one.
    pub time: Option<Timestamp>,
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

/// Records in the order of the capture, with the octets they lie in.
#[derive(Debug, Default)]
pub struct Batch {
    /// The octets.  It stays as long as it ever was, so that no octet is zeroed twice: only what
    /// the records cover has a meaning.
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
    /// What the capture has said about itself so far.
    pub facts: SharedFacts,
    /// What stands between the records of a pcapng, if the source was told to keep it.
    pub between: Vec<Between>,
    /// What happened to interfaces since the batch before.
    pub events: Vec<Event>,
    /// Where the last block ends that was copied here.
    pub pushed: usize,
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
        self.between.clear();
        self.pushed = 0;
        self.events.clear();
    }

    /// Makes `bytes` at least `octets` long, and gives back what one huge record made it hold.
    pub(crate) fn reserve(&mut self, octets: usize) {
        if self.bytes.is_empty() {
            // Zeroed by the system, page by page as they are used: a pipe may need few.
            self.bytes = vec![0; octets];
        } else if self.bytes.len() < octets {
            self.bytes.reserve_exact(octets - self.bytes.len());
            self.bytes.resize(octets, 0);
        } else if self.bytes.len() > 2 * BATCH_OCTETS && octets <= BATCH_OCTETS {
            self.bytes.truncate(BATCH_OCTETS);
            self.bytes.shrink_to_fit();
        }
    }

    /// Adds a record whose octets are copied to the end.
    ///
    /// The caller keeps `bytes` within 4 GiB; what would not fit is cut.
    pub(crate) fn push(
        &mut self,
        time: Option<Timestamp>,
        interface: u32,
        link: LinkType,
        original: u32,
        octets: &[u8],
    ) {
        let at = self.end();
        let to = at.saturating_add(octets.len());
        if self.bytes.len() < to {
            self.bytes.resize(to.max(2 * self.bytes.len()), 0);
        }
        if let Some(room) = self.bytes.get_mut(at..to) {
            room.copy_from_slice(octets);
        }
        self.records.push(Record {
            time,
            at: u32::try_from(at).unwrap_or(u32::MAX),
            len: u32::try_from(octets.len()).unwrap_or(u32::MAX),
            original,
            interface,
            link,
            head: 0,
        });
    }

    /// Adds a record whose whole block, which has `record` in it, is copied to the end.
    pub(crate) fn push_block(&mut self, record: &Record, interface: u32, block: &[u8]) {
        let start = self.end();
        self.push(record.time, interface, record.link, record.original, block);
        let at = u32::try_from(start).unwrap_or(u32::MAX).saturating_add(record.head.into());
        self.pushed = start.saturating_add(block.len());
        if let Some(last) = self.records.last_mut() {
            (last.at, last.len, last.head) = (at, record.len, record.head);
        }
    }

    /// The block of record `index`, whole, where it was read from a pcapng and is still there.
    pub fn block(&self, index: usize) -> Option<&[u8]> {
        let record = self.records.get(index)?;
        let interface = self.interfaces.get(usize::try_from(record.interface).ok()?)?;
        let order = interface.block.as_ref()?.order();
        let from = record.at.checked_sub(record.head.into()).filter(|_| record.head > 0)?;
        let block = self.bytes.get(usize::try_from(from).ok()?..)?;
        let len = usize::try_from(order.u32(block, 4)?).ok()?.checked_next_multiple_of(4)?;
        block.get(..len)
    }

    /// Adds a comment on the record added last; its text is copied to the end.
    pub(crate) fn comment(&mut self, text: &[u8]) {
        let at = self.end();
        let to = at.saturating_add(text.len());
        if self.bytes.len() < to {
            self.bytes.resize(to.max(2 * self.bytes.len()), 0);
        }
        let place = (u32::try_from(at), u32::try_from(to), self.records.len().checked_sub(1));
        if let (Some(room), (Ok(from), Ok(to), Some(record))) = (self.bytes.get_mut(at..to), place)
        {
            room.copy_from_slice(text);
            let record = u32::try_from(record).unwrap_or(u32::MAX);
            self.comments.push((record, from..to));
        }
    }

    /// Record `index` in a batch of its own, as it is or with other octets.
    pub fn alone(&self, index: usize, octets: Option<&[u8]>) -> Option<Self> {
        let (record, frame) = (self.records.get(index)?, self.frame(index)?);
        let mut alone = Self {
            first: frame.number,
            offset: self.offset,
            input: self.input,
            interfaces: Arc::clone(&self.interfaces),
            facts: Arc::clone(&self.facts),
            ..Self::default()
        };
        if let (Some(block), None) = (self.block(index), octets) {
            alone.push_block(record, record.interface, block);
        } else {
            let octets = octets.unwrap_or(frame.bytes);
            let cut = record.original.saturating_sub(record.len);
            let original = u32::try_from(octets.len()).ok()?.saturating_add(cut);
            alone.push(record.time, record.interface, record.link, original, octets);
        }
        for comment in self.comments_on(index) {
            alone.comment(comment);
        }
        Some(alone)
    }

    /// Whether what stands between the records takes as much memory as they may.
    pub(crate) fn has_much_between(&self) -> bool {
        self.between.iter().map(Between::size).fold(0, usize::saturating_add) > BATCH_OCTETS
    }

    /// Where the last record's octets end, in `bytes`.
    pub(crate) fn end(&self) -> usize {
        let end = |record: &Record| record.at.saturating_add(record.len) as usize;
        let comment = self.comments.last().map_or(0, |(_, text)| text.end as usize);
        self.records.last().map_or(0, end).max(comment).max(self.pushed)
    }

    /// The comments on record `index`, as the file has them: untrusted text.
    pub fn comments_on(&self, index: usize) -> impl Iterator<Item = &[u8]> + use<'_> {
        let same = |record: &u32| usize::try_from(*record).map(|record| record.cmp(&index));
        let from = self
            .comments
            .partition_point(|(record, _)| same(record).is_ok_and(std::cmp::Ordering::is_lt));
        self.comments[from..]
            .iter()
            .take_while(move |(record, _)| usize::try_from(*record) == Ok(index))
            .filter_map(|(_, text)| self.bytes.get(text.start as usize..text.end as usize))
    }
}
