//! What is selected among the packets: the packet, and the field of it.

use super::detail::{Detail, FieldRow};
use super::shown::Shown;
use super::state::State;

/// The selected field of the selected packet.
pub fn field<'a>(state: &State, shown: &'a Shown) -> Option<(&'a Detail, &'a FieldRow)> {
    let detail = shown.page.detail.as_ref()?;
    let visible = detail.visible(&state.packets.folded);
    let row = detail.rows.get(*visible.get(state.packets.field)?)?;
    Some((detail, row))
}

/// Number of the selected packet.
pub fn number(state: &State, shown: &Shown) -> Option<u64> {
    shown.page.line(state.packets.cursor).map(|line| line.row.number)
}

/// Takes note of where a jump comes from.
pub fn leave(state: &mut State, shown: &Shown) {
    if let Some(number) = number(state, shown) {
        state.tools.jumps.leave(number);
    }
}
