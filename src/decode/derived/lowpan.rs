//! Addresses of a compressed IPv6 header, which it takes from the header of the frame in part.

use crate::decode::layers::Span;
use crate::decode::packet::Packet;
use crate::wire::{Layer, Value, sixlowpan, wpan};

/// What the hardware address of the frame gives; none where the packet goes over several hops
/// below IP, whose ends have other addresses.
fn interface_id(packet: &Packet<'_>, is_source: bool) -> Option<[u8; 8]> {
    let spans = packet.layers.spans();
    let frame = spans.iter().find(|span| span.layer == Layer::Wpan)?;
    let is_mesh = |span: &Span| {
        span.layer == Layer::Sixlowpan
            && packet.header(*span).first().is_some_and(|octet| octet >> 6 == 2)
    };
    let has_mesh = spans.iter().any(is_mesh);
    wpan::interface_id(packet.header(*frame), is_source).filter(|_| !has_mesh)
}

/// The source.
pub(super) fn source<'a>(packet: &Packet<'a>, span: Span) -> Option<Value<'a>> {
    sixlowpan::source(packet.header(span), interface_id(packet, true)).map(Value::Ipv6)
}

/// The destination.
pub(super) fn destination<'a>(packet: &Packet<'a>, span: Span) -> Option<Value<'a>> {
    sixlowpan::destination(packet.header(span), interface_id(packet, false)).map(Value::Ipv6)
}
