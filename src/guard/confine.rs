//! How a broker is confined: to its folder, and to the calls that names take.

use std::path::PathBuf;

use caps::Capability;

use super::broker::May;
use super::identity::Identity;
use super::{calls, files, rights};

/// Confines a broker to the folder that it is in, where it may have to replace those files, and to
/// make folders.
///
/// It goes on as a user who may write there: in a folder of root's that is root, but without root's
/// capabilities.  What this system cannot do is not reported here: the process that uses the broker
/// tries the same, and reports it.
pub(super) fn confine_broker(may: May, replaced: &[PathBuf], makes_folders: bool) {
    let here = PathBuf::from(".");
    let identity = Identity::choose(std::slice::from_ref(&here), replaced);
    let must_override = identity.is_some_and(|identity| identity.must_override(&here));
    // Each step by itself, whatever became of the others.
    let _ = rights::gain_nothing();
    let rules = match may {
        May::Read => files::rules_to_read(&here),
        May::Make | May::Replace => files::rules_to_make(&here, makes_folders),
    };
    rights::shrink_bounds();
    let _ = identity.map(rights::become_user);
    let _ = rights::keep_capability(must_override.then_some(Capability::CAP_DAC_OVERRIDE));
    let _ = files::restrict(rules);
    let _ = calls::restrict(calls::Work::Names, &[]);
}
