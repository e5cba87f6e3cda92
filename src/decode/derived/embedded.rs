//! What the addresses of an IPv6 header carry inside, under Wireshark's names: the addresses of
//! tunnels and translators, and of the Ethernet card that an address was made from.
//!
//! Few addresses carry anything, so that whoever writes all of it asks [`carries`] first.

use crate::address::embedded::{self, isatap, nat64, six_to_four, teredo};
use crate::address::prefix::Family;
use crate::decode::layers::Span;
use crate::decode::packet::Packet;
use crate::wire::Value;

/// Where the source stands in an IPv6 header.
pub(super) const SRC: usize = 8;
/// Where the destination stands in an IPv6 header.
pub(super) const DST: usize = 24;

/// The rows of what addresses carry: those of the source, then those of the destination.
macro_rules! embedded_rows {
    ($($what:literal $label:literal $kind:ident $of:ident $meaning:literal $source:literal;)*) => {
        /// What the addresses of IPv6 headers carry inside: hardly any does.
        pub const EMBEDDED: &[Derived] = &[
            $(embedded::embedded_row!("src" "Source" SRC $what $label $kind $of $meaning $source),)*
            $(embedded::embedded_row!("dst" "Destination" DST $what $label $kind $of $meaning $source),)*
        ];
    };
}
pub(super) use embedded_rows;

/// One row: what the address `at` that octet carries.
macro_rules! embedded_row {
    ($end:literal $side:literal $at:ident $what:literal $label:literal $kind:ident $of:ident
     $meaning:literal $source:literal) => {
        Derived {
            name: concat!("ipv6.", $end, "_", $what),
            label: concat!($side, " ", $label),
            kind: FieldKind::$kind,
            meaning: $meaning,
            source: $source,
            subject: Subject::Header(Layer::Ipv6, |packet, span| {
                embedded::$of(embedded::bits(packet, span, embedded::$at)?)
            }),
        }
    };
}
pub(super) use embedded_row;

/// Whether one of the addresses of an IPv6 header carries anything.
pub fn carries(header: &[u8]) -> bool {
    let of = |at: usize| {
        header.get(at..).and_then(<[u8]>::first_chunk::<16>).copied().map(u128::from_be_bytes)
    };
    [SRC, DST].into_iter().filter_map(of).any(embedded::carries)
}

pub(super) fn bits(packet: &Packet<'_>, span: Span, at: usize) -> Option<u128> {
    packet.header(span).get(at..)?.first_chunk().copied().map(u128::from_be_bytes)
}

fn v4<'a>(bits: u32) -> Value<'a> {
    Value::Ipv4(bits.to_be_bytes())
}

pub(super) fn mac_of<'a>(bits: u128) -> Option<Value<'a>> {
    embedded::mac(Family::V6, bits).map(Value::Mac)
}

pub(super) fn isatap_of<'a>(bits: u128) -> Option<Value<'a>> {
    isatap(bits).map(v4)
}

pub(super) fn gateway_of<'a>(bits: u128) -> Option<Value<'a>> {
    six_to_four(bits).map(|(gateway, _)| v4(gateway))
}

pub(super) fn site_of<'a>(bits: u128) -> Option<Value<'a>> {
    six_to_four(bits).map(|(_, site)| Value::Number(site.into()))
}

pub(super) fn server_of<'a>(bits: u128) -> Option<Value<'a>> {
    teredo(bits).map(|teredo| v4(teredo.server))
}

pub(super) fn port_of<'a>(bits: u128) -> Option<Value<'a>> {
    teredo(bits).map(|teredo| Value::Number(teredo.port.into()))
}

pub(super) fn client_of<'a>(bits: u128) -> Option<Value<'a>> {
    teredo(bits).map(|teredo| v4(teredo.client))
}

pub(super) fn translated_of<'a>(bits: u128) -> Option<Value<'a>> {
    nat64(bits).map(v4)
}
