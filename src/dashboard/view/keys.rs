//! The keys: one table that feeds the handler, the hints at the bottom and the help.
//!
//! To add one: a row in `keys/table.rs`; with an action of its own also that, and what it does in a
//! panel or in `update`.

mod table;

use self::table::{KEYS, row};
use super::panel::{self, PANELS, Panel};
use crate::base::text::is_unsafe;
use crate::dashboard::model::action::Action;
use crate::dashboard::model::context::Context;
use crate::dashboard::model::key::Key;
use crate::dashboard::model::keymap::{KeyBinding, Keymap};
use crate::dashboard::model::state::State;

/// The keys that open the panels.
static PANEL_KEYS: [KeyBinding; PANELS.len()] = {
    let first = &PANELS[0];
    let mut rows = [opens(first); PANELS.len()];
    let mut at = 1;
    while at < PANELS.len() {
        rows[at] = opens(&PANELS[at]);
        at += 1;
    }
    rows
};

const fn opens(panel: &'static Panel) -> KeyBinding {
    let keys = std::slice::from_ref(&panel.key);
    row(keys, Action::View(panel.id), Context::is_panel, None, panel.help)
}

/// Every key, in the order of the help.
pub fn bindings() -> impl Iterator<Item = &'static KeyBinding> + Clone {
    PANEL_KEYS.iter().chain(KEYS)
}

/// Every context there is: those of the panels in their order, then what stands before them.
pub fn contexts() -> impl Iterator<Item = Context> {
    PANELS.iter().flat_map(|panel| panel.contexts).copied().chain(Context::OVERLAYS)
}

/// The context that keys act in now.
pub fn context(state: &State) -> Context {
    if state.help.is_some() { Context::HELP } else { context_beneath_help(state) }
}

/// The context that keys act in once the help is closed.
pub fn context_beneath_help(state: &State) -> Context {
    if state.workspace.prompt.is_some() {
        Context::PROMPT
    } else if state.workspace.is_copying {
        Context::COPYING
    } else if state.filter.draft.is_some() {
        Context::FILTER
    } else if state.address_cards.is_some() {
        Context::CARD
    } else {
        (panel::open(state).context)(state)
    }
}

/// The binding of `key` in `context`: a key that the user chose comes before one of the table.
pub fn find(keymap: &Keymap, key: Key, context: Context) -> Option<&'static KeyBinding> {
    let here = || bindings().filter(|row| (row.is_in)(context));
    let chosen = here().find(|row| keymap.changed(row).is_some_and(|keys| keys.contains(&key)));
    chosen.or_else(|| here().find(|row| keymap.keys(row).contains(&key)))
}

/// The action of `key` in `context`; characters go to the line being edited, if there is one.
pub fn action(keymap: &Keymap, key: Key, context: Context) -> Option<Action> {
    if let Some(row) = find(keymap, key, context) {
        return Some(row.action);
    }
    match key {
        // What is pasted may turn the line round or hide in it; no field has such a value.
        Key::Char(c) if context.is_writing() && !is_unsafe(c) => Some(Action::Type(c)),
        _ => None,
    }
}

/// The bindings with a hint in `context`, weightiest first.
pub fn hints(context: Context) -> Vec<&'static KeyBinding> {
    let here = bindings().filter(|row| row.hint.is_some() && (row.is_in)(context));
    let mut rows: Vec<_> = here.collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.hint.map_or(0, |(weight, _)| weight)));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dashboard::view::panel::packets;

    #[test]
    fn what_cannot_be_seen_is_not_written() {
        let keymap = Keymap::default();
        assert_eq!(action(&keymap, Key::Char('é'), Context::FILTER), Some(Action::Type('é')));
        for c in ['\u{202e}', '\u{200b}', '\u{7}', '\u{1b}'] {
            assert_eq!(action(&keymap, Key::Char(c), Context::FILTER), None, "{c:?}");
        }
    }

    #[test]
    fn a_chosen_key_comes_before_the_table() {
        let mut keymap = Keymap::default();
        assert_eq!(action(&keymap, Key::Char('q'), packets::LIST), Some(Action::Quit));
        keymap.set(Action::Freeze, vec![Key::Char('q')]);
        assert_eq!(action(&keymap, Key::Char('q'), packets::LIST), Some(Action::Freeze));
        assert_eq!(action(&keymap, Key::Char(' '), packets::LIST), None);
        assert_eq!(action(&keymap, Key::Char('q'), Context::FILTER), Some(Action::Type('q')));
    }
}
