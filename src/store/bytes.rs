//! A ring of recent octets, for what cannot be read twice.

use std::collections::VecDeque;
use std::ops::Range;

use crate::capture::{Batch, Record};

/// Octets of a piece of the ring: small batches share one, and the oldest piece goes as a whole.
const PIECE_OCTETS: usize = 1 << 20;

/// The octets of recent packets.
#[derive(Debug)]
pub struct Ring {
    pieces: VecDeque<Piece>,
    /// A piece that was dropped, whose memory is used for the next.
    spare: Option<Piece>,
    limit: usize,
}

/// Packets that follow each other.
#[derive(Debug, Default)]
struct Piece {
    first: u64,
    records: Vec<Record>,
    comments: Vec<(u32, Range<u32>)>,
    bytes: Vec<u8>,
}

impl Piece {
    /// Octets of memory in use.
    fn size(&self) -> usize {
        self.bytes.capacity()
            + self.records.capacity() * size_of::<Record>()
            + self.comments.capacity() * size_of::<(u32, Range<u32>)>()
    }
}

impl Ring {
    /// A ring that keeps about `limit` octets, and always the last batch.
    pub fn new(limit: usize) -> Self {
        Self { pieces: VecDeque::new(), spare: None, limit }
    }

    /// Number of the oldest packet that is kept.
    pub fn oldest(&self) -> Option<u64> {
        self.pieces.front().map(|piece| piece.first)
    }

    /// Copies the records of a batch, and drops the oldest to make room.
    pub fn append(&mut self, batch: &Batch) {
        // Headers between the records come along: one copy is cheaper than many.
        let from = batch.records.first().map_or(0, |record| record.at as usize);
        let span = batch.bytes.get(from..batch.end()).unwrap_or_default();
        let has_room = |piece: &Piece| piece.bytes.len() + span.len() <= PIECE_OCTETS;
        if !self.pieces.back().is_some_and(has_room) {
            let mut piece = self.spare.take().unwrap_or_default();
            piece.first = batch.first;
            piece.records.clear();
            piece.comments.clear();
            piece.bytes.clear();
            piece.bytes.reserve_exact(span.len().max(PIECE_OCTETS.min(self.limit)));
            self.pieces.push_back(piece);
        }
        let Some(piece) = self.pieces.back_mut() else {
            return;
        };
        let moved = |at: u32| {
            let at = at as usize - from + piece.bytes.len();
            u32::try_from(at).unwrap_or(u32::MAX)
        };
        let before = u32::try_from(piece.records.len()).unwrap_or(u32::MAX);
        piece
            .records
            .extend(batch.records.iter().map(|record| Record { at: moved(record.at), ..*record }));
        piece.comments.extend(batch.comments.iter().map(|(record, text)| {
            (before.saturating_add(*record), moved(text.start)..moved(text.end))
        }));
        piece.bytes.extend_from_slice(span);
        let mut size: usize = self.pieces.iter().map(Piece::size).sum();
        while size > self.limit && self.pieces.len() > 1 {
            if let Some(oldest) = self.pieces.pop_front() {
                size -= oldest.size();
                // A piece that one huge record made is not worth keeping.
                self.spare = Some(oldest).filter(|piece| piece.size() <= 2 * PIECE_OCTETS);
            }
        }
    }

    /// Copies packets `numbers` that are kept to `batch`.
    pub fn frames(&self, numbers: Range<u64>, batch: &mut Batch) {
        let after = self.pieces.partition_point(|piece| piece.first <= numbers.start);
        let mut number = numbers.start;
        for piece in self.pieces.iter().skip(after.saturating_sub(1)) {
            let mut comments = piece.comments.iter().peekable();
            let skip = usize::try_from(number.saturating_sub(piece.first)).unwrap_or(usize::MAX);
            for (index, record) in (0_u32..).zip(&piece.records).skip(skip) {
                if number >= numbers.end {
                    return;
                }
                let octets = |from: u32, len: u32| {
                    piece.bytes.get(from as usize..from.saturating_add(len) as usize)
                };
                let bytes = octets(record.at, record.len).unwrap_or_default();
                batch.push(record.time, record.interface, record.link, record.original, bytes);
                while let Some((of, text)) = comments.next_if(|(of, _)| *of <= index) {
                    if *of == index {
                        batch
                            .comment(octets(text.start, text.end - text.start).unwrap_or_default());
                    }
                }
                number += 1;
            }
        }
    }
}
