//! Rights that a process of ipeek gives up once its inputs and outputs are open.
//!
//! What parses packets should be able to do nothing else: an attacker who finds a fault in a
//! decoder gets a process without capabilities, files, network and most system calls.  The order is
//! the point: nothing new can be gained, then the user changes, then capabilities go, then files,
//! and at last the system calls that all of this took.  Threads inherit what their maker has left,
//! so this is done before there is a second one.

#[cfg(target_os = "linux")]
pub mod broker;
#[cfg(target_os = "linux")]
mod calls;
#[cfg(target_os = "linux")]
mod confine;
mod confinement;
#[cfg(target_os = "linux")]
mod files;
mod identity;
#[cfg(target_os = "linux")]
mod rights;
mod silent;
#[cfg(target_os = "linux")]
pub mod trial;

pub use self::confinement::{Confinement, GuardError, Needs, SandboxMode};
pub use self::identity::Identity;
pub use self::silent::is_silent;

/// Gives up what `mode` says.  Call it with one thread running: others keep what they have.
///
/// # Errors
/// [`GuardError::Missing`] for [`SandboxMode::Strict`] only.
#[cfg(target_os = "linux")]
pub fn engage(
    mode: SandboxMode,
    needs: &Needs,
    identity: Option<Identity>,
) -> Result<Confinement, GuardError> {
    if mode == SandboxMode::Off {
        return Ok(Confinement::off());
    }
    let mut steps = vec![rights::gain_nothing()];
    // The rules name files, which the new user may not be able to reach.
    let rules = files::rules(needs);
    rights::shrink_bounds();
    steps.extend(identity.map(rights::become_user));
    steps.push(rights::drop_capabilities());
    steps.push(files::restrict(rules));
    silent::keep(&needs.silent);
    steps.push(calls::restrict(calls::Work::Packets, &needs.silent));
    let missing: Vec<_> = steps.iter().filter_map(|step| step.as_ref().err().copied()).collect();
    if mode == SandboxMode::Strict && !missing.is_empty() {
        return Err(GuardError::Missing { missing });
    }
    let name = if mode == SandboxMode::Strict { "strict" } else { "best" };
    let done = steps.iter().map(|step| step.as_deref().unwrap_or_else(|left| left));
    let words = format!("{name}: {}", done.collect::<Vec<_>>().join(", "));
    Ok(Confinement { words, missing })
}

/// Gives up what `mode` says: nothing on this system, which is reported.
#[cfg(not(target_os = "linux"))]
pub fn engage(
    mode: SandboxMode,
    _: &Needs,
    _: Option<Identity>,
) -> Result<Confinement, GuardError> {
    let missing = vec!["no sandbox on this system"];
    match mode {
        SandboxMode::Strict => Err(GuardError::Missing { missing }),
        SandboxMode::Best => {
            Ok(Confinement { words: "best: none on this system".to_owned(), missing })
        }
        SandboxMode::Off => Ok(Confinement::off()),
    }
}
