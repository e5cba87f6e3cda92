//! What runs behind the screen: the capture, the filter, the snapshots, the jobs.

pub mod desk;
pub mod desktop;
pub mod errand;
pub mod keeper;
pub mod replay;
pub mod seen;
