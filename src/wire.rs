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
pub mod ap1394;
pub mod arcnet;
pub mod arcnet_linux;
pub mod arp;
pub mod avsp;
pub mod ayiya;
pub mod capwap;
pub mod dccp;
pub mod direction;
pub mod docsis;
pub mod dstopts;
pub mod enc;
pub mod erspan;
pub mod esp;
pub mod etag;
pub mod etherip;
pub mod ethernet;
pub mod fabricpath;
pub mod fddi;
pub mod fragment;
pub mod frame_relay;
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
pub mod ipfc;
pub mod ipnet;
pub mod ipoib;
pub mod ipv4;
pub mod ipv4_option;
pub mod ipv6;
pub mod ipv6_option;
pub mod isl;
pub mod itag;
pub mod juniper;
pub mod juniper_atm2;
pub mod juniper_cookie;
pub mod l2tp;
pub mod l2tpv3;
pub mod lane;
pub mod lisp;
pub mod lisp_ecm;
pub mod llc;
pub mod macsec;
pub mod minip;
pub mod mobility;
pub mod mpls;
pub mod multilink;
pub mod nflog;
pub mod nhrp;
pub mod nsh;
pub mod null;
pub mod pflog;
pub mod pim;
pub mod pktap;
pub mod ppi;
pub mod ppp;
pub mod pppoe;
pub mod prism;
pub mod pweth;
pub mod radiotap;
pub mod routing;
pub mod sctp;
pub mod shim6;
pub mod sll;
pub mod sll2;
pub mod sunatm;
pub mod tcp;
pub mod teredo;
pub mod token_ring;
pub mod trill;
pub mod tzsp;
pub mod udp;
pub mod udpencap;
pub mod udplite;
pub mod vlan;
pub mod vntag;
pub mod vxlan;
pub mod vxlan_gpe;
pub mod wccp;
pub mod wlan;
pub mod wlan_aggregate;
pub mod wlancap;

pub use catalogue::Layer;
pub use field::{Field, Value};
pub use header::{Header, Next, Step};
