//! IP over InfiniBand as captured (`LINKTYPE_IPOIB`): routing header, destination and a type.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Reach, Step};
use super::layer::Layer;
use super::number::ETHERTYPES;

fields! {
    /// All of it.
    FIELDS, Ipoib, "LINKTYPE_IPOIB; RFC 4391, section 6";
    VERSION "ipoib.grh.ipver" 0, 4, Number, "GRH version", "6, or 0 when there is no global routing header.";
    TCLASS "ipoib.grh.tclass" 4, 8, Number, "GRH traffic class", "Class of service.";
    FLOW "ipoib.grh.flowlabel" 12, 20, Hex, "GRH flow label", "Which packets stay in order.";
    REST "ipoib.grh.rest" 32, 128, Bytes, "GRH, rest", "Source and what else the routing header says.";
    QPN_FLAGS "ipoib.daddr.flags" 160, 8, Hex, "Destination flags", "Reserved.";
    QPN "ipoib.daddr.qpn" 168, 24, Hex, "Destination queue pair", "Queue pair at the receiver.";
    DGID "ipoib.dgid" 192, 128, Ipv6, "Destination", "Port that is to receive the packet.";
    TYPE "ipoib.type" 320, 16, Hex, "Type", "EtherType of what follows.", names ETHERTYPES;
    RESERVED "ipoib.reserved" 336, 16, Hex, "Reserved", "Zero.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "ipoib",
    short: "IPoIB",
    title: "IP over InfiniBand",
    source: "RFC 4391",
    ..Header::of(Layer::Ipoib, Class::Link, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(44)?;
    Step::then(44, Next::EtherType(reach.u16(40)?))
}
