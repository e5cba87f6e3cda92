//! Writer of capture files: whole records or none, and no error unsaid.
//!
//! Records go through a buffer of 64 KiB.  When the disk is full, what was written of the last
//! record is taken back, so that a file always ends on a record boundary; the first error is
//! returned, and what comes after it is counted as lost.

mod identity;
mod pcap;
mod pcapng;
mod stream;
mod target;

use std::path::Path;

pub use self::identity::{Identity, Inputs, Rules};
pub use self::stream::{Haste, write};
pub use self::target::{Target, Unwritten};

use super::batch::Batch;
use super::error::CaptureError;
use super::facts::Facts;
use super::frame::{Frame, Interface};

/// Octets that are collected before they are written.
const BUFFER_OCTETS: usize = 64 << 10;

/// The two formats that are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Classic pcap with nanoseconds: one link type, no interfaces, no comments.
    Pcap,
    /// pcapng: everything that a reader keeps.
    Pcapng,
}

impl Format {
    /// By the file's name: `.pcap` is pcap, any other name and standard output are pcapng.
    pub fn of(path: &Path) -> Self {
        match path.extension() {
            Some(extension) if extension.eq_ignore_ascii_case("pcap") => Self::Pcap,
            _ => Self::Pcapng,
        }
    }
}

/// What turns records into octets.
#[derive(Debug)]
enum Encoder {
    Pcap(pcap::Encoder),
    Pcapng(pcapng::Encoder),
}

/// A capture file being written.
#[derive(Debug)]
pub struct Saver {
    target: Target,
    encoder: Encoder,
    buffer: Vec<u8>,
    /// Ends of the whole records in the buffer.
    ends: Vec<usize>,
    kept: u64,
    lost: u64,
    has_failed: bool,
}

impl Saver {
    /// Opens `path` (`-`: standard output) for a capture.
    ///
    /// New files are readable by their owner alone.  Refused are a symbolic link, an input, a
    /// terminal, and a file that exists unless it may be replaced; then the old one stays until
    /// [`Saver::finish`] puts the new one in its place.  Devices and FIFOs are opened as they are.
    pub fn create(path: &Path, rules: &Rules<'_>) -> Result<Self, CaptureError> {
        let target = Target::open(path, rules)?;
        let encoder = match Format::of(path) {
            Format::Pcap => Encoder::Pcap(pcap::Encoder::default()),
            Format::Pcapng => Encoder::Pcapng(pcapng::Encoder::default()),
        };
        Ok(Self {
            target,
            encoder,
            buffer: Vec::with_capacity(BUFFER_OCTETS + 4096),
            ends: Vec::new(),
            kept: 0,
            lost: 0,
            has_failed: false,
        })
    }

    /// Makes a file that was made here another user's.
    pub fn give_to(&self, uid: u32, gid: u32) -> Result<(), CaptureError> {
        self.target.give_to(uid, gid)
    }

    /// Records that are in the file, or on their way there.
    pub fn kept(&self) -> u64 {
        self.kept + self.ends.len() as u64
    }

    /// Records that came after an error, or with it.
    pub fn lost(&self) -> u64 {
        self.lost
    }

    /// Writes record `index` of a batch with its comments.
    ///
    /// # Errors
    /// [`CaptureError::Output`] once, when the system refuses a write; [`CaptureError::Refused`]
    /// when the format cannot hold the record, with the file removed if it holds nothing yet.
    pub fn record(&mut self, batch: &Batch, index: usize) -> Result<(), CaptureError> {
        if self.has_failed {
            self.lost += 1;
            return Ok(());
        }
        let Some(frame) = batch.frame(index) else {
            return Ok(());
        };
        let done = self
            .declare(&batch.interfaces, &batch.facts)
            .and_then(|()| self.encode(&frame, batch, index));
        if let Err(reason) = done {
            self.lost += 1;
            return Err(self.refuse(reason));
        }
        self.ends.push(self.buffer.len());
        if self.buffer.len() >= BUFFER_OCTETS {
            self.flush()?;
        }
        Ok(())
    }

    /// Hands everything to the system; to be called whenever the input is quiet.
    pub fn flush(&mut self) -> Result<(), CaptureError> {
        if self.has_failed {
            return Ok(());
        }
        let records = self.ends.len() as u64;
        let ends = &self.ends;
        let before = |done: usize| ends.partition_point(|end| *end <= done);
        let written = self.target.write(&self.buffer, |done| {
            before(done.len()).checked_sub(1).and_then(|last| ends.get(last)).copied().unwrap_or(0)
        });
        let kept = match &written {
            Ok(()) => records,
            Err(unwritten) => before(unwritten.whole) as u64,
        };
        self.buffer.clear();
        self.ends.clear();
        self.kept += kept;
        self.lost += records - kept;
        written.map_err(|unwritten| {
            self.has_failed = true;
            self.target.error(unwritten.error)
        })
    }

    /// Writes what is told of the whole capture, flushes, and puts the file in its place.
    ///
    /// To be called also when nothing was recorded, with what the source's last batch knows.  Gives
    /// the number of records in the file.
    pub fn finish(mut self, interfaces: &[Interface], facts: &Facts) -> Result<u64, CaptureError> {
        if !self.has_failed {
            self.declare(interfaces, facts).map_err(|reason| self.refuse(reason))?;
            match &mut self.encoder {
                Encoder::Pcap(pcap) => pcap.finish(&mut self.buffer),
                Encoder::Pcapng(pcapng) => pcapng.finish(facts, &mut self.buffer),
            }
            self.flush()?;
        }
        if self.kept > 0 || !self.has_failed {
            self.target.settle()?;
        }
        Ok(self.kept)
    }

    /// Makes all interfaces known to the file.
    fn declare(&mut self, interfaces: &[Interface], facts: &Facts) -> Result<(), String> {
        match &mut self.encoder {
            Encoder::Pcap(pcap) => pcap.declare(interfaces, &mut self.buffer),
            Encoder::Pcapng(pcapng) => {
                pcapng.declare(interfaces, facts, &mut self.buffer);
                Ok(())
            }
        }
    }

    fn encode(&mut self, frame: &Frame<'_>, batch: &Batch, index: usize) -> Result<(), String> {
        match &mut self.encoder {
            Encoder::Pcap(_) => pcap::Encoder::record(frame, &mut self.buffer),
            Encoder::Pcapng(pcapng) => {
                pcapng.record(frame, &batch.interfaces, batch.comments_on(index), &mut self.buffer);
                Ok(())
            }
        }
    }

    /// Ends the file: what it holds stays, but a file that holds nothing is removed.
    fn refuse(&mut self, reason: String) -> CaptureError {
        if self.kept() == 0 {
            self.target.remove();
        } else if let Err(error) = self.flush() {
            return error;
        }
        self.has_failed = true;
        self.target.refusal(reason)
    }
}
