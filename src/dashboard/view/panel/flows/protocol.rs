//! What the number of an IP protocol is called, in tables and in filters.

use crate::wire::header::{Class, Next};
use crate::wire::number::PROTOCOL_NEXT;
use crate::wire::{Header, ipv4};

/// The header that IP protocol `number` stands for, where it has a row.
fn header(number: u8) -> Option<&'static Header> {
    match PROTOCOL_NEXT.get(usize::from(number)) {
        Some(Next::Layer(layer)) => Some(layer.header()),
        _ => None,
    }
}

/// The name of an IP protocol: as in filters where it has a header, else IANA's, else the number.
pub(super) fn name(number: u8) -> String {
    let iana = || ipv4::PROTO.named(u64::from(number)).map(|(name, _)| name.to_owned());
    header(number)
        .map(|header| header.name.to_owned())
        .or_else(iana)
        .unwrap_or_else(|| number.to_string())
}

/// The name of the transport with ports that IP protocol `number` is.
pub(super) fn port_name(number: u8) -> Option<&'static str> {
    let header = header(number).filter(|header| header.class == Class::Transport)?;
    let has_ports = header.rows().any(|field| field.name.ends_with(".srcport"));
    has_ports.then_some(header.name)
}

/// Whether flows of IP protocol `number` have ports.
pub(super) fn has_ports(number: u8) -> bool {
    port_name(number).is_some()
}

/// The name of the header that IP protocol `number` is, where it has a row.
pub(super) fn layer_name(number: u8) -> Option<&'static str> {
    header(number).map(|header| header.name)
}
