//! Events of the engine, and how they change the state.

use super::filter_bar;
use crate::dashboard::model::event::Event;
use crate::dashboard::model::line_editor::LineEditor;
use crate::dashboard::model::panel_id::PanelId;
use crate::dashboard::model::selection;
use crate::dashboard::model::state::State;
use crate::dashboard::model::view_data::ViewData;
use crate::dashboard::view::panel::packets;

/// Changes the state by an event.
pub(super) fn receive(state: &mut State, event: Event, data: &ViewData) {
    match event {
        Event::Cancelled => {
            state.packets.sort = state.packets.sorted;
            state.workspace.say("called off");
        }
        Event::FilterRejected { text, wrong } => {
            state.filter.draft = text.map(LineEditor::new);
            state.filter.wrong = Some(wrong);
        }
        Event::Filtered { filter, span, cursor } => {
            state.filter.applied = filter;
            state.filter.no_match = None;
            state.workspace.span = span;
            state.packets.cursor = cursor;
            state.packets.top = 0;
            state.packets.sorted = None;
            state.frozen = None;
        }
        Event::Located(position) => go_to(state, position),
        Event::Found { position, is_wrapped } => {
            selection::leave(state, data);
            go_to(state, position);
            if is_wrapped {
                state.workspace.say("past the end, from the other one");
            }
        }
        Event::AnomalyLocated(id) => packets::to_anomaly(state, data, id),
        Event::Frozen(count) => {
            if let Some(frozen) = &mut state.frozen {
                frozen.packets = count;
            }
        }
        Event::Sorted { by, position } => {
            let packets = &mut state.packets;
            packets.sorted = by;
            packets.order += 1;
            // Without a selected packet the list begins at its top.
            if let Some(position) = position.filter(|_| packets.cursor > 0) {
                // It keeps its line on screen, as far as there are packets before it.
                let line = packets.cursor.saturating_sub(packets.top);
                packets.cursor = position;
                packets.top = position.saturating_sub(line);
            }
        }
        Event::SortRefused { is_sorted, why } => {
            state.packets.sort = state.packets.sorted.filter(|_| !is_sorted);
            state.workspace.refuse(why);
        }
        Event::FieldValues { name, values } => {
            state.filter.known_values = Some((name, values));
            filter_bar::refresh(state);
        }
        Event::NoMatch(words) => state.filter.no_match = Some(words),
        Event::Done(words) => state.workspace.say(words),
        Event::Refused(why) => state.workspace.refuse(why),
    }
}

/// Selects the packet at `position` in the panel of packets.
fn go_to(state: &mut State, position: u64) {
    state.panel = PanelId::PACKETS;
    state.is_following = false;
    state.packets.cursor = position;
    // It does not stand at the edge: the rows around it are seen too.
    let rows = u64::from(packets::panes::panes(state).list.height) / 3;
    let top = state.packets.top;
    if position < top || position >= top + 3 * rows {
        state.packets.top = position.saturating_sub(rows);
    }
}
