//! Numbers as a summary shows them.

use crate::base::units;
use crate::report::summary::share;

/// A count: all digits up to a million, then with a unit.
pub(super) fn number(count: u64) -> String {
    if count < 1_000_000 { units::grouped(count) } else { units::count(count) }
}

/// `12.3 %`; a trace is not nothing, and not all is not all.
pub(super) fn percent(part: u64, whole: u64) -> String {
    let share = share(part, whole);
    match share {
        _ if part == 0 || part == whole => format!("{share:.0} %"),
        ..0.1 => "<0.1 %".to_owned(),
        99.9.. => ">99.9 %".to_owned(),
        _ => format!("{share:.1} %"),
    }
}

/// A rate with three or four digits.
pub(super) fn rate(rate: f64) -> String {
    rate_unit(rate).trim_end().to_owned()
}

/// A rate with a space before its unit's letter, to which more is joined.
pub(super) fn rate_unit(rate: f64) -> String {
    let (mut value, mut units) = (rate, ["", "k", "M", "G", "T", "P"].into_iter());
    let mut unit = units.next().unwrap_or_default();
    while value >= 999.95 {
        let Some(next) = units.next() else { break };
        value /= 1000.0;
        unit = next;
    }
    format!("{value:.1} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traces_are_not_nothing_and_nearly_all_is_not_all() {
        for (part, whole, text) in [
            (0, 0, "0 %"),
            (0, 5, "0 %"),
            (5, 5, "100 %"),
            (1, 1_000_000, "<0.1 %"),
            (999_999, 1_000_000, ">99.9 %"),
            (1, 3, "33.3 %"),
        ] {
            assert_eq!(percent(part, whole), text, "{part} of {whole}");
        }
        assert_eq!((number(999_999), number(1_000_000)), ("999,999".into(), "1.0 M".into()));
        assert_eq!((rate(12.34), rate_unit(999_990.0)), ("12.3".into(), "1.0 M".into()));
    }
}
