//! Colours and glyphs by what they mean, never by what they look like.
//!
//! A handful of hues, each with one meaning; whatever a colour says, a glyph or a word says too, so
//! that nothing is lost on a terminal without colours.

use ratatui::style::{Color, Modifier, Style};

/// What a piece of the screen is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Plain text.
    Text,
    /// What matters least: units, rules, explanations.
    Faint,
    /// Titles of blocks and columns.
    Title,
    /// The title of the pane that has the keys.
    Focus,
    /// The name of the program, and the view that is open.
    Brand,
    /// Sender of a packet or flow.
    Source,
    /// Receiver of a packet or flow.
    Destination,
    /// Names of protocols.
    Protocol,
    /// Figures that are quantities of traffic.
    Number,
    /// Bars and graphs.
    Bar,
    /// A second quantity beside the first.
    BarTwo,
    /// A key that may be pressed.
    Key,
    /// All is well.
    Good,
    /// Worth a look.
    Warn,
    /// Wrong: damage, drops, errors.
    Bad,
    /// The row that is selected, in the pane that has the keys.
    Selected,
    /// The row that is selected, in a pane that has not.
    Marked,
    /// Octets of the selected field.
    Octets,
}

/// A set of colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Palette {
    /// For dark backgrounds.
    Dark,
    /// For light backgrounds.
    Light,
    /// No colours at all: bold, reverse and underlines.
    Mono,
}

/// Colours and characters to draw with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// Which colours.
    pub palette: Palette,
    /// Whether the terminal shows more than ASCII.
    pub is_unicode: bool,
}

/// One row a role: its style on dark, on light, and without colours.
const STYLES: [(Role, Style, Style, Style); 18] = [
    row(Role::Text, Style::new(), Style::new(), Style::new()),
    row(Role::Faint, fg(Color::DarkGray), fg(Color::Gray), dim()),
    row(Role::Title, bold(Color::Gray), bold(Color::DarkGray), plain_bold()),
    row(Role::Focus, bold(Color::LightCyan), bold(Color::Blue), reversed()),
    row(Role::Brand, bold(Color::LightCyan), bold(Color::Blue), plain_bold()),
    row(Role::Source, fg(Color::LightGreen), fg(Color::Green), Style::new()),
    row(Role::Destination, fg(Color::LightBlue), fg(Color::Blue), Style::new()),
    row(Role::Protocol, fg(Color::LightMagenta), fg(Color::Magenta), Style::new()),
    row(Role::Number, fg(Color::White), fg(Color::Black), Style::new()),
    row(Role::Bar, fg(Color::Cyan), fg(Color::Cyan), Style::new()),
    row(Role::BarTwo, fg(Color::Blue), fg(Color::Blue), Style::new()),
    row(Role::Key, bold(Color::LightCyan), bold(Color::Blue), plain_bold()),
    row(Role::Good, fg(Color::Green), fg(Color::Green), Style::new()),
    row(Role::Warn, fg(Color::Yellow), bold(Color::Yellow), plain_bold()),
    row(Role::Bad, bold(Color::LightRed), bold(Color::Red), reversed()),
    row(
        Role::Selected,
        Style::new().bg(Color::Cyan).fg(Color::Black).add_modifier(Modifier::BOLD),
        Style::new().bg(Color::Blue).fg(Color::White).add_modifier(Modifier::BOLD),
        reversed(),
    ),
    row(
        Role::Marked,
        Style::new().bg(Color::DarkGray).fg(Color::White),
        Style::new().bg(Color::Gray).fg(Color::Black),
        Style::new().add_modifier(Modifier::UNDERLINED),
    ),
    row(
        Role::Octets,
        Style::new().bg(Color::Yellow).fg(Color::Black),
        Style::new().bg(Color::LightYellow).fg(Color::Black),
        reversed(),
    ),
];

const fn row(role: Role, dark: Style, light: Style, mono: Style) -> (Role, Style, Style, Style) {
    (role, dark, light, mono)
}

const fn fg(color: Color) -> Style {
    Style::new().fg(color)
}

const fn bold(color: Color) -> Style {
    fg(color).add_modifier(Modifier::BOLD)
}

const fn plain_bold() -> Style {
    Style::new().add_modifier(Modifier::BOLD)
}

const fn dim() -> Style {
    Style::new().add_modifier(Modifier::DIM)
}

const fn reversed() -> Style {
    Style::new().add_modifier(Modifier::REVERSED)
}

impl Theme {
    /// The theme for this environment: `NO_COLOR`, `COLORFGBG` and the locale, as `var` reads them.
    pub fn of(colours: bool, var: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| var(name).filter(|value| !value.is_empty());
        // rxvt and its descendants say `foreground;background`; 7 and 15 are the light ones.
        let is_light = set("COLORFGBG")
            .is_some_and(|value| matches!(value.rsplit(';').next(), Some("7" | "15")));
        let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG"));
        let palette = match (colours && set("NO_COLOR").is_none(), is_light) {
            (false, _) => Palette::Mono,
            (true, true) => Palette::Light,
            (true, false) => Palette::Dark,
        };
        // An unset locale says nothing: terminals of today take UTF-8.
        let is_unicode = locale.is_none_or(|name| {
            let name = name.to_ascii_lowercase();
            name.contains("utf") || !matches!(name.as_str(), "c" | "posix") && !name.contains("iso")
        });
        Self { palette, is_unicode }
    }

    /// The style of `role`.
    pub fn style(&self, role: Role) -> Style {
        let Some((_, dark, light, mono)) = STYLES.get(role as usize) else {
            return Style::new();
        };
        match self.palette {
            Palette::Dark => *dark,
            Palette::Light => *light,
            Palette::Mono => *mono,
        }
    }

    /// The theme with the palette of that name; itself where there is none.
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        let palette = match name {
            "dark" => Palette::Dark,
            "light" => Palette::Light,
            "none" => Palette::Mono,
            _ => self.palette,
        };
        Self { palette, ..self }
    }

    /// The next palette round.
    #[must_use]
    pub fn next(self) -> Self {
        let palette = match self.palette {
            Palette::Dark => Palette::Light,
            Palette::Light => Palette::Mono,
            Palette::Mono => Palette::Dark,
        };
        Self { palette, ..self }
    }

    /// One of two texts: for terminals with more than ASCII, and for those without.
    pub fn glyph(&self, unicode: &'static str, ascii: &'static str) -> &'static str {
        if self.is_unicode { unicode } else { ascii }
    }

    /// A bar that fills `fraction` of `width` columns, padded to that width.
    pub fn bar(&self, fraction: f64, width: usize) -> String {
        const EIGHTHS: [char; 8] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
        let fraction = if fraction.is_finite() { fraction.clamp(0.0, 1.0) } else { 0.0 };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and eight times a screen's width"
        )]
        let mut eighths = (fraction * 8.0 * width as f64).round() as usize;
        if fraction > 0.0 {
            eighths = eighths.max(1); // what is there is seen
        }
        let (full, part) = (eighths / 8, eighths % 8);
        let mut bar = String::with_capacity(width * 3);
        if self.is_unicode {
            bar.extend(std::iter::repeat_n('█', full));
            if part > 0 {
                bar.push(EIGHTHS[part]);
            }
        } else {
            bar.extend(std::iter::repeat_n('#', eighths.div_ceil(8)));
        }
        let drawn = bar.chars().count();
        bar.extend(std::iter::repeat_n(' ', width.saturating_sub(drawn)));
        bar
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_has_the_row_of_its_number() {
        for (at, row) in STYLES.iter().enumerate() {
            assert_eq!(row.0 as usize, at, "{:?}", row.0);
        }
        assert_eq!(STYLES.len(), Role::Octets as usize + 1);
    }

    #[test]
    fn without_colours_no_style_has_one() {
        for (role, _, _, mono) in STYLES {
            assert!(mono.fg.is_none() && mono.bg.is_none(), "{role:?}");
        }
    }

    #[test]
    fn the_environment_chooses() {
        let theme = |pairs: &'static [(&str, &str)]| {
            Theme::of(true, move |name| {
                pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            })
        };
        for (pairs, palette, is_unicode) in [
            (&[][..], Palette::Dark, true),
            (&[("NO_COLOR", "1")], Palette::Mono, true),
            (&[("NO_COLOR", "")], Palette::Dark, true),
            (&[("COLORFGBG", "0;15")], Palette::Light, true),
            (&[("LANG", "C")], Palette::Dark, false),
            (&[("LANG", "C"), ("LC_ALL", "en_GB.UTF-8")], Palette::Dark, true),
        ] {
            assert_eq!(theme(pairs), Theme { palette, is_unicode }, "{pairs:?}");
        }
    }

    #[test]
    fn a_bar_has_its_width_and_shows_the_least() {
        let theme = Theme { palette: Palette::Mono, is_unicode: true };
        assert_eq!(theme.bar(0.0, 4), "    ");
        assert_eq!(theme.bar(0.001, 4), "▏   ");
        assert_eq!(theme.bar(0.5, 4), "██  ");
        assert_eq!(theme.bar(f64::NAN, 2), "  ");
        let ascii = Theme { is_unicode: false, ..theme };
        assert_eq!(ascii.bar(0.5, 4), "##  ");
    }
}
