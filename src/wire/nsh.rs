//! Network service header (RFC 8300): which service path a packet is on.

use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, Next, Part, Reach, Step, to_end};
use super::layer::Layer;

fields! {
    /// The base and service path headers.
    FIELDS, Nsh, "RFC 8300, section 2";
    VERSION "nsh.version" 0, 2, Number, "Version", "Zero.";
    OAM "nsh.Obit" 2, 1, Number, "OAM", "Set on operations and maintenance packets.";
    UNASSIGNED "nsh.CBit" 3, 1, Number, "Unassigned", "Zero.";
    TTL "nsh.ttl" 4, 6, Number, "Time to live", "Service functions it may still pass.";
    LENGTH "nsh.length" 10, 6, Times(4), "Length", "Octets of this header.";
    MD_TYPE "nsh.mdtype" 16, 8, Number, "Metadata type", "1 is 16 octets of context, 2 is none or more options.";
    NEXT "nsh.nextproto" 24, 8, Number, "Next protocol", "What follows.", names PROTOCOLS;
    SPI "nsh.spi" 32, 24, Number, "Service path", "Which path.";
    SI "nsh.si" 56, 8, Number, "Service index", "How far along the path.";
}

fields! {
    /// Metadata type 1.
    CONTEXT, Nsh, "RFC 8300, section 2.4";
    CONTEXT_HEADER "nsh.contextheader" 0, 32, Hex, "Context header", "What the service functions agreed on." @repeats;
}

fields! {
    /// Metadata type 2.
    OPTIONS, Nsh, "RFC 8300, section 2.5";
    METADATA "nsh.metadata" 0, 0, Bytes, "Metadata", "Options: class, type, length and value of each.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "nsh",
    short: "NSH",
    title: "Network service header",
    parts: &[
        Part {
            label: "context",
            start: |b| (b.get(2) == Some(&1)).then_some(8),
            len: |_| Some(16),
            fields: CONTEXT,
        },
        Part {
            label: "metadata",
            start: |b| (b.get(2) == Some(&2)).then_some(8),
            len: to_end,
            fields: OPTIONS,
        },
    ],
    inputs: Some(&Inputs::of(&[LENGTH.place(0), NEXT.place(0)])),
    source: "RFC 8300",
    ..Header::of(Layer::Nsh, Class::Tunnel, FIELDS)
};

/// What may follow (IANA, NSH Next Protocol).
const PROTOCOLS: &[(u16, &str, &str)] = &[
    (1, "IPv4", "Internet Protocol version 4"),
    (2, "IPv6", "Internet Protocol version 6"),
    (3, "Ethernet", "a whole frame"),
    (4, "NSH", "another such header"),
    (5, "MPLS", "label switching"),
];

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let words = usize::from(reach.u16(0)? & 0x3f);
    let next = match reach.u8(3)? {
        1 => Next::Layer(Layer::Ipv4),
        2 => Next::Layer(Layer::Ipv6),
        3 => Next::Layer(Layer::Ethernet),
        4 => Next::Layer(Layer::Nsh),
        5 => Next::Layer(Layer::Mpls),
        _ => Next::Payload,
    };
    let len = words.saturating_mul(4);
    if len < 8 {
        return Err(Fault::Malformed { at: 1, needs: 8, has: len });
    }
    reach.needs(len)?;
    Step::then(len, next)
}
