//! The help over the panel: its lines, as the state has them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget};

use super::text::{line, rule};
use crate::dashboard::model::state::State;
use crate::dashboard::model::theme::Role;

/// Draws it, where it is open.
pub(super) fn draw(state: &State, buffer: &mut Buffer, body: Rect) {
    let Some(help) = &state.help else { return };
    Clear.render(body, buffer);
    let area = body;
    let title = if help.search.is_empty() {
        "Help: type to search".to_owned()
    } else {
        format!("Help: {}", help.search)
    };
    rule(state, &title, Some("Esc closes"), true, buffer, Rect { height: 1, ..area });
    let theme = &state.theme;
    let rows = area.y + 1..area.bottom();
    for (y, (keys, text)) in rows.zip(help.lines.iter().skip(help.top)) {
        let row = Rect { y, height: 1, ..area };
        match keys {
            None => line(theme, &[(Role::Title, text)]).render(row, buffer),
            Some(keys) => {
                let keys = format!("  {keys:<11} ");
                line(theme, &[(Role::Key, &keys), (Role::Text, text)]).render(row, buffer);
            }
        }
    }
}
