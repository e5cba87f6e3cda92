//! Floor 3: expressions over the field catalogue, in Wireshark's display filter language.
//!
//! A name means any of its occurrences in any layer.  `==` is true when any occurrence equals, `!=`
//! when the field is there and all of them differ.

pub mod application;
pub mod complete;
pub mod error;
pub mod eval;
pub mod expression;
pub mod function;
pub mod literal;
pub mod names;
pub mod operand;
pub mod parse;
mod parser;
pub mod relation;
pub mod template;
pub mod token;

pub use error::FilterError;

use std::fmt;
use std::sync::Arc;

use crate::decode::Packet;
use crate::decode::history::{Asks, History};
use eval::Program;
use expression::Expression;
use names::Reach;

/// A compiled filter.
#[derive(Debug, Clone)]
pub struct Filter {
    expression: Arc<Expression>,
    program: Arc<Program>,
}

impl Filter {
    /// Reads and checks an expression.
    ///
    /// # Errors
    /// A [`FilterError`] that points at what is wrong.
    pub fn compile(text: &str) -> Result<Self, FilterError> {
        Ok(Self::of(parse::parse(text, Reach::Packet)?))
    }

    /// Reads and checks an expression for all packets in capture order: it may therefore test for
    /// cross-packet anomalies, and for what packets before say of one.
    ///
    /// # Errors
    /// A [`FilterError`] that points at what is wrong.
    pub fn compile_in_order(text: &str) -> Result<Self, FilterError> {
        Ok(Self::of(parse::parse(text, Reach::Order)?))
    }

    fn of(expression: Expression) -> Self {
        let program = Program::new(&expression);
        Self { expression: Arc::new(expression), program: Arc::new(program) }
    }

    /// Whether `packet` matches, as far as the packet alone decides it.
    pub fn matches(&self, packet: &Packet<'_>) -> bool {
        self.program.matches(packet, History::default())
    }

    /// Whether `packet` matches, given its history.
    pub fn matches_among(&self, packet: &Packet<'_>, history: History<'_>) -> bool {
        self.program.matches(packet, history)
    }

    /// What it has to know of the packets before, beside anomalies.
    pub fn asks(&self) -> Asks {
        self.program.asks()
    }

    /// Whether it tests for anomalies, some of which only several packets show.
    pub fn is_cross_packet(&self) -> bool {
        self.program.is_cross_packet()
    }
}

/// The expression in its plain form, which parses to the same filter.
impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expression.fmt(f)
    }
}
