//! What keys do, as a row of the table of keys says it, and the keys that the user changed.

use crossterm::event::KeyCode;

use super::action::Action;
use super::context::Context;
use super::key::Key;

/// What some keys do somewhere: a row of the table of keys.
#[derive(Debug, Clone, Copy)]
pub struct KeyBinding {
    /// The keys, the usual one first.
    pub keys: &'static [Key],
    /// What they ask for.
    pub action: Action,
    /// Whether they do so in a context.
    pub is_in: fn(Context) -> bool,
    /// A word for the bottom line, with its weight: greater ones stay longer.
    pub hint: Option<(u8, &'static str)>,
    /// What the keys do, in a sentence.
    pub help: &'static str,
}

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

    /// The keys that the user gave the action of a binding, where that happened.
    pub fn changed(&self, binding: &KeyBinding) -> Option<&[Key]> {
        let found = self.changed.iter().find(|(action, _)| *action == binding.action);
        found.map(|(_, keys)| keys.as_slice())
    }

    /// The keys of a binding now.
    pub fn keys<'a>(&'a self, binding: &'a KeyBinding) -> &'a [Key] {
        self.changed(binding).unwrap_or(binding.keys)
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
        match rest {
            "left" => return Some(Key::CtrlNamed(KeyCode::Left)),
            "right" => return Some(Key::CtrlNamed(KeyCode::Right)),
            _ => {}
        }
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
        assert_eq!(key("ctrl-left"), Some(Key::CtrlNamed(KeyCode::Left)));
        assert_eq!(key("f5"), Some(Key::Named(KeyCode::F(5))));
        assert_eq!(key("space"), Some(Key::Char(' ')));
        for wrong in ["", "f0", "f13", "ctrl-", "ctrl-1", "hyper"] {
            assert_eq!(key(wrong), None, "{wrong}");
        }
    }
}
