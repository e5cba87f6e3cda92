//! One captured frame, borrowed from the batch that holds its octets.
//!
//! A frame leads to its batch, and what its capture tells of it beside its octets is looked up there
//! when it is asked for: a frame that nobody asks costs nothing.

use super::batch::Batch;
use super::interface::{Interface, LinkType};
use crate::base::timestamp::Timestamp;

/// One frame: what was recorded of it, and the octets that were captured.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// Number in the capture, from 1.
    pub number: u64,
    /// When it was captured; none for records that carry no time or one beyond 1677–2262.
    pub time: Option<Timestamp>,
    /// What the first octet begins.
    pub link: LinkType,
    /// Index into the batch's interfaces.
    pub interface: u32,
    /// Octets on the wire.
    pub original: u32,
    /// The captured octets; as a rule no more than `original`, but files lie.
    pub bytes: &'a [u8],
    /// Where its capture tells more of it.
    pub told: Told<'a>,
}

/// Where a frame's capture tells of it; nowhere for a frame that was made.
#[derive(Clone, Copy, Default)]
pub struct Told<'a>(Option<&'a Batch>);

impl std::fmt::Debug for Told<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The batch has far more than what it tells of one frame.
        f.debug_tuple("Told").field(&self.0.map(|batch| batch.first)).finish()
    }
}

impl<'a> Frame<'a> {
    /// The comments on it, in the order of the file: untrusted octets, UTF-8 as a rule.
    pub fn comments(&self) -> impl Iterator<Item = &'a [u8]> {
        let told = self.told.0.filter(|batch| !batch.comments.is_empty());
        let found = told.and_then(|batch| {
            let index = usize::try_from(self.number.checked_sub(batch.first)?).ok()?;
            Some(batch.comments_on(index))
        });
        found.into_iter().flatten()
    }

    /// Whether there are comments on it.
    pub fn has_comments(&self) -> bool {
        self.comments().next().is_some()
    }

    /// The interface that it came through, as its capture describes it.
    pub fn origin(&self) -> Option<&'a Interface> {
        self.told.0?.interfaces.get(usize::try_from(self.interface).ok()?)
    }

    /// Octet of the uncompressed input at which its record begins; none where records were copied
    /// together, from several inputs or an interface.
    pub fn offset(&self) -> Option<u64> {
        let batch = self.told.0.filter(|batch| batch.pushed == 0)?;
        let index = usize::try_from(self.number.checked_sub(batch.first)?).ok()?;
        let record = batch.records.get(index).filter(|record| record.head > 0)?;
        let start = u64::from(record.at).checked_sub(record.head.into())?;
        batch.offset.checked_add(start)
    }

    /// How many interfaces its capture had when it came.
    pub fn origins(&self) -> usize {
        self.told.0.map_or(0, |batch| batch.interfaces.len())
    }
}

impl Batch {
    /// The frame of record `index`, if there is one and its octets are there.
    pub fn frame(&self, index: usize) -> Option<Frame<'_>> {
        let record = self.records.get(index)?;
        let from = usize::try_from(record.at).ok()?;
        let to = from.checked_add(usize::try_from(record.len).ok()?)?;
        Some(Frame {
            number: self.first.saturating_add(index as u64),
            time: record.time,
            link: record.link,
            interface: record.interface,
            original: record.original,
            bytes: self.bytes.get(from..to)?,
            told: Told(Some(self)),
        })
    }

    /// The frame with that number in the whole capture, if it is one of these.
    pub fn frame_of(&self, number: u64) -> Option<Frame<'_>> {
        self.frame(usize::try_from(number.checked_sub(self.first)?).ok()?)
    }

    /// All frames, in order.
    pub fn frames(&self) -> impl Iterator<Item = Frame<'_>> {
        (0..self.records.len()).filter_map(|index| self.frame(index))
    }
}
