//! The state of the dashboard, what changes it, and the data that is shown: no threads, no
//! terminal, no drawing.

pub mod action;
pub mod context;
pub mod event;
pub mod filter_expr;
pub mod key;
pub mod keymap;
pub mod line_editor;
pub mod packet_column;
pub mod packet_detail;
pub mod packet_line;
pub mod packet_order;
pub mod packet_page;
pub mod panel_id;
pub mod prompt;
pub mod query;
pub mod rows;
pub mod search;
pub mod selection;
pub mod snapshot;
pub mod state;
pub mod theme;
pub mod view_data;
pub mod workspace;
