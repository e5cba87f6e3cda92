//! Files that are written from one end to the other, whether or not somebody reads them.
//!
//! What has a reader — a FIFO, a pipe, a terminal, a socket — is written without blocking, so that a
//! reader who takes nothing cannot hold up the end of the program.

use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind, IsTerminal, Result, Write};
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::socket::{MsgFlags, send};

use super::identity::Identity;
use crate::capture::pipe;

/// Between two looks whether a FIFO has a reader.
const LOOK: Duration = Duration::from_millis(10);

/// The same while what is written waits for room, in milliseconds.
const LOOK_MS: u16 = 10;

/// How long a reader may take nothing of what is written in haste, in milliseconds: half of what a
/// signal leaves for the end.
const PATIENCE_MS: u16 = 50;

/// Octets that a pipe takes all at once or not at all (`PIPE_BUF` of Linux).
const ATOMIC: usize = 4096;

/// Whether readers are still waited for: one answer for all outputs of a run.
#[derive(Debug, Clone, Default)]
pub struct Haste(Arc<AtomicBool>);

impl Haste {
    /// From now on a reader that takes nothing is not waited for.
    pub fn hurry(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the end was asked for.
    pub fn is_hurried(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl From<Arc<AtomicBool>> for Haste {
    /// Haste from the moment on at which somebody raises that flag.
    fn from(flag: Arc<AtomicBool>) -> Self {
        Self(flag)
    }
}

/// A file that is written on and on.
#[derive(Debug)]
pub struct Stream {
    file: File,
    way: Way,
    haste: Haste,
    /// Nobody took anything, and nobody is waited for again.
    is_lost: bool,
}

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// A write ends by itself.
    Regular,
    /// There is no way to keep a write from waiting.
    Plain,
    /// A write that finds no room comes back at once.
    Terminal,
    /// The same; and one of a few octets is made as a whole or not at all.
    Pipe,
    /// As with a terminal, but said with each write.
    Socket,
}

impl Stream {
    /// A regular file.
    pub fn regular(file: File) -> Self {
        Self { file, way: Way::Regular, haste: Haste::default(), is_lost: false }
    }

    /// Standard output.
    ///
    /// Whether writes block is told of an open file, which others may have too — the shell, and who
    /// else writes to the pipe: what can be opened again is, and theirs stays as it is.
    pub fn standard(haste: &Haste) -> Result<Self> {
        let stdout = std::io::stdout();
        let inherited = File::from(stdout.as_fd().try_clone_to_owned()?);
        let about = inherited.metadata()?;
        let (file, way) = if about.file_type().is_socket() {
            (inherited, Way::Socket)
        } else if about.file_type().is_fifo() || inherited.is_terminal() {
            let path = format!("/proc/self/fd/{}", inherited.as_raw_fd());
            let own = without_waiting().open(path).ok().filter(|own| {
                let own = own.metadata();
                own.is_ok_and(|own| Identity::of(&own) == Identity::of(&about))
            });
            let way = if about.file_type().is_fifo() { Way::Pipe } else { Way::Terminal };
            pipe::widen(&inherited);
            own.map_or((inherited, Way::Plain), |own| (own, way))
        } else {
            (inherited, Way::Plain)
        };
        Ok(Self { file, way, haste: haste.clone(), is_lost: false })
    }

    /// Opens a device or FIFO to write to it, waiting for a FIFO's reader unless in haste; never
    /// follows a link, and takes no terminal for the process.
    pub(super) fn open(path: &Path, is_fifo: bool, haste: &Haste) -> Result<Self> {
        let file = loop {
            match without_waiting().custom_flags(FLAGS | OFlag::O_NOFOLLOW.bits()).open(path) {
                Ok(file) => break file,
                // Nobody reads it yet.
                Err(error) if is_fifo && error.raw_os_error() == Some(Errno::ENXIO as i32) => {}
                Err(error) => return Err(error),
            }
            if haste.is_hurried() {
                return Err(ErrorKind::Interrupted.into());
            }
            std::thread::sleep(LOOK);
        };
        let way = if is_fifo {
            pipe::widen(&file);
            Way::Pipe
        } else if file.is_terminal() {
            Way::Terminal
        } else {
            let flags = OFlag::from_bits_retain(fcntl(&file, FcntlArg::F_GETFL)?);
            fcntl(&file, FcntlArg::F_SETFL(flags.difference(OFlag::O_NONBLOCK)))?;
            Way::Plain
        };
        Ok(Self { file, way, haste: haste.clone(), is_lost: false })
    }

    /// What is written.
    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// Whether its reader took nothing for too long: nothing more can be written.
    pub fn is_lost(&self) -> bool {
        self.is_lost
    }

    /// Writes all of `octets`, or as many as come before an error.
    ///
    /// `whole` tells how many of the first octets are whole lines or records: what a pipe has no room
    /// for ends between two of them, unless one is longer than 4096 octets.
    ///
    /// # Errors
    /// [`ErrorKind::TimedOut`]: in haste, nobody took anything.
    pub fn put(&mut self, octets: &[u8], whole: impl Fn(&[u8]) -> usize) -> (usize, Option<Error>) {
        let mut done = 0;
        while let Some(rest) = octets.get(done..)
            && !rest.is_empty()
        {
            let written = match self.way {
                _ if self.is_lost => Err(late()),
                Way::Regular | Way::Plain | Way::Terminal => (&self.file).write(rest),
                Way::Pipe => {
                    let most = octets.get(..done + ATOMIC).unwrap_or(octets);
                    let piece = whole(most).checked_sub(done).filter(|&piece| piece > 0);
                    let piece = piece.and_then(|piece| rest.get(..piece));
                    (&self.file).write(piece.unwrap_or(rest))
                }
                Way::Socket => {
                    let flags = MsgFlags::MSG_DONTWAIT | MsgFlags::MSG_NOSIGNAL;
                    send(self.file.as_raw_fd(), rest, flags).map_err(Error::from)
                }
            };
            match written {
                Ok(0) => return (done, Some(ErrorKind::WriteZero.into())),
                Ok(count) => done += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock && self.way != Way::Regular => {
                    self.is_lost = !self.has_room();
                }
                Err(error) => return (done, Some(error)),
            }
        }
        (done, None)
    }

    /// Waits until something can be written; false when that takes too long for the haste.
    fn has_room(&self) -> bool {
        let mut waited = 0;
        while waited < PATIENCE_MS {
            let mut awaited = [PollFd::new(self.file.as_fd(), PollFlags::POLLOUT)];
            match poll(&mut awaited, PollTimeout::from(LOOK_MS)) {
                Ok(0) if self.haste.is_hurried() => waited += LOOK_MS,
                Ok(0) | Err(Errno::EINTR) => {}
                // What is wrong the next write says.
                Ok(_) | Err(_) => return true,
            }
        }
        false
    }

    /// Closes it and tells what went wrong until then: some file systems say so only now.
    pub(super) fn close(self) -> Result<()> {
        match nix::unistd::close(self.file) {
            // It is closed all the same.
            Ok(()) | Err(Errno::EINTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, octets: &[u8]) -> Result<usize> {
        match self.put(octets, |_| 0) {
            (0, Some(error)) => Err(error),
            (done, _) => Ok(done),
        }
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

/// Neither waits for anybody nor becomes the terminal of this process.
const FLAGS: i32 = OFlag::O_NONBLOCK.bits() | OFlag::O_NOCTTY.bits();

fn without_waiting() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).custom_flags(FLAGS);
    options
}

/// Nobody took anything.
fn late() -> Error {
    Error::new(ErrorKind::TimedOut, "nobody reads it")
}
