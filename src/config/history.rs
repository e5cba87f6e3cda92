//! What is remembered from run to run: lines in a file of the user's own.
//!
//! They are written to a new file that then takes the older one's name, so that a full disk leaves
//! what was there and no link is followed; and only into a folder that is the user's own, below
//! folders that are the user's or root's, so that nobody else can choose what is overwritten.

use std::fs::{self, OpenOptions};
use std::io::{Error, ErrorKind, Read as _, Result};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use nix::fcntl::OFlag;

use crate::base::place::folder_of;
use crate::capture::CaptureError;
use crate::capture::save::{Folder, Rules, Target};
#[cfg(target_os = "linux")]
use crate::guard::broker::{Broker, May, Names};

/// Lines that are read of a history, the newest.
const LINES: usize = 200;

/// Octets that are read of it: nobody writes filters that long.
const MOST_OCTETS: u64 = 1 << 20;

/// Lines that were used, filters or captures.
#[derive(Debug)]
pub struct History {
    path: PathBuf,
    /// What writes the file: this process or a broker.
    by: Folder,
    /// Whether it may be written; none as long as that has not been checked with the rights the
    /// program started with.
    may_be_written: Option<bool>,
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
        Ok(Self { path: path.to_owned(), by: Folder::default(), may_be_written: None })
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
    pub fn write(&self, lines: &[String]) -> Result<()> {
        if !self.may_be_written.unwrap_or_else(|| is_own(folder_of(&self.path))) {
            return Err(foreign());
        }
        let rules = Rules { force: true, sync: true, folder: self.by.clone(), ..Rules::default() };
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

    /// Leaves it to a broker to put a new file in the place of the older: for a process that is
    /// about to give up its rights, and may become another user.
    pub fn entrust(&mut self) {
        let folder = folder_of(&self.path);
        let is_own = is_own(folder);
        self.may_be_written = Some(is_own);
        #[cfg(target_os = "linux")]
        if let Some(name) = self.path.file_name().filter(|_| is_own) {
            // Where there can be none, nothing is remembered: no reason not to look at packets.
            match Broker::start(folder, Names::One(name.to_owned()), May::Replace) {
                Ok(broker) => self.by = Folder::Brokered(broker, vec![folder.to_owned()]),
                Err(_) => self.may_be_written = Some(false),
            }
        }
    }
}

fn text_of(lines: &[String]) -> Vec<u8> {
    let mut text = lines.join("\n");
    text.push('\n');
    text.into_bytes()
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
