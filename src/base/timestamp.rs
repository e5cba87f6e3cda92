//! Points in time as packets carry them: nanoseconds since 1970-01-01T00:00:00Z.
//!
//! One `i64` reaches from 1677 to 2262; what a file says beyond that is no time at all, and the
//! readers give such a record none.  Formatting allocates nothing: a JSON export writes one for
//! every packet.

use std::fmt;

/// Nanoseconds in a second.
pub const NANOS: i64 = 1_000_000_000;

/// Nanoseconds since the Unix epoch, negative before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

/// A calendar date and time of day in UTC, proleptic Gregorian.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Civil {
    /// Year, such as 2026.
    pub year: i64,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, 1 to 31.
    pub day: u8,
    /// Hour, 0 to 23.
    pub hour: u8,
    /// Minute, 0 to 59.
    pub minute: u8,
    /// Second, 0 to 59.
    pub second: u8,
    /// Nanoseconds within the second.
    pub nanos: u32,
}

impl Timestamp {
    /// The time `seconds` and `nanos` after the epoch, or nothing beyond what an `i64` holds.
    pub fn from_parts(seconds: i64, nanos: i64) -> Option<Self> {
        seconds.checked_mul(NANOS)?.checked_add(nanos).map(Self)
    }

    /// Whole seconds since the epoch, rounded towards the past.
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(NANOS)
    }

    /// Nanoseconds within the second, 0 to 999,999,999.
    pub fn subsec_nanos(self) -> u32 {
        u32::try_from(self.0.rem_euclid(NANOS)).unwrap_or(0)
    }

    /// The calendar date in UTC.
    pub fn civil(self) -> Civil {
        // Days to date: Howard Hinnant's algorithm over 400-year eras.
        let seconds = self.seconds();
        let (days, of_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let shifted = days + 719_468;
        let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let small = |value: i64| u8::try_from(value).unwrap_or(0);
        Civil {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month: small(month),
            day: small(day_of_year - (153 * shifted_month + 2) / 5 + 1),
            hour: small(of_day / 3600),
            minute: small(of_day / 60 % 60),
            second: small(of_day % 60),
            nanos: self.subsec_nanos(),
        }
    }
}

impl Timestamp {
    /// UTC to the millisecond, as people read it: `2015-07-12 17:08:18.354`.
    pub fn brief(self) -> String {
        let c = self.civil();
        let millis = c.nanos / 1_000_000;
        format!(
            "{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{millis:03}",
            c.year, c.month, c.day, c.hour, c.minute, c.second
        )
    }
}

/// RFC 3339 in UTC with nine digits: `2015-07-12T17:08:18.354402000Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let c = self.civil();
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z",
            c.year, c.month, c.day, c.hour, c.minute, c.second, c.nanos
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_3339_with_nine_digits() {
        for (nanos, text) in [
            (0, "1970-01-01T00:00:00.000000000Z"),
            (1_436_720_898_354_402_000, "2015-07-12T17:08:18.354402000Z"),
            (951_782_400_000_000_000, "2000-02-29T00:00:00.000000000Z"),
            (-1, "1969-12-31T23:59:59.999999999Z"),
            (i64::MAX, "2262-04-11T23:47:16.854775807Z"),
            (i64::MIN, "1677-09-21T00:12:43.145224192Z"),
        ] {
            assert_eq!(Timestamp(nanos).to_string(), text);
        }
    }

    #[test]
    fn parts_beyond_the_range_are_no_time() {
        assert_eq!(Timestamp::from_parts(1, 5), Some(Timestamp(NANOS + 5)));
        assert_eq!(Timestamp::from_parts(i64::MAX, 0), None);
    }
}
