//! The user to become once root is no longer needed.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::base::place::folder_of;

/// A user and its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// User.
    pub uid: u32,
    /// Group.
    pub gid: u32,
}

/// Nobody, as the kernel has it (`/proc/sys/kernel/overflowuid`).  To ask the system's list of
/// users would load whatever code it is configured to load, as root.
const NOBODY: u32 = 65_534;

impl Identity {
    /// The user that a root process which makes files in `folders` becomes: the caller of sudo,
    /// else the owner of the first folder, else nobody.  A user who could not make files in one of
    /// them gives way to its owner, or rotation and `--force` would fail at their end; one who may
    /// not replace one of the files `replaced` does too.  Without folders it is never root.
    /// Nothing unless root.
    pub fn choose(folders: &[PathBuf], replaced: &[PathBuf]) -> Option<Self> {
        if !nix::unistd::geteuid().is_root() && !nix::unistd::getuid().is_root() {
            return None;
        }
        let variable = |name: &str| std::env::var(name).ok();
        let sudo = Self::of_sudo(variable("SUDO_UID").as_deref(), variable("SUDO_GID").as_deref());
        let mut choice = sudo;
        for folder in folders {
            let Ok(about) = std::fs::metadata(folder) else { continue };
            let is_there = |file: &&PathBuf| folder_of(file) == *folder;
            let owners = replaced
                .iter()
                .filter(is_there)
                .filter_map(|file| std::fs::symlink_metadata(file).ok().map(|about| about.uid()));
            let can_write = |user: Self| {
                user.can_write(about.mode(), about.uid(), about.gid())
                    && owners
                        .clone()
                        .all(|owner| user.can_replace(about.mode(), about.uid(), owner))
            };
            if !choice.is_some_and(can_write) {
                choice = Some(Self { uid: about.uid(), gid: about.gid() });
            }
        }
        Some(choice.unwrap_or(Self { uid: NOBODY, gid: NOBODY }))
    }

    /// The caller of sudo, by its variables: never root, nor the number that the kernel takes for
    /// no change.  Without a group of that kind it is nobody's.
    fn of_sudo(uid: Option<&str>, gid: Option<&str>) -> Option<Self> {
        let number = |text: Option<&str>| {
            text?.parse::<u32>().ok().filter(|&number| number != 0 && number != u32::MAX)
        };
        Some(Self { uid: number(uid)?, gid: number(gid).unwrap_or(NOBODY) })
    }

    /// Whether this is root, and makes files in `folder` only by the right to override its mode.
    #[cfg(target_os = "linux")]
    pub(super) fn must_override(self, folder: &Path) -> bool {
        let can_write = std::fs::metadata(folder)
            .is_ok_and(|about| self.can_write(about.mode(), about.uid(), about.gid()));
        self.uid == 0 && !can_write
    }

    /// Whether the mode of a folder lets this user make and rename files of its own there.
    fn can_write(self, mode: u32, owner: u32, group: u32) -> bool {
        const WRITE_AND_ENTER: u32 = 0o3;
        let shift = match (self.uid == owner, self.gid == group) {
            (true, _) => 6,
            (false, true) => 3,
            (false, false) => 0,
        };
        mode >> shift & WRITE_AND_ENTER == WRITE_AND_ENTER
    }

    /// Whether it may put a file of its own in the place of one that is `file_owner`'s: in a sticky
    /// folder, only the owners of the two may.
    fn can_replace(self, mode: u32, folder_owner: u32, file_owner: u32) -> bool {
        const STICKY: u32 = 0o1000;
        mode & STICKY == 0 || [folder_owner, file_owner].contains(&self.uid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sudo_says_is_never_root_nor_nobody_in_particular() {
        let user = |uid, gid| Some(Identity { uid, gid });
        for (uid, gid, expected) in [
            (Some("1000"), Some("100"), user(1000, 100)),
            (Some("1000"), None, user(1000, NOBODY)),
            (Some("1000"), Some("0"), user(1000, NOBODY)),
            (Some("1000"), Some("4294967295"), user(1000, NOBODY)),
            (Some("1000"), Some("staff"), user(1000, NOBODY)),
            (Some("4294967294"), Some("1"), user(4_294_967_294, 1)),
            (Some("4294967295"), Some("1"), None),
            (Some("4294967296"), Some("1"), None),
            (Some("-1"), Some("1"), None),
            (Some("0"), Some("0"), None),
            (Some("root"), Some("1"), None),
            (Some(""), Some(""), None),
            (None, Some("1"), None),
        ] {
            assert_eq!(Identity::of_sudo(uid, gid), expected, "{uid:?} {gid:?}");
        }
    }

    #[test]
    fn a_folder_is_written_by_the_rights_of_its_owner_group_or_others() {
        let user = Identity { uid: 1000, gid: 100 };
        for (mode, owner, group, can) in [
            (0o40700, 1000, 0, true),
            (0o40500, 1000, 0, false),
            (0o40077, 1000, 100, false),
            (0o40770, 0, 100, true),
            (0o40755, 0, 0, false),
            (0o41777, 0, 0, true),
        ] {
            assert_eq!(user.can_write(mode, owner, group), can, "{mode:o} {owner} {group}");
        }
        for (mode, folder, file, can) in [
            (0o41777, 0, 1000, true),
            (0o41777, 0, 0, false),
            (0o41777, 1000, 0, true),
            (0o40777, 0, 0, true),
        ] {
            assert_eq!(user.can_replace(mode, folder, file), can, "{mode:o} {folder} {file}");
        }
    }
}
