//! Floor 2: which header follows which, and where each lies in a frame.
//!
//! Pure: bytes in, [`Layers`] out.  A damaged packet is data, a [`Stop`] that says where and why.

#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

pub mod anomaly;
pub mod check;
pub mod checksum;
pub mod decode_as;
pub mod derived;
pub mod fixed;
pub mod header_at;
pub mod history;
pub mod layers;
pub mod link;
pub mod outline;
pub mod packet;
pub mod stack;
pub mod tcp;
pub mod tunnel;
pub mod tuple;
pub mod walk;

pub use layers::{Layers, Place, Reason, Role, Span, Stop};
pub use packet::Packet;
