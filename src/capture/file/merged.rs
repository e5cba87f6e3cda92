//! Packets of a timeline read again: where each input stood at every 64th packet, and the same
//! merge from there on.

use std::ops::Range;
use std::sync::{Arc, Mutex};

use super::again::Again;
use super::timeline::{Input, Timeline};
use crate::base::threads::lock;
use crate::base::timestamp::Timestamp;
use crate::capture::batch::Batch;
use crate::capture::error::CaptureError;
use crate::capture::source::{Fill, Source};

/// Packets from one row of heads to the next, at first; later a multiple.
pub(super) const STRIDE: u64 = 64;
/// Heads to know at most, 16 octets each; then every second row is forgotten.
const HEADS: usize = 1 << 20;
/// Records that one input reads ahead.
const AHEAD: usize = 64;

/// Where an input stood: the next record's place in its file, and the time its last was placed by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    /// Nothing when the input had ended.
    pub(super) offset: Option<u64>,
    pub(super) placed: Option<Timestamp>,
}

/// What the first pass notes for those who read again.
#[derive(Debug)]
pub(super) struct Noted {
    /// Rows of one head an input.
    heads: Vec<Head>,
    inputs: usize,
    stride: u64,
    limit: usize,
    /// From each input's interfaces to the timeline's.
    pub(super) interfaces: Vec<Vec<u32>>,
}

impl Noted {
    pub(super) fn new(inputs: usize) -> Self {
        let interfaces = vec![Vec::new(); inputs];
        Self { heads: Vec::new(), inputs, stride: STRIDE, limit: HEADS, interfaces }
    }

    /// Whether a row is due before the packet that has `before` packets before it.
    pub(super) fn is_due(&self, before: u64) -> bool {
        let rows = self.heads.len().checked_div(self.inputs).unwrap_or(0) as u64;
        before == rows.saturating_mul(self.stride)
    }

    /// Adds a row.
    pub(super) fn note(&mut self, row: impl Iterator<Item = Head>) {
        self.heads.extend(row);
        if self.heads.len() >= self.limit {
            let rows = self.heads.chunks(self.inputs.max(1));
            self.heads = rows.step_by(2).flatten().copied().collect();
            self.stride = self.stride.saturating_mul(2);
        }
    }
}

/// Reads packets of a timeline of regular files again, by number.
#[derive(Debug)]
pub struct Merged {
    inputs: Vec<Arc<Again>>,
    noted: Arc<Mutex<Noted>>,
}

impl Merged {
    pub(super) fn new(inputs: Vec<Arc<Again>>, noted: Arc<Mutex<Noted>>) -> Self {
        Self { inputs, noted }
    }

    /// Adds packets `numbers`, all of which the first pass gave, to `batch`.
    pub fn frames(&self, numbers: Range<u64>, batch: &mut Batch) -> Result<(), CaptureError> {
        let before = numbers.start.saturating_sub(1);
        let (mut timeline, mut skip) = {
            let noted = lock(&self.noted);
            let row = before.checked_div(noted.stride).unwrap_or(0);
            let skip = before.checked_rem(noted.stride).unwrap_or(0);
            let row = usize::try_from(row).unwrap_or(usize::MAX);
            let Some(heads) = noted.heads.chunks(noted.inputs.max(1)).nth(row) else {
                return Ok(());
            };
            let inputs = heads.iter().zip(&self.inputs).zip(&noted.interfaces);
            let inputs = inputs.map(|((head, again), interfaces)| {
                let source = Box::new(Reread { again: Arc::clone(again), at: head.offset });
                Input::from(source, head.placed, interfaces.clone())
            });
            (Timeline::over(inputs.collect()), skip)
        };
        let mut count = numbers.end.saturating_sub(numbers.start);
        let mut piece = Batch::new();
        while count > 0 && timeline.fill(&mut piece)? == Fill::Records {
            for (record, index) in piece.records.iter().zip(0..) {
                if count == 0 {
                    break;
                }
                if skip > 0 {
                    skip = skip.saturating_sub(1);
                    continue;
                }
                let Some(frame) = piece.frame(index) else {
                    continue;
                };
                batch.push(
                    record.time,
                    record.interface,
                    record.link,
                    record.original,
                    frame.bytes,
                );
                for text in piece.comments_on(index) {
                    batch.comment(text);
                }
                count = count.saturating_sub(1);
            }
        }
        Ok(())
    }
}

/// One input from some place on.
struct Reread {
    again: Arc<Again>,
    at: Option<u64>,
}

impl Source for Reread {
    fn fill(&mut self, batch: &mut Batch) -> Result<Fill, CaptureError> {
        batch.clear();
        let Some(at) = self.at else {
            return Ok(Fill::End(Vec::new()));
        };
        self.at = Some(self.again.read_on(at, AHEAD, batch)?);
        Ok(if batch.records.is_empty() { Fill::End(Vec::new()) } else { Fill::Records })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_beyond_the_limit_are_thinned() {
        let mut noted = Noted { limit: 8, ..Noted::new(2) };
        let row =
            |n: u64| [Head { offset: Some(n), placed: None }, Head { offset: None, placed: None }];
        for before in 0..1000 {
            if noted.is_due(before) {
                noted.note(row(before).into_iter());
            }
        }
        assert!(noted.heads.len() < 8);
        for (n, heads) in (0..).zip(noted.heads.chunks(2)) {
            assert_eq!(heads.first().unwrap().offset, Some(n * noted.stride));
        }
    }
}
