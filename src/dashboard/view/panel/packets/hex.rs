//! The octets of the selected packet, those of the selected field marked.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::panes::inside;
use crate::dashboard::model::state::{Pane, State};
use crate::dashboard::model::theme::Role;
use crate::dashboard::model::view_data::ViewData;
use crate::dashboard::view::text;

/// Columns of the offset and the space behind it.
const OFFSET: u16 = 6;

/// Octets on a line of a pane: 16, or 8 where the pane is narrow, or 4.
pub fn per_line(pane: Rect) -> usize {
    // The offset, three columns an octet, a gap in the middle and before the text, one an octet.
    match pane.width {
        72.. => 16,
        40..72 => 8,
        _ => 4,
    }
}

/// The octet drawn at a place on the screen, in the inside of the pane.
pub(super) fn octet_at(state: &State, area: Rect, count: usize, x: u16, y: u16) -> Option<usize> {
    let per_line = per_line(area);
    let line = state.packets.hex_top + usize::from(y.checked_sub(area.y)?);
    let column = x.checked_sub(area.x)?;
    let at = (0..per_line).find(|&at| {
        let (hex, text) = columns(at, per_line);
        (hex..hex + 2).contains(&column) || column == text
    })?;
    Some(line * per_line + at).filter(|&octet| octet < count)
}

/// Columns of octet `at` of a line: its two digits, and its character.
fn columns(at: usize, per_line: usize) -> (u16, u16) {
    let gap = |at: usize| u16::from(at >= per_line / 2 && per_line > 4);
    let at16 = u16::try_from(at).unwrap_or(0);
    let count = u16::try_from(per_line).unwrap_or(16);
    (OFFSET + at16 * 3 + gap(at), OFFSET + count * 3 + 1 + gap(per_line) + at16)
}

pub(super) fn draw(state: &State, data: &ViewData, buffer: &mut Buffer, area: Rect) {
    if area.is_empty() {
        return;
    }
    let is_focused = state.packets.pane == Pane::Hex;
    let Some(detail) = &data.page.detail else {
        text::rule(state, "Octets", None, is_focused, buffer, area);
        return;
    };
    let theme = &state.theme;
    let visible = detail.visible(&state.packets.folded);
    let row = visible.get(state.packets.field).and_then(|&index| detail.rows.get(index));
    let marked = row.map_or(0..0, |row| row.octets.clone());
    let count = detail.bytes.len();
    let missing = (detail.original as usize).saturating_sub(count);
    let mut title = format!("{count} octets");
    if missing > 0 {
        title = format!("{title}, {missing} more were not captured");
    }
    text::rule(state, &title, row.map(|row| row.label), is_focused, buffer, area);
    let per_line = per_line(area);
    let area = inside(area);
    for (y, line) in (area.y..area.bottom()).zip(state.packets.hex_top..) {
        let start = line * per_line;
        if start >= count {
            break;
        }
        let room = |x: u16| usize::from(area.width.saturating_sub(x));
        let offset = format!("{start:04x}");
        buffer.set_stringn(area.x, y, offset, room(0), theme.style(Role::Faint));
        for (at, (index, byte)) in
            detail.bytes.iter().enumerate().skip(start).take(per_line).enumerate()
        {
            let (hex, character) = columns(at, per_line);
            let mut style = theme.style(Role::Text);
            if marked.contains(&index) {
                style = theme.style(Role::Octets);
            }
            if is_focused && index == state.packets.octet {
                style = theme.style(Role::Selected);
            }
            if room(hex) >= 2 {
                buffer.set_stringn(area.x + hex, y, format!("{byte:02x}"), 2, style);
                // A run of marked octets is one bar, not a row of boxes.
                let joins = marked.contains(&index) && marked.contains(&(index + 1));
                if joins && at + 1 < per_line && room(hex + 2) > 1 {
                    buffer.set_stringn(area.x + hex + 2, y, " ", 1, theme.style(Role::Octets));
                }
            }
            if room(character) >= 1 {
                let is_shown = byte.is_ascii_graphic() || *byte == b' ';
                let text = if is_shown { char::from(*byte) } else { '.' };
                let style = if is_shown || marked.contains(&index) {
                    style
                } else {
                    theme.style(Role::Faint)
                };
                buffer.set_stringn(area.x + character, y, text.to_string(), 1, style);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_octets_fits_its_pane() {
        for width in [20, 39, 40, 71, 72, 76] {
            let per_line = per_line(Rect::new(0, 0, width, 5));
            let (_, text) = columns(per_line - 1, per_line);
            assert!(text < width.max(24), "{width}: {text}");
        }
    }
}
