//! Where text goes: standard output or a file, with errors that name it.

use std::path::Path;

use crate::capture::CaptureError;
use crate::capture::save::{Haste, Rules, Stream, Target};

/// An open output.
#[derive(Debug)]
pub enum Output {
    /// Standard output, unbuffered: sinks hand over whole pieces.
    Standard(Stream),
    /// A file, which takes its place when it is ended.
    File(Target),
}

/// What standard output is called in errors.
const STANDARD: &str = "standard output";

impl Output {
    /// Standard output.
    pub fn standard(haste: &Haste) -> Result<Self, CaptureError> {
        Stream::standard(haste).map(Self::Standard).map_err(standard_error)
    }

    /// A file (`-`: standard output) under the rules of every output: new files are their owner's
    /// alone; refused are links, the inputs, and a file that exists unless it may be replaced.
    pub fn create(path: &Path, rules: &Rules) -> Result<Self, CaptureError> {
        if path.as_os_str() == "-" {
            return Self::standard(&rules.haste);
        }
        Target::open(path, rules).map(Self::File)
    }

    /// Makes a file that was made here another user's.
    pub fn give_to(&self, uid: u32, gid: u32) -> Result<(), CaptureError> {
        match self {
            Self::Standard(..) => Ok(()),
            Self::File(target) => target.give_to(uid, gid),
        }
    }

    /// Writes all of `bytes`, which are whole lines.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), CaptureError> {
        match self {
            // In pieces of whole lines, text through a pipe took a quarter longer.
            Self::Standard(stream) => match stream.put_text(bytes, lines) {
                (_, Some(error)) => Err(standard_error(error)),
                (_, None) => Ok(()),
            },
            Self::File(target) => {
                target.write(bytes, lines).map_err(|unwritten| target.error(unwritten.error))
            }
        }
    }

    /// Nothing more comes, since what makes it panicked: what was written goes where it belongs.
    /// Gives what to say of it.
    pub fn break_off(&mut self) -> CaptureError {
        let path = match self {
            Self::Standard(..) => Path::new(STANDARD).to_owned(),
            Self::File(target) => target.path().to_owned(),
        };
        self.end().err().unwrap_or_else(|| CaptureError::broken(path))
    }

    /// Everything is written.
    pub fn end(&mut self) -> Result<(), CaptureError> {
        match self {
            Self::Standard(..) => Ok(()),
            Self::File(target) => target.settle().map(|_| ()),
        }
    }
}

/// Octets of the whole lines that come first.
fn lines(octets: &[u8]) -> usize {
    memchr::memrchr(b'\n', octets).map_or(0, |end| end + 1)
}

fn standard_error(error: std::io::Error) -> CaptureError {
    CaptureError::Output { path: STANDARD.into(), error }
}
