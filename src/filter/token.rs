//! A filter's words, each with its place.

use std::cmp::Ordering;

use super::error::FilterError;

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// Any occurrence equals.
    Equal,
    /// It is there, and all occurrences differ.
    Different,
    /// Any is less.
    Less,
    /// Any is less or equal.
    LessOrEqual,
    /// Any is greater.
    Greater,
    /// Any is greater or equal.
    GreaterOrEqual,
}

impl Comparison {
    /// The sign.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::Different => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

impl Comparison {
    /// The same with its sides changed.
    #[must_use]
    pub const fn turned(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            same => same,
        }
    }

    /// Whether values of this order stand so to each other.
    pub const fn allows(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::Different => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }

    /// How many values must pass where nothing else is said.
    pub const fn usual(self) -> Quantifier {
        if matches!(self, Self::Different) { Quantifier::All } else { Quantifier::Any }
    }
}

/// How many of several values must pass a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// One of them.
    Any,
    /// All of them, and there is one.
    All,
}

impl Quantifier {
    /// How it is written.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::All => "all",
        }
    }
}

/// What a word is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// A name, number, address or other bare value.
    Bare(String),
    /// A quoted string, without its quotes and escapes.
    Quoted(String),
    /// `==` and the like, or their words.
    Compare(Comparison),
    /// `===` and `!==`, or their words.
    Strict(Comparison, Quantifier),
    /// `contains`.
    Contains,
    /// `matches` or `~`.
    Matches,
    /// `in`.
    In,
    /// `&&`, `and`.
    And,
    /// `||`, `or`.
    Or,
    /// `^^`, `xor`.
    Xor,
    /// `!`, `not`.
    Not,
    /// `&`.
    Bits,
    /// One of `( ) { } [ ] ,`.
    Mark(char),
    /// `..`.
    To,
}

/// A word and its place: first character, and how many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub word: Word,
    /// First character, from 0.
    pub at: usize,
    /// Characters.
    pub len: usize,
}

/// Signs, the longer before what they begin with.
const SIGNS: &[(&str, Word)] = &[
    ("===", Word::Strict(Comparison::Equal, Quantifier::All)),
    ("!==", Word::Strict(Comparison::Different, Quantifier::Any)),
    ("==", Word::Compare(Comparison::Equal)),
    ("!=", Word::Compare(Comparison::Different)),
    ("<=", Word::Compare(Comparison::LessOrEqual)),
    (">=", Word::Compare(Comparison::GreaterOrEqual)),
    ("&&", Word::And),
    ("||", Word::Or),
    ("^^", Word::Xor),
    ("..", Word::To),
    ("<", Word::Compare(Comparison::Less)),
    (">", Word::Compare(Comparison::Greater)),
    ("!", Word::Not),
    ("~", Word::Matches),
    ("&", Word::Bits),
    ("(", Word::Mark('(')),
    (")", Word::Mark(')')),
    ("{", Word::Mark('{')),
    ("}", Word::Mark('}')),
    ("[", Word::Mark('[')),
    ("]", Word::Mark(']')),
    (",", Word::Mark(',')),
];

/// Words that are no names.
const WORDS: &[(&str, Word)] = &[
    ("eq", Word::Compare(Comparison::Equal)),
    ("any_eq", Word::Compare(Comparison::Equal)),
    ("all_ne", Word::Compare(Comparison::Different)),
    ("all_eq", Word::Strict(Comparison::Equal, Quantifier::All)),
    ("any_ne", Word::Strict(Comparison::Different, Quantifier::Any)),
    ("ne", Word::Compare(Comparison::Different)),
    ("lt", Word::Compare(Comparison::Less)),
    ("le", Word::Compare(Comparison::LessOrEqual)),
    ("gt", Word::Compare(Comparison::Greater)),
    ("ge", Word::Compare(Comparison::GreaterOrEqual)),
    ("contains", Word::Contains),
    ("matches", Word::Matches),
    ("in", Word::In),
    ("and", Word::And),
    ("or", Word::Or),
    ("xor", Word::Xor),
    ("not", Word::Not),
];

/// Splits a filter into words.
///
/// # Errors
/// A [`FilterError`] with the place of what is no word, or is not ended.
pub fn tokens(text: &str) -> Result<Vec<Token>, FilterError> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        if c.is_whitespace() {
            at += 1;
            continue;
        }
        if c == '"' {
            let (quoted, len) = quoted(text, &chars, at)?;
            tokens.push(Token { word: Word::Quoted(quoted), at, len });
            at += len;
            continue;
        }
        let rest = |sign: &str| sign.chars().eq(chars.iter().copied().skip(at).take(sign.len()));
        if let Some((sign, word)) = SIGNS.iter().find(|(sign, _)| rest(sign)) {
            tokens.push(Token { word: word.clone(), at, len: sign.len() });
            at += sign.len();
            continue;
        }
        if c == '=' {
            let message = "a single '='".to_owned();
            let hint = Some("'==' compares".to_owned());
            return Err(FilterError { text: text.to_owned(), at, len: 1, message, hint });
        }
        let len = bare_len(&chars[at..]);
        let word: String = chars[at..at + len].iter().collect();
        let keyword = WORDS.iter().find(|(name, _)| name.eq_ignore_ascii_case(&word));
        let word = keyword.map_or(Word::Bare(word), |(_, word)| word.clone());
        tokens.push(Token { word, at, len });
        at += len;
    }
    Ok(tokens)
}

/// Characters of the bare word at the start of `chars`; two dots end it, since they are a range.
fn bare_len(chars: &[char]) -> usize {
    let ends = |at: usize, c: char| {
        c.is_whitespace()
            || "\"(){}[],&|!=<>~^".contains(c)
            || (c == '.' && chars.get(at + 1) == Some(&'.'))
    };
    let len = chars.iter().enumerate().skip(1).find(|&(at, &c)| ends(at, c));
    len.map_or(chars.len(), |(at, _)| at)
}

/// The text between the quotes at `at`, and the characters it takes with them.
fn quoted(text: &str, chars: &[char], at: usize) -> Result<(String, usize), FilterError> {
    let mut out = String::new();
    let mut here = at + 1;
    while let Some(&c) = chars.get(here) {
        match (c, chars.get(here + 1)) {
            ('"', _) => return Ok((out, here + 1 - at)),
            // Other escapes are left for regular expressions.
            ('\\', Some(&next @ ('"' | '\\'))) => {
                out.push(next);
                here += 2;
            }
            _ => {
                out.push(c);
                here += 1;
            }
        }
    }
    Err(FilterError {
        text: text.to_owned(),
        at,
        len: chars.len() - at,
        message: "a string without its closing quote".to_owned(),
        hint: None,
    })
}
