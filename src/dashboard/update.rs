//! What an action of the user's or an event of the engine's does to the state: the only code that
//! writes it.

pub mod command;
mod copy;
pub mod dispatch;
mod event;
mod filter_bar;
mod help;
mod navigation;
mod prompt;
mod search;
mod time_span;
