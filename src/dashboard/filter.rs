//! The filter bar's side of filters: what is wrong with a draft, and what would complete it.

use super::state::Wrong;
use crate::filter::{Filter, names};
use crate::session::MakePass;

/// Completions that are offered at once.
const MOST: usize = 20;

/// The test that packets must pass, or what is wrong with the text.
pub fn compile(text: &str) -> Result<MakePass, Wrong> {
    let filter = Filter::compile(text).map_err(|error| Wrong {
        at: error.at,
        len: error.len,
        message: error.message,
        hint: error.hint,
    })?;
    Ok(Box::new(move || {
        let filter = filter.clone();
        Box::new(move |packet| filter.matches(packet))
    }))
}

/// What is wrong with a draft, if anything is.
pub fn check(text: &str) -> Result<(), Wrong> {
    compile(text).map(|_| ())
}

/// Where the word at the end of a draft begins.
pub fn word_start(draft: &str) -> usize {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '#');
    draft.trim_end_matches(is_part).len()
}

/// What would complete the word at the end of a draft, best first: names that begin with it, the
/// shorter before the longer.
pub fn complete(draft: &str) -> Vec<String> {
    let word = draft.get(word_start(draft)..).unwrap_or_default();
    if !word.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Vec::new();
    }
    let mut found: Vec<&str> =
        names::all().filter(|name| name.starts_with(word) && *name != word).collect();
    found.sort_unstable_by_key(|name| (name.len(), *name));
    found.dedup();
    found.into_iter().take(MOST).map(str::to_owned).collect()
}
