//! What a file is, whatever it is called: its device and inode.

use std::fs::{File, Metadata};
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use nix::libc::mode_t;
use nix::sys::stat::SFlag;

/// Tells a file from all others on the machine, as long as it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    device: u64,
    inode: u64,
}

/// What a file is.
#[derive(Debug, Clone, Copy)]
pub(super) struct About {
    /// Which one.
    pub(super) identity: Identity,
    /// Its type and permissions, as stat(2) has them.
    mode: u32,
}

/// What a message calls a file of such a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileType {
    Regular,
    Folder,
    Link,
    Fifo,
    Character,
    Other,
}

impl About {
    /// What the system says of a file.
    pub(super) fn of(about: &Metadata) -> Self {
        let identity = Identity { device: about.dev(), inode: about.ino() };
        Self { identity, mode: about.mode() }
    }

    /// Its type.
    pub(super) fn file_type(&self) -> FileType {
        match SFlag::from_bits_truncate(self.mode as mode_t) & SFlag::S_IFMT {
            SFlag::S_IFREG => FileType::Regular,
            SFlag::S_IFDIR => FileType::Folder,
            SFlag::S_IFLNK => FileType::Link,
            SFlag::S_IFIFO => FileType::Fifo,
            SFlag::S_IFCHR => FileType::Character,
            _ => FileType::Other,
        }
    }
}

#[cfg(target_os = "linux")]
impl From<crate::guard::broker::About> for About {
    fn from(about: crate::guard::broker::About) -> Self {
        let identity = Identity { device: about.device, inode: about.inode };
        Self { identity, mode: about.mode }
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
        let files = paths.iter().filter_map(about).map(|about| About::of(&about));
        Self(files.filter(can_be_overwritten).map(|about| about.identity).collect())
    }

    /// Whether that file is one of them.
    pub(super) fn have(&self, about: &About) -> bool {
        can_be_overwritten(about) && self.0.contains(&about.identity)
    }
}

/// Whether what is written there can be what is read next.  A terminal is both, and no harm done.
pub(super) fn can_be_overwritten(about: &About) -> bool {
    matches!(about.file_type(), FileType::Regular | FileType::Fifo)
}
