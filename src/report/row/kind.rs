//! Kinds of lines.

use crate::decode::Packet;
use crate::decode::layers::is_ip;
use crate::decode::tuple::Tuple;

/// What kind of packet a line is about, for front ends with colours; the text of the line says the
/// same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowKind {
    /// An ordinary IP packet.
    #[default]
    Plain,
    /// An IP packet in another packet.
    Tunnelled,
    /// A piece of a datagram.
    Fragment,
    /// An ICMP error: somebody's packet did not arrive.
    Error,
    /// No IP.
    Other,
    /// Decoding ended early.
    Damaged,
}

/// Whether any of the spans is an IP header of the packet's own but the innermost.
pub(super) fn is_tunnelled(packet: &Packet<'_>, tuple: &Tuple) -> bool {
    packet.layers.spans().iter().take(tuple.ip).any(|span| is_ip(span.layer))
}
