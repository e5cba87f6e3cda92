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
pub mod ayiya;
pub mod capwap;
pub mod dccp;
pub mod dstopts;
pub mod erspan;
pub mod esp;
pub mod etherip;
pub mod ethernet;
pub mod fragment;
pub mod geneve;
pub mod gre;
pub mod gtp;
pub mod gtp_extension;
pub mod hdlc;
pub mod hip;
pub mod hopopts;
pub mod icmp;
pub mod icmpv6;
pub mod ipcomp;
pub mod ipv4;
pub mod ipv4_option;
pub mod ipv6;
pub mod ipv6_option;
pub mod l2tp;
pub mod l2tpv3;
pub mod lisp;
pub mod lisp_ecm;
pub mod llc;
pub mod minip;
pub mod mobility;
pub mod mpls;
pub mod nhrp;
pub mod null;
pub mod pim;
pub mod ppp;
pub mod pppoe;
pub mod pweth;
pub mod routing;
pub mod sctp;
pub mod shim6;
pub mod sll;
pub mod sll2;
pub mod tcp;
pub mod teredo;
pub mod tzsp;
pub mod udp;
pub mod udpencap;
pub mod udplite;
pub mod vlan;
pub mod vxlan;
pub mod vxlan_gpe;
pub mod wccp;

pub use catalogue::Layer;
pub use field::{Field, Value};
pub use header::{Header, Next, Step};
