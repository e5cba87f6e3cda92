//! What the keys beside moving do: commands, search, marks, jumps, filters from what is selected,
//! copying, and the choice of a span of time.

use super::command::CommandOutcome;
use super::{copy, filter_bar, prompt, search, time_span};
use crate::dashboard::model::action::{Action, Effect, FindTarget, SeekTarget};
use crate::dashboard::model::prompt::PromptKind;
use crate::dashboard::model::state::{Pane, State};
use crate::dashboard::model::view_data::ViewData;
use crate::dashboard::model::{filter_expr, selection};
use crate::dashboard::view::panel::{self, packets::columns};

/// Performs an action if it is one of these; returns what is to follow.
pub(super) fn act(state: &mut State, action: Action, data: &ViewData) -> Option<CommandOutcome> {
    if state.workspace.prompt.is_some() {
        return Some(prompt::write(state, action, data));
    }
    if state.workspace.is_copying {
        state.workspace.is_copying = false;
        let effect = match action {
            Action::Copy(what) => match copy::text(state, data, what) {
                Ok(text) => Some(Effect::Copy(text)),
                Err(why) => {
                    state.workspace.refuse(why);
                    None
                }
            },
            _ => None,
        };
        return Some(CommandOutcome::Effect(effect));
    }
    if state.filter.draft.is_some() {
        return None;
    }
    if let Some(next) = time_span::act(state, action, data) {
        return Some(next);
    }
    let find = |what, is_back| Some(Effect::Find(what, is_back));
    let effect = match action {
        Action::Command => open(state, PromptKind::Command, ""),
        Action::Search => open(state, PromptKind::Search, ""),
        Action::Save if state.workspace.marks.is_empty() => {
            open(state, PromptKind::Command, "write ")
        }
        Action::Save => open(state, PromptKind::Command, "write-marked "),
        Action::Columns => {
            let now = state.workspace.columns.as_deref().map_or_else(columns::usual, Clone::clone);
            let line = format!("columns {} ", columns::words(&now));
            open(state, PromptKind::Command, &line)
        }
        Action::CopyMenu => {
            state.workspace.is_copying = true;
            None
        }
        Action::SearchNext => search::again(state, data, false),
        Action::SearchPrevious => search::again(state, data, true),
        Action::NextAnomaly => find(FindTarget::Anomalous, false),
        Action::PreviousAnomaly => find(FindTarget::Anomalous, true),
        Action::NextOfFlow | Action::PreviousOfFlow => {
            let flow = data.page.detail.as_ref().and_then(filter_expr::of_flow);
            if flow.is_none() {
                state.workspace.refuse("this packet is of no flow");
            }
            flow.and_then(|flow| find(FindTarget::Matching(flow), action == Action::PreviousOfFlow))
        }
        Action::Whole => {
            state.workspace.is_whole = !state.workspace.is_whole;
            None
        }
        Action::Diagram => {
            state.workspace.is_diagram = !state.workspace.is_diagram;
            if state.workspace.is_diagram && state.packets.pane == Pane::List {
                state.packets.pane = Pane::Tree;
            }
            None
        }
        Action::Mark => mark(state, data),
        Action::NextMark | Action::PreviousMark => to_mark(state, data, action == Action::NextMark),
        Action::JumpBack | Action::JumpForward => jump(state, data, action == Action::JumpBack),
        Action::Keep | Action::Exclude => compose(state, data, action == Action::Exclude),
        _ => return None,
    };
    Some(CommandOutcome::Effect(effect))
}

fn open(state: &mut State, purpose: PromptKind, text: &str) -> Option<Effect> {
    prompt::open(state, purpose, text);
    None
}

fn mark(state: &mut State, data: &ViewData) -> Option<Effect> {
    let number = selection::number(state, data)?;
    if !state.workspace.marks.remove(&number) {
        state.workspace.marks.insert(number);
    }
    None
}

fn to_mark(state: &mut State, data: &ViewData, is_next: bool) -> Option<Effect> {
    let number = selection::number(state, data)?;
    let marks = &state.workspace.marks;
    let found = if is_next {
        marks.range(number + 1..).next().or_else(|| marks.first())
    } else {
        marks.range(..number).next_back().or_else(|| marks.last())
    };
    let Some(&to) = found else {
        state.workspace.refuse("no packet is marked; m marks one");
        return None;
    };
    selection::leave(state, data);
    Some(Effect::Seek(SeekTarget::Number(to)))
}

fn jump(state: &mut State, data: &ViewData, is_back: bool) -> Option<Effect> {
    let number = selection::number(state, data)?;
    let jumps = &mut state.workspace.jumps;
    let to = if is_back { jumps.back(number) } else { jumps.forward(number) };
    if to.is_none() {
        state.workspace.refuse("no jump to go there");
    }
    to.map(|to| Effect::Seek(SeekTarget::Number(to)))
}

/// Writes a filter of what is selected into the bar; the user sees it before it is applied.
fn compose(state: &mut State, data: &ViewData, is_excluded: bool) -> Option<Effect> {
    match (panel::open(state).filter)(state, data) {
        Some(term) => {
            let applied = state.filter.applied.as_deref();
            filter_bar::open(state, filter_expr::combined(applied, &term, is_excluded));
        }
        None => state.workspace.refuse("what is selected makes no filter"),
    }
    None
}
