//! Floor 5: the terminal, in five layers.
//!
//! The state says what the user looks at, the data what there is to see; a screen is drawn from the
//! two and changes neither.  Keys, mouse and the engine's events change the state through `update`
//! alone, which may leave an effect to be done outside of it.
//!
//! A layer imports itself and those below it:
//!
//! | layer | what it knows |
//! |---|---|
//! | [`shell`] | the terminal, its events, and the loop |
//! | [`engine`] | threads and files: the runs, their snapshots and packets, jobs |
//! | [`update`] | what an action or an event does to the state |
//! | [`view`] | what stands where on the screen, how it is drawn, and which keys there are |
//! | [`model`] | the state, actions, effects and events, and the data that is shown |
//!
//! To add a panel: a file in `view/panel/`, a row in [`PANELS`](view::panel::PANELS).  To add a
//! key: a row in `view/keys/table.rs`.  To add a command: a row in
//! [`COMMANDS`](update::command::COMMANDS).

pub mod engine;
pub mod model;
pub mod shell;
pub mod update;
pub mod view;

pub use self::engine::app::LiveCapture;
pub use self::shell::input::SignalEvent;
pub use self::shell::run::{DashboardEnd, DashboardOptions, run};
