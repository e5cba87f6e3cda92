//! Outputs first, then rights are given up: what read and live share.

#[cfg(target_os = "linux")]
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use super::early_exit::EarlyExit;
use super::outputs::{Files, Kept};
use super::screen::DashboardSetup;
use super::signals::Signals;
#[cfg(target_os = "linux")]
use crate::base::place::folder_of;
use crate::capture::CaptureError;
use crate::capture::save::{self, Folder, Inputs};
use crate::cli::Shared;
use crate::export::Export;
#[cfg(target_os = "linux")]
use crate::guard::broker::{Broker, May, Names};
use crate::guard::{self, Confinement, Identity, Needs, SandboxMode};

/// What a run goes on with.
pub struct Confined {
    /// What the dashboard knows of the user and the terminal, where there is one.
    pub setup: Option<DashboardSetup>,
    /// The outputs, open.
    pub files: Files,
    /// What creates the files that packets are saved to from the dashboard.
    pub saves: Folder,
    /// What was given up.
    pub state: Confinement,
}

/// Reads what the dashboard needs of the user's files, opens the outputs, and gives up all rights
/// that the rest of the run can do without.  Of the inputs no octet is read yet.
///
/// # Errors
/// The configuration is wrong, an output cannot be opened, rights cannot be given up that are to
/// be, or a signal came.
pub fn confine(
    shared: &Shared,
    format: Option<&'static Export>,
    inputs: &[PathBuf],
    needs: &Needs,
    signals: &Signals,
) -> Result<Confined, EarlyExit> {
    let mode = shared.sandbox;
    let setup = DashboardSetup::read(shared, format, inputs, signals, mode != SandboxMode::Off)?;
    signals.started()?;
    let folder = |path: &Path, kept| output_folder(mode, path, kept, shared.force);
    let (inputs, shutdown) = (Inputs::of(inputs), signals.shutdown());
    let files = Files::open(shared, format, &inputs, &shutdown, signals.open_outputs(), &folder);
    // Where a signal came, what was waited for was the reader of a FIFO.
    let files =
        files.map_err(|error| signals.status().map_or_else(|| error.into(), EarlyExit::from))?;
    let saves = match setup {
        Some(_) => saves(mode),
        None => Folder::default(),
    };
    let state =
        guard::engage(mode, needs, Identity::choose(&[], &[])).map_err(EarlyExit::cannot)?;
    Ok(Confined { setup, files, saves, state })
}

/// What opens the files that take the name of one that is followed.
#[cfg(target_os = "linux")]
pub(super) fn followed_folder(mode: SandboxMode, path: &Path) -> Result<Folder, CaptureError> {
    let is_file = std::fs::metadata(path).is_ok_and(|about| about.is_file());
    let Some(name) = path.file_name().filter(|_| is_file && mode != SandboxMode::Off) else {
        return Ok(Folder::Any);
    };
    let folder = folder_of(path);
    let broker = Broker::start(folder, Names::One(name.to_owned()), May::Read)
        .map_err(|error| CaptureError::File { path: path.to_owned(), error })?;
    Ok(Folder::Brokered(broker, vec![folder.to_owned()]))
}

/// There is no sandbox to reach out of.
#[cfg(not(target_os = "linux"))]
pub(super) fn followed_folder(_: SandboxMode, _: &Path) -> Result<Folder, CaptureError> {
    Ok(Folder::Any)
}

/// What creates the files of the output `path`: what is no stream has a broker, if rights are given
/// up.
#[cfg(target_os = "linux")]
fn output_folder(
    mode: SandboxMode,
    path: &Path,
    kept: Kept,
    force: bool,
) -> Result<Folder, CaptureError> {
    let kind = std::fs::metadata(path).map(|about| about.file_type());
    let is_stream = kind.is_ok_and(|kind| kind.is_char_device() || kind.is_fifo());
    if kept == Kept::Tables && mode != SandboxMode::Off {
        let may = if force { May::Replace } else { May::Make };
        return match Broker::start(path, Names::Tables, may) {
            Ok(broker) => Ok(Folder::Brokered(broker, vec![path.to_owned()])),
            Err(error) => Err(CaptureError::Output { path: path.to_owned(), error }),
        };
    }
    let is_file = !is_stream && path.as_os_str() != "-";
    let Some(name) = path.file_name().filter(|_| is_file && mode != SandboxMode::Off) else {
        return Ok(Folder::Any);
    };
    let names = match kept {
        Kept::One | Kept::Tables => Names::One(name.to_owned()),
        Kept::Series => {
            let (head, ending) = save::around_number(path);
            Names::Series(head, ending)
        }
    };
    let folder = folder_of(path);
    let may = if force { May::Replace } else { May::Make };
    match Broker::start(folder, names, may) {
        Ok(broker) => Ok(Folder::Brokered(broker, vec![folder.to_owned()])),
        // One new file is made while there still are rights, and its name is then left alone.
        Err(_) if kept == Kept::One && mode == SandboxMode::Best && is_new(path) => Ok(Folder::Any),
        Err(error) => Err(CaptureError::Output { path: path.to_owned(), error }),
    }
}

/// Whether nothing is at `path`.
#[cfg(target_os = "linux")]
fn is_new(path: &Path) -> bool {
    let about = std::fs::symlink_metadata(path);
    about.is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
}

/// What creates the files that are saved from the dashboard: a broker in the folder it is started
/// in.  Where none can be started nothing can be saved, which is no reason not to look at packets.
#[cfg(target_os = "linux")]
pub(super) fn saves(mode: SandboxMode) -> Folder {
    if mode == SandboxMode::Off {
        return Folder::Any;
    }
    let here = Path::new(".");
    let folders = [Some(here.to_owned()), std::env::current_dir().ok()];
    Broker::start(here, Names::Captures, May::Make).map_or(Folder::Any, |broker| {
        Folder::Brokered(broker, folders.into_iter().flatten().collect())
    })
}

/// There is no sandbox to reach out of.
#[cfg(not(target_os = "linux"))]
fn output_folder(_: SandboxMode, _: &Path, _: Kept, _: bool) -> Result<Folder, CaptureError> {
    Ok(Folder::Any)
}

/// There is no sandbox to reach out of.
#[cfg(not(target_os = "linux"))]
pub(super) fn saves(_: SandboxMode) -> Folder {
    Folder::Any
}
