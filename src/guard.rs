//! Rights that a process of ipeek gives up once its inputs and outputs are open.
//!
//! What parses packets should be able to do nothing else: whoever finds a fault in a decoder gets a
//! process without capabilities, files, network and most system calls.  The order is the point:
//! nothing new can be gained, then the user changes, then capabilities go, then files, and at last
//! the system calls that all of this took.  Threads inherit what their maker has left, so this is
//! done before there is a second one.

#[cfg(target_os = "linux")]
pub mod broker;
#[cfg(target_os = "linux")]
mod calls;
#[cfg(target_os = "linux")]
mod files;
mod identity;
#[cfg(target_os = "linux")]
mod rights;
mod silent;
#[cfg(target_os = "linux")]
pub mod trial;

use std::path::PathBuf;

pub use self::identity::Identity;
pub use self::silent::is_silent;

/// How much is to be given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Everything, or the run does not begin.
    Strict,
    /// What this system can do.
    Best,
    /// Nothing.
    Off,
}

/// What must still work afterwards, and what must not.
#[derive(Debug, Clone, Default)]
pub struct Needs {
    /// Whether interfaces are captured from, whose counters are files.
    pub interfaces: bool,
    /// Descriptors that are read and never written: packets come from them, and none may be sent.
    /// They stay open to the end of the process, or their numbers would be another file's.
    pub silent: Vec<i32>,
}

/// How far a process is confined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// `strict`, `best` or `off`, then what is given up and what could not be.
    pub words: String,
    /// What could not be given up, as it is said: `still root`, `no landlock`.
    pub missing: Vec<&'static str>,
}

/// A system that cannot do what `--sandbox strict` asks for.
#[derive(Debug, thiserror::Error)]
pub enum GuardError {
    /// A layer that this kernel does not have, or refused.
    #[error("sandbox: {}; hint: --sandbox best goes on without", missing.join(", "))]
    Missing {
        /// What could not be given up.
        missing: Vec<&'static str>,
    },
}

impl State {
    /// What [`State::brief`] says when nothing is missing.
    pub const WHOLE: &str = "sandboxed";

    /// The state in a few words; those that it begins with tell how far it goes.
    pub fn brief(&self) -> String {
        match (self.words == "off", self.missing.is_empty()) {
            (true, _) => "no sandbox".to_owned(),
            (false, true) => Self::WHOLE.to_owned(),
            (false, false) => format!("sandboxed in part: {}", self.missing.join(", ")),
        }
    }

    /// Nothing is given up.
    pub fn off() -> Self {
        Self { words: "off".to_owned(), missing: Vec::new() }
    }
}

/// What a step of giving up says: what it has done, or what is left.
#[cfg(target_os = "linux")]
type Step = Result<String, &'static str>;

/// Gives up what `wish` says.  Call it with one thread running: others keep what they have.
///
/// # Errors
/// [`GuardError::Missing`] for [`Wish::Strict`] only.
#[cfg(target_os = "linux")]
pub fn engage(wish: Wish, needs: &Needs, identity: Option<Identity>) -> Result<State, GuardError> {
    if wish == Wish::Off {
        return Ok(State::off());
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
    if wish == Wish::Strict && !missing.is_empty() {
        return Err(GuardError::Missing { missing });
    }
    let name = if wish == Wish::Strict { "strict" } else { "best" };
    let done = steps.iter().map(|step| step.as_deref().unwrap_or_else(|left| left));
    let words = format!("{name}: {}", done.collect::<Vec<_>>().join(", "));
    Ok(State { words, missing })
}

/// Confines a broker to the folder that it is in, where it may have to replace those files.
///
/// It goes on as a user who may write there: in a folder of root's that is root, but without root's
/// capabilities.  What this system cannot do is not told: the process that asks of the broker tries
/// the same, and tells.
#[cfg(target_os = "linux")]
fn confine_broker(may: broker::May, replaced: &[PathBuf]) {
    let here = PathBuf::from(".");
    let identity = Identity::choose(std::slice::from_ref(&here), replaced);
    let must_override = identity.is_some_and(|identity| identity.must_override(&here));
    // Each step by itself, whatever became of the others.
    let _ = rights::gain_nothing();
    let rules = match may {
        broker::May::Read => files::rules_to_read(&here),
        broker::May::Make | broker::May::Replace => files::rules_to_make(&here),
    };
    rights::shrink_bounds();
    let _ = identity.map(rights::become_user);
    let _ = rights::keep_capability(must_override.then_some(caps::Capability::CAP_DAC_OVERRIDE));
    let _ = files::restrict(rules);
    let _ = calls::restrict(calls::Work::Names, &[]);
}

/// Gives up what `wish` says: nothing here, which is told.
#[cfg(not(target_os = "linux"))]
pub fn engage(wish: Wish, _: &Needs, _: Option<Identity>) -> Result<State, GuardError> {
    let missing = vec!["no sandbox on this system"];
    match wish {
        Wish::Strict => Err(GuardError::Missing { missing }),
        Wish::Best => Ok(State { words: "best: none on this system".to_owned(), missing }),
        Wish::Off => Ok(State::off()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_whole_is_called_sandboxed() {
        let state = |words: &str, missing: &[&'static str]| State {
            words: words.to_owned(),
            missing: missing.to_vec(),
        };
        for (state, brief) in [
            (State::off(), "no sandbox"),
            (state("best: seccomp", &[]), "sandboxed"),
            (state("best: no landlock", &["no landlock"]), "sandboxed in part: no landlock"),
            (
                state("best", &["still root", "no seccomp"]),
                "sandboxed in part: still root, no seccomp",
            ),
        ] {
            assert_eq!(state.brief(), brief);
        }
    }
}
