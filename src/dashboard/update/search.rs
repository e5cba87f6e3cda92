//! Searching in the panes of a packet, and among packets.

use crate::dashboard::model::action::{CursorMove, Effect, FindTarget};
use crate::dashboard::model::panel_id::PanelId;
use crate::dashboard::model::search::Needle;
use crate::dashboard::model::state::{Pane, State, moved_row};
use crate::dashboard::model::view_data::ViewData;

/// Searches for what is written, from the selection on.
///
/// # Errors
/// Why it cannot be searched for, in words.
pub(super) fn search(
    state: &mut State,
    text: &str,
    data: &ViewData,
) -> Result<Option<Effect>, String> {
    if text.is_empty() {
        return Err("what to search for? hint: text, 0x4500, or /regex/".to_owned());
    }
    state.workspace.needle = Some(Needle::parse(text)?);
    Ok(again(state, data, false))
}

/// Goes to the next place where it is, or to the one before.
pub(super) fn again(state: &mut State, data: &ViewData, is_back: bool) -> Option<Effect> {
    let Some(needle) = state.workspace.needle.clone() else {
        state.workspace.refuse("nothing is searched for yet; ^f searches");
        return None;
    };
    if state.panel != PanelId::PACKETS || state.packets.pane == Pane::List {
        return Some(Effect::Find(FindTarget::Needle, is_back));
    }
    let detail = data.page.detail.as_ref()?;
    let is_found = if state.packets.pane == Pane::Hex {
        octets(state, &needle, &detail.bytes, is_back)
    } else {
        let visible = detail.visible(&state.packets.folded);
        let is_there = |at: &usize| {
            let row = visible.get(*at).and_then(|&index| detail.rows.get(index));
            row.is_some_and(|row| {
                needle.is_in(row.label) || needle.is_in(row.name) || needle.is_in(&row.value)
            })
        };
        let (here, count) = (state.packets.field, visible.len());
        let found = if is_back {
            (0..here).rev().chain((here + 1..count).rev()).find(is_there)
        } else {
            (here + 1..count).chain(0..here).find(is_there)
        };
        if let Some(to) = found {
            state.packets.field = moved_row(to, CursorMove::Left, count, 1);
        }
        found.is_some() || is_there(&here)
    };
    if !is_found {
        state.workspace.refuse(format!("'{}' is nowhere in this packet", needle.text));
    }
    None
}

/// Selects the octets where it is.
fn octets(state: &mut State, needle: &Needle, bytes: &[u8], is_back: bool) -> bool {
    let here = state.packets.octet;
    let all = || {
        let mut at = 0;
        std::iter::from_fn(move || {
            let (found, _) = needle.find(bytes, at)?;
            at = found + 1;
            Some(found)
        })
    };
    let found = if is_back {
        all().filter(|&at| at < here).last().or_else(|| all().last())
    } else {
        all().find(|&at| at > here).or_else(|| all().next())
    };
    if let Some(at) = found {
        state.packets.octet = at;
    }
    found.is_some()
}
