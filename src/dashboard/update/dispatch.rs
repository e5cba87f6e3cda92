//! The state, and what an action or an event does to it.
//!
//! [`StateMachine`] owns it: its fields can be read from outside, and change only by these.

use std::ops::Deref;

use super::command::CommandOutcome;
use super::{event, filter_bar, help, navigation};
use crate::dashboard::model::action::{Action, Effect};
use crate::dashboard::model::event::Event;
use crate::dashboard::model::panel_id::PanelId;
use crate::dashboard::model::state::{Frozen, Pane, State};
use crate::dashboard::model::view_data::ViewData;
use crate::dashboard::view::{self, address_card, panel, tabs};

/// The state of the dashboard, which changes by actions and events alone.
#[derive(Debug)]
pub struct StateMachine(State);

impl Deref for StateMachine {
    type Target = State;

    fn deref(&self) -> &State {
        &self.0
    }
}

impl StateMachine {
    /// Begins with `state`.
    pub fn new(state: State) -> Self {
        Self(state)
    }

    /// Performs an action of the user; returns the effect that it has outside of the state.
    pub fn act(&mut self, action: Action, data: &ViewData) -> Option<Effect> {
        update(&mut self.0, action, data)
    }

    /// Takes in an event of the engine.
    pub fn receive(&mut self, event: Event, data: &ViewData) {
        event::receive(&mut self.0, event, data);
    }

    /// Brings all cursors back to rows that exist, after something new came.
    pub fn clamp_cursor(&mut self, data: &ViewData) {
        clamp_cursor(&mut self.0, data);
    }
}

/// Performs an action.
fn update(state: &mut State, action: Action, data: &ViewData) -> Option<Effect> {
    if let Action::Resize(columns, rows) = action {
        state.size = (columns, rows);
        view::help::fit(state);
        clamp_cursor(state, data);
        return None;
    }
    if action == Action::Interrupt {
        return Some(Effect::Interrupt);
    }
    if action == Action::Suspend {
        return Some(Effect::Suspend);
    }
    if !matches!(action, Action::Drag(..) | Action::Release(..)) {
        state.workspace.notice = None;
    }
    if state.help.is_some() {
        help::act(state, action);
        return None;
    }
    if let Some(next) = navigation::act(state, action, data) {
        let effect = match next {
            CommandOutcome::Act(action) => update(state, action, data),
            CommandOutcome::Effect(effect) => effect,
        };
        clamp_cursor(state, data);
        return effect;
    }
    if state.filter.draft.is_some() {
        return filter_bar::write(state, action);
    }
    if state.address_cards.is_some() && action != Action::Help {
        let effect = address_card::handle(state, action);
        clamp_cursor(state, data);
        return effect;
    }
    let effect = match action {
        Action::Quit => Some(Effect::Quit),
        Action::View(id) => {
            state.panel = id;
            None
        }
        Action::Help => {
            help::open(state);
            None
        }
        Action::Filter => {
            filter_bar::open(state, state.filter.applied.clone().unwrap_or_default());
            None
        }
        Action::Freeze => {
            let frozen = Frozen { packets: data.page.count.max(data.run_status.shown) };
            state.frozen = if state.frozen.is_some() { None } else { Some(frozen) };
            None
        }
        Action::Time => {
            state.time = state.time.next();
            None
        }
        Action::Colours => {
            state.theme = state.theme.next(&state.workspace.palettes);
            None
        }
        Action::Click(x, 0) => {
            if let Some(id) = tabs::tab_at(state, x) {
                state.panel = id;
            }
            None
        }
        Action::Back if state.panel != PanelId::PACKETS || state.packets.pane == Pane::List => {
            // What was put on last comes off first.
            if state.filter.applied.is_some() {
                Some(Effect::Filter(None))
            } else {
                state.workspace.span.map(|_| Effect::Span(None))
            }
        }
        _ => (panel::open(state).handle)(state, action, data),
    };
    clamp_cursor(state, data);
    effect
}

/// Brings all cursors back to rows that exist.
fn clamp_cursor(state: &mut State, data: &ViewData) {
    (panel::open(state).clamp_cursor)(state, data);
}
