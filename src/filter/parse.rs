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

mod apart;
mod operand;

use std::cell::RefCell;

use regex::bytes::{Regex, RegexBuilder};

use super::error::FilterError;
use super::expression::{Expression, Question, Test};
use super::literal::{Literal, octets};
use super::names::{Reach, Subject, numbered};
use super::parser::Parser;
use super::relation::Relation;
use super::token::{Comparison, Token, Word, tokens};
use crate::base::text::Safe;
use crate::wire::field::FieldKind;

/// Most `^^` in a row: each doubles what stands before it.
const MOST_XOR: usize = 4;

/// Reads a filter.
///
/// # Errors
/// A [`FilterError`] with the place that cannot be read.
pub fn parse(text: &str, reach: Reach) -> Result<Expression, FilterError> {
    let tokens = apart::apart(tokens(text)?);
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

impl Parser<'_> {
    pub(super) fn or(&mut self) -> Result<Expression, FilterError> {
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
        self.deepen()?;
        let expression = if self.take(&Word::Not) {
            Expression::Not(Box::new(self.not()?))
        } else if self.is_relation() {
            self.relation()?
        } else if self.take(&Word::Mark('(')) {
            let start = self.next - 1;
            let inner = self.or()?;
            self.close_bracket()?;
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
        if self.reach == Reach::Packet && subject.asks().is_any() {
            let hint = "-Y without the dashboard takes it, and -T fields shows it".to_owned();
            let marked = Token { len: name.chars().count(), ..token.clone() };
            let message = format!("'{}' is told from the packets before", subject.name);
            return Err(self.error(&marked, &message, Some(hint)));
        }
        let mask = if self.take(&Word::Bits) {
            if !subject.is_number() {
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

    pub(super) fn pattern(&mut self) -> Result<Regex, FilterError> {
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
}
