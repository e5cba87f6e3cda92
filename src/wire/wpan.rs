//! IEEE 802.15.4 MAC header, as `LINKTYPE_IEEE802_15_4` has it.  Secured frames stay closed.

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Part, Reach, Step};
use super::layer::Layer;

fields! {
    /// Frame control, whose low octet comes first.
    FIELDS, Wpan, "IEEE 802.15.4, clause 7.2.2";
    RESERVED "wpan.fcf.reserved" 0, 1, Hex, "Reserved", "Zero.";
    COMPRESSION "wpan.pan_id_compression" 1, 1, Flag, "PAN ID compression", "One of the two networks is left out.";
    ACK_REQUEST "wpan.ack_request" 2, 1, Flag, "Acknowledgement request", "The receiver is to acknowledge.";
    PENDING "wpan.pending" 3, 1, Flag, "Frame pending", "The sender has more for the receiver.";
    SECURITY "wpan.security" 4, 1, Flag, "Security", "The payload is protected.";
    TYPE "wpan.frame_type" 5, 3, Number, "Type", "What kind of frame.", names TYPES;
    SRC_MODE "wpan.src_addr_mode" 8, 2, Number, "Source mode", "0 none, 2 short, 3 extended.";
    VERSION "wpan.version" 10, 2, Number, "Version", "0 of 2003, 1 of 2006, 2 of 2015.";
    DST_MODE "wpan.dst_addr_mode" 12, 2, Number, "Destination mode", "0 none, 2 short, 3 extended.";
    IE_PRESENT "wpan.ie_present" 14, 1, Flag, "Information elements", "They follow the header.";
    SEQNO_SUPPRESSION "wpan.seqno_suppression" 15, 1, Flag, "Sequence number suppression", "There is no sequence number.";
}

fields! {
    /// Sequence number.
    SEQUENCE, Wpan, "IEEE 802.15.4, clause 7.2.3";
    SEQ_NO "wpan.seq_no" 0, 8, Number, "Sequence number", "Tells which frame is acknowledged.";
}

fields! {
    /// Network of the receiver.
    DESTINATION_PAN, Wpan, "IEEE 802.15.4, clause 7.2.4";
    DST_PAN "wpan.dst_pan" 0, 16, Little, "Destination network", "PAN identifier of the receiver.";
}

fields! {
    /// Short address of the receiver.
    SHORT_DESTINATION, Wpan, "IEEE 802.15.4, clause 7.2.5";
    DST16 "wpan.dst16" 0, 16, Little, "Destination", "Short address of the receiver; 65535 is all.";
}

fields! {
    /// Extended address of the receiver.
    LONG_DESTINATION, Wpan, "IEEE 802.15.4, clause 7.2.5";
    DST64 "wpan.dst64" 0, 64, Little, "Destination", "Extended address of the receiver.";
}

fields! {
    /// Network of the sender.
    SOURCE_PAN, Wpan, "IEEE 802.15.4, clause 7.2.6";
    SRC_PAN "wpan.src_pan" 0, 16, Little, "Source network", "PAN identifier of the sender.";
}

fields! {
    /// Short address of the sender.
    SHORT_SOURCE, Wpan, "IEEE 802.15.4, clause 7.2.7";
    SRC16 "wpan.src16" 0, 16, Little, "Source", "Short address of the sender.";
}

fields! {
    /// Extended address of the sender.
    LONG_SOURCE, Wpan, "IEEE 802.15.4, clause 7.2.7";
    SRC64 "wpan.src64" 0, 64, Little, "Source", "Extended address of the sender.";
}

const TYPES: &[(u16, &str, &str)] = &[
    (0, "beacon", "of a coordinator"),
    (1, "data", "carries something"),
    (2, "acknowledgement", "of a frame"),
    (3, "command", "about the network"),
    (5, "multipurpose", "with a header of its own"),
];

/// The row.
pub const HEADER: Header = Header {
    name: "wpan",
    short: "802.15.4",
    title: "IEEE 802.15.4",
    parts: &[
        part("sequence", |b| places(b)?.sequence, Some(1), SEQUENCE),
        part("destination network", |b| places(b)?.dst_pan, Some(2), DESTINATION_PAN),
        part("destination", |b| of_mode(places(b)?.dst, SHORT), Some(2), SHORT_DESTINATION),
        part("destination", |b| of_mode(places(b)?.dst, LONG), Some(8), LONG_DESTINATION),
        part("source network", |b| places(b)?.src_pan, Some(2), SOURCE_PAN),
        part("source", |b| of_mode(places(b)?.src, SHORT), Some(2), SHORT_SOURCE),
        part("source", |b| of_mode(places(b)?.src, LONG), Some(8), LONG_SOURCE),
    ],
    source: "IEEE 802.15.4",
    ..Header::of(Layer::Wpan, Class::Link, FIELDS)
};

const SHORT: u8 = 2;
const LONG: u8 = 3;

const fn part(
    label: &'static str,
    start: fn(&[u8]) -> Option<usize>,
    len: Option<usize>,
    fields: &'static [super::field::Field],
) -> Part {
    let len: fn(&[u8]) -> Option<usize> = match len {
        Some(1) => |_| Some(1),
        Some(2) => |_| Some(2),
        _ => |_| Some(8),
    };
    Part { label, start, len, fields }
}

/// Where the parts of a header begin, and the mode of its addresses.
#[derive(Debug, Clone, Copy, Default)]
struct Places {
    sequence: Option<usize>,
    dst_pan: Option<usize>,
    dst: (u8, usize),
    src_pan: Option<usize>,
    src: (u8, usize),
    /// First octet behind all of them.
    end: usize,
}

fn of_mode((mode, at): (u8, usize), wanted: u8) -> Option<usize> {
    (mode == wanted).then_some(at)
}

/// The places in a header; none where its first two octets are missing, or it is of a type that has
/// another header.
fn places(header: &[u8]) -> Option<Places> {
    let &[low, high] = header.first_chunk()?;
    let (dst, src, version) = (high >> 2 & 3, high >> 6, high >> 4 & 3);
    if low & 7 > 3 || dst == 1 || src == 1 || version == 3 {
        return None;
    }
    let is_compressed = low & 0x40 != 0;
    // Table 7-2: what compression leaves out depends on the version.
    let (has_dst_pan, has_src_pan) = match (dst, src) {
        _ if version < 2 => (dst > 0, src > 0 && !is_compressed),
        (0, 0) => (is_compressed, false),
        (_, 0) => (!is_compressed, false),
        (0, _) => (false, !is_compressed),
        (LONG, LONG) => (!is_compressed, false),
        _ => (true, !is_compressed),
    };
    let mut places = Places { end: 2, ..Places::default() };
    let mut take = |has: bool, octets: usize| {
        let at = places.end;
        places.end = at.saturating_add(if has { octets } else { 0 });
        has.then_some(at)
    };
    let octets = |mode| if mode == LONG { 8 } else { 2 };
    let sequence = take(version < 2 || high & 1 == 0, 1);
    let dst_pan = take(has_dst_pan, 2);
    let dst_at = take(dst > 0, octets(dst)).unwrap_or(0);
    let src_pan = take(has_src_pan, 2);
    let src_at = take(src > 0, octets(src)).unwrap_or(0);
    Some(Places { sequence, dst_pan, dst: (dst, dst_at), src_pan, src: (src, src_at), ..places })
}

/// The interface identifier that a header's address gives (RFC 4944, section 6; RFC 6282, section
/// 3.2.2).
pub(crate) fn interface_id(header: &[u8], is_source: bool) -> Option<[u8; 8]> {
    let places = places(header)?;
    let (mode, at) = if is_source { places.src } else { places.dst };
    let address = header.get(at..)?;
    match mode {
        SHORT => {
            let &[low, high] = address.first_chunk()?;
            Some([0, 0, 0, 0xff, 0xfe, 0, high, low])
        }
        LONG => {
            let mut id: [u8; 8] = *address.first_chunk()?;
            id.reverse();
            if let Some(first) = id.first_mut() {
                *first ^= 2;
            }
            Some(id)
        }
        _ => None,
    }
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let (low, high) = (reach.u8(0)?, reach.u8(1)?);
    let Some(places) = places(reach.bytes) else { return Step::then(2, Next::Payload) };
    reach.needs(places.end)?;
    let is_plain = low & 0x0f == 1 && high & 0x02 == 0;
    let next = if is_plain { Next::Layer(Layer::Sixlowpan) } else { Next::Payload };
    Step::then(places.end, next)
}
