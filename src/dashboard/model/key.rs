//! A key, as the terminal reports it and as the screen shows it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key on a keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A character.
    Char(char),
    /// A character with Control.
    Ctrl(char),
    /// Any other key.
    Named(KeyCode),
    /// An arrow to the left or right with Control.
    CtrlNamed(KeyCode),
}

impl Key {
    /// The key of a terminal's event.
    pub fn of(event: &KeyEvent) -> Option<Self> {
        match event.code {
            KeyCode::Char(c) if event.modifiers.contains(KeyModifiers::CONTROL) => {
                Some(Self::Ctrl(c.to_ascii_lowercase()))
            }
            KeyCode::Char(_) if event.modifiers.contains(KeyModifiers::ALT) => None,
            KeyCode::Char(c) => Some(Self::Char(c)),
            KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => {
                Some(Self::Named(KeyCode::BackTab))
            }
            KeyCode::Left | KeyCode::Right if event.modifiers.contains(KeyModifiers::CONTROL) => {
                Some(Self::CtrlNamed(event.code))
            }
            code => Some(Self::Named(code)),
        }
    }

    /// The key as the hints and the help write it.
    pub fn label(self, is_unicode: bool) -> String {
        let two = |unicode: &str, ascii: &str| {
            if is_unicode { unicode.to_owned() } else { ascii.to_owned() }
        };
        match self {
            Self::Char(' ') => "Space".to_owned(),
            Self::Char(c) => c.to_string(),
            Self::Ctrl(c) => format!("^{c}"),
            Self::CtrlNamed(code) => format!("^{}", Self::Named(code).label(is_unicode)),
            Self::Named(KeyCode::Enter) => two("⏎", "Enter"),
            Self::Named(KeyCode::Up) => two("↑", "Up"),
            Self::Named(KeyCode::Down) => two("↓", "Down"),
            Self::Named(KeyCode::Left) => two("←", "Left"),
            Self::Named(KeyCode::Right) => two("→", "Right"),
            Self::Named(KeyCode::PageUp) => "PgUp".to_owned(),
            Self::Named(KeyCode::PageDown) => "PgDn".to_owned(),
            Self::Named(KeyCode::BackTab) => "S-Tab".to_owned(),
            Self::Named(KeyCode::Backspace) => "Bksp".to_owned(),
            Self::Named(code) => format!("{code}"),
        }
    }
}
