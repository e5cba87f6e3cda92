//! What the addresses of an IP header are, by the address registries.
//!
//! Constants picked by a binary search or two: a row costs some tens of nanoseconds, and only where
//! it is read.

use std::net::IpAddr;

use crate::address::describe::{class, kind, scope, special};
use crate::decode::layers::Span;
use crate::decode::packet::Packet;
use crate::wire::{Layer, Value};

/// The address `at` that octet of an IP header, where it was captured.
pub(super) fn at(packet: &Packet<'_>, span: Span, at: usize) -> Option<IpAddr> {
    let octets = packet.header(span).get(at..)?;
    match span.layer {
        Layer::Ipv4 => octets.first_chunk::<4>().map(|octets| IpAddr::from(*octets)),
        _ => octets.first_chunk::<16>().map(|octets| IpAddr::from(*octets)),
    }
}

/// Words where there are any.
fn words<'a>(text: &'static str) -> Option<Value<'a>> {
    (!text.is_empty()).then_some(Value::Text(text))
}

pub(super) fn class_of<'a>(address: IpAddr) -> Option<Value<'a>> {
    words(class(address))
}

pub(super) fn special_of<'a>(address: IpAddr) -> Option<Value<'a>> {
    words(special(address))
}

pub(super) fn type_of<'a>(address: IpAddr) -> Option<Value<'a>> {
    words(kind(address))
}

/// Where the scope is the whole world there is nothing to tell.
pub(super) fn scope_of<'a>(address: IpAddr) -> Option<Value<'a>> {
    words(scope(address)).filter(|_| !scope(address).starts_with("global"))
}

/// One row: what one address of a header is.
macro_rules! told {
    ($layer:ident $header:literal $end:literal $at:literal $what:literal
     $label:literal $of:ident $meaning:literal $source:literal) => {
        Derived {
            name: concat!($header, "._x.", $end, "_", $what),
            label: $label,
            kind: Kind::Text,
            meaning: $meaning,
            source: $source,
            subject: Subject::Header(Layer::$layer, |packet, span| {
                address::$of(address::at(packet, span, $at)?)
            }),
        }
    };
}
pub(super) use told;
