//! Words that are several, because no blanks stand around the signs between them.

use crate::filter::names::{Subject, numbered};
use crate::filter::operand::Operand;
use crate::filter::token::{Token, Word};

/// Whether `word` is the name of a field or header, or of an occurrence of one.
fn is_name(word: &str) -> bool {
    numbered(word).is_some_and(|(name, _)| name == Operand::FRAME || Subject::exact(name).is_some())
}

/// What joins numbers.
const SIGNS: [char; 5] = ['+', '-', '*', '/', '%'];

/// Most octets of a word that may be several joined by signs.
const LONGEST: usize = 200;

/// Words such as `ip.len+4` as three: signs join names where blanks are left out.
pub(super) fn apart(tokens: Vec<Token>) -> Vec<Token> {
    let mut all = Vec::with_capacity(tokens.len());
    for token in tokens {
        let Word::Bare(word) = &token.word else {
            all.push(token);
            continue;
        };
        // Some names have a dash in them; of a long filter most words have no sign at all.
        if !word.contains(SIGNS) || is_name(word) {
            all.push(token);
            continue;
        }
        let mut rest = (word.as_str(), token.at);
        if let Some(name) = word.strip_prefix('-').filter(|name| is_name(name)) {
            all.push(Token { word: Word::Bare("-".to_owned()), at: token.at, len: 1 });
            rest = (name, token.at + 1);
        }
        let parts = |word: &str| {
            let signs = word.char_indices().skip(1).filter(|(_, c)| SIGNS.contains(c));
            let mut signs = signs.map(|(at, _)| at);
            signs.find(|&at| {
                let (left, right) = (&word[..at], &word[at + 1..]);
                let right = right.split(SIGNS).next().unwrap_or_default();
                is_name(left) || (left.parse::<u64>().is_ok() && is_name(right))
            })
        };
        while let Some(at) = Some(rest.0).filter(|word| word.len() <= LONGEST).and_then(parts) {
            let (word, begin) = rest;
            let chars = word[..at].chars().count();
            let bare = |text: &str| Word::Bare(text.to_owned());
            all.push(Token { word: bare(&word[..at]), at: begin, len: chars });
            all.push(Token { word: bare(&word[at..=at]), at: begin + chars, len: 1 });
            rest = (&word[at + 1..], begin + chars + 1);
        }
        let (word, at) = rest;
        if !word.is_empty() {
            all.push(Token { word: Word::Bare(word.to_owned()), at, len: word.chars().count() });
        }
    }
    all
}
