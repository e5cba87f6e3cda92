//! What stages and messages of a line are put together with.

use crate::decode::Packet;
use crate::wire::{Field, Layer, Value, ipv4, ipv6};

/// Begins another stage.
pub(super) fn begin(out: &mut String) {
    if !out.is_empty() {
        out.push_str(" | ");
    }
}

/// The number of `field` in `header`, in its unit.
pub(super) fn get(header: &[u8], field: &Field) -> Option<u64> {
    match field.value(header)? {
        Value::Number(number) => Some(number),
        Value::Flag(flag) => Some(flag.into()),
        _ => None,
    }
}

/// Octets behind octet `at` of the frame, as the IP header at span `ip` counts them.
pub(super) fn carried_octets(packet: &Packet<'_>, ip: usize, at: usize) -> usize {
    let Some(&span) = packet.layers.spans().get(ip) else { return 0 };
    let header = packet.header(span);
    let total = if span.layer == Layer::Ipv4 {
        get(header, &ipv4::LEN)
    } else {
        get(header, &ipv6::PLEN).filter(|&octets| octets > 0).map(|octets| octets + 40)
    };
    let total = total.filter(|&total| total > 0).and_then(|total| usize::try_from(total).ok());
    let wire = usize::try_from(packet.frame.original).unwrap_or(usize::MAX);
    let end = total.map_or(wire, |total| usize::from(span.at).saturating_add(total));
    end.saturating_sub(at)
}
