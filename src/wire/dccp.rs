//! Datagram congestion control protocol (RFC 4340): the generic header.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Part, Reach, Step, to_end};
use super::layer::Layer;

fields! {
    /// What both forms begin with.
    FIELDS, Dccp, "RFC 4340, section 5.1";
    SRCPORT "dccp.srcport" 0, 16, Number, "Source port", "Port of the sender.";
    DSTPORT "dccp.dstport" 16, 16, Number, "Destination port", "Port of the receiver.";
    DATA_OFFSET "dccp.data_offset" 32, 8, Times(4), "Data offset", "Octets of header, options included.";
    CCVAL "dccp.ccval" 40, 4, Number, "CCVal", "For the sender's congestion control.";
    CSCOV "dccp.cscov" 44, 4, Number, "Checksum coverage", "0 all; else header and 4 × (n − 1) octets.";
    CHECKSUM "dccp.checksum" 48, 16, Hex, "Checksum", "Over what is covered and a pseudo-header.";
    RES1 "dccp.res1" 64, 3, Number, "Reserved", "Zero.";
    TYPE "dccp.type" 67, 4, Number, "Type", "Which packet.", names TYPES;
    X "dccp.x" 71, 1, Flag, "Extended", "The sequence number has 48 bits.";
}

fields! {
    /// 48 bits of sequence number.
    EXTENDED, Dccp, "RFC 4340, section 5.1";
    RES2 "dccp.res2" 0, 8, Hex, "Reserved", "Zero.";
    SEQ_LONG "dccp.seq_raw" 8, 48, Number, "Sequence number", "Counts packets.";
}

fields! {
    /// 24 bits of sequence number.
    SHORT, Dccp, "RFC 4340, section 5.1";
    SEQ_SHORT "dccp.seq_raw" 0, 24, Number, "Sequence number", "Counts packets.";
}

/// RFC 4340, section 5.1.
const TYPES: &[(u16, &str, &str)] = &[
    (0, "Request", "opens a connection"),
    (1, "Response", "answers a request"),
    (2, "Data", "data"),
    (3, "Ack", "acknowledgement"),
    (4, "DataAck", "data and acknowledgement"),
    (5, "CloseReq", "asks the client to close"),
    (6, "Close", "closes"),
    (7, "Reset", "ends the connection"),
    (8, "Sync", "resynchronises"),
    (9, "SyncAck", "resynchronised"),
];

/// The row.
pub const HEADER: Header = Header {
    name: "dccp",
    short: "DCCP",
    title: "Datagram congestion control protocol",
    parts: &[
        Part {
            label: "long sequence",
            start: |b| is_extended(b)?.then_some(9),
            len: to_end,
            fields: EXTENDED,
        },
        Part {
            label: "short sequence",
            start: |b| (!is_extended(b)?).then_some(9),
            len: to_end,
            fields: SHORT,
        },
    ],
    source: "RFC 4340",
    ..Header::of(Layer::Dccp, Class::Transport, FIELDS)
};

fn is_extended(header: &[u8]) -> Option<bool> {
    header.get(8).map(|octet| octet & 1 == 1)
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let len = if reach.u8(8)? & 1 == 1 { 16 } else { 12 };
    reach.needs(len)?;
    Step::then(len, Next::Payload)
}
