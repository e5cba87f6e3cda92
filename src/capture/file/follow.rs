//! A capture that is still being written: read to its end, and on from there.
//!
//! What is written is looked for every [`PAUSE`]; half a record is no damage as long as the rest
//! may come.  When the name leads to another file the one that was read is read to its end first,
//! and the next from its beginning; so is a file that has become shorter than what was read of it.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::format::{Unpacked, recognise};
use super::octets::Octets;
use crate::capture::batch::Batch;
use crate::capture::block::What;
use crate::capture::error::{CaptureError, Damage};
use crate::capture::facts::{Facts, SharedFacts};
use crate::capture::interface::Interface;
use crate::capture::pipe::STANDARD_INPUT;
use crate::capture::save::Folder;
use crate::capture::source::{Fill, Source, Stop};

/// How long nothing is done when there is nothing new.
const PAUSE: Duration = Duration::from_millis(20);

/// Damaged files that are reported: a name may have any number of files one after another.
const MOST_DAMAGE: usize = 64;

/// The files that have had the name, one after another.
pub(super) struct Following {
    path: PathBuf,
    stop: Stop,
    /// What opens the next file: this process or a broker.
    folder: Folder,
    /// Whether what stands between records of a pcapng comes too.
    pub(super) keeps_between: bool,
    /// The next file, not begun.
    file: Option<File>,
    reader: Option<Box<dyn Source>>,
    /// Interfaces of all files; those of a file are added only where they differ.
    interfaces: Arc<Vec<Interface>>,
    /// From the present file's interfaces to those.
    places: Vec<u32>,
    /// Facts of the files before.
    before: Facts,
    /// Facts of the present file, and of all files together.
    facts: (SharedFacts, SharedFacts),
    /// What files ended with, of the first so many.
    damage: Vec<Damage>,
}

impl Following {
    /// Opens the first file; nothing is read yet.  Those that follow are opened in `folder`.
    pub(super) fn open(path: &Path, stop: &Stop, folder: Folder) -> Result<Self, CaptureError> {
        let refused = |error| CaptureError::File { path: path.to_owned(), error };
        if path.as_os_str() == STANDARD_INPUT {
            return Err(CaptureError::not_a_capture(
                path,
                "standard input is read as it comes, and cannot be followed",
            ));
        }
        if !std::fs::metadata(path).map_err(refused)?.is_file() {
            return Err(CaptureError::not_a_capture(
                path,
                "only a regular file can be followed: others are read as they come",
            ));
        }
        let file = File::open(path).map_err(refused)?;
        Ok(Self {
            path: path.to_owned(),
            stop: stop.clone(),
            keeps_between: false,
            file: Some(file),
            folder,
            reader: None,
            interfaces: Arc::default(),
            places: Vec::new(),
            before: Facts::default(),
            facts: (Arc::default(), Arc::default()),
            damage: Vec::new(),
        })
    }

    /// The reader of the present file; none where there is nothing to read before the end.
    fn reader(&mut self) -> Result<Option<&mut Box<dyn Source>>, CaptureError> {
        while self.reader.is_none() {
            let Some(file) = self.file.take().map_or_else(|| self.next(), |file| Ok(Some(file)))?
            else {
                return Ok(None);
            };
            let grown =
                Growing::new(file, self.path.clone(), self.folder.clone(), self.stop.clone());
            let is_left = Arc::clone(&grown.is_left);
            let octets =
                Octets::Stream { reader: Box::new(grown), rest: Vec::new(), is_live: true };
            match recognise(&self.path, 0, octets, Unpacked::Never) {
                Ok(reader) => {
                    self.reader = Some(Box::new(reader.keeping_between(self.keeps_between)));
                }
                // Nobody wrote as much as a header before the end, or before the next file.
                Err(CaptureError::NotACapture { .. }) if self.stop.is_asked() => return Ok(None),
                Err(CaptureError::NotACapture { .. }) if is_left.load(Ordering::Relaxed) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(self.reader.as_mut())
    }

    /// The file that has the name now; waits until there is one.
    fn next(&self) -> Result<Option<File>, CaptureError> {
        while !self.stop.is_asked() {
            match self.folder.open(&self.path) {
                Ok(file) => return Ok(Some(file)),
                Err(error) if error.kind() == ErrorKind::NotFound => std::thread::sleep(PAUSE),
                Err(error) => {
                    let error = match error.kind() {
                        ErrorKind::PermissionDenied => io::Error::new(
                            error.kind(),
                            "the next file may not be read with the rights that are left; hint: \
                             --sandbox off keeps them",
                        ),
                        _ => error,
                    };
                    return Err(CaptureError::File { path: self.path.clone(), error });
                }
            }
        }
        Ok(None)
    }

    /// Gives a batch the interfaces and facts of all files.
    fn join(&mut self, batch: &mut Batch) {
        for interface in batch.interfaces.iter().skip(self.places.len()) {
            let at = self.interfaces.iter().position(|known| known == interface);
            let at = at.unwrap_or_else(|| {
                let all = Arc::make_mut(&mut self.interfaces);
                all.push(interface.clone());
                all.len().saturating_sub(1)
            });
            self.places.push(u32::try_from(at).unwrap_or(u32::MAX));
        }
        let place = |at: u32| self.places.get(usize::try_from(at).ok()?).copied();
        for record in &mut batch.records {
            record.interface = place(record.interface).unwrap_or(record.interface);
        }
        for between in &mut batch.between {
            if let What::Interface(index) | What::Other(_, Some(index)) = &mut between.what {
                *index = place(*index).unwrap_or(*index);
            }
        }
        if !Arc::ptr_eq(&self.facts.0, &batch.facts) {
            let mut all = self.before.clone();
            all.absorb(&batch.facts, place);
            self.facts = (Arc::clone(&batch.facts), Arc::new(all));
        }
        batch.interfaces.clone_from(&self.interfaces);
        batch.facts.clone_from(&self.facts.1);
    }
}

impl Source for Following {
    fn fill(&mut self, batch: &mut Batch) -> Result<Fill, CaptureError> {
        loop {
            batch.clear();
            let fill = match self.reader()? {
                Some(reader) => reader.fill(batch)?,
                None => Fill::End(Vec::new()),
            };
            self.join(batch);
            let Fill::End(damage) = fill else { return Ok(fill) };
            if self.stop.is_asked() {
                // Half a record is what its writer has written so far.
                return Ok(Fill::End(self.damage.clone()));
            }
            self.damage.extend(damage);
            self.damage.truncate(MOST_DAMAGE);
            self.reader = None;
            self.places.clear();
            self.before = Facts::clone(&self.facts.1);
        }
    }
}

/// A file that somebody writes to; it ends where another has its name, where it is shorter than
/// what was read, and when it is stopped.
struct Growing {
    file: File,
    path: PathBuf,
    folder: Folder,
    stop: Stop,
    at: u64,
    /// Nothing comes behind its present end.
    is_left: Arc<AtomicBool>,
}

impl Growing {
    fn new(file: File, path: PathBuf, folder: Folder, stop: Stop) -> Self {
        Self { file, path, folder, stop, at: 0, is_left: Arc::default() }
    }

    /// Whether the file has no future: another has its name, or it was cut.
    fn look(&self) -> io::Result<bool> {
        let own = self.file.metadata()?;
        // Between two files there may be none of that name.
        let now = self.folder.behind(&self.path);
        let is_other = now.is_ok_and(|now| now != (own.dev(), own.ino()));
        Ok(is_other || own.len() < self.at)
    }
}

impl Read for Growing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let count = self.file.read_at(buffer, self.at)?;
            let is_left = self.is_left.load(Ordering::Relaxed);
            if count > 0 || is_left || buffer.is_empty() {
                self.at = self.at.saturating_add(count as u64);
                return Ok(count);
            }
            // What was written before it was left is read once more.
            if self.stop.is_asked() || self.look()? {
                self.is_left.store(true, Ordering::Relaxed);
            } else {
                std::thread::sleep(PAUSE);
            }
        }
    }
}
