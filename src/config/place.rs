//! Where the configuration and what is remembered stand: the XDG base directories, and macOS's own.

use std::fs;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

/// Lines that are read of a history, the newest.
const LINES: usize = 200;

/// Octets that are read of it: nobody writes filters that long.
const MOST_OCTETS: u64 = 1 << 20;

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

/// Lines that were used, filters or captures, in a file that stays open: its place may be out of
/// reach later on.
#[derive(Debug)]
pub struct History {
    file: fs::File,
}

impl History {
    /// In the file at `path`, for its owner's eyes alone; made where there is none.
    ///
    /// # Errors
    /// The system refuses.
    pub fn open(path: &Path) -> std::io::Result<Self> {
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory)?;
        }
        let mut options = fs::OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::custom_flags(
            &mut options,
            nix::fcntl::OFlag::O_NONBLOCK.bits(),
        );
        let file = options.open(path)?;
        if !file.metadata()?.is_file() {
            return Err(std::io::Error::other("is no regular file"));
        }
        Ok(Self { file })
    }

    /// The filters, oldest first; none where they cannot be read.
    pub fn read(&self) -> Vec<String> {
        let mut text = Vec::new();
        // What cannot be read is not remembered.
        let _ = (&self.file).take(MOST_OCTETS).read_to_end(&mut text);
        let lines: Vec<String> =
            String::from_utf8_lossy(&text).lines().map(str::to_owned).collect();
        let surplus = lines.len().saturating_sub(LINES);
        lines.into_iter().skip(surplus).collect()
    }

    /// Writes the filters in place of those that were there.
    ///
    /// # Errors
    /// The system refuses.
    pub fn write(&self, filters: &[String]) -> std::io::Result<()> {
        let mut text = filters.join("\n");
        text.push('\n');
        let mut file = &self.file;
        file.seek(SeekFrom::Start(0))?;
        file.write_all(text.as_bytes())?;
        file.set_len(text.len() as u64)
    }
}
