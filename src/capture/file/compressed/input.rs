//! Compressed octets, and what a decoder makes of them in order.

use std::io::{BufRead, BufReader, Cursor, Error, ErrorKind, Read, Result};

use crate::capture::file::octets::Stream;

/// Octets read at once.
const STEP: usize = 64 << 10;

/// Turns compressed octets into those they stand for, a step at a time.
pub(super) trait Decode: Send {
    /// Appends what the next step gives to `out`, which is empty; false when the input has ended
    /// where it may.
    ///
    /// What `out` has when an error is returned came before the damage.
    fn step(&mut self, out: &mut Vec<u8>) -> Result<bool>;
}

/// The compressed octets that are left.
pub(super) struct Input {
    reader: BufReader<Stream>,
    /// Octets taken so far.
    taken: u64,
    /// Where all octets can be had once more.
    origin: Option<Origin>,
}

/// Opens an input from its beginning.
pub(super) type Origin = Box<dyn Fn() -> Stream + Send>;

impl Input {
    pub(super) fn new(octets: Stream) -> Self {
        Self { reader: BufReader::with_capacity(STEP, octets), taken: 0, origin: None }
    }

    /// This input, which can be read from its beginning once more by its `origin`.
    pub(super) fn from(self, origin: Option<Origin>) -> Self {
        Self { origin, ..self }
    }

    /// Its reader at its beginning, until a decoder takes it.
    pub(super) fn take_origin(&mut self) -> Option<Origin> {
        self.origin.take()
    }

    /// Gives octets that were taken once more.
    pub(super) fn put_back(&mut self, octets: &[u8]) {
        let nothing: Stream = Box::new(std::io::empty());
        let rest = std::mem::replace(&mut self.reader, BufReader::with_capacity(0, nothing));
        let all: Stream = Box::new(Cursor::new(octets.to_vec()).chain(rest));
        *self = Self::new(all).from(self.take_origin());
    }

    /// Octets taken so far.
    pub(super) fn taken(&self) -> u64 {
        self.taken
    }

    /// The next octets, as many as have come; none at the end.
    pub(super) fn peek(&mut self) -> Result<&[u8]> {
        // Asked twice for the borrow checker; the second finds the octets of the first.
        while let Err(error) = self.reader.fill_buf() {
            if error.kind() != ErrorKind::Interrupted {
                return Err(error);
            }
        }
        self.reader.fill_buf()
    }

    /// Passes over octets that were peeked at.
    pub(super) fn take(&mut self, count: usize) {
        self.reader.consume(count);
        self.taken = self.taken.saturating_add(count as u64);
    }

    /// Whether nothing is left.
    pub(super) fn is_at_end(&mut self) -> Result<bool> {
        Ok(self.peek()?.is_empty())
    }

    /// Appends the next `len` octets to `out`, or those that are left; how many there were.  Memory
    /// grows with what is there, not with what a length claims.
    pub(super) fn append(&mut self, len: usize, out: &mut Vec<u8>) -> Result<usize> {
        let mut done = 0_usize;
        while done < len {
            let there = self.peek()?;
            let piece = there.get(..len.saturating_sub(done)).unwrap_or(there);
            if piece.is_empty() {
                break;
            }
            out.extend_from_slice(piece);
            let count = piece.len();
            self.take(count);
            done = done.saturating_add(count);
        }
        Ok(done)
    }

    /// The next `N` octets.
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut octets = [0; N];
        for octet in &mut octets {
            *octet = self.octet()?;
        }
        Ok(octets)
    }

    /// The next octet.
    pub(super) fn octet(&mut self) -> Result<u8> {
        let octet = *self.peek()?.first().ok_or_else(cut)?;
        self.take(1);
        Ok(octet)
    }

    /// Passes over `len` octets.
    pub(super) fn skip(&mut self, len: u64) -> Result<()> {
        let mut left = len;
        while left > 0 {
            let there = self.peek()?.len();
            if there == 0 {
                return Err(cut());
            }
            let count = there.min(usize::try_from(left).unwrap_or(usize::MAX));
            self.take(count);
            left = left.saturating_sub(count as u64);
        }
        Ok(())
    }
}

/// The input ended where more has to come.
pub(super) fn cut() -> Error {
    ErrorKind::UnexpectedEof.into()
}

/// The input makes no sense.
pub(super) fn damaged(reason: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidData, reason.into())
}
