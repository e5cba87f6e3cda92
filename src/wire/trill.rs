//! Transparent interconnection of lots of links (RFC 6325): a header before the customer's whole
//! frame.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Reach, Step};
use super::layer::Layer;

fields! {
    /// The fixed part.
    FIELDS, Trill, "RFC 6325, section 3.2";
    VERSION "trill.version" 0, 2, Number, "Version", "Zero.";
    RESERVED "trill.reserved" 2, 2, Number, "Reserved", "Zero.";
    MULTI "trill.multi_dst" 4, 1, Flag, "Multiple destinations", "For many; the egress names a tree.";
    OPTIONS "trill.op_len" 5, 5, Times(4), "Options length", "Octets of options.";
    HOPS "trill.hop_cnt" 10, 6, Number, "Hop count", "Bridges it may still pass.";
    EGRESS "trill.egress_nick" 16, 16, Hex, "Egress", "Bridge that takes the frame out, or tree.";
    INGRESS "trill.ingress_nick" 32, 16, Hex, "Ingress", "Bridge that brought the frame in.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "trill",
    short: "TRILL",
    title: "TRILL",
    source: "RFC 6325",
    ..Header::of(Layer::Trill, Class::Tag, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let words = usize::from(reach.u16(0)? >> 6 & 0x1f);
    let len = words.saturating_mul(4).saturating_add(6);
    reach.needs(len)?;
    Step::then(len, Next::Layer(Layer::Ethernet))
}
