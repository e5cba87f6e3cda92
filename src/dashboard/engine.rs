//! What runs beside the screen: the runs, and the threads that take snapshots of them, find packets
//! and save them.

pub mod app;
pub mod field_values;
pub mod job;
pub mod packet_index;
pub mod page;
pub mod pass;
pub mod replay;
pub mod snapshot_worker;
pub mod sort_keys;
