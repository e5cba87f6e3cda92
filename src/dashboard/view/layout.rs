//! Where things stand: pure functions of the state, so that drawing and clicking agree.

use ratatui::layout::Rect;

use crate::dashboard::model::state::State;

/// Rows that a turn of the mouse wheel scrolls.
pub const WHEEL_ROWS: u8 = 3;

/// The parts of a screen, top to bottom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// Name, views, badges.
    pub top: Rect,
    /// The filter, when there is one; else empty.
    pub filter: Rect,
    /// Why the filter is wrong, or what completes it; else empty.
    pub advice: Rect,
    /// The panel.
    pub body: Rect,
    /// Hints; empty where they share the last line.
    pub hints: Rect,
    /// The status line.
    pub status: Rect,
}

/// Screens of fewer rows have no line for hints.
const HINT_ROWS: u16 = 16;

/// Screens of as many columns have room for hints and status in one line.
pub const ONE_LINE: u16 = 132;

/// The parts of the screen now.
pub fn screen(state: &State) -> Screen {
    let area = state.area();
    let mut y = 0;
    let mut take = |height: u16| {
        let height = height.min(area.height.saturating_sub(y));
        let part = Rect { x: 0, y, width: area.width, height };
        y += height;
        part
    };
    let has_hints = area.height >= HINT_ROWS && area.width < ONE_LINE;
    let bottom = if area.height >= 3 { 1 + u16::from(has_hints) } else { 0 };
    let top = take(1);
    let filter = take(u16::from(has_filter(state) && area.height >= 4));
    let has_prompt = state.workspace.prompt.is_some();
    let has_advice = has_prompt
        || state.filter.draft.is_some()
            && (state.filter.wrong.is_some() || !state.filter.completions.is_empty());
    let lines = if has_prompt || state.filter.wrong.is_none() { 1 } else { 2 };
    let advice = take(if has_advice && area.height >= 8 { lines } else { 0 });
    let body =
        take(area.height.saturating_sub(top.height + filter.height + advice.height + bottom));
    let hints = take(u16::from(has_hints));
    let status = take(u16::from(area.height >= 3));
    Screen { top, filter, advice, body, hints, status }
}

/// Where the panel stands.
pub fn body(state: &State) -> Rect {
    screen(state).body
}

fn has_filter(state: &State) -> bool {
    let workspace = &state.workspace;
    state.filter.draft.is_some()
        || state.filter.applied.is_some()
        || workspace.prompt.is_some()
        || workspace.span.is_some()
}
