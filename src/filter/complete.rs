//! Completions at the cursor of a filter being written: names, operators, values.
//!
//! Pure, and works on any text: what does not parse yet is what there is to complete.

use super::names::{Subject, described};
use super::token::{Word, tokens};
use crate::wire::field::FieldKind;

/// A completion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What to write in place of the word at the cursor.
    pub text: String,
    /// What it means, in a sentence or a few words.
    pub meaning: &'static str,
}

/// Completions at the cursor, best first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Completion {
    /// Octet of the text at which the word at the cursor begins.
    pub from: usize,
    /// All that may stand there and begins as the word does.
    pub candidates: Vec<Candidate>,
}

/// What the grammar expects behind some words.
enum Expected {
    Name,
    Operator,
    Value,
    Join,
}

type Signs = &'static [(&'static str, &'static str)];

const EQUAL: Signs = &[
    ("==", "Any occurrence is equal, or inside the prefix."),
    ("!=", "It is there, and all occurrences differ."),
    ("in", "Any occurrence is in a set, such as {1, 5..9}."),
];
const ORDER: Signs = &[
    ("<", "Any occurrence is less."),
    ("<=", "Any occurrence is less or equal."),
    (">", "Any occurrence is more."),
    (">=", "Any occurrence is more or equal."),
];
const BITS: Signs = &[("&", "Any of these bits is set.")];
const CONTAINS: Signs = &[("contains", "These octets or characters are in it.")];
const MATCHES: Signs = &[("matches", "A regular expression matches in it.")];
const JOINS: Signs = &[("&&", "And."), ("||", "Or.")];

/// What may stand at octet `cursor` of `text` in place of the word that ends there.
pub fn complete(text: &str, cursor: usize) -> Completion {
    let Some(head) = text.get(..cursor) else { return Completion::default() };
    let is_word = |c: char| c.is_ascii_alphanumeric() || "_.:/-#".contains(c);
    let from = head.trim_end_matches(is_word).len();
    let (before, word) = head.split_at(from);
    let Some((expects, subject)) = expected(before) else {
        return Completion { from, ..Completion::default() };
    };
    let begins =
        |text: &str| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    let candidates = match (expects, &subject) {
        (Expected::Name, _) => {
            let mut found: Vec<_> = described().filter(|(name, _)| begins(name)).collect();
            // Short names are the usual ones.
            found.sort_by_key(|(name, _)| (name.len(), *name));
            found.dedup_by_key(|(name, _)| *name);
            found.into_iter().map(candidate).collect()
        }
        (Expected::Operator, Some(subject)) => {
            let signs = signs(subject).into_iter().flatten().copied();
            signs.filter(|(sign, _)| begins(sign)).map(candidate).collect()
        }
        (Expected::Value, Some(subject)) => values(subject, begins),
        (Expected::Join, _) => {
            JOINS.iter().copied().filter(|(sign, _)| begins(sign)).map(candidate).collect()
        }
        (Expected::Operator | Expected::Value, None) => Vec::new(),
    };
    Completion { from, candidates }
}

/// The name of the field that a value behind `before` is for, where one may stand there.
pub fn subject(before: &str) -> Option<String> {
    match expected(before)? {
        (Expected::Value, Some(subject)) => Some(subject.name),
        _ => None,
    }
}

/// What the grammar has behind `before`, and the name that an operator or value there is for; none
/// inside a string and behind what cannot be.
fn expected(before: &str) -> Option<(Expected, Option<Subject>)> {
    let (mut expects, mut subject) = (Expected::Name, None);
    for token in tokens(before).ok()? {
        expects = match (token.word, expects) {
            (Word::And | Word::Or | Word::Not | Word::Mark('('), _) => Expected::Name,
            (Word::Bare(word), Expected::Name) => {
                let name = word.split('#').next().unwrap_or_default();
                subject = Some(Subject::find(name).ok()?);
                Expected::Operator
            }
            (Word::Bare(_) | Word::Quoted(_) | Word::Mark(_), Expected::Value) => match token.len {
                // Behind an opening bracket or a comma there is another value to come.
                1 if before.chars().nth(token.at).is_some_and(|c| "{,".contains(c)) => {
                    Expected::Value
                }
                _ => Expected::Join,
            },
            (Word::Mark(','), Expected::Join) => Expected::Value,
            (Word::Bare(_) | Word::Quoted(_), _) => return None,
            (Word::Mark(_), _) => Expected::Join,
            _ => Expected::Value,
        };
    }
    Some((expects, subject))
}

fn signs(subject: &Subject) -> Vec<Signs> {
    match subject.kind() {
        None => vec![JOINS],
        Some(FieldKind::Flag) => vec![EQUAL, JOINS],
        Some(_) if subject.is_time() => vec![ORDER, EQUAL, JOINS],
        Some(FieldKind::Ipv4 | FieldKind::Ipv6) => vec![EQUAL, ORDER, JOINS],
        Some(FieldKind::Mac) => vec![EQUAL, CONTAINS, ORDER, JOINS],
        Some(FieldKind::Bytes | FieldKind::Text) => vec![EQUAL, CONTAINS, MATCHES, ORDER, JOINS],
        Some(_) => vec![EQUAL, ORDER, BITS, JOINS],
    }
}

fn values(subject: &Subject, begins: impl Fn(&str) -> bool) -> Vec<Candidate> {
    if subject.kind() == Some(FieldKind::Flag) {
        let flags = [("true", "Set."), ("false", "Not set.")];
        return flags.into_iter().filter(|(flag, _)| begins(flag)).map(candidate).collect();
    }
    let rows = subject.names().iter().filter(|(_, name, _)| begins(name));
    let is_bare = |c: char| c.is_ascii_alphanumeric() || "_.:/-".contains(c);
    rows.map(|&(_, name, meaning)| Candidate {
        text: if name.chars().all(is_bare) { name.to_owned() } else { format!("\"{name}\"") },
        meaning,
    })
    .collect()
}

fn candidate((text, meaning): (&'static str, &'static str)) -> Candidate {
    Candidate { text: text.to_owned(), meaning }
}
