//! Laws: what holds for any octets, any partition of the packets and any number of threads.

mod altered;
mod books;
mod expiry;
mod faces;
mod merge;
mod order;
mod panics;
mod session;
mod spans;
mod stacks;
mod synthetic;
pub(crate) mod times;
