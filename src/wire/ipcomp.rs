//! IP payload compression (RFC 3173): what follows its head is compressed.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Reach, Step};
use super::layer::Layer;
use super::number::PROTOCOLS;

fields! {
    /// All four octets.
    FIELDS, IpComp, "RFC 3173, section 3.3";
    NXT "ipcomp.next_header" 0, 8, Number, "Next header", "What was compressed.", names PROTOCOLS;
    FLAGS "ipcomp.flags" 8, 8, Hex, "Flags", "Zero.";
    CPI "ipcomp.cpi" 16, 16, Hex, "CPI", "How it was compressed.", names ALGORITHMS;
}

/// Well-known indices (RFC 3173, section 3.3; IANA isakmp-registry).
const ALGORITHMS: &[(u16, &str, &str)] = &[
    (1, "OUI", "a vendor's own"),
    (2, "DEFLATE", "RFC 2394"),
    (3, "LZS", "RFC 2395"),
    (4, "LZJH", "RFC 3051"),
];

/// The row.
pub const HEADER: Header = Header {
    name: "ipcomp",
    short: "ipcomp",
    title: "IP payload compression",
    source: "RFC 3173",
    ..Header::of(Layer::IpComp, Class::Extension, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(4)?;
    Step::then(4, Next::Payload)
}
