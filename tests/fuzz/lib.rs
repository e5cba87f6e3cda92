//! What must hold of any octets: a function a fuzz target, which panics when it does not.

mod packet;
mod reader;
mod text;

pub use packet::{analyze, decode};
pub use reader::{compressed, pcap, pcapng};
pub use text::{config, filter, lookup};
