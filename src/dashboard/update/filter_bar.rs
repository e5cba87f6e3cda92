//! The filter bar: what is wrong with a draft, what would complete it, and writing in it.

use crate::dashboard::model::action::{Action, Effect};
use crate::dashboard::model::filter_expr;
use crate::dashboard::model::line_editor::LineEditor;
use crate::dashboard::model::state::{FilterError, State};
use crate::filter::complete::{self, Candidate};
use crate::filter::template::expand;

/// Completions that are offered at once.
const MOST: usize = 20;

/// Opens the bar with `text` in it.
pub(super) fn open(state: &mut State, text: String) {
    state.filter.draft = Some(LineEditor::new(text));
    (state.filter.age, state.filter.choice) = (0, None);
    state.filter.completions.clear();
    refresh(state);
}

fn close(state: &mut State) {
    state.filter.draft = None;
    state.filter.wrong = None;
    state.filter.completions.clear();
}

/// Brings up to date what is wrong with the draft, and what would complete it.
pub(super) fn refresh(state: &mut State) {
    let bar = &mut state.filter;
    let Some(line) = &bar.draft else { return };
    let (draft, at) = (line.text(), line.cursor());
    bar.choice = None;
    let expanded = expand(draft, &state.workspace.named);
    bar.wrong = match &expanded {
        _ if draft.trim().is_empty() => None,
        Ok(text) if *text == draft.trim() => filter_expr::check(draft).err(),
        Ok(text) => filter_expr::check(text).err().map(|wrong| FilterError {
            at: 0,
            len: draft.chars().count(),
            ..wrong
        }),
        Err(message) => Some(FilterError {
            at: draft.chars().take_while(|&c| c != '@').count(),
            len: 1,
            message: message.clone(),
            hint: state.workspace.named.first().map(|(name, _)| format!("@{name}")),
        }),
    };
    let completion = complete::complete(draft, at);
    bar.from = completion.from;
    let word = draft.get(completion.from..at).unwrap_or_default();
    bar.completions = completion.candidates;
    let head = draft.get(..completion.from).unwrap_or_default();
    // Names are offered once the word has begun: all of them are too many to choose from.
    if word.is_empty() && bar.completions.len() > 2 * MOST {
        bar.completions.clear();
    }
    bar.completions.retain(|candidate| candidate.text != word);
    bar.completions.truncate(MOST);
    if let Some((name, values)) = &bar.known_values
        && complete::subject(head).as_deref() == Some(name)
    {
        let seen = values.iter().filter(|value| value.starts_with(word) && *value != word);
        let new: Vec<_> = seen
            .filter(|value| bar.completions.iter().all(|known| known.text != **value))
            .take(MOST)
            .map(|value| Candidate { text: value.clone(), meaning: "Seen in this capture." })
            .collect();
        bar.completions.extend(new);
    }
}

/// Performs an action while the filter is edited.
pub(super) fn write(state: &mut State, action: Action) -> Option<Effect> {
    let bar = &mut state.filter;
    let line = bar.draft.as_mut()?;
    match action {
        Action::Complete => {
            let next = bar.choice.map_or(0, |choice| choice + 1);
            let next = if next < bar.completions.len() { next } else { 0 };
            let candidate = bar.completions.get(next)?;
            line.complete(bar.from, &candidate.text);
            bar.choice = Some(next);
            // The next press takes the next one in its place.
            bar.wrong =
                filter_expr::check(line.text()).err().filter(|_| !line.text().contains('@'));
            return None;
        }
        Action::Older | Action::Newer => {
            let older = action == Action::Older;
            let age = if older { bar.age + 1 } else { bar.age.saturating_sub(1) };
            match state.workspace.filters.get(age) {
                Some(older) => *line = LineEditor::new(older),
                None if age == 0 => *line = LineEditor::default(),
                None => return None,
            }
            bar.age = age;
        }
        Action::Back | Action::Click(..) => {
            close(state);
            return None;
        }
        Action::Apply => {
            let written = line.text().trim().to_owned();
            refresh(state);
            if state.filter.wrong.is_some() {
                return None;
            }
            let had = state.filter.applied.is_some();
            let text = expand(&written, &state.workspace.named).unwrap_or(written);
            close(state);
            if text.is_empty() {
                return had.then_some(Effect::Filter(None));
            }
            state.workspace.filters.push(&text);
            return Some(Effect::Filter(Some(text)));
        }
        _ if line.edit(action) => {}
        _ => return None,
    }
    refresh(state);
    None
}
