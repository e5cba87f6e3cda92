//! The graph as a control: a cursor in time, a span from there to here, zoom and pan.

use super::command::CommandOutcome;
use crate::base::timestamp::{TimeDelta, Timestamp};

use ratatui::layout::Rect;

use crate::dashboard::model::action::{Action, Effect};
use crate::dashboard::model::panel_id::PanelId;
use crate::dashboard::model::state::State;
use crate::dashboard::model::view_data::ViewData;
use crate::dashboard::model::workspace::TimeSelection;
use crate::dashboard::view::panel::overview;
use crate::dashboard::view::time_axis::shown_time;

/// Least time that is zoomed into.
const LEAST: TimeDelta = TimeDelta::from_nanos(1_000);

/// Performs an action if it is about time.
pub(super) fn act(state: &mut State, action: Action, data: &ViewData) -> Option<CommandOutcome> {
    let is_overview = state.panel == PanelId::OVERVIEW;
    let effect = match action {
        Action::TimeLeft if is_overview => step(state, data, -1),
        Action::TimeRight if is_overview => step(state, data, 1),
        Action::Span if is_overview => span(state, data),
        Action::Back if is_overview && state.workspace.time_selection.is_some() => {
            state.workspace.time_selection = None;
            None
        }
        Action::Click(x, y) if is_overview => {
            let at = time_at(state, data, x, y)?;
            state.workspace.time_selection = Some(TimeSelection { anchor: Some(at), at });
            None
        }
        Action::Drag(x, y) => {
            let anchor = state.workspace.time_selection.and_then(|choice| choice.anchor)?;
            // Beyond the ends of the graph the span goes up to them.
            let plot = plots(state, data).into_iter().next()?;
            let inside = x.min(plot.right().saturating_sub(1)).max(plot.x);
            let plot = plots(state, data).into_iter().find(|plot| plot.contains((x, y).into()));
            let at = match plot {
                Some(_) => time_at(state, data, x, y)?,
                None => time_of(state, data, inside)?,
            };
            state.workspace.time_selection = Some(TimeSelection { anchor: Some(anchor), at });
            None
        }
        Action::Release(..) => {
            let choice = state.workspace.time_selection?;
            choice.anchor?;
            if choice.span().is_some() {
                span(state, data)
            } else {
                // A click without a drag puts the cursor there.
                state.workspace.time_selection = Some(TimeSelection { anchor: None, ..choice });
                None
            }
        }
        Action::ZoomIn | Action::ZoomOut | Action::PanLeft | Action::PanRight => {
            return Some(CommandOutcome::Effect(view(state, data, action)));
        }
        Action::AllTime => state.workspace.span.map(|_| Effect::Span(None)),
        _ => return None,
    };
    Some(CommandOutcome::Effect(effect))
}

/// Where the graphs stand, without their scales.
fn plots(state: &State, data: &ViewData) -> Vec<Rect> {
    overview::plots(state, data)
}

/// The time at column `x` of the first graph.
fn time_of(state: &State, data: &ViewData, x: u16) -> Option<Timestamp> {
    let plot = plots(state, data).into_iter().next()?;
    time_in(data, plot, x)
}

fn time_in(data: &ViewData, plot: Rect, x: u16) -> Option<Timestamp> {
    let (from, to) = shown_time(data)?;
    let column = x.checked_sub(plot.x)?;
    Some(from + (to - from).fraction(column.into(), plot.width.into()))
}

/// The time at a place on the screen, if a graph is there.
fn time_at(state: &State, data: &ViewData, x: u16, y: u16) -> Option<Timestamp> {
    let plot = plots(state, data).into_iter().find(|plot| plot.contains((x, y).into()))?;
    time_in(data, plot, x)
}

fn step(state: &mut State, data: &ViewData, columns: i64) -> Option<Effect> {
    let (from, to) = shown_time(data)?;
    let width = plots(state, data).first().map_or(64, |plot| plot.width.max(1));
    let column = ((to - from) / i64::from(width)).max(TimeDelta::from_nanos(1));
    let middle = from + (to - from) / 2;
    let choice =
        state.workspace.time_selection.unwrap_or(TimeSelection { anchor: None, at: middle });
    let at = (choice.at + column * columns).clamp(from, to);
    state.workspace.time_selection = Some(TimeSelection { at, ..choice });
    None
}

/// Begins a span at the cursor, or shows the one that was begun.
fn span(state: &mut State, data: &ViewData) -> Option<Effect> {
    let (from, to) = shown_time(data)?;
    let choice = state
        .workspace
        .time_selection
        .unwrap_or(TimeSelection { anchor: None, at: from + (to - from) / 2 });
    if let Some(span) = choice.span() {
        state.workspace.time_selection = None;
        return Some(Effect::Span(Some(span)));
    }
    state.workspace.time_selection = Some(TimeSelection { anchor: Some(choice.at), ..choice });
    None
}

/// Zooms around the cursor, or pans.
fn view(state: &mut State, data: &ViewData, action: Action) -> Option<Effect> {
    let (from, to) = state.workspace.span.or_else(|| shown_time(data))?;
    let wide = (to - from).max(LEAST);
    let centre =
        state.workspace.time_selection.map_or(from + wide / 2, |choice| choice.at.clamp(from, to));
    let (from, to) = match action {
        Action::ZoomIn if wide <= LEAST * 2 => return None,
        Action::ZoomIn => {
            let begin = (centre - wide / 4).clamp(from, (to - wide / 2).max(from));
            (begin, begin + wide / 2)
        }
        // Without a span all of the time is shown already.
        _ if state.workspace.span.is_none() => return None,
        Action::ZoomOut => (from - wide / 2, to + wide / 2),
        Action::PanLeft => (from - wide / 2, to - wide / 2),
        _ => (from + wide / 2, to + wide / 2),
    };
    state.workspace.time_selection = None;
    if let Some((first, last)) = data.all_times {
        if from <= first && to > last {
            return Some(Effect::Span(None));
        }
        // Not out of sight of what there is.
        if to <= first || from > last {
            return None;
        }
    }
    Some(Effect::Span(Some((from, to))))
}
