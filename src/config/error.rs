//! What is wrong with a configuration.

use std::fmt;
use std::path::PathBuf;

use crate::base::text::{Safe, safe_path};

/// What is wrong with a configuration: where, what, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    /// The file.
    pub path: PathBuf,
    /// Its line, from 1; 0 where it cannot be read at all.
    pub line: usize,
    /// The text of that line.
    pub text: String,
    /// First character that is wrong, from 0, and how many are.
    pub at: (usize, usize),
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names in a configuration may be anything that TOML's escapes can spell.
        let (path, message) = (safe_path(&self.path), Safe(&self.message));
        if self.line == 0 {
            return write!(f, "{path}: {message}");
        }
        let (at, len) = self.at;
        write!(f, "{path}: {message} at line {}\n  {}\n  ", self.line, Safe(&self.text))?;
        write!(f, "{}{}", " ".repeat(at), "^".repeat(len.max(1)))?;
        self.hint.as_ref().map_or(Ok(()), |hint| write!(f, "\nhint: {}", Safe(hint)))
    }
}

/// What an option's value is wrong about, with a hint.
pub type Wrong = (String, Option<String>);
