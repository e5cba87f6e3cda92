//! Which rights a process gives up, which it still needs, and how far it is confined.

/// How much is to be given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SandboxMode {
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
pub struct Confinement {
    /// `strict`, `best` or `off`, then what is given up and what could not be.
    pub words: String,
    /// What could not be given up, as it is said: `still root`, `no landlock`.
    pub missing: Vec<&'static str>,
}

/// A system that cannot do what `--sandbox strict` demands.
#[derive(Debug, thiserror::Error)]
pub enum GuardError {
    /// A layer that this kernel does not have, or refused.
    #[error("sandbox: {}; hint: --sandbox best goes on without", missing.join(", "))]
    Missing {
        /// What could not be given up.
        missing: Vec<&'static str>,
    },
}

impl Confinement {
    /// What [`Confinement::brief`] says when nothing is missing.
    pub const WHOLE: &str = "sandboxed";

    /// The confinement in a few words; the first say how far it goes.
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
pub(super) type Outcome = Result<String, &'static str>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_whole_is_called_sandboxed() {
        let state = |words: &str, missing: &[&'static str]| Confinement {
            words: words.to_owned(),
            missing: missing.to_vec(),
        };
        for (state, brief) in [
            (Confinement::off(), "no sandbox"),
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
