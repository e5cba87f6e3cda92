//! Floor 3: expressions over the field catalogue, in Wireshark's display filter language.
//!
//! A name means any of its occurrences in any layer.  `==` is true when any occurrence equals, `!=`
//! when the field is there and all of them differ.

pub mod complete;
pub mod error;
pub mod eval;
pub mod literal;
pub mod names;
pub mod parse;
pub mod token;

pub use error::FilterError;

use std::fmt;
use std::sync::Arc;

use crate::decode::Packet;
use eval::Program;
use parse::Expression;

/// An expression ready to be held against packets.
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
        let expression = parse::parse(text)?;
        let program = Program::new(&expression);
        Ok(Self { expression: Arc::new(expression), program: Arc::new(program) })
    }

    /// Whether `packet` matches.
    pub fn matches(&self, packet: &Packet<'_>) -> bool {
        self.program.matches(packet)
    }
}

/// The expression in its plain form; it reads back as the same.
impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expression.fmt(f)
    }
}
