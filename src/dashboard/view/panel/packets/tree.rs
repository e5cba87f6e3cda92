//! The fields of the selected packet as a tree, with bits, values and meanings.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::panes::inside;
use crate::base::units;
use crate::dashboard::model::packet_detail::{Detail, FieldRow};
use crate::dashboard::model::state::{Pane, State};
use crate::dashboard::model::theme::Role;
use crate::dashboard::model::view_data::ViewData;
use crate::dashboard::view::table::width;
use crate::dashboard::view::text;
use crate::report::tree::NodeKind;

pub(super) fn draw(state: &State, data: &ViewData, buffer: &mut Buffer, area: Rect) {
    if area.is_empty() {
        return;
    }
    let is_focused = state.packets.pane == Pane::Tree;
    let Some(detail) = &data.page.detail else {
        text::rule(state, "Fields", None, is_focused, buffer, area);
        return;
    };
    let title = title(detail);
    let visible = detail.visible(&state.packets.folded);
    let selected = visible.get(state.packets.field).and_then(|&index| detail.rows.get(index));
    text::rule(state, &title, selected.map(place).as_deref(), is_focused, buffer, area);
    let (area, note) = parts(area);
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
    if let Some(row) = selected.filter(|_| !note.is_empty()) {
        let gap = if row.name.is_empty() || row.meaning.is_empty() { "" } else { ": " };
        let parts = [(Role::Key, row.name), (Role::Faint, gap), (Role::Faint, &row.meaning)];
        text::line(&state.theme, &parts).render(note, buffer);
    }
}

/// Which packet it is, or which packets the datagram came in.
fn title(detail: &Detail) -> String {
    let number = units::grouped(detail.number);
    match detail.fragments.len() {
        0 => format!("Packet {number}"),
        count => format!("Packet {number}: whole datagram of {count} fragments"),
    }
}

/// Where the rows stand, and the line about what the selected one means.
pub(super) fn parts(area: Rect) -> (Rect, Rect) {
    let inside = inside(area);
    let note = u16::from(inside.height >= 6);
    let rows = Rect { height: inside.height - note, ..inside };
    (rows, Rect { y: rows.bottom(), height: note, ..inside })
}

/// Where a row lies in the frame, in words.
fn place(row: &FieldRow) -> String {
    match row.octets.len() {
        0 => "computed".to_owned(),
        1 => format!("octet {}", row.octets.start),
        _ => format!("octets {}–{}", row.octets.start, row.octets.end - 1),
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
    let (label_role, value_role) = match row.kind {
        NodeKind::Frame | NodeKind::Header => (Role::Title, Role::Number),
        NodeKind::Stop | NodeKind::Anomaly => (Role::Bad, Role::Bad),
        NodeKind::Derived => (Role::Faint, Role::Number),
        NodeKind::Rest | NodeKind::Payload | NodeKind::Trailer => (Role::Faint, Role::Faint),
        NodeKind::Field | NodeKind::Option => (Role::Text, Role::Number),
    };
    let warn = if row.kind == NodeKind::Stop { theme.glyph("✗ ", "! ") } else { "" };
    let bits = if row.bits.is_empty() { String::new() } else { format!("{} ", row.bits) };
    let separator = if row.value.is_empty() { "" } else { ": " };
    let parts: [(Role, &str); 7] = [
        (Role::Faint, &indent),
        (Role::Faint, mark),
        (Role::Bar, &bits),
        (Role::Bad, warn),
        (label_role, row.label),
        (Role::Faint, separator),
        (value_role, &row.value),
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
