//! The list of packets, a line each.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::columns;
use crate::dashboard::clock;
use crate::dashboard::line::PacketLine;
use crate::dashboard::panel::listing::look;
use crate::dashboard::shown::Shown;
use crate::dashboard::state::{Pane, State};
use crate::dashboard::table::{self, Cells, Column, Drawing, Look};
use crate::dashboard::theme::Role;
use crate::report::row::Kind;

const fn column(
    title: &'static str,
    weight: u8,
    is_right: bool,
    role: Role,
    text: fn(&PacketLine, &Look) -> String,
) -> Column<PacketLine> {
    Column {
        title,
        weight,
        is_right,
        is_elastic: false,
        role,
        text,
        rank: |line| (0, line.position.into()),
        descends: false,
    }
}

/// The columns.
pub const COLUMNS: &[Column<PacketLine>] = &[
    column("No.", 4, true, Role::Faint, |line, _| line.row.number.to_string()),
    column("Time", 5, true, Role::Faint, |line, look| {
        line.row.time.map_or_else(String::new, |time| clock::full(time, look.time, look.start))
    }),
    column("Source", 9, false, Role::Source, |line, _| line.row.source.clone()),
    column("Destination", 8, false, Role::Destination, |line, _| line.row.destination.clone()),
    column("Proto", 7, false, Role::Protocol, |line, _| line.row.proto.clone()),
    column("TTL", 2, true, Role::Text, |line, _| {
        line.hops.map_or_else(String::new, |hops| hops.to_string())
    }),
    column("Len", 3, true, Role::Number, |line, _| line.row.length.to_string()),
    Column {
        is_elastic: true,
        ..column("Info", 6, false, Role::Text, |line, _| line.row.info.clone())
    },
];

/// How a kind of packet stands out; its text says the same.
fn mark(kind: Kind) -> Option<Role> {
    match kind {
        Kind::Damaged => Some(Role::Bad),
        Kind::Error => Some(Role::Warn),
        Kind::Other => Some(Role::Faint),
        Kind::Plain | Kind::Tunnelled | Kind::Fragment => None,
    }
}

pub(super) fn draw(state: &State, shown: &Shown, buffer: &mut Buffer, area: Rect) {
    if area.is_empty() {
        return;
    }
    let top = state.packets.top;
    let lines = shown.page.lines.iter().filter(|line| line.position >= top);
    let rows = usize::from(area.height.saturating_sub(1));
    let lines: Vec<&PacketLine> = lines.take(rows).collect();
    let usual = columns::usual();
    let chosen = state.tools.columns.as_deref().unwrap_or(&usual);
    let (columns, widths) = columns::table(chosen);
    let look = look(state, shown);
    let cells = Cells::sized(&columns, lines.iter().copied(), &look, area.width, &widths);
    let marks: Vec<Option<Role>> = lines.iter().map(|line| mark(line.row.kind)).collect();
    let drawing = Drawing {
        theme: &state.theme,
        selected: lines.iter().position(|line| line.position == state.packets.cursor),
        is_focused: state.packets.pane == Pane::List,
        sort: None,
        marks: &marks,
    };
    table::draw(buffer, area, &columns, &cells, &drawing);
    // A mark stands in the gap behind the first column, where nothing else does.
    let gap = cells.placed.first().map(|place| area.x + place.x + place.width);
    for (y, line) in (area.y + 1..area.bottom()).zip(&lines) {
        if let Some(x) = gap.filter(|&x| x < area.right())
            && state.tools.marks.contains(&line.row.number)
        {
            let glyph = state.theme.glyph("◆", "*");
            buffer.set_stringn(x, y, glyph, 1, state.theme.style(Role::Warn));
        }
    }
    if lines.is_empty() && area.height > 1 {
        let text = match &shown.page.error {
            Some(error) => format!("cannot read the packets again: {error}"),
            None => "these packets are no longer kept: G goes to the newest".to_owned(),
        };
        let style = state.theme.style(Role::Warn);
        buffer.set_stringn(area.x, area.y + 1, text, usize::from(area.width), style);
    }
}
