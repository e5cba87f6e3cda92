//! Shim6 (RFC 5533, section 5): payload extension and control messages.

use super::field::fields;
use super::header::{Class, Extension, Fault, Header, Part, Reach, Step, to_end};
use super::hopopts::extension;
use super::layer::Layer;
use super::number::PROTOCOLS;

fields! {
    /// What both kinds begin with.
    FIELDS, Shim6, "RFC 5533, section 5";
    NXT "shim6.nxt" 0, 8, Number, "Next header", "What follows this header.", names PROTOCOLS;
    LEN "shim6.len" 8, 8, Number, "Length", "Units of eight octets behind the first eight.";
}

fields! {
    /// A control message.
    CONTROL, Shim6, "RFC 5533, section 5.2";
    P_CLEAR "shim6.p" 0, 1, Flag, "Payload", "A payload extension header rather than a control message.";
    KIND "shim6.type" 1, 7, Number, "Type", "Which message.", names MESSAGES;
    SPECIFIC "shim6.type_specific" 8, 8, Hex, "Type-specific", "What the type says; its last bit is zero.";
    CHECKSUM "shim6.checksum" 16, 16, Hex, "Checksum", "Over the message and a pseudo-header.";
    DATA "shim6.data" 32, 0, Bytes, "Message", "What the message says, and its options.";
}

fields! {
    /// A payload extension header.
    PAYLOAD, Shim6, "RFC 5533, section 5.1";
    P_SET "shim6.p" 0, 1, Flag, "Payload", "A payload extension header rather than a control message.";
    TAG "shim6.ct" 1, 47, Hex, "Context tag", "The receiver's context.";
}

/// Messages (RFC 5533, section 5.2).
const MESSAGES: &[(u16, &str, &str)] = &[
    (1, "I1", "first from the initiator"),
    (2, "R1", "first from the responder"),
    (3, "I2", "second from the initiator"),
    (4, "R2", "second from the responder"),
    (5, "R1bis", "no context"),
    (6, "I2bis", "answer to R1bis"),
    (64, "update request", "locators change"),
    (65, "update acknowledgement", "locators changed"),
    (66, "keepalive", "failure detection"),
    (67, "probe", "failure detection"),
    (68, "error", "error"),
];

/// The row.
pub const HEADER: Header = Header {
    name: "shim6",
    short: "Shim6",
    title: "Shim6",
    parts: &[
        Part {
            label: "control",
            start: |b| (!is_payload(b)?).then_some(2),
            len: to_end,
            fields: CONTROL,
        },
        Part {
            label: "payload",
            start: |b| is_payload(b)?.then_some(2),
            len: to_end,
            fields: PAYLOAD,
        },
    ],
    extension: Some(Extension::UPPER_LAYER),
    source: "RFC 5533",
    ..Header::of(Layer::Shim6, Class::Extension, FIELDS)
};

fn is_payload(header: &[u8]) -> Option<bool> {
    header.get(2).map(|octet| octet & 0x80 != 0)
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    extension(reach)
}
