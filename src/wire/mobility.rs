//! Mobility header (RFC 6275, section 6.1): its head; the message is data.

use super::catalogue::Layer;
use super::field::fields;
use super::header::{Class, Fault, Header, Reach, Step};
use super::hopopts::extension;
use super::number::PROTOCOLS;

fields! {
    /// The head of every message.
    FIELDS, Mobility, "RFC 6275, section 6.1.1";
    PROTO "mipv6.proto" 0, 8, Number, "Payload protocol", "59: nothing follows.", names PROTOCOLS;
    HLEN "mipv6.hlen" 8, 8, Number, "Length", "Units of eight octets behind the first eight.";
    MHTYPE "mipv6.mhtype" 16, 8, Number, "Message", "Which message.", names MESSAGES;
    RESERVED "mipv6.reserved" 24, 8, Hex, "Reserved", "Zero.";
    CSUM "mipv6.csum" 32, 16, Hex, "Checksum", "Over the message and a pseudo-header.";
    DATA "mipv6.data" 48, 0, Bytes, "Message data", "What the message says, and its options.";
}

/// Messages (IANA mobility-parameters).
const MESSAGES: &[(u16, &str, &str)] = &[
    (0, "binding refresh request", "asks for a new binding update"),
    (1, "home test init", "begins the return routability procedure"),
    (2, "care-of test init", "begins the return routability procedure"),
    (3, "home test", "answers home test init"),
    (4, "care-of test", "answers care-of test init"),
    (5, "binding update", "tells a new care-of address"),
    (6, "binding acknowledgement", "answers a binding update"),
    (7, "binding error", "reports a missing binding"),
    (8, "fast binding update", "RFC 5568"),
    (9, "fast binding acknowledgement", "RFC 5568"),
    (10, "fast neighbour advertisement", "RFC 5568"),
    (11, "experimental", "RFC 5096"),
    (12, "home agent switch", "RFC 5142"),
    (13, "heartbeat", "RFC 5847"),
    (14, "handover initiate", "RFC 5568"),
    (15, "handover acknowledge", "RFC 5568"),
    (16, "binding revocation", "RFC 5846"),
    (17, "localized routing initiation", "RFC 6705"),
    (18, "localized routing acknowledgement", "RFC 6705"),
    (19, "update notification", "RFC 7077"),
    (20, "update notification acknowledgement", "RFC 7077"),
    (21, "flow binding", "RFC 7109"),
    (22, "subscription query", "RFC 7161"),
    (23, "subscription response", "RFC 7161"),
];

/// The row.
pub const HEADER: Header = Header {
    layer: Layer::Mobility,
    name: "mipv6",
    title: "Mobility",
    class: Class::Extension,
    fields: FIELDS,
    parts: &[],
    options: None,
    source: "RFC 6275",
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    extension(reach)
}
