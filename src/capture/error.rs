//! What can go wrong between a device or file and a batch.

use std::path::PathBuf;

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
    /// An output that must not be made, such as one that would overwrite the input.
    #[error("{}: {reason}", safe_path(path))]
    Refused {
        /// What was to be written.
        path: PathBuf,
        /// Why it is refused.
        reason: String,
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
