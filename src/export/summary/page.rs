//! Tables on a page of so many columns: cells are measured before any is written.

use crate::base::columns::{self, width};
use crate::export::text::{Ink, Style, end, pad};
use crate::report::words::broken;

/// How the page looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Colours.
    pub style: Style,
    /// Columns.
    pub width: usize,
    /// Bars and signs of ASCII only.
    pub ascii: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self { style: Style::Plain, width: 80, ascii: false }
    }
}

/// One cell.
#[derive(Debug, Clone)]
pub(super) enum Cell {
    /// Text to the left.
    Text(Ink, String),
    /// A number with its unit, to the right.
    Number(Ink, String),
    /// A bar as long as that share of the column, 0 to 1, which is what is left of the page.
    Bar(f64),
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(Ink::Plain, text.into())
    }

    pub(super) fn muted(text: impl Into<String>) -> Self {
        Self::Text(Ink::Muted, text.into())
    }

    pub(super) fn number(text: impl Into<String>) -> Self {
        Self::Number(Ink::Plain, text.into())
    }

    fn width(&self) -> usize {
        match self {
            Self::Text(_, text) | Self::Number(_, text) => width(text),
            Self::Bar(_) => 0,
        }
    }
}

/// Rows under a title.
#[derive(Debug, Default)]
pub(super) struct Table {
    title: String,
    heads: Vec<&'static str>,
    /// Cells, and a first line of their own for those that do not fit in the first column.
    rows: Vec<(Option<String>, Vec<Cell>)>,
    more: Option<String>,
    /// Sentences before the rows.
    lines: Vec<(Ink, String)>,
}

/// Between two columns.
const GAP: usize = 2;
/// Before every row.
const INDENT: usize = 2;
/// The first column of the grid.
const FIRST: usize = 28;
/// A column of numbers of the grid.
const NUMBER: usize = 9;
/// The longest bar.
const BAR: usize = 18;
/// What is left at least for a last column of bars.
const LEAST: usize = 6;
/// What is left of a last column of text before the grid is given up.
const NOTE: usize = 45;

impl Table {
    /// A table whose first column is headed by its title.
    pub(super) fn new(title: impl Into<String>, heads: &[&'static str]) -> Self {
        Self { title: title.into(), heads: heads.to_vec(), ..Self::default() }
    }

    pub(super) fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push((None, cells));
    }

    /// A row that begins with a line of its own.
    pub(super) fn long_row(&mut self, line: String, cells: Vec<Cell>) {
        self.rows.push((Some(line), cells));
    }

    /// A sentence before the rows, broken where it must be.
    pub(super) fn line(&mut self, ink: Ink, line: &str) {
        self.lines.push((ink, line.to_owned()));
    }

    /// What was left out.
    pub(super) fn more(&mut self, count: usize, what: &str) {
        if count > 0 {
            self.more = Some(format!("and {count} more {what}"));
        }
    }
}

/// A page being written.
#[derive(Debug)]
pub(super) struct Page<'a> {
    pub(super) out: &'a mut String,
    pub(super) look: Look,
}

impl Page<'_> {
    pub(super) fn put(&mut self, ink: Ink, text: &str) {
        self.look.style.paint(self.out, ink, text);
    }

    /// Ends a line.
    pub(super) fn end(&mut self) {
        end(self.out);
    }

    /// `left` and, at the end of the line, `right`; on two lines when they do not fit on one.
    pub(super) fn both(&mut self, (ink, left): (Ink, &str), right: &str) {
        let left = columns::shortened(left, self.look.width, self.dots());
        self.put(ink, &left);
        let used = width(&left) + width(right);
        if right.is_empty() || used + GAP > self.look.width {
            self.end();
            if right.is_empty() {
                return;
            }
            pad(self.out, self.look.width.saturating_sub(width(right)));
        } else {
            pad(self.out, self.look.width - used);
        }
        self.put(Ink::Muted, right);
        self.end();
    }

    /// A table behind an empty line; nothing when it has no rows.
    pub(super) fn table(&mut self, table: &Table) {
        if table.rows.is_empty() && table.lines.is_empty() {
            return;
        }
        self.end();
        let widths = self.widths(table);
        self.heads(table, &widths);
        for (ink, line) in &table.lines {
            for piece in broken(line, self.look.width.saturating_sub(INDENT)) {
                pad(self.out, INDENT);
                self.put(*ink, &piece);
                self.end();
            }
        }
        for (line, cells) in &table.rows {
            if let Some(line) = line {
                pad(self.out, INDENT);
                let line = columns::shortened(line, self.look.width - INDENT, self.dots());
                self.put(Ink::Plain, &line);
                self.end();
            }
            pad(self.out, INDENT);
            for (at, (cell, &room)) in cells.iter().zip(&widths).enumerate() {
                if at > 0 {
                    pad(self.out, GAP);
                }
                self.cell(cell, room);
            }
            self.end();
        }
        if let Some(more) = &table.more {
            pad(self.out, INDENT);
            self.put(Ink::Muted, more);
            self.end();
        }
    }

    fn heads(&mut self, table: &Table, widths: &[usize]) {
        let first = widths.first().copied().unwrap_or(0) + INDENT;
        let title = columns::shortened(&table.title, self.look.width, self.dots());
        self.put(Ink::Strong, &title);
        let mut column = width(&title);
        let mut start = first;
        let cells = table.rows.first().map_or(&[][..], |(_, cells)| cells.as_slice());
        for ((head, &room), cell) in
            table.heads.iter().zip(widths.iter().skip(1)).zip(cells.iter().skip(1))
        {
            let blank =
                if matches!(cell, Cell::Number(..)) { room.saturating_sub(width(head)) } else { 0 };
            let at = start + GAP + blank;
            // A title that reaches so far stands there in place of the head.
            if at > column {
                pad(self.out, at - column);
                self.put(Ink::Muted, head);
                column = at + width(head);
            }
            start += GAP + room;
        }
        self.end();
    }

    /// Widths of the columns: those of the grid that all tables share, so that numbers stand below
    /// numbers, or no wider than needed where the grid does not fit.
    fn widths(&self, table: &Table) -> Vec<usize> {
        let room = self.look.width.saturating_sub(INDENT);
        let total = |widths: &[usize]| widths.iter().sum::<usize>() + GAP * widths.len();
        let mut widths = natural(table, FIRST, NUMBER);
        let need = |last: usize| {
            let mut cells = table.rows.iter().filter_map(|(_, cells)| cells.get(widths.len() - 1));
            match cells.next_back() {
                Some(Cell::Bar(_)) => LEAST,
                Some(Cell::Text(..)) => last.min(NOTE),
                _ => last,
            }
        };
        if let Some((&last, others)) = widths.split_last()
            && total(others) + need(last) > room
        {
            widths = natural(table, width(&table.title).saturating_sub(INDENT), 0);
        }
        if let Some((last, others)) = widths.split_last_mut() {
            let left = room.saturating_sub(total(others));
            let mut ends = table.rows.iter().filter_map(|(_, cells)| cells.get(others.len()));
            *last = match ends.next_back() {
                Some(Cell::Bar(_)) => left.min(BAR),
                Some(Cell::Text(..)) => (*last).min(left),
                _ => *last,
            };
        }
        // A page too narrow for the numbers cuts the names.
        let over = total(&widths).saturating_sub(room + GAP);
        if let Some(first) = widths.first_mut() {
            *first = first.saturating_sub(over).max(LEAST);
        }
        widths
    }

    fn cell(&mut self, cell: &Cell, room: usize) {
        match cell {
            Cell::Text(ink, text) => {
                let text = columns::shortened(text, room, self.dots());
                self.put(*ink, &text);
                pad(self.out, room.saturating_sub(width(&text)));
            }
            Cell::Number(ink, text) => {
                pad(self.out, room.saturating_sub(width(text)));
                self.put(*ink, text);
            }
            Cell::Bar(share) => {
                let bar = bar(*share, room, self.look.ascii);
                self.put(Ink::Layer(0), &bar);
                pad(self.out, room.saturating_sub(width(&bar)));
            }
        }
    }

    pub(super) fn dots(&self) -> &'static str {
        if self.look.ascii { "..." } else { "…" }
    }
}

/// Widths of the columns: of their widest cells, of at least `first` and then `number`.
fn natural(table: &Table, first: usize, number: usize) -> Vec<usize> {
    let count = table.rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
    let column = |at: usize| {
        let mut cells = table.rows.iter().filter_map(|(_, cells)| cells.get(at));
        let widest = cells.clone().map(Cell::width).max().unwrap_or(0);
        let head = at.checked_sub(1).and_then(|at| table.heads.get(at));
        let least = match cells.next_back() {
            _ if at == 0 => first,
            Some(Cell::Number(..)) => number,
            _ => 0,
        };
        widest.max(least).max(head.map_or(0, |head| width(head)))
    };
    (0..count).map(column).collect()
}

/// A bar of `share` of `room`: to an eighth of a character; never nothing for something.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a few characters, clamped"
)]
fn bar(share: f64, room: usize, ascii: bool) -> String {
    let share = share.clamp(0.0, 1.0);
    if share == 0.0 || room == 0 {
        return String::new();
    }
    if ascii {
        return "#".repeat(((share * room as f64).round() as usize).max(1));
    }
    let eighths = ((share * room as f64 * 8.0).round() as usize).max(1);
    let mut bar = "█".repeat(eighths / 8);
    bar.extend(
        [None, Some('▏'), Some('▎'), Some('▍'), Some('▌'), Some('▋'), Some('▊'), Some('▉')]
            [eighths % 8],
    );
    bar
}

/// Heights of a line of so many columns that shows `steps`, as one string: columns without packets
/// are blank, the highest is full.  With the packets of the highest, and how many columns there
/// are.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "indices of a few columns and heights"
)]
pub(super) fn sparkline(steps: &[u64], room: usize, ascii: bool) -> (String, f64, usize) {
    let columns = room.min(steps.len());
    let mut sums = vec![0.0_f64; columns];
    // A step that lies over two columns counts in both, as far as it lies there.
    let ratio = columns as f64 / steps.len().max(1) as f64;
    for (at, &packets) in steps.iter().enumerate().filter(|(_, packets)| **packets > 0) {
        let (from, to) = (at as f64 * ratio, (at + 1) as f64 * ratio);
        let (first, last) = (from as usize, (to - 1e-9) as usize);
        for (column, sum) in sums.iter_mut().enumerate().take(last + 1).skip(first) {
            let part = to.min((column + 1) as f64) - from.max(column as f64);
            *sum += packets as f64 * part.max(0.0) / ratio;
        }
    }
    let most = sums.iter().copied().fold(0.0, f64::max);
    let ramp: &[char] = if ascii {
        &['.', ':', '-', '=', '+', '*', '#', '@']
    } else {
        &['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']
    };
    let height = |sum: &f64| {
        if *sum <= 0.0 {
            return ' ';
        }
        let at = (sum / most * ramp.len() as f64).ceil() as usize;
        ramp.get(at.saturating_sub(1)).copied().unwrap_or(' ')
    };
    (sums.iter().map(height).collect(), most, columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_go_by_eighths_and_show_the_least() {
        for (share, text) in [(0.0, ""), (1.0, "████"), (0.5, "██"), (0.28, "█▏"), (1e-9, "▏")]
        {
            assert_eq!(bar(share, 4, false), text, "{share}");
        }
        assert_eq!((bar(0.5, 4, true), bar(1e-9, 4, true)), ("##".into(), "#".into()));
    }

    #[test]
    fn a_sparkline_keeps_gaps_and_its_peak() {
        assert_eq!(sparkline(&[8, 0, 4, 1], 10, false).0, "█ ▄▁");
        assert_eq!(sparkline(&[1; 1000], 5, false).0, "█████");
        assert_eq!(sparkline(&[], 5, false).0, "");
        assert_eq!(sparkline(&[0, 0, 7, 0], 2, true).0, " @");
    }
}
