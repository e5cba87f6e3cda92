//! What can go wrong between a device or file and a batch.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::base::text::{Safe, safe_path};

/// A capture that stops making sense at some octet.  What came before it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The input it was found in.
    pub path: PathBuf,
    /// Octet offset of the damaged record in the (uncompressed) input.
    pub offset: u64,
    /// Number the damaged record would have had in that input, from 1.
    pub record: u64,
    /// What is wrong, in words, with the numbers that show it.
    pub reason: String,
}

/// `captures/a.pcap: record of 96 octets ends past the file: 40 left, at octet 1024, record 7`.
impl std::fmt::Display for Damage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { path, offset, record, reason } = self;
        write!(f, "{}: {}, at octet {offset}, record {record}", safe_path(path), Safe(reason))
    }
}

impl CaptureError {
    /// What a file is instead of a capture.
    pub(super) fn not_a_capture(path: &Path, reason: &str) -> Self {
        Self::NotACapture { path: path.to_owned(), reason: reason.to_owned() }
    }

    /// What went wrong with an interface, without its name.
    pub fn reason(&self) -> String {
        match self {
            Self::Permission { reason, .. } => {
                format!("no permission to capture: {}", Safe(reason))
            }
            Self::Interface { interface, reason } => {
                let named = reason.strip_prefix(interface.as_str());
                let bare = named.and_then(|rest| rest.strip_prefix(": ")).unwrap_or(reason);
                Safe(bare).to_string()
            }
            other => other.to_string(),
        }
    }
}

/// The part of an output that could be written, under a name of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Where it is.
    pub path: PathBuf,
    /// Packets or lines in it.
    pub count: u64,
    /// What one of them is called.
    pub unit: &'static str,
}

/// `; a.pcap is as it was, and a.pcap.7.0.new has 5 packets`, or nothing.
fn left(path: &std::path::Path, part: Option<&Part>) -> String {
    let Some(Part { path: part, count, unit }) = part else { return String::new() };
    let plural = if *count == 1 { "" } else { "s" };
    let (path, part) = (safe_path(path), safe_path(part));
    format!("; {path} is as it was, and {part} has {count} {unit}{plural}")
}

/// `; a.pcap is as it was` and what the part has, or `; it is as it was`.
fn stays(path: &std::path::Path, part: Option<&Part>) -> String {
    if part.is_some() { left(path, part) } else { "; it is as it was".to_owned() }
}

/// Why what a run made does not take the place of an older file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortfall {
    /// No packet came before the end, which was none of the input's.
    Empty,
    /// The input failed, or the machine.
    Failed,
    /// Another output could not go on.
    CutShort,
}

/// What is said of the run.
impl std::fmt::Display for Shortfall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Empty => "no packet came",
            Self::Failed => "the run failed before its end",
            Self::CutShort => "another output ended the run before its end",
        })
    }
}

/// Why a source could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// The operating system refused to open or read a file.
    #[error("{}: {error}", safe_path(path))]
    File {
        /// What was to be read.
        path: PathBuf,
        /// Why it could not be.
        error: std::io::Error,
    },
    /// The operating system refused to read on.
    #[error("{0}")]
    Unread(Damage),
    /// The first octets are those of no capture format that ipeek reads.
    #[error("{}: {reason}", safe_path(path))]
    NotACapture {
        /// What was to be read.
        path: PathBuf,
        /// What it looks like, and what to do about it.
        reason: String,
    },
    /// An output could not be written.
    #[error("{}: {error}", safe_path(path))]
    Output {
        /// What was to be written.
        path: PathBuf,
        /// Why it could not be.
        error: std::io::Error,
    },
    /// An output that was to take the place of an older file, which stays.
    #[error("{}: {error}{}", safe_path(path), left(path, Some(part)))]
    Unplaced {
        /// What was to be written.
        path: PathBuf,
        /// Why it could not be.
        error: std::io::Error,
        /// What could be.
        part: Part,
    },
    /// An older file that stays, since the run did not come to its end.
    #[error("{}: {why}{}", safe_path(path), stays(path, part.as_ref()))]
    Short {
        /// What was to be written.
        path: PathBuf,
        /// What became of the run.
        why: Shortfall,
        /// What was written, if it holds a packet.
        part: Option<Part>,
    },
    /// A capture that could not be written to its end.  The counts add up to the packets it was to
    /// hold.
    #[error("{}: {error}{}; {}", safe_path(path), left(path, part.as_ref()), counts(*kept, *rotated, *lost))]
    Unsaved {
        /// What was to be written.
        path: PathBuf,
        /// Why it could not be.
        error: std::io::Error,
        /// What could be written, where it has not taken the place of an older file.
        part: Option<Part>,
        /// Packets in files that are there.
        kept: u64,
        /// Packets in files that made room for newer ones.
        rotated: u64,
        /// Packets in none.
        lost: u64,
    },
    /// A capture of which its format cannot hold all, as reported when that was found.
    #[error("{}: {reason}{}{UNFIT}", safe_path(path), left(path, part.as_ref()))]
    Unfit {
        /// What was to be written.
        path: PathBuf,
        /// What the format cannot hold.
        reason: String,
        /// What could be written, where it has not taken the place of an older file.
        part: Option<Part>,
    },
    /// A capture that was refused midway, for that or for the name of its next file, as told at its
    /// end.  The counts add up to the packets it was to hold.
    #[error("{}: {reason}{}; {}{hint}", safe_path(path), left(path, part.as_deref()), counts(*kept, *rotated, *lost))]
    Unheld {
        /// What was to be written.
        path: PathBuf,
        /// Why it is refused.
        reason: String,
        /// `; hint:` and what to do about it, or nothing.
        hint: &'static str,
        /// What could be written, where it has not taken the place of an older file.
        part: Option<Box<Part>>,
        /// Packets in files that are there.
        kept: u64,
        /// Packets in files that made room for newer ones.
        rotated: u64,
        /// Packets in none.
        lost: u64,
    },
    /// An output that must not be made, such as one that would overwrite the input.
    #[error("{}: {reason}", safe_path(path))]
    Refused {
        /// What was to be written.
        path: PathBuf,
        /// Why it is refused.
        reason: String,
    },
    /// A part of ipeek panicked.  What it had done until then stands.
    #[error("{what} panicked, which is a fault of ipeek's own; what was done until then stands")]
    Panicked {
        /// Which part.
        what: &'static str,
    },
    /// Not one thread could be made.
    #[error("{error}")]
    Thread {
        /// Why not.
        error: std::io::Error,
    },
    /// Capturing on an interface failed or ended.
    #[error("{}: {}", Safe(interface), Safe(reason))]
    Interface {
        /// Which interface.
        interface: String,
        /// What the system says.
        reason: String,
    },
    /// Opening an interface needs a right that this process has not.
    #[error("{}: no permission to capture: {}", Safe(interface), Safe(reason))]
    Permission {
        /// Which interface.
        interface: String,
        /// What the system says.
        reason: String,
    },
    /// A BPF expression that libpcap does not take.
    #[error("capture filter '{}': {}", Safe(filter), Safe(reason))]
    Bpf {
        /// The expression.
        filter: String,
        /// What libpcap says.
        reason: String,
    },
}

/// What is said of an output that ends early because what makes it panicked.
pub(super) const BROKEN: &str =
    "what makes it panicked, which is a fault of ipeek's own; what was written stands";

/// What helps where a format cannot hold a capture.
pub(super) const UNFIT: &str = "; hint: name the file .pcapng";

/// `6 packets seen = 5 kept + 1 lost`.
fn counts(kept: u64, rotated: u64, lost: u64) -> String {
    let seen = kept + rotated + lost;
    let packets = if seen == 1 { "packet" } else { "packets" };
    let rotated = if rotated == 0 { String::new() } else { format!(" + {rotated} rotated away") };
    format!("{seen} {packets} seen = {kept} kept{rotated} + {lost} lost")
}

impl CaptureError {
    /// Why an output could not be written, where the system said so.
    pub fn output(&self) -> Option<&std::io::Error> {
        match self {
            Self::Output { error, .. }
            | Self::Unsaved { error, .. }
            | Self::Unplaced { error, .. } => Some(error),
            _ => None,
        }
    }

    /// An output that ends early because what makes it panicked.
    pub fn broken(path: impl Into<PathBuf>) -> Self {
        let error = std::io::Error::other(BROKEN);
        Self::Output { path: path.into(), error }
    }

    /// An output that could not be ended: its reader is still busy with what came before.
    pub fn late() -> Self {
        let error = std::io::Error::new(ErrorKind::TimedOut, "its reader is too slow for the end");
        Self::Output { path: "one of the outputs".into(), error }
    }

    /// Whether all that is wrong is that a reader was not waited for any longer.
    pub fn is_late(&self) -> bool {
        // Of a network's file system the same comes with a number.
        self.output().is_some_and(|error| {
            error.kind() == ErrorKind::TimedOut && error.raw_os_error().is_none()
        })
    }

    /// Whether the only fault is that the reader of the output has closed it.
    pub fn is_closed_pipe(&self) -> bool {
        self.output().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
    }

    /// Whether this says more of the same output than `first` did.
    pub fn completes(&self, first: &Self) -> bool {
        matches!(
            (first, self),
            (
                Self::Output { path: first, .. }
                | Self::Unplaced { path: first, .. },
                Self::Unsaved { path, .. },
            ) | (
                Self::Unfit { path: first, .. } | Self::Refused { path: first, .. },
                Self::Unheld { path, .. },
            ) if first == path
        )
    }
}
