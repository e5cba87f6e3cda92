//! Lines that stand for packets, under a cursor: what the panels of blocks have in common.
//!
//! A panel lays its lines out on a [`Board`]; the cursor goes from one that makes a filter to the
//! next, down each column, and stays on its filter when numbers move.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Widget;

use super::{layout, text};
use crate::dashboard::model::action::{Action, Effect, Step};
use crate::dashboard::model::filter_expr;
use crate::dashboard::model::panel_id::PanelId;
use crate::dashboard::model::state::{Bars, Chosen, State};
use crate::dashboard::model::theme::Role;

/// A line, and the filter that the packets it counts pass, where there is one.
#[derive(Debug, Clone)]
pub struct Bar {
    /// What is drawn.
    pub line: Line<'static>,
    /// The filter.
    pub term: Option<String>,
}

impl Bar {
    /// A line that stands for packets.
    pub fn new(line: Line<'static>, term: impl Into<String>) -> Self {
        Self { line, term: Some(term.into()) }
    }
}

impl From<Line<'static>> for Bar {
    fn from(line: Line<'static>) -> Self {
        Self { line, term: None }
    }
}

/// Lines that only tell.
pub fn plain(lines: Vec<Line<'static>>) -> Vec<Bar> {
    lines.into_iter().map(Bar::from).collect()
}

/// What stands on one line of a board.
#[derive(Debug)]
pub enum Content {
    /// The title of a block, and a remark.
    Title(&'static str, Option<String>),
    /// A line of it.
    Bar(Bar),
}

/// One line of a board.
#[derive(Debug)]
pub struct Piece {
    /// Which block it is of.
    pub block: usize,
    /// Which column that stands in.
    pub column: usize,
    /// First column of the screen.
    pub x: u16,
    /// Columns of the screen.
    pub width: u16,
    /// Line, from the top of the board.
    pub y: usize,
    /// What stands there.
    pub content: Content,
}

impl Piece {
    fn term(&self) -> Option<&str> {
        match &self.content {
            Content::Bar(bar) => bar.term.as_deref(),
            Content::Title(..) => None,
        }
    }
}

/// The lines of a panel, and the part of the screen that they are seen through.
#[derive(Debug)]
pub struct Board {
    /// Column by column, each from its top.
    pub pieces: Vec<Piece>,
    /// Lines of the longest column.
    pub height: usize,
    /// Where they stand on the screen.
    pub area: Rect,
}

impl Board {
    fn last_top(&self) -> usize {
        self.height.saturating_sub(usize::from(self.area.height))
    }

    /// The pieces with a filter.
    fn stops(&self) -> Vec<&Piece> {
        self.pieces.iter().filter(|piece| piece.term().is_some()).collect()
    }

    /// Draws what is seen of it.
    pub fn draw(&self, state: &State, bars: &Bars, buffer: &mut Buffer) {
        let bottom = bars.top + usize::from(self.area.height);
        let mut stop = 0;
        for piece in &self.pieces {
            let is_stop = piece.term().is_some();
            let is_chosen = is_stop && bars.chosen.as_ref().is_some_and(|on| on.index == stop);
            stop += usize::from(is_stop);
            if !(bars.top..bottom).contains(&piece.y) {
                continue;
            }
            let Ok(line) = u16::try_from(piece.y - bars.top) else { continue };
            let place = Rect { x: piece.x, y: self.area.y + line, width: piece.width, height: 1 };
            match &piece.content {
                Content::Title(title, remark) => {
                    text::rule(state, title, remark.as_deref(), false, buffer, place);
                }
                Content::Bar(bar) => {
                    (&bar.line).render(place, buffer);
                    if is_chosen {
                        buffer.set_style(place, state.theme.style(Role::Selected));
                    }
                }
            }
        }
    }

    /// Brings the cursor and the lines on screen back to what exists.
    pub fn settle(&self, bars: &mut Bars) {
        bars.top = bars.top.min(self.last_top());
        let Some(chosen) = &bars.chosen else { return };
        let stops = self.stops();
        // Of lines with one filter the nearest; without any, the one that came to its place.
        let same = stops.iter().enumerate().filter(|(_, piece)| is_on(chosen, piece));
        let nearest = same.map(|(index, _)| index).min_by_key(|at| at.abs_diff(chosen.index));
        let index = nearest.unwrap_or_else(|| chosen.index.min(stops.len().saturating_sub(1)));
        bars.chosen = stops.get(index).map(|piece| chosen_at(index, piece));
    }

    /// Moves the cursor or the lines, or shows the packets of the line under the cursor.
    pub fn act(
        &self,
        state: &mut State,
        of: fn(&mut State) -> &mut Bars,
        action: Action,
    ) -> Option<Effect> {
        if action == Action::Drill {
            let chosen = of(state).chosen.clone();
            state.panel = PanelId::PACKETS;
            let applied = state.filter.applied.as_deref();
            return chosen
                .map(|on| Effect::Filter(Some(filter_expr::combined(applied, &on.term, false))));
        }
        let bars = of(state);
        match action {
            Action::Move(step) => self.step(bars, step),
            Action::NextPane => self.to_block(bars, true),
            Action::PreviousPane => self.to_block(bars, false),
            Action::WheelDown(..) => bars.top += usize::from(layout::WHEEL_ROWS),
            Action::WheelUp(..) => bars.top = bars.top.saturating_sub(layout::WHEEL_ROWS.into()),
            Action::Click(x, y) if self.area.contains((x, y).into()) => {
                let line = usize::from(y - self.area.y) + bars.top;
                let is_there = |piece: &&Piece| {
                    piece.y == line && (piece.x..piece.x + piece.width).contains(&x)
                };
                let stops = self.stops();
                let found = stops.iter().position(is_there);
                if let Some(index) = found {
                    self.put(bars, index, &stops);
                }
            }
            _ => {}
        }
        self.settle(bars);
        None
    }

    fn step(&self, bars: &mut Bars, step: Step) {
        let stops = self.stops();
        let height = usize::from(self.area.height);
        let page = height.max(2) - 1;
        let is_seen = |piece: &Piece| (bars.top..bars.top + height).contains(&piece.y);
        let here = bars.chosen.as_ref().map(|chosen| chosen.index).filter(|&i| i < stops.len());
        match step {
            Step::Down | Step::Up => {
                let is_down = step == Step::Down;
                let to = match here {
                    Some(at) if is_down => Some(at + 1),
                    Some(at) => at.checked_sub(1),
                    None => stops.iter().position(|piece| is_seen(piece)),
                };
                let to = to.filter(|&to| to < stops.len());
                // What lies between two that can be chosen is passed line by line.
                let is_near = to.is_some_and(|to| {
                    let (piece, from) = (stops[to], here.map(|at| stops[at]));
                    let next = bars.top.saturating_sub(1)..bars.top + height + 1;
                    next.contains(&piece.y) || from.is_some_and(|from| from.column != piece.column)
                });
                match to {
                    Some(to) if is_near => self.put(bars, to, &stops),
                    _ if is_down => bars.top += 1,
                    _ => bars.top = bars.top.saturating_sub(1),
                }
            }
            Step::PageDown | Step::HalfDown | Step::PageUp | Step::HalfUp => {
                let by = match step {
                    Step::PageDown | Step::PageUp => page,
                    _ => page.div_ceil(2),
                };
                let is_down = matches!(step, Step::PageDown | Step::HalfDown);
                let moved = |y: usize| if is_down { y + by } else { y.saturating_sub(by) };
                bars.top = moved(bars.top);
                if let Some(at) = here {
                    self.put(
                        bars,
                        nearest(&stops, stops[at].column, moved(stops[at].y), at),
                        &stops,
                    );
                }
            }
            Step::First => {
                bars.top = 0;
                bars.chosen = here.and(stops.first()).map(|piece| chosen_at(0, piece));
            }
            Step::Last => {
                bars.top = self.last_top();
                let last = stops.len().saturating_sub(1);
                bars.chosen = here.and(stops.last()).map(|piece| chosen_at(last, piece));
            }
            Step::Left | Step::Right => {
                let Some(at) = here else { return self.step(bars, Step::Down) };
                let columns = stops.iter().map(|piece| piece.column);
                let from = stops[at].column;
                let to = if step == Step::Right {
                    columns.filter(|&column| column > from).min()
                } else {
                    columns.filter(|&column| column < from).max()
                };
                if let Some(column) = to {
                    self.put(bars, nearest(&stops, column, stops[at].y, at), &stops);
                }
            }
        }
    }

    /// To the first line of the next block, or of the one before; round at the ends.
    fn to_block(&self, bars: &mut Bars, is_next: bool) {
        let stops = self.stops();
        let first = |index: &usize| {
            index.checked_sub(1).is_none_or(|before| stops[before].block != stops[*index].block)
        };
        let firsts: Vec<usize> = (0..stops.len()).filter(first).collect();
        let here = bars.chosen.as_ref().map(|chosen| chosen.index);
        let to = match here {
            None => firsts.first(),
            Some(at) if is_next => firsts.iter().find(|&&to| to > at).or(firsts.first()),
            Some(at) => {
                let own = firsts.iter().rposition(|&to| to <= at).unwrap_or(0);
                own.checked_sub(1).and_then(|index| firsts.get(index)).or(firsts.last())
            }
        };
        if let Some(&to) = to {
            self.put(bars, to, &stops);
        }
    }

    /// Puts the cursor on a line, and that on the screen.
    fn put(&self, bars: &mut Bars, index: usize, stops: &[&Piece]) {
        let Some(piece) = stops.get(index) else { return };
        bars.chosen = Some(chosen_at(index, piece));
        let height = usize::from(self.area.height.max(1));
        bars.top = bars.top.clamp((piece.y + 1).saturating_sub(height), piece.y);
        // A title above is worth seeing too.
        if piece.y == 1 {
            bars.top = 0;
        }
    }
}

/// The line of `column` that is nearest to line `y`; `at` where it has none.
fn nearest(stops: &[&Piece], column: usize, y: usize, at: usize) -> usize {
    let there = stops.iter().enumerate().filter(|(_, piece)| piece.column == column);
    there.min_by_key(|(_, piece)| piece.y.abs_diff(y)).map_or(at, |(index, _)| index)
}

fn is_on(chosen: &Chosen, piece: &Piece) -> bool {
    chosen.block == piece.block && piece.term() == Some(chosen.term.as_str())
}

fn chosen_at(index: usize, piece: &Piece) -> Chosen {
    Chosen { block: piece.block, term: piece.term().unwrap_or("").to_owned(), index }
}
