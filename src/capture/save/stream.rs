//! Files that are written from one end to the other, whether or not somebody reads them.
//!
//! What has a reader — a FIFO, a pipe, a terminal, a socket — is written without blocking, so that
//! a reader who takes nothing cannot hold up the end of the program.

use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind, IsTerminal, Result, Write};
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::socket::{MsgFlags, send};

use super::identity::About;
use crate::capture::pipe;

/// Between two looks whether a FIFO has a reader.
const LOOK: Duration = Duration::from_millis(10);

/// Milliseconds between two looks whether there is room for what is written.
const LOOK_MS: u16 = 10;

/// How long a reader may take nothing of what is written during the shutdown, in milliseconds,
/// between two lines: half of what a signal leaves for the end.
const PATIENCE_MS: u16 = 50;

/// Milliseconds that a reader may take nothing within a line during the shutdown; and how long the
/// rest of a last line may take.
const LINE_MS: u16 = 100;

/// Octets that a pipe takes all at once or not at all (`PIPE_BUF` of Linux).
const ATOMIC: usize = 4096;

/// Whether the shutdown has begun, after which outputs wait for no reader: one answer for all
/// outputs of a run.
#[derive(Debug, Clone, Default)]
pub struct Shutdown {
    is_begun: Arc<AtomicBool>,
    is_last_line: Arc<AtomicBool>,
}

impl Shutdown {
    /// After [`Shutdown::end_with_line`], when the last line is out or the reader does not take it.
    pub const LAST_LINE: Duration = Duration::from_millis(LINE_MS as u64 + 20);

    /// From now on a reader that takes nothing is not waited for.
    pub fn begin(&self) {
        self.is_begun.store(true, Ordering::Relaxed);
    }

    /// From now on nothing is written to a reader but the rest of a line or record that was begun.
    pub fn end_with_line(&self) {
        self.is_last_line.store(true, Ordering::Relaxed);
        self.begin();
    }

    /// One for what is written when all other outputs have ended: more than the rest of a line.
    #[must_use]
    pub fn after_outputs(&self) -> Self {
        Self { is_begun: Arc::clone(&self.is_begun), is_last_line: Arc::default() }
    }

    /// Whether the shutdown has begun.
    pub fn is_begun(&self) -> bool {
        self.is_begun.load(Ordering::Relaxed)
    }

    fn is_last_line(&self) -> bool {
        self.is_last_line.load(Ordering::Relaxed)
    }
}

impl From<Arc<AtomicBool>> for Shutdown {
    /// One that begins when somebody raises that flag.
    fn from(is_begun: Arc<AtomicBool>) -> Self {
        Self { is_begun, ..Self::default() }
    }
}

/// A file that is written on and on.
#[derive(Debug)]
pub struct Stream {
    file: File,
    way: Way,
    shutdown: Shutdown,
    /// The reader took nothing in time; outputs do not wait again.
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
    /// A write that finds no room comes back at once; one of a few octets is made as a whole or not
    /// at all.
    Pipe,
    /// A pipe of another user's, which cannot be opened again: there is no way to keep a write from
    /// waiting but to look for room first, and to write no more than that.
    ForeignPipe,
    /// As with a terminal, but said with each write.
    Socket,
}

/// Whether there is room for something to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    Some,
    None,
    /// Something came in between.
    Unknown,
}

impl Stream {
    /// A regular file.
    pub fn regular(file: File) -> Self {
        Self { file, way: Way::Regular, shutdown: Shutdown::default(), is_lost: false }
    }

    /// Standard output.
    ///
    /// Whether writes block is told of an open file, which others may have too — the shell, and who
    /// else writes to the pipe: what can be opened again is, and theirs stays as it is.
    ///
    /// # Errors
    /// Standard output is closed.
    pub fn standard(shutdown: &Shutdown) -> Result<Self> {
        let stdout = std::io::stdout();
        let inherited = File::from(stdout.as_fd().try_clone_to_owned()?);
        let about = inherited.metadata()?;
        let (file, way) = if about.file_type().is_socket() {
            (inherited, Way::Socket)
        } else if about.file_type().is_fifo() || inherited.is_terminal() {
            let path = format!("/proc/self/fd/{}", inherited.as_raw_fd());
            let own = without_waiting().open(path).ok().filter(|own| {
                let own = own.metadata();
                own.is_ok_and(|own| About::of(&own).identity == About::of(&about).identity)
            });
            let way = if about.file_type().is_fifo() { Way::Pipe } else { Way::Terminal };
            pipe::widen(&inherited);
            let foreign = if way == Way::Pipe { Way::ForeignPipe } else { Way::Plain };
            own.map_or((inherited, foreign), |own| (own, way))
        } else {
            (inherited, Way::Plain)
        };
        Ok(Self { file, way, shutdown: shutdown.clone(), is_lost: false })
    }

    /// Opens a device or FIFO to write to it, waiting for a FIFO's reader unless shutting down;
    /// never follows a link, and takes no terminal for the process.
    pub(super) fn open(path: &Path, is_fifo: bool, shutdown: &Shutdown) -> Result<Self> {
        let file = loop {
            match without_waiting().custom_flags(FLAGS | OFlag::O_NOFOLLOW.bits()).open(path) {
                Ok(file) => break file,
                // Nobody reads it yet.
                Err(error) if is_fifo && error.raw_os_error() == Some(Errno::ENXIO as i32) => {}
                Err(error) => return Err(error),
            }
            if shutdown.is_begun() {
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
        Ok(Self { file, way, shutdown: shutdown.clone(), is_lost: false })
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
    /// `whole` tells how many of the first octets are whole lines or records: what a pipe has no
    /// room for ends between two of them, unless one is longer than 4096 octets.
    ///
    /// # Errors
    /// [`ErrorKind::TimedOut`]: during the shutdown, the reader took nothing in time, or all that
    /// was still to be written was the rest of a line.
    pub fn put(&mut self, octets: &[u8], whole: impl Fn(&[u8]) -> usize) -> (usize, Option<Error>) {
        self.put_in_pieces(octets, whole, true)
    }

    /// Writes text in pieces as large as they come; during the shutdown only whole lines.
    pub fn put_text(
        &mut self,
        octets: &[u8],
        whole: impl Fn(&[u8]) -> usize,
    ) -> (usize, Option<Error>) {
        self.put_in_pieces(octets, whole, false)
    }

    fn put_in_pieces(
        &mut self,
        octets: &[u8],
        whole: impl Fn(&[u8]) -> usize,
        is_piecewise: bool,
    ) -> (usize, Option<Error>) {
        let is_within = |done| octets.get(..done).is_some_and(|before| whole(before) < done);
        let (mut done, mut end, mut deadline) = (0, octets.len(), None);
        loop {
            if deadline.is_none() && self.has_reader() && self.shutdown.is_last_line() {
                end = end_of_record(octets, done, &whole);
                deadline = Some(Instant::now() + Duration::from_millis(LINE_MS.into()));
            }
            let Some(rest) = octets.get(done..end).filter(|rest| !rest.is_empty()) else { break };
            if self.way == Way::ForeignPipe && !self.is_lost {
                match self.await_room(is_within(done), deadline) {
                    Room::Some => {}
                    Room::Unknown => continue,
                    Room::None => self.is_lost = true,
                }
            }
            let is_whole_pieces = match self.way {
                Way::ForeignPipe => true,
                Way::Pipe => is_piecewise || self.shutdown.is_begun(),
                _ => false,
            };
            let rest = if is_whole_pieces {
                let most = octets.get(..done + ATOMIC).unwrap_or(octets);
                let piece = whole(most).checked_sub(done).filter(|&piece| piece > 0);
                let piece = piece.and_then(|piece| rest.get(..piece)).unwrap_or(rest);
                let is_longer = self.way == Way::ForeignPipe && piece.len() > ATOMIC;
                piece.get(..ATOMIC).filter(|_| is_longer).unwrap_or(piece)
            } else {
                rest
            };
            let written = match self.way {
                _ if self.is_lost => Err(late()),
                Way::Socket => {
                    let flags = MsgFlags::MSG_DONTWAIT | MsgFlags::MSG_NOSIGNAL;
                    send(self.file.as_raw_fd(), rest, flags).map_err(Error::from)
                }
                _ => (&self.file).write(rest),
            };
            match written {
                Ok(0) => return (done, Some(ErrorKind::WriteZero.into())),
                Ok(count) => done += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock && self.way != Way::Regular => {
                    self.is_lost = self.await_room(is_within(done), deadline) == Room::None;
                }
                Err(error) => return (done, Some(error)),
            }
        }
        if end < octets.len() {
            self.is_lost = true;
            return (done, Some(late()));
        }
        (done, None)
    }

    /// Whether it may have a slow reader.
    fn has_reader(&self) -> bool {
        matches!(self.way, Way::Pipe | Way::ForeignPipe | Way::Terminal | Way::Socket)
    }

    /// Waits until something can be written, as long as the shutdown leaves time for that.
    fn await_room(&self, is_within_line: bool, deadline: Option<Instant>) -> Room {
        let most = if is_within_line { LINE_MS } else { PATIENCE_MS };
        let mut waited = 0;
        loop {
            let is_late = deadline.is_some_and(|deadline| Instant::now() >= deadline);
            if is_late || waited >= most {
                return Room::None;
            }
            let mut awaited = [PollFd::new(self.file.as_fd(), PollFlags::POLLOUT)];
            match poll(&mut awaited, PollTimeout::from(LOOK_MS)) {
                // Whoever is told to end with the line has to look where that ends.
                Ok(0) if deadline.is_none() && self.shutdown.is_last_line() => {
                    return Room::Unknown;
                }
                Ok(0) if self.shutdown.is_begun() => waited += LOOK_MS,
                Ok(0) | Err(Errno::EINTR) => {}
                // What is wrong the next write says.
                Ok(_) | Err(_) => return Room::Some,
            }
        }
    }

    /// Closes it and returns what went wrong until then: some file systems report errors only now.
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
        // Every octet ends something: there is nothing of a screen that must be finished.
        match self.put_text(octets, <[u8]>::len) {
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

/// Where the line or record ends that was begun before `done`; `done`, if none was.
fn end_of_record(octets: &[u8], done: usize, whole: impl Fn(&[u8]) -> usize) -> usize {
    let is_past = |end: usize| octets.get(..end).map_or(0, &whole) >= done;
    // Whole records of the first so many octets grow with them.
    let (mut low, mut high) = (done, octets.len());
    while low < high {
        let middle = low.midpoint(high);
        if is_past(middle) { high = middle } else { low = middle + 1 }
    }
    low
}

/// The reader took nothing in time.
fn late() -> Error {
    Error::new(ErrorKind::TimedOut, "nobody reads it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_was_begun_ends_where_it_ends() {
        let lines = |octets: &[u8]| octets.iter().rposition(|&o| o == b'\n').map_or(0, |at| at + 1);
        let text = b"one\ntwo\nthree";
        for (done, end) in [(0, 0), (1, 4), (3, 4), (4, 4), (5, 8), (8, 8), (9, 13), (13, 13)] {
            assert_eq!(end_of_record(text, done, lines), end, "{done}");
        }
        assert_eq!(end_of_record(text, 5, <[u8]>::len), 5);
    }
}
