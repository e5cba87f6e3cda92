//! Numbers as people read them: octets, counts and rates in a few characters.

use super::timestamp::TimeDelta;

/// Octets in binary units, at most five characters and a unit: `812 B`, `4.5 KiB`, `1.0 GiB`.
pub fn octets(count: u64) -> String {
    scaled(count, 1024, &["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"])
}

/// A count in decimal units: `847`, `12.3 k`, `3.8 M`.
pub fn count(count: u64) -> String {
    scaled(count, 1000, &["", "k", "M", "G", "T", "P", "E"]).trim_end().to_owned()
}

fn scaled(count: u64, base: u64, units: &[&str]) -> String {
    let (mut value, mut unit) = (count as f64, 0);
    // 999.95 would print as 1000.0: step before the rounding does.
    while value >= base as f64 - 0.05 && unit + 1 < units.len() {
        value /= base as f64;
        unit += 1;
    }
    let name = units.get(unit).copied().unwrap_or_default();
    if unit == 0 { format!("{count} {name}") } else { format!("{value:.1} {name}") }
}

/// A whole number with thin groups of three: `1,234,567`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A span of time in the unit that suits it: `0 s`, `1.5 ms`, `12.3 s`, `3 m 20 s`, `2 h 5 m`, `3 d
/// 4 h`.
pub fn span(delta: TimeDelta) -> String {
    let sign = if delta.is_negative() { "-" } else { "" };
    let nanos = delta.unsigned_nanos();
    let seconds = nanos / 1_000_000_000;
    let body = match (nanos, seconds) {
        (0, _) => "0 s".to_owned(),
        (1..1_000, _) => format!("{nanos} ns"),
        (1_000..1_000_000, _) => format!("{:.1} µs", nanos as f64 / 1e3),
        (1_000_000..1_000_000_000, _) => format!("{:.1} ms", nanos as f64 / 1e6),
        (_, 0..60) => format!("{:.1} s", nanos as f64 / 1e9),
        (_, 60..3_600) => format!("{} m {} s", seconds / 60, seconds % 60),
        (_, 3_600..86_400) => format!("{} h {} m", seconds / 3_600, seconds / 60 % 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds / 3_600 % 24),
    };
    format!("{sign}{body}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_step_before_rounding_shows_four_digits() {
        for (number, as_octets, as_count) in [
            (0, "0 B", "0"),
            (999, "999 B", "999"),
            (1000, "1000 B", "1.0 k"),
            (1024, "1.0 KiB", "1.0 k"),
            (999_960, "976.5 KiB", "1.0 M"),
            (u64::MAX, "16.0 EiB", "18.4 E"),
        ] {
            assert_eq!((octets(number), count(number)), (as_octets.into(), as_count.into()));
        }
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(100), "100");
    }

    #[test]
    fn spans_name_their_unit() {
        for (nanos, text) in [
            (0, "0 s"),
            (15_000, "15.0 µs"),
            (-1_500_000, "-1.5 ms"),
            (200_000_000_000, "3 m 20 s"),
            (273_600_000_000_000, "3 d 4 h"),
        ] {
            assert_eq!(span(TimeDelta::from_nanos(nanos)), text);
        }
    }
}
