//! Floor 5: what leaves the program: text, JSON and captures.

pub mod catalogue;
pub mod fields;
pub mod json;
pub mod lines;
pub mod lookup;
pub mod outbox;
pub mod output;
pub mod pcap;
pub mod summary;
pub mod text;
pub mod tree;
