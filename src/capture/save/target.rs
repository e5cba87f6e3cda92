//! Where a capture is written: opened so that nothing is lost that ipeek did not make.

use std::fs::File;
use std::io::{ErrorKind, IsTerminal};
use std::path::{Path, PathBuf};

use super::compression::Compression;
use super::folder::Folder;
use super::identity::{About, FileType, Identity};
use super::rules::Rules;
use super::stream::Stream;
use crate::capture::error::CaptureError;

/// What stands for a standard stream.
const STANDARD: &str = "-";

/// New files of one name that are left from runs that were killed, before it looks like a fault.
const MOST_BESIDE: u32 = 100;

/// An open output.
///
/// A file that takes the place of an older one does so only when it is whole and on the disk: once
/// a write failed, or [`Target::give_up`] was called, nothing more is written and the older file
/// stays.
#[derive(Debug)]
pub struct Target {
    path: PathBuf,
    /// Nothing once it is settled.
    file: Option<Stream>,
    /// What was made here; nothing for standard output, devices and FIFOs.
    made: Option<Made>,
    /// Where the octets are until [`Target::settle`] puts them in the place of an older file.
    temporary: Option<PathBuf>,
    folder: Folder,
    /// The folder of a file that is to be on the disk when it is settled, where it can be opened.
    synced_folder: Option<File>,
    /// Whether it is to be on the disk when it is settled.
    is_synced: bool,
    /// Whether something is missing that was to be written.
    is_incomplete: bool,
    /// How what is written is compressed.
    compression: Option<Compression>,
    /// Whether it may take the place of an older file.
    replaces: bool,
}

/// A file that was made here.
#[derive(Debug, Clone, Copy)]
struct Made {
    identity: Identity,
    /// Octets written so far.
    written: u64,
}

/// What could not be written.
#[derive(Debug)]
pub struct Unwritten {
    /// Octets before the last record that is whole in the file, of those that were to be written.
    pub whole: usize,
    /// Why.
    pub error: std::io::Error,
}

impl Target {
    /// Opens `path`, as [`Saver::create`](super::Saver::create) promises.
    ///
    /// # Errors
    /// [`CaptureError::Refused`] and [`CaptureError::Output`].
    pub fn open(path: &Path, rules: &Rules) -> Result<Self, CaptureError> {
        let failed = |error| CaptureError::Output { path: path.to_owned(), error };
        let refused = |reason: &str| CaptureError::Refused {
            path: path.to_owned(),
            reason: reason.to_owned(),
        };
        let compression = Compression::of(path).map_err(|reason| refused(&reason))?;
        let target = |stream, made: Option<Made>, temporary: Option<PathBuf>| {
            let is_synced = made.is_some() && (rules.sync || temporary.is_some());
            // One that may be written and not read cannot be synced, and is no reason to refuse.
            let synced_folder = is_synced.then(|| rules.folder.to_sync(path)).flatten();
            Self {
                path: path.to_owned(),
                file: Some(stream),
                made,
                temporary,
                folder: rules.folder.clone(),
                synced_folder,
                is_synced,
                is_incomplete: false,
                compression,
                replaces: true,
            }
        };
        if path.as_os_str() == STANDARD {
            if std::io::stdout().is_terminal() {
                return Err(refused("standard output is a terminal, which cannot take a capture"));
            }
            let stream = Stream::standard(&rules.shutdown).map_err(failed)?;
            if rules.inputs.have(&About::of(&stream.file().metadata().map_err(failed)?)) {
                return Err(refused("standard output is the input"));
            }
            return Ok(target(stream, None, None));
        }
        let about = match rules.folder.look(path) {
            Ok(about) => about,
            Err(error) if error.kind() == ErrorKind::NotFound && rules.named_when_whole => {
                let (file, made, temporary) = make_beside(path, &rules.folder).map_err(failed)?;
                let mut target = target(Stream::regular(file), Some(made), Some(temporary));
                target.replaces = false;
                return Ok(target);
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let (file, made) = make(path, &rules.folder).map_err(failed)?;
                return Ok(target(Stream::regular(file), Some(made), None));
            }
            Err(error) => return Err(failed(error)),
        };
        let kind = about.file_type();
        if kind == FileType::Link {
            let hint = if is_standard_output(path) { "; hint: - is standard output" } else { "" };
            return Err(refused(&format!("is a symbolic link, which is not followed{hint}")));
        }
        if rules.inputs.have(&about) {
            return Err(refused("is the input"));
        }
        match kind {
            FileType::Folder => Err(refused("is a directory")),
            FileType::Character | FileType::Fifo => {
                let is_fifo = kind == FileType::Fifo;
                let stream = Stream::open(path, is_fifo, &rules.shutdown).map_err(failed)?;
                let now = About::of(&stream.file().metadata().map_err(failed)?);
                if now.identity != about.identity {
                    return Err(refused("was replaced while it was opened"));
                }
                Ok(target(stream, None, None))
            }
            FileType::Regular if rules.force => {
                let (file, made, temporary) = make_beside(path, &rules.folder).map_err(failed)?;
                Ok(target(Stream::regular(file), Some(made), Some(temporary)))
            }
            FileType::Regular => Err(refused("exists; hint: --force overwrites it")),
            FileType::Link | FileType::Other => {
                Err(refused("is neither a file nor a FIFO nor a character device"))
            }
        }
    }

    /// Where it is written to in the end.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether what is written is compressed.
    pub(super) fn is_compressed(&self) -> bool {
        self.compression.is_some()
    }

    /// Octets written to a file that was made here, compressed where it is.
    pub(super) fn written(&self) -> u64 {
        self.made.map_or(0, |made| made.written)
    }

    /// Octets of the file with so many more written, at most.
    pub(super) fn written_with_at_most(&self, octets: usize) -> u64 {
        let most = self.compression.map_or(octets, |_| Compression::at_most(octets));
        self.written() + most as u64
    }

    /// Octets of the file with these written too, which are compressed to find out.
    pub(super) fn written_with(&self, octets: &[u8]) -> u64 {
        let packed = self.compression.and_then(|compression| compression.pack(octets).ok());
        self.written() + packed.map_or(octets.len(), |packed| packed.len()) as u64
    }

    /// Writes `octets`.  When an error comes in between, a file made here is cut after the last
    /// record, whose end among the first so many octets `whole` tells; the error says if that could
    /// not be done.
    ///
    /// # Errors
    /// [`Unwritten`]: not all was written.
    pub fn write(
        &mut self,
        octets: &[u8],
        whole: impl Fn(&[u8]) -> usize,
    ) -> Result<(), Unwritten> {
        let Some(compression) = self.compression.filter(|_| !octets.is_empty()) else {
            return self.put(octets, whole);
        };
        // Half of it is nothing that can be read: it is there as a whole or not at all.
        match compression.pack(octets) {
            Ok(packed) => self.put(&packed, |_| 0),
            Err(error) => {
                self.is_incomplete = true;
                Err(Unwritten { whole: 0, error })
            }
        }
    }

    fn put(&mut self, octets: &[u8], whole: impl Fn(&[u8]) -> usize) -> Result<(), Unwritten> {
        let Some(stream) = &mut self.file else { return Ok(()) };
        if self.is_incomplete {
            let error = std::io::Error::other("an earlier write failed");
            return Err(Unwritten { whole: 0, error });
        }
        let (done, error) = stream.put(octets, &whole);
        let Some(error) = error else {
            if let Some(made) = &mut self.made {
                made.written += done as u64;
            }
            return Ok(());
        };
        self.is_incomplete = true;
        let whole = whole(octets.get(..done).unwrap_or(octets));
        let Some(made) = &mut self.made else { return Err(Unwritten { whole, error }) };
        made.written += whole as u64;
        match stream.file().set_len(made.written) {
            Err(cut) if done > whole => {
                let words = format!(
                    "{error}; it ends within a record, and could not be cut to {} octets: {cut}",
                    made.written
                );
                Err(Unwritten { whole, error: std::io::Error::new(error.kind(), words) })
            }
            _ => Err(Unwritten { whole, error }),
        }
    }

    /// Closes the file, whose last errors come then, and puts a temporary one in the place of the
    /// older, if nothing is missing from it.  Gives what was made here.
    ///
    /// # Errors
    /// It could not be brought to the disk or in its place: [`Target::part`] tells where it is.
    pub fn settle(&mut self) -> Result<Option<Identity>, CaptureError> {
        let Some(stream) = self.file.take() else { return Ok(None) };
        let identity = self.made.map(|made| made.identity);
        if self.is_incomplete {
            // What went wrong was told, and this would be more of the same.
            let _ = stream.close();
            return Ok(identity);
        }
        let settled = self.put_in_place(stream, identity);
        self.is_incomplete = settled.is_err();
        settled.map_err(|error| self.error(error))?;
        Ok(identity)
    }

    fn put_in_place(&mut self, stream: Stream, identity: Option<Identity>) -> std::io::Result<()> {
        if self.is_synced {
            // The older file goes when the new one is sure to be there.
            stream.file().sync_all()?;
        }
        stream.close()?;
        if let (Some(temporary), Some(identity)) = (&self.temporary, identity) {
            if !self.folder.has(identity, temporary) {
                return Err(std::io::Error::new(
                    ErrorKind::NotFound,
                    "its new file was taken away",
                ));
            }
            if self.replaces {
                self.folder.replace(temporary, &self.path)?;
            } else {
                self.folder.place(temporary, &self.path)?;
            }
            self.temporary = None;
        }
        match self.synced_folder.take().map(|folder| folder.sync_all()) {
            // Some file systems know no such thing.
            Some(Err(error)) if error.kind() != ErrorKind::InvalidInput => Err(error),
            _ => Ok(()),
        }
    }

    /// Nothing more is written, and an older file stays.
    pub fn give_up(&mut self) {
        self.is_incomplete = true;
    }

    /// Where the octets are until they take the place of an older file.
    pub fn temporary(&self) -> Option<&Path> {
        self.temporary.as_deref()
    }

    /// Whether it is to take the place of an older file.
    pub fn replaces_older(&self) -> bool {
        self.replaces && self.temporary.is_some()
    }

    /// Whether it is a file that was made here.
    pub fn is_new(&self) -> bool {
        self.made.is_some()
    }

    /// Whether it can still be written to, and settled.
    pub fn is_open(&self) -> bool {
        self.file.is_some()
    }

    /// Where the octets are that were to take the place of an older file, until they have.
    pub fn part(&self) -> Option<&Path> {
        self.temporary.as_deref().filter(|_| self.written() > 0)
    }

    /// Removes the file, if it was made here and is still the one at its path.
    pub fn remove(&mut self) {
        if let Some(made) = self.made.take() {
            let path = self.temporary.take().unwrap_or_else(|| self.path.clone());
            self.folder.remove(made.identity, &path);
        }
    }

    /// An error of the system, with the path.
    pub fn error(&self, error: std::io::Error) -> CaptureError {
        CaptureError::Output { path: self.path.clone(), error }
    }
}

impl Drop for Target {
    /// A new file that was never settled and holds nothing is of no use; what it holds is kept.
    fn drop(&mut self) {
        let is_settled = self.file.is_none() && self.temporary.is_none();
        if !is_settled && self.written() == 0 {
            self.remove();
        }
    }
}

/// Whether that is one of the names by which the system knows this process's standard output.
fn is_standard_output(path: &Path) -> bool {
    ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].iter().any(|name| path == Path::new(name))
}

/// Makes a new file.
fn make(path: &Path, folder: &Folder) -> std::io::Result<(File, Made)> {
    let (file, identity) = folder.make(path)?;
    Ok((file, Made { identity, written: 0 }))
}

/// Makes a new file in the folder of `path`, under a name that is not in use.
fn make_beside(path: &Path, folder: &Folder) -> std::io::Result<(File, Made, PathBuf)> {
    let mut number = 0;
    loop {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.{number}.new", std::process::id()));
        let beside = path.with_file_name(name);
        match make(&beside, folder) {
            Ok((file, made)) => return Ok((file, made, beside)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists && number < MOST_BESIDE => {
                number += 1;
            }
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pipe can be filled and cannot be cut: what a disk does that is full and broken.
    #[test]
    fn a_torn_record_that_cannot_be_cut_off_is_told() {
        let (reader, writer) = nix::unistd::pipe().expect("a pipe");
        nix::fcntl::fcntl(&writer, nix::fcntl::FcntlArg::F_SETFL(nix::fcntl::OFlag::O_NONBLOCK))
            .expect("a flag");
        let file = File::from(writer);
        let identity = About::of(&file.metadata().expect("a pipe's")).identity;
        let mut target = Target {
            path: "out.pcap".into(),
            file: Some(Stream::regular(file)),
            made: Some(Made { identity, written: 0 }),
            temporary: None,
            folder: Folder::default(),
            synced_folder: None,
            is_synced: false,
            is_incomplete: false,
            compression: None,
            replaces: true,
        };
        let unwritten =
            target.write(&vec![0; 1 << 20], |done| done.len() - 7).expect_err("it is full");
        assert_eq!(unwritten.whole % 4096, 4089, "{unwritten:?}");
        let words = unwritten.error.to_string();
        assert!(words.contains("could not be cut"), "{words}");
        drop(reader);
    }
}
