//! A capture as a series of files: when the next begins, what it is called, and which one goes.

use std::collections::VecDeque;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};

use super::folder::Folder;
use super::identity::{Identity, Inputs};
use super::numbered::Numbered;
use super::rules::Rules;
use super::target::Target;
use crate::base::timestamp::{TimeDelta, Timestamp};
use crate::capture::error::CaptureError;
use crate::capture::frame::Frame;

/// When another file is begun, and how many stay.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rotation {
    /// Before a file would grow past so many octets; one with a single packet may be longer.
    pub octets: Option<NonZeroU64>,
    /// When a packet comes so many seconds after the first, or a multiple of that.
    pub seconds: Option<NonZeroU64>,
    /// After so many packets.
    pub packets: Option<NonZeroU64>,
    /// Files that stay; the oldest of the series make room.
    pub files: Option<NonZeroU64>,
}

/// Octets that are worth compressing on their own, however small files are: a few headers.
const LEAST_PIECE: usize = 128;

/// Files of a series, of which one is open.
#[derive(Debug)]
pub(super) struct Series {
    rotation: Rotation,
    names: Numbered,
    inputs: Inputs,
    force: bool,
    folder: Folder,
    /// Number of the file that was opened last.
    number: u64,
    /// Files that are whole, the oldest first.
    ended: VecDeque<Ended>,
    /// Records in files that made room.
    rotated: u64,
    /// When the time of the open file began.
    since: Option<Timestamp>,
}

/// A file that is whole.
#[derive(Debug)]
struct Ended {
    path: PathBuf,
    identity: Identity,
    records: u64,
}

impl Series {
    /// The series that `path` gives the names of.
    pub(super) fn new(
        path: &Path,
        rotation: Rotation,
        rules: &Rules,
    ) -> Result<Self, CaptureError> {
        let is_stream = std::fs::metadata(path).is_ok_and(|about| !about.is_file());
        if path.as_os_str() == "-" || is_stream {
            let reason = "is no name for a series of files".to_owned();
            return Err(CaptureError::Refused { path: path.to_owned(), reason });
        }
        let mut series = Self {
            rotation,
            names: Numbered::of(path),
            inputs: rules.inputs.clone(),
            force: rules.force,
            folder: rules.folder.clone(),
            number: 0,
            ended: VecDeque::new(),
            rotated: 0,
            since: None,
        };
        if !rules.force {
            // An older series stays, and sorts before this one.
            series.number = series.names.existing().map(|(_, number)| number).max().unwrap_or(0);
        }
        Ok(series)
    }

    /// Opens the next file, after the oldest have made room.
    pub(super) fn open(&mut self) -> Result<Target, CaptureError> {
        let most = self.rotation.files.map_or(u64::MAX, NonZeroU64::get);
        while self.ended.len() as u64 >= most
            && let Some(oldest) = self.ended.pop_front()
        {
            self.folder.remove(oldest.identity, &oldest.path);
            self.rotated += oldest.records;
        }
        self.number += 1;
        // A name that was taken since is passed over; what else is wrong is told.
        while !self.force && self.folder.look(&self.names.name(self.number)).is_ok() {
            self.number += 1;
        }
        let (inputs, force, folder) = (self.inputs.clone(), self.force, self.folder.clone());
        let rules = Rules { inputs, force, folder, ..Rules::default() };
        Target::open(&self.names.name(self.number), &rules)
    }

    /// Notes that a file is whole.
    pub(super) fn ended(&mut self, target: &Target, made: Option<Identity>, records: u64) {
        let path = target.path().to_owned();
        self.ended.extend(made.map(|identity| Ended { path, identity, records }));
    }

    /// Records in files that are gone.
    pub(super) fn rotated(&self) -> u64 {
        self.rotated
    }

    /// Whether another file is to begin with `frame`, after `here` records in this one.
    pub(super) fn is_due(&mut self, frame: &Frame<'_>, here: u64) -> bool {
        let is_counted = self.rotation.packets.is_some_and(|most| here >= most.get());
        let is_late = self.is_late(frame);
        here > 0 && (is_counted || is_late)
    }

    /// Whether so many octets are too many for a file.
    pub(super) fn is_full(&self, octets: u64) -> bool {
        self.rotation.octets.is_some_and(|most| octets > most.get())
    }

    /// Octets that are worth compressing on their own: at most so many, and few where files are
    /// small.
    pub(super) fn piece(&self, most: usize) -> usize {
        let part = self.rotation.octets.map_or(u64::MAX, |most| most.get() / 16);
        usize::try_from(part).unwrap_or(usize::MAX).clamp(LEAST_PIECE, most.max(LEAST_PIECE))
    }

    /// Whether the time of the open file is over; that of the next then begins on the same grid.
    fn is_late(&mut self, frame: &Frame<'_>) -> bool {
        let (Some(seconds), Some(time)) = (self.rotation.seconds, frame.time) else { return false };
        let length = TimeDelta::from_seconds(i64::try_from(seconds.get()).unwrap_or(i64::MAX));
        let passed = time - *self.since.get_or_insert(time);
        if passed < length {
            return false;
        }
        self.since = Some(time - passed % length);
        true
    }
}
