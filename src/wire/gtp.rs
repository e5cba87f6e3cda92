//! GPRS tunnelling protocol: user plane of version 1 (3GPP TS 29.281) and version 0 (GSM 09.60).
//!
//! A message other than a G-PDU carries no packet: its head is shown, the rest is data.  GTP prime
//! (TS 32.295) and version 2 (TS 29.274) never do and have no row.

use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, Next, Part, Reach, Step, ip_or};
use super::layer::Layer;

fields! {
    /// Version 1.
    VERSION_1, Gtp, "3GPP TS 29.281, section 5.1";
    FLAGS "gtp.flags" 0, 8, Group, "Flags", "Version and which optional octets follow.";
    VERSION "gtp.flags.version" 0, 3, Number, "Version", "1; 0 on old links.";
    PROTOCOL_TYPE "gtp.flags.payload_type" 3, 1, Flag, "GTP", "Clear is GTP prime.";
    SPARE "gtp.flags.reserved" 4, 1, Hex, "Reserved", "Zero.";
    E "gtp.flags.e" 5, 1, Flag, "Extension header", "An extension header follows.";
    S "gtp.flags.s" 6, 1, Flag, "Sequence number", "The sequence number counts.";
    PN "gtp.flags.pn" 7, 1, Flag, "N-PDU number", "The N-PDU number counts.";
    MESSAGE "gtp.message" 8, 8, Number, "Message", "Which message.", names MESSAGES;
    LENGTH "gtp.length" 16, 16, Number, "Length", "Octets behind the first eight.";
    TEID "gtp.teid" 32, 32, Hex, "Tunnel endpoint", "The receiver's number of the tunnel.";
}

fields! {
    /// Version 1's optional octets: all are there when one of the three flags is set.
    OPTIONAL, Gtp, "3GPP TS 29.281, section 5.1";
    SEQUENCE "gtp.seq_number" 0, 16, Number, "Sequence number", "Order of packets in the tunnel.";
    NPDU "gtp.npdu_number" 16, 8, Number, "N-PDU number", "Keeps handovers lossless.";
    NEXT "gtp.next" 24, 8, Hex, "Next extension header", "Type of the extension header that follows; 0 is none.", names EXTENSIONS;
}

fields! {
    /// Version 0.
    VERSION_0, Gtp, "GSM 09.60, section 6";
    FLAGS_0 "gtp.flags" 0, 8, Group, "Flags", "Version and which optional octets follow.";
    VERSION_BITS "gtp.flags.version" 0, 3, Number, "Version", "1; 0 on old links.";
    PROTOCOL_TYPE_0 "gtp.flags.payload_type" 3, 1, Flag, "GTP", "Clear is GTP prime.";
    SPARE_0 "gtp.flags.spare" 4, 3, Hex, "Spare", "Ones.";
    SNDCP "gtp.flags.snn" 7, 1, Flag, "SNDCP number", "The SNDCP N-PDU number counts.";
    MESSAGE_0 "gtp.message" 8, 8, Number, "Message", "Which message.", names MESSAGES;
    LENGTH_0 "gtp.length" 16, 16, Number, "Length", "Octets behind the header.";
    SEQUENCE_0 "gtp.seq_number" 32, 16, Number, "Sequence number", "Order of packets in the tunnel.";
    FLOW "gtp.flow_label" 48, 16, Hex, "Flow label", "Which flow of the tunnel.";
    SNDCP_NUMBER "gtp.sndcp_number" 64, 8, Hex, "SNDCP number", "Number of the N-PDU.";
    SPARES "gtp.spare" 72, 24, Hex, "Spare", "Ones.";
    TID "gtp.tid" 96, 64, Hex, "Tunnel", "Subscriber's number and service access point.";
}

/// User plane messages (TS 29.281, table 6.1-1), and G-PDU.
const MESSAGES: &[(u16, &str, &str)] = &[
    (1, "echo request", "is the peer alive"),
    (2, "echo response", "it is"),
    (26, "error indication", "no such tunnel"),
    (31, "supported extension headers", "which extension headers are known"),
    (253, "tunnel status", "status of a tunnel"),
    (254, "end marker", "the last packet by this path"),
    (255, "G-PDU", "a user's packet"),
];

/// Extension headers (TS 29.281, figure 5.2.1-3).
pub(crate) const EXTENSIONS: &[(u16, &str, &str)] = &[
    (0x00, "none", "no more extension headers"),
    (0x03, "long PDCP number", "PDCP PDU number of 18 bits"),
    (0x20, "service class", "service class indicator"),
    (0x40, "UDP port", "source port of the message in error"),
    (0x81, "RAN container", "for the radio network"),
    (0x82, "long PDCP number", "PDCP PDU number of 18 bits"),
    (0x83, "Xw RAN container", "for the radio network"),
    (0x84, "NR RAN container", "for the radio network"),
    (0x85, "PDU session container", "quality of service flow, 5G"),
    (0xc0, "PDCP number", "PDCP PDU number"),
];

/// Message type of a user's packet.
const G_PDU: u8 = 255;
/// Flags that bring the optional octets.
const OPTIONAL_BITS: u8 = 0x07;
/// Octets of version 0's header.
const LEN_0: usize = 20;

/// The row.
pub const HEADER: Header = Header {
    name: "gtp",
    short: "gtp",
    title: "GPRS tunnelling protocol",
    parts: &[
        Part { label: "version 1", start: |b| is(b, 1), len: |_| Some(8), fields: VERSION_1 },
        Part { label: "optional", start: optional, len: |_| Some(4), fields: OPTIONAL },
        Part { label: "version 0", start: |b| is(b, 0), len: |_| Some(LEN_0), fields: VERSION_0 },
    ],
    inputs: Some(&Inputs {
        looks_behind: true,
        ..Inputs::within(&[FLAGS.place(0), MESSAGE.place(0), NEXT.place(8)], LENGTH.total(8))
    }),
    source: "3GPP TS 29.281",
    ..Header::of(Layer::Gtp, Class::Tunnel, &[])
};

fn is(header: &[u8], version: u8) -> Option<usize> {
    (header.first()? >> 5 == version).then_some(0)
}

fn optional(header: &[u8]) -> Option<usize> {
    let first = header.first()?;
    (first >> 5 == 1 && first & OPTIONAL_BITS != 0).then_some(8)
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let first = reach.u8(0)?;
    let is_gtp = first & 0x10 != 0;
    let (len, uncounted) = match first >> 5 {
        1 if is_gtp => (if first & OPTIONAL_BITS == 0 { 8 } else { 12 }, 8usize),
        0 if is_gtp => (LEN_0, LEN_0),
        _ => return Step::then(0, Next::Payload),
    };
    reach.needs(len)?;
    let total = uncounted.saturating_add(usize::from(reach.u16(2)?));
    if total < len {
        return Err(Fault::Malformed { at: 2, needs: len, has: total });
    }
    let is_user = reach.u8(1)? == G_PDU;
    let has_extension = first >> 5 == 1 && first & 4 != 0 && reach.u8(11)? != 0;
    let next = match (is_user, has_extension) {
        (true, true) => Next::Layer(Layer::GtpExtension),
        (true, false) => user_packet(reach, len),
        (false, _) => Next::Payload,
    };
    Step::until(len, Some(total), next)
}

/// A user's packet at octet `at`: nothing in the header says what it is.
pub(crate) fn user_packet(reach: Reach<'_>, at: usize) -> Next {
    ip_or(reach, at, Next::Payload)
}
