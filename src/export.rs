//! Files and streams: what others read.

pub mod lookup;
