//! Rights that a process of ipeek gives up once its inputs and outputs are open.
//!
//! What parses packets should be able to do nothing else: whoever finds a fault in a decoder gets a
//! process without capabilities, files, network and most system calls.  The order is the point:
//! nothing new can be gained, then the user changes, then capabilities go, then files, and at last
//! the system calls that all of this took.  Threads inherit what their maker has left, so this is
//! done before there is a second one.

#[cfg(target_os = "linux")]
mod calls;
#[cfg(target_os = "linux")]
mod files;
mod identity;
#[cfg(target_os = "linux")]
mod rights;
#[cfg(target_os = "linux")]
pub mod trial;

use std::path::PathBuf;

pub use self::identity::Identity;

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

/// What must still work afterwards.
#[derive(Debug, Clone, Default)]
pub struct Needs {
    /// Files that may be opened again.
    pub inputs: Vec<PathBuf>,
    /// Folders in which files are read that are not there yet.
    pub watched: Vec<PathBuf>,
    /// Folders in which files are made, renamed and removed.
    pub folders: Vec<PathBuf>,
    /// Whether interfaces are captured from, whose counters are files.
    pub interfaces: bool,
}

/// How far a process is confined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// `strict`, `best` or `off`, then what is given up and what could not be.
    pub words: String,
    /// What could not be given up.
    pub missing: Vec<&'static str>,
}

/// A system that cannot do what `--sandbox strict` asks for.
#[derive(Debug, thiserror::Error)]
pub enum GuardError {
    /// A layer that this kernel does not have, or refused.
    #[error("sandbox: no {}; hint: --sandbox best goes on without", missing.join(", no "))]
    Missing {
        /// The layers.
        missing: Vec<&'static str>,
    },
    /// The user could not be changed: going on as root is not an option that anybody chose.
    #[error("sandbox: user {uid} refused: {error}; hint: --sandbox off stays root")]
    Identity {
        /// Who was to be become.
        uid: u32,
        /// Why not.
        error: std::io::Error,
    },
}

impl State {
    /// What [`State::brief`] says when nothing is missing.
    pub const WHOLE: &str = "sandboxed";

    /// The state in a word or two.
    pub fn brief(&self) -> &'static str {
        match (self.words == "off", self.missing.is_empty()) {
            (true, _) => "no sandbox",
            (false, true) => Self::WHOLE,
            (false, false) => "sandboxed in part",
        }
    }

    /// Nothing is given up.
    pub fn off() -> Self {
        Self { words: "off".to_owned(), missing: Vec::new() }
    }
}

/// Gives up what `wish` says.  Call it with one thread running: others keep what they have.
///
/// # Errors
/// [`GuardError::Missing`] for [`Wish::Strict`] only.
#[cfg(target_os = "linux")]
pub fn engage(wish: Wish, needs: &Needs, identity: Option<Identity>) -> Result<State, GuardError> {
    if wish == Wish::Off {
        return Ok(State::off());
    }
    let mut layers: Vec<(&'static str, Option<String>)> = Vec::new();
    layers.push(("no_new_privs", rights::gain_nothing()));
    // The rules name files, which the new user may not be able to reach.
    let rules = files::rules(needs);
    rights::shrink_bounds();
    if let Some(identity) = identity {
        rights::become_user(identity)
            .map_err(|error| GuardError::Identity { uid: identity.uid, error })?;
        layers.push(("uid", Some(format!("uid {}", identity.uid))));
    }
    layers.push(("caps", rights::drop_capabilities()));
    layers.push(("landlock", rules.and_then(files::restrict)));
    layers.push(("seccomp", calls::restrict()));
    let missing: Vec<_> =
        layers.iter().filter(|(_, done)| done.is_none()).map(|(name, _)| *name).collect();
    if wish == Wish::Strict && !missing.is_empty() {
        return Err(GuardError::Missing { missing });
    }
    let name = if wish == Wish::Strict { "strict" } else { "best" };
    let done = layers.iter().map(|(name, done)| match done {
        Some(words) => words.clone(),
        None => format!("no {name}"),
    });
    let words = format!("{name}: {}", done.collect::<Vec<_>>().join(", "));
    Ok(State { words, missing })
}

/// Gives up what `wish` says: nothing here, which is told.
#[cfg(not(target_os = "linux"))]
pub fn engage(wish: Wish, _: &Needs, _: Option<Identity>) -> Result<State, GuardError> {
    let missing = vec!["sandbox on this system"];
    match wish {
        Wish::Strict => Err(GuardError::Missing { missing }),
        Wish::Best => Ok(State { words: "best: none on this system".to_owned(), missing }),
        Wish::Off => Ok(State::off()),
    }
}
