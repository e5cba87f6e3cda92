//! The state of the dashboard and the data it shows: no threads, no terminal, no drawing.

pub mod action;
pub mod detail;
pub mod key;
pub mod keymap;
pub mod line;
pub mod order;
pub mod page;
pub mod prompt;
pub mod search;
pub mod shown;
pub mod snapshot;
pub mod state;
pub mod theme;
pub mod tools;
pub mod wish;
