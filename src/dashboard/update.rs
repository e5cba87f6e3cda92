//! What an action does to the state; the only code that writes it.

pub mod command;
pub mod copy;
pub mod dispatch;
pub mod filter;
pub mod span;
pub mod tool;
