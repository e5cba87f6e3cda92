//! Generic routing encapsulation (RFC 2784, RFC 2890) and PPTP's version 1 (RFC 2637).

use super::field::fields;
use super::header::{
    Class, Fault, Header, Inputs, MOST_ENTRIES, Next, Part, Reach, Step, number_at,
};
use super::layer::Layer;
use super::number::ETHERTYPES;

fields! {
    /// The first word.
    FIELDS, Gre, "RFC 2784, section 2";
    FLAGS "gre.flags" 0, 16, Group, "Flags and version", "Which optional words follow.";
    CHECKSUM_BIT "gre.flags.checksum" 0, 1, Flag, "Checksum present", "A checksum follows.";
    ROUTING_BIT "gre.flags.routing" 1, 1, Flag, "Routing present", "Source routes follow.", source "RFC 1701";
    KEY_BIT "gre.flags.key" 2, 1, Flag, "Key present", "A key follows.", source "RFC 2890";
    SEQUENCE_BIT "gre.flags.sequence_number" 3, 1, Flag, "Sequence present", "A sequence number follows.", source "RFC 2890";
    STRICT "gre.flags.strict_source_route" 4, 1, Flag, "Strict source route", "All routers of the path are named.", source "RFC 1701";
    RECURSION "gre.flags.recursion_control" 5, 3, Number, "Recursion", "Further encapsulations allowed.", source "RFC 1701";
    ACK_BIT "gre.flags.ack" 8, 1, Flag, "Acknowledgement present", "Version 1: an acknowledgement number follows.", source "RFC 2637, section 4.1";
    RESERVED "gre.flags.reserved" 9, 4, Hex, "Reserved", "Zero.";
    VERSION "gre.flags.version" 13, 3, Number, "Version", "0 GRE, 1 PPTP.";
    PROTO "gre.proto" 16, 16, Hex, "Protocol", "EtherType of what is carried.", names ETHERTYPES;
}

fields! {
    /// Checksum word.
    SUM, Gre, "RFC 2784, section 2.3";
    CHECKSUM "gre.checksum" 0, 16, Hex, "Checksum", "Over the header and what is carried.";
    OFFSET "gre.offset" 16, 16, Number, "Offset", "Octet of the routing at which the active route begins.", source "RFC 1701";
}

fields! {
    /// Key word.
    KEYED, Gre, "RFC 2890, section 2.1";
    KEY "gre.key" 0, 32, Hex, "Key", "Tells flows in one tunnel apart.";
}

fields! {
    /// Version 1's key word.
    CALL, Gre, "RFC 2637, section 4.1";
    PAYLOAD_LENGTH "gre.key.payload_length" 0, 16, Number, "Payload length", "Octets behind this header.";
    CALL_ID "gre.key.call_id" 16, 16, Number, "Call ID", "The receiver's number of the session.";
}

fields! {
    /// Sequence word.
    SEQUENCED, Gre, "RFC 2890, section 2.2";
    SEQUENCE "gre.sequence_number" 0, 32, Number, "Sequence", "Order of packets in the tunnel.";
}

fields! {
    /// Acknowledgement word.
    ACKED, Gre, "RFC 2637, section 4.1";
    ACK "gre.ack_number" 0, 32, Number, "Acknowledgement", "Highest sequence number received.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "gre",
    short: "GRE",
    title: "Generic routing encapsulation",
    parts: &[
        Part { label: "checksum", start: |b| word(b, SUM_WORD), len: |_| Some(4), fields: SUM },
        Part {
            label: "key",
            start: |b| word(b, KEY_WORD).filter(|_| version(b) != 1),
            len: |_| Some(4),
            fields: KEYED,
        },
        Part {
            label: "call",
            start: |b| word(b, KEY_WORD).filter(|_| version(b) == 1),
            len: |_| Some(4),
            fields: CALL,
        },
        Part {
            label: "sequence",
            start: |b| word(b, SEQUENCE_WORD),
            len: |_| Some(4),
            fields: SEQUENCED,
        },
        Part {
            label: "acknowledgement",
            start: |b| word(b, ACK_WORD),
            len: |_| Some(4),
            fields: ACKED,
        },
    ],
    inputs: Some(&Inputs::of(&[FLAGS.place(0), PROTO.place(0)])),
    network: Some(network),
    source: "RFC 2784",
    ..Header::of(Layer::Gre, Class::Tunnel, FIELDS)
};

// Bits of the first word, in the order in which their words stand in the header.
const SUM_WORD: u16 = 0xc000; // checksum or routing: both bring this word
const KEY_WORD: u16 = 0x2000;
const SEQUENCE_WORD: u16 = 0x1000;
const ACK_WORD: u16 = 0x0080;

/// `MikroTik`'s Ethernet over IP: a key, which is its own header, and PPTP's version.
const EOIP_FLAGS: u16 = 0x2001;

/// Octet at which the optional word of `wanted` begins, when the header has it.
fn word(header: &[u8], wanted: u16) -> Option<usize> {
    let flags = u16::from_be_bytes(*header.first_chunk()?);
    let mut at = 4usize;
    for present in [SUM_WORD, KEY_WORD, SEQUENCE_WORD, ACK_WORD] {
        let here = flags & present != 0 && (present != ACK_WORD || version(header) == 1);
        if present == wanted {
            return here.then_some(at);
        }
        at = at.saturating_add(if here { 4 } else { 0 });
    }
    None
}

/// The key of a tunnel, or NVGRE's virtual subnet (RFC 7637, section 3.2): the low octet of its key
/// is a hash of the flow.  Subnets below 0x1000 are reserved, and plain keys as a rule small
/// numbers.
fn network(header: &[u8]) -> Option<u32> {
    let at = word(header, KEY_WORD).filter(|_| version(header) != 1)?;
    let key = number_at(header, at)?;
    let is_nvgre = header.first_chunk() == Some(&[0x20, 0, 0x65, 0x58]) && key >> 8 >= 0x1000;
    Some(if is_nvgre { key >> 8 } else { key })
}

fn version(header: &[u8]) -> u8 {
    header.get(1).map_or(0, |octet| octet & 7)
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let (flags, proto) = (reach.u16(0)?, reach.u16(2)?);
    if (flags, proto) == (EOIP_FLAGS, 0x6400) {
        return Step::then(4, Next::Layer(Layer::Eoip));
    }
    let words = [SUM_WORD, KEY_WORD, SEQUENCE_WORD].iter().filter(|&&bit| flags & bit != 0).count();
    let acks = usize::from(version(reach.bytes) == 1 && flags & ACK_WORD != 0);
    let mut len = words.saturating_add(acks).saturating_mul(4).saturating_add(4);
    let mut entries = 0;
    if flags & 0x4000 != 0 {
        (len, entries) = routes(reach, len)?;
    }
    reach.needs(len)?;
    // A PPTP packet may carry only an acknowledgement.
    let empty = version(reach.bytes) == 1 && flags & SEQUENCE_WORD == 0;
    let next = match proto {
        _ if empty || version(reach.bytes) > 1 => Next::Payload,
        // ERSPAN type I has neither a sequence number nor a header of its own.
        0x88be if flags & SEQUENCE_WORD == 0 => Next::Layer(Layer::Ethernet),
        0x88be | 0x22eb => Next::Layer(Layer::Erspan),
        // Aruba's access points; the third digit is the quality of service.
        0x8200..=0x8370 if proto.trailing_zeros() >= 4 => Next::Link(105),
        _ => Next::EtherType(proto),
    };
    Ok(Step::then(len, next)?.of_entries(entries))
}

/// End of the source route entries that begin at octet `at`, and how many they are (RFC 1701): each
/// has its length in its fourth octet, and one of length 0 ends them.
fn routes(reach: Reach<'_>, mut at: usize) -> Result<(usize, usize), Fault> {
    for entries in 1..=MOST_ENTRIES {
        let octets = usize::from(reach.u8(at.saturating_add(3))?);
        at = at.saturating_add(4).saturating_add(octets);
        if octets == 0 {
            return Ok((at, entries));
        }
    }
    Err(Fault::Malformed { at, needs: 0, has: MOST_ENTRIES })
}
