//! Stream control transmission protocol (RFC 9260): the common header.  Its chunks stand behind it.

use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, Next, Reach, Step};
use super::layer::Layer;
use super::sctp_chunk;

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
    name: "sctp",
    short: "SCTP",
    title: "Stream control transmission protocol",
    options: Some(&sctp_chunk::SET),
    inputs: Some(&Inputs::of(&[])),
    source: "RFC 9260",
    ..Header::of(Layer::Sctp, Class::Transport, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(12)?;
    Step::then(12, Next::Payload)
}
