//! Where a reader's octets come from: any place of a regular file, or the front of a stream.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

/// Octets in order, compressed or not.
pub(super) type Stream = Box<dyn Read + Send>;

/// Octets read from a stream at once while a buffer grows to a large block.
const STEP: usize = 1 << 20;

/// The octets of one input, in order.
pub(super) enum Octets {
    /// A regular file, read at any place; what a batch did not take is read again.
    File {
        /// Shared with later readers of single records.
        file: Arc<File>,
        /// Where the capture begins in the file: where standard input stood.
        base: u64,
        /// Octets in all when last looked.
        size: u64,
    },
    /// A pipe, a device or a decompressor.
    Stream {
        /// Gives the octets.
        reader: Stream,
        /// Octets that were read and not taken.
        rest: Vec<u8>,
        /// Whether to hand out what has come rather than to wait for a whole block.
        is_live: bool,
    },
}

/// What stopped a read.
#[derive(Debug)]
pub(super) enum Trouble {
    /// A decompressor cannot go on.
    Damaged(String),
    /// The system refuses.
    Io(std::io::Error),
}

impl Octets {
    /// Reads into `buffer` from `*filled` on, up to `wanted`; true once the input has ended.
    ///
    /// A live stream is read until it gives anything at all.
    pub(super) fn read(
        &mut self,
        at: u64,
        buffer: &mut [u8],
        filled: &mut usize,
    ) -> Result<bool, Trouble> {
        while let Some(room) = buffer.get_mut(*filled..)
            && !room.is_empty()
        {
            let got = match self {
                Self::File { file, base, .. } => {
                    file.read_at(room, base.saturating_add(at).saturating_add(*filled as u64))
                }
                Self::Stream { reader, .. } => reader.read(room),
            };
            match got {
                Ok(0) => return Ok(true),
                Ok(count) => *filled = filled.saturating_add(count),
                Err(error) => match error.kind() {
                    ErrorKind::Interrupted => continue,
                    // What flate2 says of octets that are no gzip; a system call never does.
                    ErrorKind::UnexpectedEof => {
                        return Err(Trouble::Damaged("compressed data ends early".into()));
                    }
                    ErrorKind::InvalidData | ErrorKind::InvalidInput => {
                        return Err(Trouble::Damaged(format!("compressed data: {error}")));
                    }
                    _ => return Err(Trouble::Io(error)),
                },
            }
            if matches!(self, Self::Stream { is_live: true, .. }) {
                break;
            }
        }
        Ok(false)
    }

    /// A reader of a regular file from where the capture begins; any number can be made.
    pub(super) fn origin(&self) -> Option<Box<dyn Fn() -> Stream + Send>> {
        let Self::File { file, base, .. } = self else { return None };
        let (file, at) = (Arc::clone(file), *base);
        Some(Box::new(move || Box::new(FromPlace { file: Arc::clone(&file), at })))
    }

    /// Octets already read, then the rest of the input, and whether that is a live one: what a
    /// decompressor reads.
    pub(super) fn chained(self, start: Vec<u8>) -> (Stream, bool) {
        match self {
            Self::File { file, base, .. } => (Box::new(FromPlace { file, at: base }), false),
            Self::Stream { reader, is_live, .. } => {
                (Box::new(std::io::Cursor::new(start).chain(reader)), is_live)
            }
        }
    }

    /// Octets that are left from `at` on, where that is known; looks again whether the file has
    /// grown when they are fewer than `needs`.
    pub(super) fn left(&mut self, at: u64, needs: u64) -> Option<u64> {
        let Self::File { file, base, size } = self else {
            return None;
        };
        if size.saturating_sub(at) < needs
            && let Ok(now) = file.metadata()
        {
            *size = now.len().saturating_sub(*base);
        }
        Some(size.saturating_sub(at))
    }

    /// What a file had when last looked and has now, where that is less.
    pub(super) fn shrunk(&mut self) -> Option<(u64, u64)> {
        let Self::File { file, base, size } = self else {
            return None;
        };
        let (before, now) = (*size, file.metadata().ok()?.len().saturating_sub(*base));
        *size = now;
        (now < before).then_some((before, now))
    }

    /// How long the buffer should be to hold `needs` octets more than the `filled` ones allow:
    /// a file's size is known, a stream must first give what a block claims to have.
    pub(super) fn room(&self, filled: usize, needs: usize) -> usize {
        match self {
            Self::File { .. } => needs,
            Self::Stream { .. } => needs.min(filled.saturating_add(STEP)),
        }
    }
}

/// A regular file read from some place on, whatever its own position.
struct FromPlace {
    file: Arc<File>,
    at: u64,
}

impl Read for FromPlace {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.file.read_at(buffer, self.at)?;
        self.at = self.at.saturating_add(count as u64);
        Ok(count)
    }
}
