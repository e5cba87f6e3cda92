//! ESP in UDP (RFC 3948): what is not ESP between these ports.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Part, Reach, Step};
use super::layer::Layer;

fields! {
    /// Before a message of key exchange.
    MARKER_ROWS, UdpEncap, "RFC 3948, section 2.2";
    MARKER "udpencap.non_esp_marker" 0, 32, Hex, "Non-ESP marker", "Zero, which no ESP packet begins with.";
}

fields! {
    /// All of it.
    KEEP_ALIVE_ROWS, UdpEncap, "RFC 3948, section 2.3";
    KEEP_ALIVE "udpencap.nat_keepalive" 0, 8, Hex, "Keep-alive", "0xff, for address translators on the way.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "udpencap",
    short: "udpencap",
    title: "IPsec in UDP",
    parts: &[
        Part {
            label: "key exchange",
            start: |b| (b.len() >= 4).then_some(0),
            len: |_| Some(4),
            fields: MARKER_ROWS,
        },
        Part {
            label: "keep-alive",
            start: |b| (b.len() == 1).then_some(0),
            len: |_| Some(1),
            fields: KEEP_ALIVE_ROWS,
        },
    ],
    source: "RFC 3948",
    ..Header::of(Layer::UdpEncap, Class::Tag, &[])
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    match reach.bytes {
        [0xff] => Step::then(1, Next::Payload),
        // No room for ESP on the wire, whatever the capture left out.
        [] if reach.wire == 1 => Err(Fault::Short(1)),
        [0, 0, 0, 0, ..] => Step::then(4, Next::Payload),
        _ => Step::then(0, Next::Layer(Layer::Esp)),
    }
}
