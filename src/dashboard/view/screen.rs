//! Draws a screen from the state and what is shown; changes neither.

use ratatui::buffer::Buffer;

use super::layout::screen;
use super::{address_card, help, input_bar, panel, status, tabs};
use crate::dashboard::model::state::State;
use crate::dashboard::model::theme::Role;
use crate::dashboard::model::view_data::ViewData;

/// Draws the whole screen.
pub fn view(state: &State, data: &ViewData, buffer: &mut Buffer) {
    let screen = screen(state);
    // What arrived after the size was last seen is drawn where both overlap.
    if screen.top.is_empty() || !buffer.area.contains((state.size.0 - 1, state.size.1 - 1).into()) {
        return;
    }
    // A palette with a background of its own has it everywhere.
    buffer.set_style(state.area(), state.theme.style(Role::Text));
    tabs::draw(state, data, buffer, screen.top);
    input_bar::draw(state, data, buffer, screen.filter);
    input_bar::advice(state, buffer, screen.advice);
    if !screen.body.is_empty() {
        (panel::open(state).draw)(state, data, buffer, screen.body);
        address_card::draw(state, buffer, screen.body);
        help::draw(state, buffer, screen.body);
    }
    status::draw(state, data, buffer, screen.hints, screen.status);
    if !state.theme.is_unicode {
        to_ascii(buffer);
    }
}

/// ASCII in place of other characters in texts that do not depend on the terminal, such as those of
/// reports.
const ASCII: [(&str, &str); 14] = [
    ("–", "-"),
    ("—", "-"),
    ("…", "~"),
    ("→", ">"),
    ("←", "<"),
    ("↔", "-"),
    ("·", "."),
    ("µ", "u"),
    ("×", "x"),
    ("≥", ">"),
    ("≤", "<"),
    ("─", "-"),
    ("│", "|"),
    ("−", "-"),
];

fn to_ascii(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if !cell.symbol().is_ascii() {
            let row = ASCII.iter().find(|row| row.0 == cell.symbol());
            cell.set_symbol(row.map_or("?", |row| row.1));
        }
    }
}
