//! The overview: what happened, how fast, by which protocols, between whom.
//!
//! Blocks in columns where there is room; one below the other, to be scrolled, where there is not.

mod block;

use crate::dashboard::view::time_axis;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use self::block::{BLOCKS, Block};
use crate::analyze::Analysis;
use crate::dashboard::model::action::{Action, Effect};
use crate::dashboard::model::context::{Ability, Context};
use crate::dashboard::model::panel_id::PanelId;
use crate::dashboard::model::rows::RankedRows;
use crate::dashboard::model::snapshot::{Snapshot, top_talkers};
use crate::dashboard::model::state::{GridCursor, State};
use crate::dashboard::model::theme::Role;
use crate::dashboard::model::view_data::ViewData;
use crate::dashboard::view::block_grid::{BlockGrid, Content, GridLine};
use crate::dashboard::view::graph::{self, QUANTITIES};
use crate::dashboard::view::{layout, text};
use crate::report::summary::{self, talker::Talkers};

/// Its name.
pub const ID: PanelId = PanelId::OVERVIEW;
/// Where its keys go.
pub const CONTEXT: Context = Context::panel("overview", &[Ability::Blocks]);

/// From this width on there are three columns and two graphs.
const THREE: u16 = 120;
/// From this width on there are two columns.
const TWO: u16 = 72;

/// Talkers that there is room for, on the largest screen.
const MOST_TALKERS: usize = 100;

pub(super) fn query(snapshot: &mut Snapshot, analysis: &Analysis) {
    let scope = snapshot.query.rows.scope;
    let talkers = Talkers::of(analysis, scope, top_talkers::threads(), MOST_TALKERS);
    (snapshot.talkers, snapshot.addresses) = (talkers.endpoints, talkers.addresses);
    // Worst first already.
    let rows = summary::anomalies(&analysis.all_anomalies());
    snapshot.anomalies = RankedRows { total: rows.len() as u64, rows };
}

pub(super) fn draw(state: &State, data: &ViewData, buffer: &mut Buffer, area: Rect) {
    if data.snapshot.total.packets == 0 {
        text::empty(state, data, "packets", buffer, area);
        return;
    }
    if !is_stacked(area) {
        graphs(state, data, buffer, Rect { height: graph_height(area), ..area });
    } else if let Some(plot) = stacked_graph(state, area) {
        graph::draw(buffer, plot, &data.snapshot.rate, &QUANTITIES[0], &state.theme);
    }
    grid(state, data).draw(state, &state.overview, buffer);
    choice(state, data, buffer);
}

/// The rate over time; two quantities where there is room.
fn graphs(state: &State, data: &ViewData, buffer: &mut Buffer, area: Rect) {
    let rate = &data.snapshot.rate;
    let count = if area.width >= THREE { 2 } else { 1 };
    let width = (area.width - (count - 1) * 2) / count;
    for (index, quantity) in (0..count).zip(&QUANTITIES) {
        let area = Rect { x: area.x + index * (width + 2), width, ..area };
        let title = Rect { height: 1, ..area };
        let plot = Rect { y: area.y + 1, height: area.height - 1, ..area };
        let (mean, most) = graph::levels(width, rate, quantity, data.snapshot.total);
        let remark = format!("mean {}  peak {}", (quantity.text)(mean), (quantity.text)(most));
        text::rule(state, quantity.title, Some(&remark), false, buffer, title);
        graph::draw(buffer, plot, rate, quantity, &state.theme);
    }
}

/// Where the graphs stand, without their scales; none where there are none.
pub fn plots(state: &State, data: &ViewData) -> Vec<Rect> {
    let area = layout::body(state);
    if data.snapshot.total.packets == 0 {
        return Vec::new();
    }
    if is_stacked(area) {
        return stacked_graph(state, area).map(graph::plot).into_iter().collect();
    }
    let height = graph_height(area);
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
fn choice(state: &State, data: &ViewData, buffer: &mut Buffer) {
    let Some(choice) = state.workspace.time_selection else { return };
    let (from, to) = choice.span().unwrap_or((choice.at, choice.at));
    for plot in plots(state, data) {
        let column = |time| time_axis::column_of(data, plot, time);
        let (Some(first), Some(last)) = (column(from), column(to)) else { continue };
        let area = Rect { x: first, width: last - first + 1, ..plot }.intersection(buffer.area);
        buffer.set_style(area, state.theme.style(Role::Marked));
        if let Some(x) = column(choice.at) {
            let area = Rect { x, width: 1, ..plot }.intersection(buffer.area);
            buffer.set_style(area, state.theme.style(Role::Selected));
        }
    }
}

/// Every line below the graphs, or, where all is stacked, around the graph.
pub fn grid(state: &State, data: &ViewData) -> BlockGrid {
    let area = layout::body(state);
    if is_stacked(area) { stacked(state, data, area) } else { columns(state, data, area) }
}

fn is_stacked(area: Rect) -> bool {
    area.width < TWO || area.height < 14
}

/// The blocks, side by side in columns: what does not fit is left out.
fn columns(state: &State, data: &ViewData, body: Rect) -> BlockGrid {
    let top = graph_height(body);
    let area = Rect { y: body.y + top, height: body.height - top, ..body };
    let count: u16 = if area.width >= THREE { 3 } else { 2 };
    let width = (area.width - (count - 1) * 2) / count;
    let mut lines = Vec::new();
    for column in 0..count {
        let x = area.x + column * (width + 2);
        let place = |block: &Block| if count == 3 { block.of_three } else { block.of_two };
        let here = BLOCKS.iter().enumerate().filter(|(_, block)| place(block) == column);
        // Each block gets what it needs; the last ones what is left.
        let mut y = 0;
        for (number, block) in here {
            let left = usize::from(area.height).saturating_sub(y);
            if left < 3 {
                break;
            }
            let most = if block.grows { left - 1 } else { usize::from(block.most).min(left - 1) };
            y += add(&mut lines, (state, data), number, most, left - 1, |content, line| GridLine {
                block: number,
                column: column.into(),
                x,
                width,
                y: y + line,
                content,
            });
        }
    }
    BlockGrid { lines, height: usize::from(area.height), area }
}

/// Adds a title and at most so many lines; how many that were, none where there is nothing to say.
fn add(
    lines: &mut Vec<GridLine>,
    (state, data): (&State, &ViewData),
    number: usize,
    most: usize,
    asked: usize,
    place: impl Fn(Content, usize) -> GridLine,
) -> usize {
    let Some(block) = BLOCKS.get(number) else { return 0 };
    let title = Content::Title(block.title, (block.remark)(data));
    let title = place(title, 0);
    let made = (block.lines)(state, data, title.width, asked);
    if made.is_empty() {
        return 0;
    }
    lines.push(title);
    let before = lines.len();
    let contents = made.into_iter().take(most).map(Content::Line).zip(1..);
    lines.extend(contents.map(|(content, line)| place(content, line)));
    1 + lines.len() - before
}

/// Lines of the graph on a narrow or low screen, its title included.
const STACKED_GRAPH: u16 = 5;

/// The lines of a narrow or low screen, all below each other; the graph comes first.
fn stacked(state: &State, data: &ViewData, area: Rect) -> BlockGrid {
    let place =
        |block, content, y| GridLine { block, column: 0, x: area.x, width: area.width, y, content };
    let title = Content::Title(QUANTITIES[0].title, None);
    let mut lines = vec![place(BLOCKS.len(), title, 0)];
    let mut y = usize::from(STACKED_GRAPH);
    for (number, block) in BLOCKS.iter().enumerate() {
        let most = usize::from(block.most);
        y += add(&mut lines, (state, data), number, most, most, |content, line| {
            place(number, content, y + line)
        });
    }
    BlockGrid { lines, height: y, area }
}

/// Where the graph of a narrow or low screen stands, when all of it is on the screen.
fn stacked_graph(state: &State, area: Rect) -> Option<Rect> {
    // Its title may be above.
    let top = 1u16.checked_sub(u16::try_from(state.overview.top).ok()?)?;
    let plot = Rect { y: area.y + top, height: STACKED_GRAPH - 1, ..area };
    (plot.bottom() <= area.bottom()).then_some(plot)
}

/// Lines of the graphs above the columns, their titles included.
fn graph_height(body: Rect) -> u16 {
    (body.height / 3).clamp(6, 15)
}

pub(super) fn handle(state: &mut State, action: Action, data: &ViewData) -> Option<Effect> {
    grid(state, data).handle(state, |state| &mut state.overview, action)
}

pub(super) fn term(state: &State, _shown: &ViewData) -> Option<String> {
    state.overview.chosen.as_ref().map(|chosen| chosen.term.clone())
}

pub(super) fn clamp_cursor(state: &mut State, data: &ViewData) {
    // What is not made yet has no lines to stand on.
    if state.overview != GridCursor::default() && data.snapshot.total.packets > 0 {
        grid(state, data).clamp_cursor(&mut state.overview);
    }
}
