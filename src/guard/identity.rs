//! Who to be once root is no longer needed.

use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

/// A user and its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// User.
    pub uid: u32,
    /// Group.
    pub gid: u32,
}

/// Nobody, where the system does not say otherwise.
const NOBODY: u32 = 65_534;

impl Identity {
    /// Who a root process becomes that makes files in `folders`: whoever called sudo, else the owner
    /// of the first folder, else nobody.  A user who could not make files in one of them gives way
    /// to its owner, or rotation and `--force` would fail at their end.  Nothing unless root.
    pub fn choose(folders: &[PathBuf]) -> Option<Self> {
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
            if !choice.is_some_and(|user| user.can_write(about.mode(), about.uid(), about.gid())) {
                choice = Some(Self { uid: about.uid(), gid: about.gid() });
            }
        }
        Some(choice.unwrap_or_else(Self::nobody))
    }

    fn nobody() -> Self {
        let user = nix::unistd::User::from_name("nobody").ok().flatten();
        user.map_or(Self { uid: NOBODY, gid: NOBODY }, |user| Self {
            uid: user.uid.as_raw(),
            gid: user.gid.as_raw(),
        })
    }

    /// Whether the mode of a folder lets this user make and rename files there; in a sticky folder
    /// its own files only, which is what it needs.
    fn can_write(self, mode: u32, owner: u32, group: u32) -> bool {
        const WRITE_AND_ENTER: u32 = 0o3;
        let shift = match (self.uid == owner, self.gid == group) {
            (true, _) => 6,
            (false, true) => 3,
            (false, false) => 0,
        };
        mode >> shift & WRITE_AND_ENTER == WRITE_AND_ENTER
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
    }
}
