//! Sets of colours: those that come with the program, and the user's own.

use ratatui::style::Style;

use super::role::ROLES;

/// A set of colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Palette {
    /// For dark backgrounds, in the terminal's own sixteen colours.
    Dark,
    /// For light backgrounds, in the terminal's own sixteen colours.
    Light,
    /// White, black and pure colours on a black that does not depend on the terminal.
    HighContrast,
    /// Hues that people who see two primary colours tell apart (Okabe and Ito 2008).
    ColourBlind,
    /// No colours at all: bold, reverse and underlines.
    Mono,
    /// One of the user's own, made once for the whole run.
    Custom(&'static CustomPalette),
}

/// A palette that a user wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomPalette {
    /// Its name.
    pub name: String,
    /// A style for every role.
    pub styles: [Style; ROLES],
}

/// The palettes that come with the program, in the order in which they are gone through.
pub const PALETTES: [(&str, Palette); 5] = [
    ("dark", Palette::Dark),
    ("light", Palette::Light),
    ("high-contrast", Palette::HighContrast),
    ("colour-blind", Palette::ColourBlind),
    ("none", Palette::Mono),
];

/// The palettes that come with the program, then `own`.
pub(super) fn all(own: &[Palette]) -> impl Iterator<Item = Palette> + '_ {
    PALETTES.into_iter().map(|row| row.1).chain(own.iter().copied())
}

impl Palette {
    /// Its name.
    pub fn name(self) -> &'static str {
        if let Self::Custom(own) = self {
            return &own.name;
        }
        PALETTES.iter().find(|row| row.1 == self).map_or("", |row| row.0)
    }
}
