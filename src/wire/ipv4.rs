//! IPv4 fixed header (RFC 791, section 3.1), bit by bit.

use etherparse::Ipv4HeaderSlice;

use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, Next, Reach, Step};
use super::ipv4_option;
use super::layer::Layer;
use super::number::{DSCP as DSCP_NAMES, ECN as ECN_NAMES, PROTOCOLS};

fields! {
    /// The first twenty octets.
    FIELDS, Ipv4, "RFC 791, section 3.1";
    VERSION "ip.version" 0, 4, Number, "Version", "4.";
    HDR_LEN "ip.hdr_len" 4, 4, Times(4), "Header length", "Octets of header, options included: 20 to 60.";
    DSFIELD "ip.dsfield" 8, 8, Group, "Differentiated services", "How routers are to treat the packet; once the type of service.", source "RFC 2474, section 3";
    DSCP "ip.dsfield.dscp" 8, 6, Number, "DSCP", "Code point that selects the forwarding behaviour.", names DSCP_NAMES, source "RFC 2474, section 3";
    ECN "ip.dsfield.ecn" 14, 2, Number, "ECN", "Whether routers may mark congestion, and whether one did.", names ECN_NAMES, source "RFC 3168, section 5";
    LEN "ip.len" 16, 16, Number, "Total length", "Octets of header and payload; 0 where the sender's card was to cut the packet up.";
    ID "ip.id" 32, 16, Hex, "Identification", "Tells which fragments belong together.", source "RFC 6864";
    FLAGS "ip.flags" 48, 3, Group, "Flags", "Control of fragmentation.";
    RB "ip.flags.rb" 48, 1, Flag, "Reserved", "Must be zero.";
    DF "ip.flags.df" 49, 1, Flag, "Don't fragment", "Routers must drop the packet rather than cut it.";
    MF "ip.flags.mf" 50, 1, Flag, "More fragments", "Another fragment follows this one.";
    FRAG_OFFSET "ip.frag_offset" 51, 13, Times(8), "Fragment offset", "Octet of the original payload at which this fragment begins.";
    TTL "ip.ttl" 64, 8, Number, "Time to live", "Hops left before the packet is dropped.";
    PROTO "ip.proto" 72, 8, Number, "Protocol", "What the payload is.", names PROTOCOLS;
    CHECKSUM "ip.checksum" 80, 16, Hex, "Header checksum", "Ones' complement sum over the header.";
    SRC "ip.src" 96, 32, Ipv4, "Source", "Address of the sender.";
    DST "ip.dst" 128, 32, Ipv4, "Destination", "Address of the receiver, or of the next hop of a source route.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "ip",
    short: "IPv4",
    title: "Internet Protocol version 4",
    options: Some(&ipv4_option::SET),
    inputs: Some(&Inputs::within(
        &[VERSION.place(0), HDR_LEN.place(0), MF.place(0), FRAG_OFFSET.place(0), PROTO.place(0)],
        LEN.total(0),
    )),
    source: "RFC 791",
    ..Header::of(Layer::Ipv4, Class::Ip, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let Ok(header) = Ipv4HeaderSlice::from_slice(reach.bytes) else {
        return Err(fault(reach));
    };
    let len = usize::from(header.ihl()).saturating_mul(4);
    let total = match usize::from(header.total_len()) {
        // Segmentation offload: the length is filled in when the card has cut the packet.
        0 => None,
        total if total < len => {
            return Err(Fault::Malformed { at: 2, needs: len, has: total });
        }
        total => Some(total),
    };
    let next = if header.fragments_offset().value() == 0 {
        Next::Protocol(header.protocol().0)
    } else {
        Next::Payload
    };
    Step::until(len, total, next)
}

/// What keeps etherparse's slice from being made.
#[cold]
fn fault(reach: Reach<'_>) -> Fault {
    let Some(&first) = reach.bytes.first() else {
        return Fault::Short(20);
    };
    let (version, len) = (usize::from(first >> 4), usize::from(first & 0xf).saturating_mul(4));
    if version != 4 {
        Fault::Malformed { at: 0, needs: 4, has: version }
    } else if len < 20 {
        Fault::Malformed { at: 0, needs: 20, has: len }
    } else {
        Fault::Short(len)
    }
}
