//! MPLS label stack entries (RFC 3032), one header a label.

use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, Next, Reach, Step};
use super::layer::Layer;
use super::pweth;

fields! {
    /// One entry.
    FIELDS, Mpls, "RFC 3032, section 2.1";
    LABEL "mpls.label" 0, 20, Number, "Label", "Forwarding label.", names LABELS;
    EXP "mpls.exp" 20, 3, Number, "Traffic class", "Class of service and congestion.", source "RFC 5462";
    BOTTOM "mpls.bottom" 23, 1, Flag, "Bottom of stack", "The last label before the packet.";
    TTL "mpls.ttl" 24, 8, Number, "Time to live", "Hops left.";
}

/// Labels with a meaning of their own.
const LABELS: &[(u16, &str, &str)] = &[
    (0, "IPv4 explicit null", "the packet behind it is IPv4"),
    (1, "router alert", "every router looks at it"),
    (2, "IPv6 explicit null", "the packet behind it is IPv6"),
    (3, "implicit null", "never on the wire"),
    (7, "entropy label indicator", "the next label is for load balancing"),
    (13, "generic associated channel", "an associated channel header follows"),
    (14, "OAM alert", "operations and maintenance"),
];

/// The row.
pub const HEADER: Header = Header {
    name: "mpls",
    short: "MPLS",
    title: "MPLS label",
    inputs: Some(&Inputs { looks_behind: true, ..Inputs::of(&[BOTTOM.place(0)]) }),
    source: "RFC 3032",
    ..Header::of(Layer::Mpls, Class::Tag, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(4)?;
    let bottom = reach.u8(2)? & 1 == 1;
    if !bottom {
        return Step::then(4, Next::Layer(Layer::Mpls));
    }
    // RFC 4928, section 3: the first nibble tells IP from a pseudowire.
    Step::then(4, pweth::guess(reach, 4))
}
