//! Prism: what the radio knew of an 802.11 frame (`LINKTYPE_IEEE802_11_PRISM`).

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Reach, Step};
use super::layer::Layer;

fields! {
    /// What every such header begins with.
    FIELDS, Prism, "LINKTYPE_IEEE802_11_PRISM";
    CODE "prism.msgcode" 0, 32, Little, "Message", "0x44 or 0x41.";
    LENGTH "prism.msglen" 32, 32, Little, "Length", "Octets of this header.";
    DEVICE "prism.devname" 64, 128, Text, "Device", "Name of the interface, filled up with zeros.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "prism",
    short: "Prism",
    title: "Prism",
    source: "LINKTYPE_IEEE802_11_PRISM",
    ..Header::of(Layer::Prism, Class::Link, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(8)?;
    // The AVS header came under this link type first.
    if matches!(reach.bytes, [0x80, 0x21, 0x10, ..]) {
        return Step::then(0, Next::Layer(Layer::Wlancap));
    }
    // The byte order is that of the machine that captured; the length is small.
    let [low, high] = [reach.u16(4)?.swap_bytes(), reach.u16(6)?];
    let len = usize::from(if low > 0 { low } else { high });
    if len < 24 {
        return Err(Fault::Malformed { at: 4, needs: 24, has: len });
    }
    reach.needs(len)?;
    Step::then(len, Next::Layer(Layer::Wlan))
}
