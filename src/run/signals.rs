//! INT, TERM, HUP and QUIT: noticed, never acted on where they strike.  A second INT forces the end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGXFSZ};
use signal_hook::flag;
use signal_hook::iterator;

use super::outcome::complain;
use crate::capture::save::Haste;
use crate::dashboard::Told;
use crate::exit::Exit;

/// The signals that end a run.
const ENDS: [i32; 4] = [SIGINT, SIGTERM, SIGHUP, SIGQUIT];

/// The signals that came.
#[derive(Debug, Clone, Default)]
pub struct Signals {
    last: Arc<AtomicUsize>,
    haste: Arc<AtomicBool>,
}

impl Signals {
    /// Notices signals from now on.  An ignored HUP stays ignored: that is what nohup is for.
    ///
    /// A dashboard is told of each, of job control too, and sees to the terminal itself when a second
    /// INT comes.
    pub fn notice(is_dashboard: bool) -> Result<(Self, Option<ToldBySignals>), Exit> {
        Self::register(is_dashboard).map_err(|error| {
            complain(&error);
            Exit::Cannot
        })
    }

    fn register(is_dashboard: bool) -> std::io::Result<(Self, Option<ToldBySignals>)> {
        let signals = Self::default();
        let ends: Vec<i32> =
            ENDS.into_iter().filter(|&end| end != SIGHUP || !is_ignored(end)).collect();
        for &number in &ends {
            let value = usize::try_from(number).unwrap_or(0);
            flag::register_usize(number, Arc::clone(&signals.last), value)?;
            flag::register(number, Arc::clone(&signals.haste))?;
        }
        // A file at its largest is then an error of a write, which is told with its counts.
        flag::register(SIGXFSZ, Arc::default())?;
        if is_dashboard {
            let wanted = ends.iter().chain(&[SIGTSTP, SIGCONT]);
            return Ok((signals, Some(ToldBySignals(iterator::Signals::new(wanted)?))));
        }
        let is_second = Arc::new(AtomicBool::new(false));
        let status = Exit::Signal(u8::try_from(SIGINT).unwrap_or(0)).code();
        // In this order: the first INT finds the flag down and puts it up.
        flag::register_conditional_shutdown(SIGINT, status.into(), Arc::clone(&is_second))?;
        flag::register(SIGINT, is_second)?;
        Ok((signals, None))
    }

    /// The number of the last signal, if any came.
    pub fn last(&self) -> Option<u8> {
        u8::try_from(self.last.load(Ordering::Relaxed)).ok().filter(|&number| number != 0)
    }

    /// What the first of them begins.
    pub fn haste(&self) -> Haste {
        Arc::clone(&self.haste).into()
    }
}

/// What signals tell a dashboard, one after the other: waits for the next.
#[derive(Debug)]
pub struct ToldBySignals(iterator::Signals);

impl Iterator for ToldBySignals {
    type Item = Told;

    fn next(&mut self) -> Option<Told> {
        Some(match self.0.forever().next()? {
            SIGTSTP => Told::Stop,
            SIGCONT => Told::GoOn,
            number => Told::End(u8::try_from(number).ok()?),
        })
    }
}

/// Whether this process was started with a signal ignored, as the kernel tells it.
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    u32::try_from(signal - 1).is_ok_and(|bit| mask >> bit & 1 == 1)
}
