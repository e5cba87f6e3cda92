//! What the keys beside moving do: commands, search, marks, jumps, filters from what is selected,
//! copying, and the choice of a span of time.

use super::command::{self, Next};
use super::copy;
use super::dispatch::{Effect, Find, Seek};
use super::filter;
use super::span;
use crate::dashboard::model::action::{Action, Step};
use crate::dashboard::model::prompt::{Prompt, Purpose, erase_word};
use crate::dashboard::model::search::Needle;
use crate::dashboard::model::shown::Shown;
use crate::dashboard::model::state::{Pane, State, moved_row};
use crate::dashboard::view::panel::{self, packets::columns};

/// Does what is asked for, if it is for here; with what must be done outside.
pub fn act(state: &mut State, action: Action, shown: &Shown) -> Option<Option<Effect>> {
    if state.tools.prompt.is_some() {
        return Some(write(state, action, shown));
    }
    if state.tools.is_copying {
        state.tools.is_copying = false;
        return Some(match action {
            Action::Copy(what) => match copy::text(state, shown, what) {
                Ok(text) => Some(Effect::Copy(text)),
                Err(why) => {
                    state.tools.refuse(why);
                    None
                }
            },
            _ => None,
        });
    }
    if state.filter.draft.is_some() {
        return None;
    }
    if let Some(done) = span::act(state, action, shown) {
        return Some(done);
    }
    let find = |what, is_back| Some(Effect::Find(what, is_back));
    let effect = match action {
        Action::Command => open(state, Purpose::Command, ""),
        Action::Search => open(state, Purpose::Search, ""),
        Action::Save if state.tools.marks.is_empty() => open(state, Purpose::Command, "write "),
        Action::Save => open(state, Purpose::Command, "write-marked "),
        Action::Columns => {
            let now = state.tools.columns.as_deref().map_or_else(columns::usual, Clone::clone);
            let line = format!("columns {} ", columns::words(&now));
            open(state, Purpose::Command, &line)
        }
        Action::CopyMenu => {
            state.tools.is_copying = true;
            None
        }
        Action::SearchNext => again(state, shown, false),
        Action::SearchPrevious => again(state, shown, true),
        Action::NextOdd => find(Find::Odd, false),
        Action::PreviousOdd => find(Find::Odd, true),
        Action::NextOfFlow | Action::PreviousOfFlow => {
            let flow = shown.page.detail.as_ref().and_then(copy::flow_filter);
            if flow.is_none() {
                state.tools.refuse("this packet is of no flow");
            }
            flow.and_then(|flow| find(Find::Matching(flow), action == Action::PreviousOfFlow))
        }
        Action::Diagram => {
            state.tools.is_diagram = !state.tools.is_diagram;
            if state.tools.is_diagram && state.packets.pane == Pane::List {
                state.packets.pane = Pane::Tree;
            }
            None
        }
        Action::Mark => mark(state, shown),
        Action::NextMark | Action::PreviousMark => {
            to_mark(state, shown, action == Action::NextMark)
        }
        Action::JumpBack | Action::JumpForward => jump(state, shown, action == Action::JumpBack),
        Action::Keep | Action::Exclude => compose(state, shown, action == Action::Exclude),
        _ => return None,
    };
    Some(effect)
}

fn open(state: &mut State, purpose: Purpose, text: &str) -> Option<Effect> {
    state.tools.prompt = Some(Prompt::new(purpose, text));
    None
}

/// Number of the selected packet.
pub fn here(state: &State, shown: &Shown) -> Option<u64> {
    shown.page.line(state.packets.cursor).map(|line| line.row.number)
}

/// Takes note of where a jump comes from.
pub fn leave(state: &mut State, shown: &Shown) {
    if let Some(number) = here(state, shown) {
        state.tools.jumps.leave(number);
    }
}

fn mark(state: &mut State, shown: &Shown) -> Option<Effect> {
    let number = here(state, shown)?;
    if !state.tools.marks.remove(&number) {
        state.tools.marks.insert(number);
    }
    None
}

fn to_mark(state: &mut State, shown: &Shown, is_next: bool) -> Option<Effect> {
    let number = here(state, shown)?;
    let marks = &state.tools.marks;
    let found = if is_next {
        marks.range(number + 1..).next().or_else(|| marks.first())
    } else {
        marks.range(..number).next_back().or_else(|| marks.last())
    };
    let Some(&to) = found else {
        state.tools.refuse("no packet is marked; m marks one");
        return None;
    };
    leave(state, shown);
    Some(Effect::Seek(Seek::Number(to)))
}

fn jump(state: &mut State, shown: &Shown, is_back: bool) -> Option<Effect> {
    let number = here(state, shown)?;
    let jumps = &mut state.tools.jumps;
    let to = if is_back { jumps.back(number) } else { jumps.forward(number) };
    if to.is_none() {
        state.tools.refuse("no jump to go there");
    }
    to.map(|to| Effect::Seek(Seek::Number(to)))
}

/// Writes a filter of what is selected into the bar; the user sees it before it is applied.
fn compose(state: &mut State, shown: &Shown, is_excluded: bool) -> Option<Effect> {
    let term = (panel::PANELS.get(state.panel)?.term)(state, shown);
    match term {
        Some(term) => {
            let applied = state.filter.applied.as_deref();
            filter::open(state, copy::composed(applied, &term, is_excluded));
        }
        None => state.tools.refuse("what is selected makes no filter"),
    }
    None
}

/// Completes a command by what all that it may go on with have in common; with a space where that
/// is one alone.
fn complete(state: &mut State) {
    let Some(prompt) = state.tools.prompt.as_ref() else { return };
    if prompt.purpose != Purpose::Command {
        return;
    }
    let (from, words) = command::complete(state, &prompt.text);
    let Some(first) = words.first() else { return };
    let common = (0..=first.len()).rev().find_map(|len| {
        let start = first.get(..len)?;
        words.iter().all(|word| word.starts_with(start)).then_some(start)
    });
    let begin = prompt.text.get(..from).unwrap_or_default();
    let space = if words.len() == 1 { " " } else { "" };
    let text = format!("{begin}{}{space}", common.unwrap_or_default());
    if let Some(prompt) = &mut state.tools.prompt {
        prompt.text = text;
    }
}

/// Writing in the line.
fn write(state: &mut State, action: Action, shown: &Shown) -> Option<Effect> {
    if action == Action::Complete {
        complete(state);
        return None;
    }
    let prompt = state.tools.prompt.as_mut()?;
    let purpose = prompt.purpose;
    match action {
        Action::Type(c) => prompt.text.push(c),
        Action::Erase => {
            if prompt.text.pop().is_none() {
                state.tools.prompt = None;
                return None;
            }
        }
        Action::EraseAll => prompt.text.clear(),
        Action::EraseWord => erase_word(&mut prompt.text),
        Action::Older | Action::Newer if purpose == Purpose::Command => {
            let older = action == Action::Older;
            let age = if older { prompt.age + 1 } else { prompt.age.saturating_sub(1) };
            match state.tools.commands.get(age) {
                Some(line) => line.clone_into(&mut prompt.text),
                None if age == 0 => prompt.text.clear(),
                None => return None,
            }
            prompt.age = age;
        }
        Action::Back | Action::Click(..) => {
            state.tools.prompt = None;
            return None;
        }
        Action::Apply => return apply(state, shown),
        _ => return None,
    }
    if let Some(prompt) = state.tools.prompt.as_mut() {
        prompt.wrong = None;
    }
    None
}

fn apply(state: &mut State, shown: &Shown) -> Option<Effect> {
    let prompt = state.tools.prompt.take()?;
    let done = match prompt.purpose {
        Purpose::Search if prompt.text.is_empty() => return None,
        Purpose::Search => search(state, &prompt.text, shown).map(Next::Effect),
        Purpose::Command => command::run(state, &prompt.text, shown),
    };
    match done {
        Ok(next) => {
            if prompt.purpose == Purpose::Command {
                state.tools.commands.push(&prompt.text);
            }
            match next {
                Next::Effect(effect) => effect,
                Next::Act(action) => super::dispatch::update(state, action, shown),
            }
        }
        Err(why) => {
            state.tools.prompt = Some(Prompt { wrong: Some(why), ..prompt });
            None
        }
    }
}

/// Searches for what is written, from the selection on.
///
/// # Errors
/// Why it cannot be searched for, in words.
pub fn search(state: &mut State, text: &str, shown: &Shown) -> Result<Option<Effect>, String> {
    if text.is_empty() {
        return Err("what to search for? hint: text, 0x4500, or /regex/".to_owned());
    }
    state.tools.needle = Some(Needle::parse(text)?);
    Ok(again(state, shown, false))
}

/// Goes to the next place where it is, or to the one before.
fn again(state: &mut State, shown: &Shown, is_back: bool) -> Option<Effect> {
    let Some(needle) = state.tools.needle.clone() else {
        state.tools.refuse("nothing is searched for yet; ^f searches");
        return None;
    };
    if state.panel != panel::PACKETS || state.packets.pane == Pane::List {
        return Some(Effect::Find(Find::Needle, is_back));
    }
    let detail = shown.page.detail.as_ref()?;
    let is_found = if state.packets.pane == Pane::Hex {
        octets(state, &needle, &detail.bytes, is_back)
    } else {
        let visible = detail.visible(&state.packets.folded);
        let is_there = |at: &usize| {
            let row = visible.get(*at).and_then(|&index| detail.rows.get(index));
            row.is_some_and(|row| {
                needle.is_in(row.label) || needle.is_in(row.name) || needle.is_in(&row.value)
            })
        };
        let (here, count) = (state.packets.field, visible.len());
        let found = if is_back {
            (0..here).rev().chain((here + 1..count).rev()).find(is_there)
        } else {
            (here + 1..count).chain(0..here).find(is_there)
        };
        if let Some(to) = found {
            state.packets.field = moved_row(to, Step::Left, count, 1);
        }
        found.is_some() || is_there(&here)
    };
    if !is_found {
        state.tools.refuse(format!("'{}' is nowhere in this packet", needle.text));
    }
    None
}

/// Selects the octets where it is.
fn octets(state: &mut State, needle: &Needle, bytes: &[u8], is_back: bool) -> bool {
    let here = state.packets.octet;
    let all = || {
        let mut at = 0;
        std::iter::from_fn(move || {
            let (found, _) = needle.find(bytes, at)?;
            at = found + 1;
            Some(found)
        })
    };
    let found = if is_back {
        all().filter(|&at| at < here).last().or_else(|| all().last())
    } else {
        all().find(|&at| at > here).or_else(|| all().next())
    };
    if let Some(at) = found {
        state.packets.octet = at;
    }
    found.is_some()
}
