//! Expressions held against packets: a flat list of tests, each with where to go from it.
//!
//! Nothing is allocated.  A test of one number at a fixed place of its header reads just that.

use super::literal::Literal;
use super::parse::{Expression, Question, Test};
use super::token::Comparison;
use crate::decode::Packet;
use crate::wire::Layer;
use crate::wire::field::{Field, Kind, Value, bits};

/// Where a program ends.
const TRUE: usize = usize::MAX;
const FALSE: usize = usize::MAX - 1;

/// A compiled expression.
#[derive(Debug)]
pub struct Program {
    steps: Vec<Step>,
    start: usize,
}

#[derive(Debug)]
struct Step {
    check: Check,
    if_true: usize,
    if_false: usize,
}

/// One test.
#[derive(Debug)]
enum Check {
    /// A number at a fixed place, compared with a number.
    Quick { layer: Layer, at: u32, width: u32, unit: u64, comparison: Comparison, number: u64 },
    /// A header that is there.
    Header(Vec<Layer>),
    /// Any other.
    Any(Box<Test>),
}

impl Program {
    /// The program of an expression.
    pub fn new(expression: &Expression) -> Self {
        let mut program = Self { steps: Vec::new(), start: TRUE };
        program.start = program.add(expression, TRUE, FALSE);
        program
    }

    /// Whether `packet` matches.
    pub fn matches(&self, packet: &Packet<'_>) -> bool {
        let mut next = self.start;
        // Steps lead on only to steps added before them, so this ends.
        while let Some(step) = self.steps.get(next) {
            next = if step.check.holds(packet) { step.if_true } else { step.if_false };
        }
        next == TRUE
    }

    /// Adds the steps of `expression`, which lead to `if_true` or `if_false`; gives the first.
    fn add(&mut self, expression: &Expression, if_true: usize, if_false: usize) -> usize {
        match expression {
            Expression::Everything => if_true,
            Expression::Not(inner) => self.add(inner, if_false, if_true),
            Expression::And(left, right) => {
                let second = self.add(right, if_true, if_false);
                self.add(left, second, if_false)
            }
            Expression::Or(left, right) => {
                let second = self.add(right, if_true, if_false);
                self.add(left, if_true, second)
            }
            Expression::Test(test) => {
                self.steps.push(Step { check: Check::new(test), if_true, if_false });
                self.steps.len() - 1
            }
        }
    }
}

impl Check {
    fn new(test: &Test) -> Self {
        let subject = &test.subject;
        if matches!(test.question, Question::Present)
            && subject.fields.is_empty()
            && subject.derived.is_empty()
        {
            return Self::Header(subject.headers.clone());
        }
        if let ([field], [], None, None) =
            (&subject.fields[..], &subject.derived[..], test.occurrence, test.mask)
            && let Some(unit) = unit(field)
            && let Question::Compare(comparison, Literal::Number(number)) = &test.question
        {
            return Self::Quick {
                layer: field.layer,
                at: field.at,
                width: field.width,
                unit,
                comparison: *comparison,
                number: *number,
            };
        }
        Self::Any(Box::new(test.clone()))
    }

    fn holds(&self, packet: &Packet<'_>) -> bool {
        match self {
            Self::Quick { layer, at, width, unit, comparison, number } => {
                let (mut any, mut all) = (false, true);
                for &span in packet.layers.spans().iter().filter(|span| span.layer == *layer) {
                    if let Some(bits) = bits(packet.header(span), *at, *width) {
                        any |= compare(bits * unit, *comparison, *number);
                        all &= bits * unit != *number;
                        if any && *comparison != Comparison::Different {
                            return true;
                        }
                    }
                }
                any && (*comparison != Comparison::Different || all)
            }
            Self::Header(layers) => {
                packet.layers.spans().iter().any(|span| layers.contains(&span.layer))
            }
            Self::Any(test) => test.holds(packet),
        }
    }
}

/// The unit of a number that stands at a fixed place of every header of its layer.
fn unit(field: &Field) -> Option<u64> {
    let is_fixed = field.layer.header().fields.iter().any(|other| other.is_same_row(field));
    match field.kind {
        _ if !is_fixed || field.repeats => None,
        Kind::Number | Kind::Hex | Kind::Group | Kind::Flag => Some(1),
        Kind::Times(unit) => Some(u64::from(unit)),
        _ => None,
    }
}

fn compare(value: u64, comparison: Comparison, number: u64) -> bool {
    match comparison {
        Comparison::Equal => value == number,
        Comparison::Different => value != number,
        Comparison::Less => value < number,
        Comparison::LessOrEqual => value <= number,
        Comparison::Greater => value > number,
        Comparison::GreaterOrEqual => value >= number,
    }
}

impl Test {
    /// Whether the test holds for `packet`.
    fn holds(&self, packet: &Packet<'_>) -> bool {
        let count = match self.occurrence {
            Some(occurrence) if occurrence < 0 => {
                let mut count = 0;
                self.each(packet, &mut |_| count += 1);
                count
            }
            _ => 0,
        };
        let wanted = self.occurrence.map(|n| if n < 0 { count + n + 1 } else { n });
        let is_all = matches!(self.question, Question::Compare(Comparison::Different, _));
        let (mut number, mut any, mut all) = (0, false, true);
        self.each(packet, &mut |value| {
            number += 1;
            if wanted.is_none_or(|wanted| wanted == number) {
                let holds = self.question.holds(value, self.mask);
                any |= holds;
                all &= holds;
            }
        });
        any && (!is_all || all)
    }

    /// Calls `with` for each value, outermost header first within a field.
    fn each<'p>(&self, packet: &Packet<'p>, with: &mut dyn FnMut(Value<'p>)) {
        for field in &self.subject.fields {
            packet.each(field, with);
        }
        for row in &self.subject.derived {
            packet.each_derived(row, with);
        }
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
