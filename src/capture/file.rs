//! Readers of capture files, pipes and devices: [`Opened`] holds them open, and then recognises the
//! format by the first octets.
//!
//! A regular file is read at any place; what waits for a writer — a FIFO, standard input, a device
//! — is opened and read by a thread of its own behind a bounded queue, so that a signal never finds
//! the program stuck in a read.  No octet of a file can make a reader panic, hang or allocate more
//! than the block limit; that is why indexing and plain arithmetic are denied here.
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod again;
mod compressed;
mod fifo;
mod follow;
mod foreign;
mod format;
mod noted;
mod octets;
mod opened;
mod pcap;
mod pcapng;
mod reader;
mod timeline;
mod walk;

pub use self::opened::{Opened, open, open_all, open_all_keeping};
pub use self::timeline::Timeline;
