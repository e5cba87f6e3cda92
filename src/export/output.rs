//! Where text goes: standard output or a file, with errors that name it.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::capture::CaptureError;

/// An open output.
pub struct Output {
    path: PathBuf,
    writer: Box<dyn Write + Send>,
}

impl std::fmt::Debug for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Output").field(&self.path).finish()
    }
}

impl Output {
    /// Standard output, unbuffered: sinks hand over whole pieces.
    pub fn standard() -> Result<Self, CaptureError> {
        use std::os::fd::AsFd;
        let path = PathBuf::from("standard output");
        let handle = std::io::stdout().as_fd().try_clone_to_owned();
        let file = handle.map_err(|error| CaptureError::Output { path: path.clone(), error })?;
        Ok(Self { path, writer: Box::new(std::fs::File::from(file)) })
    }

    /// Anything that can be written to, called `path` in errors.
    pub fn new(path: &Path, writer: Box<dyn Write + Send>) -> Self {
        Self { path: path.to_owned(), writer }
    }

    /// Writes all of `bytes`.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), CaptureError> {
        self.writer
            .write_all(bytes)
            .and_then(|()| self.writer.flush())
            .map_err(|error| CaptureError::Output { path: self.path.clone(), error })
    }
}
