//! The map: a dot for every block with addresses in it; the more packets, the fuller and warmer.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::hilbert;
use crate::address::prefix::{Family, Prefix};
use crate::dashboard::model::action::CursorMove;
use crate::dashboard::model::snapshot::space::{AddressMap, Density, MAP_BITS};
use crate::dashboard::model::state::{MapState, State};
use crate::dashboard::model::theme::{Role, Theme};

/// Lengths of the blocks that a map shows.
pub(super) const LEVELS: [u8; 4] = [0, 8, 16, 18];

/// How large a map is drawn: 2^`order` dots a side, four by four of them a cell of the cursor's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MapLayout {
    order: u8,
}

/// Bits below a dot's address on the finest map of a block of `len`.
pub(super) fn dot_shift(len: u8) -> u8 {
    32u8.saturating_sub(len).saturating_sub(MAP_BITS)
}

impl MapLayout {
    /// The largest map that fits; none where no map makes sense.
    pub(super) fn fitting(columns: u16, rows: u16) -> Option<Self> {
        let most = MAP_BITS / 2;
        let layouts = (3..=most).rev().map(|order| Self { order });
        layouts.into_iter().find(|layout| layout.size().0 <= columns && layout.size().1 <= rows)
    }

    /// Columns and rows on screen: two dots by four a character.
    pub(super) fn size(self) -> (u16, u16) {
        (1 << (self.order - 1), 1 << (self.order - 2))
    }

    /// Order of the curve through the cells.
    fn cells(self) -> u8 {
        self.order - 2
    }

    /// Bits of an address that a cell leaves open.
    fn cell_shift(self, len: u8) -> u8 {
        (32 - len).saturating_sub(2 * self.cells())
    }

    fn cell(self, view: &MapState) -> u32 {
        (view.at.saturating_sub(view.base)) >> self.cell_shift(view.len)
    }

    /// The block of the cell that the cursor is on.
    pub(super) fn block(self, view: &MapState) -> Prefix {
        Prefix::new(Family::V4, view.at.into(), 32 - self.cell_shift(view.len))
    }

    /// Puts the cursor on the cell in that column and row.
    pub(super) fn go_to(self, view: &mut MapState, x: u16, y: u16) {
        let most = (1 << self.cells()) - 1;
        let cell = hilbert::at(self.cells(), x.min(most), y.min(most));
        view.at = view.base | cell << self.cell_shift(view.len);
        view.is_placed = true;
    }

    /// Moves the cursor.
    pub(super) fn step(self, view: &mut MapState, step: CursorMove) {
        let (x, y) = hilbert::place(self.cells(), self.cell(view));
        let (side, some) = (1u16 << self.cells(), 1u16 << self.cells().saturating_sub(2));
        let (x, y) = match step {
            CursorMove::Up => (x, y.saturating_sub(1)),
            CursorMove::Down => (x, y + 1),
            CursorMove::Left => (x.saturating_sub(1), y),
            CursorMove::Right => (x + 1, y),
            CursorMove::PageUp | CursorMove::HalfUp => (x, y.saturating_sub(some)),
            CursorMove::PageDown | CursorMove::HalfDown => (x, y + some),
            CursorMove::First => (0, 0),
            CursorMove::Last => (side - 1, 0),
        };
        self.go_to(view, x, y);
    }
}

/// What lies in the cursor's cell.
pub(super) fn density(map: &AddressMap, view: &MapState, layout: MapLayout) -> Density {
    if (map.base, map.len) != (view.base, view.len) {
        return Density::default();
    }
    let shift = 2 * (MAP_BITS / 2 - layout.cells());
    map.density(layout.cell(view) << shift, 1 << shift)
}

/// Draws the map and its cursor.
pub(super) fn draw(
    state: &State,
    map: &AddressMap,
    layout: MapLayout,
    buffer: &mut Buffer,
    area: Rect,
) {
    let theme = &state.theme;
    let (columns, rows) = layout.size();
    labels(state, layout, buffer, area);
    if (map.base, map.len) == (state.map.base, state.map.len) {
        let width = usize::from(columns);
        let mut characters = vec![(0u8, 0u64); width * usize::from(rows)];
        for (dot, density) in &map.dots {
            let dot = u32::from(*dot) >> (MAP_BITS - 2 * layout.order);
            let (x, y) = hilbert::place(layout.order, dot);
            let at = usize::from(y / 4) * width + usize::from(x / 2);
            if let Some(character) = characters.get_mut(at) {
                character.0 |= DOTS[usize::from(y % 4)][usize::from(x % 2)];
                character.1 += density.packets;
            }
        }
        let places =
            (area.y..area.bottom()).flat_map(|y| (area.x..area.right()).map(move |x| (x, y)));
        for (place, (dots, packets)) in places.zip(characters) {
            let Some(heat) = Theme::heat(packets.max(u64::from(dots > 0)), map.total.packets)
            else {
                continue;
            };
            // What is warm fills its character, so that colours are not needed to see it.
            let symbol = match (heat, theme.is_unicode) {
                (Role::Heat4, true) => '█',
                (Role::Heat3, true) => '▓',
                (Role::Heat2, true) => '▒',
                (_, true) => char::from_u32(0x2800 + u32::from(dots)).unwrap_or(' '),
                (Role::Heat4, false) => '#',
                (Role::Heat3, false) => '+',
                (Role::Heat2, false) => ':',
                (_, false) => '.',
            };
            if dots > 0 {
                buffer[place].set_char(symbol).set_style(theme.style(heat));
            }
        }
    }
    let (x, y) = hilbert::place(layout.cells(), layout.cell(&state.map));
    let cursor = Rect { x: area.x + 2 * x, y: area.y + y, width: 2, height: 1 }.intersection(area);
    let role = if state.map.is_table { Role::Marked } else { Role::Selected };
    buffer.set_style(cursor, theme.style(role));
}

/// Braille dots by row and column.
const DOTS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

/// The ground: the octet by which the squares of a 256th differ, where there is room to write it.
fn labels(state: &State, layout: MapLayout, buffer: &mut Buffer, area: Rect) {
    let faint = state.theme.style(Role::Faint);
    let has_room = layout.order >= 7 && state.map.len.is_multiple_of(8);
    if !has_room {
        let ground = state.theme.glyph("·", " ");
        for y in area.y..area.bottom() {
            for x in (area.x..area.right()).step_by(2) {
                buffer.set_stringn(x, y, ground, 1, faint);
            }
        }
        return;
    }
    // Sixteen by sixteen squares, each of four columns and two rows.
    for octet in 0..256u32 {
        let (x, y) = hilbert::place(4, octet);
        let (x, y) = (area.x + x * 4, area.y + y * 2);
        buffer.set_stringn(x, y, format!("{octet}"), 3, faint);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_map_that_fits_is_drawn() {
        for (columns, rows, expected) in [
            (100, 40, Some((64, 32))),
            (40, 20, Some((32, 16))),
            (20, 8, Some((16, 8))),
            (4, 2, Some((4, 2))),
            (3, 2, None),
            (0, 0, None),
        ] {
            assert_eq!(MapLayout::fitting(columns, rows).map(MapLayout::size), expected);
        }
    }

    #[test]
    fn the_cursor_goes_over_all_blocks_and_stays_on_the_map() {
        let layout = MapLayout { order: 7 };
        for len in LEVELS {
            let mut view = MapState { base: 0x0a00_0000, len, ..MapState::default() };
            if len == 0 {
                view.base = 0;
            }
            view.at = view.base;
            for step in [
                CursorMove::Right,
                CursorMove::Down,
                CursorMove::PageDown,
                CursorMove::Last,
                CursorMove::Up,
                CursorMove::Left,
            ] {
                for _ in 0..40 {
                    layout.step(&mut view, step);
                    let all = Prefix::new(Family::V4, view.base.into(), len);
                    assert!(all.range().contains(layout.block(&view).range()), "{len} {step:?}");
                }
            }
        }
        let mut view = MapState::default();
        layout.go_to(&mut view, 0, 0);
        assert_eq!((layout.block(&view).first, layout.block(&view).len), (0, 10));
        layout.step(&mut view, CursorMove::Last);
        assert_eq!(layout.block(&view).last(), u128::from(u32::MAX));
    }
}
