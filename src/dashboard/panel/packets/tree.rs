//! The fields of the selected packet as a tree, with bits, values and meanings.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::inside;
use crate::base::units;
use crate::dashboard::detail::FieldRow;
use crate::dashboard::shown::Shown;
use crate::dashboard::state::{Pane, State};
use crate::dashboard::table::width;
use crate::dashboard::text;
use crate::dashboard::theme::Role;

pub(super) fn draw(state: &State, shown: &Shown, buffer: &mut Buffer, area: Rect) {
    if area.is_empty() {
        return;
    }
    let is_focused = state.packets.pane == Pane::Tree;
    let Some(detail) = &shown.page.detail else {
        text::rule(state, "Fields", None, is_focused, buffer, area);
        return;
    };
    let title = format!("Packet {}", units::grouped(detail.number));
    let visible = detail.visible(&state.packets.folded);
    let selected = visible.get(state.packets.field).and_then(|&index| detail.rows.get(index));
    let place = selected.filter(|row| !row.octets.is_empty()).map(|row| {
        let (first, count) = (row.octets.start, row.octets.len());
        if count == 1 { format!("octet {first}") } else { format!("octets {first}–{}", row.octets.end - 1) }
    });
    text::rule(state, &title, place.as_deref(), is_focused, buffer, area);
    let area = inside(area);
    let rows = visible.iter().enumerate().skip(state.packets.tree_top);
    for (y, (at, &index)) in (area.y..area.bottom()).zip(rows) {
        let Some(row) = detail.rows.get(index) else { continue };
        let line = Rect { y, height: 1, ..area };
        draw_row(state, row, buffer, line);
        if at == state.packets.field {
            let role = if is_focused { Role::Selected } else { Role::Marked };
            buffer.set_style(line, state.theme.style(role));
        }
    }
}

fn draw_row(state: &State, row: &FieldRow, buffer: &mut Buffer, line: Rect) {
    let theme = &state.theme;
    let mark = match (row.has_children, state.packets.folded.contains(&row.path)) {
        (false, _) => "  ",
        (true, false) => theme.glyph("▾ ", "- "),
        (true, true) => theme.glyph("▸ ", "+ "),
    };
    let indent = "  ".repeat(row.depth);
    let label_role = if row.depth == 0 { Role::Title } else { Role::Text };
    let value_role = if row.is_bad { Role::Bad } else { Role::Number };
    let warn = if row.is_bad { theme.glyph("✗ ", "! ") } else { "" };
    let bits = if row.bits.is_empty() { String::new() } else { format!("{} ", row.bits) };
    let separator = if row.value.is_empty() { "" } else { ": " };
    let meaning =
        if row.meaning.is_empty() { String::new() } else { format!("  {}", row.meaning) };
    let parts: [(Role, &str); 8] = [
        (Role::Faint, &indent),
        (Role::Faint, mark),
        (Role::Bar, &bits),
        (label_role, &row.label),
        (Role::Faint, separator),
        (Role::Bad, warn),
        (value_role, &row.value),
        (Role::Faint, &meaning),
    ];
    let mut x = line.x;
    for (role, text) in parts {
        if x >= line.right() {
            break;
        }
        let room = line.right() - x;
        let (end, _) = buffer.set_stringn(x, line.y, text, usize::from(room), theme.style(role));
        if width(text) > room {
            let dots = theme.glyph("…", ".");
            buffer.set_stringn(line.right() - 1, line.y, dots, 1, theme.style(Role::Faint));
        }
        x = end;
    }
}
