//! Relations between operands: from words to what [`crate::filter::relation`] evaluates.
//!
//! ```text
//! relation = [ "any" | "all" ] sum [ comparison sum | "contains" sum | "matches" string
//!                                  | [ "not" ] "in" "{" sum [".." sum] … "}" ]
//! sum      = product { ("+" | "-") product }      product = bits { ("*" | "/" | "%") bits }
//! bits     = part { "&" part }
//! part     = value [ "[" slice { "," slice } "]" ]
//! value    = name [ "#" n ] | function "(" sum { "," sum } ")" | "(" sum ")" | "-" value | literal
//! slice    = from ":" length | from "-" last | from ":" | ":" length | octet
//! ```

use crate::base::text::Safe;
use crate::filter::error::FilterError;
use crate::filter::expression::Expression;
use crate::filter::function::{self, Class, Function};
use crate::filter::literal::Literal;
use crate::filter::names::{Subject, numbered};
use crate::filter::operand::{End, Operand, Sign, Slice};
use crate::filter::parser::{DEEPEST, Parser};
use crate::filter::relation::Relation;
use crate::filter::token::{Quantifier, Token, Word};

/// What a written value is compared with.
#[derive(Clone)]
struct Wanted {
    class: Class,
    /// The field that it stands beside, whose names and bounds count.
    beside: Option<Subject>,
}

impl Parser<'_> {
    /// Whether `word` is the name of a field or header, or of an occurrence of one.
    fn is_name(&self, word: &str) -> bool {
        numbered(word).is_some_and(|(name, _)| name == Operand::FRAME || self.known(name).is_some())
    }

    /// The field and the function of a property of an address, as in `ip.src.private`.
    fn property(&self, word: &str) -> Option<(Subject, &'static Function)> {
        let (name, last) = word.rsplit_once('.')?;
        let (_, function) = function::PROPERTIES.iter().find(|(property, _)| *property == last)?;
        let subject = if self.is_name(word) { None } else { self.known(name) }?;
        let class = subject.kind().map(Class::of);
        let function = function::find(function)?;
        matches!(class, Some(Class::Ipv4 | Class::Ipv6)).then_some((subject, function))
    }

    fn word(&self, ahead: usize) -> Option<&Word> {
        self.tokens.get(self.next + ahead).map(|token| &token.word)
    }

    /// Whether what comes is a relation, and no test of one name against written values.
    pub(super) fn is_relation(&self) -> bool {
        let bare = match self.word(0) {
            Some(Word::Bare(bare)) => bare,
            Some(Word::Quoted(_)) => return self.word(1).is_some(),
            _ => return false,
        };
        if self.quantifier().is_some()
            || (function::find(bare).is_some() && self.word(1) == Some(&Word::Mark('(')))
            || bare == Operand::FRAME
            || self.property(bare).is_some()
        {
            return true;
        }
        let name = numbered(bare).map_or(bare.as_str(), |(name, _)| name);
        let Some(subject) = self.known(name) else {
            if self.word(1) == Some(&Word::Mark('(')) {
                return true;
            }
            // A value may stand on the left too, where something follows.
            let is_value = bare.starts_with(|c: char| c.is_ascii_digit() || c == '-');
            return is_value && self.word(1).is_some();
        };
        let is_header = subject.kind().is_none();
        match self.word(1) {
            Some(Word::Mark('[') | Word::Strict(..)) => true,
            Some(Word::Bits) => {
                let is_plain = matches!(self.word(2), Some(Word::Bare(mask)) if self.is_value(mask, &subject))
                    && subject.is_number();
                !is_plain
                    || self.word(3).is_some_and(|word| Sign::of(word).is_some())
                    || self.is_operand(3, &subject)
            }
            Some(Word::Contains | Word::Matches) if is_header => true,
            Some(word) if Sign::of(word).is_some() => true,
            Some(_) => self.is_operand(1, &subject),
            None => false,
        }
    }

    /// Whether what comes goes on with an operand that was read: with that of a name alone only
    /// where no plain values follow.
    pub(super) fn is_related(&self, name: Option<&Subject>) -> bool {
        match (self.word(0), name) {
            (Some(Word::Strict(..)), _) => true,
            (Some(word), _) if Sign::of(word).is_some() => true,
            (Some(_), Some(subject)) => self.is_operand(0, subject),
            (Some(Word::Not), None) => self.word(1) == Some(&Word::In),
            (Some(word), None) => {
                matches!(word, Word::Compare(_) | Word::Contains | Word::Matches | Word::In)
            }
            (None, _) => false,
        }
    }

    /// Whether behind the comparison or `in` that stands `ahead` no plain values stand.
    fn is_operand(&self, ahead: usize, subject: &Subject) -> bool {
        let is_one = |ahead: usize| match self.word(ahead) {
            Some(Word::Bare(word)) => {
                let next = self.word(ahead + 1);
                let is_joined = next.is_some_and(|word| {
                    matches!(word, Word::Mark('[')) || Sign::of(word).is_some()
                });
                let is_call = next == Some(&Word::Mark('(')) && function::find(word).is_some();
                let is_text = subject.kind().map(Class::of) == Some(Class::Text);
                let is_field = self.is_name(word) || self.property(word).is_some();
                let is_other = is_field && (is_text || !self.is_value(word, subject));
                is_joined || is_call || (is_other && (!is_text || word.contains('.')))
            }
            Some(Word::Mark('(')) => true,
            _ => false,
        };
        let is_not = usize::from(self.word(ahead) == Some(&Word::Not));
        match self.word(ahead + is_not) {
            Some(Word::Strict(..)) => true,
            Some(Word::Compare(_)) => is_one(ahead + 1),
            Some(Word::Contains) => matches!(self.word(ahead + 1),
                Some(Word::Bare(word)) if word.contains('.') && self.is_name(word)),
            Some(Word::In) => {
                let words = (ahead + is_not + 2..).map_while(|at| Some((at, self.word(at)?)));
                let mut inside = words.take_while(|(_, word)| **word != Word::Mark('}'));
                inside.any(|(at, _)| is_one(at))
            }
            _ => false,
        }
    }

    /// Whether `word` is written as a value of `subject`.
    fn is_value(&self, word: &str, subject: &Subject) -> bool {
        Literal::parse(word, false, subject, self.reach).is_ok()
    }

    /// `any` or `all`, where one stands before an operand.
    fn quantifier(&self) -> Option<Quantifier> {
        let Some(Word::Bare(word)) = self.word(0) else { return None };
        let all = [Quantifier::Any, Quantifier::All];
        let found = all.into_iter().find(|one| one.word().eq_ignore_ascii_case(word))?;
        let follows =
            matches!(self.word(1), Some(Word::Bare(_) | Word::Quoted(_) | Word::Mark('(')));
        follows.then_some(found)
    }

    /// Reads a relation.
    pub(super) fn relation(&mut self) -> Result<Expression, FilterError> {
        let quantifier = self.quantifier();
        self.next += usize::from(quantifier.is_some());
        self.related(self.next, quantifier)
    }

    /// Reads a relation whose first operand begins at word `start`, which may have been read.
    pub(super) fn related(
        &mut self,
        start: usize,
        quantifier: Option<Quantifier>,
    ) -> Result<Expression, FilterError> {
        self.next = start;
        let left = self.sum(None)?;
        let end = self.next;
        let is_not_in = self.word(0) == Some(&Word::Not) && self.word(1) == Some(&Word::In);
        let is_not_in = is_not_in && self.peek().is_some_and(|token| token.len > 1);
        self.next += usize::from(is_not_in);
        let any = quantifier.unwrap_or(Quantifier::Any);
        let relation = match self.peek().map(|token| &token.word) {
            Some(&(Word::Compare(_) | Word::Strict(..))) => {
                let (comparison, strict) = match self.advance().map(|token| &token.word) {
                    Some(&Word::Strict(comparison, quantifier)) => (comparison, Some(quantifier)),
                    Some(&Word::Compare(comparison)) => (comparison, None),
                    _ => return Err(self.error_here("a comparison is missing", None)),
                };
                let right = self.next;
                let other = self.sum(None)?;
                let after = self.next;
                let wanted = self.common(start, end, &left, &other)?;
                let left = self.again(start, &wanted)?;
                let other = self.again(right, &wanted)?;
                self.next = after;
                let quantifier = quantifier.or(strict).unwrap_or(comparison.usual());
                Relation::Compare(quantifier, left, comparison, other)
            }
            Some(Word::In) => {
                self.next += 1;
                self.set_of_operands(any, start, end, &left)?
            }
            Some(Word::Contains) => {
                self.next += 1;
                let left = self.octets_or_text(start, end, left)?;
                let wanted = Wanted { class: left.class().unwrap_or(Class::Octets), beside: None };
                Relation::Contains(any, left, self.sum(Some(&wanted))?)
            }
            Some(Word::Matches) => {
                self.next += 1;
                let left = self.octets_or_text(start, end, left)?;
                Relation::Matches(any, left, self.pattern()?)
            }
            _ => {
                let Some(class) = left.class() else {
                    return Err(self.no_field(start, end));
                };
                self.again(start, &Wanted { class, beside: None }).map(Relation::IsSet)?
            }
        };
        let relation = Expression::Relation(Box::new(relation));
        Ok(if is_not_in { Expression::Not(Box::new(relation)) } else { relation })
    }

    fn set_of_operands(
        &mut self,
        quantifier: Quantifier,
        start: usize,
        end: usize,
        left: &Operand,
    ) -> Result<Relation, FilterError> {
        let Some(class) = left.class() else { return Err(self.no_field(start, end)) };
        let wanted = Wanted { class, beside: beside(left) };
        if !self.take(&Word::Mark('{')) {
            return Err(self.error_here("a set should stand here", Some("{1, 5..9}".into())));
        }
        let mut ranges = Vec::new();
        while !self.take(&Word::Mark('}')) {
            let from = self.next;
            let low = self.sum(Some(&wanted))?;
            let high = if self.take(&Word::To) { self.sum(Some(&wanted))? } else { low.clone() };
            for one in [&low, &high] {
                self.same_class(from, self.next, class, one.class())?;
            }
            ranges.push((low, high));
            if !self.take(&Word::Mark(',')) && self.word(0) != Some(&Word::Mark('}')) {
                let hint = Some("',' stands between values, '}' behind the last".to_owned());
                return Err(self.error_here("a set is not closed", hint));
            }
        }
        Ok(Relation::In(quantifier, left.clone(), ranges))
    }

    /// What `contains` and `matches` look into.
    fn octets_or_text(
        &mut self,
        start: usize,
        end: usize,
        left: Operand,
    ) -> Result<Operand, FilterError> {
        match left.class() {
            Some(Class::Octets | Class::Text) => Ok(left),
            Some(class) => {
                let hint = Some("string() gives a number or an address as text".to_owned());
                let message = format!("this is {} and has no text", class.noun());
                Err(self.error(&self.marked(start, end), &message, hint))
            }
            None => Err(self.no_field(start, end)),
        }
    }

    /// Reads an operand again, now that it is known what its written values are compared with.
    fn again(&mut self, start: usize, wanted: &Wanted) -> Result<Operand, FilterError> {
        self.next = start;
        self.sum(Some(wanted))
    }

    /// What the written values of a comparison are compared with.
    fn common(
        &self,
        start: usize,
        end: usize,
        left: &Operand,
        right: &Operand,
    ) -> Result<Wanted, FilterError> {
        let Some(class) = left.class().or_else(|| right.class()) else {
            return Err(self.no_field(start, self.next));
        };
        self.same_class(start, end, class, right.class())?;
        Ok(Wanted { class, beside: beside(left).or_else(|| beside(right)) })
    }

    fn same_class(
        &self,
        start: usize,
        end: usize,
        class: Class,
        other: Option<Class>,
    ) -> Result<(), FilterError> {
        match other {
            Some(other) if other != class => {
                let message = format!(
                    "{} is not compared with {}: they are of different types",
                    class.noun(),
                    other.noun()
                );
                Err(self.error(&self.marked(start, end), &message, None))
            }
            _ => Ok(()),
        }
    }

    fn no_field(&self, start: usize, end: usize) -> FilterError {
        let hint = Some("a test reads a field, such as ip.ttl".to_owned());
        self.error(&self.marked(start, end), "no field stands here", hint)
    }

    /// The words from `start` to before `end` as one.
    fn marked(&self, start: usize, end: usize) -> Token {
        let first = self.tokens.get(start);
        let last = self.tokens.get(end.saturating_sub(1)).or(first);
        match (first, last) {
            (Some(first), Some(last)) => {
                Token { len: (last.at + last.len).saturating_sub(first.at).max(1), ..first.clone() }
            }
            _ => Token { word: Word::To, at: self.text.chars().count(), len: 1 },
        }
    }

    fn sum(&mut self, wanted: Option<&Wanted>) -> Result<Operand, FilterError> {
        self.joined(&[Sign::Plus, Sign::Minus], |parser| {
            parser.joined(&[Sign::Times, Sign::Over, Sign::Modulo], |parser| {
                parser.joined(&[Sign::Bits], |parser| parser.part(wanted))
            })
        })
    }

    fn joined(
        &mut self,
        signs: &[Sign],
        mut one: impl FnMut(&mut Self) -> Result<Operand, FilterError>,
    ) -> Result<Operand, FilterError> {
        let start = self.next;
        let mut left = one(self)?;
        let mut count = 0;
        while let Some(sign) = self.word(0).and_then(Sign::of).filter(|sign| signs.contains(sign)) {
            self.next += 1;
            count += 1;
            let right = one(self)?;
            let is_address = |class| matches!(class, Class::Ipv4 | Class::Ipv6);
            let classes = [left.class(), right.class()];
            let is_right = |class: Class| {
                class == Class::Number
                    || (sign == Sign::Bits && (is_address(class) || class == Class::Octets))
            };
            if let Some(class) = classes.into_iter().flatten().find(|class| !is_right(*class)) {
                let message = format!("this is {}: only numbers are calculated with", class.noun());
                return Err(self.error(&self.marked(start, self.next), &message, None));
            }
            if count > DEEPEST {
                let message = format!("more than {DEEPEST} signs in a row");
                return Err(self.error_here(&message, None));
            }
            left = Operand::Join(sign, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn part(&mut self, wanted: Option<&Wanted>) -> Result<Operand, FilterError> {
        let start = self.next;
        let value = self.value(wanted)?;
        if !self.take(&Word::Mark('[')) {
            return match value {
                // By itself a header is there or not.
                Operand::Header(subject, number) => self.header(start, subject, number),
                value => Ok(value),
            };
        }
        let is_sliced = match &value {
            Operand::Field(subject, _) => subject.kind().map(Class::of) != Some(Class::Number),
            Operand::Header(..) | Operand::Frame => true,
            _ => false,
        };
        if !is_sliced {
            let hint = Some("octets, text, addresses and headers have slices; '&' asks for bits");
            let marked = self.marked(start, self.next);
            return Err(self.error(&marked, "this has no slices", hint.map(str::to_owned)));
        }
        let mut slices = Vec::new();
        loop {
            slices.push(self.slice()?);
            if self.take(&Word::Mark(']')) {
                return Ok(Operand::Slice(Box::new(value), slices));
            }
            if !self.take(&Word::Mark(',')) {
                return Err(self.error_here("a slice is not closed", Some("']' is missing".into())));
            }
        }
    }

    /// A header that is no part of a slice: its octets, where it is looked into.
    fn header(
        &self,
        start: usize,
        subject: Subject,
        number: Option<i32>,
    ) -> Result<Operand, FilterError> {
        let is_looked_into = matches!(
            self.word(0),
            None | Some(
                Word::Contains
                    | Word::Matches
                    | Word::And
                    | Word::Or
                    | Word::Mark(')' | ',')
                    | Word::Compare(_)
                    | Word::Strict(..)
            )
        );
        if is_looked_into {
            return Ok(Operand::Header(subject, number));
        }
        let hint = Some("its octets have slices, such as ip[8]".to_owned());
        let message = format!("'{}' is a header, which is there or not", subject.name);
        Err(self.error(&self.marked(start, self.next), &message, hint))
    }

    fn slice(&mut self) -> Result<Slice, FilterError> {
        let slice = match self.word(0) {
            Some(Word::Bare(text)) => slice(text),
            _ => None,
        };
        let Some(slice) = slice else {
            let hint = "[first:length], [first-last], [first:], [:length] or [octet]";
            return Err(self.error_here("a slice should stand here", Some(hint.into())));
        };
        self.next += 1;
        Ok(slice)
    }

    fn value(&mut self, wanted: Option<&Wanted>) -> Result<Operand, FilterError> {
        let at = self.next;
        let Some(token) = self.advance() else {
            return Err(self.error_here("a value is missing", None));
        };
        self.deepen()?;
        let operand = match &token.word {
            Word::Mark('(') => {
                let inner = self.sum(wanted)?;
                self.close_bracket()?;
                inner
            }
            Word::Bare(word) if word == "-" => Operand::Negative(Box::new(self.value(wanted)?)),
            Word::Bare(word) if self.word(0) == Some(&Word::Mark('(')) => {
                let Some(function) = function::find(word) else {
                    let names: Vec<_> = function::FUNCTIONS.iter().map(|row| row.name).collect();
                    let hint = Some(format!("functions are {}", names.join(", ")));
                    let word = Safe(word);
                    return Err(self.error(token, &format!("unknown function '{word}'"), hint));
                };
                self.next += 1;
                let mut arguments = vec![self.sum(wanted)?];
                while self.take(&Word::Mark(',')) {
                    arguments.push(self.sum(wanted)?);
                }
                self.close_bracket()?;
                Operand::Call(function, arguments)
            }
            Word::Bare(word) => self.named(token, word, wanted)?,
            Word::Quoted(text) => self.written(token, text, true, wanted)?,
            _ => {
                self.next = at;
                return Err(self.error(token, "a value should stand here", None));
            }
        };
        self.depth -= 1;
        Ok(operand)
    }

    /// A bare word: a value that suits, or else a name.
    fn named(
        &self,
        token: &Token,
        word: &str,
        wanted: Option<&Wanted>,
    ) -> Result<Operand, FilterError> {
        let written = self.written(token, word, false, wanted);
        let is_text = wanted.is_some_and(|wanted| wanted.class == Class::Text);
        if wanted.is_some() && written.is_ok() && !(is_text && self.is_name(word)) {
            return written;
        }
        if word == Operand::FRAME {
            return Ok(Operand::Frame);
        }
        if let Some((subject, function)) = self.property(word) {
            return Ok(Operand::Call(function, vec![Operand::Field(subject, None)]));
        }
        let (name, number) = numbered(word).unwrap_or((word, None));
        match self.known(name) {
            Some(subject) if subject.kind().is_some() => Ok(Operand::Field(subject, number)),
            Some(subject) => Ok(Operand::Header(subject, number)),
            _ => written,
        }
    }

    /// A value that is written out, as far as it is known what it is compared with.
    fn written(
        &self,
        token: &Token,
        text: &str,
        is_quoted: bool,
        wanted: Option<&Wanted>,
    ) -> Result<Operand, FilterError> {
        let negative = text.strip_prefix('-').filter(|rest| rest.parse::<u64>().is_ok());
        let Some(wanted) = wanted else {
            return Ok(Operand::Literal(Literal::Exact(text.to_owned())));
        };
        if let (Class::Number, Some(digits), false) = (wanted.class, negative, is_quoted) {
            let number = Box::new(self.written(token, digits, false, Some(wanted))?);
            return Ok(Operand::Negative(number));
        }
        let literal =
            Literal::of_class(text, is_quoted, wanted.class, self.reach, wanted.beside.as_ref());
        literal.map(Operand::Literal).map_err(|expected| {
            let of = wanted.beside.as_ref().map(|beside| format!(" for {}", beside.name));
            let message = format!("'{}' is not valid{}", Safe(text), of.unwrap_or_default());
            self.error(token, &message, Some(format!("expected {expected}")))
        })
    }
}

/// The field that an operand is, whose names and bounds its values have.
fn beside(operand: &Operand) -> Option<Subject> {
    match operand {
        Operand::Field(subject, _) => Some(subject.clone()),
        _ => None,
    }
}

/// A slice as it is written between brackets.
fn slice(text: &str) -> Option<Slice> {
    let number = |text: &str| text.parse::<i32>().ok();
    if let Some((from, length)) = text.split_once(':') {
        let from = if from.is_empty() { 0 } else { number(from)? };
        let end = if length.is_empty() {
            End::Rest
        } else {
            End::Length(length.parse().ok().filter(|&length| length > 0)?)
        };
        return Some(Slice { from, end });
    }
    if let Some(from) = number(text) {
        return Some(Slice { from, end: End::Length(1) });
    }
    // The dash behind the first digit: either number may have one of its own.
    let at = text.char_indices().skip(1).find(|(_, c)| *c == '-')?.0;
    let (from, last) = (number(text.get(..at)?)?, number(text.get(at + 1..)?)?);
    Some(Slice { from, end: End::Last(last) })
}
