//! Tables: columns are rows of a const table, and go by weight when the screen is narrow.
//!
//! A column is as wide as what it shows and is left out when it does not fit, so that an address or
//! a number is never cut; only an elastic column, text at the end of a line, may be.

use crate::base::columns;
use crate::base::timestamp::Timestamp;
use crate::report::time::TimeFormat;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::dashboard::model::rows::Rank;
use crate::dashboard::model::theme::{Role, Theme};

/// A column of rows of `T`.
#[derive(Debug)]
pub struct Column<T: 'static> {
    /// Its title.
    pub title: &'static str,
    /// Greater ones stay longer.
    pub weight: u8,
    /// Whether it is aligned to the right, as numbers are.
    pub is_right: bool,
    /// Whether it takes what is left of the line, and may be cut.
    pub is_elastic: bool,
    /// How it is coloured.
    pub role: Role,
    /// What it shows of a row.
    pub text: fn(&T, &CellFormat) -> String,
    /// What rows are sorted by.
    pub rank: fn(&T) -> Rank,
    /// Whether the greatest row comes first by default.
    pub descends: bool,
}

/// What the text of a cell depends on beside its row.
#[derive(Debug, Clone, Copy)]
pub struct CellFormat {
    /// How times are written.
    pub time: TimeFormat,
    /// Time of the first packet.
    pub start: Option<Timestamp>,
    /// Time of the last packet.
    pub end: Option<Timestamp>,
    /// Colours and glyphs.
    pub theme: Theme,
}

/// Columns between two cells.
const GAP: u16 = 2;

/// Least columns of an elastic cell.
const LEAST_ELASTIC: u16 = 8;

/// Where a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlacedColumn {
    /// Index of the column.
    pub column: usize,
    /// First screen column, from the left of the table.
    pub x: u16,
    /// Screen columns.
    pub width: u16,
}

/// The rows of a table on screen, as text.
#[derive(Debug)]
pub struct Cells {
    /// A text for every column of every row.
    texts: Vec<Vec<String>>,
    /// Where the columns stand.
    pub placed: Vec<PlacedColumn>,
}

/// The columns that `text` takes, as ratatui counts them.
pub fn width(text: &str) -> u16 {
    u16::try_from(columns::width(text)).unwrap_or(u16::MAX)
}

impl Cells {
    /// The texts of `rows` and the places of the columns in `total` screen columns.
    pub fn new<'r, T>(
        columns: &[Column<T>],
        rows: impl Iterator<Item = &'r T>,
        format: &CellFormat,
        total: u16,
    ) -> Self {
        Self::sized(columns, rows, format, total, &[])
    }

    /// The texts of `rows` and the places of the columns, which are as wide as `wished` where it
    /// says so.
    pub fn sized<'r, T>(
        columns: &[Column<T>],
        rows: impl Iterator<Item = &'r T>,
        format: &CellFormat,
        total: u16,
        wished: &[Option<u16>],
    ) -> Self {
        let texts: Vec<Vec<String>> = rows
            .map(|row| columns.iter().map(|column| (column.text)(row, format)).collect())
            .collect();
        let natural = |index: usize, column: &Column<T>| {
            if let Some(width) = wished.get(index).copied().flatten() {
                return width.max(1);
            }
            // A mark of the sort order may stand beside the title.
            let title = width(column.title).saturating_add(u16::from(!column.is_elastic));
            if column.is_elastic {
                return LEAST_ELASTIC.max(width(column.title));
            }
            let cells = texts.iter().filter_map(|row| row.get(index)).map(|text| width(text));
            cells.max().unwrap_or(0).max(title)
        };
        let widths: Vec<u16> =
            columns.iter().enumerate().map(|(index, column)| natural(index, column)).collect();
        let mut order: Vec<usize> = (0..columns.len()).collect();
        order.sort_by_key(|&index| std::cmp::Reverse(columns[index].weight));
        let mut taken = vec![false; columns.len()];
        let mut used = 0u16;
        for index in order {
            let gap = if used == 0 { 0 } else { GAP };
            let more = widths[index].saturating_add(gap);
            // The weightiest column is always there; a lesser one may stand where a wider one of
            // more weight does not fit.
            if used > 0 && used.saturating_add(more) > total {
                continue;
            }
            taken[index] = true;
            used = used.saturating_add(more);
        }
        let mut rest = total.saturating_sub(used);
        let mut placed = Vec::new();
        let mut x = 0u16;
        for (column, is_taken) in taken.into_iter().enumerate() {
            if !is_taken {
                continue;
            }
            let mut width = widths[column];
            if columns[column].is_elastic {
                width = width.saturating_add(std::mem::take(&mut rest));
            }
            placed.push(PlacedColumn { column, x, width: width.min(total.saturating_sub(x)) });
            x = x.saturating_add(width).saturating_add(GAP);
        }
        Self { texts, placed }
    }

    /// The column at `x` from the left of the table.
    pub fn column_at(&self, x: u16) -> Option<usize> {
        let here =
            |place: &&PlacedColumn| x >= place.x && x < place.x.saturating_add(place.width + GAP);
        self.placed.iter().find(here).map(|place| place.column)
    }
}

/// How a table is drawn.
#[derive(Debug)]
pub struct TableStyle<'a> {
    /// Colours and glyphs.
    pub theme: &'a Theme,
    /// Row that is selected, from the first on screen.
    pub selected: Option<usize>,
    /// Whether the table has the focus.
    pub is_focused: bool,
    /// Column by which rows are sorted, and whether the greatest come first.
    pub sort: Option<(usize, bool)>,
    /// The style of a row on top of its cells', where it has one.
    pub marks: &'a [Option<Role>],
}

/// Draws titles and rows.
pub fn draw<T>(
    buffer: &mut Buffer,
    area: Rect,
    columns: &[Column<T>],
    cells: &Cells,
    drawing: &TableStyle<'_>,
) {
    if area.is_empty() {
        return;
    }
    let theme = drawing.theme;
    for place in &cells.placed {
        let column = &columns[place.column];
        let sorted = drawing.sort.filter(|(index, _)| *index == place.column);
        let mark = match sorted {
            Some((_, true)) => theme.glyph("▼", "v"),
            Some((_, false)) => theme.glyph("▲", "^"),
            None => "",
        };
        let title = format!("{}{mark}", column.title);
        let role = if sorted.is_some() { Role::Focus } else { Role::Title };
        cell(buffer, area, 0, *place, &title, column.is_right, theme.style(role));
    }
    for (line, texts) in (1u16..area.height).zip(&cells.texts) {
        let index = usize::from(line - 1);
        let over = if drawing.selected == Some(index) {
            Some(theme.style(if drawing.is_focused { Role::Selected } else { Role::Marked }))
        } else {
            None
        };
        for place in &cells.placed {
            let column = &columns[place.column];
            let Some(text) = texts.get(place.column) else { continue };
            let mark = drawing.marks.get(index).copied().flatten();
            let role = mark.filter(|_| column.is_elastic).unwrap_or(column.role);
            cell(buffer, area, line, *place, text, column.is_right, theme.style(role));
        }
        if let Some(style) = over {
            let row = Rect { y: area.y + line, height: 1, ..area };
            buffer.set_style(row, style);
        }
    }
}

/// An end of a flow without its port: where both do not fit, a whole address says more than half
/// of one with a port.
fn without_port(text: &str) -> &str {
    let inside = text.strip_prefix('[').and_then(|text| text.split_once(']'));
    inside.map_or(text, |(address, _)| address)
}

fn cell(
    buffer: &mut Buffer,
    area: Rect,
    line: u16,
    place: PlacedColumn,
    text: &str,
    is_right: bool,
    style: Style,
) {
    let room = place.width.min(area.width.saturating_sub(place.x));
    if room == 0 || line >= area.height {
        return;
    }
    let text = if width(text) > room { without_port(text) } else { text };
    let wide = width(text);
    let (x, y) = (area.x + place.x, area.y + line);
    if wide <= room {
        let pad = if is_right { room - wide } else { 0 };
        buffer.set_stringn(x + pad, y, text, usize::from(room), style);
    } else {
        buffer.set_stringn(x, y, text, usize::from(room - 1), style);
        buffer.set_stringn(x + room - 1, y, "…", 1, style);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dashboard::model::theme::Palette;

    const COLUMNS: &[Column<&str>] = &[
        column("No.", 5, false, |_, _| "12345".to_owned()),
        column("Source", 9, false, |row, _| (*row).to_owned()),
        column("Info", 7, true, |_, _| "a long explanation".to_owned()),
        column("Len", 2, false, |_, _| "60".to_owned()),
    ];

    const fn column(
        title: &'static str,
        weight: u8,
        is_elastic: bool,
        text: fn(&&'static str, &CellFormat) -> String,
    ) -> Column<&'static str> {
        let role = Role::Text;
        Column {
            title,
            weight,
            is_right: false,
            is_elastic,
            role,
            text,
            rank: |_| (0, 0),
            descends: false,
        }
    }

    const LOOK: CellFormat = CellFormat {
        time: TimeFormat::Relative,
        start: None,
        end: None,
        theme: Theme { palette: Palette::Mono, is_unicode: true },
    };

    #[test]
    fn columns_go_by_weight_and_no_address_is_cut() {
        let rows = ["2001:db8:1234:5678:9abc:def0:1234:5678", "10.0.0.1"];
        for (total, expected) in [
            (100, &[0, 1, 2, 3][..]),
            (56, &[0, 1, 2]),
            (50, &[1, 2]),
            (46, &[0, 1]),
            (40, &[1]),
            (3, &[1]),
        ] {
            let cells = Cells::new(COLUMNS, rows.iter(), &LOOK, total);
            let there: Vec<_> = cells.placed.iter().map(|place| place.column).collect();
            assert_eq!(there, expected, "{total}");
            if let Some(place) = cells.placed.iter().find(|p| p.column == 1 && total > 38) {
                assert_eq!(place.width, 38);
            }
        }
    }
}
