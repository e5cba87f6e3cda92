//! An interface's clock: what a tick is and where counting began.
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use crate::base::timestamp::{TimeDelta, Timestamp};

/// Nanoseconds in a second.
const NANOS: u128 = 1_000_000_000;

/// What a tick of `if_tsresol` is in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tick {
    /// So many nanoseconds: 10⁰ to 10⁻⁹ seconds.
    Many(u64),
    /// The so many-th part of one: 10⁻¹⁰ seconds and finer.
    Part(u64),
    /// Finer than a 64-bit count of ticks can bring to a nanosecond.
    Nothing,
    /// 2 to the power of minus so many seconds.
    Binary(u32),
}

/// From ticks to nanoseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    tick: Tick,
    /// Seconds to add (`if_tsoffset`): there may be as many clocks as interfaces, so they are
    /// small.
    offset: i64,
}

impl Default for Clock {
    /// Microseconds since 1970.
    fn default() -> Self {
        Self { tick: Tick::Many(1000), offset: 0 }
    }
}

impl Clock {
    /// The resolution of option `if_tsresol`: a power of ten, or of two if the top bit is set.
    pub(super) fn set_resolution(&mut self, value: u8) {
        let exponent = u32::from(value & 0x7f);
        self.tick = if value & 0x80 != 0 {
            Tick::Binary(exponent)
        } else if let Some(missing) = 9_u32.checked_sub(exponent) {
            10_u64.checked_pow(missing).map_or(Tick::Nothing, Tick::Many)
        } else {
            let finer = exponent.saturating_sub(9);
            10_u64.checked_pow(finer).map_or(Tick::Nothing, Tick::Part)
        };
    }

    /// Seconds that option `if_tsoffset` adds.
    pub(super) fn set_offset(&mut self, seconds: i64) {
        self.offset = seconds;
    }

    fn offset(&self) -> TimeDelta {
        TimeDelta::from_seconds(self.offset)
    }

    /// The time of a count of ticks; none beyond 1677 to 2262.
    #[inline]
    pub(super) fn time(&self, ticks: u64) -> Option<Timestamp> {
        if let (Tick::Many(unit), 0) = (self.tick, self.offset) {
            return Timestamp::from_nanos(i64::try_from(ticks.checked_mul(unit)?).ok()?);
        }
        self.odd(ticks)
    }

    /// The count of ticks that comes nearest to a time from below; nothing where none does.
    pub(super) fn ticks(&self, time: Timestamp) -> Option<u64> {
        let since = i128::from(time.nanos()).checked_sub(self.offset().nanos())?;
        let since = u128::try_from(since).ok()?;
        let ticks = match self.tick {
            Tick::Many(unit) => since.checked_div(u128::from(unit))?,
            Tick::Part(parts) => since.checked_mul(u128::from(parts))?,
            Tick::Nothing => 0,
            Tick::Binary(bits) => {
                // A time takes 95 bits at most.
                let ticks = since.checked_mul(1_u128.checked_shl(bits.min(32))?)?;
                let ticks = ticks.checked_div(NANOS)?;
                ticks.checked_mul(1_u128.checked_shl(bits.saturating_sub(32))?)?
            }
        };
        u64::try_from(ticks).ok()
    }

    fn odd(&self, ticks: u64) -> Option<Timestamp> {
        let since = match self.tick {
            Tick::Many(unit) => u128::from(ticks).checked_mul(u128::from(unit))?,
            Tick::Part(parts) => u128::from(ticks.checked_div(parts)?),
            Tick::Nothing => 0,
            Tick::Binary(bits) => u128::from(ticks).checked_mul(NANOS)?.checked_shr(bits)?,
        };
        Timestamp::from_wide(i128::try_from(since).ok()?.checked_add(self.offset().nanos())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolutions_are_powers_of_ten_or_two() {
        let none = i64::MIN;
        for (resolution, offset, ticks, nanos) in [
            (6, 0, 1_700_000_000_000_001, 1_700_000_000_000_001_000),
            (9, 0, 1_700_000_000_000_000_001, 1_700_000_000_000_000_001),
            (3, 0, 1_700_000_000_001, 1_700_000_000_001_000_000),
            (0, 0, 1_700_000_000, 1_700_000_000_000_000_000),
            (0, 0, u64::MAX, none),
            (12, 0, 1_999_999, 1_999),
            (28, 0, u64::MAX, 1),
            (127, 0, u64::MAX, 0),
            (0x80, 0, 5, 5_000_000_000),
            (0x8a, 0, 1536, 1_500_000_000),
            (0xa0, 0, 1 << 31, 500_000_000),
            (0xff, 0, u64::MAX, 0),
            (6, 10, 1, 10_000_001_000),
            (6, -1, 1, -999_999_000),
            (6, i64::MAX, 0, none),
            (6, i64::MIN, u64::MAX, none),
        ] {
            let mut clock = Clock::default();
            clock.set_resolution(resolution);
            clock.set_offset(offset);
            assert_eq!(
                clock.time(ticks),
                Timestamp::from_nanos(nanos),
                "{resolution} {offset} {ticks}"
            );
        }
    }
}
