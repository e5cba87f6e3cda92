//! Where the configuration and what is remembered stand: the XDG base directories, and macOS's own.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

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

/// The file of the captures that were looked at.
pub fn recent() -> Option<PathBuf> {
    directory("XDG_STATE_HOME", ".local/state").map(|directory| directory.join("captures"))
}

/// Octets of a configuration at most.
pub(super) const MOST_TEXT: u64 = 1 << 20;

/// The text of a configuration.
///
/// # Errors
/// The system refuses, it is no file (but the null device, which is an empty one), it is larger than
/// [`MOST_TEXT`], or no text.
pub(super) fn text(path: &Path) -> std::io::Result<String> {
    let other = |why: &str| std::io::Error::other(why.to_owned());
    let mut options = fs::OpenOptions::new();
    options.read(true);
    // What is no file is opened without waiting for anyone, to be looked at.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        (nix::fcntl::OFlag::O_NONBLOCK | nix::fcntl::OFlag::O_NOCTTY).bits(),
    );
    let file = options.open(path)?;
    let kind = file.metadata()?.file_type();
    if kind.is_dir() {
        return Err(other("is a directory, not a configuration"));
    }
    if !kind.is_file() && path != Path::new("/dev/null") {
        return Err(other("is no regular file, as a configuration is"));
    }
    let mut octets = Vec::new();
    let read = file.take(MOST_TEXT + 1).read_to_end(&mut octets)?;
    if read as u64 > MOST_TEXT {
        return Err(other("is larger than the 1 MiB of a configuration"));
    }
    String::from_utf8(octets).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        other(&format!("is no text in UTF-8, from octet {at} on"))
    })
}
