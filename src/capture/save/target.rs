//! Where a capture is written: opened so that nothing is lost that ipeek did not make.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{ErrorKind, IsTerminal, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::capture::error::CaptureError;

/// What stands for a standard stream.
const STANDARD: &str = "-";

/// An open output.
#[derive(Debug)]
pub struct Target {
    path: PathBuf,
    file: File,
    /// Octets written to a file that was made here; nothing for standard output, devices, FIFOs.
    written: Option<u64>,
    /// Where the octets are until [`Target::settle`] puts them in the place of an older file.
    temporary: Option<PathBuf>,
}

impl Target {
    /// Opens `path`, as [`Saver::create`](super::Saver::create) promises.
    pub fn open(path: &Path, inputs: &[PathBuf], force: bool) -> Result<Self, CaptureError> {
        let failed = |error| CaptureError::Output { path: path.to_owned(), error };
        let refused = |reason: &str| CaptureError::Refused {
            path: path.to_owned(),
            reason: reason.to_owned(),
        };
        let target =
            |file, written, temporary| Self { path: path.to_owned(), file, written, temporary };
        if path.as_os_str() == STANDARD {
            let stdout = std::io::stdout();
            if stdout.is_terminal() {
                return Err(refused("standard output is a terminal, which cannot take a capture"));
            }
            let file = File::from(stdout.as_fd().try_clone_to_owned().map_err(failed)?);
            if is_input(&file.metadata().map_err(failed)?, inputs) {
                return Err(refused("standard output is the input"));
            }
            return Ok(target(file, None, None));
        }
        let about = match std::fs::symlink_metadata(path) {
            Ok(about) => about,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Ok(target(make(path).map_err(failed)?, Some(0), None));
            }
            Err(error) => return Err(failed(error)),
        };
        let kind = about.file_type();
        if kind.is_symlink() {
            return Err(refused("is a symbolic link, which is not followed"));
        }
        if is_input(&about, inputs) {
            return Err(refused("is the input"));
        }
        if kind.is_dir() {
            return Err(refused("is a directory"));
        }
        if kind.is_char_device() || kind.is_fifo() {
            let file = OpenOptions::new().write(true).open(path).map_err(failed)?;
            let opened = file.metadata().map_err(failed)?;
            if (opened.dev(), opened.ino()) != (about.dev(), about.ino()) {
                return Err(refused("was replaced while it was opened"));
            }
            return Ok(target(file, None, None));
        }
        if !kind.is_file() {
            return Err(refused("is neither a file nor a FIFO nor a character device"));
        }
        if !force {
            return Err(refused("exists; hint: --force overwrites it"));
        }
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.new", std::process::id()));
        let temporary = path.with_file_name(name);
        let file = make(&temporary).map_err(failed)?;
        Ok(target(file, Some(0), Some(temporary)))
    }

    /// Writes `octets`, whose records end at `ends`.  An error gives the number of records that
    /// were written whole; a file made here is cut after the last of them.
    pub fn write(&mut self, octets: &[u8], ends: &[usize]) -> Result<(), (usize, std::io::Error)> {
        let mut done = 0;
        while let Some(rest) = octets.get(done..)
            && !rest.is_empty()
        {
            let error = match self.file.write(rest) {
                Ok(0) => ErrorKind::WriteZero.into(),
                Ok(count) => {
                    done += count;
                    continue;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => error,
            };
            let whole = ends.partition_point(|end| *end <= done);
            if let Some(written) = self.written {
                let end = whole.checked_sub(1).and_then(|last| ends.get(last));
                // A file that cannot even be cut stays as it is; the error is told all the same.
                let _ = self.file.set_len(written + end.copied().unwrap_or(0) as u64);
            }
            return Err((whole, error));
        }
        if let Some(written) = &mut self.written {
            *written += done as u64;
        }
        Ok(())
    }

    /// Makes a file that was made here another user's, who is to go on with it.
    pub fn give_to(&self, uid: u32, gid: u32) -> Result<(), CaptureError> {
        if self.written.is_none() {
            return Ok(());
        }
        std::os::unix::fs::fchown(&self.file, Some(uid), Some(gid)).map_err(|e| self.error(e))
    }

    /// Puts a temporary file in the place of the older one.
    pub fn settle(&mut self) -> Result<(), CaptureError> {
        if let Some(temporary) = self.temporary.take() {
            std::fs::rename(&temporary, &self.path).map_err(|error| {
                let _ = std::fs::remove_file(&temporary);
                self.error(error)
            })?;
        }
        Ok(())
    }

    /// Removes the file, if it was made here.
    pub(super) fn remove(&mut self) {
        if self.written.is_some() {
            let path = self.temporary.take().unwrap_or_else(|| self.path.clone());
            // Gone already is as good.
            let _ = std::fs::remove_file(path);
        }
    }

    /// An error of the system, with the path.
    pub fn error(&self, error: std::io::Error) -> CaptureError {
        CaptureError::Output { path: self.path.clone(), error }
    }

    /// A refusal, with the path.
    pub(super) fn refusal(&self, reason: String) -> CaptureError {
        CaptureError::Refused { path: self.path.clone(), reason }
    }
}

impl Drop for Target {
    /// A temporary file that never took its place is of no use.
    fn drop(&mut self) {
        if let Some(temporary) = self.temporary.take() {
            let _ = std::fs::remove_file(temporary);
        }
    }
}

/// Makes a new file that only its owner may read; never follows a link.
fn make(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// Whether a regular file is one of the inputs, by device and inode.
fn is_input(about: &Metadata, inputs: &[PathBuf]) -> bool {
    let same = |input: &Metadata| (input.dev(), input.ino()) == (about.dev(), about.ino());
    about.is_file()
        && inputs.iter().any(|path| {
            let input = if path.as_os_str() == STANDARD {
                let handle = std::io::stdin().as_fd().try_clone_to_owned();
                handle.and_then(|handle| File::from(handle).metadata())
            } else {
                std::fs::metadata(path)
            };
            input.is_ok_and(|input| same(&input))
        })
}
