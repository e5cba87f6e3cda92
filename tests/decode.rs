//! Decoders against octets written as in the RFCs' diagrams; what is expected stands in the RFC, or
//! is what tshark or scapy says.

pub(crate) mod anomaly;
mod bombs;
mod embedded;
mod extensions;
mod ipv4;
mod ipv4_options;
mod ipv6;
mod json;
mod lengths;
mod link_types;
mod links;
mod lowpan;
mod messages;
mod options;
mod quotes;
mod regression;
mod tables;
mod transports;
mod tunnels;
mod udp_tunnels;
