//! What an output has to respect.

use super::folder::Folder;
use super::identity::Inputs;
use super::stream::Shutdown;

/// What an output has to respect; by default it is a new file, or a FIFO whose reader is waited
/// for.
#[derive(Debug, Default)]
pub struct Rules {
    /// What it must not be.
    pub inputs: Inputs,
    /// Whether it may take the place of a file that exists.
    pub force: bool,
    /// Whether it is to be on the disk when it is said to be saved, even where it replaces nothing.
    pub sync: bool,
    /// Whether a new file has its name only once it is whole.
    pub named_when_whole: bool,
    /// Whether readers are still waited for.
    pub shutdown: Shutdown,
    /// What creates it, if it is a file: this process or a broker.
    pub folder: Folder,
}
