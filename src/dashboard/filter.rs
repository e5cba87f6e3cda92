//! The filter bar's side of filters: what is wrong with a draft, and what would complete it.

use super::state::Wrong;
use crate::session::MakePass;

/// The test that packets must pass, or what is wrong with the text.
pub fn compile(text: &str) -> Result<MakePass, Wrong> {
    Err(Wrong {
        at: 0,
        len: text.chars().count(),
        message: "no filters yet".to_owned(),
        hint: None,
    })
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

/// What would complete the word at the end of a draft, best first.
pub fn complete(draft: &str) -> Vec<String> {
    let _ = draft;
    Vec::new()
}
