//! `--after` and `--before`: points in time as people write them, and packets held against them.

use std::sync::{Arc, OnceLock};

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use super::early_exit::EarlyExit;
use crate::base::timestamp::{TimeDelta, Timestamp};
use crate::capture::{Batch, CaptureError, Fill, ReadAt, ReadNumbers, Source};
use crate::cli::ReadArgs;
use crate::report::time::TimeFormat;

/// A point in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PointInTime {
    /// That time.
    At(Timestamp),
    /// So long after the first packet.
    Since(TimeDelta),
    /// A time on the day of the first packet.
    OfDay(Time, TimeZone),
}

/// How to write a point in time: the hint of an error.
const FORMS: &str = "2026-01-31T12:00:00Z, '2026-01-31 12:00', 12:00:30, 1769860800.5 or +90s";

impl PointInTime {
    /// Reads a point in time; what has no zone is in `zone`.
    pub fn parse(text: &str, zone: &TimeZone) -> Option<Self> {
        if let Some(span) = text.strip_prefix('+') {
            return span_of(span).map(Self::Since);
        }
        if let Ok(stamp) = text.parse::<jiff::Timestamp>() {
            return Timestamp::from_wide(stamp.as_nanosecond()).map(Self::At);
        }
        if let Some(nanos) = decimal(text, NANOS) {
            return Timestamp::from_nanos(nanos).map(Self::At);
        }
        if let Ok(time) = text.parse::<Time>() {
            return Some(Self::OfDay(time, zone.clone()));
        }
        let civil = text.parse::<DateTime>().ok();
        let civil = civil.or_else(|| Some(text.parse::<Date>().ok()?.at(0, 0, 0, 0)))?;
        time_of(civil, zone).map(Self::At)
    }

    /// The point in time in a capture that begins at `first`.
    pub fn resolve(&self, first: Timestamp) -> Option<Timestamp> {
        match self {
            Self::At(time) => Some(*time),
            Self::Since(delta) => first.checked_add(*delta),
            Self::OfDay(time, zone) => {
                time_of(zone.to_datetime(first.into()).date().to_datetime(*time), zone)
            }
        }
    }
}

fn time_of(civil: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    Timestamp::from_wide(zone.to_timestamp(civil).ok()?.as_nanosecond())
}

/// Nanoseconds in a second.
const NANOS: i64 = 1_000_000_000;

/// The span `90`, `1.5s`, `10m`, `2h` or `1d`.
fn span_of(text: &str) -> Option<TimeDelta> {
    let units = [
        ("ms", NANOS / 1000),
        ("s", NANOS),
        ("m", 60 * NANOS),
        ("h", 3600 * NANOS),
        ("d", 86_400 * NANOS),
    ];
    let unit = units.iter().find_map(|(name, unit)| Some((text.strip_suffix(name)?, *unit)));
    let (number, unit) = unit.unwrap_or((text, NANOS));
    decimal(number, unit).filter(|&nanos| nanos >= 0).map(TimeDelta::from_nanos)
}

/// `-12.5` times `unit`, exactly; at most nine digits behind the point.
fn decimal(text: &str, unit: i64) -> Option<i64> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |part: &str| part.bytes().all(|c| c.is_ascii_digit());
    if whole.is_empty() || fraction.len() > 9 || !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let fraction: i128 = format!("{fraction:0<9}").parse().ok()?;
    let whole: i128 = whole.parse().ok()?;
    let nanos = whole.checked_mul(i128::from(NANOS))?.checked_add(fraction)?;
    let nanos = nanos.checked_mul(i128::from(unit))? / i128::from(NANOS);
    i64::try_from(sign * nanos).ok()
}

/// The time between `--after` and `--before`: the first counts, the second does not.
#[derive(Debug, Clone)]
pub struct TimeWindow {
    after: Option<PointInTime>,
    before: Option<PointInTime>,
    first: Arc<OnceLock<Timestamp>>,
}

impl TimeWindow {
    /// The window that `args` ask for, if they ask for one.
    ///
    /// # Errors
    /// What was written is no time.
    pub fn of(args: &ReadArgs) -> Result<Option<Self>, EarlyExit> {
        let zone = match args.shared.time {
            Some(TimeFormat::Local) => TimeZone::system(),
            _ => TimeZone::UTC,
        };
        let read = |option: &str, text: &Option<String>| {
            let Some(text) = text else { return Ok(None) };
            PointInTime::parse(text, &zone).map(Some).ok_or_else(|| {
                EarlyExit::usage(&format!("--{option} '{text}' is no time; hint: such as {FORMS}"))
            })
        };
        let (after, before) = (read("after", &args.after)?, read("before", &args.before)?);
        let is_any = after.is_some() || before.is_some();
        Ok(is_any.then(|| Self { after, before, first: Arc::default() }))
    }

    /// `source`, which gives the window the time of its first packet.
    pub fn watch(&self, source: Box<dyn Source>) -> Box<dyn Source> {
        Box::new(Watched { source, first: Arc::clone(&self.first) })
    }

    /// Whether a packet of that time lies within; packets without a time do not.
    pub fn holds(&self, time: Option<Timestamp>) -> bool {
        let (Some(time), Some(&first)) = (time, self.first.get()) else { return false };
        let at = |point: &PointInTime| point.resolve(first);
        self.after.as_ref().is_none_or(|after| at(after).is_some_and(|after| time >= after))
            && self.before.as_ref().is_none_or(|before| at(before).is_none_or(|end| time < end))
    }
}

/// A source that notes the first packet that has a time, before anyone decodes it.
struct Watched {
    source: Box<dyn Source>,
    first: Arc<OnceLock<Timestamp>>,
}

impl Source for Watched {
    fn fill(&mut self, batch: &mut Batch) -> Result<Fill, CaptureError> {
        let filled = self.source.fill(batch);
        if self.first.get().is_none()
            && let Some(first) = batch.records.iter().find_map(|record| record.time)
        {
            let _ = self.first.set(first);
        }
        filled
    }

    fn progress(&self) -> Option<(u64, u64)> {
        self.source.progress()
    }

    fn again(&self) -> Option<Arc<dyn ReadAt>> {
        self.source.again()
    }

    fn merged(&self) -> Option<Box<dyn ReadNumbers>> {
        self.source.merged()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_in_time_as_people_write_them() {
        let berlin = TimeZone::fixed(jiff::tz::offset(1));
        let first: i64 = 1_436_720_898_354_402_000; // 2015-07-12T17:08:18.354402Z
        for (text, nanos) in [
            ("2015-07-12T17:08:18.354402Z", 1_436_720_898_354_402_000),
            ("2015-07-12T18:08:18+01:00", 1_436_720_898_000_000_000),
            ("2015-07-12 18:08:18", 1_436_720_898_000_000_000),
            ("2015-07-12T18:08", 1_436_720_880_000_000_000),
            ("2015-07-12", 1_436_655_600_000_000_000),
            ("18:08:18.5", 1_436_720_898_500_000_000),
            ("18:08", 1_436_720_880_000_000_000),
            ("1436720898.000000001", 1_436_720_898_000_000_001),
            ("-1.5", -1_500_000_000),
            ("+0", first),
            ("+1.5", first + 1_500_000_000),
            ("+90s", first + 90 * NANOS),
            ("+10m", first + 600 * NANOS),
            ("+250ms", first + NANOS / 4),
        ] {
            let point = PointInTime::parse(text, &berlin);
            let first = Timestamp::from_nanos(first).unwrap();
            let at = point.and_then(|point| point.resolve(first));
            assert_eq!(at.map(Timestamp::nanos), Some(nanos), "{text}");
        }
        // Whole seconds that 128 bits hold as nanoseconds, with no room for the fraction.
        let long = "170141183460469231731687303715.9";
        for text in ["", "+", "+-1", "yesterday", "2015-13-01", "1.0000000001", "+5y", "1e9", long]
        {
            assert_eq!(PointInTime::parse(text, &berlin), None, "{text}");
        }
    }
}
