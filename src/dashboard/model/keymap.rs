//! Keys that the user changed: the table of keys with some rows' keys replaced.

use crossterm::event::KeyCode;

use super::action::Action;
use super::key::Key;
use crate::base::text::is_unsafe;
use crate::dashboard::view::keys::{Context, KEYS, Row};

/// Actions with the keys they have instead of those of the table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keymap {
    changed: Vec<(Action, Vec<Key>)>,
}

impl Keymap {
    /// Gives `action` other keys, wherever it has any.
    pub fn set(&mut self, action: Action, keys: Vec<Key>) {
        self.changed.retain(|(of, _)| *of != action);
        self.changed.push((action, keys));
    }

    fn changed(&self, row: &Row) -> Option<&[Key]> {
        let found = self.changed.iter().find(|(action, _)| *action == row.action);
        found.map(|(_, keys)| keys.as_slice())
    }

    /// The keys of a row now.
    pub fn keys<'a>(&'a self, row: &'a Row) -> &'a [Key] {
        self.changed(row).unwrap_or(row.keys)
    }

    /// The row of `key` in `context`: a key that was chosen comes before one of the table.
    pub fn find(&self, key: Key, context: Context) -> Option<&'static Row> {
        let here = || KEYS.iter().filter(|row| row.contexts.contains(&context));
        let chosen = here().find(|row| self.changed(row).is_some_and(|keys| keys.contains(&key)));
        chosen.or_else(|| here().find(|row| self.keys(row).contains(&key)))
    }

    /// What `key` asks for in `context`; characters go to the text where one is being written.
    pub fn action(&self, key: Key, context: Context) -> Option<Action> {
        if let Some(row) = self.find(key, context) {
            return Some(row.action);
        }
        match key {
            // What is pasted may turn the line round or hide in it; no field has such a value.
            Key::Char(c) if context.is_writing() && !is_unsafe(c) => Some(Action::Type(c)),
            _ => None,
        }
    }
}

/// Names of keys that are no characters.
const NAMES: &[(&str, Key)] = &[
    ("backspace", Key::Named(KeyCode::Backspace)),
    ("backtab", Key::Named(KeyCode::BackTab)),
    ("delete", Key::Named(KeyCode::Delete)),
    ("down", Key::Named(KeyCode::Down)),
    ("end", Key::Named(KeyCode::End)),
    ("enter", Key::Named(KeyCode::Enter)),
    ("esc", Key::Named(KeyCode::Esc)),
    ("home", Key::Named(KeyCode::Home)),
    ("insert", Key::Named(KeyCode::Insert)),
    ("left", Key::Named(KeyCode::Left)),
    ("pagedown", Key::Named(KeyCode::PageDown)),
    ("pageup", Key::Named(KeyCode::PageUp)),
    ("right", Key::Named(KeyCode::Right)),
    ("space", Key::Char(' ')),
    ("tab", Key::Named(KeyCode::Tab)),
    ("up", Key::Named(KeyCode::Up)),
];

/// The key of that name: `x`, `ctrl-x`, `f5`, `space`.
pub fn key(name: &str) -> Option<Key> {
    let mut characters = name.chars();
    if let (Some(one), None) = (characters.next(), characters.next()) {
        return Some(Key::Char(one));
    }
    let lower = name.to_ascii_lowercase();
    if let Some(rest) = lower.strip_prefix("ctrl-").or_else(|| lower.strip_prefix('^')) {
        let mut rest = rest.chars();
        return match (rest.next(), rest.next()) {
            (Some(c @ 'a'..='z'), None) => Some(Key::Ctrl(c)),
            _ => None,
        };
    }
    if let Some(number) = lower.strip_prefix('f').and_then(|number| number.parse().ok()) {
        return (1..=12).contains(&number).then_some(Key::Named(KeyCode::F(number)));
    }
    NAMES.iter().find(|(known, _)| *known == lower).map(|(_, key)| *key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_names() {
        assert_eq!(key("x"), Some(Key::Char('x')));
        assert_eq!(key("X"), Some(Key::Char('X')));
        assert_eq!(key("Ctrl-P"), Some(Key::Ctrl('p')));
        assert_eq!(key("f5"), Some(Key::Named(KeyCode::F(5))));
        assert_eq!(key("space"), Some(Key::Char(' ')));
        for wrong in ["", "f0", "f13", "ctrl-", "ctrl-1", "hyper"] {
            assert_eq!(key(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_cannot_be_seen_is_not_written() {
        let keymap = Keymap::default();
        assert_eq!(keymap.action(Key::Char('é'), Context::Filter), Some(Action::Type('é')));
        for c in ['\u{202e}', '\u{200b}', '\u{7}', '\u{1b}'] {
            assert_eq!(keymap.action(Key::Char(c), Context::Filter), None, "{c:?}");
        }
    }

    #[test]
    fn a_chosen_key_comes_before_the_table() {
        let mut keymap = Keymap::default();
        assert_eq!(keymap.action(Key::Char('q'), Context::List), Some(Action::Quit));
        keymap.set(Action::Freeze, vec![Key::Char('q')]);
        assert_eq!(keymap.action(Key::Char('q'), Context::List), Some(Action::Freeze));
        assert_eq!(keymap.action(Key::Char(' '), Context::List), None);
        assert_eq!(keymap.action(Key::Char('q'), Context::Filter), Some(Action::Type('q')));
    }
}
