//! From words to an expression, with an error that points at what is wrong.
//!
//! ```text
//! or    = xor { "||" xor }          test = name [ "#" n ] [ "&" number ]
//! xor   = and { "^^" and }                 [ comparison value | "contains" value
//! and   = not { "&&" not }                 | "matches" string
//! not   = { "!" } ( "(" or ")" | test      | [ "not" ] "in" "{" value [".." value] … "}" ]
//!                 | relation )
//! ```
//!
//! A test holds one name against written values, and is what most filters are made of; what goes
//! beyond that is a relation.

mod operand;

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;

use regex::bytes::{Regex, RegexBuilder};

use super::application;
use super::error::FilterError;
use super::literal::{Literal, octets};
use super::names::{Reach, Subject, numbered};
use super::relation::Relation;
use super::token::{Comparison, Token, Word, tokens};
use crate::base::text::Safe;
use crate::wire::field::FieldKind;

/// An expression.
#[derive(Debug, Clone)]
pub enum Expression {
    /// Everything matches: an empty filter.
    Everything,
    /// Any does.
    Or(Vec<Expression>),
    /// All do.
    And(Vec<Expression>),
    /// It does not.
    Not(Box<Expression>),
    /// A test of one name.
    Test(Test),
    /// A relation between operands.
    Relation(Box<Relation>),
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
    /// The test that its value must pass.
    pub question: Question,
}

/// A test that a value passes or fails.
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

/// Most `^^` in a row: each doubles what stands before it.
const MOST_XOR: usize = 4;

/// Reads a filter.
///
/// # Errors
/// A [`FilterError`] with the place that cannot be read.
pub fn parse(text: &str, reach: Reach) -> Result<Expression, FilterError> {
    let tokens = operand::apart(tokens(text)?);
    if tokens.is_empty() {
        return Ok(Expression::Everything);
    }
    let names = RefCell::default();
    let mut parser = Parser { text, tokens: &tokens, next: 0, depth: 0, reach, names };
    let expression = parser.or()?;
    match parser.peek() {
        None => Ok(expression),
        Some(token) => {
            let hint = "tests are joined by && and ||";
            Err(parser.error(
                token,
                "unexpected text after a complete expression",
                Some(hint.to_owned()),
            ))
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: &'a [Token],
    next: usize,
    depth: usize,
    reach: Reach,
    /// Names that were looked up: a long filter has few.
    names: RefCell<HashMap<String, Option<Subject>>>,
}

impl<'a> Parser<'a> {
    /// What a name reads, if there is such a name.
    fn known(&self, name: &str) -> Option<Subject> {
        let mut names = self.names.borrow_mut();
        if let Some(known) = names.get(name) {
            return known.clone();
        }
        let subject = Subject::exact(name);
        names.insert(name.to_owned(), subject.clone());
        subject
    }

    fn or(&mut self) -> Result<Expression, FilterError> {
        let first = self.xor()?;
        if self.peek().is_none_or(|token| token.word != Word::Or) {
            return Ok(first);
        }
        // A list, not a tree: however long a chain is, nobody recurses into it.
        let mut all = vec![first];
        while self.take(&Word::Or) {
            all.push(self.xor()?);
        }
        Ok(Expression::Or(all))
    }

    fn xor(&mut self) -> Result<Expression, FilterError> {
        let mut left = self.and()?;
        let mut count = 0;
        while self.take(&Word::Xor) {
            count += 1;
            if count > MOST_XOR {
                let message = format!("more than {MOST_XOR} '^^' in a row");
                return Err(self.error_here(&message, None));
            }
            let right = self.and()?;
            let not = |one: &Expression| Expression::Not(Box::new(one.clone()));
            left = Expression::Or(vec![
                Expression::And(vec![left.clone(), not(&right)]),
                Expression::And(vec![not(&left), right]),
            ]);
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Expression, FilterError> {
        let first = self.not()?;
        if self.peek().is_none_or(|token| token.word != Word::And) {
            return Ok(first);
        }
        let mut all = vec![first];
        while self.take(&Word::And) {
            all.push(self.not()?);
        }
        Ok(Expression::And(all))
    }

    fn not(&mut self) -> Result<Expression, FilterError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            let message = format!("more than {DEEPEST} levels of brackets");
            return Err(self.error_here(&message, None));
        }
        let expression = if self.take(&Word::Not) {
            Expression::Not(Box::new(self.not()?))
        } else if self.is_relation() {
            self.relation()?
        } else if self.take(&Word::Mark('(')) {
            let start = self.next - 1;
            let inner = self.or()?;
            if !self.take(&Word::Mark(')')) {
                return Err(
                    self.error_here("a bracket is not closed", Some("')' is missing".into()))
                );
            }
            self.compared(start, inner)?
        } else {
            let name = self.test()?;
            self.asked(name)?
        };
        self.depth -= 1;
        Ok(expression)
    }

    /// A name or an operand in brackets that a test follows, as in `(tcp.flags & 0x12) == 2`;
    /// the bracket stands at word `start`.
    fn compared(&mut self, start: usize, inner: Expression) -> Result<Expression, FilterError> {
        let is_operand = match &inner {
            Expression::Relation(relation) => {
                matches!(**relation, Relation::IsSet(_)) && self.is_related(None)
            }
            Expression::Test(test) => {
                matches!(test.question, Question::Present) && self.is_related(Some(&test.subject))
            }
            _ => false,
        };
        if is_operand {
            return self.related(start, None);
        }
        match inner {
            Expression::Test(test) if matches!(test.question, Question::Present) => {
                self.asked(test)
            }
            inner => Ok(inner),
        }
    }

    /// Reads the test that follows a name; `not in` is the only one that negates.
    fn asked(&mut self, test: Test) -> Result<Expression, FilterError> {
        let words = self.tokens.get(self.next..).unwrap_or_default();
        let is_not_in = matches!(words, [a, b, ..] if a.word == Word::Not && b.word == Word::In);
        // The sign `!` is no word.
        let is_word = is_not_in && words.first().is_some_and(|token| token.len > 1);
        self.next += usize::from(is_word);
        let question = self.question(&test.subject)?;
        let test = Expression::Test(Test { question, ..test });
        Ok(if is_word { Expression::Not(Box::new(test)) } else { test })
    }

    fn test(&mut self) -> Result<Test, FilterError> {
        let Some(token) = self.advance() else {
            return Err(self.error_here("a field or header is missing", None));
        };
        let Word::Bare(word) = &token.word else {
            let hint = Some("a test begins with a name, such as ip.ttl".to_owned());
            return Err(self.error(token, "a field or header should stand", hint));
        };
        let Some((name, occurrence)) = numbered(word) else {
            let hint = Some("#1 is the outermost occurrence, #-1 the innermost".to_owned());
            return Err(self.error(token, "an occurrence that is no number", hint));
        };
        let subject = self.known(name).map_or_else(|| Subject::find(name), Ok);
        let subject = subject.map_err(|near| self.unknown(token, name, near))?;
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
        Ok(Test { subject, occurrence, mask, question: Question::Present })
    }

    fn question(&mut self, subject: &Subject) -> Result<Question, FilterError> {
        let Some(token) = self.peek() else { return Ok(Question::Present) };
        match &token.word {
            Word::Compare(comparison) => {
                self.next += 1;
                let comparison = *comparison;
                let is_order = !matches!(comparison, Comparison::Equal | Comparison::Different);
                if is_order && subject.kind() == Some(FieldKind::Flag) {
                    let hint = Some("flags are compared by == and !=".to_owned());
                    return Err(self.error(token, &format!("'{}' is a flag", subject.name), hint));
                }
                let at = self.next;
                let literal = self.literal(subject)?;
                match self.tokens.get(at) {
                    Some(value) if is_order && literal.is_prefix() => {
                        let hint = Some("only == and != look whether it is inside".to_owned());
                        Err(self.error(value, "a prefix is neither more nor less", hint))
                    }
                    _ => Ok(Question::Compare(comparison, literal)),
                }
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

    /// `contains` and `matches` look into text and octets: what would do for anything else.
    fn no_text(&self, subject: &Subject, token: &Token) -> FilterError {
        let (noun, hint) = match subject.kind() {
            None => ("a header", "a field of it may have text or octets"),
            Some(FieldKind::Ipv4 | FieldKind::Ipv6) => {
                ("an address", "a prefix does: == 10.0.0.0/8")
            }
            Some(FieldKind::Mac) => ("an address", "its octets do: contains 00:1b:2f"),
            Some(_) => ("a number", "text and octets do; '&' asks for bits"),
        };
        let message = format!("'{}' is {noun} and has no text", subject.name);
        self.error(token, &message, Some(hint.to_owned()))
    }

    fn contains(&mut self, subject: &Subject, token: &Token) -> Result<Question, FilterError> {
        if !matches!(subject.kind(), Some(FieldKind::Bytes | FieldKind::Text | FieldKind::Mac)) {
            return Err(self.no_text(subject, token));
        }
        let Some(value) = self.advance() else {
            return Err(self.error_here("a value is missing", None));
        };
        match &value.word {
            Word::Quoted(text) => Ok(Question::Contains(Literal::Bytes(text.as_bytes().to_vec()))),
            Word::Bare(text) => {
                // A part of a hardware address is none: it is read as any octets.
                let octets = match subject.kind() {
                    Some(FieldKind::Text) => Some(text.as_bytes().to_vec()),
                    _ => octets(text),
                };
                let Some(octets) = octets else {
                    let hint = Some("octets are written as 0a:ff:00".to_owned());
                    let message = format!("'{}' is not valid for {}", Safe(text), subject.name);
                    return Err(self.error(value, &message, hint));
                };
                Ok(Question::Contains(Literal::Bytes(octets)))
            }
            _ => Err(self.error(value, "a string or octets should stand here", None)),
        }
    }

    fn matches(&mut self, subject: &Subject, token: &Token) -> Result<Question, FilterError> {
        if !matches!(subject.kind(), Some(FieldKind::Bytes | FieldKind::Text)) {
            return Err(self.no_text(subject, token));
        }
        self.pattern().map(Question::Matches)
    }

    fn pattern(&mut self) -> Result<Regex, FilterError> {
        let Some(value) = self.advance() else {
            return Err(self.error_here("a regular expression is missing", None));
        };
        let Word::Quoted(pattern) = &value.word else {
            let hint = Some("it stands in quotes".to_owned());
            return Err(self.error(value, "a regular expression should stand here", hint));
        };
        let regex = RegexBuilder::new(pattern).case_insensitive(true).size_limit(1 << 20).build();
        regex.map_err(|error| {
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
            if high.is_below(&low)
                && let Some(end) = self.tokens.get(self.next - 1)
            {
                let hint = Some("the lower end stands first".to_owned());
                return Err(self.error(end, "a range that ends before it begins", hint));
            }
            ranges.push((low, high));
            if !self.take(&Word::Mark(','))
                && self.peek().is_none_or(|token| token.word != Word::Mark('}'))
            {
                let hint = Some("',' stands between values, '}' behind the last".to_owned());
                return Err(self.error_here("a set is not closed", hint));
            }
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
        Literal::parse(text, is_quoted, subject, self.reach).map_err(|wanted| {
            let message = format!("'{}' is not valid for {}", Safe(text), subject.name);
            self.error(token, &message, Some(format!("expected {wanted}")))
        })
    }

    /// What is said of a name that there is not.
    fn unknown(&self, token: &Token, name: &str, near: Option<String>) -> FilterError {
        let marked = Token { len: name.chars().count(), ..token.clone() };
        if let Some((protocol, filter)) = application::find(name) {
            let message = format!("{protocol} is not decoded here");
            return self.error(&marked, &message, Some(format!("{filter} has its packets")));
        }
        let hint = match near {
            Some(near) => format!("did you mean '{near}'?"),
            None => "'ipeek fields' lists all".to_owned(),
        };
        self.error(&marked, &format!("unknown field '{}'", Safe(name)), Some(hint))
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
        Some(
            FieldKind::Number
                | FieldKind::Hex
                | FieldKind::Times(_)
                | FieldKind::Little
                | FieldKind::Group
                | FieldKind::Flag
        )
    )
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everything => Ok(()),
            Self::Or(all) => joined(f, all, " || "),
            Self::And(all) => joined(f, all, " && "),
            Self::Not(inner) => write!(f, "!({inner})"),
            Self::Test(test) => test.fmt(f),
            Self::Relation(relation) => relation.fmt(f),
        }
    }
}

fn joined(f: &mut fmt::Formatter<'_>, all: &[Expression], sign: &str) -> fmt::Result {
    for (i, expression) in all.iter().enumerate() {
        write!(f, "{}{expression}", if i == 0 { "(" } else { sign })?;
    }
    f.write_str(")")
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
            Question::Contains(Literal::Bytes(octets))
                if self.subject.kind() == Some(FieldKind::Text) =>
            {
                let text = String::from_utf8_lossy(octets).into_owned();
                write!(f, " contains {}", Literal::Text(text))
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
