//! Token ring (`LINKTYPE_IEEE802_5`), with its source route.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Part, Reach, Step};
use super::layer::Layer;

fields! {
    /// What every frame has.
    FIELDS, TokenRing, "IEEE 802.5, clause 3";
    AC "tr.ac" 0, 8, Hex, "Access control", "Priority, token and monitor bits.";
    FC "tr.fc" 8, 8, Hex, "Frame control", "Top bits: 0 MAC, 1 LLC.";
    DST "tr.dst" 16, 48, Mac, "Destination", "Hardware address of the receiver.";
    SRC "tr.src" 64, 48, Mac, "Source", "Hardware address of the sender; its top bit says that a route follows.";
}

fields! {
    /// Source route.
    ROUTE, TokenRing, "IEEE 802.5, clause 3.3";
    BROADCAST "tr.broadcast" 0, 3, Number, "Broadcast", "Kind of route.";
    LENGTH "tr.rif_bytes" 3, 5, Number, "Route length", "Octets of the route.";
    DIRECTION "tr.direction" 8, 1, Number, "Direction", "1 is from end to begin.";
    LARGEST "tr.max_frame_size" 9, 3, Number, "Largest frame", "Code of the largest frame on the way.";
    RESERVED "tr.rif_reserved" 12, 4, Hex, "Reserved", "Zero.";
    RINGS "tr.rif" 16, 0, Bytes, "Rings", "Twelve bits of ring and four of bridge, again and again.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "tr",
    short: "token ring",
    title: "Token ring",
    parts: &[Part {
        label: "route",
        start: |b| (route_octets(b) > 0).then_some(14),
        len: |b| Some(route_octets(b)),
        fields: ROUTE,
    }],
    source: "IEEE 802.5",
    ..Header::of(Layer::TokenRing, Class::Link, FIELDS)
};

/// Octets of the source route.
fn route_octets(header: &[u8]) -> usize {
    let has_route = header.get(8).is_some_and(|octet| octet & 0x80 != 0);
    let length = header.get(14).map_or(2, |octet| usize::from(octet & 0x1f));
    if has_route { length.max(2) } else { 0 }
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(14)?;
    let len = route_octets(reach.bytes).saturating_add(14);
    reach.needs(len)?;
    let is_llc = reach.u8(1)? >> 6 == 1;
    Step::then(len, if is_llc { Next::Layer(Layer::Llc) } else { Next::Payload })
}
