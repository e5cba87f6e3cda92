//! Fibre distributed data interface (`LINKTYPE_FDDI`).

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Reach, Step};
use super::layer::Layer;

fields! {
    /// All of it.
    FIELDS, Fddi, "ISO 9314-2, clause 7";
    FC "fddi.fc" 0, 8, Hex, "Frame control", "0x50 to 0x57 is LLC.";
    DST "fddi.dst" 8, 48, Mac, "Destination", "Hardware address of the receiver.";
    SRC "fddi.src" 56, 48, Mac, "Source", "Hardware address of the sender.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "fddi",
    short: "FDDI",
    title: "FDDI",
    source: "ISO 9314-2",
    ..Header::of(Layer::Fddi, Class::Link, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(13)?;
    // Class, address length, LLC: asynchronous or synchronous.
    let is_llc = matches!(reach.u8(0)? & 0xf0, 0x50 | 0xd0);
    Step::then(13, if is_llc { Next::Layer(Layer::Llc) } else { Next::Payload })
}
