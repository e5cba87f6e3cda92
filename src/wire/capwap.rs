//! CAPWAP's data channel (RFC 5415, section 4): Ethernet or 802.11 frames of access points.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Part, Reach, Step};
use super::layer::Layer;
use super::wlan_swapped;

fields! {
    /// The preamble.
    FIELDS, Capwap, "RFC 5415, section 4.1";
    VERSION "capwap.preamble.version" 0, 4, Number, "Version", "0.";
    TYPE "capwap.preamble.type" 4, 4, Number, "Type", "0 in the clear, 1 DTLS.";
}

fields! {
    /// Behind the preamble of a packet that is encrypted.
    DTLS, Capwap, "RFC 5415, section 4.2";
    DTLS_RESERVED "capwap.dtls.reserved" 0, 24, Hex, "Reserved", "Zero.";
}

fields! {
    /// Behind the preamble of a packet in the clear.
    CLEAR, Capwap, "RFC 5415, section 4.3";
    HLEN "capwap.header.length" 0, 5, Times(4), "Header length", "Octets of header, optional parts included.";
    RID "capwap.header.rid" 5, 5, Number, "Radio", "Which radio of the access point.";
    WBID "capwap.header.wbid" 10, 5, Number, "Wireless binding", "Kind of wireless frames.", names BINDINGS;
    T "capwap.header.flags.t" 15, 1, Flag, "Native frame", "The payload is a frame of the binding; clear: 802.3.";
    F "capwap.header.flags.f" 16, 1, Flag, "Fragment", "The packet is a fragment.";
    L "capwap.header.flags.l" 17, 1, Flag, "Last fragment", "No fragment follows.";
    W "capwap.header.flags.w" 18, 1, Flag, "Wireless information", "Wireless information is there.";
    M "capwap.header.flags.m" 19, 1, Flag, "Radio address", "The radio's hardware address is there.";
    K "capwap.header.flags.k" 20, 1, Flag, "Keep-alive", "The packet keeps the channel alive.";
    FLAGS_RESERVED "capwap.header.flags.r" 21, 3, Hex, "Reserved", "Zero.";
    FRAGMENT_ID "capwap.header.fragment.id" 24, 16, Number, "Fragment ID", "Tells which fragments belong together.";
    FRAGMENT_OFFSET "capwap.header.fragment.offset" 40, 13, Times(8), "Fragment offset", "Octet of the original at which this fragment begins.";
    RESERVED "capwap.header.fragment.r" 53, 3, Hex, "Reserved", "Zero.";
}

fields! {
    /// Radio's hardware address.
    RADIO, Capwap, "RFC 5415, section 4.3";
    RADIO_LENGTH "capwap.mac_length" 0, 8, Number, "Address length", "Octets of address.";
    RADIO_ADDRESS "capwap.mac_data" 8, 0, Bytes, "Radio address", "The radio's hardware address, with padding.";
}

fields! {
    /// Wireless information.
    WIRELESS, Capwap, "RFC 5415, section 4.3";
    WIRELESS_LENGTH "capwap.wireless_length" 0, 8, Number, "Information length", "Octets of information.";
    WIRELESS_DATA "capwap.wireless_data" 8, 0, Bytes, "Wireless information", "Signal and rate, as the binding says, with padding.";
}

const BINDINGS: &[(u16, &str, &str)] =
    &[(0, "reserved", "none"), (1, "802.11", "wireless LAN"), (3, "EPCglobal", "radio tags")];

/// Bits of the first octet that are the type.
const TYPE_BITS: u8 = 0x0f;

/// The row.
pub const HEADER: Header = Header {
    name: "capwap",
    short: "capwap",
    title: "CAPWAP data channel",
    parts: &[
        Part {
            label: "DTLS",
            start: |b| (!is_clear(b)).then_some(1),
            len: |_| Some(3),
            fields: DTLS,
        },
        Part {
            label: "header",
            start: |b| is_clear(b).then_some(1),
            len: |_| Some(7),
            fields: CLEAR,
        },
        Part { label: "radio", start: radio, len: |b| padded(b, radio(b)?), fields: RADIO },
        Part {
            label: "wireless",
            start: wireless,
            len: |b| padded(b, wireless(b)?),
            fields: WIRELESS,
        },
    ],
    source: "RFC 5415",
    ..Header::of(Layer::Capwap, Class::Tunnel, FIELDS)
};

fn is_clear(header: &[u8]) -> bool {
    header.first().is_some_and(|octet| octet & TYPE_BITS == 0)
}

fn flags(header: &[u8]) -> Option<u8> {
    header.get(3).copied().filter(|_| is_clear(header))
}

fn radio(header: &[u8]) -> Option<usize> {
    (flags(header)? & 0x10 != 0).then_some(8)
}

fn wireless(header: &[u8]) -> Option<usize> {
    let behind = match radio(header) {
        Some(at) => at.saturating_add(padded(header, at)?),
        None => 8,
    };
    (flags(header)? & 0x20 != 0).then_some(behind)
}

/// Octets of the part whose length stands at octet `at`, up to a multiple of four.
fn padded(header: &[u8], at: usize) -> Option<usize> {
    usize::from(*header.get(at)?).saturating_add(1).checked_next_multiple_of(4)
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let first = reach.u8(0)?;
    match first {
        0x00 => {}
        0x01 => {
            reach.needs(4)?;
            return Step::then(4, Next::Payload);
        }
        _ => return Step::then(0, Next::Payload),
    }
    let word = reach.u16(2)?;
    let len = usize::from(reach.u8(1)? >> 3).saturating_mul(4);
    if len < 8 {
        return Err(Fault::Malformed { at: 1, needs: 8, has: len });
    }
    reach.needs(len)?;
    let (native, fragment, keep_alive) = (word & 0x100 != 0, word & 0x80 != 0, word & 0x08 != 0);
    let next = match word >> 9 & 0x1f {
        _ if fragment || keep_alive => Next::Payload,
        _ if !native => Next::Layer(Layer::Ethernet),
        1 if wlan_swapped::is_swapped(reach.bytes.get(len..).unwrap_or_default()) => {
            Next::Layer(Layer::WlanSwapped)
        }
        1 => Next::Layer(Layer::Wlan),
        _ => Next::Payload,
    };
    Step::then(len, next)
}
