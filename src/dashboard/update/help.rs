//! The help: which lines it has, and what keys do while it is open.

use super::command;
use crate::dashboard::model::action::{Action, CursorMove};
use crate::dashboard::model::context::Context;
use crate::dashboard::model::keymap::KeyBinding;
use crate::dashboard::model::state::{Help, State};
use crate::dashboard::view::{keys, layout};

/// Opens the help.
pub(super) fn open(state: &mut State) {
    let lines = lines(state, "");
    state.help = Some(Help { lines, ..Help::default() });
}

/// Performs an action while the help is open.
pub(super) fn act(state: &mut State, action: Action) {
    let height = usize::from(layout::body(state).height).max(2);
    let Some(mut help) = state.help.take() else { return };
    if help.page.is_some() && matches!(action, Action::Type('q' | 'e')) {
        return;
    }
    match action {
        Action::Back | Action::Click(..) => return,
        Action::WheelUp(..) | Action::Move(CursorMove::Up) => help.top = help.top.saturating_sub(1),
        Action::WheelDown(..) | Action::Move(CursorMove::Down) => help.top += 1,
        Action::Move(CursorMove::PageUp | CursorMove::HalfUp) => {
            help.top = help.top.saturating_sub(height / 2);
        }
        Action::Move(CursorMove::PageDown | CursorMove::HalfDown) => help.top += height / 2,
        Action::Move(CursorMove::First) => help.top = 0,
        Action::Move(CursorMove::Last) => help.top = usize::MAX,
        _ if help.search.edit(action) => help.lines = lines(state, help.search.text()),
        _ if help.page.is_none() && help.search.edit(action) => {
            help.lines = lines(state, help.search.text());
        }
        _ => {}
    }
    help.top = help.top.min(help.lines.len().saturating_sub(height));
    state.help = Some(help);
}

/// The lines of the help: the keys, and what the screen of this context shows.
fn lines(state: &State, search: &str) -> Vec<(Option<String>, String)> {
    let beneath = keys::context_beneath_help(state);
    let search = search.to_lowercase();
    let matches = |keys: &str, text: &str| {
        search.is_empty()
            || keys.to_lowercase().contains(&search)
            || text.to_lowercase().contains(&search)
    };
    let mut lines = Vec::new();
    for (title, is_here) in [("Here", true), ("Elsewhere", false)] {
        let is_in = |row: &&KeyBinding| {
            let here = (row.is_in)(beneath);
            here == is_here && (here || !(row.is_in)(Context::HELP))
        };
        let rows: Vec<_> = keys::bindings()
            .filter(is_in)
            .filter_map(|row| {
                let keys = state.workspace.keymap.keys(row).iter();
                let keys: Vec<_> = keys.map(|key| key.label(state.theme.is_unicode)).collect();
                let keys = keys.join(" ");
                matches(&keys, row.help).then(|| (Some(keys), row.help.to_owned()))
            })
            .collect();
        if !rows.is_empty() {
            lines.push((None, title.to_owned()));
            lines.extend(rows);
        }
    }
    let commands: Vec<_> = command::COMMANDS
        .iter()
        .filter(|row| matches!(row.run, command::CommandRun::With(_)))
        .map(|row| (format!(":{} {}", row.name, row.argument), row.help))
        .filter(|(keys, help)| matches(keys, help))
        .map(|(keys, help)| (Some(keys.trim_end().to_owned()), help.to_owned()))
        .collect();
    if !commands.is_empty() {
        lines.push((None, "Commands".to_owned()));
        lines.extend(commands);
    }
    if search.is_empty() {
        lines.push((None, "Marks".to_owned()));
        for (mark, meaning) in [
            ("~", "A guess or a lower bound, not a measurement."),
            ("?", "The capture does not say."),
            ("!", "In the text of a packet: decoding ended there, and why."),
            ("mouse", "Click selects, a click on a title sorts, the wheel scrolls."),
        ] {
            lines.push((Some(mark.to_owned()), meaning.to_owned()));
        }
    }
    lines
}
