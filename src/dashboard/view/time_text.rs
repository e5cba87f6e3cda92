//! Times as the user wants them written.

use crate::base::timestamp::{TimeDelta, Timestamp};
use crate::report::time::TimeFormat;

/// A time of day.
const OF_DAY: &str = "%H:%M:%S%.6f";

/// A time with its date or offset, in as many columns for every packet of a capture.
pub fn full(time: Timestamp, how: TimeFormat, start: Option<Timestamp>) -> String {
    match how {
        TimeFormat::Relative => relative(time - start.unwrap_or(time), 6),
        TimeFormat::Epoch => relative(time - Timestamp::EPOCH, 6),
        TimeFormat::Utc => time.civil().strftime(OF_DAY).to_string(),
        TimeFormat::Local => {
            let zone = jiff::tz::TimeZone::system();
            jiff::Timestamp::from(time).to_zoned(zone).strftime(OF_DAY).to_string()
        }
    }
}

/// A time in few columns, for tables of flows.
pub fn short(time: Timestamp, how: TimeFormat, start: Option<Timestamp>) -> String {
    match how {
        TimeFormat::Relative => relative(time - start.unwrap_or(time), 3),
        TimeFormat::Epoch => relative(time - Timestamp::EPOCH, 3),
        TimeFormat::Utc | TimeFormat::Local => {
            full(time, how, start).get(..12).unwrap_or_default().to_owned()
        }
    }
}

/// A date and time, for headings.
pub fn date(time: Timestamp) -> String {
    time.civil().strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// What a column of times is called.
pub fn title(how: TimeFormat) -> &'static str {
    match how {
        TimeFormat::Relative => "relative",
        TimeFormat::Utc => "UTC",
        TimeFormat::Local => "local",
        TimeFormat::Epoch => "epoch",
    }
}

fn relative(delta: TimeDelta, digits: usize) -> String {
    let sign = if delta.is_negative() { "-" } else { "" };
    let nanos = delta.unsigned_nanos();
    let fraction = format!("{:09}", nanos % 1_000_000_000);
    format!("{sign}{}.{}", nanos / 1_000_000_000, fraction.get(..digits).unwrap_or(&fraction))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_every_format() {
        let time = Timestamp::from_nanos(1_436_720_898_354_402_000).unwrap();
        let start = Some(time - TimeDelta::from_nanos(1_500_000_000));
        for (how, text, brief) in [
            (TimeFormat::Relative, "1.500000", "1.500"),
            (TimeFormat::Utc, "17:08:18.354402", "17:08:18.354"),
            (TimeFormat::Epoch, "1436720898.354402", "1436720898.354"),
        ] {
            assert_eq!(full(time, how, start), text);
            assert_eq!(short(time, how, start), brief);
        }
        assert_eq!(
            full(time - TimeDelta::from_seconds(2), TimeFormat::Relative, start),
            "-0.500000"
        );
        assert_eq!(date(time), "2015-07-12 17:08:18");
    }
}
