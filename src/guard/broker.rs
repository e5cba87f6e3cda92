//! A process that creates, renames and removes output files for one that may not.
//!
//! The process that parses packets keeps the right to write what it has open, and none to any name:
//! not to a folder, since a rule about a folder is a rule about all that lies below it, nor to the
//! identity that may write there, which can be root.  What still has to happen to names — another
//! file is begun, one takes an older one's place, one that holds nothing is removed — is requested
//! from this process.  It knows one folder and one rule of names, makes files that were not there
//! and nothing else, and replaces and removes only what it has made.  The descriptor of a new file
//! comes back through the socket of the request.

mod names;
mod protocol;
mod server;

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, ErrorKind, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendFlags, SocketFlags,
    SocketType, recvmsg, send, socketpair,
};

pub use self::names::Names;
pub use self::protocol::{About, May};
pub use self::server::serve;

use self::protocol::{ANSWER, Ask, MAY, REQUEST, unpack};
use crate::base::threads::lock;

/// The word by which this program is started as a broker.
pub const WORD: &str = "--file-broker";

/// This program, whatever became of its file.
const SELF: &str = "/proc/self/exe";

/// How long the end of a broker is waited for: it has nothing left to do.
const PATIENCE_MS: u32 = 50;

/// The asking end.  The broker ends when the last clone of it is gone.
#[derive(Debug, Clone)]
pub struct Broker {
    end: Arc<Mutex<End>>,
    names: Names,
}

/// The socket for requests, the closing of which ends the broker, and its process.
#[derive(Debug)]
struct End {
    socket: Option<OwnedFd>,
    process: Child,
}

impl Drop for End {
    /// A caller that waits for this program to end may next unmount what the broker is in.
    fn drop(&mut self) {
        self.socket = None;
        for _ in 0..PATIENCE_MS {
            match self.process.try_wait() {
                Ok(None) => std::thread::sleep(Duration::from_millis(1)),
                Ok(Some(_)) | Err(_) => return,
            }
        }
    }
}

impl Broker {
    /// Starts a broker for files of those names in `folder`.  To be called while all rights are
    /// there.
    ///
    /// # Errors
    /// The process cannot be started.
    pub fn start(folder: &Path, names: Names, may: May) -> io::Result<Self> {
        Self::begin(folder, names, may).map_err(|error| {
            let does = if may == May::Read { "opens" } else { "makes" };
            let words = format!(
                "the process that {does} files could not be started: {error}; \
                 hint: --sandbox off needs none"
            );
            io::Error::new(error.kind(), words)
        })
    }

    fn begin(folder: &Path, names: Names, may: May) -> io::Result<Self> {
        let flags = SocketFlags::CLOEXEC;
        let (own, theirs) = socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, flags, None)?;
        let mut command = Command::new(SELF);
        command.arg0("ipeek").arg(WORD);
        command.args(MAY.iter().find(|(_, known)| *known == may).map(|(word, _)| word));
        command.args(names.words());
        // A process group of its own: what the terminal's keys end is the asking process.
        command.current_dir(folder).process_group(0);
        command.stdin(Stdio::from(theirs)).stdout(Stdio::null()).stderr(Stdio::null());
        let end = End { socket: Some(own), process: command.spawn()? };
        Ok(Self { end: Arc::new(Mutex::new(end)), names })
    }

    /// The names that files may have.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// Makes a new file that only its owner may read.
    ///
    /// # Errors
    /// [`ErrorKind::AlreadyExists`], and [`ErrorKind::PermissionDenied`] for a name that this broker
    /// makes no files of.
    pub fn make(&self, name: &OsStr) -> io::Result<(File, About)> {
        let (about, file) = self.ask(Ask::Make, &[name])?;
        let file = file.ok_or_else(|| io::Error::other("the file did not come"))?;
        Ok((File::from(file), about))
    }

    /// What has that name, itself and not what it may lead to.
    ///
    /// # Errors
    /// There is none, or its name is none of the rule.
    pub fn look(&self, name: &OsStr) -> io::Result<About> {
        self.ask(Ask::Look, &[name]).map(|(about, _)| about)
    }

    /// Opens what has that name, to be read.
    ///
    /// # Errors
    /// It cannot be opened, or its name is none of the rule.
    pub fn open(&self, name: &OsStr) -> io::Result<File> {
        let file = self.ask(Ask::Open, &[name])?.1;
        file.map(File::from).ok_or_else(|| io::Error::other("the file did not come"))
    }

    /// Gives a file that was made under one name another, in place of what has it.
    ///
    /// # Errors
    /// It was not made by this broker, or the names are none of the rule.
    pub fn replace(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        self.ask(Ask::Replace, &[from, to]).map(|_| ())
    }

    /// Gives a file that was made under one name another, which nothing has.
    ///
    /// # Errors
    /// [`ErrorKind::AlreadyExists`]; it was not made by this broker, or the names are none of the
    /// rule.
    pub fn place(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        self.ask(Ask::Place, &[from, to]).map(|_| ())
    }

    /// Removes a file that was made.
    ///
    /// # Errors
    /// It was not made by this broker, or its name is none of the rule.
    pub fn remove(&self, name: &OsStr) -> io::Result<()> {
        self.ask(Ask::Remove, &[name]).map(|_| ())
    }

    fn ask(&self, ask: Ask, names: &[&OsStr]) -> io::Result<(About, Option<OwnedFd>)> {
        let names: Vec<&[u8]> = names.iter().map(|name| name.as_bytes()).collect();
        let request = [&[ask as u8], &names.join(&0)[..]].concat();
        if request.len() > REQUEST {
            return Err(ErrorKind::InvalidFilename.into());
        }
        let end = lock(&self.end);
        let Some(socket) = &end.socket else { return Err(ErrorKind::BrokenPipe.into()) };
        send(socket, &request, SendFlags::NOSIGNAL)?;
        let mut answer = [0; ANSWER];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut beside = RecvAncillaryBuffer::new(&mut space);
        let count = loop {
            let into = &mut [IoSliceMut::new(&mut answer)];
            match recvmsg(socket, into, &mut beside, RecvFlags::CMSG_CLOEXEC) {
                Ok(message) => break message.bytes,
                Err(error) if error == rustix::io::Errno::INTR => {}
                Err(error) => return Err(error.into()),
            }
        };
        if count < ANSWER {
            return Err(io::Error::new(
                ErrorKind::BrokenPipe,
                "the process that makes files ended",
            ));
        }
        let mut files = beside.drain().filter_map(|message| match message {
            RecvAncillaryMessage::ScmRights(mut files) => files.next(),
            _ => None,
        });
        let file = files.next();
        let (error, about) = unpack(&answer);
        if error != 0 {
            return Err(io::Error::from_raw_os_error(error));
        }
        Ok((about, file))
    }
}
