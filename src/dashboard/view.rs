//! How the screen looks: pure functions of the state and the data, and what is where on it.

pub mod bar;
pub mod board;
pub mod cards;
pub mod clock;
pub mod graph;
pub mod keys;
pub mod layout;
pub mod panel;
pub mod screen;
pub mod table;
pub mod text;
