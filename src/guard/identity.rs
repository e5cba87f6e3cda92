//! Who to be once root is no longer needed.

use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use crate::base::place::folder_of;

/// A user and its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// User.
    pub uid: u32,
    /// Group.
    pub gid: u32,
}

/// Nobody, as the kernel has it (`/proc/sys/kernel/overflowuid`).  To ask the system's list of users
/// would load whatever code it is configured to load, as root.
const NOBODY: u32 = 65_534;

impl Identity {
    /// Who a root process becomes that makes files in `folders`: whoever called sudo, else the owner
    /// of the first folder, else nobody.  A user who could not make files in one of them gives way
    /// to its owner, or rotation and `--force` would fail at their end; one who may not replace one of
    /// the files `replaced` does too.  Nothing unless root.
    pub fn choose(folders: &[PathBuf], replaced: &[PathBuf]) -> Option<Self> {
        if !nix::unistd::geteuid().is_root() {
            return None;
        }
        let number = |name: &str| std::env::var(name).ok()?.parse::<u32>().ok();
        let sudo = number("SUDO_UID")
            .filter(|&uid| uid != 0)
            .map(|uid| Self { uid, gid: number("SUDO_GID").unwrap_or(NOBODY) });
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

    /// Whether this is another user than the process is now.
    pub fn is_another(self) -> bool {
        nix::unistd::geteuid().as_raw() != self.uid
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
