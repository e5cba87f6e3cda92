//! What an action does to the state, and what it asks of the world outside.

use super::action::{Action, Step};
use super::cards;
use super::filter;
use super::layout;
use super::panel::{self, PANELS};
use super::shown::Shown;
use super::state::{Frozen, Help, State};

/// What must be done outside of the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// End the program.
    Quit,
    /// End the program as a signal would.
    Interrupt,
    /// Stop the program until the shell continues it.
    Suspend,
    /// Show what passes this filter; all, without one.
    Filter(Option<String>),
}

/// Does what is asked for.
pub fn update(state: &mut State, action: Action, shown: &Shown) -> Option<Effect> {
    if let Action::Resize(columns, rows) = action {
        state.size = (columns, rows);
        settle(state, shown);
        return None;
    }
    if action == Action::Interrupt {
        return Some(Effect::Interrupt);
    }
    if action == Action::Suspend {
        return Some(Effect::Suspend);
    }
    if state.help.is_some() {
        help(state, action);
        return None;
    }
    if state.filter.draft.is_some() {
        return write(state, action);
    }
    if state.cards.is_some() && action != Action::Help {
        let effect = cards::act(state, action);
        settle(state, shown);
        return effect;
    }
    let effect = match action {
        Action::Quit => Some(Effect::Quit),
        Action::View(index) => {
            state.panel = index.min(PANELS.len() - 1);
            None
        }
        Action::Help => {
            state.help = Some(Help::default());
            None
        }
        Action::Filter => {
            state.filter.draft = Some(state.filter.applied.clone().unwrap_or_default());
            None
        }
        Action::Freeze => {
            let frozen = Frozen { packets: shown.page.count.max(shown.health.shown) };
            state.frozen = if state.frozen.is_some() { None } else { Some(frozen) };
            None
        }
        Action::Time => {
            state.time = state.time.next();
            None
        }
        Action::Colours => {
            state.theme = state.theme.next();
            None
        }
        Action::Click(x, 0) => {
            if let Some(index) = super::view::tab_at(state, x) {
                state.panel = index;
            }
            None
        }
        Action::Back
            if state.panel != panel::PACKETS || state.packets.pane == super::state::Pane::List =>
        {
            let had = state.filter.applied.is_some();
            had.then_some(Effect::Filter(None))
        }
        _ => (PANELS[state.panel].act)(state, action, shown),
    };
    settle(state, shown);
    effect
}

/// Brings all cursors back to rows that exist.
pub fn settle(state: &mut State, shown: &Shown) {
    (PANELS[state.panel].settle)(state, shown);
}

fn help(state: &mut State, action: Action) {
    let height = usize::from(layout::body(state).height).max(2);
    let Some(help) = state.help.as_mut() else { return };
    match action {
        Action::Back | Action::Click(..) => {
            state.help = None;
            return;
        }
        Action::Type(c) => help.search.push(c),
        Action::Erase => {
            help.search.pop();
        }
        Action::EraseWord => help.search.clear(),
        Action::WheelUp(..) | Action::Move(Step::Up) => help.top = help.top.saturating_sub(1),
        Action::WheelDown(..) | Action::Move(Step::Down) => help.top += 1,
        Action::Move(Step::PageUp | Step::HalfUp) => help.top = help.top.saturating_sub(height / 2),
        Action::Move(Step::PageDown | Step::HalfDown) => help.top += height / 2,
        Action::Move(Step::First) => help.top = 0,
        Action::Move(Step::Last) => help.top = usize::MAX,
        _ => {}
    }
    let most = super::view::help_lines(state).len().saturating_sub(height);
    if let Some(help) = state.help.as_mut() {
        help.top = help.top.min(most);
    }
}

/// Writing in the filter bar.
fn write(state: &mut State, action: Action) -> Option<Effect> {
    let draft = state.filter.draft.as_mut()?;
    match action {
        Action::Type(c) => draft.push(c),
        Action::Erase => {
            draft.pop();
        }
        Action::EraseAll => draft.clear(),
        Action::EraseWord => {
            let kept = draft.trim_end().rfind(' ').map_or(0, |at| at + 1);
            draft.truncate(kept);
        }
        Action::Complete => {
            if let Some(word) = state.filter.completions.first() {
                let kept = filter::word_start(draft);
                draft.truncate(kept);
                draft.push_str(word);
            }
        }
        Action::Back | Action::Click(..) => {
            state.filter.draft = None;
            state.filter.wrong = None;
            state.filter.completions.clear();
            return None;
        }
        Action::Apply => {
            let text = draft.trim().to_owned();
            if text.is_empty() {
                state.filter.draft = None;
                return state.filter.applied.is_some().then_some(Effect::Filter(None));
            }
            if let Err(wrong) = filter::check(&text) {
                state.filter.wrong = Some(wrong);
                return None;
            }
            state.filter.draft = None;
            return Some(Effect::Filter(Some(text)));
        }
        _ => return None,
    }
    let draft = state.filter.draft.clone().unwrap_or_default();
    state.filter.wrong = if draft.trim().is_empty() { None } else { filter::check(&draft).err() };
    state.filter.completions = filter::complete(&draft);
    None
}
