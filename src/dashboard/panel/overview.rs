//! The overview: what happened, how fast, by which protocols, between whom.
//!
//! Blocks in columns where there is room; one below the other, to be scrolled, where there is not.

mod block;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Widget;

use self::block::{BLOCKS, Block};
use crate::dashboard::action::{Action, Step};
use crate::dashboard::graph::{self, QUANTITIES};
use crate::dashboard::shown::Shown;
use crate::dashboard::span;
use crate::dashboard::state::State;
use crate::dashboard::theme::Role;
use crate::dashboard::update::Effect;
use crate::dashboard::{clock, layout, text};

/// From this width on there are three columns and two graphs.
const THREE: u16 = 120;
/// From this width on there are two columns.
const TWO: u16 = 72;

pub(super) fn draw(state: &State, shown: &Shown, buffer: &mut Buffer, area: Rect) {
    if shown.snapshot.total.packets == 0 {
        text::empty(state, shown, "packets", buffer, area);
        return;
    }
    if area.width >= TWO && area.height >= 14 {
        let height = (area.height / 3).clamp(6, 15);
        let top = Rect { height, ..area };
        let body = Rect { y: top.bottom(), height: area.height - height, ..area };
        graphs(state, shown, buffer, top);
        columns(state, shown, buffer, body);
    } else {
        stacked(state, shown, buffer, area);
    }
    choice(state, shown, buffer);
}

/// The rate over time; two quantities where there is room.
fn graphs(state: &State, shown: &Shown, buffer: &mut Buffer, area: Rect) {
    let rate = &shown.snapshot.rate;
    let count = if area.width >= THREE { 2 } else { 1 };
    let width = (area.width - (count - 1) * 2) / count;
    for (index, quantity) in (0..count).zip(&QUANTITIES) {
        let area = Rect { x: area.x + index * (width + 2), width, ..area };
        let title = Rect { height: 1, ..area };
        let plot = Rect { y: area.y + 1, height: area.height - 1, ..area };
        let (mean, most) = graph::levels(width, rate, quantity, shown.snapshot.total);
        let remark = format!("mean {}  peak {}", (quantity.text)(mean), (quantity.text)(most));
        text::rule(state, quantity.title, Some(&remark), false, buffer, title);
        graph::draw(buffer, plot, rate, quantity, &state.theme);
    }
}

/// Where the graphs stand, without their scales; none where there are none.
pub fn plots(state: &State, shown: &Shown) -> Vec<Rect> {
    let area = layout::body(state);
    if shown.snapshot.total.packets == 0 {
        return Vec::new();
    }
    if area.width < TWO || area.height < 14 {
        let top = i32::from(area.y) - i32::try_from(state.overview_top).unwrap_or(i32::MAX);
        let top = top.saturating_add(i32::try_from(SUMMARY_LINES).unwrap_or(0));
        let is_seen = top >= i32::from(area.y) && top + 4 <= i32::from(area.bottom());
        let y = u16::try_from(top).unwrap_or(0);
        let plot = Rect { y, height: 4, ..area };
        return if is_seen { vec![graph::plot(plot)] } else { Vec::new() };
    }
    let height = (area.height / 3).clamp(6, 15);
    let count = if area.width >= THREE { 2 } else { 1 };
    let width = (area.width - (count - 1) * 2) / count;
    let plot = |index: u16| Rect {
        x: area.x + index * (width + 2),
        y: area.y + 1,
        width,
        height: height - 1,
    };
    (0..count).map(|index| graph::plot(plot(index))).collect()
}

/// Marks the span that is being chosen.
fn choice(state: &State, shown: &Shown, buffer: &mut Buffer) {
    let Some(choice) = state.tools.choice else { return };
    let (from, to) = choice.span().unwrap_or((choice.at, choice.at));
    for plot in plots(state, shown) {
        let column = |time| span::column_of(shown, plot, time);
        let (Some(first), Some(last)) = (column(from), column(to)) else { continue };
        let area = Rect { x: first, width: last - first + 1, ..plot }.intersection(buffer.area);
        buffer.set_style(area, state.theme.style(Role::Marked));
        if let Some(x) = column(choice.at) {
            let area = Rect { x, width: 1, ..plot }.intersection(buffer.area);
            buffer.set_style(area, state.theme.style(Role::Selected));
        }
    }
}

/// The blocks, side by side in columns.
fn columns(state: &State, shown: &Shown, buffer: &mut Buffer, area: Rect) {
    let count: u16 = if area.width >= THREE { 3 } else { 2 };
    let width = (area.width - (count - 1) * 2) / count;
    for column in 0..count {
        let x = area.x + column * (width + 2);
        let here: Vec<&Block> = BLOCKS
            .iter()
            .filter(
                |block| if count == 3 { block.of_three == column } else { block.of_two == column },
            )
            .collect();
        // Each block gets what it needs; the last ones what is left.
        let mut y = area.y;
        for block in here {
            let left = area.bottom().saturating_sub(y);
            if left < 3 {
                break;
            }
            let lines = (block.lines)(state, shown, width, usize::from(left - 1));
            if lines.is_empty() {
                continue;
            }
            let most = if block.grows { left - 1 } else { block.most.min(left - 1) };
            let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(most);
            let title = Rect { x, y, width, height: 1 };
            text::rule(state, block.title, (block.remark)(shown).as_deref(), false, buffer, title);
            for (line, row) in lines.into_iter().take(usize::from(height)).zip(y + 1..) {
                line.render(Rect { x, y: row, width, height: 1 }, buffer);
            }
            y += height + 1;
        }
    }
}

/// The lines of a narrow or low screen, all below each other.
fn stacked(state: &State, shown: &Shown, buffer: &mut Buffer, area: Rect) {
    let graph_height = 4;
    let lines = stacked_lines(state, shown, area.width);
    let mut y = i32::from(area.y) - i32::try_from(state.overview_top).unwrap_or(i32::MAX);
    let visible = |y: i32| y >= i32::from(area.y) && y < i32::from(area.bottom());
    for (index, line) in lines.into_iter().enumerate() {
        if index == SUMMARY_LINES {
            // The graph is drawn when all of it is on the screen.
            if visible(y) && visible(y + graph_height - 1) {
                let top = u16::try_from(y).unwrap_or(0);
                let plot = Rect { y: top, height: 4, ..area };
                graph::draw(buffer, plot, &shown.snapshot.rate, &QUANTITIES[0], &state.theme);
            }
            y += graph_height;
        }
        if visible(y) {
            let row = u16::try_from(y).unwrap_or(0);
            match line {
                Stacked::Title(title) => {
                    let area = Rect { y: row, height: 1, ..area };
                    text::rule(state, title, None, false, buffer, area);
                }
                Stacked::Line(line) => line.render(Rect { y: row, height: 1, ..area }, buffer),
            }
        }
        y += 1;
    }
}

/// Lines above the graph on a narrow screen.
const SUMMARY_LINES: usize = 1;

enum Stacked {
    Title(&'static str),
    Line(Line<'static>),
}

fn stacked_lines(state: &State, shown: &Shown, width: u16) -> Vec<Stacked> {
    let mut lines = vec![Stacked::Title(QUANTITIES[0].title)];
    for block in &BLOCKS {
        let content = (block.lines)(state, shown, width, usize::from(block.most));
        if content.is_empty() {
            continue;
        }
        lines.push(Stacked::Title(block.title));
        lines.extend(content.into_iter().take(usize::from(block.most)).map(Stacked::Line));
    }
    lines
}

pub(super) fn act(state: &mut State, action: Action, shown: &Shown) -> Option<Effect> {
    let body = layout::body(state);
    let page = usize::from(body.height).max(2) - 1;
    let top = state.overview_top;
    state.overview_top = match action {
        Action::Move(Step::Down) | Action::WheelDown(..) => top + 1,
        Action::Move(Step::Up) | Action::WheelUp(..) => top.saturating_sub(1),
        Action::Move(Step::PageDown | Step::HalfDown) => top + page,
        Action::Move(Step::PageUp | Step::HalfUp) => top.saturating_sub(page),
        Action::Move(Step::First) => 0,
        Action::Move(Step::Last) => usize::MAX,
        Action::Drill => {
            state.panel = super::PACKETS;
            top
        }
        _ => top,
    };
    settle(state, shown);
    None
}

pub(super) fn settle(state: &mut State, shown: &Shown) {
    let body = layout::body(state);
    let is_stacked = body.width < TWO || body.height < 14;
    let lines = if is_stacked { stacked_lines(state, shown, body.width).len() + 4 } else { 0 };
    state.overview_top = state.overview_top.min(lines.saturating_sub(usize::from(body.height)));
}

/// When the capture began, in words.
fn began(shown: &Shown) -> Option<String> {
    shown.snapshot.times.map(|(first, _)| format!("from {} UTC", clock::date(first)))
}
