//! The terminal: taken, read, written and given back.

pub mod input;
pub mod pick;
pub mod probe;
pub mod run;
pub mod terminal;
pub mod terminal_guard;
