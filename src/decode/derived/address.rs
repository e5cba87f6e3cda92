//! What the addresses of an IP header are, by the address registries.
//!
//! Constants picked by a binary search or two: some tens of nanoseconds, and only where a row is
//! read.  The rows of one address are read one after another and its packets come close together,
//! so that a thread remembers what it found last.

use std::cell::Cell;
use std::net::IpAddr;

use crate::address::describe::{Label, label};
use crate::decode::layers::Span;
use crate::decode::packet::Packet;
use crate::wire::{Layer, Value};

/// Addresses that a thread remembers; a power of two.
const REMEMBERED: usize = 64;

/// An address and what is known about it, each word computed only when used: mostly one is.
struct Known {
    address: Cell<Option<IpAddr>>,
    class: Cell<&'static str>,
    special: Cell<&'static str>,
    kind: Cell<&'static str>,
    scope: Cell<&'static str>,
}

thread_local! {
    static KNOWN: [Known; REMEMBERED] = const {
        [const {
            Known {
                address: Cell::new(None),
                class: Cell::new(""),
                special: Cell::new(""),
                kind: Cell::new(""),
                scope: Cell::new(""),
            }
        }; REMEMBERED]
    };
}

/// A word for an address, where there is any.
#[inline]
fn word<'a>(address: IpAddr, of: fn(&Known) -> &Cell<&'static str>) -> Option<Value<'a>> {
    let place = match address {
        IpAddr::V4(address) => address.to_bits() ^ address.to_bits() >> 8,
        IpAddr::V6(address) => {
            let [.., a, b, c, d] = address.octets();
            u32::from_be_bytes([a, b, c, d])
        }
    };
    let word = KNOWN.with(|all| {
        let Some(known) = all.get(place as usize % REMEMBERED) else { return "" };
        if known.address.get() != Some(address) {
            let Label { class, special, kind, scope } = label(address);
            known.address.set(Some(address));
            known.class.set(class);
            known.special.set(special);
            known.kind.set(kind);
            known.scope.set(scope);
        }
        of(known).get()
    });
    (!word.is_empty()).then_some(Value::Text(word))
}

/// The address `at` that octet of an IP header, where it was captured.
pub(super) fn at(packet: &Packet<'_>, span: Span, at: usize) -> Option<IpAddr> {
    let octets = packet.header(span).get(at..)?;
    match span.layer {
        Layer::Ipv4 => octets.first_chunk::<4>().map(|octets| IpAddr::from(*octets)),
        _ => octets.first_chunk::<16>().map(|octets| IpAddr::from(*octets)),
    }
}

pub(super) fn class_of<'a>(address: IpAddr) -> Option<Value<'a>> {
    word(address, |known| &known.class)
}

pub(super) fn special_of<'a>(address: IpAddr) -> Option<Value<'a>> {
    word(address, |known| &known.special)
}

pub(super) fn type_of<'a>(address: IpAddr) -> Option<Value<'a>> {
    word(address, |known| &known.kind)
}

/// The scope of an address; none where it is global, which goes without saying.
pub(super) fn scope_of<'a>(address: IpAddr) -> Option<Value<'a>> {
    word(address, |known| &known.scope)
        .filter(|word| !matches!(word, Value::Text(word) if word.starts_with("global")))
}

/// One row: what one address of a header is.
macro_rules! address_field {
    ($layer:ident $header:literal $end:literal $at:literal $what:literal
     $label:literal $of:ident $meaning:literal $source:literal) => {
        Derived {
            name: concat!($header, "._x.", $end, "_", $what),
            label: $label,
            kind: FieldKind::Text,
            meaning: $meaning,
            source: $source,
            subject: Subject::Header(Layer::$layer, |packet, span| {
                address::$of(address::at(packet, span, $at)?)
            }),
        }
    };
}
pub(super) use address_field;
