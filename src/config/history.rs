//! What is remembered from run to run: lines in a file of the user's own.
//!
//! They are written to a new file that then takes the older one's name, so that a full disk leaves what
//! was there and no link is followed; and only into a folder that is the user's own, below folders
//! that are his or root's, so that nobody else can choose what is overwritten.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{Error, ErrorKind, Read as _, Result, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use nix::fcntl::OFlag;

use crate::base::place::folder_of;
use crate::capture::CaptureError;
use crate::capture::save::{Rules, Target};

/// Lines that are read of a history, the newest.
const LINES: usize = 200;

/// Octets that are read of it: nobody writes filters that long.
const MOST_OCTETS: u64 = 1 << 20;

/// Octets that a file has room for while it is held, whatever becomes of the disk.
const HELD_OCTETS: usize = 64 << 10;

/// Lines that were used, filters or captures.
#[derive(Debug)]
pub struct History {
    path: PathBuf,
    /// A file that was made here and is still open, where its folder will be out of reach.
    held: Option<File>,
}

impl History {
    /// In the file at `path`, for its owner's eyes alone; its folder is made where it may be.
    ///
    /// # Errors
    /// The system refuses.
    pub fn open(path: &Path) -> Result<Self> {
        let folder = folder_of(path);
        if !folder.exists() {
            let existing = folder.ancestors().find(|folder| folder.exists());
            if !existing.is_some_and(is_trusted) {
                return Err(foreign());
            }
            fs::create_dir_all(folder)?;
        }
        Ok(Self { path: path.to_owned(), held: None })
    }

    /// The folder that it is in.
    pub fn folder(&self) -> &Path {
        folder_of(&self.path)
    }

    /// The lines, oldest first; none where they cannot be read.
    pub fn read(&self) -> Vec<String> {
        let mut text = Vec::new();
        // Nothing else than a file is read, which nobody can be waited for in.
        let flags = OFlag::O_NONBLOCK | OFlag::O_NOCTTY;
        let file = OpenOptions::new().read(true).custom_flags(flags.bits()).open(&self.path);
        let file = file.ok().filter(|file| file.metadata().is_ok_and(|about| about.is_file()));
        // What cannot be read is not remembered.
        let _ = file.map(|file| file.take(MOST_OCTETS).read_to_end(&mut text));
        let lines: Vec<String> =
            String::from_utf8_lossy(&text).lines().map(str::to_owned).collect();
        let surplus = lines.len().saturating_sub(LINES);
        lines.into_iter().skip(surplus).collect()
    }

    /// Writes the lines in place of those that were there.
    ///
    /// # Errors
    /// The system refuses, or the folder is another user's.
    pub fn write(&mut self, lines: &[String]) -> Result<()> {
        if let Some(held) = &self.held {
            return write_held(held, lines);
        }
        if !is_own(self.folder()) {
            return Err(foreign());
        }
        let rules = Rules { force: true, sync: true, ..Rules::default() };
        let mut target = Target::open(&self.path, &rules).map_err(reason)?;
        if let Err(unwritten) = target.write(&text_of(lines), <[u8]>::len) {
            target.remove();
            return Err(unwritten.error);
        }
        target.settle().map(|_| ()).map_err(|error| {
            target.remove();
            reason(error)
        })
    }

    /// Puts a new file in the place of the older, and keeps it open: for a process that is about to
    /// become another user, who can rename nothing here any more.
    pub fn hold(&mut self) {
        let held = self.write(&self.read()).and_then(|()| {
            let flags = OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK | OFlag::O_NOCTTY;
            OpenOptions::new().write(true).custom_flags(flags.bits()).open(&self.path)
        });
        // Where it cannot be, nothing is remembered: no reason not to look at packets.
        self.held = held.ok().filter(|held| held.metadata().is_ok_and(|about| is_alone(&about)));
        if let Some(held) = &self.held {
            reserve(held);
        }
    }
}

/// Writes over a file that is held.
fn write_held(mut held: &File, lines: &[String]) -> Result<()> {
    if !is_alone(&held.metadata()?) {
        return Err(Error::new(ErrorKind::PermissionDenied, "it was linked or taken away"));
    }
    let mut lines = lines;
    let mut text = text_of(lines);
    while text.len() > HELD_OCTETS
        && let Some((_, later)) = lines.split_first()
    {
        lines = later;
        text = text_of(lines);
    }
    held.seek(SeekFrom::Start(0))?;
    held.write_all(&text)?;
    held.set_len(text.len() as u64)
}

/// Has the disk keep room for what is written when there may be none left.
fn reserve(file: &File) {
    #[cfg(target_os = "linux")]
    {
        use nix::fcntl::{FallocateFlags, fallocate};
        let most = i64::try_from(HELD_OCTETS).unwrap_or(0);
        // Some file systems cannot.
        let _ = fallocate(file, FallocateFlags::FALLOC_FL_KEEP_SIZE, 0, most);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = file;
}

fn text_of(lines: &[String]) -> Vec<u8> {
    let mut text = lines.join("\n");
    text.push('\n');
    text.into_bytes()
}

/// Whether a file has one name, and nobody else can have given it another.
fn is_alone(about: &Metadata) -> bool {
    about.is_file() && about.nlink() == 1
}

/// Whether a folder is this user's own, and so is the way there.
fn is_own(folder: &Path) -> bool {
    let own = nix::unistd::geteuid().as_raw();
    fs::metadata(folder).is_ok_and(|about| about.uid() == own) && is_trusted(folder)
}

/// Whether a folder and all above it are this user's or root's: nobody else can put another in its
/// place.
fn is_trusted(folder: &Path) -> bool {
    let own = nix::unistd::geteuid().as_raw();
    let is_his =
        |folder: &Path| fs::metadata(folder).is_ok_and(|about| [0, own].contains(&about.uid()));
    folder.canonicalize().is_ok_and(|folder| folder.ancestors().all(is_his))
}

fn foreign() -> Error {
    Error::new(ErrorKind::PermissionDenied, "its folder is another user's")
}

fn reason(error: CaptureError) -> Error {
    match error {
        CaptureError::Output { error, .. } => error,
        CaptureError::Refused { reason, .. } => Error::new(ErrorKind::InvalidInput, reason),
        other => Error::other(other.to_string()),
    }
}
