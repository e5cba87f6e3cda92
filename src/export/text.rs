//! Text for people: plain, or with colours that only repeat what the words say.

/// Whether text is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    /// Characters only.
    #[default]
    Plain,
    /// With ANSI colours: the eight that every theme has, so that it stays readable on any ground.
    Ansi,
}

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// Ordinary.
    Plain,
    /// What a line or section is about.
    Strong,
    /// Less important than its surroundings.
    Muted,
    /// As it should be.
    Good,
    /// Worth a look.
    Notice,
    /// Wrong.
    Bad,
    /// Of the header at that index.
    Layer(u8),
}

impl Style {
    /// Appends `text` in `ink`.
    pub fn paint(self, out: &mut String, ink: Ink, text: &str) {
        let code = match ink {
            _ if self == Self::Plain || text.trim().is_empty() => "",
            Ink::Plain => "",
            Ink::Strong => "1",
            Ink::Muted => "2",
            Ink::Good => "32",
            Ink::Notice => "33",
            Ink::Bad => "31",
            Ink::Layer(index) => ["36", "32", "33", "35", "34"][usize::from(index) % 5],
        };
        if code.is_empty() {
            out.push_str(text);
        } else {
            out.push_str("\x1b[");
            out.push_str(code);
            out.push('m');
            out.push_str(text);
            out.push_str("\x1b[0m");
        }
    }
}

/// Appends spaces.
pub(crate) fn pad(out: &mut String, count: usize) {
    out.extend(std::iter::repeat_n(' ', count));
}

/// Takes away the spaces at the end and ends the line.
pub(crate) fn end(out: &mut String) {
    out.truncate(out.trim_end_matches(' ').len());
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_has_no_escapes_and_colours_end_where_they_begin() {
        let shown = |style: Style, ink| {
            let mut out = String::new();
            style.paint(&mut out, ink, "x");
            out
        };
        assert_eq!(shown(Style::Plain, Ink::Bad), "x");
        assert_eq!(shown(Style::Ansi, Ink::Bad), "\x1b[31mx\x1b[0m");
        assert_eq!(shown(Style::Ansi, Ink::Plain), "x");
    }
}
