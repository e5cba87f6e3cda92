//! The list of packets, a line each.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::columns;
use crate::dashboard::model::packet_column::{ColumnChoice, PacketColumn};
use crate::dashboard::model::packet_line::PacketLine;
use crate::dashboard::model::state::{Pane, State};
use crate::dashboard::model::theme::Role;
use crate::dashboard::model::view_data::ViewData;
use crate::dashboard::view::panel::listing::format;
use crate::dashboard::view::table::{self, Cells, Column, TableStyle};
use crate::report::row::RowKind;

/// How a kind of packet stands out; its text says the same.
fn mark(kind: RowKind) -> Option<Role> {
    match kind {
        RowKind::Damaged => Some(Role::Bad),
        RowKind::Error => Some(Role::Warn),
        RowKind::Other => Some(Role::Faint),
        RowKind::Plain | RowKind::Tunnelled | RowKind::Fragment => None,
    }
}

/// The rows on screen and the columns as they stand there.
fn cells<'s>(
    state: &State,
    data: &'s ViewData,
    area: Rect,
) -> (Vec<&'s PacketLine>, Vec<Column<PacketLine>>, Cells) {
    let top = state.packets.top;
    let lines = data.page.lines.iter().filter(|line| line.position >= top);
    let rows = usize::from(area.height.saturating_sub(1));
    let lines: Vec<&PacketLine> = lines.take(rows).collect();
    let (columns, widths) = columns::table(&chosen(state));
    let format = format(state, data);
    let cells = Cells::sized(&columns, lines.iter().copied(), &format, area.width, &widths);
    (lines, columns, cells)
}

fn chosen(state: &State) -> Cow<'_, [ColumnChoice]> {
    match &state.workspace.columns {
        Some(chosen) => Cow::Borrowed(chosen),
        None => Cow::Owned(columns::usual()),
    }
}

/// The column by which the rows are sorted: its index, what it shows, and which way.
fn sort(state: &State) -> Option<(usize, PacketColumn, bool)> {
    let (what, is_reversed) = state.packets.sorted?;
    let at = chosen(state).iter().position(|chosen| chosen.column == what)?;
    Some((at, what, is_reversed))
}

/// What the column shows that stands there on screen, from the left of the list.
pub(super) fn column_at(
    state: &State,
    data: &ViewData,
    area: Rect,
    x: u16,
) -> Option<PacketColumn> {
    let at = cells(state, data, area).2.column_at(x)?;
    chosen(state).get(at).map(|chosen| chosen.column)
}

/// What the next column on screen shows, behind the one by which packets are or will be sorted.
pub(super) fn next_column(state: &State, data: &ViewData, area: Rect) -> Option<PacketColumn> {
    let chosen = chosen(state);
    let here =
        state.packets.sort.and_then(|(what, _)| chosen.iter().position(|it| it.column == what));
    let cells = cells(state, data, area).2;
    let there = || cells.placed.iter().map(|place| place.column);
    let next = there().filter(|&column| column > here.unwrap_or(0)).min();
    chosen.get(next.or_else(|| there().min())?).map(|chosen| chosen.column)
}

pub(super) fn draw(state: &State, data: &ViewData, buffer: &mut Buffer, area: Rect) {
    if area.is_empty() {
        return;
    }
    let (lines, columns, cells) = cells(state, data, area);
    let marks: Vec<Option<Role>> = lines.iter().map(|line| mark(line.row.kind)).collect();
    let drawing = TableStyle {
        theme: &state.theme,
        selected: lines.iter().position(|line| line.position == state.packets.cursor),
        is_focused: state.packets.pane == Pane::List,
        sort: sort(state)
            .map(|(at, what, is_reversed)| (at, columns::descends(what) != is_reversed)),
        marks: &marks,
    };
    table::draw(buffer, area, &columns, &cells, &drawing);
    // A mark stands in the gap behind the first column, where nothing else does.
    // That a packet has comments is told in the next gap.
    let mut gaps = cells.placed.iter().map(|place| area.x + place.x + place.width);
    let (marked, commented) = (gaps.next(), gaps.next());
    for (y, line) in (area.y + 1..area.bottom()).zip(&lines) {
        let is_marked = state.workspace.marks.contains(&line.row.number);
        for (gap, is_there, sign) in [
            (marked, is_marked, state.theme.glyph("◆", "*")),
            (commented, line.has_comments, state.theme.glyph("¶", "\"")),
        ] {
            if let Some(x) = gap.filter(|&x| is_there && x < area.right()) {
                buffer.set_stringn(x, y, sign, 1, state.theme.style(Role::Warn));
            }
        }
    }
    if lines.is_empty() && area.height > 1 {
        let text = match &data.page.error {
            Some(error) => format!("cannot read the packets again: {error}"),
            None => "these packets are no longer kept: G goes to the newest".to_owned(),
        };
        let style = state.theme.style(Role::Warn);
        buffer.set_stringn(area.x, area.y + 1, text, usize::from(area.width), style);
    }
}
