//! The point-to-point protocol (RFC 1661), in HDLC framing or without, protocol field compressed or
//! not.

use super::bits::Bits;
use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, Next, Part, Payload, Reach, Step, to_end};
use super::layer::Layer;
use super::number::PPP_PROTOCOLS;

fields! {
    /// HDLC framing.
    FRAMING, Ppp, "RFC 1662, section 3.1";
    ADDRESS "ppp.address" 0, 8, Hex, "Address", "0xff, all stations.";
    CONTROL "ppp.control" 8, 8, Hex, "Control", "0x03, unnumbered information.";
}

fields! {
    /// The protocol in two octets.
    LONG, Ppp, "RFC 1661, section 2";
    PROTOCOL "ppp.protocol" 0, 16, Hex, "Protocol", "What follows.", names PPP_PROTOCOLS;
}

fields! {
    /// The protocol compressed to one octet, which is odd.
    SHORT, Ppp, "RFC 1661, section 6.5";
    PROTOCOL_SHORT "ppp.protocol" 0, 8, Hex, "Protocol", "What follows, its first octet of zero left out.", names PPP_PROTOCOLS;
}

/// The row.
pub const HEADER: Header = Header {
    name: "ppp",
    short: "PPP",
    title: "Point-to-point protocol",
    parts: &[
        Part {
            label: "framing",
            start: |b| (framing(b) == 2).then_some(0),
            len: |_| Some(2),
            fields: FRAMING,
        },
        Part {
            label: "protocol",
            start: |b| (!is_short(b)).then(|| framing(b)),
            len: to_end,
            fields: LONG,
        },
        Part {
            label: "protocol",
            start: |b| is_short(b).then(|| framing(b)),
            len: to_end,
            fields: SHORT,
        },
    ],
    inputs: Some(&Inputs::of(&[Bits::WHOLE])),
    payload: &[
        Payload { number: "PPP protocol", field: &PROTOCOL },
        Payload { number: "PPP protocol", field: &PROTOCOL_SHORT },
    ],
    source: "RFC 1661",
    ..Header::of(Layer::Ppp, Class::Link, &[])
};

fn framing(header: &[u8]) -> usize {
    if header.starts_with(&[0xff, 0x03]) { 2 } else { 0 }
}

fn is_short(header: &[u8]) -> bool {
    header.get(framing(header)).is_some_and(|octet| octet & 1 == 1)
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    // Cisco's HDLC comes under the same link type; no PPP protocol begins with these octets.
    if matches!(reach.bytes, [0x0f | 0x8f, 0x00, ..]) {
        return Step::then(0, Next::Layer(Layer::Hdlc));
    }
    let at = framing(reach.bytes);
    let first = reach.u8(at)?;
    if first & 1 == 1 {
        return Step::then(at.saturating_add(1), Next::Ppp(u16::from(first)));
    }
    let protocol = reach.u16(at)?;
    Step::then(at.saturating_add(2), Next::Ppp(protocol))
}
