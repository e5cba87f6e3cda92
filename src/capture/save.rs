//! Writer of capture files: whole records or none, and no error unsaid.
//!
//! Records go through a buffer of 64 KiB.  When the disk is full, what was written of the last
//! record is taken back, so that a file always ends on a record boundary; the first error is
//! returned, and what comes after it is counted as lost.

mod claim;
mod compression;
mod folder;
mod identity;
mod numbered;
mod pcap;
mod pcapng;
mod rotation;
mod rules;
mod stream;
mod target;

use std::path::{Path, PathBuf};

pub use self::claim::Claims;
pub use self::folder::Folder;
pub use self::identity::{Identity, Inputs};
pub use self::numbered::around_number;
pub use self::rotation::Rotation;
use self::rotation::Series;
pub use self::rules::Rules;
pub use self::stream::{Shutdown, Stream};
pub use self::target::{Target, Unwritten};

use self::pcapng::Known;
use super::batch::Batch;
use super::block::Between;
use super::error::{BROKEN, CaptureError, Part, Shortfall, UNFIT};
use super::facts::Facts;
use super::frame::Frame;
use super::interface::Interface;
use crate::base::errors::again;

/// Octets that are collected before they are written.
const BUFFER_OCTETS: usize = 64 << 10;

/// Octets of a piece that is compressed: pieces of 64 KiB took 3 % more room as zstd.
const PACKED_OCTETS: usize = 256 << 10;

/// Octets that are worth compressing on their own while a file of a series fills up.
const PIECE_OCTETS: usize = 4096;

/// The two formats that are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Classic pcap with nanoseconds: one link type, no interfaces, no comments.
    Pcap,
    /// pcapng: everything that a reader keeps.
    Pcapng,
}

impl Format {
    /// By the file's name: `.pcap` is pcap, any other name and standard output are pcapng.  An
    /// ending behind that may ask for compression.
    pub fn of(path: &Path) -> Self {
        match compression::plain(path).extension() {
            Some(extension) if extension.eq_ignore_ascii_case("pcap") => Self::Pcap,
            _ => Self::Pcapng,
        }
    }
}

impl Format {
    /// Whether blocks of a pcapng can be copied to it.
    pub fn keeps_blocks(self) -> bool {
        self == Self::Pcapng
    }
}

/// What turns records into octets.
#[derive(Debug)]
enum Encoder {
    Pcap(pcap::Encoder),
    Pcapng(Box<pcapng::Encoder>),
}

impl Encoder {
    fn of(path: &Path) -> Self {
        match Format::of(path) {
            Format::Pcap => Self::Pcap(pcap::Encoder::default()),
            Format::Pcapng => Self::Pcapng(Box::default()),
        }
    }

    /// That of the next file of a series.
    fn next(self) -> Self {
        match self {
            Self::Pcap(encoder) => Self::Pcap(encoder.next()),
            Self::Pcapng(encoder) => Self::Pcapng(Box::new(encoder.next())),
        }
    }
}

/// A capture file being written, or a series of them.
#[derive(Debug)]
pub struct Saver {
    target: Target,
    encoder: Encoder,
    buffer: Vec<u8>,
    /// Ends of the whole records in the buffer.
    ends: Vec<usize>,
    /// Records in files that are there.
    kept: u64,
    /// Those of them that are in the file that is being written.
    here: u64,
    lost: u64,
    has_failed: bool,
    /// Which file the system refused to write, and why.
    refusal: Option<(PathBuf, std::io::Error)>,
    /// Which file was refused midway, why, and the hint to that.
    refused: Option<(PathBuf, String, &'static str)>,
    /// Why an older file stays, where one would have been replaced.
    short: Option<Shortfall>,
    series: Option<Series>,
}

impl Saver {
    /// Opens `path` (`-`: standard output) for a capture.
    ///
    /// New files are readable by their owner alone.  Refused are a symbolic link, an input, a
    /// terminal, and a file that exists unless it may be replaced; then the old one stays until
    /// [`Saver::finish`] puts the new one in its place.  Devices and FIFOs are opened as they are.
    ///
    /// # Errors
    /// [`CaptureError::Refused`] and [`CaptureError::Output`].
    pub fn create(path: &Path, rules: &Rules) -> Result<Self, CaptureError> {
        Ok(Self::of(Target::open(path, rules)?, None))
    }

    /// Opens the first file of a series: `a.pcap` becomes `a_000001.pcap`, and so on.
    ///
    /// Unless files may be replaced, numbers go on after the highest that is there.
    ///
    /// # Errors
    /// [`CaptureError::Refused`] and [`CaptureError::Output`].
    pub fn create_series(
        path: &Path,
        rotation: Rotation,
        rules: &Rules,
    ) -> Result<Self, CaptureError> {
        let mut series = Series::new(path, rotation, rules)?;
        Ok(Self::of(series.open()?, Some(series)))
    }

    fn of(target: Target, series: Option<Series>) -> Self {
        let mut encoder = Encoder::of(target.path());
        if let (Encoder::Pcapng(encoder), Some(_)) = (&mut encoder, &series) {
            encoder.expect_more();
        }
        Self {
            encoder,
            target,
            buffer: Vec::with_capacity(BUFFER_OCTETS + 4096),
            ends: Vec::new(),
            kept: 0,
            here: 0,
            lost: 0,
            has_failed: false,
            refusal: None,
            refused: None,
            short: None,
            series,
        }
    }

    /// From now on not all of a capture is copied: what a pcapng has that asks not to be copied
    /// then is left out.
    pub fn copy_part(&mut self) {
        if let Encoder::Pcapng(encoder) = &mut self.encoder {
            encoder.copy_part();
        }
    }

    /// From now on records may be longer than what was captured of any frame.
    pub fn expect_wholes(&mut self) {
        if let Encoder::Pcap(encoder) = &mut self.encoder {
            encoder.expect_wholes();
        }
    }

    /// Blocks and comments of a pcapng that could not be copied.
    pub fn left_out(&self) -> u64 {
        match &self.encoder {
            Encoder::Pcap(_) => 0,
            Encoder::Pcapng(encoder) => encoder.left_out(),
        }
    }

    /// Records that are in files, or on their way there.
    pub fn kept(&self) -> u64 {
        self.kept + self.ends.len() as u64
    }

    /// Records that came after an error, or with it.
    pub fn lost(&self) -> u64 {
        self.lost
    }

    /// Writes what stands between the records of a batch; a pcap has no place for it.
    ///
    /// # Errors
    /// [`CaptureError::Output`] once, when the system refuses a write.
    pub fn between(&mut self, batch: &Batch, between: &Between) -> Result<(), CaptureError> {
        if let (Encoder::Pcapng(encoder), false) = (&mut self.encoder, self.has_failed) {
            let known = Known { interfaces: &batch.interfaces, facts: &batch.facts };
            encoder.between(between, known, &mut self.buffer);
            if self.buffer.len() >= self.most() {
                return self.flush();
            }
        }
        Ok(())
    }

    /// Writes record `index` of a batch with its comments.
    ///
    /// # Errors
    /// [`CaptureError::Output`] once, when the system refuses a write; [`CaptureError::Unfit`]
    /// when the format cannot hold the record, with the file removed if it holds nothing yet.
    pub fn record(&mut self, batch: &Batch, index: usize) -> Result<(), CaptureError> {
        if self.has_failed {
            self.lost += 1;
            return Ok(());
        }
        let Some(frame) = batch.frame(index) else {
            return Ok(());
        };
        let here = self.here + self.ends.len() as u64;
        if let Some(series) = &mut self.series
            && series.is_due(&frame, here)
        {
            self.rotate().inspect_err(|_| self.lost += 1)?;
        }
        if self.is_piece(frame.bytes.len()) {
            // How much room it takes is known only when it is compressed.
            self.flush().inspect_err(|_| self.lost += 1)?;
        }
        let start = self.buffer.len();
        self.encode(&frame, batch, index)?;
        if here > 0 && self.is_full() {
            self.buffer.truncate(start);
            self.rotate().inspect_err(|_| self.lost += 1)?;
            self.encode(&frame, batch, index)?;
        }
        self.ends.push(self.buffer.len());
        if self.buffer.len() >= self.most() { self.flush() } else { Ok(()) }
    }

    /// Hands everything to the system; to be called whenever the input is quiet.
    ///
    /// # Errors
    /// [`CaptureError::Output`] once, when the system refuses a write.
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
        self.here += kept;
        self.lost += records - kept;
        written.map_err(|unwritten| self.fail(unwritten.error))
    }

    /// Writes what concerns the whole capture, flushes, and puts the file in its place.
    ///
    /// To be called also when nothing was recorded, with what the source's last batch knows.  Gives
    /// the number of records in the files.
    ///
    /// # Errors
    /// [`CaptureError::Unsaved`], when the system refused a write now or before;
    /// [`CaptureError::Short`], after [`Self::fall_short`], where an older file stays.
    pub fn finish(mut self, interfaces: &[Interface], facts: &Facts) -> Result<u64, CaptureError> {
        self.end(interfaces, facts)
    }

    /// [`Self::finish`], which a panic in it leaves something of to [break off](Self::break_off).
    ///
    /// # Errors
    /// Those of [`Self::finish`].
    pub fn end(&mut self, interfaces: &[Interface], facts: &Facts) -> Result<u64, CaptureError> {
        if !self.has_failed {
            let done = match &mut self.encoder {
                Encoder::Pcap(pcap) => {
                    let done = pcap.declare(interfaces, &mut self.buffer);
                    pcap.finish(&mut self.buffer);
                    done
                }
                Encoder::Pcapng(pcapng) => {
                    pcapng.finish(Known { interfaces, facts }, &mut self.buffer);
                    Ok(())
                }
            };
            done.map_err(|reason| self.refuse(reason))?;
        }
        self.settle()
    }

    /// The run did not come to its end: an older file that this one was to replace stays.
    pub fn fall_short(&mut self, why: Shortfall) {
        self.short = self.target.temporary().is_some().then_some(why);
    }

    /// Writes the whole records that it holds, and puts the file in its place, without what
    /// concerns of the whole capture: all that there is time for when the process is to end at
    /// once.
    ///
    /// # Errors
    /// As [`Self::finish`].
    pub fn close(mut self, short: Option<Shortfall>) -> Result<u64, CaptureError> {
        self.forget_torn();
        let is_empty = self.here == 0 && self.ends.is_empty();
        if let Some(why) = if is_empty { Some(Shortfall::Empty) } else { short } {
            self.fall_short(why);
        }
        self.end(&[], &Facts::default())
    }

    /// Ends it after a panic: keeps the whole records that it holds, and says how many.
    pub fn break_off(mut self) -> CaptureError {
        self.forget_torn();
        if self.flush().is_ok() {
            self.has_failed = true;
            self.target.give_up();
            let error = std::io::Error::other(BROKEN);
            self.refusal = Some((self.target.path().to_owned(), error));
        }
        self.settle().err().unwrap_or_else(|| CaptureError::broken(self.target.path()))
    }

    /// Forgets what the buffer holds of a record that was never made whole.
    fn forget_torn(&mut self) {
        self.buffer.truncate(self.ends.last().copied().unwrap_or(0));
    }

    /// Puts the file in its place, or removes it where nothing could be written.
    fn settle(&mut self) -> Result<u64, CaptureError> {
        // What goes wrong is told below, with the counts.
        let _ = self.flush();
        if self.here == 0 && (self.has_failed || self.short.is_some()) {
            self.target.remove();
        }
        if self.short.is_some() {
            self.target.give_up();
        }
        let settled = self.target.settle();
        if let Err(CaptureError::Output { path, error }) = settled {
            self.refusal.get_or_insert((path, error));
        }
        let Some((path, error)) = self.refusal.take() else {
            return self.say_less();
        };
        let rotated = self.rotated();
        Err(CaptureError::Unsaved {
            path,
            error,
            part: self.part(),
            kept: self.kept - rotated,
            rotated,
            lost: self.lost,
        })
    }

    /// What is said where the system refused nothing.
    fn say_less(&mut self) -> Result<u64, CaptureError> {
        let part = self.part();
        match (self.refused.take(), self.short) {
            // A file that was refused at once is not there, and that was told.
            (Some((path, reason, hint)), _) if self.kept > 0 => {
                let (rotated, lost) = (self.rotated(), self.lost);
                let kept = self.kept - rotated;
                let part = part.map(Box::new);
                Err(CaptureError::Unheld { path, reason, hint, part, kept, rotated, lost })
            }
            (None, Some(why)) => {
                Err(CaptureError::Short { path: self.target.path().to_owned(), why, part })
            }
            _ => Ok(self.kept),
        }
    }

    /// Records in files that made room.
    fn rotated(&self) -> u64 {
        self.series.as_ref().map_or(0, Series::rotated)
    }

    /// Takes the file away again, where it was made here and holds nothing but what is to be
    /// forgotten.
    pub fn discard(mut self) {
        self.target.remove();
    }

    /// Where the packets are until they take the place of an older file.
    pub fn temporary(&self) -> Option<&Path> {
        self.target.temporary()
    }

    /// Where the packets are that were to take the place of an older file, until they have.
    pub fn part(&self) -> Option<Part> {
        let path = self.target.part()?.to_owned();
        Some(Part { path, count: self.here, unit: "packet" })
    }

    /// Whether the buffer is worth compressing on its own, since with so many octets more there may
    /// be too much for a file of the series.
    fn is_piece(&self, more: usize) -> bool {
        let octets = self.target.written_with_at_most(self.buffer.len() + more);
        self.target.is_compressed()
            && self.series.as_ref().is_some_and(|series| {
                self.buffer.len() > series.piece(PIECE_OCTETS) && series.is_full(octets)
            })
    }

    /// Whether what the buffer holds is too much for a file of the series.
    fn is_full(&self) -> bool {
        let Some(series) = &self.series else { return false };
        series.is_full(self.target.written_with_at_most(self.buffer.len()))
            && series.is_full(self.target.written_with(&self.buffer))
    }

    /// Octets that are collected before they are written.
    fn most(&self) -> usize {
        if self.target.is_compressed() { PACKED_OCTETS } else { BUFFER_OCTETS }
    }

    /// Ends a file of a series and begins the next.
    fn rotate(&mut self) -> Result<(), CaptureError> {
        self.flush()?;
        let Some(series) = &mut self.series else { return Ok(()) };
        let done = self.target.settle().map(|made| series.ended(&self.target, made, self.here));
        match done.and_then(|()| series.open()) {
            Ok(target) => self.target = target,
            Err(error) => {
                self.has_failed = true;
                match &error {
                    CaptureError::Output { path, error } => {
                        self.refusal = Some((path.clone(), again(error)));
                    }
                    CaptureError::Refused { path, reason } => {
                        self.refused = Some((path.clone(), reason.clone(), ""));
                    }
                    _ => {}
                }
                return Err(error);
            }
        }
        let done = Encoder::Pcap(pcap::Encoder::default());
        self.encoder = std::mem::replace(&mut self.encoder, done).next();
        self.here = 0;
        Ok(())
    }

    /// Notes why nothing more can be written.
    fn fail(&mut self, error: std::io::Error) -> CaptureError {
        self.has_failed = true;
        self.refusal = Some((self.target.path().to_owned(), again(&error)));
        self.target.error(error)
    }

    /// Appends a record to the buffer, and what has to come before it.
    fn encode(
        &mut self,
        frame: &Frame<'_>,
        batch: &Batch,
        index: usize,
    ) -> Result<(), CaptureError> {
        let out = &mut self.buffer;
        let done = match &mut self.encoder {
            Encoder::Pcap(pcap) => pcap
                .declare(&batch.interfaces, out)
                .and_then(|()| pcap::Encoder::record(frame, out)),
            Encoder::Pcapng(pcapng) => {
                let known = Known { interfaces: &batch.interfaces, facts: &batch.facts };
                pcapng.record(frame, batch.block(index), batch.comments_on(index), known, out);
                Ok(())
            }
        };
        done.map_err(|reason| {
            self.lost += 1;
            self.refuse(reason)
        })
    }

    /// Ends the file: what it holds stays, but a file that holds nothing is removed.
    fn refuse(&mut self, reason: String) -> CaptureError {
        if self.here == 0 && self.ends.is_empty() {
            self.target.remove();
        } else if let Err(error) = self.flush() {
            return error;
        }
        self.has_failed = true;
        self.target.give_up();
        let path = self.target.path().to_owned();
        self.refused = Some((path.clone(), reason.clone(), UNFIT));
        CaptureError::Unfit { path, reason, part: self.part() }
    }
}
