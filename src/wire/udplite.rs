//! UDP-Lite (RFC 3828): UDP with a checksum that may cover only the start.

use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, Next, Reach, Step};
use super::layer::Layer;

fields! {
    /// All eight octets.
    FIELDS, UdpLite, "RFC 3828, section 3.1";
    SRCPORT "udplite.srcport" 0, 16, Number, "Source port", "Port of the sender.";
    DSTPORT "udplite.dstport" 16, 16, Number, "Destination port", "Port of the receiver.";
    COVERAGE "udplite.checksum_coverage" 32, 16, Number, "Checksum coverage", "Octets the checksum covers; 0 is all.";
    CHECKSUM "udplite.checksum" 48, 16, Hex, "Checksum", "Over what is covered and a pseudo-header.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "udplite",
    short: "UDP-Lite",
    title: "Lightweight user datagram protocol",
    inputs: Some(&Inputs::of(&[])),
    source: "RFC 3828",
    ..Header::of(Layer::UdpLite, Class::Transport, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(8)?;
    Step::then(8, Next::Payload)
}
