//! Floor 1: what header bits mean.
//!
//! A file a header: its rows of [`field::Field`], its [`header::Header`], and `step`, which says
//! how long the header is and what follows it.  Pure: octets in, numbers out; nothing here
//! allocates, reads a clock or panics on any input.

#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

pub mod catalogue;
pub mod field;
pub mod header;
pub mod number;
pub mod option;

pub mod ah;
pub mod arp;
pub mod dccp;
pub mod dstopts;
pub mod esp;
pub mod ethernet;
pub mod fragment;
pub mod gre;
pub mod hdlc;
pub mod hip;
pub mod hopopts;
pub mod icmp;
pub mod icmpv6;
pub mod ipv4;
pub mod ipv4_option;
pub mod ipv6;
pub mod ipv6_option;
pub mod llc;
pub mod mobility;
pub mod mpls;
pub mod null;
pub mod ppp;
pub mod pppoe;
pub mod routing;
pub mod sctp;
pub mod shim6;
pub mod sll;
pub mod sll2;
pub mod tcp;
pub mod udp;
pub mod udplite;
pub mod vlan;

pub use catalogue::Layer;
pub use field::{Field, Value};
pub use header::{Header, Next, Step};
