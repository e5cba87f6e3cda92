//! A graph of traffic over time: an area of braille dots, with its scale and units beside it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::analyze::Tally;
use crate::base::timestamp::TimeDelta;
use crate::base::units;
use crate::dashboard::model::snapshot::Rate;
use crate::dashboard::model::theme::{Role, Theme};

/// What is drawn of a tally.
#[derive(Debug, Clone, Copy)]
pub struct Quantity {
    /// Its name, with the unit.
    pub title: &'static str,
    /// The number.
    pub of: fn(Tally) -> u64,
    /// A rate of it in few characters.
    pub text: fn(u64) -> String,
    /// How it is coloured.
    pub role: Role,
}

/// What graphs show.
pub const QUANTITIES: [Quantity; 2] = [
    Quantity { title: "packets/s", of: |tally| tally.packets, text: units::count, role: Role::Bar },
    Quantity {
        title: "bit/s",
        of: |tally| tally.octets.saturating_mul(8),
        text: units::count,
        role: Role::BarTwo,
    },
];

/// Columns of the scale at the left.
const SCALE: u16 = 9;

/// The rate in each of `count` equal parts of the time, in quantity a second, and the seconds in
/// all.
pub fn resample(rate: &Rate, count: usize, of: fn(Tally) -> u64) -> (Vec<f64>, f64) {
    let step_seconds = rate.width.seconds_f64();
    let span = rate.steps.len() as f64 * step_seconds;
    if rate.steps.is_empty() || count == 0 {
        return (vec![0.0; count], span);
    }
    let per_part = rate.steps.len() as f64 / count as f64;
    let parts = (0..count).map(|part| {
        // A part holds whole steps and pieces of the first and last.
        let (from, to) = (part as f64 * per_part, (part + 1) as f64 * per_part);
        let (mut sum, mut at) = (0.0, from);
        while at < to - 1e-9 {
            let step = at.floor();
            let end = (step + 1.0).min(to);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "an index below the number of steps"
            )]
            let tally = rate.steps.get(step as usize).copied().unwrap_or_default();
            sum += of(tally) as f64 * (end - at);
            at = end;
        }
        sum / (per_part * step_seconds)
    });
    (parts.collect(), span)
}

/// The least round number that is no less than `value`: a small one times a power of ten.
fn round_up(value: f64) -> f64 {
    if value <= 0.0 || !value.is_finite() {
        return 1.0;
    }
    let power = 10f64.powf(value.log10().floor());
    let steps = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
    power * steps.into_iter().find(|step| step * power >= value * 0.999_999).unwrap_or(10.0)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "not negative, and beyond u64 it saturates"
)]
fn whole(value: f64) -> u64 {
    value.round() as u64
}

/// Mean and peak of what [`draw`] draws of `quantity` in an area of that width.
pub fn levels(width: u16, rate: &Rate, quantity: &Quantity, total: Tally) -> (u64, u64) {
    let (values, span) = resample(rate, usize::from(width.saturating_sub(SCALE)) * 2, quantity.of);
    let most = values.iter().copied().fold(0.0, f64::max);
    let mean = if span > 0.0 { (quantity.of)(total) as f64 / span } else { 0.0 };
    (whole(mean), whole(most))
}

/// Where the curve stands in the area of a graph.
pub fn plot(area: Rect) -> Rect {
    let scale = SCALE.min(area.width);
    let height = area.height.saturating_sub(1);
    Rect { x: area.x + scale, width: area.width - scale, height, ..area }
}

/// Draws `quantity` of `rate` over time.
pub fn draw(buffer: &mut Buffer, area: Rect, rate: &Rate, quantity: &Quantity, theme: &Theme) {
    if area.width < SCALE + 8 || area.height < 3 {
        return;
    }
    let plot = plot(area);
    let dots = usize::from(plot.width) * 2;
    let (values, span) = resample(rate, dots, quantity.of);
    let most = values.iter().copied().fold(0.0, f64::max);
    let top = round_up(most);
    let faint = theme.style(Role::Faint);
    let style = theme.style(quantity.role);
    let rows = usize::from(plot.height);
    for (x, pair) in (plot.x..).zip(values.chunks(2)) {
        let heights = [0, 1].map(|side| {
            let value = pair.get(side).copied().unwrap_or(0.0);
            let dots = whole(value / top * (rows * 4) as f64);
            // What is there is seen, were it one packet.
            usize::try_from(dots).unwrap_or(0).max(usize::from(value > 0.0))
        });
        for row in 0..rows {
            let below = (rows - 1 - row) * 4;
            let [left, right] = heights.map(|height| height.saturating_sub(below).min(4));
            let symbol = if theme.is_unicode {
                braille(left, right)
            } else {
                match left.max(right) {
                    0 => ' ',
                    1 | 2 => '.',
                    _ => '#',
                }
            };
            let y = plot.y + u16::try_from(row).unwrap_or(0);
            if symbol != ' ' && symbol != '\u{2800}' {
                buffer[(x, y)].set_char(symbol).set_style(style);
            }
        }
    }
    // The scale: its top, its middle, and nought.
    let bottom = plot.y + plot.height - 1;
    let mut marks = vec![(plot.y, top), (bottom, 0.0)];
    if plot.height >= 5 {
        marks.push((
            plot.y + plot.height / 2,
            top * (1.0 - f64::from(plot.height / 2) / f64::from(plot.height)),
        ));
    }
    for y in plot.y..=bottom {
        let tick = if marks.iter().any(|mark| mark.0 == y) {
            theme.glyph("┤", "+")
        } else {
            theme.glyph("│", "|")
        };
        buffer.set_stringn(plot.x - 1, y, tick, 1, faint);
    }
    for (y, value) in marks {
        let text = (quantity.text)(whole(value));
        let text = format!("{text:>width$}", width = usize::from(SCALE) - 2);
        buffer.set_stringn(area.x, y, &text, usize::from(SCALE) - 2, faint);
    }
    // The time: start, and as many marks as there is room for.
    let y = bottom + 1;
    let count = (plot.width / 20).max(1);
    for mark in 0..=count {
        let seconds = span * f64::from(mark) / f64::from(count);
        let text = if mark == 0 { "0".to_owned() } else { time(seconds) };
        let wide = super::table::width(&text);
        let at = plot.x
            + u16::try_from(u32::from(plot.width) * u32::from(mark) / u32::from(count))
                .unwrap_or(0);
        let x = if mark == count { (plot.x + plot.width).saturating_sub(wide) } else { at };
        buffer.set_stringn(x, y, &text, usize::from(wide), faint);
    }
}

/// A span of so many seconds.
pub fn time(seconds: f64) -> String {
    units::span(TimeDelta::from_nanos_f64(seconds * 1e9))
}

/// The braille character with `left` and `right` dots filled from below.
fn braille(left: usize, right: usize) -> char {
    const LEFT: [u32; 5] = [0, 0x40, 0x44, 0x46, 0x47];
    const RIGHT: [u32; 5] = [0, 0x80, 0xa0, 0xb0, 0xb8];
    char::from_u32(0x2800 + LEFT[left.min(4)] + RIGHT[right.min(4)]).unwrap_or(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resampling_keeps_what_there_was() {
        let steps: Vec<Tally> =
            (0..100).map(|n| Tally { packets: n * 37 % 11, octets: 0 }).collect();
        let sum: u64 = steps.iter().map(|tally| tally.packets).sum();
        let rate = Rate { first: None, width: TimeDelta::from_nanos(500_000_000), steps };
        for count in [1, 7, 100, 333] {
            let (values, span) = resample(&rate, count, |tally| tally.packets);
            assert!((span - 50.0).abs() < 1e-9);
            let total: f64 = values.iter().map(|value| value * span / count as f64).sum();
            assert!((total - sum as f64).abs() < 1e-6, "{count}: {total} of {sum}");
        }
    }

    #[test]
    fn scales_end_at_round_numbers() {
        for (value, top) in [(0.0, 1.0), (1.0, 1.0), (1.1, 2.0), (34.0, 40.0), (99.0, 100.0)] {
            assert!((round_up(value) - top).abs() < 1e-9, "{value}");
        }
    }
}
