//! What a file is, whatever it is called: its device and inode.

use std::fs::{File, Metadata};
use std::os::fd::AsFd;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use super::stream::Haste;

/// Tells a file from all others on the machine, as long as it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    device: u64,
    inode: u64,
}

impl Identity {
    /// Whom that is about.
    pub(super) fn of(about: &Metadata) -> Self {
        Self { device: about.dev(), inode: about.ino() }
    }

    /// Whether `path` is this very file, and no link to it.
    pub(super) fn is_at(self, path: &Path) -> bool {
        std::fs::symlink_metadata(path).is_ok_and(|about| Self::of(&about) == self)
    }

    /// Removes `path`, if that is still this file.  The system knows no way to do both at once.
    pub(super) fn remove_at(self, path: &Path) {
        if self.is_at(path) {
            // Gone already is as good.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// The files that are read, as they were when they were opened: afterwards another user may not be
/// able to look at them any more.
#[derive(Debug, Clone, Default)]
pub struct Inputs(Vec<Identity>);

impl Inputs {
    /// Those files; `-` is standard input.
    pub fn of(paths: &[PathBuf]) -> Self {
        let about = |path: &PathBuf| {
            if path.as_os_str() == "-" {
                let handle = std::io::stdin().as_fd().try_clone_to_owned();
                return handle.and_then(|handle| File::from(handle).metadata()).ok();
            }
            std::fs::metadata(path).ok()
        };
        let files = paths.iter().filter_map(about).filter(can_be_overwritten);
        Self(files.map(|about| Identity::of(&about)).collect())
    }

    /// Whether that file is one of them.
    pub fn have(&self, about: &Metadata) -> bool {
        can_be_overwritten(about) && self.0.contains(&Identity::of(about))
    }
}

/// Whether what is written there can be what is read next.  A terminal is both, and no harm done.
pub(super) fn can_be_overwritten(about: &Metadata) -> bool {
    about.is_file() || about.file_type().is_fifo()
}

/// What an output has to respect; by default it is a new file, or a FIFO whose reader is waited for.
#[derive(Debug, Default)]
pub struct Rules {
    /// What it must not be.
    pub inputs: Inputs,
    /// Whether it may take the place of a file that exists.
    pub force: bool,
    /// Whether it is to be on the disk when it is said to be saved, even where it replaces nothing.
    pub sync: bool,
    /// Whether readers are still waited for.
    pub haste: Haste,
}
