//! What is computed of headers beside IP's.

use crate::decode::checksum::Status;
use crate::decode::layers::Span;
use crate::decode::packet::Packet;
use crate::wire::icmp_extension::{self, is_sum_good};
use crate::wire::{Layer, Value, igmp, ipv6, routing};

/// How the checksum of an ICMP extension structure stands.
pub(super) fn extension_checksum<'a>(packet: &Packet<'a>, span: Span) -> Option<Value<'a>> {
    let structure = packet.header(span);
    let stored = icmp_extension::CHECKSUM.bits(structure)?;
    let frame = &packet.frame;
    let is_cut = span.end() >= frame.bytes.len()
        && usize::try_from(frame.original).is_ok_and(|original| original > frame.bytes.len());
    let status = match stored {
        0 => Status::Absent,
        _ if is_cut => Status::Unverified,
        _ if is_sum_good(structure) => Status::Good,
        _ => Status::Bad,
    };
    Some(Value::Text(status.word()))
}

/// The whole addresses of an RPL source route.
pub(super) fn rpl_addresses(packet: &Packet<'_>, span: Span, with: &mut dyn FnMut(Value<'_>)) {
    let before = packet.layers.spans().iter().take_while(|other| other.at < span.at);
    let ip = before.filter(|other| other.layer == Layer::Ipv6).last();
    let destination = ip.and_then(|ip| ipv6::DST.value(packet.header(*ip)));
    if let Some(Value::Ipv6(destination)) = destination {
        routing::rpl_addresses(packet.header(span), destination, &mut |address| {
            with(Value::Ipv6(address));
        });
    }
}

/// Which version of IGMP a message is of.
pub(super) fn igmp_version<'a>(packet: &Packet<'a>, span: Span) -> Option<Value<'a>> {
    igmp::version(packet.header(span)).map(|version| Value::Number(version.into()))
}
