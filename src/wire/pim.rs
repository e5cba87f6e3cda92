//! Protocol independent multicast (RFC 7761, section 4.9): a register message carries a packet.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Part, Reach, Step, ip_or};
use super::layer::Layer;

fields! {
    /// What every message begins with.
    FIELDS, Pim, "RFC 7761, section 4.9";
    VERSION "pim.version" 0, 4, Number, "Version", "2.";
    TYPE "pim.type" 4, 4, Number, "Message", "Which message.", names MESSAGES;
    RESERVED "pim.reserved" 8, 8, Hex, "Reserved", "Zero, or flags of later messages.";
    CHECKSUM "pim.cksum" 16, 16, Hex, "Checksum", "Over the message; in a register only over eight octets.";
}

fields! {
    /// Register.
    REGISTER, Pim, "RFC 7761, section 4.9.3";
    BORDER "pim.register_flag.border" 0, 1, Flag, "Border", "Sent by a border router; no longer used.";
    NULL "pim.register_flag.null_register" 1, 1, Flag, "Null register", "The packet is only a header, to keep the state.";
    REGISTER_RESERVED "pim.register_flag.reserved" 2, 30, Hex, "Reserved", "Zero.";
}

/// Messages (IANA pim-parameters).
const MESSAGES: &[(u16, &str, &str)] = &[
    (0, "hello", "tells neighbours"),
    (1, "register", "carries a packet to the rendezvous point"),
    (2, "register stop", "answers a register"),
    (3, "join/prune", "joins and leaves trees"),
    (4, "bootstrap", "tells rendezvous points"),
    (5, "assert", "elects a forwarder"),
    (6, "graft", "dense mode"),
    (7, "graft ack", "dense mode"),
    (8, "candidate RP", "offers a rendezvous point"),
    (9, "state refresh", "dense mode"),
    (10, "DF election", "bidirectional mode"),
];

/// The row.
pub const HEADER: Header = Header {
    name: "pim",
    short: "pim",
    title: "Protocol independent multicast",
    parts: &[Part {
        label: "register",
        start: |b| is_register(b).then_some(4),
        len: |_| Some(4),
        fields: REGISTER,
    }],
    source: "RFC 7761",
    ..Header::of(Layer::Pim, Class::Other, FIELDS)
};

fn is_register(header: &[u8]) -> bool {
    header.first() == Some(&0x21)
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(4)?;
    if !is_register(reach.bytes) {
        return Step::then(4, Next::Payload);
    }
    reach.needs(8)?;
    Step::then(8, ip_or(reach, 8, Next::Payload))
}
