//! Editing a command or a search, and running it.

use super::command::{self, CommandOutcome};
use super::search;
use crate::dashboard::model::action::Action;
use crate::dashboard::model::line_editor::LineEditor;
use crate::dashboard::model::prompt::{Prompt, PromptKind};
use crate::dashboard::model::state::State;
use crate::dashboard::model::view_data::ViewData;

/// Opens a line that begins with `text`.
pub(super) fn open(state: &mut State, purpose: PromptKind, text: &str) {
    state.workspace.prompt = Some(Prompt::new(purpose, text));
    refresh(state);
}

/// Brings the advice below the line up to date.
fn refresh(state: &mut State) {
    let Some(prompt) = &state.workspace.prompt else { return };
    let advice = match prompt.purpose {
        PromptKind::Search => (String::new(), "text, 0x4500 for octets, /regex/".to_owned()),
        PromptKind::Command => advice(state, prompt.line.before()),
    };
    if let Some(prompt) = &mut state.workspace.prompt {
        prompt.advice = advice;
    }
}

/// What a command that is being written does, or the names it may have.
fn advice(state: &State, text: &str) -> (String, String) {
    let name = text.split(' ').next().unwrap_or_default();
    if let Some(row) = command::find(name).filter(|row| text.contains(' ') || row.name == name) {
        let argument = format!("{} ", row.argument);
        let words = command::complete(state, text).1;
        // Nothing written yet: what it does; then the words that it may be.
        let is_begun = !text.ends_with(' ') && text.contains(' ') && !words.is_empty();
        return (argument, if is_begun { words.join("  ") } else { row.help.to_owned() });
    }
    let names = command::complete(state, text).1.join("  ");
    ("Tab ".to_owned(), names)
}

/// Completes a command by what all that it may go on with have in common; with a space where that
/// is one alone.
fn complete(state: &mut State) {
    let Some(prompt) = state.workspace.prompt.as_ref() else { return };
    if prompt.purpose != PromptKind::Command {
        return;
    }
    let before = prompt.line.before();
    let (from, words) = command::complete(state, before);
    let Some(first) = words.first() else { return };
    let common = (0..=first.len()).rev().find_map(|len| {
        let start = first.get(..len)?;
        words.iter().all(|word| word.starts_with(start)).then_some(start)
    });
    let space = if words.len() == 1 { " " } else { "" };
    let word = format!("{}{space}", common.unwrap_or_default());
    if let Some(prompt) = &mut state.workspace.prompt {
        prompt.line.complete(from, &word);
    }
    refresh(state);
}

/// Performs an action while the line is edited.
pub(super) fn write(state: &mut State, action: Action, data: &ViewData) -> CommandOutcome {
    let nothing = CommandOutcome::Effect(None);
    if action == Action::Complete {
        complete(state);
        return nothing;
    }
    let Some(prompt) = state.workspace.prompt.as_mut() else { return nothing };
    let purpose = prompt.purpose;
    match action {
        Action::Erase if prompt.line.text().is_empty() => {
            state.workspace.prompt = None;
            return nothing;
        }
        Action::Older | Action::Newer if purpose == PromptKind::Command => {
            let older = action == Action::Older;
            let age = if older { prompt.age + 1 } else { prompt.age.saturating_sub(1) };
            match state.workspace.commands.get(age) {
                Some(line) => prompt.line = LineEditor::new(line),
                None if age == 0 => prompt.line = LineEditor::default(),
                None => return nothing,
            }
            prompt.age = age;
        }
        Action::Back | Action::Click(..) => {
            state.workspace.prompt = None;
            return nothing;
        }
        Action::Apply => return apply(state, data),
        _ if prompt.line.edit(action) => {}
        _ => return nothing,
    }
    if let Some(prompt) = state.workspace.prompt.as_mut() {
        prompt.wrong = None;
    }
    refresh(state);
    nothing
}

fn apply(state: &mut State, data: &ViewData) -> CommandOutcome {
    let nothing = CommandOutcome::Effect(None);
    let Some(prompt) = state.workspace.prompt.take() else { return nothing };
    let done = match prompt.purpose {
        PromptKind::Search if prompt.line.text().is_empty() => return nothing,
        PromptKind::Search => {
            search::search(state, prompt.line.text(), data).map(CommandOutcome::Effect)
        }
        PromptKind::Command => command::run(state, prompt.line.text(), data),
    };
    match done {
        Ok(next) => {
            if prompt.purpose == PromptKind::Command {
                state.workspace.commands.push(prompt.line.text());
            }
            next
        }
        Err(why) => {
            state.workspace.prompt = Some(Prompt { wrong: Some(why), ..prompt });
            nothing
        }
    }
}
