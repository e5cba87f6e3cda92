//! Where the list, the fields and the octets stand: side by side, below each other, or one at a
//! time.

use ratatui::layout::Rect;

use crate::dashboard::model::state::{Pane, State};
use crate::dashboard::view::layout;

/// From this width on, fields and octets stand side by side.
const SIDE_BY_SIDE: u16 = 140;

/// Below this width or height one pane is shown at a time.
const ONE_PANE: (u16, u16) = (80, 16);

/// Columns of a pane of octets, its frame included.
const HEX_COLUMNS: u16 = 76;

/// Where the panes stand; those that are not shown are empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Panes {
    /// The list.
    pub list: Rect,
    /// The fields, with a rule above.
    pub tree: Rect,
    /// The octets, with a rule above.
    pub hex: Rect,
}

/// Where the panes stand now.
pub fn panes(state: &State) -> Panes {
    let body = layout::body(state);
    let none = Rect { width: 0, height: 0, ..body };
    if body.width < ONE_PANE.0 || body.height < ONE_PANE.1 {
        let mut panes = Panes { list: none, tree: none, hex: none };
        match state.packets.pane {
            Pane::List => panes.list = body,
            Pane::Tree => panes.tree = body,
            Pane::Hex => panes.hex = body,
        }
        return panes;
    }
    let list = Rect { height: body.height * 2 / 5, ..body };
    let below = Rect { y: list.bottom(), height: body.height - list.height, ..body };
    if body.width >= SIDE_BY_SIDE {
        let tree = Rect { width: body.width - HEX_COLUMNS, ..below };
        let hex = Rect { x: tree.right() + 1, width: HEX_COLUMNS - 1, ..below };
        return Panes { list, tree, hex };
    }
    // A diagram wants height more than the octets do.
    let third = if state.workspace.is_diagram && state.packets.pane != Pane::Hex { 0 } else { 3 };
    let share = below.height.checked_div(third).unwrap_or(0);
    let tree = Rect { height: below.height - share, ..below };
    let hex = Rect { y: tree.bottom(), height: below.height - tree.height, ..below };
    Panes { list, tree, hex }
}

/// What is inside a pane with a rule above.
pub(super) fn inside(pane: Rect) -> Rect {
    let rule = pane.height.min(1);
    Rect { y: pane.y + rule, height: pane.height - rule, ..pane }
}
