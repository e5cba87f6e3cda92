//! INT, TERM and HUP: noticed, never acted on where they strike.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};

/// The last signal that came.
#[derive(Debug, Clone)]
pub struct Signals(Arc<AtomicUsize>);

impl Signals {
    /// Notices signals from now on.  An ignored HUP stays ignored: that is what nohup is for.
    pub fn notice() -> std::io::Result<Self> {
        let last = Arc::new(AtomicUsize::new(0));
        for number in [SIGINT, SIGTERM, SIGHUP] {
            if number == SIGHUP && is_ignored(number) {
                continue;
            }
            let value = usize::try_from(number).unwrap_or(0);
            signal_hook::flag::register_usize(number, Arc::clone(&last), value)?;
        }
        // A file at its largest is then an error of a write, which is told with its counts.
        signal_hook::flag::register(SIGXFSZ, Arc::default())?;
        Ok(Self(last))
    }

    /// The number of the last signal, if any came.
    pub fn last(&self) -> Option<u8> {
        u8::try_from(self.0.load(Ordering::Relaxed)).ok().filter(|&number| number != 0)
    }
}

/// Whether this process was started with a signal ignored, as the kernel tells it.
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    u32::try_from(signal - 1).is_ok_and(|bit| mask >> bit & 1 == 1)
}
