//! Where text goes: standard output or a file, with errors that name it.

use std::fs::File;
use std::io::Write;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

use crate::capture::CaptureError;
use crate::capture::save::Target;

/// An open output.
#[derive(Debug)]
pub enum Output {
    /// Standard output, unbuffered: sinks hand over whole pieces.
    Standard(File),
    /// A file, which takes its place when it is ended.
    File(Target),
}

/// What standard output is called in errors.
const STANDARD: &str = "standard output";

impl Output {
    /// Standard output.
    pub fn standard() -> Result<Self, CaptureError> {
        let handle = std::io::stdout().as_fd().try_clone_to_owned();
        handle.map(|fd| Self::Standard(File::from(fd))).map_err(standard_error)
    }

    /// A file (`-`: standard output) under the rules of every output: new files are their owner's
    /// alone; refused are links, the inputs, and a file that exists unless `force`.
    pub fn create(path: &Path, inputs: &[PathBuf], force: bool) -> Result<Self, CaptureError> {
        if path.as_os_str() == "-" {
            return Self::standard();
        }
        Target::open(path, inputs, force).map(Self::File)
    }

    /// Makes a file that was made here another user's.
    pub fn give_to(&self, uid: u32, gid: u32) -> Result<(), CaptureError> {
        match self {
            Self::Standard(_) => Ok(()),
            Self::File(target) => target.give_to(uid, gid),
        }
    }

    /// Writes all of `bytes`, which are whole lines.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), CaptureError> {
        match self {
            Self::Standard(file) => file.write_all(bytes).map_err(standard_error),
            Self::File(target) => {
                target.write(bytes, &[]).map_err(|(_, error)| target.error(error))
            }
        }
    }

    /// Everything is written.
    pub fn end(&mut self) -> Result<(), CaptureError> {
        match self {
            Self::Standard(_) => Ok(()),
            Self::File(target) => target.settle(),
        }
    }
}

fn standard_error(error: std::io::Error) -> CaptureError {
    CaptureError::Output { path: STANDARD.into(), error }
}
