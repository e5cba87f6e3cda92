//! What the panels with a table have in common: moving, sorting, clicking, staying on an item.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::dashboard::model::action::{Action, CursorMove};
use crate::dashboard::model::query::TableSort;
use crate::dashboard::model::rows::{Rank, RankedRows, RowId};
use crate::dashboard::model::state::{State, TableState, moved_row, scrolled_row};
use crate::dashboard::model::theme::Role;
use crate::dashboard::model::view_data::ViewData;
use crate::dashboard::view::table::{self, CellFormat, Cells, Column, TableStyle};
use crate::dashboard::view::{layout, text};

/// What rows are sorted by.
type RankOf<T> = fn(&T) -> Rank;

/// A table: its columns, and what each row is about.
pub(super) struct TableSpec<T: 'static> {
    /// The columns.
    pub columns: &'static [Column<T>],
    /// Index of the column by which it is sorted at first.
    pub first_sort: usize,
    /// What a row is about.
    pub row_id: fn(&T) -> RowId,
    /// What the rows are, in the plural.
    pub noun: &'static str,
}

impl<T> TableSpec<T> {
    /// The table with these rows.
    pub(super) fn with<'a>(&'a self, listed: &'a RankedRows<T>) -> FilledTable<'a, T> {
        FilledTable { spec: self, listed }
    }

    /// What rows are ranked by, and whether the greatest come first; none where there is no such
    /// column.
    pub(super) fn ranking(&self, sort: TableSort) -> Option<(RankOf<T>, bool)> {
        let column = self.columns.get(self.sorted_by(sort))?;
        Some((column.rank, column.descends != sort.is_reversed))
    }

    /// Index of the column by which rows are sorted.
    fn sorted_by(&self, sort: TableSort) -> usize {
        sort.column.unwrap_or(self.first_sort)
    }
}

/// A table on screen: what it is of, and its rows.
pub(super) struct FilledTable<'a, T: 'static> {
    spec: &'a TableSpec<T>,
    listed: &'a RankedRows<T>,
}

/// How times and numbers are written now.
pub(super) fn format(state: &State, data: &ViewData) -> CellFormat {
    CellFormat {
        time: state.time,
        start: data.start(),
        end: data.all_times.or(data.snapshot.times).map(|times| times.1),
        theme: state.theme,
    }
}

impl<T> FilledTable<'_, T> {
    fn cells(&self, table: &TableState, format: &CellFormat, area: Rect) -> Cells {
        let rows = usize::from(area.height.saturating_sub(1));
        let visible = self.listed.rows.iter().skip(table.top).take(rows);
        Cells::new(self.spec.columns, visible, format, area.width)
    }

    /// Draws the table, which has the focus, with a line about what is left out below.
    pub(super) fn draw(
        &self,
        state: &State,
        data: &ViewData,
        table: &TableState,
        buffer: &mut Buffer,
        area: Rect,
    ) {
        self.draw_as(true, state, data, table, buffer, area);
    }

    /// [`Self::draw`] for a table that may not have the focus.
    pub(super) fn draw_as(
        &self,
        is_focused: bool,
        state: &State,
        data: &ViewData,
        table: &TableState,
        buffer: &mut Buffer,
        area: Rect,
    ) {
        if self.listed.rows.is_empty() {
            text::empty(state, data, self.spec.noun, buffer, area);
            return;
        }
        let (area, note) = self.parts(area);
        let cells = self.cells(table, &format(state, data), area);
        let sorted_by = self.spec.sorted_by(table.sort);
        let descends = self.spec.ranking(table.sort).is_some_and(|(_, descends)| descends);
        let drawing = TableStyle {
            theme: &state.theme,
            selected: table.cursor.checked_sub(table.top),
            is_focused,
            sort: Some((sorted_by, descends)),
            marks: &[],
        };
        table::draw(buffer, area, self.spec.columns, &cells, &drawing);
        if let Some(note) = note {
            let text = format!(
                "first {} of {} {}: filter to see others",
                crate::base::units::grouped(self.listed.rows.len() as u64),
                crate::base::units::grouped(self.listed.total),
                self.spec.noun,
            );
            let style = state.theme.style(Role::Warn);
            buffer.set_stringn(note.x, note.y, text, usize::from(note.width), style);
        }
    }

    /// Where rows stand, and where the line about what is left out, when something is.
    fn parts(&self, area: Rect) -> (Rect, Option<Rect>) {
        let is_cut = (self.listed.rows.len() as u64) < self.listed.total;
        if !is_cut || area.height < 4 {
            return (area, None);
        }
        let rows = Rect { height: area.height - 1, ..area };
        (rows, Some(Rect { y: rows.bottom(), height: 1, ..area }))
    }

    /// Moves the cursor, sorts, or takes a click; what is clicked or entered is selected.
    pub(super) fn handle(
        &self,
        state: &State,
        data: &ViewData,
        table: &mut TableState,
        action: Action,
        body: Rect,
    ) {
        let (area, _) = self.parts(body);
        let height = area.height.saturating_sub(1);
        let sorted_by = self.spec.sorted_by(table.sort);
        match action {
            Action::Move(step) => {
                table.cursor = moved_row(table.cursor, step, self.listed.rows.len(), height);
            }
            Action::WheelUp(..) | Action::WheelDown(..) => {
                let is_up = matches!(action, Action::WheelUp(..));
                let step = if is_up { CursorMove::Up } else { CursorMove::Down };
                for _ in 0..layout::WHEEL_ROWS {
                    table.cursor = moved_row(table.cursor, step, self.listed.rows.len(), height);
                }
            }
            Action::Sort => {
                // Only columns on screen: sorting by a hidden one would confuse.
                let cells = self.cells(table, &format(state, data), area);
                let there = cells.placed.iter().map(|place| place.column);
                let next = there.clone().find(|&column| column > sorted_by);
                let column = Some(next.or_else(|| there.min()).unwrap_or(0));
                table.sort = TableSort { column, is_reversed: false };
                return;
            }
            Action::Reverse => {
                table.sort.is_reversed = !table.sort.is_reversed;
                return;
            }
            Action::Click(x, y) if area.contains((x, y).into()) => {
                if y == area.y {
                    let cells = self.cells(table, &format(state, data), area);
                    if let Some(column) = cells.column_at(x - area.x) {
                        let is_reversed = sorted_by == column && !table.sort.is_reversed;
                        table.sort = TableSort { column: Some(column), is_reversed };
                    }
                    return;
                }
                let row = table.top + usize::from(y - area.y - 1);
                if row < self.listed.rows.len() {
                    table.cursor = row;
                }
            }
            _ => return,
        }
        table.top = scrolled_row(table.top, table.cursor, self.listed.rows.len(), height);
        table.row_id = self.listed.rows.get(table.cursor).map(self.spec.row_id);
    }

    /// Puts the cursor back on its item, or on a row that exists.
    pub(super) fn clamp_cursor(&self, table: &mut TableState, body: Rect) {
        let (area, _) = self.parts(body);
        let rows = &self.listed.rows;
        let found = table
            .row_id
            .and_then(|item| rows.iter().position(|row| (self.spec.row_id)(row) == item));
        table.cursor = found.unwrap_or(table.cursor).min(rows.len().saturating_sub(1));
        table.top =
            scrolled_row(table.top, table.cursor, rows.len(), area.height.saturating_sub(1));
    }
}
