//! The broker's own end: it is confined to its folder, then answers requests until its client has
//! ended.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use nix::errno::Errno;
use nix::fcntl::{AtFlags, OFlag, openat, renameat};
use nix::sys::stat::{FileStat, Mode, fstat, fstatat, mkdirat};
use nix::unistd::{UnlinkatFlags, unlinkat};
use rustix::fs::{RenameFlags, renameat_with};
use rustix::net::{RecvAncillaryBuffer, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage};
use rustix::net::{SendFlags, recvmsg, sendmsg};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};

use super::names::Names;
use super::protocol::{About, Ask, MAY, May, REQUEST, pack};
use crate::guard::confine::confine_broker;

/// The folder, the rule, and what was made.
struct Server {
    folder: OwnedFd,
    /// The folder opened for `fsync`; none where it may be written and not read.
    synced: Option<File>,
    names: Names,
    may: May,
    made: HashMap<OsString, About>,
}

/// Answers what comes through standard input, in the folder that the process is in, by the rule
/// that `words` tell; ends when its client has ended.
///
/// # Errors
/// The words are no rule, the folder cannot be opened, or standard input is no socket.
pub fn serve(words: &[OsString]) -> io::Result<()> {
    let unknown = || io::Error::new(io::ErrorKind::InvalidInput, "no rule of names");
    let (may, names) = words.split_first().ok_or_else(unknown)?;
    let (_, may) = *MAY.iter().find(|(word, _)| may == word).ok_or_else(unknown)?;
    let names = Names::of(names).ok_or_else(unknown)?;
    // It ends after whoever asks, not with it: the last file may still have to take its place.
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
        signal_hook::flag::register(signal, Arc::default())?;
    }
    let _ = nix::sys::prctl::set_name(c"ipeek-files");
    let flags = OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
    let folder = nix::fcntl::open(".", flags, Mode::empty())?;
    let synced = if may == May::Replace { File::open(".").ok() } else { None };
    let replaced = if may == May::Replace { existing(&names)? } else { Vec::new() };
    confine_broker(may, &replaced, names == Names::Tables);
    let mut server = Server { folder, synced, names, may, made: HashMap::new() };
    let socket = io::stdin();
    let mut request = [0; REQUEST];
    loop {
        let mut no_files = RecvAncillaryBuffer::default();
        let into = &mut [IoSliceMut::new(&mut request)];
        let count = match recvmsg(socket.as_fd(), into, &mut no_files, RecvFlags::empty()) {
            Ok(message) => message.bytes,
            Err(error) if error == rustix::io::Errno::INTR => continue,
            Err(error) => return Err(error.into()),
        };
        // A socket of messages has none that is empty: its other end is closed.
        let Some((&ask, names)) = request.get(..count).and_then(<[u8]>::split_first) else {
            return Ok(());
        };
        let (error, about, file) = match server.answer(ask, names) {
            Ok((about, file)) => (0, about, file),
            Err(error) => (error as i32, About { mode: 0, device: 0, inode: 0 }, None),
        };
        let answer = pack(error, about);
        let files: Vec<_> = file.iter().map(AsFd::as_fd).collect();
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut beside = SendAncillaryBuffer::new(&mut space);
        if !files.is_empty() {
            beside.push(SendAncillaryMessage::ScmRights(&files));
        }
        sendmsg(socket.as_fd(), &[IoSlice::new(&answer)], &mut beside, SendFlags::NOSIGNAL)?;
    }
}

/// Files of the folder that have names of the rule: all that may be replaced.
fn existing(names: &Names) -> io::Result<Vec<PathBuf>> {
    let here = Path::new(".");
    if let Names::One(name) = names {
        return Ok(vec![here.join(name)]);
    }
    // What may be written and not read cannot be listed: its owner goes on as for one file.
    let entries = match std::fs::read_dir(here) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Ok(Vec::new()),
        entries => entries?,
    };
    let files = entries.filter_map(Result::ok).map(|entry| entry.file_name());
    Ok(files.filter(|name| names.have(name)).map(|name| here.join(name)).collect())
}

impl Server {
    fn answer(&mut self, ask: u8, names: &[u8]) -> Result<(About, Option<OwnedFd>), Errno> {
        let mut names = names.split(|&octet| octet == 0).map(OsStr::from_bytes);
        let (first, second) = (names.next().unwrap_or_default(), names.next());
        if !self.names.have_for_now(first) {
            return Err(Errno::EACCES);
        }
        match (ask, second) {
            (ask, None) if ask == Ask::Look as u8 => self.look(first).map(|about| (about, None)),
            (ask, None) if self.may == May::Read => {
                if ask == Ask::Open as u8 {
                    self.open(first)
                } else {
                    Err(Errno::EACCES)
                }
            }
            (ask, None) if ask == Ask::Make as u8 => self.make(first),
            (ask, None) if ask == Ask::Remove as u8 => {
                let about = self.own(first)?;
                let (folder, name) = self.folder_of(first, false)?;
                unlinkat(&folder, name, UnlinkatFlags::NoRemoveDir)?;
                self.made.remove(first);
                Ok((about, None))
            }
            (ask, Some(second)) if ask == Ask::Place as u8 => {
                if self.may == May::Read || !self.names.have(second) {
                    return Err(Errno::EACCES);
                }
                let about = self.own(first)?;
                let (folder, from) = self.folder_of(first, false)?;
                let (other, to) = self.folder_of(second, false)?;
                place(folder.as_fd(), from, other.as_fd(), to)?;
                self.made.remove(first);
                self.made.insert(second.to_owned(), about);
                Ok((about, None))
            }
            (ask, Some(second)) if ask == Ask::Replace as u8 => {
                if self.may != May::Replace || !self.names.have(second) {
                    return Err(Errno::EACCES);
                }
                let about = self.own(first)?;
                let (folder, from) = self.folder_of(first, false)?;
                let (other, to) = self.folder_of(second, false)?;
                renameat(&folder, from, &other, to)?;
                self.made.remove(first);
                self.made.insert(second.to_owned(), about);
                match self.synced.as_ref().map(nix::unistd::fsync) {
                    // Some file systems know no such thing.
                    Some(Err(error)) if error != Errno::EINVAL => Err(error),
                    _ => Ok((about, None)),
                }
            }
            _ => Err(Errno::EACCES),
        }
    }

    fn make(&mut self, name: &OsStr) -> Result<(About, Option<OwnedFd>), Errno> {
        let new = OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_NOFOLLOW;
        let flags = OFlag::O_WRONLY | OFlag::O_CLOEXEC | new;
        let (folder, last) = self.folder_of(name, true)?;
        let file = openat(&folder, last, flags, Mode::S_IRUSR | Mode::S_IWUSR)?;
        let about = about(&fstat(&file)?);
        self.made.insert(name.to_owned(), about);
        Ok((about, Some(file)))
    }

    fn open(&self, name: &OsStr) -> Result<(About, Option<OwnedFd>), Errno> {
        // Neither does a FIFO hold it up, nor becomes a terminal its own.
        let flags = OFlag::O_RDONLY | OFlag::O_CLOEXEC | OFlag::O_NONBLOCK | OFlag::O_NOCTTY;
        let file = openat(&self.folder, name, flags, Mode::empty())?;
        Ok((about(&fstat(&file)?), Some(file)))
    }

    fn look(&self, name: &OsStr) -> Result<About, Errno> {
        // What is written is never a link; what is read may be behind one.
        let links =
            if self.may == May::Read { AtFlags::empty() } else { AtFlags::AT_SYMLINK_NOFOLLOW };
        let (folder, name) = self.folder_of(name, false)?;
        Ok(about(&fstatat(&folder, name, links)?))
    }

    /// The folder below this one that a name stands in, which may be made, and the rest of the name.
    /// No link is followed to it.
    fn folder_of<'n>(
        &self,
        name: &'n OsStr,
        is_made: bool,
    ) -> Result<(Place<'_>, &'n OsStr), Errno> {
        let mut folder = Place::Borrowed(self.folder.as_fd());
        let mut parts = name.as_bytes().split(|&octet| octet == b'/').map(OsStr::from_bytes);
        let mut last = parts.next().unwrap_or_default();
        for part in parts {
            if is_made {
                match mkdirat(&folder, last, Mode::S_IRWXU) {
                    Ok(()) | Err(Errno::EEXIST) => {}
                    Err(error) => return Err(error),
                }
            }
            let flags = OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
            folder = Place::Owned(openat(&folder, last, flags, Mode::empty())?);
            last = part;
        }
        Ok((folder, last))
    }

    /// What was made here under that name, if it still has it.
    fn own(&self, name: &OsStr) -> Result<About, Errno> {
        let made = self.made.get(name).ok_or(Errno::EACCES)?;
        let now = self.look(name)?;
        if (made.device, made.inode) == (now.device, now.inode) {
            Ok(now)
        } else {
            Err(Errno::EACCES)
        }
    }
}

/// A folder: that of the broker, or one below it.
enum Place<'a> {
    Borrowed(BorrowedFd<'a>),
    Owned(OwnedFd),
}

impl AsFd for Place<'_> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::Borrowed(folder) => *folder,
            Self::Owned(folder) => folder.as_fd(),
        }
    }
}

/// Gives a file another name, which nothing has.
fn place(
    folder: BorrowedFd<'_>,
    from: &OsStr,
    other: BorrowedFd<'_>,
    to: &OsStr,
) -> Result<(), Errno> {
    let placed = renameat_with(folder, from, other, to, RenameFlags::NOREPLACE);
    match placed.map_err(|error| Errno::from_raw(error.raw_os_error())) {
        // Some file systems have no such call.
        Err(Errno::EINVAL | Errno::ENOSYS) => {
            match fstatat(other, to, AtFlags::AT_SYMLINK_NOFOLLOW) {
                Ok(_) => Err(Errno::EEXIST),
                Err(_) => renameat(folder, from, other, to),
            }
        }
        placed => placed,
    }
}

#[cfg_attr(
    target_arch = "x86_64",
    expect(clippy::useless_conversion, reason = "these are of other widths elsewhere")
)]
fn about(stat: &FileStat) -> About {
    About { mode: stat.st_mode.into(), device: stat.st_dev.into(), inode: stat.st_ino.into() }
}
