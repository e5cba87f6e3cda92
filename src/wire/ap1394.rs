//! IP over IEEE 1394 as Apple captures it (`LINKTYPE_APPLE_IP_OVER_IEEE1394`).

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Reach, Step};
use super::layer::Layer;
use super::number::ETHERTYPES;

fields! {
    /// All of it.
    FIELDS, Ap1394, "LINKTYPE_APPLE_IP_OVER_IEEE1394";
    DST "ap1394.dst" 0, 64, Bytes, "Destination", "EUI-64 of the receiver.";
    SRC "ap1394.src" 64, 64, Bytes, "Source", "EUI-64 of the sender.";
    TYPE "ap1394.type" 128, 16, Hex, "Type", "EtherType of what follows.", names ETHERTYPES;
}

/// The row.
pub const HEADER: Header = Header {
    name: "ap1394",
    short: "IEEE 1394",
    title: "IP over IEEE 1394",
    source: "LINKTYPE_APPLE_IP_OVER_IEEE1394",
    ..Header::of(Layer::Ap1394, Class::Link, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let word = reach.u16(16)?;
    Step::then(18, Next::EtherType(word))
}
