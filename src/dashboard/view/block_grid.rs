//! Lines that stand for packets, under a cursor: what the overview and the headers have in common.
//!
//! A panel lays the lines of its blocks out on a [`BlockGrid`]; the cursor goes from one that makes
//! a filter to the next, down each column, and stays on its filter when numbers move.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Widget;

use super::{layout, text};
use crate::dashboard::model::action::{Action, CursorMove, Effect};
use crate::dashboard::model::filter_expr;
use crate::dashboard::model::panel_id::PanelId;
use crate::dashboard::model::state::{GridCursor, GridSelection, State};
use crate::dashboard::model::theme::Role;

/// A line, and the filter that the packets it counts pass, where there is one.
#[derive(Debug, Clone)]
pub struct FilterLine {
    /// What is drawn.
    pub line: Line<'static>,
    /// The filter.
    pub term: Option<String>,
}

impl FilterLine {
    /// A line that stands for packets.
    pub fn new(line: Line<'static>, term: impl Into<String>) -> Self {
        Self { line, term: Some(term.into()) }
    }
}

impl From<Line<'static>> for FilterLine {
    fn from(line: Line<'static>) -> Self {
        Self { line, term: None }
    }
}

/// Lines that cannot be selected.
pub fn plain(lines: Vec<Line<'static>>) -> Vec<FilterLine> {
    lines.into_iter().map(FilterLine::from).collect()
}

/// What stands on one line of a grid.
#[derive(Debug)]
pub enum Content {
    /// The title of a block, and a remark.
    Title(&'static str, Option<String>),
    /// A line of it.
    Line(FilterLine),
}

/// One line of a grid.
#[derive(Debug)]
pub struct GridLine {
    /// Which block it is of.
    pub block: usize,
    /// Which column that stands in.
    pub column: usize,
    /// First column of the screen.
    pub x: u16,
    /// Columns of the screen.
    pub width: u16,
    /// Line, from the top of the grid.
    pub y: usize,
    /// What stands there.
    pub content: Content,
}

impl GridLine {
    fn term(&self) -> Option<&str> {
        match &self.content {
            Content::Line(filter_line) => filter_line.term.as_deref(),
            Content::Title(..) => None,
        }
    }
}

/// The lines of a panel, and the part of the screen that they are seen through.
#[derive(Debug)]
pub struct BlockGrid {
    /// Column by column, each from its top.
    pub lines: Vec<GridLine>,
    /// Lines of the longest column.
    pub height: usize,
    /// Where they stand on the screen.
    pub area: Rect,
}

impl BlockGrid {
    fn last_top(&self) -> usize {
        self.height.saturating_sub(usize::from(self.area.height))
    }

    /// The lines with a filter.
    fn stops(&self) -> Vec<&GridLine> {
        self.lines.iter().filter(|line| line.term().is_some()).collect()
    }

    /// Draws what is seen of it.
    pub fn draw(&self, state: &State, cursor: &GridCursor, buffer: &mut Buffer) {
        let bottom = cursor.top + usize::from(self.area.height);
        let mut stop = 0;
        for line in &self.lines {
            let is_stop = line.term().is_some();
            let is_chosen = is_stop && cursor.chosen.as_ref().is_some_and(|on| on.index == stop);
            stop += usize::from(is_stop);
            if !(cursor.top..bottom).contains(&line.y) {
                continue;
            }
            let Ok(row) = u16::try_from(line.y - cursor.top) else { continue };
            let place = Rect { x: line.x, y: self.area.y + row, width: line.width, height: 1 };
            match &line.content {
                Content::Title(title, remark) => {
                    text::rule(state, title, remark.as_deref(), false, buffer, place);
                }
                Content::Line(filter_line) => {
                    (&filter_line.line).render(place, buffer);
                    if is_chosen {
                        buffer.set_style(place, state.theme.style(Role::Selected));
                    }
                }
            }
        }
    }

    /// Brings the cursor and the lines on screen back to what exists.
    pub fn clamp_cursor(&self, cursor: &mut GridCursor) {
        cursor.top = cursor.top.min(self.last_top());
        let Some(chosen) = &cursor.chosen else { return };
        let stops = self.stops();
        // Of lines with one filter the nearest; without any, the one that came to its place.
        let same = stops.iter().enumerate().filter(|(_, line)| is_on(chosen, line));
        let nearest = same.map(|(index, _)| index).min_by_key(|at| at.abs_diff(chosen.index));
        let index = nearest.unwrap_or_else(|| chosen.index.min(stops.len().saturating_sub(1)));
        cursor.chosen = stops.get(index).map(|line| chosen_at(index, line));
    }

    /// Moves the cursor or the lines, or shows the packets of the line under the cursor.
    pub fn handle(
        &self,
        state: &mut State,
        of: fn(&mut State) -> &mut GridCursor,
        action: Action,
    ) -> Option<Effect> {
        if action == Action::Drill {
            let chosen = of(state).chosen.clone();
            state.panel = PanelId::PACKETS;
            let applied = state.filter.applied.as_deref();
            return chosen
                .map(|on| Effect::Filter(Some(filter_expr::combined(applied, &on.term, false))));
        }
        let cursor = of(state);
        match action {
            Action::Move(step) => self.step(cursor, step),
            Action::NextPane => self.to_block(cursor, true),
            Action::PreviousPane => self.to_block(cursor, false),
            Action::WheelDown(..) => cursor.top += usize::from(layout::WHEEL_ROWS),
            Action::WheelUp(..) => {
                cursor.top = cursor.top.saturating_sub(layout::WHEEL_ROWS.into());
            }
            Action::Click(x, y) if self.area.contains((x, y).into()) => {
                let row = usize::from(y - self.area.y) + cursor.top;
                let is_there =
                    |line: &&GridLine| line.y == row && (line.x..line.x + line.width).contains(&x);
                let stops = self.stops();
                let found = stops.iter().position(is_there);
                if let Some(index) = found {
                    self.put(cursor, index, &stops);
                }
            }
            _ => {}
        }
        self.clamp_cursor(cursor);
        None
    }

    fn step(&self, cursor: &mut GridCursor, step: CursorMove) {
        let stops = self.stops();
        let height = usize::from(self.area.height);
        let page = height.max(2) - 1;
        let is_seen = |line: &GridLine| (cursor.top..cursor.top + height).contains(&line.y);
        let here = cursor.chosen.as_ref().map(|chosen| chosen.index).filter(|&i| i < stops.len());
        match step {
            CursorMove::Down | CursorMove::Up => {
                let is_down = step == CursorMove::Down;
                let to = match here {
                    Some(at) if is_down => Some(at + 1),
                    Some(at) => at.checked_sub(1),
                    None => stops.iter().position(|line| is_seen(line)),
                };
                let to = to.filter(|&to| to < stops.len());
                // What lies between two that can be chosen is passed line by line.
                let is_near = to.is_some_and(|to| {
                    let (line, from) = (stops[to], here.map(|at| stops[at]));
                    let next = cursor.top.saturating_sub(1)..cursor.top + height + 1;
                    next.contains(&line.y) || from.is_some_and(|from| from.column != line.column)
                });
                match to {
                    Some(to) if is_near => self.put(cursor, to, &stops),
                    _ if is_down => cursor.top += 1,
                    _ => cursor.top = cursor.top.saturating_sub(1),
                }
            }
            CursorMove::PageDown
            | CursorMove::HalfDown
            | CursorMove::PageUp
            | CursorMove::HalfUp => {
                let by = match step {
                    CursorMove::PageDown | CursorMove::PageUp => page,
                    _ => page.div_ceil(2),
                };
                let is_down = matches!(step, CursorMove::PageDown | CursorMove::HalfDown);
                let moved = |y: usize| if is_down { y + by } else { y.saturating_sub(by) };
                cursor.top = moved(cursor.top);
                if let Some(at) = here {
                    self.put(
                        cursor,
                        nearest(&stops, stops[at].column, moved(stops[at].y), at),
                        &stops,
                    );
                }
            }
            CursorMove::First => {
                cursor.top = 0;
                cursor.chosen = here.and(stops.first()).map(|line| chosen_at(0, line));
            }
            CursorMove::Last => {
                cursor.top = self.last_top();
                let last = stops.len().saturating_sub(1);
                cursor.chosen = here.and(stops.last()).map(|line| chosen_at(last, line));
            }
            CursorMove::Left | CursorMove::Right => {
                let Some(at) = here else { return self.step(cursor, CursorMove::Down) };
                let columns = stops.iter().map(|line| line.column);
                let from = stops[at].column;
                let to = if step == CursorMove::Right {
                    columns.filter(|&column| column > from).min()
                } else {
                    columns.filter(|&column| column < from).max()
                };
                if let Some(column) = to {
                    self.put(cursor, nearest(&stops, column, stops[at].y, at), &stops);
                }
            }
        }
    }

    /// To the first line of the next block, or of the one before; round at the ends.
    fn to_block(&self, cursor: &mut GridCursor, is_next: bool) {
        let stops = self.stops();
        let first = |index: &usize| {
            index.checked_sub(1).is_none_or(|before| stops[before].block != stops[*index].block)
        };
        let firsts: Vec<usize> = (0..stops.len()).filter(first).collect();
        let here = cursor.chosen.as_ref().map(|chosen| chosen.index);
        let to = match here {
            None => firsts.first(),
            Some(at) if is_next => firsts.iter().find(|&&to| to > at).or(firsts.first()),
            Some(at) => {
                let own = firsts.iter().rposition(|&to| to <= at).unwrap_or(0);
                own.checked_sub(1).and_then(|index| firsts.get(index)).or(firsts.last())
            }
        };
        if let Some(&to) = to {
            self.put(cursor, to, &stops);
        }
    }

    /// Puts the cursor on a line, and that on the screen.
    fn put(&self, cursor: &mut GridCursor, index: usize, stops: &[&GridLine]) {
        let Some(line) = stops.get(index) else { return };
        cursor.chosen = Some(chosen_at(index, line));
        let height = usize::from(self.area.height.max(1));
        cursor.top = cursor.top.clamp((line.y + 1).saturating_sub(height), line.y);
        // A title above it is shown too.
        if line.y == 1 {
            cursor.top = 0;
        }
    }
}

/// The line of `column` that is nearest to line `y`; `at` where it has none.
fn nearest(stops: &[&GridLine], column: usize, y: usize, at: usize) -> usize {
    let there = stops.iter().enumerate().filter(|(_, line)| line.column == column);
    there.min_by_key(|(_, line)| line.y.abs_diff(y)).map_or(at, |(index, _)| index)
}

fn is_on(chosen: &GridSelection, line: &GridLine) -> bool {
    chosen.block == line.block && line.term() == Some(chosen.term.as_str())
}

fn chosen_at(index: usize, line: &GridLine) -> GridSelection {
    GridSelection { block: line.block, term: line.term().unwrap_or("").to_owned(), index }
}
