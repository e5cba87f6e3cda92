//! Where text goes: standard output or a file, with errors that name it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::base::threads::lock;
use crate::capture::save::{Rules, Shutdown, Stream, Target};
use crate::capture::{CaptureError, Part, Shortfall};

/// An open output.
#[derive(Debug)]
pub enum Output {
    /// Standard output, unbuffered: sinks hand over whole pieces.
    Standard(Stream),
    /// A file, which takes its place when it is closed.
    File(Arc<Mutex<TextFile>>),
}

/// A file of lines.
#[derive(Debug)]
pub struct TextFile {
    target: Target,
    /// Lines in it.
    lines: u64,
    /// Why an older file stays, where one would have been replaced.
    short: Option<Shortfall>,
}

/// The name of standard output in errors.
pub const STANDARD: &str = "standard output";

impl Output {
    /// Standard output.
    ///
    /// # Errors
    /// There is none to write to.
    pub fn standard(shutdown: &Shutdown) -> Result<Self, CaptureError> {
        Stream::standard(shutdown).map(Self::Standard).map_err(standard_error)
    }

    /// A file (`-`: standard output) under the rules of every output: new files are their owner's
    /// alone; refused are links, the inputs, and a file that exists unless it may be replaced.
    ///
    /// # Errors
    /// A rule refuses the path, or the system does.
    pub fn create(path: &Path, rules: &Rules) -> Result<Self, CaptureError> {
        if path.as_os_str() == "-" {
            return Self::standard(&rules.shutdown);
        }
        let file = TextFile { target: Target::open(path, rules)?, lines: 0, short: None };
        Ok(Self::File(Arc::new(Mutex::new(file))))
    }

    /// Its name in errors.
    pub fn path(&self) -> PathBuf {
        match self {
            Self::Standard(..) => STANDARD.into(),
            Self::File(file) => lock(file).target.path().to_owned(),
        }
    }

    /// Writes all of `bytes`, which are whole lines.
    ///
    /// # Errors
    /// The output is full or its reader is gone.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), CaptureError> {
        self.write_whole(bytes, whole_lines)
    }

    /// Writes all of `bytes`, whole records of which `whole` tells how many octets come first.
    ///
    /// # Errors
    /// The output is full or its reader is gone.
    pub fn write_whole(
        &mut self,
        bytes: &[u8],
        whole: impl Fn(&[u8]) -> usize,
    ) -> Result<(), CaptureError> {
        match self {
            // In pieces of whole lines, text through a pipe took a quarter longer.
            Self::Standard(stream) => match stream.put_text(bytes, whole) {
                (_, Some(error)) => Err(standard_error(error)),
                (_, None) => Ok(()),
            },
            Self::File(file) => lock(file).write(bytes, whole),
        }
    }

    /// Nothing more comes, since what makes it panicked: what was written goes where it belongs.
    /// Gives what to say of it.
    pub fn break_off(&mut self) -> CaptureError {
        match self {
            Self::Standard(..) => CaptureError::broken(STANDARD),
            Self::File(file) => lock(file).break_off(),
        }
    }

    /// The run did not come to its end: an older file that this one was to replace stays.
    pub fn fall_short(&mut self, why: Shortfall) {
        if let Self::File(file) = self {
            lock(file).fall_short(why);
        }
    }

    /// Everything is written.
    ///
    /// # Errors
    /// What was written cannot be put in its place.
    pub fn end(&mut self) -> Result<(), CaptureError> {
        match self {
            Self::Standard(..) => Ok(()),
            Self::File(file) => lock(file).close(),
        }
    }
}

impl TextFile {
    fn write(&mut self, bytes: &[u8], whole: impl Fn(&[u8]) -> usize) -> Result<(), CaptureError> {
        let written = self.target.write(bytes, whole);
        let whole = written.as_ref().map_or_else(|unwritten| unwritten.whole, |()| bytes.len());
        let whole = bytes.get(..whole).unwrap_or(bytes);
        self.lines += memchr::memchr_iter(b'\n', whole).count() as u64;
        written.map_err(|unwritten| self.error(unwritten.error))
    }

    /// Puts it in its place, unless that is done or something is missing from it.
    ///
    /// # Errors
    /// It cannot be put there.
    pub fn close(&mut self) -> Result<(), CaptureError> {
        let short = self.short.take();
        if short == Some(Shortfall::Empty) {
            self.target.remove();
        }
        if short.is_some() {
            self.target.give_up();
        }
        match (self.target.settle(), short) {
            (Err(CaptureError::Output { error, .. }), _) => Err(self.error(error)),
            (Ok(_), Some(why)) => {
                let path = self.target.path().to_owned();
                Err(CaptureError::Short { path, why, part: self.part() })
            }
            (settled, _) => settled.map(|_| ()),
        }
    }

    /// Closes it as soon as can be, whatever is missing: a file without content replaces none.
    ///
    /// # Errors
    /// It cannot be put in its place.
    pub fn close_now(&mut self, short: Option<Shortfall>) -> Result<(), CaptureError> {
        if let Some(why) = if self.lines == 0 { Some(Shortfall::Empty) } else { short } {
            self.fall_short(why);
        }
        self.close()
    }

    fn fall_short(&mut self, why: Shortfall) {
        let is_to_replace = self.is_open() && self.target.temporary().is_some();
        self.short = is_to_replace.then_some(why);
    }

    /// Closes it; an older file stays.
    fn break_off(&mut self) -> CaptureError {
        self.target.give_up();
        if let Err(error) = self.close() {
            return error;
        }
        match CaptureError::broken(self.target.path()) {
            CaptureError::Output { error, .. } => self.error(error),
            other => other,
        }
    }

    /// Whether it is not closed yet.
    pub fn is_open(&self) -> bool {
        self.target.is_open()
    }

    /// Whether it is a file that was made here.
    pub fn is_new(&self) -> bool {
        self.target.is_new()
    }

    /// Where the lines are until they take the place of an older file.
    pub fn temporary(&self) -> Option<&Path> {
        self.target.temporary()
    }

    /// What could be written, until it has taken the place of an older file.
    pub fn part(&self) -> Option<Part> {
        let path = self.target.part()?.to_owned();
        Some(Part { path, count: self.lines, unit: "line" })
    }

    fn error(&self, error: std::io::Error) -> CaptureError {
        let path = self.target.path().to_owned();
        match self.part() {
            Some(part) => CaptureError::Unplaced { path, error, part },
            None => CaptureError::Output { path, error },
        }
    }
}

/// Octets of the whole lines that come first.
fn whole_lines(octets: &[u8]) -> usize {
    memchr::memrchr(b'\n', octets).map_or(0, |end| end + 1)
}

fn standard_error(error: std::io::Error) -> CaptureError {
    CaptureError::Output { path: STANDARD.into(), error }
}
