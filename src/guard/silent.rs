//! Descriptors that nothing is ever written to.
//!
//! A socket that captures packets can send them too, whatever rights its process has left, and
//! Linux knows no way to take that from it.  But the filter of system calls can refuse to write to
//! a descriptor by its number; so the number must stay the socket's as long as the process lasts.

use std::sync::OnceLock;

static SILENT: OnceLock<Vec<i32>> = OnceLock::new();

/// Remembers the descriptors that this process may not write to.
#[cfg(target_os = "linux")]
pub(super) fn keep(descriptors: &[i32]) {
    // The filter of system calls, which has these numbers, is installed once and cannot be changed.
    let _ = SILENT.set(descriptors.to_vec());
}

/// Whether a descriptor is one that may not be written to, and so must not be closed.
pub fn is_silent(descriptor: i32) -> bool {
    SILENT.get().is_some_and(|all| all.contains(&descriptor))
}
