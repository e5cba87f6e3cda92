//! A relation between operands: what a test of one name against written values cannot say.

use std::cmp::Ordering;
use std::fmt::{self, Write as _};

use regex::bytes::Regex;

use super::operand::{Context, Datum, Operand};
use super::token::{Comparison, Quantifier};
use crate::decode::history::Asks;
use crate::wire::field::Value;

/// A relation, which a packet passes or fails.
#[derive(Debug, Clone)]
pub enum Relation {
    /// A value is there that is not the number 0.
    IsSet(Operand),
    /// How values stand to each other.
    Compare(Quantifier, Operand, Comparison, Operand),
    /// Any value is one of these or between two, ends included; all are, where that is asked.
    In(Quantifier, Operand, Vec<(Operand, Operand)>),
    /// The octets of a value on the right lie in one on the left.
    Contains(Quantifier, Operand, Operand),
    /// A regular expression matches in a value.
    Matches(Quantifier, Operand, Regex),
}

/// The answers for single values, added up.
#[derive(Debug, Default, Clone, Copy)]
struct Answers {
    any: bool,
    differs: bool,
}

impl Answers {
    fn add(&mut self, holds: bool) {
        self.any |= holds;
        self.differs |= !holds;
    }

    fn hold(self, quantifier: Quantifier) -> bool {
        self.any && (quantifier == Quantifier::Any || !self.differs)
    }
}

/// How two values stand to each other, where they are of one kind.
fn order(a: Datum<'_>, b: Datum<'_>) -> Option<Ordering> {
    match (a, b) {
        (Datum::Number(a), Datum::Number(b)) => Some(a.cmp(&b)),
        (Datum::Text(a, case), Datum::Text(b, other)) => {
            Some(a.bytes().map(|octet| case.of(octet)).cmp(b.bytes().map(|octet| other.of(octet))))
        }
        (Datum::Value(Value::Ipv4(a)), Datum::Value(Value::Ipv4(b))) => Some(a.cmp(&b)),
        (Datum::Value(Value::Ipv6(a)), Datum::Value(Value::Ipv6(b))) => Some(a.cmp(&b)),
        (Datum::Value(Value::Time(a)), Datum::Value(Value::Time(b))) => Some(a.cmp(&b)),
        (Datum::Value(Value::Elapsed(a)), Datum::Value(Value::Elapsed(b))) => Some(a.cmp(&b)),
        _ => {
            let mut order = None;
            a.octets(&mut |a| b.octets(&mut |b| order = Some(a.cmp(b))));
            order
        }
    }
}

/// Whether `a` stands so to `b`.
fn compares(a: Datum<'_>, comparison: Comparison, b: Datum<'_>) -> bool {
    match (a, b) {
        (Datum::Value(value), Datum::Literal(literal)) => literal.compare(comparison, value),
        (Datum::Literal(literal), Datum::Value(value)) => {
            literal.compare(comparison.turned(), value)
        }
        _ => order(a, b).is_some_and(|order| comparison.allows(order)),
    }
}

impl Relation {
    /// Whether it holds in `context`.
    pub fn holds(&self, context: Context<'_>) -> bool {
        let mut answers = Answers::default();
        match self {
            Self::IsSet(operand) => {
                operand.each(context, &mut |datum| answers.add(!matches!(datum, Datum::Number(0))));
                answers.any
            }
            Self::Compare(quantifier, a, comparison, b) => {
                a.each(context, &mut |a| {
                    b.each(context, &mut |b| answers.add(compares(a, *comparison, b)));
                });
                answers.hold(*quantifier)
            }
            Self::In(quantifier, operand, ranges) => {
                operand.each(context, &mut |value| {
                    let is_in =
                        ranges.iter().any(|(low, high)| is_between(value, low, high, context));
                    answers.add(is_in);
                });
                answers.hold(*quantifier)
            }
            Self::Contains(quantifier, a, b) => {
                a.each(context, &mut |a| {
                    b.each(context, &mut |b| {
                        let mut holds = false;
                        a.octets(&mut |a| {
                            b.octets(&mut |b| holds = memchr::memmem::find(a, b).is_some());
                        });
                        answers.add(holds);
                    });
                });
                answers.hold(*quantifier)
            }
            Self::Matches(quantifier, operand, regex) => {
                operand.each(context, &mut |datum| {
                    let mut holds = false;
                    datum.octets(&mut |octets| holds = regex.is_match(octets));
                    answers.add(holds);
                });
                answers.hold(*quantifier)
            }
        }
    }

    /// Whether it is about anomalies, some of which only several packets show.
    pub fn is_cross_packet(&self) -> bool {
        match self {
            Self::IsSet(a) | Self::Matches(_, a, _) => a.is_cross_packet(),
            Self::Compare(_, a, _, b) | Self::Contains(_, a, b) => {
                a.is_cross_packet() || b.is_cross_packet()
            }
            Self::In(_, a, ranges) => {
                a.is_cross_packet()
                    || ranges
                        .iter()
                        .any(|(low, high)| low.is_cross_packet() || high.is_cross_packet())
            }
        }
    }

    /// What it has to know of the packets before, beside anomalies.
    pub fn asks(&self) -> Asks {
        match self {
            Self::IsSet(a) | Self::Matches(_, a, _) => a.asks(),
            Self::Compare(_, a, _, b) | Self::Contains(_, a, b) => a.asks().or(b.asks()),
            Self::In(_, a, ranges) => {
                ranges.iter().fold(a.asks(), |all, (low, high)| all.or(low.asks()).or(high.asks()))
            }
        }
    }
}

/// Whether `value` lies between any of the values of `low` and any of `high`, ends included.
fn is_between(value: Datum<'_>, low: &Operand, high: &Operand, context: Context<'_>) -> bool {
    let (mut above, mut below) = (false, false);
    low.each(context, &mut |low| above |= compares(value, Comparison::GreaterOrEqual, low));
    high.each(context, &mut |high| below |= compares(value, Comparison::LessOrEqual, high));
    above && below
}

/// As it is written; it reads back as the same.
impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::IsSet(operand) => operand.fmt(f),
            Self::Compare(quantifier, a, comparison, b) => {
                write!(f, "{} {a} {} {b}", quantifier.word(), comparison.sign())
            }
            Self::In(quantifier, operand, ranges) => {
                write!(f, "{} {operand} in {{", quantifier.word())?;
                for (i, (low, high)) in ranges.iter().enumerate() {
                    write!(f, "{}{low} .. {high}", if i > 0 { ", " } else { "" })?;
                }
                f.write_char('}')
            }
            Self::Contains(quantifier, a, b) => write!(f, "{} {a} contains {b}", quantifier.word()),
            Self::Matches(quantifier, operand, regex) => {
                let pattern = regex.as_str().replace('\\', "\\\\").replace('"', "\\\"");
                write!(f, "{} {operand} matches \"{pattern}\"", quantifier.word())
            }
        }
    }
}
