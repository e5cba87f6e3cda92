//! IEEE 802.2 logical link control, with SNAP (RFC 1042) where it is used.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Part, Payload, Reach, Step};
use super::layer::Layer;
use super::number::ETHERTYPES;

fields! {
    /// The two access points.
    FIELDS, Llc, "IEEE 802.2, clause 3";
    DSAP "llc.dsap" 0, 8, Hex, "Destination access point", "Which protocol is to receive it; 0xaa announces SNAP.", names SAPS;
    SSAP "llc.ssap" 8, 8, Hex, "Source access point", "Which protocol sent it; the lowest bit marks a response.", names SAPS;
}

fields! {
    /// Unnumbered frames: one octet of control.
    SHORT, Llc, "IEEE 802.2, clause 5.2";
    CONTROL "llc.control" 0, 8, Hex, "Control", "0x03 is unnumbered information.";
}

fields! {
    /// Numbered and supervisory frames: two octets of control.
    LONG, Llc, "IEEE 802.2, clause 5.2";
    CONTROL_LONG "llc.control" 0, 16, Hex, "Control", "Sequence numbers and poll bit.";
}

fields! {
    /// SNAP: the organisation that defines the type, and the type.
    SNAP, Llc, "RFC 1042";
    OUI "llc.oui" 0, 24, Hex, "Organisation", "Who defines the type; 0 means it is an EtherType.";
    TYPE "llc.type" 24, 16, Hex, "Type", "What follows.", names ETHERTYPES;
}

fields! {
    /// Bridged Ethernet: what aligns the frame behind it.
    PADDING, Llc, "RFC 2684, section 5.2";
    PAD "llc.pad" 0, 16, Hex, "Padding", "Aligns the bridged frame.";
}

/// The service access points worth a name.
const SAPS: &[(u16, &str, &str)] = &[
    (0x00, "NULL", "null LSAP"),
    (0x06, "IP", "ARPANET Internet Protocol"),
    (0x42, "STP", "IEEE 802.1 spanning tree"),
    (0x98, "ARP", "ARPANET address resolution"),
    (0xaa, "SNAP", "subnetwork access protocol"),
    (0xe0, "IPX", "Novell NetWare"),
    (0xf0, "NetBIOS", "IBM NetBIOS"),
    (0xfe, "OSI", "ISO network layer"),
    (0xff, "GLOBAL", "global LSAP"),
];

/// The row.
pub const HEADER: Header = Header {
    name: "llc",
    short: "LLC",
    title: "Logical link control",
    parts: &[
        Part {
            label: "control",
            start: |b| (control_octets(b)? == 1).then_some(2),
            len: |_| Some(1),
            fields: SHORT,
        },
        Part {
            label: "control",
            start: |b| (control_octets(b)? == 2).then_some(2),
            len: |_| Some(2),
            fields: LONG,
        },
        Part { label: "SNAP", start: |b| is_snap(b).then_some(3), len: |_| Some(5), fields: SNAP },
        Part {
            label: "padding",
            start: |b| is_bridged(b).then_some(8),
            len: |_| Some(2),
            fields: PADDING,
        },
    ],
    payload: &[
        Payload { number: "EtherType", field: &TYPE },
        Payload { number: "access point", field: &DSAP },
    ],
    source: "IEEE 802.2",
    ..Header::of(Layer::Llc, Class::Tag, FIELDS)
};

fn control_octets(header: &[u8]) -> Option<usize> {
    header.get(2).map(|control| if control & 3 == 3 { 1 } else { 2 })
}

fn is_snap(header: &[u8]) -> bool {
    matches!(header, [0xaa, 0xaa | 0xab, 0x03, ..])
}

/// Bridged Ethernet, with its checksum (1) and without (7) (RFC 2684, section 5.2).
fn is_bridged(header: &[u8]) -> bool {
    matches!(header.get(3..8), Some([0, 0x80, 0xc2, 0, 1 | 7])) && is_snap(header)
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(3)?;
    let control = control_octets(reach.bytes).unwrap_or(1);
    let len = 2usize.saturating_add(control);
    if is_bridged(reach.bytes) {
        reach.needs(10)?;
        return Step::then(10, Next::Layer(Layer::Ethernet));
    }
    if is_snap(reach.bytes) {
        let word = reach.u16(6)?;
        let next = match reach.bytes.get(3..6) {
            // RFC 1042, and the OUI of bridged frames (IEEE 802.1H) whose types are EtherTypes too.
            Some([0, 0, 0 | 0xf8]) => Next::EtherType(word),
            _ => Next::Payload,
        };
        return Step::then(8, next);
    }
    match reach.bytes {
        [0x06, 0x06 | 0x07, 0x03, ..] => Step::then(len, Next::Version),
        // RFC 2684, section 5.1: ISO NLPID; 0xcc is IPv4, 0x8e IPv6.
        [0xfe, 0xfe | 0xff, 0x03, 0xcc | 0x8e, ..] => Step::then(4, Next::Version),
        _ => {
            reach.needs(len)?;
            Step::then(len, Next::Payload)
        }
    }
}
