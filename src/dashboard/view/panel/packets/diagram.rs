//! A header drawn as the RFCs draw it, filled with the values of this packet: 32 bits a row, or 16
//! where there is little room.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::panes::inside;
use crate::base::columns;
use crate::dashboard::model::packet_detail::{Detail, FieldRow};
use crate::dashboard::model::state::{Pane, State};
use crate::dashboard::model::theme::Role;
use crate::dashboard::model::view_data::ViewData;
use crate::dashboard::view::text;
use crate::report::tree::NodeKind;

/// Bits of a row where there is room for two characters a bit.
const WIDE: u32 = 32;
/// Bits of a row where there is not.
const NARROW: u32 = 16;

/// One field in one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Index into the rows of the detail.
    pub row: usize,
    /// Bits of the drawing's row.
    pub bits: Range<u32>,
    /// Whether it is the row in which name and value stand.
    pub is_named: bool,
    /// Whether the field goes on in the next row.
    pub goes_on: bool,
}

/// The header that the row at `selected` is part of, by index.
pub fn header_of(detail: &Detail, selected: usize) -> Option<usize> {
    let before = detail.rows.get(..=selected)?;
    let is_header = |row: &FieldRow| row.kind == NodeKind::Header;
    let at = before.iter().rposition(|row| row.depth == 0)?;
    if before.get(at).is_some_and(is_header) {
        return Some(at);
    }
    detail.rows.iter().position(is_header)
}

/// The fields of the header at `header`, row by row of so many bits; most of a long option list or
/// message, all of any header.
pub fn cells(detail: &Detail, header: usize, bits_a_row: u32) -> Vec<Vec<Cell>> {
    let Some(top) = detail.rows.get(header) else { return Vec::new() };
    let start = top.bit_range.start;
    let inner = detail.rows.iter().enumerate().skip(header + 1);
    let inner = inner.take_while(|(_, row)| row.depth > top.depth);
    let mut next = 0;
    let mut grid: Vec<Vec<Cell>> = Vec::new();
    for (index, row) in inner {
        let stored = matches!(row.kind, NodeKind::Field | NodeKind::Option | NodeKind::Rest);
        let from = row.bit_range.start.saturating_sub(start);
        let to = row.bit_range.end.saturating_sub(start);
        // Other readings of bits that are drawn already are left out, and groups for their parts.
        if !stored || row.has_children || to <= from || from < next || to > MOST_BITS {
            continue;
        }
        let mut pieces: Vec<(usize, Range<u32>)> = Vec::new();
        let mut at = from;
        while at < to {
            let line = at / bits_a_row;
            let end = to.min((line + 1) * bits_a_row);
            let bits = at % bits_a_row..at % bits_a_row + (end - at);
            pieces.push((usize::try_from(line).unwrap_or(0), bits));
            at = end;
        }
        // The name stands in the middle of a long field, and where there is most room of a short.
        let full = pieces.iter().filter(|(_, bits)| bits.end - bits.start == bits_a_row).count();
        let named = if full > 1 {
            pieces.iter().position(|(_, bits)| bits.end - bits.start == bits_a_row).unwrap_or(0)
                + (full - 1) / 2
        } else {
            let widest = pieces.iter().enumerate().rev().max_by_key(|(_, (_, bits))| bits.len());
            widest.map_or(0, |(at, _)| at)
        };
        let last = pieces.len() - 1;
        for (piece, (line, bits)) in pieces.into_iter().enumerate() {
            while grid.len() <= line {
                grid.push(Vec::new());
            }
            let cell = Cell { row: index, bits, is_named: piece == named, goes_on: piece < last };
            grid[line].push(cell);
        }
        next = to;
    }
    grid
}

/// Bits that are drawn: what goes on longer is read better as octets.
const MOST_BITS: u32 = 256 * 8;

/// The drawing as text, and for every line the cell under each column, if any.
pub struct Diagram {
    /// The lines.
    pub lines: Vec<String>,
    /// For every line, the columns that belong to a row of the detail.
    pub places: Vec<Vec<(Range<usize>, usize)>>,
}

/// Draws the header at `header` with so many bits a row.
pub fn drawing(detail: &Detail, header: usize, bits_a_row: u32) -> Diagram {
    let grid = cells(detail, header, bits_a_row);
    let mut out = Diagram { lines: Vec::new(), places: Vec::new() };
    let across = bits_a_row as usize * 2 + 1;
    let digit = |bit: u32| char::from_digit(bit % 10, 10).unwrap_or(' ');
    let tens = (0..bits_a_row).map(|bit| if bit % 10 == 0 { digit(bit / 10) } else { ' ' });
    let spread = |digits: &mut dyn Iterator<Item = char>| {
        digits.fold(String::new(), |mut line, digit| {
            line.push(' ');
            line.push(digit);
            line
        })
    };
    out.push(spread(&mut tens.into_iter()), Vec::new());
    out.push(spread(&mut (0..bits_a_row).map(digit)), Vec::new());
    for (line, cells) in grid.iter().enumerate() {
        let above = line.checked_sub(1).and_then(|above| grid.get(above));
        out.push(border(bits_a_row, above, Some(cells)), Vec::new());
        // A text for each column: what is wide or several columns long stands in the first of them.
        let mut texts = [vec![" "; across], vec![" "; across]];
        let mut places = Vec::new();
        for cell in cells {
            let (from, to) = (cell.bits.start as usize * 2, cell.bits.end as usize * 2);
            places.push((from + 1..to, cell.row));
            let Some(row) = detail.rows.get(cell.row).filter(|_| cell.is_named) else { continue };
            let room = to - from - 1;
            for (text, words) in texts.iter_mut().zip([row.label, value(row, room)]) {
                let words = columns::beginning(words, room);
                let wide = columns::width(words);
                let at = from + 1 + (room - wide) / 2;
                text[at..at + wide].fill("");
                if let Some(first) = text[at..at + wide].first_mut() {
                    *first = words;
                }
            }
        }
        for mut text in texts {
            for cell in cells {
                text[cell.bits.start as usize * 2] = "|";
                text[cell.bits.end as usize * 2] = "|";
            }
            let text = text.concat();
            out.push(text.trim_end().to_owned(), places.clone());
        }
    }
    if let Some(last) = grid.last() {
        out.push(border(bits_a_row, Some(last), None), Vec::new());
    }
    out
}

impl Diagram {
    fn push(&mut self, line: String, places: Vec<(Range<usize>, usize)>) {
        self.lines.push(line);
        self.places.push(places);
    }
}

/// A field's value in so many columns: a flag as its bit.
fn value(row: &FieldRow, room: usize) -> &str {
    match row.value.as_str() {
        "set" if room < 3 => "1",
        "not set" if room < 7 => "0",
        value if columns::width(value) <= room => value,
        value => value.split_once(" (").map_or(value, |(number, _)| number),
    }
}

/// The line between two rows: open where a field goes on from one to the other.
fn border(bits_a_row: u32, above: Option<&Vec<Cell>>, below: Option<&Vec<Cell>>) -> String {
    let covers = |cells: Option<&Vec<Cell>>, bit: u32| {
        cells.and_then(|cells| cells.iter().find(|cell| cell.bits.contains(&bit)).cloned())
    };
    let mut line = String::new();
    let mut was_drawn = false;
    for bit in 0..bits_a_row {
        let (up, down) = (covers(above, bit), covers(below, bit));
        let is_drawn = match (&up, &down) {
            (None, None) => false,
            (Some(up), Some(down)) => !(up.goes_on && up.row == down.row),
            _ => true,
        };
        let is_edge = up.is_some() || down.is_some();
        line.push(match (is_drawn || was_drawn, is_edge) {
            (true, _) => '+',
            (false, true) if bit == 0 => '|',
            _ => ' ',
        });
        line.push(if is_drawn { '-' } else { ' ' });
        was_drawn = is_drawn;
        if bit + 1 == bits_a_row {
            line.push(if is_drawn {
                '+'
            } else if is_edge {
                '|'
            } else {
                ' '
            });
        }
    }
    line.trim_end().to_owned()
}

pub(super) fn draw(state: &State, data: &ViewData, buffer: &mut Buffer, area: Rect) {
    let is_focused = state.packets.pane == Pane::Tree;
    let Some(detail) = &data.page.detail else { return };
    let visible = detail.visible(&state.packets.folded);
    let selected = visible.get(state.packets.field).copied().unwrap_or(0);
    let Some(header) = header_of(detail, selected) else {
        text::rule(state, "Diagram", Some("no header here"), is_focused, buffer, area);
        return;
    };
    let label = detail.rows.get(header).map_or("", |row| row.label);
    text::rule(state, label, Some("d: fields"), is_focused, buffer, area);
    let bits = if u32::from(area.width) > WIDE * 2 { WIDE } else { NARROW };
    let drawing = drawing(detail, header, bits);
    let inside = inside(area);
    let is_here =
        |places: &Vec<(Range<usize>, usize)>| places.iter().any(|(_, row)| *row == selected);
    // The selected field stays in sight.
    let last = drawing.places.iter().rposition(is_here).unwrap_or(0) + 2;
    let top = last.saturating_sub(usize::from(inside.height));
    let theme = &state.theme;
    let lines = drawing.lines.iter().zip(&drawing.places).skip(top);
    for (y, (line, places)) in (inside.y..inside.bottom()).zip(lines) {
        let room = usize::from(inside.width);
        buffer.set_stringn(inside.x, y, line, room, theme.style(Role::Faint));
        for (columns, row) in places {
            let x = inside.x.saturating_add(u16::try_from(columns.start).unwrap_or(u16::MAX));
            let width = u16::try_from(columns.len()).unwrap_or(0);
            if x < inside.right() {
                let width = width.min(inside.right() - x);
                let role = match (*row == selected, is_focused) {
                    (true, true) => Role::Selected,
                    (true, false) => Role::Marked,
                    _ => Role::Number,
                };
                buffer.set_style(Rect { x, y, width, height: 1 }, theme.style(role));
            }
        }
    }
}
