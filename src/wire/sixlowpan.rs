//! IPv6 over IEEE 802.15.4 (RFC 4944): what each dispatch octet begins; a compressed IPv6 header
//! (RFC 6282) as it stands in the frame.

use super::field::{Field, fields};
use super::header::{Class, Fault, Header, Next, Part, Reach, Step, to_end};
use super::layer::Layer;
use super::number::PROTOCOLS;

fields! {
    /// An IPv6 header as it is follows, or what is not decoded.
    PLAIN, Sixlowpan, "RFC 4944, section 5.1";
    DISPATCH "6lowpan.dispatch" 0, 8, Hex, "Dispatch", "0x41: an IPv6 header follows.";
}

fields! {
    /// Delivery over several hops below IP.
    MESH, Sixlowpan, "RFC 4944, section 5.2";
    MESH_PATTERN "6lowpan.pattern" 0, 2, Hex, "Pattern", "Binary 10.";
    MESH_V "6lowpan.mesh.v" 2, 1, Flag, "Short originator", "The first sender's address has two octets, else eight.";
    MESH_F "6lowpan.mesh.f" 3, 1, Flag, "Short destination", "The final receiver's address has two octets, else eight.";
    MESH_HOPS "6lowpan.mesh.hops" 4, 4, Number, "Hops left", "15 says that an octet of hops follows.";
    MESH_REST "6lowpan.mesh.addresses" 8, 0, Bytes, "Addresses", "Hops where there are many, first sender, final receiver.";
}

fields! {
    /// A broadcast over several hops.
    BROADCAST, Sixlowpan, "RFC 4944, section 11.1";
    BCAST_PATTERN "6lowpan.dispatch" 0, 8, Hex, "Dispatch", "0x41: an IPv6 header follows.";
    BCAST_SEQ "6lowpan.bcast.seqnum" 8, 8, Number, "Broadcast sequence", "By which duplicates are known.";
}

fields! {
    /// A fragment.
    FRAGMENT, Sixlowpan, "RFC 4944, section 5.3";
    FRAG_PATTERN "6lowpan.frag.pattern" 0, 5, Hex, "Pattern", "Binary 11000 of the first, 11100 of later ones.";
    FRAG_SIZE "6lowpan.frag.size" 5, 11, Number, "Datagram size", "Octets of the IPv6 packet before it was compressed.";
    FRAG_TAG "6lowpan.frag.tag" 16, 16, Number, "Datagram tag", "Tells which fragments belong together.";
}

fields! {
    /// A later fragment's place.
    LATER, Sixlowpan, "RFC 4944, section 5.3";
    FRAG_OFFSET "6lowpan.frag.offset" 0, 8, Times(8), "Datagram offset", "Octet of the IPv6 packet at which the fragment begins.";
}

fields! {
    /// How the IPv6 header is compressed.
    IPHC, Sixlowpan, "RFC 6282, section 3.1.1";
    IPHC_PATTERN "6lowpan.iphc.pattern" 0, 3, Hex, "Pattern", "Binary 011.";
    TF "6lowpan.iphc.tf" 3, 2, Number, "Traffic class and flow label", "0 both there, 1 no DSCP, 2 no flow label, 3 neither.";
    NH "6lowpan.iphc.nh" 5, 1, Flag, "Next header", "Set: the next header is compressed too.";
    HLIM "6lowpan.iphc.hlim" 6, 2, Number, "Hop limit", "0 is there, 1 is 1, 2 is 64, 3 is 255.";
    CID "6lowpan.iphc.cid" 8, 1, Flag, "Context identifiers", "An octet of them follows.";
    SAC "6lowpan.iphc.sac" 9, 1, Flag, "Source by context", "The source's prefix is that of a context.";
    SAM "6lowpan.iphc.sam" 10, 2, Number, "Source mode", "0 sixteen octets, 1 eight, 2 two, 3 none.";
    M "6lowpan.iphc.m" 12, 1, Flag, "Multicast", "The destination is a group.";
    DAC "6lowpan.iphc.dac" 13, 1, Flag, "Destination by context", "The destination's prefix is that of a context.";
    DAM "6lowpan.iphc.dam" 14, 2, Number, "Destination mode", "As of the source; of a group 1 six octets, 2 four, 3 one.";
}

fields! {
    /// Which contexts.
    CONTEXTS, Sixlowpan, "RFC 6282, section 3.1.2";
    SCI "6lowpan.iphc.sci" 0, 4, Number, "Source context", "Number of the context.";
    DCI "6lowpan.iphc.dci" 4, 4, Number, "Destination context", "Number of the context.";
}

fields! {
    /// Traffic class and flow label.
    CLASS_FLOW, Sixlowpan, "RFC 6282, section 3.2.1";
    CF_ECN "6lowpan.ecn" 0, 2, Number, "ECN", "Congestion on the way.";
    CF_DSCP "6lowpan.dscp" 2, 6, Number, "DSCP", "How routers are to treat the packet.";
    CF_RESERVED "6lowpan.class_reserved" 8, 4, Hex, "Reserved", "Zero.";
    CF_FLOW "6lowpan.flow" 12, 20, Hex, "Flow label", "Packets that are to be treated alike.";
}

fields! {
    /// ECN and flow label.
    ECN_FLOW, Sixlowpan, "RFC 6282, section 3.2.1";
    EF_ECN "6lowpan.ecn" 0, 2, Number, "ECN", "Congestion on the way.";
    EF_RESERVED "6lowpan.class_reserved" 2, 2, Hex, "Reserved", "Zero.";
    EF_FLOW "6lowpan.flow" 4, 20, Hex, "Flow label", "Packets that are to be treated alike.";
}

fields! {
    /// Traffic class.
    CLASS, Sixlowpan, "RFC 6282, section 3.2.1";
    C_ECN "6lowpan.ecn" 0, 2, Number, "ECN", "Congestion on the way.";
    C_DSCP "6lowpan.dscp" 2, 6, Number, "DSCP", "How routers are to treat the packet.";
}

fields! {
    /// Next header.
    NEXT, Sixlowpan, "RFC 6282, section 3.1.1";
    NEXT_HEADER "6lowpan.next" 0, 8, Number, "Next header", "What the packet carries.", names PROTOCOLS;
}

fields! {
    /// Hop limit.
    HOPS, Sixlowpan, "RFC 6282, section 3.1.1";
    HOP_LIMIT "6lowpan.hops" 0, 8, Number, "Hop limit", "Routers that the packet may still pass.";
}

fields! {
    /// What is there of the source.
    SOURCE, Sixlowpan, "RFC 6282, section 3.2.2";
    SOURCE_PART "6lowpan.src_inline" 0, 0, Bytes, "Source, in part", "Octets of the source that are not left out.";
}

fields! {
    /// What is there of the destination.
    DESTINATION, Sixlowpan, "RFC 6282, section 3.2.3";
    DESTINATION_PART "6lowpan.dst_inline" 0, 0, Bytes, "Destination, in part", "Octets of the destination that are not left out.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "6lowpan",
    short: "6LoWPAN",
    title: "IPv6 over IEEE 802.15.4",
    parts: &[
        part("dispatch", |b| (kind(b)? == Kind::Plain).then_some(0), PLAIN),
        part("mesh", |b| (kind(b)? == Kind::Mesh).then_some(0), MESH),
        part("broadcast", |b| (kind(b)? == Kind::Broadcast).then_some(0), BROADCAST),
        Part {
            label: "fragment",
            start: |b| matches!(kind(b)?, Kind::First | Kind::Later).then_some(0),
            len: |_| Some(4),
            fields: FRAGMENT,
        },
        part("place", |b| (kind(b)? == Kind::Later).then_some(4), LATER),
        Part {
            label: "compression",
            start: |b| compressed(b).map(|_| 0),
            len: |_| Some(2),
            fields: IPHC,
        },
        inline("contexts", |b| compressed(b)?.contexts, CONTEXTS, |_| Some(1)),
        inline("class and flow", |b| of_len(compressed(b)?.traffic, 4), CLASS_FLOW, |_| Some(4)),
        inline("class and flow", |b| of_len(compressed(b)?.traffic, 3), ECN_FLOW, |_| Some(3)),
        inline("class", |b| of_len(compressed(b)?.traffic, 1), CLASS, |_| Some(1)),
        inline("next header", |b| compressed(b)?.next, NEXT, |_| Some(1)),
        inline("hop limit", |b| compressed(b)?.hops, HOPS, |_| Some(1)),
        inline(
            "source",
            |b| some(compressed(b)?.source),
            SOURCE,
            |b| Some(compressed(b)?.source.1),
        ),
        inline("destination", |b| some(compressed(b)?.destination), DESTINATION, to_end),
    ],
    source: "RFC 4944",
    ..Header::of(Layer::Sixlowpan, Class::Tag, &[])
};

const fn part(
    label: &'static str,
    start: fn(&[u8]) -> Option<usize>,
    fields: &'static [Field],
) -> Part {
    Part { label, start, len: to_end, fields }
}

const fn inline(
    label: &'static str,
    start: fn(&[u8]) -> Option<usize>,
    fields: &'static [Field],
    len: fn(&[u8]) -> Option<usize>,
) -> Part {
    Part { label, start, len, fields }
}

/// What a dispatch octet begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    Mesh,
    Broadcast,
    First,
    Later,
    Compressed,
}

fn kind(header: &[u8]) -> Option<Kind> {
    Some(match *header.first()? {
        0x41 => Kind::Plain,
        0x50 => Kind::Broadcast,
        0x60..=0x7f => Kind::Compressed,
        0x80..=0xbf => Kind::Mesh,
        0xc0..=0xc7 => Kind::First,
        0xe0..=0xe7 => Kind::Later,
        _ => return None,
    })
}

/// Where the parts of a compressed IPv6 header begin that are there, and how long they are.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Compressed {
    contexts: Option<usize>,
    traffic: (usize, usize),
    next: Option<usize>,
    hops: Option<usize>,
    source: (usize, usize),
    destination: (usize, usize),
    end: usize,
}

fn of_len((at, len): (usize, usize), wanted: usize) -> Option<usize> {
    (len == wanted).then_some(at)
}

fn some((at, len): (usize, usize)) -> Option<usize> {
    (len > 0).then_some(at)
}

fn compressed(header: &[u8]) -> Option<Compressed> {
    if kind(header)? != Kind::Compressed {
        return None;
    }
    let &[first, second] = header.first_chunk()?;
    let mut found = Compressed { end: 2, ..Compressed::default() };
    let mut take = |octets: usize| {
        let at = found.end;
        found.end = at.saturating_add(octets);
        (at, octets)
    };
    let contexts = some(take(usize::from(second >> 7)));
    let traffic = take(match first >> 3 & 3 {
        0 => 4,
        1 => 3,
        2 => 1,
        _ => 0,
    });
    let next = some(take(usize::from(first & 4 == 0)));
    let hops = some(take(usize::from(first.trailing_zeros() >= 2)));
    let source = take(match (second & 0x40 != 0, second >> 4 & 3) {
        // By context, all of the address left out stands for none.
        (true, 0) | (_, 3) => 0,
        (false, 0) => 16,
        (_, 1) => 8,
        _ => 2,
    });
    let destination = take(match (second & 0x08 != 0, second & 0x04 != 0, second & 3) {
        (_, false, 0) => 16,
        (false, _, 1) => 8,
        (false, _, 2) => 2,
        (true, true, 0) | (true, false, 1) => 6,
        (true, false, 2) => 4,
        (true, false, _) => 1,
        _ => 0,
    });
    Some(Compressed { contexts, traffic, next, hops, source, destination, ..found })
}

/// Writes the last octets of an address, behind `head`.
fn filled(head: &[u8], tail: &[u8]) -> Option<[u8; 16]> {
    let mut address = [0; 16];
    address.get_mut(..head.len())?.copy_from_slice(head);
    let at = 16_usize.checked_sub(tail.len())?;
    address.get_mut(at..)?.copy_from_slice(tail);
    Some(address)
}

/// The source of a compressed IPv6 header; `own` is what the sender's hardware address gives.
/// None where it depends on a context, which frames do not tell.
pub(crate) fn source(header: &[u8], own: Option<[u8; 8]>) -> Option<[u8; 16]> {
    let (at, len) = compressed(header)?.source;
    let inline = header.get(at..)?.get(..len)?;
    match header.get(1)? >> 4 & 7 {
        4 => Some([0; 16]),
        0..=3 => unicast(inline, own),
        _ => None,
    }
}

/// The destination, likewise.
pub(crate) fn destination(header: &[u8], own: Option<[u8; 8]>) -> Option<[u8; 16]> {
    let (at, len) = compressed(header)?.destination;
    let inline = header.get(at..)?.get(..len)?;
    match (header.get(1)? & 0x0f, inline) {
        (0..=3, _) => unicast(inline, own),
        (8, _) => inline.try_into().ok(),
        (9 | 10, [scope, tail @ ..]) => filled(&[0xff, *scope], tail),
        (11, _) => filled(&[0xff, 0x02], inline),
        _ => None,
    }
}

/// An address without a context: all of it, or one of the link.
fn unicast(inline: &[u8], own: Option<[u8; 8]>) -> Option<[u8; 16]> {
    let link = [0xfe, 0x80];
    match *inline {
        [] => filled(&link, &own?),
        [high, low] => filled(&link, &[0, 0, 0, 0xff, 0xfe, 0, high, low]),
        _ if inline.len() == 8 => filled(&link, inline),
        _ => inline.try_into().ok(),
    }
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let again = Next::Layer(Layer::Sixlowpan);
    let Some(kind) = kind(reach.bytes) else { return Step::then(0, Next::Payload) };
    let (len, next) = match kind {
        Kind::Plain => (1, Next::Layer(Layer::Ipv6)),
        Kind::Broadcast => (2, again),
        Kind::First => (4, again),
        Kind::Later => (5, Next::Payload),
        Kind::Mesh => {
            let first = reach.u8(0)?;
            let octets = |is_short: u8| if is_short == 0 { 8_usize } else { 2 };
            let hops = usize::from(first & 0x0f == 0x0f);
            let addresses = octets(first & 0x20).saturating_add(octets(first & 0x10));
            (hops.saturating_add(addresses).saturating_add(1), again)
        }
        Kind::Compressed => {
            reach.needs(2)?;
            (compressed(reach.bytes).map_or(2, |found| found.end), Next::Payload)
        }
    };
    reach.needs(len)?;
    Step::then(len, next)
}
