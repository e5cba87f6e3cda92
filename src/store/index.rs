//! A sparse index into a regular file: the place of one packet in 64, the rest by walking.
//!
//! A place is 8 octets, so 50 million packets take 6 MiB.  When a million places are known every
//! second one is forgotten, and the walks become twice as long: memory stays, time grows slowly.

use std::ops::Range;
use std::sync::Arc;

use crate::capture::{Batch, CaptureError, ReadAt};

/// Packets to a place at first.
const STRIDE: u64 = 64;
/// Places to know at most: 8 MiB.
const PLACES: usize = 1 << 20;

/// Where packets lie in their file.
#[derive(Debug)]
pub struct Index {
    again: Arc<dyn ReadAt>,
    /// Offsets of packets 1, 1 + stride, 1 + 2 × stride …
    places: Vec<u64>,
    stride: u64,
    limit: usize,
}

impl Index {
    /// An index that knows no packet yet.
    pub fn new(again: Arc<dyn ReadAt>) -> Self {
        Self { again, places: Vec::new(), stride: STRIDE, limit: PLACES }
    }

    /// Remembers places of a batch that follows those before.
    pub fn append(&mut self, batch: &Batch) {
        let records = batch.records.len() as u64;
        loop {
            let next = self.places.len() as u64 * self.stride + 1;
            let Some(index) = next.checked_sub(batch.first).filter(|index| *index < records) else {
                return;
            };
            let Ok(index) = usize::try_from(index) else {
                return;
            };
            let record = batch.records[index];
            let head = u64::from(record.at) - u64::from(record.head).min(u64::from(record.at));
            self.places.push(batch.offset + head);
            if self.places.len() >= self.limit {
                let mut is_kept = false;
                self.places.retain(|_| {
                    is_kept = !is_kept;
                    is_kept
                });
                self.stride *= 2;
            }
        }
    }

    /// Reads packets `numbers`, all of which were appended, into `batch`.
    pub fn frames(&self, numbers: Range<u64>, batch: &mut Batch) -> Result<(), CaptureError> {
        let place = (numbers.start - 1) / self.stride;
        let skip = (numbers.start - 1) % self.stride;
        let index = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let Some(offset) = self.places.get(index(place)) else {
            return Ok(());
        };
        let count = index(skip + (numbers.end - numbers.start));
        self.again.read_at(*offset, count, batch)?;
        let skip = index(skip).min(batch.records.len());
        batch.records.drain(..skip);
        batch.comments.retain_mut(|(record, _)| {
            let moved = record.checked_sub(u32::try_from(skip).unwrap_or(u32::MAX));
            *record = moved.unwrap_or(0);
            moved.is_some()
        });
        Ok(())
    }

    /// For tests: an index that forgets sooner.
    #[cfg(test)]
    fn with_limit(again: Arc<dyn ReadAt>, limit: usize) -> Self {
        Self { limit, ..Self::new(again) }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::capture::Fill;
    use crate::capture::file::open;

    #[test]
    fn a_full_index_forgets_every_second_place_and_still_finds_all() {
        let mut bytes =
            b"\xd4\xc3\xb2\xa1\x02\0\x04\0\0\0\0\0\0\0\0\0\xff\xff\0\0\x65\0\0\0".to_vec();
        for number in 1..=5000_u32 {
            for field in [number, 0, 4, 4, number] {
                bytes.extend(field.to_le_bytes());
            }
        }
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&bytes).unwrap();
        let mut source = open(file.path(), 0).unwrap();
        let mut index = Index::with_limit(source.again().unwrap(), 16);
        let mut batch = Batch::new();
        while source.fill(&mut batch).unwrap() == Fill::Records {
            index.append(&batch);
        }
        assert!(index.places.len() < 16 && index.stride == 512, "{}", index.stride);
        for number in [1_u32, 2, 64, 65, 511, 512, 513, 1024, 4999, 5000] {
            batch.clear();
            index.frames(u64::from(number)..u64::from(number) + 1, &mut batch).unwrap();
            assert_eq!(batch.records.len(), 1);
            assert_eq!(batch.frame(0).unwrap().bytes, number.to_le_bytes());
        }
    }
}
