//! Where the configuration and what is remembered stand: the XDG base directories, and macOS's own.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Lines that are read of a history, the newest.
const LINES: usize = 200;

fn variable(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os(name).map(PathBuf::from)?;
    // The specification has relative ones ignored.
    path.is_absolute().then_some(path)
}

/// A directory of ours: below the variable's, or below a place in the home directory.
fn directory(name: &str, in_home: &str) -> Option<PathBuf> {
    let base = variable(name).or_else(|| Some(variable("HOME")?.join(in_home)))?;
    Some(base.join("ipeek"))
}

/// The file of the configuration.
pub fn file() -> Option<PathBuf> {
    let in_home = if cfg!(target_os = "macos") { "Library/Application Support" } else { ".config" };
    directory("XDG_CONFIG_HOME", in_home).map(|directory| directory.join("config.toml"))
}

/// The file of the filters that were used.
pub fn history() -> Option<PathBuf> {
    directory("XDG_STATE_HOME", ".local/state").map(|directory| directory.join("filters"))
}

/// Filters that were used, in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    path: PathBuf,
}

impl History {
    /// In the file at `path`.
    pub fn at(path: &Path) -> Self {
        Self { path: path.to_path_buf() }
    }

    /// The filters, oldest first; none where they cannot be read.
    pub fn read(&self) -> Vec<String> {
        let text = fs::read_to_string(&self.path).unwrap_or_default();
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let surplus = lines.len().saturating_sub(LINES);
        lines.into_iter().skip(surplus).collect()
    }

    /// Writes the filters for the owner's eyes alone, in place of those that were there.
    ///
    /// # Errors
    /// The system refuses.
    pub fn write(&self, filters: &[String]) -> std::io::Result<()> {
        if let Some(directory) = self.path.parent() {
            fs::create_dir_all(directory)?;
        }
        // One that is half written never takes the place of a whole one.
        let new = self.path.with_extension("new");
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&new)?;
        for filter in filters {
            writeln!(file, "{filter}")?;
        }
        drop(file);
        fs::rename(&new, &self.path)
    }
}
