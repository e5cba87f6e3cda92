//! Privileges, users and capabilities, given up.

use caps::{CapSet, Capability};
use nix::unistd::{Gid, Uid, setgroups, setresgid, setresuid};

use super::Identity;

/// Makes sure that no program started from here has more rights than this one.
pub(super) fn gain_nothing() -> Option<String> {
    nix::sys::prctl::set_no_new_privs().ok()?;
    Some("no_new_privs".to_owned())
}

/// Empties the bounding set, while there still is the capability to do so.  Without it the set
/// stays, and is of no use: nothing can be gained any more.
pub(super) fn shrink_bounds() {
    for capability in caps::runtime::thread_all_supported() {
        // The right to do this goes last.
        if capability != Capability::CAP_SETPCAP {
            let _ = caps::drop(None, CapSet::Bounding, capability);
        }
    }
    let _ = caps::drop(None, CapSet::Bounding, Capability::CAP_SETPCAP);
}

/// Becomes another user in every thread, with no group but its own and no way back.
pub(super) fn become_user(identity: Identity) -> std::io::Result<()> {
    let (uid, gid) = (Uid::from_raw(identity.uid), Gid::from_raw(identity.gid));
    setgroups(&[])?;
    setresgid(gid, gid, gid)?;
    setresuid(uid, uid, uid)?;
    Ok(())
}

/// Empties every set of capabilities of this thread.
pub(super) fn drop_capabilities() -> Option<String> {
    // Kernels before 4.3 have no ambient set, and then nothing is in it.
    let _ = caps::clear(None, CapSet::Ambient);
    for set in [CapSet::Effective, CapSet::Permitted, CapSet::Inheritable] {
        caps::clear(None, set).ok()?;
    }
    Some("no capabilities".to_owned())
}
