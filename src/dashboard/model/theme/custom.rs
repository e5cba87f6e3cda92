//! A palette from a table of names and colours, as a configuration gives it.
//!
//! A colour is what ratatui reads (`red`, `light-blue`, `214`, `#d55e00`), `FG on BG`, and any of
//! the words bold, dim, underlined, reversed and italic.  Roles that the table does not name keep
//! the style of the palette it begins from.

use std::str::FromStr;

use ratatui::style::{Color, Modifier, Style};

use super::palette::{CustomPalette, Palette};
use super::role::{ROLES, Role};
use super::styles::STYLES;

/// What is wrong with one entry of a table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaletteError {
    /// No role has that name.
    #[error("unknown role '{role}'")]
    Role {
        /// The name.
        role: String,
    },
    /// No colour and no word has that name.
    #[error("unknown colour or word '{word}' of role '{role}'")]
    Colour {
        /// The name of the role.
        role: String,
        /// What is not understood.
        word: String,
    },
}

/// Words that are no colours.
const WORDS: [(&str, Modifier); 5] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underlined", Modifier::UNDERLINED),
    ("reversed", Modifier::REVERSED),
];

impl Role {
    /// The name in a table: that of the role, in lower case with dashes.
    pub fn name(self) -> String {
        let mut name = String::new();
        for c in format!("{self:?}").chars() {
            if c.is_ascii_uppercase() && !name.is_empty() {
                name.push('-');
            }
            name.push(c.to_ascii_lowercase());
        }
        name
    }
}

/// The names of the roles, as a table writes them.
pub fn roles() -> impl Iterator<Item = String> {
    STYLES.iter().map(|row| row.role.name())
}

impl Palette {
    /// A palette called `name`, of `entries` over this one.  It stays for the rest of the run:
    /// there is one for every table that is read.
    ///
    /// # Errors
    /// What is not understood.
    pub fn own<'e>(
        self,
        name: &str,
        entries: impl IntoIterator<Item = (&'e str, &'e str)>,
    ) -> Result<Self, PaletteError> {
        let mut styles: [Style; ROLES] =
            std::array::from_fn(|at| STYLES.get(at).map_or_else(Style::new, |row| row.of(self)));
        for (role, text) in entries {
            let at = STYLES.iter().position(|row| row.role.name() == role);
            let slot = at.and_then(|at| styles.get_mut(at));
            let slot = slot.ok_or_else(|| PaletteError::Role { role: role.to_owned() })?;
            *slot = style(role, text)?;
        }
        let own = Box::leak(Box::new(CustomPalette { name: name.to_owned(), styles }));
        Ok(Self::Custom(own))
    }
}

fn style(role: &str, text: &str) -> Result<Style, PaletteError> {
    let mut style = Style::new();
    let mut is_background = false;
    for word in text.split_whitespace() {
        if word == "on" {
            is_background = true;
        } else if let Some((_, modifier)) = WORDS.iter().find(|row| row.0 == word) {
            style = style.add_modifier(*modifier);
        } else {
            let colour = Color::from_str(word).map_err(|_| PaletteError::Colour {
                role: role.to_owned(),
                word: word.to_owned(),
            })?;
            style = if is_background { style.bg(colour) } else { style.fg(colour) };
        }
    }
    Ok(style)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dashboard::model::theme::Theme;

    const THEME: Theme = Theme { palette: Palette::Light, is_unicode: true };

    #[test]
    fn a_table_changes_what_it_names_and_nothing_else() {
        let entries = [("bar", "#d55e00"), ("selected", "black on 214 bold"), ("bar-two", "red")];
        let own = Palette::Light.own("mine", entries).expect("a palette");
        let own = Theme { palette: own, ..THEME };
        assert_eq!(own.name(), "mine");
        assert_eq!(own.style(Role::Bar), Style::new().fg(Color::Rgb(0xd5, 0x5e, 0)));
        assert_eq!(own.style(Role::BarTwo), Style::new().fg(Color::Red));
        let selected = Style::new().fg(Color::Black).bg(Color::Indexed(214));
        assert_eq!(own.style(Role::Selected), selected.add_modifier(Modifier::BOLD));
        assert_eq!(own.style(Role::Good), THEME.style(Role::Good));
        assert_eq!(own.next(&[]).palette, Palette::Dark);
        let contrast = Theme { palette: Palette::Mono, ..THEME };
        assert_eq!(contrast.next(&[own.palette]).name(), "mine");
    }

    #[test]
    fn what_is_not_understood_is_named() {
        let wrong = |role, text| Palette::Light.own("x", [(role, text)]).expect_err("wrong");
        assert_eq!(wrong("barr", "red").to_string(), "unknown role 'barr'");
        let colour = wrong("bar", "red on mauve-ish").to_string();
        assert_eq!(colour, "unknown colour or word 'mauve-ish' of role 'bar'");
    }
}
