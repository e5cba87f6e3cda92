//! Files that are being written, closed by the code that ends the process before their run does.
//!
//! Whole records go out and the file takes its place: a run that is stuck costs what it still held,
//! and nothing that it had handed over.

use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::time::{Duration, Instant};

use super::message::complain;
use crate::base::text::safe_path;
use crate::base::threads::{self, lock, try_lock};
use crate::capture::save::Saver;
use crate::capture::{CaptureError, Shortfall};
use crate::export::output::{Output, TextFile};
use crate::export::pcap::SharedSaver;

/// Between two tries to lock an output that its run is writing to.
const LOOK: Duration = Duration::from_millis(2);

/// The files that a run writes.
#[derive(Debug, Clone, Default)]
pub struct OpenOutputs(Arc<Mutex<Vec<OpenOutput>>>);

#[derive(Debug, Clone)]
struct OpenOutput {
    path: PathBuf,
    /// Where it is until it takes the place of an older file.
    temporary: Option<PathBuf>,
    file: OpenFile,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OutputState {
    Open,
    Closed,
}

/// The sink of the run owns it: a weak link that leads nowhere means that the sink has ended it.
#[derive(Debug, Clone)]
enum OpenFile {
    Capture(Weak<Mutex<Option<Saver>>>),
    Text(Weak<Mutex<TextFile>>),
}

impl OpenOutputs {
    /// A capture, or the first file of a series.
    pub fn add_capture(&self, path: &Path, saver: &SharedSaver) {
        let temporary = lock(saver).as_ref().and_then(Saver::temporary).map(Path::to_owned);
        let file = OpenFile::Capture(Arc::downgrade(saver));
        lock(&self.0).push(OpenOutput { path: path.to_owned(), temporary, file });
    }

    /// A file of text; standard output and a FIFO have nothing to be closed.
    pub fn add_text(&self, path: &Path, output: &Output) {
        let Output::File(text) = output else { return };
        if !lock(text).is_new() {
            return;
        }
        let temporary = lock(text).temporary().map(Path::to_owned);
        let file = OpenFile::Text(Arc::downgrade(text));
        lock(&self.0).push(OpenOutput { path: path.to_owned(), temporary, file });
    }

    /// Closes what is not closed yet, and says what went wrong; whatever is stuck is not waited for
    /// any longer than that.  Of a run that did not come to its end older files stay.
    pub fn close(&self, patience: Duration, short: Option<Shortfall>) {
        let mut open = lock(&self.0).clone();
        open.retain(|output| output.state() != Some(OutputState::Closed));
        if open.is_empty() {
            return;
        }
        // Outputs that are free first: one that a stuck analyst has locked may take all the time
        // there is.
        open.sort_by_key(|output| output.state().is_none());
        let until = Instant::now() + patience;
        let (sender, closed) = channel();
        let work = move || {
            for output in &open {
                if let Err(words) = output.close(until, short) {
                    complain(&words);
                }
            }
            // After its patience the caller has dropped the other end.
            let _ = sender.send(());
        };
        if threads::spawn("closing", work).is_ok() {
            let _ = closed.recv_timeout(patience + LOOK);
        }
    }
}

impl OpenOutput {
    /// Whether it is closed; nothing while an analyst has it locked.
    fn state(&self) -> Option<OutputState> {
        let is_open = match &self.file {
            OpenFile::Capture(saver) => match saver.upgrade() {
                Some(saver) => lock_until(&saver, Instant::now())?.is_some(),
                None => false,
            },
            OpenFile::Text(text) => match text.upgrade() {
                Some(text) => lock_until(&text, Instant::now())?.is_open(),
                None => false,
            },
        };
        Some(if is_open { OutputState::Open } else { OutputState::Closed })
    }

    /// Closes it; in words, what went wrong.
    fn close(&self, until: Instant, short: Option<Shortfall>) -> Result<(), String> {
        let closed = match &self.file {
            OpenFile::Capture(saver) => saver.upgrade().map_or(Some(Ok(())), |saver| {
                let saver = lock_until(&saver, until)?.take();
                Some(saver.map_or(Ok(()), |saver| saver.close(short).map(|_| ())))
            }),
            OpenFile::Text(text) => text.upgrade().map_or(Some(Ok(())), |text| {
                let mut text = lock_until(&text, until)?;
                Some(text.close_now(short))
            }),
        };
        closed.unwrap_or_else(|| Err(CaptureError::late())).map_err(|error| match &self.temporary {
            Some(temporary) if error.is_late() => {
                let (path, part) = (safe_path(&self.path), safe_path(temporary));
                format!(
                    "{path}: could not be closed in time; it is as it was, and {part} has the rest"
                )
            }
            _ if error.is_late() => {
                format!("{}: could not be closed in time", safe_path(&self.path))
            }
            _ => error.to_string(),
        })
    }
}

/// The lock, if it can be had until then.
fn lock_until<T>(mutex: &Mutex<T>, until: Instant) -> Option<MutexGuard<'_, T>> {
    loop {
        match try_lock(mutex) {
            None if Instant::now() < until => std::thread::sleep(LOOK),
            guard => return guard,
        }
    }
}
