//! From words to an expression, with an error that points at what is wrong.
//!
//! ```text
//! or    = and { "||" and }          test = name [ "#" n ] [ "&" number ]
//! and   = not { "&&" not }                 [ comparison value | "contains" value
//! not   = { "!" } ( "(" or ")" | test )    | "matches" string | "in" "{" value [".." value] … "}" ]
//! ```

use std::fmt;

use regex::bytes::{Regex, RegexBuilder};

use super::error::FilterError;
use super::literal::Literal;
use super::names::Subject;
use super::token::{Comparison, Token, Word, tokens};
use crate::wire::field::Kind;

/// An expression.
#[derive(Debug)]
pub enum Expression {
    /// Everything matches: an empty filter.
    Everything,
    /// Either does.
    Or(Box<Expression>, Box<Expression>),
    /// Both do.
    And(Box<Expression>, Box<Expression>),
    /// It does not.
    Not(Box<Expression>),
    /// A test of one name.
    Test(Test),
}

/// A test of one name.
#[derive(Debug, Clone)]
pub struct Test {
    /// What is read.
    pub subject: Subject,
    /// Which occurrence alone counts: from 1 outermost, from -1 innermost.
    pub occurrence: Option<i32>,
    /// Bits that alone count of a number.
    pub mask: Option<u64>,
    /// What is asked of it.
    pub question: Question,
}

/// What is asked of a value.
#[derive(Debug, Clone)]
pub enum Question {
    /// Whether it is there; of masked bits, whether any is set.
    Present,
    /// How it stands to a value.
    Compare(Comparison, Literal),
    /// Whether it is one of these, ends included.
    In(Vec<(Literal, Literal)>),
    /// Whether it has these octets in it.
    Contains(Literal),
    /// Whether a regular expression matches in it.
    Matches(Regex),
}

/// Most nested brackets and negations: an expression is read by recursion.
const DEEPEST: usize = 64;

/// Reads a filter.
pub fn parse(text: &str) -> Result<Expression, FilterError> {
    let tokens = tokens(text)?;
    if tokens.is_empty() {
        return Ok(Expression::Everything);
    }
    let mut parser = Parser { text, tokens: &tokens, next: 0, depth: 0 };
    let expression = parser.or()?;
    match parser.peek() {
        None => Ok(expression),
        Some(token) => {
            let hint = "tests are joined by && and ||";
            Err(parser.error(token, "this follows a whole expression", Some(hint.to_owned())))
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: &'a [Token],
    next: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn or(&mut self) -> Result<Expression, FilterError> {
        let mut left = self.and()?;
        while self.take(&Word::Or) {
            left = Expression::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Expression, FilterError> {
        let mut left = self.not()?;
        while self.take(&Word::And) {
            left = Expression::And(Box::new(left), Box::new(self.not()?));
        }
        Ok(left)
    }

    fn not(&mut self) -> Result<Expression, FilterError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            let message = format!("more than {DEEPEST} levels of brackets");
            return Err(self.error_here(&message, None));
        }
        let expression = if self.take(&Word::Not) {
            Expression::Not(Box::new(self.not()?))
        } else if self.take(&Word::Mark('(')) {
            let inner = self.or()?;
            if !self.take(&Word::Mark(')')) {
                return Err(
                    self.error_here("a bracket is not closed", Some("')' is missing".into()))
                );
            }
            inner
        } else {
            Expression::Test(self.test()?)
        };
        self.depth -= 1;
        Ok(expression)
    }

    fn test(&mut self) -> Result<Test, FilterError> {
        let Some(token) = self.advance() else {
            return Err(self.error_here("a field or header is missing", None));
        };
        let Word::Bare(word) = &token.word else {
            let hint = Some("a test begins with a name, such as ip.ttl".to_owned());
            return Err(self.error(token, "a field or header should stand", hint));
        };
        let (name, occurrence) = match word.split_once('#') {
            None => (word.as_str(), None),
            Some((name, number)) => match number.parse() {
                Ok(number) if number != 0 => (name, Some(number)),
                _ => {
                    let hint = Some("#1 is the outermost occurrence, #-1 the innermost".to_owned());
                    return Err(self.error(token, "an occurrence that is no number", hint));
                }
            },
        };
        let subject = Subject::find(name).map_err(|near| {
            let hint = near.map(|near| format!("did you mean '{near}'?"));
            let marked = Token { len: name.chars().count(), ..token.clone() };
            self.error(&marked, &format!("unknown field '{}'", crate::base::text::Safe(name)), hint)
        })?;
        let mask = if self.take(&Word::Bits) {
            if !is_number(&subject) {
                return Err(self.error(token, "only numbers have bits", None));
            }
            match self.literal(&subject)? {
                Literal::Number(mask) => Some(mask),
                _ => return Err(self.error(token, "bits are asked for by a number", None)),
            }
        } else {
            None
        };
        let question = self.question(&subject)?;
        Ok(Test { subject, occurrence, mask, question })
    }

    fn question(&mut self, subject: &Subject) -> Result<Question, FilterError> {
        let Some(token) = self.peek() else { return Ok(Question::Present) };
        match &token.word {
            Word::Compare(comparison) => {
                self.next += 1;
                Ok(Question::Compare(*comparison, self.literal(subject)?))
            }
            Word::Contains => {
                self.next += 1;
                self.contains(subject, token)
            }
            Word::Matches => {
                self.next += 1;
                self.matches(subject, token)
            }
            Word::In => {
                self.next += 1;
                self.set(subject)
            }
            _ => Ok(Question::Present),
        }
    }

    fn contains(&mut self, subject: &Subject, token: &Token) -> Result<Question, FilterError> {
        if !matches!(subject.kind(), Some(Kind::Bytes | Kind::Text | Kind::Mac)) {
            let hint = Some("contains looks into text and octets; '&' asks for bits".to_owned());
            return Err(self.error(token, &format!("'{}' is a number", subject.name), hint));
        }
        let Some(value) = self.advance() else {
            return Err(self.error_here("a value is missing", None));
        };
        match &value.word {
            Word::Quoted(text) => Ok(Question::Contains(Literal::Bytes(text.as_bytes().to_vec()))),
            Word::Bare(text) => {
                let octets = Subject { name: String::new(), ..subject.clone() };
                let literal = match Literal::parse(text, false, &octets) {
                    Ok(Literal::Bytes(octets)) => Literal::Bytes(octets),
                    Ok(Literal::Mac(octets)) => Literal::Bytes(octets.to_vec()),
                    _ => Literal::Bytes(text.as_bytes().to_vec()),
                };
                Ok(Question::Contains(literal))
            }
            _ => Err(self.error(value, "a string or octets should stand here", None)),
        }
    }

    fn matches(&mut self, subject: &Subject, token: &Token) -> Result<Question, FilterError> {
        if !matches!(subject.kind(), Some(Kind::Bytes | Kind::Text)) {
            let hint = Some("matches looks into text and octets".to_owned());
            return Err(self.error(token, &format!("'{}' is a number", subject.name), hint));
        }
        let Some(value) = self.advance() else {
            return Err(self.error_here("a regular expression is missing", None));
        };
        let Word::Quoted(pattern) = &value.word else {
            let hint = Some("it stands in quotes".to_owned());
            return Err(self.error(value, "a regular expression should stand here", hint));
        };
        let regex = RegexBuilder::new(pattern).case_insensitive(true).size_limit(1 << 20).build();
        regex.map(Question::Matches).map_err(|error| {
            let reason = error.to_string();
            let reason = reason.lines().last().unwrap_or_default().to_owned();
            self.error(value, "this regular expression cannot be read", Some(reason))
        })
    }

    fn set(&mut self, subject: &Subject) -> Result<Question, FilterError> {
        if !self.take(&Word::Mark('{')) {
            return Err(self.error_here("a set should stand here", Some("{1, 5..9}".into())));
        }
        let mut ranges = Vec::new();
        loop {
            if self.take(&Word::Mark('}')) {
                break;
            }
            let low = self.literal(subject)?;
            let high = if self.take(&Word::To) { self.literal(subject)? } else { low.clone() };
            ranges.push((low, high));
            self.take(&Word::Mark(','));
        }
        if ranges.is_empty() {
            self.next -= 1;
            return Err(self.error_here("an empty set has nothing in it", None));
        }
        Ok(Question::In(ranges))
    }

    fn literal(&mut self, subject: &Subject) -> Result<Literal, FilterError> {
        let Some(token) = self.advance() else {
            return Err(self.error_here("a value is missing", None));
        };
        let (text, is_quoted) = match &token.word {
            Word::Bare(text) => (text, false),
            Word::Quoted(text) => (text, true),
            _ => return Err(self.error(token, "a value should stand here", None)),
        };
        Literal::parse(text, is_quoted, subject).map_err(|wanted| {
            let message =
                format!("'{}' does not suit '{}'", crate::base::text::Safe(text), subject.name);
            self.error(token, &message, Some(format!("it is compared with {wanted}")))
        })
    }

    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.next)
    }

    fn advance(&mut self) -> Option<&'a Token> {
        let token = self.peek();
        self.next += usize::from(token.is_some());
        token
    }

    fn take(&mut self, word: &Word) -> bool {
        let is_there = self.peek().is_some_and(|token| token.word == *word);
        self.next += usize::from(is_there);
        is_there
    }

    fn error(&self, token: &Token, message: &str, hint: Option<String>) -> FilterError {
        let (at, len) = (token.at, token.len);
        FilterError { text: self.text.to_owned(), at, len, message: message.to_owned(), hint }
    }

    /// An error at the next word, or behind the last.
    fn error_here(&self, message: &str, hint: Option<String>) -> FilterError {
        let end = Token { word: Word::To, at: self.text.chars().count(), len: 1 };
        self.error(self.peek().unwrap_or(&end), message, hint)
    }
}

fn is_number(subject: &Subject) -> bool {
    matches!(
        subject.kind(),
        Some(Kind::Number | Kind::Hex | Kind::Times(_) | Kind::Little | Kind::Group | Kind::Flag)
    )
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everything => Ok(()),
            Self::Or(left, right) => write!(f, "({left} || {right})"),
            Self::And(left, right) => write!(f, "({left} && {right})"),
            Self::Not(inner) => write!(f, "!({inner})"),
            Self::Test(test) => test.fmt(f),
        }
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.subject.name)?;
        if let Some(occurrence) = self.occurrence {
            write!(f, "#{occurrence}")?;
        }
        if let Some(mask) = self.mask {
            write!(f, " & {mask:#x}")?;
        }
        match &self.question {
            Question::Present => Ok(()),
            Question::Compare(comparison, literal) => write!(f, " {} {literal}", comparison.sign()),
            Question::Contains(Literal::Bytes(octets)) if octets.is_empty() => {
                f.write_str(" contains \"\"")
            }
            Question::Contains(literal) => write!(f, " contains {literal}"),
            Question::Matches(regex) => {
                let pattern = regex.as_str().replace('\\', "\\\\").replace('"', "\\\"");
                write!(f, " matches \"{pattern}\"")
            }
            Question::In(ranges) => {
                f.write_str(" in {")?;
                for (i, (low, high)) in ranges.iter().enumerate() {
                    let comma = if i > 0 { ", " } else { "" };
                    write!(f, "{comma}{low}")?;
                    if low != high {
                        write!(f, " .. {high}")?;
                    }
                }
                f.write_str("}")
            }
        }
    }
}
