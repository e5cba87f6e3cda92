//! What is selected among the packets: the packet, and the field of it.

use super::packet_detail::{Detail, FieldRow};
use super::state::State;
use super::view_data::ViewData;

/// The selected field of the selected packet.
pub fn field<'a>(state: &State, data: &'a ViewData) -> Option<(&'a Detail, &'a FieldRow)> {
    let detail = data.page.detail.as_ref()?;
    let visible = detail.visible(&state.packets.folded);
    let row = detail.rows.get(*visible.get(state.packets.field)?)?;
    Some((detail, row))
}

/// Number of the selected packet.
pub fn number(state: &State, data: &ViewData) -> Option<u64> {
    data.page.line(state.packets.cursor).map(|line| line.row.number)
}

/// Takes note of where a jump comes from.
pub fn leave(state: &mut State, data: &ViewData) {
    if let Some(number) = number(state, data) {
        state.workspace.jumps.leave(number);
    }
}
