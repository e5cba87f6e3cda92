//! INT, TERM, HUP and QUIT: noticed, never acted on where they strike.
//!
//! The first ends the run on its one path.  A second INT forces the end, but only when it comes
//! later (`AGAIN`): `timeout` sends two within microseconds, and a terminal sends one to every
//! process of a group that a shell then sends again.  Even then outputs are closed first.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGXFSZ};
use signal_hook::iterator;
use signal_hook::{flag, low_level};

use super::early_exit::EarlyExit;
use super::open_outputs::OpenOutputs;
use crate::base::threads;
use crate::capture::save::Shutdown;
use crate::dashboard::SignalEvent;
use crate::exit::Exit;

/// The signals that end a run.
const ENDS: [i32; 4] = [SIGINT, SIGTERM, SIGHUP, SIGQUIT];

/// An INT that comes at least so long after the first signal forces the end.
const AGAIN: Duration = Duration::from_millis(500);

/// What closing the outputs may take when the end is forced.
const LAST: Duration = Duration::from_millis(80);

/// What a run is for: its end by a signal has a status of its own in each case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Of files: a signal cuts it short.
    Reading,
    /// Of interfaces: a signal is its normal end.
    Sniffing,
}

impl Purpose {
    /// The status of a run that the signal `number` ends.
    fn status(self, number: u8) -> Exit {
        match self {
            Self::Reading => Exit::Signal(number),
            Self::Sniffing => Exit::Done,
        }
    }
}

/// The signals that came.
#[derive(Debug, Clone)]
pub struct Signals {
    purpose: Purpose,
    last: Arc<AtomicUsize>,
    shutdown: Shutdown,
    /// Whether nothing is open yet that would have to be closed.
    is_starting: Arc<AtomicBool>,
    open: OpenOutputs,
}

impl Signals {
    /// Notices signals from now on.  An ignored HUP stays ignored: that is what nohup is for.
    ///
    /// Until [`Signals::started`] they end the process where it stands, since what is done until
    /// then may take long and has nothing to lose.  A dashboard gets an event for each, of job
    /// control too.
    ///
    /// # Errors
    /// The system refuses a handler.
    pub fn notice(purpose: Purpose, is_dashboard: bool) -> Result<(Self, SignalEvents), EarlyExit> {
        Self::register(purpose, is_dashboard).map_err(EarlyExit::cannot)
    }

    fn register(purpose: Purpose, is_dashboard: bool) -> std::io::Result<(Self, SignalEvents)> {
        let is_begun = Arc::new(AtomicBool::new(false));
        let signals = Self {
            purpose,
            last: Arc::default(),
            shutdown: Arc::clone(&is_begun).into(),
            is_starting: Arc::new(AtomicBool::new(true)),
            open: OpenOutputs::default(),
        };
        let ends: Vec<i32> =
            ENDS.into_iter().filter(|&end| end != SIGHUP || !is_ignored(end)).collect();
        for &number in &ends {
            let status = purpose.status(u8::try_from(number).unwrap_or(0));
            let is_starting = Arc::clone(&signals.is_starting);
            flag::register_conditional_shutdown(number, status.code().into(), is_starting)?;
            let value = usize::try_from(number).unwrap_or(0);
            flag::register_usize(number, Arc::clone(&signals.last), value)?;
            flag::register(number, Arc::clone(&is_begun))?;
        }
        tell_of_file_limits()?;
        let job_control: &[i32] = if is_dashboard { &[SIGTSTP, SIGCONT] } else { &[] };
        let signal_events = SignalEvents {
            signals: iterator::Signals::new(ends.iter().chain(job_control))?,
            asked: Asked::default(),
            open: signals.open.clone(),
        };
        Ok((signals, signal_events))
    }

    /// From now on a signal is noticed, and the run polls for it.
    ///
    /// # Errors
    /// One came before.
    pub fn started(&self) -> Result<(), EarlyExit> {
        self.is_starting.store(false, Ordering::SeqCst);
        self.status().map_or(Ok(()), |exit| Err(exit.into()))
    }

    /// Does something that must be undone, and is over soon: a signal waits for its end.
    ///
    /// # Errors
    /// One came.
    pub fn held<T>(&self, what: impl FnOnce() -> T) -> Result<T, EarlyExit> {
        let was_starting = self.is_starting.swap(false, Ordering::SeqCst);
        let done = what();
        self.started()?;
        self.is_starting.store(was_starting, Ordering::SeqCst);
        Ok(done)
    }

    /// The number of the last signal, if any came.
    pub fn last(&self) -> Option<u8> {
        u8::try_from(self.last.load(Ordering::Relaxed)).ok().filter(|&number| number != 0)
    }

    /// The status of a run that the last signal ends, if any came.
    pub fn status(&self) -> Option<Exit> {
        self.last().map(|number| self.purpose.status(number))
    }

    /// What the first of them begins.
    pub fn shutdown(&self) -> Shutdown {
        self.shutdown.clone()
    }

    /// Outputs to be closed when the end is forced.
    pub fn open_outputs(&self) -> &OpenOutputs {
        &self.open
    }
}

/// Has INT and TERM end this process as they would by themselves, where they are ignored too: a
/// shell has what it starts in the background ignore INT.  For all that is over soon and has
/// nothing open.
pub fn end_at_once() {
    let ends = [SIGINT, SIGTERM].into_iter().try_for_each(|number| {
        flag::register_conditional_default(number, Arc::new(AtomicBool::new(true))).map(|_| ())
    });
    // Where they cannot be, they are as they were.
    let _ = ends.and_then(|()| tell_of_file_limits());
}

/// A file at its largest is then an error of a write, which is reported with its counts.
fn tell_of_file_limits() -> std::io::Result<()> {
    flag::register(SIGXFSZ, Arc::default()).map(|_| ())
}

/// When the first signal to end came.
#[derive(Debug, Default)]
struct Asked(Option<Instant>);

impl Asked {
    /// Whether a signal that comes now forces the end.
    fn is_forced(&mut self, number: i32, now: Instant) -> bool {
        let first = *self.0.get_or_insert(now);
        number == SIGINT && now.duration_since(first) >= AGAIN
    }
}

/// Signals as events, one after the other: the iterator waits for the next.
#[derive(Debug)]
pub struct SignalEvents {
    signals: iterator::Signals,
    asked: Asked,
    open: OpenOutputs,
}

impl Iterator for SignalEvents {
    type Item = SignalEvent;

    fn next(&mut self) -> Option<SignalEvent> {
        Some(match self.signals.forever().next()? {
            SIGTSTP => SignalEvent::Stop,
            SIGCONT => SignalEvent::Continue,
            number => {
                let is_forced = self.asked.is_forced(number, Instant::now());
                let number = u8::try_from(number).ok()?;
                if is_forced {
                    self.open.close(LAST, None);
                    return Some(SignalEvent::Force(number));
                }
                SignalEvent::End(number)
            }
        })
    }
}

impl SignalEvents {
    /// Waits for the end to be forced, where there is no screen to restore.
    ///
    /// To be begun when the run ends: until then the run polls for signals itself, and the system
    /// may have room for few threads.
    pub fn watch(self) {
        let wait = move || {
            for event in self {
                if let SignalEvent::Force(number) = event {
                    low_level::exit(Exit::Signal(number).code().into());
                }
            }
        };
        // Without a thread an INT is an INT, however often it comes.
        let _ = threads::spawn("signals", wait);
    }
}

/// Whether this process was started with a signal ignored, as the kernel reports.
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    u32::try_from(signal - 1).is_ok_and(|bit| mask >> bit & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interrupt_forces_only_when_it_comes_well_after_the_first_signal() {
        let began = Instant::now();
        for first in [SIGINT, SIGTERM] {
            for (number, after_ms, is_forced) in [
                (SIGINT, 0, false),
                (SIGINT, 1, false),
                (SIGINT, 499, false),
                (SIGTERM, 5000, false),
                (SIGINT, 500, true),
                (SIGINT, 5000, true),
            ] {
                let mut asked = Asked::default();
                assert!(!asked.is_forced(first, began));
                let then = began + Duration::from_millis(after_ms);
                assert_eq!(asked.is_forced(number, then), is_forced, "{number} {after_ms}");
            }
        }
    }
}
