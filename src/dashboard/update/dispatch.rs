//! What an action does to the state, and what it asks of the world outside.

use crate::base::timestamp::Timestamp;

use super::filter;
use super::tool;
use crate::dashboard::model::action::{Action, Step};
use crate::dashboard::model::shown::Shown;
use crate::dashboard::model::state::{Frozen, Help, State};
use crate::dashboard::view::cards;
use crate::dashboard::view::layout;
use crate::dashboard::view::panel::{self, PANELS};

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
    /// Show only that time, from the first up to the second; all, without one.
    Span(Option<(Timestamp, Timestamp)>),
    /// Go to a packet.
    Seek(Seek),
    /// Go to the next packet like this, or the one before.
    Find(Find, bool),
    /// Save packets to a file.
    Save(String, Which),
    /// Copy a text to the clipboard.
    Copy(String),
}

/// A packet to go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seek {
    /// The one with that number, or the next that is shown.
    Number(u64),
    /// The first that is not earlier.
    Time(Timestamp),
    /// The one with that number, and in it the octets of that anomaly.
    Anomaly(u64, &'static str),
}

/// What a packet to go to is like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Find {
    /// What is searched for is in it.
    Needle,
    /// It passes this filter.
    Matching(String),
    /// It is damaged, an error message, or there is a warning about it.
    Odd,
}

/// Which packets are saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// Those shown.
    Shown,
    /// Those marked.
    Marked,
    /// Those shown that pass this filter.
    Matching(String),
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
    if !matches!(action, Action::Drag(..) | Action::Release(..)) {
        state.tools.notice = None;
    }
    if state.help.is_some() {
        help(state, action);
        return None;
    }
    if let Some(done) = tool::act(state, action, shown) {
        settle(state, shown);
        return done;
    }
    if state.filter.draft.is_some() {
        return filter::write(state, action);
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
            filter::open(state, state.filter.applied.clone().unwrap_or_default());
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
            state.theme = state.theme.next(&state.tools.palettes);
            None
        }
        Action::Click(x, 0) => {
            if let Some(index) = crate::dashboard::view::screen::tab_at(state, x) {
                state.panel = index;
            }
            None
        }
        Action::Back
            if state.panel != panel::PACKETS
                || state.packets.pane == crate::dashboard::model::state::Pane::List =>
        {
            // What was put on last comes off first.
            if state.filter.applied.is_some() {
                Some(Effect::Filter(None))
            } else {
                state.tools.span.map(|_| Effect::Span(None))
            }
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
    let most = crate::dashboard::view::screen::help_lines(state).len().saturating_sub(height);
    if let Some(help) = state.help.as_mut() {
        help.top = help.top.min(most);
    }
}
