//! What creates, renames and removes files once packets are read: this process, or a broker where
//! this one has given up the right to.

use std::fs::{File, OpenOptions};
use std::io::Result;
#[cfg(target_os = "linux")]
use std::io::{Error, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use super::identity::{About, Identity};
use crate::base::place::folder_of;
#[cfg(target_os = "linux")]
use crate::guard::broker::{Broker, Names};

/// Where files are made, renamed and removed; and opened, where one is followed.
#[derive(Debug, Clone, Default)]
pub enum Folder {
    /// Wherever this process may.
    #[default]
    Any,
    /// By a broker, which knows one folder; the paths are those by which that folder may be named.
    #[cfg(target_os = "linux")]
    Brokered(Broker, Vec<std::path::PathBuf>),
}

impl Folder {
    /// Makes a new file that only its owner may read; never follows a link.
    pub(super) fn make(&self, path: &Path) -> Result<(File, Identity)> {
        match self {
            Self::Any => {
                let mut options = OpenOptions::new();
                let file = options.write(true).create_new(true).mode(0o600).open(path)?;
                let identity = About::of(&file.metadata()?).identity;
                Ok((file, identity))
            }
            #[cfg(target_os = "linux")]
            Self::Brokered(broker, folders) => {
                let (file, about) = broker.make(name(path, broker, folders)?)?;
                Ok((file, About::from(about).identity))
            }
        }
    }

    /// Opens what is at `path`, to be read.
    pub(crate) fn open(&self, path: &Path) -> Result<File> {
        match self {
            Self::Any => File::open(path),
            #[cfg(target_os = "linux")]
            Self::Brokered(broker, folders) => broker.open(name(path, broker, folders)?),
        }
    }

    /// Device and inode of what is at `path`; of a symbolic link, those of the file behind it.
    pub(crate) fn behind(&self, path: &Path) -> Result<(u64, u64)> {
        match self {
            Self::Any => std::fs::metadata(path).map(|about| (about.dev(), about.ino())),
            #[cfg(target_os = "linux")]
            Self::Brokered(broker, folders) => {
                let about = broker.look(name(path, broker, folders)?)?;
                Ok((about.device, about.inode))
            }
        }
    }

    /// What is at `path`; of a symbolic link, the link itself.
    pub(super) fn look(&self, path: &Path) -> Result<About> {
        match self {
            Self::Any => std::fs::symlink_metadata(path).map(|about| About::of(&about)),
            #[cfg(target_os = "linux")]
            Self::Brokered(broker, folders) => {
                broker.look(name(path, broker, folders)?).map(About::from)
            }
        }
    }

    /// Puts a file that was made in the place of another.
    pub(super) fn replace(&self, from: &Path, to: &Path) -> Result<()> {
        match self {
            Self::Any => std::fs::rename(from, to),
            #[cfg(target_os = "linux")]
            Self::Brokered(broker, folders) => {
                broker.replace(name(from, broker, folders)?, name(to, broker, folders)?)
            }
        }
    }

    /// Gives a file that was made another name, which nothing has.
    pub(super) fn place(&self, from: &Path, to: &Path) -> Result<()> {
        match self {
            // A name that is taken in between would be lost: systems differ in what prevents it.
            Self::Any if self.look(to).is_ok() => Err(std::io::ErrorKind::AlreadyExists.into()),
            Self::Any => std::fs::rename(from, to),
            #[cfg(target_os = "linux")]
            Self::Brokered(broker, folders) => {
                broker.place(name(from, broker, folders)?, name(to, broker, folders)?)
            }
        }
    }

    /// Makes the folders that a file is to be in, where this process may: a broker does when it makes
    /// the file.
    ///
    /// # Errors
    /// They cannot be made.
    pub fn prepare(&self, path: &Path) -> Result<()> {
        match self {
            Self::Any => {
                std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder_of(path))
            }
            #[cfg(target_os = "linux")]
            Self::Brokered(..) => Ok(()),
        }
    }

    /// Whether nothing is at `path`, as far as can be told.
    pub fn is_free(&self, path: &Path) -> bool {
        self.look(path).is_err()
    }

    /// The folder of `path`, to be brought to the disk when a file has taken its place there;
    /// nothing where it cannot be opened, or the broker sees to it.
    pub(super) fn to_sync(&self, path: &Path) -> Option<File> {
        match self {
            Self::Any => File::open(folder_of(path)).ok(),
            #[cfg(target_os = "linux")]
            Self::Brokered(..) => None,
        }
    }

    /// Whether a file is at `path`, and no link to it.
    pub(super) fn has(&self, file: Identity, path: &Path) -> bool {
        self.look(path).is_ok_and(|about| about.identity == file)
    }

    /// Removes a file, if it is still at `path`.  The system has no call that looks and removes at
    /// once, so a file that takes the name in between would go instead.
    pub(super) fn remove(&self, file: Identity, path: &Path) {
        if !self.has(file, path) {
            return;
        }
        // An error is that it has gone already, which is what was wanted.
        let _ = match self {
            Self::Any => std::fs::remove_file(path),
            #[cfg(target_os = "linux")]
            Self::Brokered(broker, folders) => {
                name(path, broker, folders).and_then(|name| broker.remove(name))
            }
        };
    }
}

/// The name of a file in the folder of these paths, if the broker makes any of that name.
#[cfg(target_os = "linux")]
fn name<'a>(
    path: &'a Path,
    broker: &Broker,
    folders: &[std::path::PathBuf],
) -> Result<&'a std::ffi::OsStr> {
    let refused = |words| Err(Error::new(ErrorKind::PermissionDenied, words));
    let name = if *broker.names() == Names::Tables {
        folders.iter().find_map(|folder| path.strip_prefix(folder).ok()).map(Path::as_os_str)
    } else {
        path.file_name().filter(|_| folders.iter().any(|folder| folder == folder_of(path)))
    };
    match name {
        None => refused("is in another folder"),
        Some(name) if broker.names().have_for_now(name) => Ok(name),
        Some(_) => refused("is no name of a capture"),
    }
}
