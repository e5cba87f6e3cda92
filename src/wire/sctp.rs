//! Stream control transmission protocol (RFC 9260): the common header.

use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, Next, Reach, Step};
use super::layer::Layer;

fields! {
    /// The common header; chunks follow.
    FIELDS, Sctp, "RFC 9260, section 3.1";
    SRCPORT "sctp.srcport" 0, 16, Number, "Source port", "Port of the sender.";
    DSTPORT "sctp.dstport" 16, 16, Number, "Destination port", "Port of the receiver.";
    TAG "sctp.verification_tag" 32, 32, Hex, "Verification tag", "Which association.";
    CHECKSUM "sctp.checksum" 64, 32, Hex, "Checksum", "CRC-32C over the packet.";
}

/// The row.
pub const HEADER: Header = Header {
    layer: Layer::Sctp,
    name: "sctp",
    title: "Stream control transmission protocol",
    class: Class::Transport,
    fields: FIELDS,
    parts: &[],
    options: None,
    inputs: Some(&Inputs::of(&[])),
    network: None,
    source: "RFC 9260",
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(12)?;
    Step::then(12, Next::Payload)
}
