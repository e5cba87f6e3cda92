//! Open shortest path first: the header of its packets, version 2 (RFC 2328, section A.3.1) and 3
//! (RFC 5340, section A.3.1).

use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, Next, Part, Reach, Step, to_end};
use super::layer::Layer;

fields! {
    /// What both versions begin with.
    FIELDS, Ospf, "RFC 2328, section A.3.1";
    VERSION "ospf.version" 0, 8, Number, "Version", "2 for IPv4, 3 for IPv6.";
    MSG "ospf.msg" 8, 8, Number, "Message", "Which message.", names MESSAGES;
    LENGTH "ospf.packet_length" 16, 16, Number, "Packet length", "Octets of the message, this header included.";
    ROUTER "ospf.srcrouter" 32, 32, Ipv4, "Source router", "The sender's router ID, written as an address.";
    AREA "ospf.area_id" 64, 32, Ipv4, "Area", "Area ID, written as an address; 0.0.0.0 is the backbone.";
    CHECKSUM "ospf.checksum" 96, 16, Hex, "Checksum", "Over the message, version 2's authentication left out, or with version 3's pseudo-header.";
}

fields! {
    /// Version 2.
    V2, Ospf, "RFC 2328, section A.3.1";
    AUTH_TYPE "ospf.auth.type" 0, 16, Number, "Authentication type", "How the message is authenticated.", names AUTH_TYPES;
}

fields! {
    /// No authentication.
    NONE, Ospf, "RFC 2328, section D.1";
    AUTH_NONE "ospf.auth.none" 0, 64, Bytes, "Authentication", "Not looked at.";
}

fields! {
    /// Simple password.
    SIMPLE, Ospf, "RFC 2328, section D.2";
    AUTH_SIMPLE "ospf.auth.simple" 0, 64, Text, "Password", "In the clear, filled up with zeros.";
}

fields! {
    /// Cryptographic authentication.
    CRYPT, Ospf, "RFC 2328, section D.3";
    AUTH_RESERVED "ospf.auth.crypt.reserved" 0, 16, Hex, "Reserved", "Zero.";
    KEY_ID "ospf.auth.crypt.key_id" 16, 8, Number, "Key", "Which key and algorithm.";
    DATA_LENGTH "ospf.auth.crypt.data_length" 24, 8, Number, "Digest length", "Octets of the digest behind the message.";
    SEQUENCE "ospf.auth.crypt.seq_nbr" 32, 32, Number, "Sequence", "Never goes down: guards against replays.";
}

fields! {
    /// Authentication without a table.
    UNKNOWN, Ospf, "RFC 2328, section D";
    AUTH_UNKNOWN "ospf.auth.unknown" 0, 64, Bytes, "Authentication data", "What the type says.";
}

fields! {
    /// Version 3.
    V3, Ospf, "RFC 5340, section A.3.1";
    INSTANCE "ospf.instance_id" 0, 8, Number, "Instance", "Tells several OSPFs on one link apart.";
    RESERVED "ospf.reserved" 8, 8, Hex, "Reserved", "Zero.";
}

/// Messages (IANA ospf-parameters).
const MESSAGES: &[(u16, &str, &str)] = &[
    (1, "hello", "tells neighbours"),
    (2, "database description", "says what is in the link state database"),
    (3, "link state request", "asks for parts of it"),
    (4, "link state update", "floods parts of it"),
    (5, "link state acknowledgement", "acknowledges them"),
];

const AUTH_TYPES: &[(u16, &str, &str)] = &[
    (0, "none", "not authenticated"),
    (1, "simple password", "in the clear"),
    (2, "cryptographic", "a digest behind the message"),
    (3, "cryptographic, extended", "with a sequence number that survives restarts, RFC 7474"),
];

/// Octets of what both versions have, and of all of either.
const COMMON: usize = 14;
const OCTETS_V2: usize = 24;
const OCTETS_V3: usize = 16;

/// Octet at which version 2's authentication begins.
const AUTH: usize = 16;

/// The row.
pub const HEADER: Header = Header {
    name: "ospf",
    short: "OSPF",
    title: "Open shortest path first",
    parts: &[
        Part { label: "version 2", start: |b| is(b, 2), len: |_| Some(2), fields: V2 },
        Part { label: "none", start: |b| auth(b, |kind| kind == 0), len: to_end, fields: NONE },
        Part { label: "simple", start: |b| auth(b, |kind| kind == 1), len: to_end, fields: SIMPLE },
        Part { label: "digest", start: |b| auth(b, |kind| kind == 2), len: to_end, fields: CRYPT },
        Part { label: "other", start: |b| auth(b, |kind| kind > 2), len: to_end, fields: UNKNOWN },
        Part { label: "version 3", start: |b| is(b, 3), len: to_end, fields: V3 },
    ],
    inputs: Some(&Inputs::of(&[VERSION.place(0)])),
    source: "RFC 2328",
    ..Header::of(Layer::Ospf, Class::Other, FIELDS)
};

fn is(header: &[u8], version: u8) -> Option<usize> {
    (header.first() == Some(&version)).then_some(COMMON)
}

/// Where version 2's authentication begins, if `of` says so of its type.
fn auth(header: &[u8], of: fn(u16) -> bool) -> Option<usize> {
    let at = is(header, 2)?;
    let kind = u16::from_be_bytes(*header.get(at..)?.first_chunk()?);
    of(kind).then_some(AUTH)
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let len = match reach.u8(0)? {
        2 => OCTETS_V2,
        3 => OCTETS_V3,
        // Version 1 is laid out in another way, and gone.
        _ => return Step::then(0, Next::Payload),
    };
    reach.needs(len)?;
    Step::then(len, Next::Payload)
}
