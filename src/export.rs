//! Floor 5: what leaves the program: text, JSON and captures.

pub mod columns;
pub mod csv;
pub mod json;
pub mod lines;
pub mod listing;
pub mod lookup;
pub mod output;
pub mod pcap;
pub mod summary;
pub mod text;
pub mod tree;
