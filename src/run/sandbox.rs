//! Outputs first, then rights are given up: what read and live share; and `ipeek sandbox-check`.

use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use super::outcome::{complain, fail, print};
use super::outputs::Files;
use super::screen::Seat;
use super::signals::Signals;
use crate::base::place::folder_of;
use crate::capture::save::{Inputs, Rules};
use crate::cli::{Format, Sandbox, Shared};
use crate::exit::Exit;
use crate::guard::{self, Identity, Needs, State, Wish};

/// What a run reads from: nothing where it captures from interfaces.
#[derive(Debug, Default)]
pub struct Reading<'a> {
    /// Files, which may be read again.
    pub files: &'a [PathBuf],
    /// Folders in which a file may appear that is to be read.
    pub watched: Vec<PathBuf>,
}

/// Reads what the dashboard needs of the user's files, opens the outputs, and gives up all rights that
/// the rest of the run can do without.
pub fn confine(
    shared: &Shared,
    format: Option<Format>,
    reading: &Reading<'_>,
    signals: &Signals,
) -> Result<(Option<Seat>, Files, State), Exit> {
    let Reading { files: inputs, watched } = reading;
    let wish = match shared.sandbox {
        Sandbox::Strict => Wish::Strict,
        Sandbox::Best => Wish::Best,
        Sandbox::Off => Wish::Off,
    };
    let paths = [shared.json.as_deref(), shared.write.as_deref()];
    let mut folders: Vec<PathBuf> = paths.into_iter().flatten().filter_map(folder).collect();
    if format == Some(Format::Dashboard) {
        // Whoever watches may save what is seen where ipeek was started.
        folders.push(".".into());
    }
    let replaced = paths.into_iter().flatten().filter(|_| shared.force).map(Path::to_owned);
    let replaced: Vec<PathBuf> = replaced.collect();
    let identity = Some(wish).filter(|&wish| wish != Wish::Off);
    let identity = identity.and_then(|_| Identity::choose(&folders, &replaced));
    let becomes_another = identity.is_some_and(Identity::is_another);
    let seat = Seat::take(shared, format, inputs, signals, becomes_another)?;
    signals.started()?;
    let (force, haste) = (shared.force, signals.haste());
    let rules = Rules { inputs: Inputs::of(inputs), force, sync: false, haste };
    let open = signals.open_outputs();
    let files =
        Files::open(shared, format, &rules, open).map_err(|error| match signals.last() {
            // What was waited for was the reader of a FIFO.
            Some(number) => Exit::Signal(number),
            None => fail(&error),
        })?;
    if let Some(Identity { uid, gid }) = identity {
        files.give_to(uid, gid).map_err(|error| fail(&error))?;
    }
    folders.extend(seat.as_ref().and_then(Seat::state_folder));
    // Without files it is interfaces that are captured from.
    let needs = Needs {
        inputs: inputs.to_vec(),
        watched: watched.clone(),
        folders,
        interfaces: inputs.is_empty(),
    };
    match guard::engage(wish, &needs, identity) {
        Ok(state) => Ok((seat, files, state)),
        Err(error) => {
            complain(&error);
            Err(Exit::Cannot)
        }
    }
}

/// The folder in which an output is made; nothing for standard output, devices and FIFOs.
fn folder(path: &Path) -> Option<PathBuf> {
    let kind = std::fs::metadata(path).map(|about| about.file_type());
    let is_stream = kind.is_ok_and(|kind| kind.is_char_device() || kind.is_fifo());
    if path.as_os_str() == "-" || is_stream {
        return None;
    }
    Some(folder_of(path).to_owned())
}

/// Confines this process as `ipeek read` would, then tries what must be refused.
#[cfg(target_os = "linux")]
pub fn check() -> Exit {
    use std::fmt::Write;

    use crate::guard::trial::{TRIALS, Witness};

    let confined = Witness::new().map_err(|error| error.to_string()).and_then(|witness| {
        let state = guard::engage(Wish::Best, &Needs::default(), Identity::choose(&[], &[]));
        Ok((witness, state.map_err(|error| error.to_string())?))
    });
    let (mut witness, state) = match confined {
        Ok(both) => both,
        Err(error) => {
            complain(&error);
            return Exit::Cannot;
        }
    };
    let mut text = format!("sandbox {}\n", state.words);
    let mut refused = 0;
    for trial in &TRIALS {
        let line = match trial.run(&mut witness) {
            Ok(error) => {
                refused += 1;
                format!("refused  {}: {error}\n", trial.name)
            }
            Err(outcome) => format!("ALLOWED  {}: {outcome}\n", trial.name),
        };
        text.push_str(&line);
    }
    let _ = writeln!(text, "{refused} of {} refused", TRIALS.len());
    match print(text.as_bytes()) {
        Exit::Done if refused < TRIALS.len() => Exit::Cannot,
        exit => exit,
    }
}

/// There is no sandbox to try.
#[cfg(not(target_os = "linux"))]
pub fn check() -> Exit {
    complain(&"there is a sandbox on Linux only");
    Exit::Cannot
}
