//! Points in time as packets carry them, and the time between them.
//!
//! A [`Timestamp`] is a count of nanoseconds since 1970-01-01T00:00:00Z in 64 bits, which reaches
//! from 1677 to 2262; what a file says beyond that is no time at all, and the readers give such a
//! record none.  Files may say anything within: two times can be 584 years apart, more than 64 bits
//! hold.  So the count is private, the difference of two times is a [`TimeDelta`], which holds them
//! all, and what would leave the range of a type stays at its end.  No arithmetic here can panic.
//!
//! Formatting allocates nothing: a JSON export writes one for every packet.

use std::fmt;
use std::num::NonZeroU64;
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};
use std::time::Duration;

use serde::{Serialize, Serializer};

/// Nanoseconds in a second.
const NANOS: i64 = 1_000_000_000;

/// What the least count of nanoseconds is stored as; one less would be 0, which stands for no time.
const BIAS: u64 = 1 << 63;

/// Nanoseconds since the Unix epoch, negative before it.
///
/// Stored with a bias, so that `Option<Timestamp>` takes no more room than a `Timestamp`.  No time
/// is less than any.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(NonZeroU64);

/// The time from one point in time to another, in nanoseconds; negative when that is earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TimeDelta(i128);

/// The earliest and the latest of some points in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// Later than `last` as long as there are none.
    first: Timestamp,
    last: Timestamp,
}

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self::clamped(0);
    /// The earliest: 1677-09-21T00:12:43.145224193Z.
    pub const MIN: Self = Self(NonZeroU64::MIN);
    /// The latest: 2262-04-11T23:47:16.854775807Z.
    pub const MAX: Self = Self(NonZeroU64::MAX);

    /// The time so many nanoseconds after the epoch, or nothing for [`i64::MIN`].
    #[inline]
    pub const fn from_nanos(nanos: i64) -> Option<Self> {
        match NonZeroU64::new(nanos.cast_unsigned() ^ BIAS) {
            Some(biased) => Some(Self(biased)),
            None => None,
        }
    }

    /// The time so many nanoseconds after the epoch, or the end of time that is nearer.
    pub const fn clamped(nanos: i128) -> Self {
        let nanos = if nanos > i64::MAX as i128 {
            i64::MAX
        } else if nanos < i64::MIN as i128 {
            i64::MIN
        } else {
            #[expect(clippy::cast_possible_truncation, reason = "it was compared with both ends")]
            let nanos = nanos as i64;
            nanos
        };
        match Self::from_nanos(nanos) {
            Some(time) => time,
            None => Self::MIN,
        }
    }

    /// The time `seconds` and `nanos` after the epoch, or nothing beyond what there is.
    pub fn from_parts(seconds: i64, nanos: i64) -> Option<Self> {
        Self::from_nanos(seconds.checked_mul(NANOS)?.checked_add(nanos)?)
    }

    /// The time of a count of nanoseconds since 1970; none where that does not fit 64 bits.
    pub fn from_wide(nanos: i128) -> Option<Self> {
        Self::from_nanos(i64::try_from(nanos).ok()?)
    }

    /// The time of this machine's clock.
    pub fn now() -> Self {
        Self::EPOCH + std::time::UNIX_EPOCH.elapsed().unwrap_or_default().into()
    }

    /// Nanoseconds since the epoch.
    #[inline]
    pub const fn nanos(self) -> i64 {
        (self.0.get() ^ BIAS).cast_signed()
    }

    /// A number greater than 0 that is in the same order as times are.
    pub const fn rank(self) -> u64 {
        self.0.get()
    }

    /// The time that is so much later, or nothing beyond the ends of time.
    pub fn checked_add(self, delta: TimeDelta) -> Option<Self> {
        Self::from_wide(i128::from(self.nanos()).checked_add(delta.0)?)
    }

    /// Whole seconds since the epoch, rounded towards the past.
    pub fn seconds(self) -> i64 {
        self.nanos().div_euclid(NANOS)
    }

    /// Nanoseconds within the second, 0 to 999,999,999.
    pub fn subsec_nanos(self) -> u32 {
        u32::try_from(self.nanos().rem_euclid(NANOS)).unwrap_or(0)
    }

    /// The time since midnight, in UTC.
    pub fn of_day(self) -> TimeDelta {
        const DAY: i64 = 86_400 * NANOS;
        TimeDelta::from_nanos(self.nanos().rem_euclid(DAY))
    }

    /// The calendar date and time of day in UTC.
    pub fn civil(self) -> jiff::civil::DateTime {
        jiff::tz::Offset::UTC.to_datetime(self.into())
    }

    /// UTC to the millisecond, as people read it: `2015-07-12 17:08:18.354`.
    pub fn brief(self) -> String {
        self.civil().strftime("%Y-%m-%d %H:%M:%S%.3f").to_string()
    }
}

/// Every time is one of jiff's, which has years of -9999 to 9999.
impl From<Timestamp> for jiff::Timestamp {
    fn from(time: Timestamp) -> Self {
        Self::from_nanosecond(time.nanos().into()).unwrap_or(Self::UNIX_EPOCH)
    }
}

/// RFC 3339 in UTC with nine digits: `2015-07-12T17:08:18.354402000Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.civil().strftime("%Y-%m-%dT%H:%M:%S%.9fZ"))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({})", self.nanos())
    }
}

/// As nanoseconds since the epoch.
impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.nanos())
    }
}

/// The time from `other` to this one, exactly.
impl Sub for Timestamp {
    type Output = TimeDelta;

    #[inline]
    fn sub(self, other: Self) -> TimeDelta {
        TimeDelta(i128::from(self.nanos()).saturating_sub(i128::from(other.nanos())))
    }
}

/// The time that is so much later, at most the end of time.
impl Add<TimeDelta> for Timestamp {
    type Output = Self;

    #[inline]
    fn add(self, delta: TimeDelta) -> Self {
        Self::clamped(i128::from(self.nanos()).saturating_add(delta.0))
    }
}

/// The time that is so much earlier, at least the beginning of time.
impl Sub<TimeDelta> for Timestamp {
    type Output = Self;

    #[inline]
    fn sub(self, delta: TimeDelta) -> Self {
        Self::clamped(i128::from(self.nanos()).saturating_sub(delta.0))
    }
}

impl TimeDelta {
    /// No time.
    pub const ZERO: Self = Self(0);

    /// So many nanoseconds.
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos as i128)
    }

    /// So many seconds.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self((seconds as i128).saturating_mul(NANOS as i128))
    }

    /// A count of nanoseconds, cut off behind the point; it stays at the ends of what there is.
    #[expect(clippy::cast_possible_truncation, reason = "it saturates, and no number is nought")]
    pub fn from_nanos_f64(nanos: f64) -> Self {
        Self(nanos as i128)
    }

    /// Nanoseconds.
    #[inline]
    pub const fn nanos(self) -> i128 {
        self.0
    }

    /// Nanoseconds in either direction.
    pub const fn unsigned_nanos(self) -> u128 {
        self.0.unsigned_abs()
    }

    /// Whether it leads back.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Whole seconds forward; none when it leads back.
    pub fn whole_seconds(self) -> u64 {
        match u128::try_from(self.0) {
            Ok(nanos) => {
                u64::try_from(nanos / u128::from(NANOS.unsigned_abs())).unwrap_or(u64::MAX)
            }
            Err(_) => 0,
        }
    }

    /// Seconds with their fraction.
    pub fn seconds_f64(self) -> f64 {
        self.0 as f64 / NANOS as f64
    }

    /// `part` of `whole` of it; nothing where there is no whole.
    #[must_use]
    pub fn fraction(self, part: i64, whole: i64) -> Self {
        Self(self.0.saturating_mul(part.into()).checked_div(whole.into()).unwrap_or(0))
    }
}

impl From<Duration> for TimeDelta {
    fn from(duration: Duration) -> Self {
        Self(i128::try_from(duration.as_nanos()).unwrap_or(i128::MAX))
    }
}

impl Add for TimeDelta {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for TimeDelta {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Mul<i64> for TimeDelta {
    type Output = Self;

    fn mul(self, times: i64) -> Self {
        Self(self.0.saturating_mul(times.into()))
    }
}

/// The so many-th part; of no parts there is none.
impl Div<i64> for TimeDelta {
    type Output = Self;

    fn div(self, parts: i64) -> Self {
        self.fraction(1, parts)
    }
}

/// What is left of it after whole `others`; of those that are no time, nothing.
impl Rem for TimeDelta {
    type Output = Self;

    fn rem(self, other: Self) -> Self {
        Self(self.0.checked_rem(other.0).unwrap_or(0))
    }
}

impl Neg for TimeDelta {
    type Output = Self;

    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

/// As nanoseconds.
impl Serialize for TimeDelta {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i128(self.0)
    }
}

impl Period {
    /// The period of no times.
    pub const EMPTY: Self = Self { first: Timestamp::MAX, last: Timestamp::MIN };

    /// Takes in a point in time.
    #[inline]
    pub fn add(&mut self, time: Timestamp) {
        self.first = self.first.min(time);
        self.last = self.last.max(time);
    }

    /// Takes in all of another's.
    #[inline]
    pub fn merge(&mut self, other: Self) {
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
    }

    /// The earliest and the latest, when there are any.
    #[inline]
    pub fn bounds(self) -> Option<(Timestamp, Timestamp)> {
        (self.first <= self.last).then_some((self.first, self.last))
    }

    /// The earliest, when there is any.
    pub fn first(self) -> Option<Timestamp> {
        self.bounds().map(|(first, _)| first)
    }

    /// The latest, when there is any.
    #[inline]
    pub fn last(self) -> Option<Timestamp> {
        self.bounds().map(|(_, last)| last)
    }
}

impl Default for Period {
    fn default() -> Self {
        Self::EMPTY
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rfc_3339_with_nine_digits() {
        for (nanos, text) in [
            (0, "1970-01-01T00:00:00.000000000Z"),
            (1_436_720_898_354_402_000, "2015-07-12T17:08:18.354402000Z"),
            (951_782_400_000_000_000, "2000-02-29T00:00:00.000000000Z"),
            (-1, "1969-12-31T23:59:59.999999999Z"),
            (i64::MAX, "2262-04-11T23:47:16.854775807Z"),
            (i64::MIN + 1, "1677-09-21T00:12:43.145224193Z"),
        ] {
            assert_eq!(Timestamp::from_nanos(nanos).unwrap().to_string(), text);
        }
    }

    #[test]
    fn parts_beyond_the_range_are_no_time() {
        assert_eq!(Timestamp::from_parts(1, 5), Timestamp::from_nanos(NANOS + 5));
        assert_eq!(Timestamp::from_parts(i64::MAX, 0), None);
        assert_eq!(Timestamp::from_nanos(i64::MIN), None);
    }

    #[test]
    fn no_time_takes_no_room_and_is_less_than_any() {
        assert_eq!(size_of::<Option<Timestamp>>(), size_of::<i64>());
        assert!(None < Some(Timestamp::MIN));
        assert!(Timestamp::MIN < Timestamp::EPOCH && Timestamp::EPOCH < Timestamp::MAX);
    }

    #[test]
    fn the_ends_of_time_are_farther_apart_than_64_bits_hold() {
        let whole = Timestamp::MAX - Timestamp::MIN;
        assert_eq!(whole.nanos(), 2 * i128::from(i64::MAX));
        assert_eq!(whole.whole_seconds(), 18_446_744_073);
        assert_eq!((Timestamp::MIN - Timestamp::MAX).whole_seconds(), 0);
        assert_eq!(Timestamp::MIN + whole, Timestamp::MAX);
        assert_eq!(Timestamp::MAX.checked_add(TimeDelta::from_nanos(1)), None);
    }

    #[test]
    fn a_period_of_nothing_has_no_ends() {
        let mut period = Period::EMPTY;
        assert_eq!(period.bounds(), None);
        period.merge(Period::EMPTY);
        period.add(Timestamp::MAX);
        assert_eq!(period.bounds(), Some((Timestamp::MAX, Timestamp::MAX)));
        period.add(Timestamp::MIN);
        assert_eq!(period.bounds(), Some((Timestamp::MIN, Timestamp::MAX)));
    }

    fn time() -> impl Strategy<Value = Timestamp> {
        let nanos = prop_oneof![Just(i64::MIN + 1), Just(i64::MAX), Just(0), any::<i64>()];
        nanos.prop_map(|nanos| Timestamp::clamped(nanos.into()))
    }

    fn delta() -> impl Strategy<Value = TimeDelta> {
        prop_oneof![Just(i128::MIN), Just(i128::MAX), Just(0), any::<i128>()].prop_map(TimeDelta)
    }

    proptest! {
        #[test]
        fn order_and_difference_are_those_of_the_counts(a in time(), b in time()) {
            prop_assert_eq!(a.cmp(&b), a.nanos().cmp(&b.nanos()));
            prop_assert_eq!((a - b).nanos(), i128::from(a.nanos()) - i128::from(b.nanos()));
            prop_assert_eq!(b + (a - b), a);
            prop_assert_eq!(a - (a - b), b);
        }

        #[test]
        fn no_arithmetic_panics(a in time(), d in delta(), e in delta(), n in any::<i64>()) {
            let _ = (a + d, a - d, a.checked_add(d), d + e, d - e, -d, d * n, d / n, d / 0);
            let _ = (d % e, d % TimeDelta::ZERO, d.fraction(n, 0), d.whole_seconds(), d.seconds_f64(), d.unsigned_nanos());
            let _ = ((a + d).to_string(), (a - d).brief());
        }
    }
}
