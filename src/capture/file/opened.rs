//! Inputs that are open, of which no octet has been read: the time to give up rights.
//!
//! What needs names and rights is done by [`Opened::files`] and [`Opened::followed`]; what reads
//! octets from untrusted sources, the first of them included, by [`Opened::read`].

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{IsTerminal, Seek};
use std::os::fd::AsFd;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::fifo;
use super::follow::Following;
use super::format::{Unpacked, recognise};
use super::octets::Octets;
use super::timeline::Timeline;
use crate::capture::error::CaptureError;
use crate::capture::pipe::{self, STANDARD_INPUT};
use crate::capture::queue::Queue;
use crate::capture::save::Folder;
use crate::capture::source::{Source, Stop};

/// The inputs of a run, open and unread.
pub struct Opened {
    inputs: Inputs,
    keeps_between: bool,
}

enum Inputs {
    Files(Vec<Input>),
    Followed(Box<Following>),
}

/// One input.
struct Input {
    path: PathBuf,
    /// Its place on the command line, from 0.
    number: u32,
    file: File,
    /// Where a regular file is read from, and how many octets it had; nothing for what must wait
    /// for a writer.
    extent: Option<(u64, u64)>,
}

/// Opens and reads one capture; `number` is its place on the command line, from 0.
///
/// # Errors
/// Those of [`Opened::files`] and [`Opened::read`].
pub fn open(path: &Path, number: u32) -> Result<Box<dyn Source>, CaptureError> {
    Input::open(path, number)?.read(false)
}

/// Opens and reads captures as one source.
///
/// # Errors
/// Those of [`Opened::files`] and [`Opened::read`].
pub fn open_all(paths: &[PathBuf]) -> Result<Box<dyn Source>, CaptureError> {
    Opened::files(paths)?.read()
}

/// Opens captures as one source that brings the blocks between the records of a pcapng too if it
/// `keeps_between`, as a copy needs them.  Then batches may come that have nothing else.
///
/// # Errors
/// Those of [`Opened::files`] and [`Opened::read`].
pub fn open_all_keeping(
    paths: &[PathBuf],
    keeps_between: bool,
) -> Result<Box<dyn Source>, CaptureError> {
    Opened::files(paths)?.keeping_between(keeps_between).read()
}

impl Opened {
    /// Opens capture files, pipes and devices; `-` is standard input.
    ///
    /// # Errors
    /// [`CaptureError::File`], and [`CaptureError::NotACapture`] for a directory, a terminal and
    /// such.
    pub fn files(paths: &[PathBuf]) -> Result<Self, CaptureError> {
        let inputs = paths.iter().zip(0..).map(|(path, number)| Input::open(path, number));
        let inputs = inputs.collect::<Result<_, _>>()?;
        Ok(Self { inputs: Inputs::Files(inputs), keeps_between: false })
    }

    /// Opens a capture that is going to be written on; those that come to have its name are opened
    /// in `folder`.  It ends when `stop` is requested.
    ///
    /// # Errors
    /// [`CaptureError::File`] and [`CaptureError::NotACapture`]: only a regular file can be followed.
    pub fn followed(path: &Path, stop: &Stop, folder: Folder) -> Result<Self, CaptureError> {
        let following = Box::new(Following::open(path, stop, folder)?);
        Ok(Self { inputs: Inputs::Followed(following), keeps_between: false })
    }

    /// What is read keeps what stands between records of a pcapng, or does not: then batches may
    /// come that have nothing else.
    #[must_use]
    pub fn keeping_between(self, keeps_between: bool) -> Self {
        Self { keeps_between, ..self }
    }

    /// Finds the formats by the first octets: one input as it is, several as one timeline.
    ///
    /// What must wait for a writer is not read yet: it is no capture as [`Source::fill`] finds.
    ///
    /// # Errors
    /// [`CaptureError::File`], and [`CaptureError::NotACapture`] for an unknown format.
    pub fn read(self) -> Result<Box<dyn Source>, CaptureError> {
        let keeps_between = self.keeps_between;
        match self.inputs {
            Inputs::Followed(mut following) => {
                following.keeps_between = keeps_between;
                Ok(Box::new(Queue::reading(move || Ok(following as Box<dyn Source>))))
            }
            Inputs::Files(inputs) => {
                let names = names(&inputs);
                let sources = inputs.into_iter().map(|input| input.read(keeps_between));
                let mut sources = sources.collect::<Result<Vec<_>, _>>()?;
                match sources.pop() {
                    Some(only) if sources.is_empty() => Ok(only),
                    last => {
                        sources.extend(last);
                        Ok(Box::new(Timeline::new(sources).called(names)))
                    }
                }
            }
        }
    }
}

/// The files of inputs without their folders, but where another has the same name.
fn names(inputs: &[Input]) -> Vec<Arc<str>> {
    let mut counts = BTreeMap::new();
    for input in inputs {
        let count = counts.entry(input.path.file_name()).or_insert(0_usize);
        *count = count.saturating_add(1);
    }
    let name = |input: &Input| {
        let alone = input.path.file_name().filter(|name| counts.get(&Some(*name)) == Some(&1));
        alone.unwrap_or(input.path.as_os_str()).to_string_lossy().into()
    };
    inputs.iter().map(name).collect()
}

impl Input {
    fn open(path: &Path, number: u32) -> Result<Self, CaptureError> {
        let refused = |error| CaptureError::File { path: path.to_owned(), error };
        let is_standard = path.as_os_str() == STANDARD_INPUT;
        let standard = if is_standard {
            let handle = std::io::stdin().as_fd().try_clone_to_owned().map_err(refused)?;
            Some(File::from(handle))
        } else {
            None
        };
        let about = match &standard {
            Some(file) => file.metadata(),
            None => std::fs::metadata(path),
        }
        .map_err(refused)?;
        let kind = about.file_type();
        let reason = if kind.is_dir() {
            "is a directory, not a capture"
        } else if kind.is_block_device() {
            "is a block device, not a capture"
        } else if kind.is_socket() && !is_standard {
            "is a socket, not a capture"
        } else if is_standard && std::io::stdin().is_terminal() {
            "standard input is a terminal, not a capture"
        } else {
            ""
        };
        if !reason.is_empty() {
            return Err(CaptureError::not_a_capture(path, reason));
        }
        let path = path.to_owned();
        if kind.is_file() {
            let mut file = standard.map_or_else(|| File::open(&path), Ok).map_err(refused)?;
            let base = file.stream_position().map_err(refused)?;
            let extent = Some((base, about.len().saturating_sub(base)));
            return Ok(Self { path, number, file, extent });
        }
        // A FIFO's writer is waited for later.
        let file = standard.map_or_else(|| fifo::open(&path), Ok).map_err(refused)?;
        if !is_standard && file.is_terminal() {
            return Err(CaptureError::not_a_capture(&path, "is a terminal, not a capture"));
        }
        pipe::widen(&file);
        Ok(Self { path, number, file, extent: None })
    }

    fn read(self, keeps_between: bool) -> Result<Box<dyn Source>, CaptureError> {
        let Self { path, number, file, extent } = self;
        if let Some((base, size)) = extent {
            let octets = Octets::File { file: Arc::new(file), base, size };
            let reader = recognise(&path, number, octets, Unpacked::NotYet)?;
            return Ok(Box::new(reader.keeping_between(keeps_between)));
        }
        let is_standard = path.as_os_str() == STANDARD_INPUT;
        Ok(Box::new(Queue::reading(move || {
            if !is_standard {
                fifo::await_writer(&file)
                    .map_err(|error| CaptureError::File { path: path.clone(), error })?;
            }
            let octets = Octets::Stream { reader: Box::new(file), rest: Vec::new(), is_live: true };
            let reader = recognise(&path, number, octets, Unpacked::NotYet)?;
            Ok(Box::new(reader.keeping_between(keeps_between)) as Box<dyn Source>)
        })))
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    /// Octets that this thread has read, by the kernel's count.
    fn octets_read() -> u64 {
        let text = std::fs::read_to_string("/proc/thread-self/io").expect("the kernel's counters");
        let line = text.lines().find_map(|line| line.strip_prefix("rchar: ")).expect("a counter");
        line.parse().expect("a number")
    }

    #[test]
    fn what_is_opened_is_not_read() {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        let octets = [&b"\x1f\x8b\x08\0"[..], &[0; 4096]].concat();
        std::io::Write::write_all(&mut file, &octets).expect("room");
        let path = [file.path().to_owned()];
        let (first, second) = (octets_read(), octets_read());
        let opened = Opened::files(&path).expect("it opens");
        let followed =
            Opened::followed(&path[0], &Stop::default(), Folder::default()).expect("it opens");
        // All that was read is the counters themselves, which may have grown by digits.
        assert!(octets_read() - second <= second - first + 7);
        assert!(opened.read().is_err());
        drop(followed);
    }
}
