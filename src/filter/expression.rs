//! What a filter is made of: tests and relations, joined.

use std::fmt;

use regex::bytes::Regex;

use super::literal::Literal;
use super::names::Subject;
use super::relation::Relation;
use super::token::Comparison;
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
