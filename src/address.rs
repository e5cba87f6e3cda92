//! What an address, a prefix or a range is: class, registries, scope, arithmetic.
//!
//! Facts come from the IANA registries, compiled at build time; everything else is computed from
//! the bits.  Nothing here reads files, the clock or the network.

pub mod class;
pub mod column;
pub mod describe;
pub mod embedded;
pub mod kind;
mod literal;
pub mod multicast;
pub mod parse;
pub mod plan;
pub mod prefix;
pub mod refusal;
pub mod registry;
pub mod text;
