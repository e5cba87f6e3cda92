//! What the screen shows and where: pure functions of the state and the data.
//!
//! A panel draws itself and says what an action does in it, so that both agree on what is where.

pub mod address_card;
pub mod block_grid;
pub mod graph;
pub mod help;
pub mod input_bar;
pub mod keys;
pub mod layout;
mod page;
pub mod panel;
pub mod screen;
pub mod status;
pub mod table;
pub mod tabs;
pub mod text;
pub mod time_axis;
pub mod time_text;
