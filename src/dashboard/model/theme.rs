//! Colours and glyphs by what they mean, never by what they look like.
//!
//! A handful of hues, each with one meaning; whatever a colour says, a glyph or a word says too, so
//! that nothing is lost on a terminal without colours.

mod custom;
mod palette;
mod role;
mod styles;

use ratatui::style::Style;

pub use self::custom::{PaletteError, roles};
use self::palette::all;
pub use self::palette::{CustomPalette, PALETTES, Palette};
pub use self::role::{ROLES, Role};
use self::styles::STYLES;

/// Colours and characters to draw with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// Which colours.
    pub palette: Palette,
    /// Whether the terminal shows more than ASCII.
    pub is_unicode: bool,
}

/// What chooses a theme beside the environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Background {
    /// The terminal did not say.
    #[default]
    Unknown,
    /// Dark.
    Dark,
    /// Light.
    Light,
}

impl Theme {
    /// The theme for this environment: `NO_COLOR`, `COLORFGBG` and the locale, as `var` reads them,
    /// and the background that `ask` learns from the terminal where those leave it open.
    pub fn of(
        colours: bool,
        var: impl Fn(&str) -> Option<String>,
        ask: impl FnOnce() -> Background,
    ) -> Self {
        let set = |name: &str| var(name).filter(|value| !value.is_empty());
        let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG"));
        let palette = if !colours || set("NO_COLOR").is_some() {
            Palette::Mono
        } else {
            // rxvt and its descendants say `foreground;background`; 7 and 15 are the light ones.
            let said = set("COLORFGBG").map(|value| match value.rsplit(';').next() {
                Some("7" | "15") => Background::Light,
                _ => Background::Dark,
            });
            match said.unwrap_or_else(ask) {
                Background::Light => Palette::Light,
                Background::Dark | Background::Unknown => Palette::Dark,
            }
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
        STYLES.get(role as usize).map_or_else(Style::new, |row| row.of(self.palette))
    }

    /// The name of the palette.
    pub fn name(&self) -> &'static str {
        self.palette.name()
    }

    /// The theme with the palette of that name: one that comes with the program, or one of `own`.
    #[must_use]
    pub fn named(self, name: &str, own: &[Palette]) -> Option<Self> {
        let palette = all(own).find(|palette| palette.name() == name)?;
        Some(Self { palette, ..self })
    }

    /// The next palette round, those of `own` last.
    #[must_use]
    pub fn next(self, own: &[Palette]) -> Self {
        let behind = all(own).skip_while(|palette| *palette != self.palette).nth(1);
        Self { palette: behind.unwrap_or(Palette::Dark), ..self }
    }

    /// How strongly `part` of `whole` is shown on a map: nothing for none, then by powers of ten
    /// below the whole.
    pub fn heat(part: u64, whole: u64) -> Option<Role> {
        let is_from = |share: u64| part.saturating_mul(share) >= whole;
        match part {
            0 => None,
            _ if is_from(10) => Some(Role::Heat4),
            _ if is_from(100) => Some(Role::Heat3),
            _ if is_from(1000) => Some(Role::Heat2),
            _ => Some(Role::Heat1),
        }
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
        let drawn = if self.is_unicode { full + part.min(1) } else { eighths.div_ceil(8) };
        bar.extend(std::iter::repeat_n(' ', width.saturating_sub(drawn)));
        bar
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_chooses() {
        let theme = |pairs: &'static [(&str, &str)]| {
            let var = move |name: &str| {
                pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            };
            let is_light = pairs.iter().any(|(key, _)| *key == "light");
            let ask = || if is_light { Background::Light } else { Background::Unknown };
            Theme::of(true, var, ask)
        };
        for (pairs, palette, is_unicode) in [
            (&[][..], Palette::Dark, true),
            (&[("NO_COLOR", "1")], Palette::Mono, true),
            (&[("NO_COLOR", "")], Palette::Dark, true),
            (&[("COLORFGBG", "0;15")], Palette::Light, true),
            (&[("light", "")], Palette::Light, true),
            (&[("light", ""), ("COLORFGBG", "15;0")], Palette::Dark, true),
            (&[("light", ""), ("NO_COLOR", "1")], Palette::Mono, true),
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

    #[test]
    fn the_palettes_are_gone_through_in_a_round() {
        let mut theme = Theme { palette: Palette::Dark, is_unicode: true };
        for (name, palette) in PALETTES {
            assert_eq!((theme.name(), theme.palette), (name, palette));
            assert_eq!(theme.named(name, &[]), Some(theme));
            theme = theme.next(&[]);
        }
        assert_eq!(theme.palette, Palette::Dark);
        assert_eq!(theme.named("puce", &[]), None);
    }

    #[test]
    fn heat_goes_by_powers_of_ten() {
        for (part, heat) in [
            (0, None),
            (1, Some(Role::Heat1)),
            (9, Some(Role::Heat1)),
            (10, Some(Role::Heat2)),
            (101, Some(Role::Heat3)),
            (1001, Some(Role::Heat4)),
            (10_000, Some(Role::Heat4)),
        ] {
            assert_eq!(Theme::heat(part, 10_000), heat, "{part}");
        }
    }
}
