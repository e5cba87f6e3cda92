//! Headers: what the fields of all packets held, as distributions.
//!
//! Blocks in columns, as many as there is room for; all columns scroll together, so that nothing is
//! left out on a small screen.

pub(super) mod block;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use self::block::BLOCKS;
use crate::analyze::Analysis;
use crate::dashboard::model::action::{Action, Effect};
use crate::dashboard::model::context::{Ability, Context};
use crate::dashboard::model::panel_id::PanelId;
use crate::dashboard::model::snapshot::Snapshot;
use crate::dashboard::model::state::{GridCursor, State};
use crate::dashboard::model::theme::Role;
use crate::dashboard::model::view_data::ViewData;
use crate::dashboard::view::block_grid::{BlockGrid, Content, GridLine};
use crate::dashboard::view::{layout, text};

/// Its name.
pub const ID: PanelId = PanelId("headers");
/// Where its keys go.
pub const CONTEXT: Context = Context::panel("headers", &[Ability::Blocks]);

/// From this width on there are three columns.
const THREE: u16 = 132;
/// From this width on there are two columns.
const TWO: u16 = 76;
/// Columns between two columns.
const GAP: u16 = 2;

pub(super) fn query(snapshot: &mut Snapshot, analysis: &Analysis) {
    analysis.flows().for_each(|flow| snapshot.connections.add(&flow));
}

/// Every line, where it stands; and the line about what is above and below, where there is one.
pub fn grid(state: &State, data: &ViewData) -> (BlockGrid, Rect) {
    let area = layout::body(state);
    let count = match area.width {
        THREE.. => 3,
        TWO.. => 2,
        _ => 1,
    };
    let width = area.width.saturating_sub((count - 1) * GAP) / count;
    let mut lines = Vec::new();
    let mut longest = 0;
    for (column, x) in (area.x..).step_by(usize::from(width + GAP)).take(count.into()).enumerate() {
        let mut y = 0;
        for (number, block) in BLOCKS.iter().enumerate() {
            let at = match count {
                3 => block.of_three,
                2 => block.of_two,
                _ => 0,
            };
            if at != column {
                continue;
            }
            let made = (block.lines)(state, data, width);
            if made.is_empty() {
                continue;
            }
            let title = Content::Title(block.title, (block.remark)(data));
            for content in std::iter::once(title).chain(made.into_iter().map(Content::Line)) {
                lines.push(GridLine { block: number, column, x, width, y, content });
                y += 1;
            }
        }
        longest = longest.max(y);
    }
    let (area, note) = parts(area, longest);
    (BlockGrid { lines, height: longest, area }, note)
}

pub(super) fn draw(state: &State, data: &ViewData, buffer: &mut Buffer, area: Rect) {
    if data.snapshot.total.packets == 0 {
        text::empty(state, data, "headers", buffer, area);
        return;
    }
    let (grid, note) = grid(state, data);
    grid.draw(state, &state.headers, buffer);
    if !note.is_empty() {
        let top = state.headers.top;
        let below = grid.height.saturating_sub(top + usize::from(grid.area.height));
        let theme = &state.theme;
        let arrows = theme.glyph("↑↓", "^v");
        let text = format!("{arrows} {top} lines above, {below} below");
        let style = theme.style(Role::Faint);
        buffer.set_stringn(note.x, note.y, text, usize::from(note.width), style);
    }
}

/// Where the columns stand, and the line about what is above and below where they do not fit.
fn parts(area: Rect, longest: usize) -> (Rect, Rect) {
    let note = u16::from(longest > usize::from(area.height) && area.height > 2);
    let columns = Rect { height: area.height - note, ..area };
    (columns, Rect { y: columns.bottom(), height: note, ..area })
}

pub(super) fn handle(state: &mut State, action: Action, data: &ViewData) -> Option<Effect> {
    grid(state, data).0.handle(state, |state| &mut state.headers, action)
}

pub(super) fn term(state: &State, _shown: &ViewData) -> Option<String> {
    state.headers.chosen.as_ref().map(|chosen| chosen.term.clone())
}

pub(super) fn clamp_cursor(state: &mut State, data: &ViewData) {
    // What is not made yet has no lines to stand on.
    if state.headers != GridCursor::default() && data.snapshot.total.packets > 0 {
        grid(state, data).0.clamp_cursor(&mut state.headers);
    }
}
