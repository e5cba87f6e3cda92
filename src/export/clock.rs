//! How times are written, and where relative ones begin.

use std::sync::{Arc, OnceLock};

use jiff::tz::TimeZone;

use crate::base::timestamp::Timestamp;
use crate::capture::file::Again;
use crate::capture::{Batch, CaptureError, Fill, Record, Source};
use crate::report::words;

/// How times are written.
#[derive(Debug, Clone)]
pub enum Clock {
    /// Seconds since the first packet of the capture.
    Relative(Start),
    /// Date and time in UTC.
    Utc,
    /// Date and time in a zone.
    Local(TimeZone),
    /// Seconds since 1970.
    Epoch,
}

/// The time of the first packet of the capture, known once that is read.
#[derive(Debug, Clone, Default)]
pub struct Start(Arc<OnceLock<i64>>);

impl Start {
    /// Says when the capture starts, unless it is known.
    pub fn set(&self, nanos: i64) {
        // Who comes later agrees with who came first.
        let _ = self.0.set(nanos);
    }

    /// When the capture starts.
    pub fn get(&self) -> Option<i64> {
        self.0.get().copied()
    }
}

/// A source that notes when its capture starts: packets are rendered side by side, so that who
/// renders one need not have seen the first.
pub struct Started {
    source: Box<dyn Source>,
    start: Start,
}

impl std::fmt::Debug for Started {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Started").field(&self.start).finish()
    }
}

impl Started {
    /// Notes in `start` when the capture of `source` starts.
    pub fn new(source: Box<dyn Source>, start: Start) -> Self {
        Self { source, start }
    }
}

impl Source for Started {
    fn fill(&mut self, batch: &mut Batch) -> Result<Fill, CaptureError> {
        let filled = self.source.fill(batch)?;
        if self.start.get().is_none()
            && let Some(first) = batch.records.iter().find(|record| record.time != Record::NO_TIME)
        {
            self.start.set(first.time);
        }
        Ok(filled)
    }

    fn progress(&self) -> Option<(u64, u64)> {
        self.source.progress()
    }

    fn again(&self) -> Option<Again> {
        self.source.again()
    }
}

impl Clock {
    /// Appends `time`, in nanoseconds since 1970, with so many digits of a second; `-` for none.
    pub fn write(&self, out: &mut String, time: Option<i64>, digits: usize) {
        let Some(nanos) = time else {
            out.push('-');
            return;
        };
        match self {
            Self::Relative(start) => {
                let since = nanos.saturating_sub(start.get().unwrap_or(nanos));
                words::seconds(out, since, digits);
            }
            Self::Utc => words::time(out, Timestamp(nanos), digits, true),
            Self::Local(zone) => {
                let moment = jiff::Timestamp::from_nanosecond(nanos.into());
                let shift = moment.map_or(0, |moment| zone.to_offset(moment).seconds());
                let shifted = nanos.saturating_add(i64::from(shift).saturating_mul(1_000_000_000));
                words::time(out, Timestamp(shifted), digits, true);
            }
            Self::Epoch => words::seconds(out, nanos, digits),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_moment_in_every_way() {
        let start = Start::default();
        start.set(1_436_720_897_000_000_000);
        start.set(0);
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        for (clock, text) in [
            (Clock::Relative(start), "1.354402"),
            (Clock::Utc, "2015-07-12 17:08:18.354402"),
            (Clock::Local(zone), "2015-07-12 19:08:18.354402"),
            (Clock::Epoch, "1436720898.354402"),
        ] {
            let mut out = String::new();
            clock.write(&mut out, Some(1_436_720_898_354_402_000), 6);
            assert_eq!(out, text);
            clock.write(&mut out, None, 6);
            assert!(out.ends_with('-'));
        }
    }
}
