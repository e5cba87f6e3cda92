//! Anything in anything (draft-massar-v6ops-ayiya-02), which tunnel brokers used.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Part, Reach, Step, to_end};
use super::layer::Layer;
use super::number::PROTOCOLS;

fields! {
    /// The first eight octets.
    FIELDS, Ayiya, "draft-massar-v6ops-ayiya-02, section 4";
    ID_LENGTH "ayiya.idlen" 0, 4, Number, "Identity length", "Two to this power is the octets of the identity.";
    ID_TYPE "ayiya.idtype" 4, 4, Number, "Identity type", "What the identity is.", names IDENTITIES;
    SIGNATURE_LENGTH "ayiya.siglen" 8, 4, Times(4), "Signature length", "Octets of the signature.";
    HASH "ayiya.hshmeth" 12, 4, Number, "Hash method", "How the packet is hashed.", names HASHES;
    AUTH "ayiya.authmeth" 16, 4, Number, "Authentication method", "How the hash is made a signature.", names AUTHS;
    OPCODE "ayiya.opcode" 20, 4, Number, "Operation", "What to do with the packet.", names OPCODES;
    NEXT "ayiya.nextheader" 24, 8, Number, "Next header", "What follows.", names PROTOCOLS;
    EPOCH "ayiya.epoch" 32, 32, Number, "Epoch", "Seconds since 1970 when it was sent.";
}

fields! {
    /// Identity.
    IDENTITY_ROWS, Ayiya, "draft-massar-v6ops-ayiya-02, section 4";
    IDENTITY "ayiya.identity" 0, 0, Bytes, "Identity", "Who sent it.";
}

fields! {
    /// Signature.
    SIGNATURE_ROWS, Ayiya, "draft-massar-v6ops-ayiya-02, section 4";
    SIGNATURE "ayiya.signature" 0, 0, Bytes, "Signature", "Proves who sent it.";
}

const IDENTITIES: &[(u16, &str, &str)] =
    &[(0, "none", "none"), (1, "integer", "a number"), (2, "text", "a name")];
const HASHES: &[(u16, &str, &str)] =
    &[(0, "none", "no hash"), (1, "MD5", "RFC 1321"), (2, "SHA-1", "FIPS 180")];
const AUTHS: &[(u16, &str, &str)] = &[
    (0, "none", "no authentication"),
    (1, "shared secret", "hashed with it"),
    (2, "public key", "signed with it"),
];
const OPCODES: &[(u16, &str, &str)] = &[
    (0, "no operation", "keeps the tunnel alive"),
    (1, "forward", "a packet follows"),
    (2, "echo request", "asks for an answer"),
    (3, "echo request and forward", "asks for an answer, and a packet follows"),
    (4, "echo response", "answers"),
    (5, "message of the day", "a text for the user"),
    (6, "query request", "asks for information"),
    (7, "query response", "gives information"),
];

/// The row.
pub const HEADER: Header = Header {
    name: "ayiya",
    short: "ayiya",
    title: "Anything in anything",
    parts: &[
        Part {
            label: "identity",
            start: |_| Some(8),
            len: |b| lengths(b).map(|l| l.0),
            fields: IDENTITY_ROWS,
        },
        Part {
            label: "signature",
            start: |b| lengths(b).map(|l| l.0.saturating_add(8)),
            len: to_end,
            fields: SIGNATURE_ROWS,
        },
    ],
    source: "draft-massar-v6ops-ayiya-02",
    ..Header::of(Layer::Ayiya, Class::Tunnel, FIELDS)
};

/// Octets of identity and signature.
fn lengths(header: &[u8]) -> Option<(usize, usize)> {
    let (id, signature) = (header.first()? >> 4, header.get(1)? >> 4);
    Some((1usize.checked_shl(u32::from(id))?, usize::from(signature).saturating_mul(4)))
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(8)?;
    let (identity, signature) = lengths(reach.bytes).ok_or(Fault::Short(8))?;
    let len = identity.saturating_add(signature).saturating_add(8);
    reach.needs(len)?;
    let forwards = matches!(reach.u8(2)? & 0xf, 1 | 3);
    let next = if forwards { Next::Protocol(reach.u8(3)?) } else { Next::Payload };
    Step::then(len, next)
}
