//! Pieces of text and of screens that several panels share.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::base::{columns, units};
use crate::dashboard::model::state::State;
use crate::dashboard::model::theme::{Role, Theme};
use crate::dashboard::model::view_data::ViewData;

/// A rule across `area` with a title at its left and a remark at its right.
pub fn rule(
    state: &State,
    title: &str,
    remark: Option<&str>,
    is_focused: bool,
    buffer: &mut Buffer,
    area: Rect,
) {
    if area.is_empty() {
        return;
    }
    let theme = &state.theme;
    let faint = theme.style(Role::Faint);
    let dash = theme.glyph("─", "-");
    buffer.set_stringn(
        area.x,
        area.y,
        dash.repeat(usize::from(area.width)),
        usize::from(area.width),
        faint,
    );
    let mark = if is_focused { theme.glyph("▌", ">") } else { " " };
    let role = if is_focused { Role::Focus } else { Role::Title };
    let text = format!("{mark}{title} ");
    let room = usize::from(area.width.saturating_sub(1));
    let (end, _) =
        buffer.set_stringn(area.x + 1.min(area.width - 1), area.y, &text, room, theme.style(role));
    if let Some(remark) = remark {
        let remark = format!(" {remark} ");
        let wide = super::table::width(&remark);
        if end + wide + 1 < area.right() {
            buffer.set_stringn(area.right() - wide - 1, area.y, &remark, usize::from(wide), faint);
        }
    }
}

/// Says why a list is empty, and what can be done.
pub fn empty(state: &State, data: &ViewData, noun: &str, buffer: &mut Buffer, area: Rect) {
    let run_status = &data.run_status;
    let mut lines = Vec::new();
    if data.is_making(state) && run_status.shown > 0 {
        lines.push(format!("Looking for {noun} in {} packets", units::grouped(run_status.shown)));
    } else if let Some(filter) = &state.filter.applied {
        let so_far = if run_status.has_ended { "" } else { " so far" };
        lines.push(format!("0 of {} packets{so_far} match", units::grouped(run_status.captured)));
        lines.push(filter.clone());
        if let Some(values) = state.filter.no_match.as_ref().filter(|text| !text.is_empty()) {
            lines.push(values.clone());
        }
        lines.push("Esc clears the filter, / changes it".to_owned());
    } else if state.workspace.span.is_some() && run_status.captured > 0 {
        lines.push(format!("0 of {} packets in this time", units::grouped(run_status.captured)));
        lines.push("0 shows all of the time".to_owned());
    } else if let Some(error) = &run_status.error {
        lines.push(format!("No {noun}: {error}"));
    } else if run_status.has_ended && run_status.captured == 0 {
        lines.push("No packets in this capture".to_owned());
    } else if run_status.has_ended {
        lines.push(format!("No {noun} among {} packets", units::grouped(run_status.captured)));
    } else if run_status.captured == 0 {
        lines.push("Waiting for packets".to_owned());
    } else {
        lines
            .push(format!("Looking for {noun} in {} packets", units::grouped(run_status.captured)));
    }
    let height = u16::try_from(lines.len()).unwrap_or(0);
    let top = area.y + area.height.saturating_sub(height) / 2;
    for (y, text) in (top..area.bottom()).zip(&lines) {
        let style = state.theme.style(if y == top { Role::Warn } else { Role::Faint });
        Line::from(Span::styled(text.clone(), style))
            .centered()
            .render(Rect { y, height: 1, ..area }, buffer);
    }
}

/// A share in percent, in seven columns.
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "    – %".to_owned();
    }
    format!("{:>5.1} %", part as f64 * 100.0 / whole as f64)
}

/// A line with a bar: a name at the left, a share and a number at the right.
pub fn barred(
    theme: Theme,
    name: &[(Role, &str)],
    part: u64,
    whole: u64,
    width: u16,
) -> Line<'static> {
    let number = units::grouped(part);
    let used: u16 = name.iter().map(|(_, text)| super::table::width(text)).sum();
    // The number comes first, then the share, then the bar; the name gives way at last.
    let share = percent(part, whole);
    let tails = [9, 6, 4].map(|wide| format!(" {share} {number:>wide$}"));
    let tails = tails.into_iter().chain([format!(" {number}")]).collect::<Vec<_>>();
    let fits = |tail: &&String| used + super::table::width(tail) <= width;
    let tail = tails.iter().find(fits).or(tails.last()).cloned().unwrap_or_default();
    let wide = (width / 5).clamp(4, 16);
    let room = width.saturating_sub(used + super::table::width(&tail) + 1);
    let bar_width = room.min(wide);
    let fraction = part as f64 / whole.max(1) as f64;
    let bar =
        if bar_width < 3 { String::new() } else { theme.bar(fraction, usize::from(bar_width)) };
    let gap = width.saturating_sub(used + super::table::width(&tail) + super::table::width(&bar));
    let mut room = usize::from(width.saturating_sub(super::table::width(&tail)));
    let mut spans: Vec<Span<'static>> = Vec::new();
    for (role, text) in name {
        let cut = columns::shortened(text, room, theme.glyph("…", "~"));
        room = room.saturating_sub(columns::width(text));
        spans.push(Span::styled(cut, theme.style(*role)));
    }
    spans.push(Span::raw(" ".repeat(usize::from(gap))));
    spans.push(Span::styled(bar, theme.style(Role::Bar)));
    spans.push(Span::styled(tail, theme.style(Role::Number)));
    Line::from(spans)
}

/// Spans of one line: a text with the role it plays.
pub fn line(theme: &Theme, parts: &[(Role, &str)]) -> Line<'static> {
    parts.iter().map(|(role, text)| Span::styled((*text).to_owned(), theme.style(*role))).collect()
}

/// Pieces of text after a label, on as many lines as they need; no piece is split.
pub fn wrapped(
    theme: &Theme,
    width: u16,
    label: &'static str,
    pieces: &[&[(Role, &str)]],
) -> Vec<Line<'static>> {
    let wide = |piece: &[(Role, &str)]| -> u16 {
        piece.iter().map(|(_, text)| super::table::width(text)).sum()
    };
    let indent = super::table::width(label);
    let mut lines = vec![line(theme, &[(Role::Faint, label)])];
    let mut used = indent;
    for piece in pieces {
        let gap = u16::from(used > indent);
        if used > indent && used + gap + wide(piece) > width {
            lines.push(Line::from(" ".repeat(usize::from(indent))));
            used = indent;
        }
        let Some(last) = lines.last_mut() else { continue };
        if used > indent {
            last.push_span(Span::raw(" "));
            used += 1;
        }
        for span in line(theme, piece) {
            last.push_span(span);
        }
        used += wide(piece);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dashboard::model::theme::Palette;

    #[test]
    fn a_line_with_a_bar_has_its_width_in_any_script() {
        let theme = Theme { palette: Palette::Mono, is_unicode: true };
        for name in ["eth0", "乙太網路", "乙太網路介面零一二三四五六七八九"] {
            for width in [12, 20, 33, 60] {
                let line = barred(theme, &[(Role::Text, name)], 5, 10, width);
                let text: String = line.spans.iter().map(|span| &*span.content).collect();
                // A wide character that does not fit leaves one column free.
                let taken = super::super::table::width(&text);
                assert!(taken == width || taken + 1 == width, "{text:?}: {taken} of {width}");
            }
        }
    }
}
