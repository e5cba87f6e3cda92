//! What an address, a prefix or a range is: class, registries, scope, arithmetic.
//!
//! Facts come from the IANA registries, compiled at build time; everything else is computed from
//! the bits.  Nothing here reads files, the clock or the network.

pub mod registry;
