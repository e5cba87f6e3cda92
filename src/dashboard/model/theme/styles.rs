//! The styles: one row a role, one column a palette.

use ratatui::style::{Color, Modifier, Style};

use super::palette::Palette;
use super::role::{ROLES, Role};

/// The style of a role in every palette that comes with the program.
pub(super) struct RoleStyles {
    pub(super) role: Role,
    dark: Style,
    light: Style,
    contrast: Style,
    blind: Style,
    mono: Style,
}

impl RoleStyles {
    pub(super) fn of(&self, palette: Palette) -> Style {
        match palette {
            Palette::Dark => self.dark,
            Palette::Custom(own) => own.styles.get(self.role as usize).copied().unwrap_or_default(),
            Palette::Light => self.light,
            Palette::HighContrast => self.contrast,
            Palette::ColourBlind => self.blind,
            Palette::Mono => self.mono,
        }
    }
}

// The eight colours of Okabe and Ito (2008) that are neither black nor white, as the nearest of the
// 256 that terminals number.
const ORANGE: Color = Color::Indexed(214);
const SKY: Color = Color::Indexed(74);
const GREEN: Color = Color::Indexed(36);
const YELLOW: Color = Color::Indexed(227);
const BLUE: Color = Color::Indexed(25);
const VERMILION: Color = Color::Indexed(166);
const PURPLE: Color = Color::Indexed(175);
const GREY: Color = Color::Indexed(246);

/// Black and white whatever the terminal calls so.
const BLACK: Color = Color::Indexed(16);
const WHITE: Color = Color::Indexed(231);

/// Every role.
pub(super) const STYLES: [RoleStyles; ROLES] = [
    row(Role::Text, [NONE, NONE, on_black(WHITE), NONE, NONE]),
    row(Role::Faint, [fg(Color::DarkGray), fg(Color::Gray), on_black(WHITE), fg(GREY), dim()]),
    row(
        Role::Title,
        [bold(Color::Gray), bold(Color::DarkGray), strong(WHITE), bold(Color::Gray), BOLD],
    ),
    row(
        Role::Focus,
        [bold(Color::LightCyan), bold(Color::Blue), strong(YELLOW), bold(SKY), REVERSED],
    ),
    row(Role::Brand, [bold(Color::LightCyan), bold(Color::Blue), strong(YELLOW), bold(SKY), BOLD]),
    row(
        Role::Source,
        [fg(Color::LightGreen), fg(Color::Green), on_black(Color::Indexed(46)), fg(ORANGE), NONE],
    ),
    row(
        Role::Destination,
        [fg(Color::LightBlue), fg(Color::Blue), on_black(Color::Indexed(51)), fg(SKY), NONE],
    ),
    row(
        Role::Protocol,
        [
            fg(Color::LightMagenta),
            fg(Color::Magenta),
            on_black(Color::Indexed(213)),
            fg(PURPLE),
            NONE,
        ],
    ),
    row(Role::Number, [fg(Color::White), fg(Color::Black), strong(WHITE), NONE, NONE]),
    row(Role::Bar, [fg(Color::Cyan), fg(Color::Cyan), on_black(Color::Indexed(51)), fg(SKY), NONE]),
    row(
        Role::BarTwo,
        [fg(Color::Blue), fg(Color::Blue), on_black(Color::Indexed(46)), fg(ORANGE), NONE],
    ),
    row(Role::Key, [bold(Color::LightCyan), bold(Color::Blue), strong(YELLOW), bold(SKY), BOLD]),
    row(
        Role::Good,
        [fg(Color::Green), fg(Color::Green), on_black(Color::Indexed(46)), fg(GREEN), NONE],
    ),
    row(Role::Warn, [fg(Color::Yellow), bold(Color::Yellow), strong(YELLOW), bold(YELLOW), BOLD]),
    row(
        Role::Bad,
        [
            bold(Color::LightRed),
            bold(Color::Red),
            Style::new().bg(Color::Indexed(196)).fg(WHITE).add_modifier(Modifier::BOLD),
            bold(VERMILION),
            REVERSED,
        ],
    ),
    row(
        Role::Selected,
        [
            Style::new().bg(Color::Cyan).fg(Color::Black).add_modifier(Modifier::BOLD),
            Style::new().bg(Color::Blue).fg(Color::White).add_modifier(Modifier::BOLD),
            Style::new().bg(WHITE).fg(BLACK).add_modifier(Modifier::BOLD),
            Style::new().bg(SKY).fg(BLACK).add_modifier(Modifier::BOLD),
            REVERSED,
        ],
    ),
    row(
        Role::Marked,
        [
            Style::new().bg(Color::DarkGray).fg(Color::White),
            Style::new().bg(Color::Gray).fg(Color::Black),
            Style::new().bg(BLACK).fg(WHITE).add_modifier(Modifier::UNDERLINED),
            Style::new().bg(Color::Indexed(238)).fg(WHITE),
            Style::new().add_modifier(Modifier::UNDERLINED),
        ],
    ),
    row(
        Role::Octets,
        [
            Style::new().bg(Color::Yellow).fg(Color::Black),
            Style::new().bg(Color::LightYellow).fg(Color::Black),
            Style::new().bg(YELLOW).fg(BLACK),
            Style::new().bg(YELLOW).fg(BLACK),
            REVERSED,
        ],
    ),
    row(Role::Heat1, [fg(Color::Blue), fg(Color::Cyan), on_black(SKY), fg(BLUE), dim()]),
    row(Role::Heat2, [fg(Color::Cyan), fg(Color::Blue), on_black(WHITE), fg(SKY), NONE]),
    row(Role::Heat3, [fg(Color::Yellow), fg(Color::Magenta), strong(YELLOW), fg(YELLOW), BOLD]),
    row(
        Role::Heat4,
        [
            bold(Color::LightRed),
            bold(Color::Red),
            strong(Color::Indexed(208)),
            bold(VERMILION),
            BOLD.add_modifier(Modifier::UNDERLINED),
        ],
    ),
];

/// A role with its styles on dark, on light, with high contrast, safe for the colour-blind, and
/// without colours.
const fn row(role: Role, [dark, light, contrast, blind, mono]: [Style; 5]) -> RoleStyles {
    RoleStyles { role, dark, light, contrast, blind, mono }
}

const NONE: Style = Style::new();
const BOLD: Style = Style::new().add_modifier(Modifier::BOLD);
const REVERSED: Style = Style::new().add_modifier(Modifier::REVERSED);

const fn fg(color: Color) -> Style {
    Style::new().fg(color)
}

const fn bold(color: Color) -> Style {
    fg(color).add_modifier(Modifier::BOLD)
}

const fn on_black(color: Color) -> Style {
    fg(color).bg(BLACK)
}

const fn strong(color: Color) -> Style {
    on_black(color).add_modifier(Modifier::BOLD)
}

const fn dim() -> Style {
    Style::new().add_modifier(Modifier::DIM)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_has_the_row_of_its_number() {
        for (at, row) in STYLES.iter().enumerate() {
            assert_eq!(row.role as usize, at, "{:?}", row.role);
        }
    }

    #[test]
    fn without_colours_no_style_has_one() {
        for row in STYLES {
            assert!(row.mono.fg.is_none() && row.mono.bg.is_none(), "{:?}", row.role);
        }
    }

    #[test]
    fn high_contrast_brings_its_own_background() {
        for row in STYLES {
            assert!(row.contrast.bg.is_some() && row.contrast.fg.is_some(), "{:?}", row.role);
        }
    }
}
