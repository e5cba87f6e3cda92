//! Privileges, users and capabilities, given up.

use std::collections::HashSet;

use caps::{CapSet, Capability};
use nix::unistd::{Gid, Uid, getgroups, getresgid, getresuid, setgroups, setresgid, setresuid};

use super::confinement::Outcome;
use super::identity::Identity;

/// Makes sure that no program started from here has more rights than this one.
pub(super) fn gain_nothing() -> Outcome {
    nix::sys::prctl::set_no_new_privs().map_err(|_| "no no_new_privs")?;
    Ok("no_new_privs".to_owned())
}

/// Empties the bounding set, while there still is the capability to do so.  Without it the set
/// stays, and is of no use: nothing can be gained any more.
pub(super) fn shrink_bounds() {
    // One that the kernel does not know is refused, which is as good.
    for capability in caps::all() {
        // The right to do this goes last.
        if capability != Capability::CAP_SETPCAP {
            let _ = caps::drop(None, CapSet::Bounding, capability);
        }
    }
    let _ = caps::drop(None, CapSet::Bounding, Capability::CAP_SETPCAP);
}

/// Becomes another user in every thread, with no group but its own and no way back.
///
/// What cannot be changed stays, and what counts is the identity of the process in the end: a user
/// namespace may map no other user, and root may have lost the right to change.
pub(super) fn become_user(identity: Identity) -> Outcome {
    let (uid, gid) = (Uid::from_raw(identity.uid), Gid::from_raw(identity.gid));
    let _ = setgroups(&[]);
    let _ = setresgid(gid, gid, gid);
    let _ = setresuid(uid, uid, uid);
    let (Ok(users), Ok(groups)) = (getresuid(), getresgid()) else { return Err("still root") };
    let users = [users.real, users.effective, users.saved];
    let groups = [groups.real, groups.effective, groups.saved];
    if users.iter().any(|user| user.is_root()) && !uid.is_root() {
        return Err("still root");
    }
    let is_alone = getgroups().is_ok_and(|others| others.iter().all(|&other| other == gid));
    if users != [uid; 3] || groups != [gid; 3] || !is_alone {
        return Err("still in other groups");
    }
    Ok(format!("uid {uid}"))
}

/// Empties every set of capabilities of this thread.
pub(super) fn drop_capabilities() -> Outcome {
    keep_capability(None)
}

/// Gives up all capabilities but one, where it is there.
pub(super) fn keep_capability(kept: Option<Capability>) -> Outcome {
    let kept: HashSet<Capability> = kept.into_iter().collect();
    // Kernels before 4.3 have no ambient set, and then nothing is in it.
    let _ = caps::clear(None, CapSet::Ambient);
    let none = HashSet::new();
    for (set, left) in
        [(CapSet::Effective, &kept), (CapSet::Permitted, &kept), (CapSet::Inheritable, &none)]
    {
        caps::set(None, set, left).map_err(|_| "capabilities kept")?;
    }
    Ok("no capabilities".to_owned())
}
