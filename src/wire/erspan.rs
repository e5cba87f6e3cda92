//! Mirrored Ethernet frames in GRE: ERSPAN type II and type III (draft-foschiano-erspan-03).
//!
//! Type I has no header of its own: GRE without a sequence number, then the frame.

use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, Next, Part, Reach, Step};
use super::layer::Layer;

fields! {
    /// What types II and III begin with.
    FIELDS, Erspan, "draft-foschiano-erspan-03, section 4.2";
    VERSION "erspan.version" 0, 4, Number, "Version", "1 is type II, 2 is type III.";
    VLAN "erspan.vlan" 4, 12, Number, "VLAN", "VLAN of the mirrored port.";
}

fields! {
    /// Type II, from octet 2 on.
    TYPE_2, Erspan, "draft-foschiano-erspan-03, section 4.2";
    COS_2 "erspan.cos" 0, 3, Number, "Class of service", "Priority of the mirrored frame.";
    ENCAP "erspan.encap" 3, 2, Number, "Encapsulation", "How the frame was tagged at the port.", names TRUNKS;
    TRUNCATED_2 "erspan.truncated" 5, 1, Flag, "Truncated", "The frame was cut to fit.";
    SESSION_2 "erspan.spanid" 6, 10, Number, "Session", "Which mirror session.";
    RESERVED_2 "erspan.reserved" 16, 12, Hex, "Reserved", "Zero.";
    INDEX "erspan.index" 28, 20, Hex, "Index", "Port and direction, as the platform numbers them.";
}

fields! {
    /// Type III, from octet 2 on.
    TYPE_3, Erspan, "draft-foschiano-erspan-03, section 4.3";
    COS_3 "erspan.cos" 0, 3, Number, "Class of service", "Priority of the mirrored frame.";
    BSO "erspan.bso" 3, 2, Number, "Bad, short, oversized", "Whether the frame was sound.", names SOUNDNESS;
    TRUNCATED_3 "erspan.truncated" 5, 1, Flag, "Truncated", "The frame was cut to fit.";
    SESSION_3 "erspan.spanid" 6, 10, Number, "Session", "Which mirror session.";
    TIMESTAMP "erspan.timestamp" 16, 32, Hex, "Timestamp", "When the frame was mirrored, in the granularity's unit.";
    GROUP "erspan.sgt" 48, 16, Number, "Security group", "Tag of the sender's group.";
    PDU "erspan.p" 64, 1, Flag, "PDU", "The frame is an Ethernet frame.";
    FRAME_TYPE "erspan.ft" 65, 5, Number, "Frame type", "What is mirrored.", names FRAME_TYPES;
    HARDWARE "erspan.hw" 70, 6, Number, "Hardware", "Engine within the system.";
    DIRECTION "erspan.direction" 76, 1, Flag, "Outgoing", "The frame left the port; clear: it came in.";
    GRANULARITY "erspan.granularity" 77, 2, Number, "Granularity", "Unit of the timestamp.", names GRANULARITIES;
    SUBHEADER "erspan.o" 79, 1, Flag, "Subheader present", "Eight octets of the platform follow.";
}

fields! {
    /// Type III's optional subheader.
    PLATFORM, Erspan, "draft-foschiano-erspan-03, section 4.4";
    PLATFORM_ID "erspan.platid" 0, 6, Number, "Platform", "How the rest is to be read.";
    PLATFORM_INFO "erspan.platform.info" 6, 58, Hex, "Platform information", "As the platform says.";
}

const TRUNKS: &[(u16, &str, &str)] = &[
    (0, "untagged", "without a VLAN tag"),
    (1, "ISL", "with an ISL tag"),
    (2, "802.1Q", "with an 802.1Q tag"),
    (3, "kept", "the tag is kept in the frame"),
];

const SOUNDNESS: &[(u16, &str, &str)] = &[
    (0, "good", "sound, or unknown"),
    (1, "short", "shorter than Ethernet allows"),
    (2, "oversized", "longer than Ethernet allows"),
    (3, "bad", "checksum or alignment wrong"),
];

const FRAME_TYPES: &[(u16, &str, &str)] = &[(0, "Ethernet", "802.3 frame"), (2, "IP", "IP packet")];

const GRANULARITIES: &[(u16, &str, &str)] = &[
    (0, "100 µs", "100 microseconds"),
    (1, "100 ns", "100 nanoseconds"),
    (2, "IEEE 1588", "as IEEE 1588"),
    (3, "user", "as configured"),
];

/// The row.
pub const HEADER: Header = Header {
    name: "erspan",
    short: "erspan",
    title: "Encapsulated remote switch port analyser",
    parts: &[
        Part { label: "type II", start: |b| is(b, 1), len: |_| Some(6), fields: TYPE_2 },
        Part { label: "type III", start: |b| is(b, 2), len: |_| Some(10), fields: TYPE_3 },
        Part { label: "platform", start: platform, len: |_| Some(8), fields: PLATFORM },
    ],
    inputs: Some(&Inputs {
        looks_behind: true,
        ..Inputs::of(&[VERSION.place(0), FRAME_TYPE.place(2), SUBHEADER.place(2)])
    }),
    source: "draft-foschiano-erspan-03",
    ..Header::of(Layer::Erspan, Class::Tunnel, FIELDS)
};

fn version(header: &[u8]) -> u8 {
    header.first().map_or(0, |octet| octet >> 4)
}

fn is(header: &[u8], wanted: u8) -> Option<usize> {
    (version(header) == wanted).then_some(2)
}

fn platform(header: &[u8]) -> Option<usize> {
    (version(header) == 2 && header.get(11)? & 1 == 1).then_some(12)
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.u8(0)?;
    match version(reach.bytes) {
        1 => {
            reach.needs(8)?;
            Step::then(8, Next::Layer(Layer::Ethernet))
        }
        2 => {
            let flags = reach.u16(10)?;
            let len = if flags & 1 == 1 { 20 } else { 12 };
            reach.needs(len)?;
            let is_ip = flags >> 10 & 0x1f == 2;
            Step::then(len, if is_ip { Next::Version } else { Next::Layer(Layer::Ethernet) })
        }
        // Another version is not known to be any header at all.
        _ => Step::then(0, Next::Payload),
    }
}
