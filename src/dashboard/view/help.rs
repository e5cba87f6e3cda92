//! The help over the panel, or the page of an anomaly: its lines, as the state has them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget};

use super::page;
use super::text::{line, rule};
use crate::base::columns;
use crate::dashboard::model::state::State;
use crate::dashboard::model::theme::Role;

/// Breaks the lines of a page anew, for the width that the screen has now.
pub fn fit(state: &mut State) {
    let width = state.size.0;
    if let Some(help) = &mut state.help
        && let Some(page) = &help.page
    {
        help.lines = page::rows(page, width);
        help.top = help.top.min(help.lines.len().saturating_sub(1));
    }
}

/// Draws it, where it is open.
pub(super) fn draw(state: &State, buffer: &mut Buffer, body: Rect) {
    let Some(help) = &state.help else { return };
    Clear.render(body, buffer);
    let area = body;
    let title = if let Some(page) = &help.page {
        page::title(page.id)
    } else if help.search.text().is_empty() {
        "Help: type to search".to_owned()
    } else {
        format!("Help: {}", help.search.text())
    };
    rule(state, &title, Some("Esc closes"), true, buffer, Rect { height: 1, ..area });
    let theme = &state.theme;
    let rows = area.y + 1..area.bottom();
    for (y, (keys, text)) in rows.zip(help.lines.iter().skip(help.top)) {
        let row = Rect { y, height: 1, ..area };
        match keys {
            None => line(theme, &[(Role::Title, text)]).render(row, buffer),
            Some(keys) => {
                let keys = format!("  {} ", columns::padded(keys, 11));
                line(theme, &[(Role::Key, &keys), (Role::Text, text)]).render(row, buffer);
            }
        }
    }
}
