//! Times as the user wants them written.

use super::state::TimeShown;
use crate::base::timestamp::{NANOS, Timestamp};

/// A time with its date or offset, in as many columns for every packet of a capture.
pub fn full(time: i64, how: TimeShown, start: Option<i64>) -> String {
    match how {
        TimeShown::Relative => relative(time.saturating_sub(start.unwrap_or(time)), 6),
        TimeShown::Epoch => relative(time, 6),
        TimeShown::Utc => {
            let c = Timestamp(time).civil();
            format!("{:02}:{:02}:{:02}.{:06}", c.hour, c.minute, c.second, c.nanos / 1000)
        }
        TimeShown::Local => match local(time) {
            Some(text) => text,
            None => full(time, TimeShown::Utc, start),
        },
    }
}

/// A time in few columns, for tables of flows.
pub fn short(time: i64, how: TimeShown, start: Option<i64>) -> String {
    match how {
        TimeShown::Relative => relative(time.saturating_sub(start.unwrap_or(time)), 3),
        TimeShown::Epoch => relative(time, 3),
        TimeShown::Utc | TimeShown::Local => {
            full(time, how, start).get(..12).unwrap_or_default().to_owned()
        }
    }
}

/// A date and time, for headings.
pub fn date(time: i64) -> String {
    let c = Timestamp(time).civil();
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02}",
        c.year, c.month, c.day, c.hour, c.minute, c.second
    )
}

/// What a column of times is called.
pub fn title(how: TimeShown) -> &'static str {
    match how {
        TimeShown::Relative => "relative",
        TimeShown::Utc => "UTC",
        TimeShown::Local => "local",
        TimeShown::Epoch => "epoch",
    }
}

fn local(time: i64) -> Option<String> {
    let stamp = jiff::Timestamp::from_nanosecond(i128::from(time)).ok()?;
    let zoned = stamp.to_zoned(jiff::tz::TimeZone::system());
    Some(format!(
        "{:02}:{:02}:{:02}.{:06}",
        zoned.hour(),
        zoned.minute(),
        zoned.second(),
        time.rem_euclid(NANOS) / 1000
    ))
}

fn relative(nanos: i64, digits: usize) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let nanos = nanos.unsigned_abs();
    let fraction = format!("{:09}", nanos % 1_000_000_000);
    format!("{sign}{}.{}", nanos / 1_000_000_000, fraction.get(..digits).unwrap_or(&fraction))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_every_format() {
        let time = 1_436_720_898_354_402_000;
        let start = Some(time - 1_500_000_000);
        for (how, text, brief) in [
            (TimeShown::Relative, "1.500000", "1.500"),
            (TimeShown::Utc, "17:08:18.354402", "17:08:18.354"),
            (TimeShown::Epoch, "1436720898.354402", "1436720898.354"),
        ] {
            assert_eq!(full(time, how, start), text);
            assert_eq!(short(time, how, start), brief);
        }
        assert_eq!(full(time - 2_000_000_000, TimeShown::Relative, start), "-0.500000");
        assert_eq!(date(time), "2015-07-12 17:08:18");
    }
}
