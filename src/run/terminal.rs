//! What standard output is: whether it takes colours, and how wide it is.

use std::io::IsTerminal;

use crate::cli::values::Color;
use crate::export::text::Style;

/// Columns where there is no terminal.
const USUAL_WIDTH: usize = 80;

/// Whether text is coloured: `auto` is on a terminal that can, unless `NO_COLOR` is set.
pub fn style(color: Color) -> Style {
    let is_unset = |name| std::env::var_os(name).is_none_or(|value| value.is_empty());
    let is_dumb = || std::env::var_os("TERM").is_some_and(|value| value == "dumb");
    let is_wanted = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => std::io::stdout().is_terminal() && is_unset("NO_COLOR") && !is_dumb(),
    };
    if is_wanted { Style::Ansi } else { Style::Plain }
}

/// Columns of the terminal; 80 if there is none, or if it does not say.
pub fn width() -> usize {
    let size = std::io::stdout().is_terminal().then(crossterm::terminal::size);
    let columns = size.and_then(Result::ok).map_or(0, |(columns, _)| usize::from(columns));
    if columns == 0 { USUAL_WIDTH } else { columns }
}
