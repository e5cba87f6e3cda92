//! Evaluation of expressions: a flat list of tests, each with the next one for either result.
//!
//! Nothing is allocated.  A test of one number at a fixed place of its header reads just that.

use super::expression::{Expression, Question, Test};
use super::literal::Literal;
use super::operand::each_value;
use super::relation::Relation;
use super::token::Comparison;
use crate::decode::Packet;
use crate::decode::history::{Asks, History};
use crate::wire::Layer;
use crate::wire::field::{Field, FieldKind, Value, bits};

/// Where a program ends.
const TRUE: usize = usize::MAX;
const FALSE: usize = usize::MAX - 1;

/// A compiled expression.
#[derive(Debug)]
pub struct Program {
    instructions: Vec<Instruction>,
    start: usize,
}

#[derive(Debug)]
struct Instruction {
    check: Check,
    if_true: usize,
    if_false: usize,
}

/// One test.
#[derive(Debug)]
enum Check {
    /// Numbers at fixed places, held against ranges.
    Quick(Quick),
    /// Presence of a header, so many times.
    Header(Vec<Layer>, usize),
    /// Any other test.
    Any(Box<Test>),
    /// A relation between operands.
    Relation(Box<Relation>),
}

/// Whether any number at these places is in any of these ranges, ends included.
#[derive(Debug)]
struct Quick {
    numbers: Vec<NumberAt>,
    ranges: Vec<(u64, u64)>,
    /// Whether there must be a number and none of them in a range.
    differs: bool,
}

/// Where a number stands in every header of its layer.
#[derive(Debug)]
struct NumberAt {
    layer: Layer,
    at: u32,
    width: u32,
    unit: u64,
}

impl Program {
    /// The program of an expression.
    pub fn new(expression: &Expression) -> Self {
        let mut program = Self { instructions: Vec::new(), start: TRUE };
        program.start = program.add(expression, TRUE, FALSE);
        program
    }

    /// Whether `packet`, with that `history`, matches.
    pub fn matches(&self, packet: &Packet<'_>, history: History<'_>) -> bool {
        let mut next = self.start;
        // Steps lead on only to instructions added before them, so this ends.
        while let Some(step) = self.instructions.get(next) {
            next = if step.check.holds(packet, history) { step.if_true } else { step.if_false };
        }
        next == TRUE
    }

    /// Whether a test is about anomalies.
    pub fn is_cross_packet(&self) -> bool {
        self.instructions.iter().any(|step| match &step.check {
            Check::Any(test) => test.subject.is_cross_packet(),
            Check::Relation(relation) => relation.is_cross_packet(),
            Check::Quick(_) | Check::Header(..) => false,
        })
    }

    /// What its tests have to know of the packets before, beside anomalies.
    pub fn asks(&self) -> Asks {
        let checks = self.instructions.iter().map(|step| &step.check);
        checks.fold(Asks::default(), |all, check| match check {
            Check::Any(test) => all.or(test.subject.asks()),
            Check::Relation(relation) => all.or(relation.asks()),
            Check::Quick(_) | Check::Header(..) => all,
        })
    }

    /// Adds the instructions of `expression`, which lead to `if_true` or `if_false`; gives the
    /// first.
    fn add(&mut self, expression: &Expression, if_true: usize, if_false: usize) -> usize {
        match expression {
            Expression::Everything => if_true,
            Expression::Not(inner) => self.add(inner, if_false, if_true),
            Expression::And(all) => {
                all.iter().rev().fold(if_true, |next, one| self.add(one, next, if_false))
            }
            Expression::Or(all) => {
                all.iter().rev().fold(if_false, |next, one| self.add(one, if_true, next))
            }
            Expression::Test(test) => self.push(Check::new(test), if_true, if_false),
            Expression::Relation(relation) => {
                self.push(Check::Relation(relation.clone()), if_true, if_false)
            }
        }
    }

    fn push(&mut self, check: Check, if_true: usize, if_false: usize) -> usize {
        self.instructions.push(Instruction { check, if_true, if_false });
        self.instructions.len() - 1
    }
}

impl Check {
    fn new(test: &Test) -> Self {
        let subject = &test.subject;
        if matches!(test.question, Question::Present)
            && subject.fields.is_empty()
            && subject.derived.is_empty()
        {
            // Counted from either end, the header is there when there are so many.
            let least = test.occurrence.map_or(1, |number| number.unsigned_abs() as usize);
            return Self::Header(subject.headers.clone(), least);
        }
        Quick::new(test).map_or_else(|| Self::Any(Box::new(test.clone())), Self::Quick)
    }

    fn holds(&self, packet: &Packet<'_>, history: History<'_>) -> bool {
        match self {
            Self::Quick(quick) => quick.holds(packet),
            Self::Header(layers, least) => {
                let spans = packet.layers.spans().iter();
                spans.filter(|span| layers.contains(&span.layer)).take(*least).count() == *least
            }
            Self::Any(test) => test.holds(packet, history),
            Self::Relation(relation) => relation.holds((packet, history)),
        }
    }
}

impl Quick {
    fn new(test: &Test) -> Option<Self> {
        let subject = &test.subject;
        if subject.fields.is_empty()
            || !subject.derived.is_empty()
            || test.occurrence.is_some()
            || test.mask.is_some()
        {
            return None;
        }
        let numbers = subject.fields.iter().map(|field| {
            let unit = unit(field)?;
            Some(NumberAt { layer: field.layer, at: field.at, width: field.width, unit })
        });
        let (ranges, differs) = match &test.question {
            Question::Present => (vec![(0, u64::MAX)], false),
            Question::Compare(comparison, literal) => {
                let (first, last) = literal.bounds()?;
                let range = match comparison {
                    Comparison::Equal | Comparison::Different => Some((first, last)),
                    Comparison::Less => first.checked_sub(1).map(|most| (0, most)),
                    Comparison::LessOrEqual => Some((0, last)),
                    Comparison::Greater => last.checked_add(1).map(|least| (least, u64::MAX)),
                    Comparison::GreaterOrEqual => Some((first, u64::MAX)),
                };
                (range.into_iter().collect(), *comparison == Comparison::Different)
            }
            Question::In(ranges) => {
                let range =
                    |(low, high): &(Literal, Literal)| Some((low.bounds()?.0, high.bounds()?.1));
                (ranges.iter().map(range).collect::<Option<_>>()?, false)
            }
            Question::Contains(_) | Question::Matches(_) => return None,
        };
        Some(Self { numbers: numbers.collect::<Option<_>>()?, ranges, differs })
    }

    fn holds(&self, packet: &Packet<'_>) -> bool {
        let mut is_there = false;
        for span in packet.layers.spans() {
            for number in self.numbers.iter().filter(|number| number.layer == span.layer) {
                let Some(bits) = bits(packet.header(*span), number.at, number.width) else {
                    continue;
                };
                let value = bits.saturating_mul(number.unit);
                if self.ranges.iter().any(|(first, last)| (*first..=*last).contains(&value)) {
                    return !self.differs;
                }
                is_there = true;
            }
        }
        self.differs && is_there
    }
}

/// The unit of a number that stands at a fixed place of every header of its layer.
fn unit(field: &Field) -> Option<u64> {
    let is_fixed = field.layer.header().fields.iter().any(|other| other.is_same_row(field));
    match field.kind {
        _ if !is_fixed || field.repeats => None,
        FieldKind::Number
        | FieldKind::Hex
        | FieldKind::Group
        | FieldKind::Flag
        | FieldKind::Ipv4
        | FieldKind::Mac => Some(1),
        FieldKind::Times(unit) => Some(u64::from(unit)),
        _ => None,
    }
}

impl Test {
    /// Whether the test holds for `packet`.
    fn holds(&self, packet: &Packet<'_>, history: History<'_>) -> bool {
        let is_all = matches!(self.question, Question::Compare(Comparison::Different, _));
        let (mut any, mut all) = (false, true);
        each_value(&self.subject, self.occurrence, (packet, history), &mut |value| {
            let holds = self.question.holds(value, self.mask);
            any |= holds;
            all &= holds;
        });
        any && (!is_all || all)
    }
}

impl Question {
    fn holds(&self, value: Value<'_>, mask: Option<u64>) -> bool {
        let value = match (mask, value) {
            (Some(mask), Value::Number(number)) => Value::Number(number & mask),
            (Some(mask), Value::Flag(flag)) => Value::Number(u64::from(flag) & mask),
            (_, value) => value,
        };
        match self {
            Self::Present => match value {
                Value::Number(number) if mask.is_some() => number != 0,
                _ => true,
            },
            Self::Compare(comparison, literal) => literal.compare(*comparison, value),
            Self::In(ranges) => ranges.iter().any(|(low, high)| {
                low.compare(Comparison::GreaterOrEqual, value)
                    && high.compare(Comparison::LessOrEqual, value)
            }),
            Self::Contains(literal) => {
                let Literal::Bytes(wanted) = literal else { return false };
                match value {
                    Value::Bytes(octets) => memchr::memmem::find(octets, wanted).is_some(),
                    Value::Text(text) => memchr::memmem::find(text.as_bytes(), wanted).is_some(),
                    Value::Mac(octets) => memchr::memmem::find(&octets, wanted).is_some(),
                    _ => false,
                }
            }
            Self::Matches(regex) => match value {
                Value::Bytes(octets) => regex.is_match(octets),
                Value::Text(text) => regex.is_match(text.as_bytes()),
                _ => false,
            },
        }
    }
}
