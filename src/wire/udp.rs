//! User datagram protocol (RFC 768).

use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, Next, Reach, Step};
use super::layer::Layer;

fields! {
    /// All eight octets.
    FIELDS, Udp, "RFC 768";
    SRCPORT "udp.srcport" 0, 16, Number, "Source port", "Port of the sender.";
    DSTPORT "udp.dstport" 16, 16, Number, "Destination port", "Port of the receiver.";
    LENGTH "udp.length" 32, 16, Number, "Length", "Octets of header and data; 0 in a jumbogram.";
    CHECKSUM "udp.checksum" 48, 16, Hex, "Checksum", "Over the datagram and a pseudo-header; 0 is none.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "udp",
    short: "UDP",
    title: "User datagram protocol",
    inputs: Some(&Inputs::within(&[], LENGTH.total(0))),
    source: "RFC 768",
    ..Header::of(Layer::Udp, Class::Transport, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(8)?;
    let (source, destination) = (reach.u16(0)?, reach.u16(2)?);
    let total = match usize::from(reach.u16(4)?) {
        0 => None, // RFC 2675, section 4: a jumbogram's datagram ends with its packet
        length if length < 8 => {
            return Err(Fault::Malformed { at: 4, needs: 8, has: length });
        }
        length => Some(length),
    };
    Step::until(8, total, Next::Ports { source, destination })
}
