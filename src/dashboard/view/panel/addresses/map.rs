//! The map: a dot for every block with addresses in it; the more packets, the fuller and warmer.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::hilbert;
use crate::address::prefix::{Family, Prefix};
use crate::dashboard::model::action::Step;
use crate::dashboard::model::snapshot::space::{Crowd, MAP_BITS, Map};
use crate::dashboard::model::state::{Atlas, State};
use crate::dashboard::model::theme::{Role, Theme};

/// Lengths of the blocks that a map shows.
pub(super) const LEVELS: [u8; 4] = [0, 8, 16, 18];

/// How large a map is drawn: 2^`order` dots a side, four by four of them a cell of the cursor's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Plan {
    order: u8,
}

/// Bits below a dot's address on the finest map of a block of `len`.
pub(super) fn dot_shift(len: u8) -> u8 {
    32u8.saturating_sub(len).saturating_sub(MAP_BITS)
}

impl Plan {
    /// The largest map that fits; none where no map makes sense.
    pub(super) fn fitting(columns: u16, rows: u16) -> Option<Self> {
        let most = MAP_BITS / 2;
        let plans = (3..=most).rev().map(|order| Self { order });
        plans.into_iter().find(|plan| plan.size().0 <= columns && plan.size().1 <= rows)
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

    fn cell(self, atlas: &Atlas) -> u32 {
        (atlas.at.saturating_sub(atlas.base)) >> self.cell_shift(atlas.len)
    }

    /// The block of the cell that the cursor is on.
    pub(super) fn block(self, atlas: &Atlas) -> Prefix {
        Prefix::new(Family::V4, atlas.at.into(), 32 - self.cell_shift(atlas.len))
    }

    /// Puts the cursor on the cell in that column and row.
    pub(super) fn go_to(self, atlas: &mut Atlas, x: u16, y: u16) {
        let most = (1 << self.cells()) - 1;
        let cell = hilbert::at(self.cells(), x.min(most), y.min(most));
        atlas.at = atlas.base | cell << self.cell_shift(atlas.len);
        atlas.is_placed = true;
    }

    /// Moves the cursor.
    pub(super) fn step(self, atlas: &mut Atlas, step: Step) {
        let (x, y) = hilbert::place(self.cells(), self.cell(atlas));
        let (side, some) = (1u16 << self.cells(), 1u16 << self.cells().saturating_sub(2));
        let (x, y) = match step {
            Step::Up => (x, y.saturating_sub(1)),
            Step::Down => (x, y + 1),
            Step::Left => (x.saturating_sub(1), y),
            Step::Right => (x + 1, y),
            Step::PageUp | Step::HalfUp => (x, y.saturating_sub(some)),
            Step::PageDown | Step::HalfDown => (x, y + some),
            Step::First => (0, 0),
            Step::Last => (side - 1, 0),
        };
        self.go_to(atlas, x, y);
    }
}

/// What lies in the cursor's cell.
pub(super) fn crowd(map: &Map, atlas: &Atlas, plan: Plan) -> Crowd {
    if (map.base, map.len) != (atlas.base, atlas.len) {
        return Crowd::default();
    }
    let shift = 2 * (MAP_BITS / 2 - plan.cells());
    map.crowd(plan.cell(atlas) << shift, 1 << shift)
}

/// Draws the map and its cursor.
pub(super) fn draw(state: &State, map: &Map, plan: Plan, buffer: &mut Buffer, area: Rect) {
    let theme = &state.theme;
    let (columns, rows) = plan.size();
    labels(state, plan, buffer, area);
    if (map.base, map.len) == (state.atlas.base, state.atlas.len) {
        let width = usize::from(columns);
        let mut characters = vec![(0u8, 0u64); width * usize::from(rows)];
        for (dot, crowd) in &map.dots {
            let dot = u32::from(*dot) >> (MAP_BITS - 2 * plan.order);
            let (x, y) = hilbert::place(plan.order, dot);
            let at = usize::from(y / 4) * width + usize::from(x / 2);
            if let Some(character) = characters.get_mut(at) {
                character.0 |= DOTS[usize::from(y % 4)][usize::from(x % 2)];
                character.1 += crowd.packets;
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
    let (x, y) = hilbert::place(plan.cells(), plan.cell(&state.atlas));
    let cursor = Rect { x: area.x + 2 * x, y: area.y + y, width: 2, height: 1 }.intersection(area);
    let role = if state.atlas.is_table { Role::Marked } else { Role::Selected };
    buffer.set_style(cursor, theme.style(role));
}

/// Braille dots by row and column.
const DOTS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

/// The ground: the octet by which the squares of a 256th differ, where there is room to write it.
fn labels(state: &State, plan: Plan, buffer: &mut Buffer, area: Rect) {
    let faint = state.theme.style(Role::Faint);
    let has_room = plan.order >= 7 && state.atlas.len.is_multiple_of(8);
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
            assert_eq!(Plan::fitting(columns, rows).map(Plan::size), expected);
        }
    }

    #[test]
    fn the_cursor_goes_over_all_blocks_and_stays_on_the_map() {
        let plan = Plan { order: 7 };
        for len in LEVELS {
            let mut atlas = Atlas { base: 0x0a00_0000, len, ..Atlas::default() };
            if len == 0 {
                atlas.base = 0;
            }
            atlas.at = atlas.base;
            for step in [Step::Right, Step::Down, Step::PageDown, Step::Last, Step::Up, Step::Left]
            {
                for _ in 0..40 {
                    plan.step(&mut atlas, step);
                    let all = Prefix::new(Family::V4, atlas.base.into(), len);
                    assert!(all.range().contains(plan.block(&atlas).range()), "{len} {step:?}");
                }
            }
        }
        let mut atlas = Atlas::default();
        plan.go_to(&mut atlas, 0, 0);
        assert_eq!((plan.block(&atlas).first, plan.block(&atlas).len), (0, 10));
        plan.step(&mut atlas, Step::Last);
        assert_eq!(plan.block(&atlas).last(), u128::from(u32::MAX));
    }
}
