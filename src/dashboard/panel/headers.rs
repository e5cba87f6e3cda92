//! Headers: what the fields of all packets held, as distributions.
//!
//! Blocks in columns, as many as there is room for; all columns scroll together, so that nothing is
//! left out on a small screen.

mod block;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Widget;

use self::block::BLOCKS;
use crate::dashboard::action::{Action, Step};
use crate::dashboard::shown::Shown;
use crate::dashboard::state::State;
use crate::dashboard::theme::Role;
use crate::dashboard::update::Effect;
use crate::dashboard::{layout, text};

/// From this width on there are three columns.
const THREE: u16 = 132;
/// From this width on there are two columns.
const TWO: u16 = 76;
/// Columns between two columns.
const GAP: u16 = 2;

/// Longer paths are hardly ever seen: what is farther from where hosts begin began elsewhere.
const LONGEST_PATH: u8 = 32;

/// How many routers a packet has passed, judged by its TTL or hop limit: a guess, since hosts begin
/// with one of few.  None for what is too far from all of those, such as what is meant for the link.
pub fn passed(hops: u8) -> Option<u8> {
    let first = [64, 128, 255].into_iter().find(|&first| hops <= first)?;
    Some(first - hops).filter(|&passed| passed <= LONGEST_PATH)
}

/// One line of a column.
enum Row {
    Title(&'static str, Option<String>),
    Line(Line<'static>),
}

/// The columns: for each its lines; and their width.
fn columns(state: &State, shown: &Shown, width: u16) -> (Vec<Vec<Row>>, u16) {
    let count = match width {
        THREE.. => 3,
        TWO.. => 2,
        _ => 1,
    };
    let wide = (width - (count - 1) * GAP) / count;
    let mut columns: Vec<Vec<Row>> = (0..count).map(|_| Vec::new()).collect();
    for block in &BLOCKS {
        let at = match count {
            3 => block.of_three,
            2 => block.of_two,
            _ => 0,
        };
        let lines = (block.lines)(state, shown, wide);
        let Some(column) = columns.get_mut(at).filter(|_| !lines.is_empty()) else { continue };
        column.push(Row::Title(block.title, (block.remark)(shown)));
        column.extend(lines.into_iter().map(Row::Line));
    }
    (columns, wide)
}

pub(super) fn draw(state: &State, shown: &Shown, buffer: &mut Buffer, area: Rect) {
    if shown.snapshot.total.packets == 0 {
        text::empty(state, shown, "headers", buffer, area);
        return;
    }
    let (columns, width) = columns(state, shown, area.width);
    let longest = columns.iter().map(Vec::len).max().unwrap_or(0);
    let (area, note) = parts(area, longest);
    for (x, column) in (area.x..).step_by(usize::from(width + GAP)).zip(columns) {
        for (y, row) in (area.y..area.bottom()).zip(column.into_iter().skip(state.headers_top)) {
            let place = Rect { x, y, width, height: 1 };
            match row {
                Row::Title(title, remark) => {
                    text::rule(state, title, remark.as_deref(), false, buffer, place);
                }
                Row::Line(line) => line.render(place, buffer),
            }
        }
    }
    if !note.is_empty() {
        let below = longest.saturating_sub(state.headers_top + usize::from(area.height));
        let theme = &state.theme;
        let arrows = theme.glyph("↑↓", "^v");
        let text = format!("{arrows} {} lines above, {below} below", state.headers_top);
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

pub(super) fn act(state: &mut State, action: Action, shown: &Shown) -> Option<Effect> {
    let page = usize::from(layout::body(state).height).max(2) - 1;
    let top = state.headers_top;
    state.headers_top = match action {
        Action::Move(Step::Down) => top + 1,
        Action::Move(Step::Up) => top.saturating_sub(1),
        Action::WheelDown(..) => top + usize::from(layout::WHEEL_ROWS),
        Action::WheelUp(..) => top.saturating_sub(layout::WHEEL_ROWS.into()),
        Action::Move(Step::PageDown) => top + page,
        Action::Move(Step::PageUp) => top.saturating_sub(page),
        Action::Move(Step::HalfDown) => top + page.div_ceil(2),
        Action::Move(Step::HalfUp) => top.saturating_sub(page.div_ceil(2)),
        Action::Move(Step::First) => 0,
        Action::Move(Step::Last) => usize::MAX,
        _ => top,
    };
    settle(state, shown);
    None
}

pub(super) fn settle(state: &mut State, shown: &Shown) {
    if state.headers_top == 0 {
        return;
    }
    let body = layout::body(state);
    let (columns, _) = columns(state, shown, body.width);
    let longest = columns.iter().map(Vec::len).max().unwrap_or(0);
    let (body, _) = parts(body, longest);
    state.headers_top = state.headers_top.min(longest.saturating_sub(body.height.into()));
}
