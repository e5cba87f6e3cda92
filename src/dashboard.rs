//! Floor 5: the terminal, in five layers of which each knows only those below it.
//!
//! | layer | what it knows | what it may import |
//! |---|---|---|
//! | [`shell`] | the terminal, its events, the loop | all below |
//! | [`engine`] | threads: snapshots, filters, jobs; files | `update`, `view`, `model` |
//! | [`update`] | what an action does to the state | `view`, `model` |
//! | [`view`] | the panels: how they are drawn, and what is where | `model` |
//! | [`model`] | the state, the actions, the data that is shown | nothing of the dashboard |

pub mod engine;
pub mod model;
pub mod shell;
pub mod update;
pub mod view;

pub use self::engine::desktop::Books;
pub use self::shell::input::Told;
pub use self::shell::run::{Ending, Opening, run};
