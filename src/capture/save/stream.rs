//! Files that are written from one end to the other, whether or not somebody reads them.

use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind, Result, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

/// Between two looks whether a FIFO has a reader.
const LOOK: Duration = Duration::from_millis(10);

/// How long a reader may take nothing of what is written in haste, in milliseconds.
const PATIENCE_MS: u16 = 20;

/// What a pipe takes at once when it is ready to be written to (POSIX's least is 512, Linux's is
/// this).
const PIECE: usize = 4096;

/// Whether a reader is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Haste {
    /// For as long as it takes.
    #[default]
    Patient,
    /// A moment only: a signal asked for the end.
    Hurried,
}

/// Opens a device or FIFO to write to it, waiting for a FIFO's reader until `give_up`; never follows
/// a link, and takes no terminal for the process.
pub(super) fn open(path: &Path, is_fifo: bool, give_up: &dyn Fn() -> bool) -> Result<File> {
    let flags = OFlag::O_NONBLOCK | OFlag::O_NOFOLLOW | OFlag::O_NOCTTY;
    let file = loop {
        match OpenOptions::new().write(true).custom_flags(flags.bits()).open(path) {
            Ok(file) => break file,
            // Nobody reads it yet.
            Err(error) if is_fifo && error.raw_os_error() == Some(Errno::ENXIO as i32) => {}
            Err(error) => return Err(error),
        }
        if give_up() {
            return Err(ErrorKind::Interrupted.into());
        }
        std::thread::sleep(LOOK);
    };
    let flags = OFlag::from_bits_retain(fcntl(&file, FcntlArg::F_GETFL)?);
    fcntl(&file, FcntlArg::F_SETFL(flags.difference(OFlag::O_NONBLOCK)))?;
    Ok(file)
}

/// Writes all of `octets`, or as many as come before an error.
pub fn write(mut file: &File, octets: &[u8], haste: Haste) -> (usize, Option<Error>) {
    let mut done = 0;
    while let Some(rest) = octets.get(done..)
        && !rest.is_empty()
    {
        let written = match haste {
            Haste::Patient => file.write(rest),
            Haste::Hurried => hurry(file, rest),
        };
        match written {
            Ok(0) => return (done, Some(ErrorKind::WriteZero.into())),
            Ok(count) => done += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return (done, Some(error)),
        }
    }
    (done, None)
}

/// Writes no more than goes at once.
fn hurry(mut file: &File, octets: &[u8]) -> Result<usize> {
    let mut awaited = [PollFd::new(file.as_fd(), PollFlags::POLLOUT)];
    if poll(&mut awaited, PollTimeout::from(PATIENCE_MS))? == 0 {
        return Err(Error::new(ErrorKind::TimedOut, "nobody reads it"));
    }
    file.write(octets.get(..PIECE).unwrap_or(octets))
}

/// Closes a file and tells what went wrong until then: some file systems say so only now.
pub(super) fn close(file: File) -> Result<()> {
    match nix::unistd::close(file) {
        // It is closed all the same.
        Ok(()) | Err(Errno::EINTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
