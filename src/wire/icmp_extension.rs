//! The extension structure of ICMP and ICMPv6 messages (RFC 4884, section 7) and its objects: MPLS
//! label stacks (RFC 4950), interface information (RFC 5837), interface identification (RFC 8335).

use super::field::{Field, fields};
use super::header::{Class, Fault, Header, MOST_ENTRIES, Next, Reach, Step};
use super::layer::Layer;
use super::option::{Extent, Layout, Opt, OptionPart, OptionRow, OptionSet};
use super::words::fold;

fields! {
    /// Before the objects.
    FIELDS, IcmpExtension, "RFC 4884, section 7";
    VERSION "icmp.ext.version" 0, 4, Number, "Version", "2.";
    RESERVED "icmp.ext.res" 4, 12, Hex, "Reserved", "Zero.";
    CHECKSUM "icmp.ext.checksum" 16, 16, Hex, "Checksum", "Over the extension structure; 0 where there is none.";
}

fields! {
    /// What each object begins with.
    OBJECT, IcmpExtension, "RFC 4884, section 7.1";
    LENGTH "icmp.ext.length" 0, 16, Number, "Length", "Octets of the object, these four included.";
    CLASS "icmp.ext.class" 16, 8, Number, "Class", "What the object is about.", names CLASSES;
    C_TYPE "icmp.ext.ctype" 24, 8, Number, "C-Type", "Which make of the class; of interface information what it holds, as bits.";
}

/// Classes (IANA icmp-parameters, ICMP extension object classes).
const CLASSES: &[(u16, &str, &str)] = &[
    (1, "MPLS label stack", "labels that the packet arrived with"),
    (2, "interface information", "the interface that is spoken of"),
    (3, "interface identification", "the interface that is asked for"),
    (4, "extended information", "RFC 9728"),
];

fields! {
    /// MPLS label stack, outermost first.
    LABELS, IcmpExtension, "RFC 4950, section 4";
    LABEL "icmp.mpls.label" 0, 20, Number, "Label", "Which label." @repeats_in_words;
    EXP "icmp.mpls.exp" 20, 3, Number, "Experimental", "Traffic class." @repeats_in_words;
    S "icmp.mpls.s" 23, 1, Flag, "Stack bit", "The innermost label." @repeats_in_words;
    TTL "icmp.mpls.ttl" 24, 8, Number, "Time to live", "Hops left as the packet arrived." @repeats_in_words;
}

fields! {
    /// What the C-Type of interface information says.
    HOLDS, IcmpExtension, "RFC 5837, section 4.1";
    ROLE "icmp.int_info.role" 0, 2, Number, "Interface role", "What the interface has to do with the packet.", names ROLES;
    ROLE_RESERVED "icmp.int_info.reserved" 2, 2, Number, "Reserved", "Zero.";
    HAS_INDEX "icmp.int_info.ifindex" 4, 1, Flag, "Has index", "The interface's index follows.";
    HAS_ADDRESS "icmp.int_info.ipaddr" 5, 1, Flag, "Has address", "An address of it follows.";
    HAS_NAME "icmp.int_info.name_present" 6, 1, Flag, "Has name", "Its name follows.";
    HAS_MTU "icmp.int_info.mtu_present" 7, 1, Flag, "Has MTU", "Its MTU follows.";
}

/// RFC 5837, section 4.1.
const ROLES: &[(u16, &str, &str)] = &[
    (0, "arrived", "the interface that the packet came in by"),
    (1, "sub-IP component", "the one of it that the packet came in by"),
    (2, "would have left", "the interface it would have been sent out by"),
    (3, "next hop", "the next hop's address"),
];

fields! {
    /// Index.
    INDEX, IcmpExtension, "RFC 5837, section 4.1";
    IF_INDEX "icmp.int_info.index" 0, 32, Number, "Interface index", "MIB-II's ifIndex.";
}

fields! {
    /// IPv4 address.
    ADDRESS4, IcmpExtension, "RFC 5837, section 4.2";
    AFI4 "icmp.int_info.afi" 0, 16, Number, "Address family", "Which kind of address.", names FAMILIES;
    AFI4_RESERVED "icmp.int_info.afi_reserved" 16, 16, Hex, "Reserved", "Zero.";
    IPV4 "icmp.int_info.ipv4" 32, 32, Ipv4, "Address", "An address of the interface.";
}

fields! {
    /// IPv6 address.
    ADDRESS6, IcmpExtension, "RFC 5837, section 4.2";
    AFI6 "icmp.int_info.afi" 0, 16, Number, "Address family", "Which kind of address.", names FAMILIES;
    AFI6_RESERVED "icmp.int_info.afi_reserved" 16, 16, Hex, "Reserved", "Zero.";
    IPV6 "icmp.int_info.ipv6" 32, 128, Ipv6, "Address", "An address of the interface.";
}

/// Address families (IANA address-family-numbers).
const FAMILIES: &[(u16, &str, &str)] = &[
    (1, "IPv4", "four octets"),
    (2, "IPv6", "sixteen octets"),
    (6, "802", "a hardware address of six octets"),
    (16389, "48-bit MAC", "six octets"),
    (16390, "64-bit MAC", "eight octets"),
];

fields! {
    /// Name.
    NAME, IcmpExtension, "RFC 5837, section 4.3";
    NAME_LENGTH "icmp.int_info.name_length" 0, 8, Number, "Name length", "Octets of the name with this one and its padding.";
    IF_NAME "icmp.int_info.name" 8, 0, Text, "Name", "MIB-II's ifName, filled up with zeros.";
}

fields! {
    /// MTU.
    MTU, IcmpExtension, "RFC 5837, section 4.1";
    IF_MTU "icmp.int_info.mtu" 0, 32, Number, "MTU", "Of the interface, in octets.";
}

fields! {
    /// Interface by name.
    BY_NAME, IcmpExtension, "RFC 8335, section 2.1";
    ID_NAME "icmp.int_ident.name" 0, 0, Text, "Name", "Of the interface that is asked for, filled up with zeros.";
}

fields! {
    /// Interface by index.
    BY_INDEX, IcmpExtension, "RFC 8335, section 2.1";
    ID_INDEX "icmp.int_ident.index" 0, 32, Number, "Interface index", "Of the interface that is asked for.";
}

fields! {
    /// Interface by address: what stands before that.
    BY_ADDRESS, IcmpExtension, "RFC 8335, section 2.1";
    ID_AFI "icmp.int_ident.afi" 0, 16, Number, "Address family", "Which kind of address.", names FAMILIES;
    ID_LENGTH "icmp.int_ident.addr_len" 16, 8, Number, "Address length", "Octets of address.";
    ID_RESERVED "icmp.int_ident.reserved" 24, 8, Hex, "Reserved", "Zero.";
}

fields! {
    /// IPv4 address of the interface that is asked for.
    ID_ADDRESS4, IcmpExtension, "RFC 8335, section 2.1";
    ID_IPV4 "icmp.int_ident.ipv4" 0, 32, Ipv4, "Address", "Of the interface that is asked for.";
}

fields! {
    /// IPv6 address of the interface that is asked for.
    ID_ADDRESS6, IcmpExtension, "RFC 8335, section 2.1";
    ID_IPV6 "icmp.int_ident.ipv6" 0, 128, Ipv6, "Address", "Of the interface that is asked for.";
}

fields! {
    /// Address of another kind.
    ID_ADDRESS, IcmpExtension, "RFC 8335, section 2.1";
    ID_OTHER "icmp.int_ident.address" 0, 0, Bytes, "Hardware address", "Of the interface that is asked for, padded.";
}

fields! {
    /// Objects without a table.
    OTHER, IcmpExtension, "RFC 4884, section 7.1";
    DATA "icmp.ext.data" 0, 0, Bytes, "Data", "What the class says.";
}

/// Octets of an object before its data, the last of them its C-Type.
const HEAD: usize = 4;

/// Bits of interface information's C-Type, in the order of what they say is there.
const INDEX_BIT: u8 = 8;
const ADDRESS_BIT: u8 = 4;
const NAME_BIT: u8 = 2;
const MTU_BIT: u8 = 1;

fn c_type(object: &Opt<'_>) -> Option<u8> {
    object.bytes.get(3).copied()
}

fn family(object: &Opt<'_>, at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*object.bytes.get(at..)?.first_chunk()?))
}

/// Octet of interface information at which what `wanted` announces begins.
fn place(object: &Opt<'_>, wanted: u8) -> Option<usize> {
    let holds = c_type(object)?;
    let mut at = HEAD;
    for bit in [INDEX_BIT, ADDRESS_BIT, NAME_BIT, MTU_BIT] {
        if bit == wanted {
            break;
        }
        if holds & bit != 0 {
            at = at.checked_add(octets(object, bit, at)?)?;
        }
    }
    (holds & wanted != 0).then_some(at)
}

/// Octets of what a bit announces, which begins at octet `at`.
fn octets(object: &Opt<'_>, bit: u8, at: usize) -> Option<usize> {
    Some(match bit {
        ADDRESS_BIT => match family(object, at)? {
            1 => 8,
            2 => 20,
            _ => return None,
        },
        NAME_BIT => usize::from(*object.bytes.get(at)?).max(1),
        _ => 4,
    })
}

/// Where the address of interface information begins, if it is of that family.
fn address(object: &Opt<'_>, wanted: u16) -> Option<usize> {
    let at = place(object, ADDRESS_BIT)?;
    (family(object, at)? == wanted).then_some(at)
}

/// Where the data of interface identification begin, if they are of that make.
fn by(object: &Opt<'_>, make: u8) -> Option<usize> {
    (c_type(object)? == make).then_some(HEAD)
}

/// Where the address of interface identification begins, if `is` says so of its family.
fn by_address(object: &Opt<'_>, is: fn(u16) -> bool) -> Option<usize> {
    let at = by(object, 3)?;
    is(family(object, at)?).then(|| at.saturating_add(4))
}

/// Octets of the address of interface identification.
fn address_len(object: &Opt<'_>) -> Option<usize> {
    object.bytes.get(6).map(|&len| usize::from(len))
}

const INFORMATION: OptionRow = OptionRow {
    parts: &[
        OptionPart { start: |_| Some(3), len: |_| Some(1), fields: HOLDS },
        OptionPart { start: |o| place(o, INDEX_BIT), len: |_| Some(4), fields: INDEX },
        OptionPart { start: |o| address(o, 1), len: |_| Some(8), fields: ADDRESS4 },
        OptionPart { start: |o| address(o, 2), len: |_| Some(20), fields: ADDRESS6 },
        OptionPart {
            start: |o| place(o, NAME_BIT),
            len: |o| octets(o, NAME_BIT, place(o, NAME_BIT)?),
            fields: NAME,
        },
        OptionPart { start: |o| place(o, MTU_BIT), len: |_| Some(4), fields: MTU },
    ],
    ..OptionRow::new(2, "Interface information", &[], "RFC 5837")
};

const IDENTIFICATION: OptionRow = OptionRow {
    parts: &[
        OptionPart::to_end(|o| by(o, 1), BY_NAME),
        OptionPart { start: |o| by(o, 2), len: |_| Some(4), fields: BY_INDEX },
        OptionPart { start: |o| by(o, 3), len: |_| Some(4), fields: BY_ADDRESS },
        OptionPart {
            start: |o| by_address(o, |family| family == 1),
            len: address_len,
            fields: ID_ADDRESS4,
        },
        OptionPart {
            start: |o| by_address(o, |family| family == 2),
            len: address_len,
            fields: ID_ADDRESS6,
        },
        OptionPart {
            start: |o| by_address(o, |family| !matches!(family, 1 | 2)),
            len: address_len,
            fields: ID_ADDRESS,
        },
    ],
    ..OptionRow::new(3, "Interface identification", &[], "RFC 8335")
};

const ROWS: &[OptionRow] =
    &[OptionRow::new(1, "MPLS label stack", LABELS, "RFC 4950"), INFORMATION, IDENTIFICATION];

const fn other(label: &'static str, fields: &'static [Field]) -> OptionRow {
    OptionRow::new(0, label, fields, "RFC 4884")
}

/// The objects.
static OBJECTS: OptionSet = OptionSet {
    key: "objects",
    fields: OBJECT,
    prefix: "icmp.ext.",
    layout: Layout { code_at: 2, extent: Extent::Pair(0), head: HEAD, ..Layout::ENTRIES },
    start: |structure| (structure.len() > 4).then_some(4),
    rows: ROWS,
    unknown: &other("Object", OTHER),
};

/// The row.
pub const HEADER: Header = Header {
    name: "icmp.ext",
    short: "ICMP extension",
    title: "ICMP extension structure",
    options: Some(&OBJECTS),
    source: "RFC 4884",
    ..Header::of(Layer::IcmpExtension, Class::Other, FIELDS)
};

/// Whether the checksum of a structure, of which all octets are there, is right.
pub fn is_sum_good(structure: &[u8]) -> bool {
    let (pairs, rest) = structure.as_chunks::<2>();
    let last = rest.first().map_or(0, |&octet| u64::from(octet) << 8);
    let sum =
        pairs.iter().fold(last, |sum, pair| sum.wrapping_add(u64::from(u16::from_be_bytes(*pair))));
    fold(sum) == 0xffff
}

/// Octets of the quoted packet in messages that do not say how many: senders from before RFC 4884
/// (section 5.5).
const QUOTED: usize = 128;

/// Octets from the first of an ICMP or ICMPv6 error to its extension structure, when its length
/// says nothing: where one of version 2 stands behind 128 octets of quoted packet, and either its
/// checksum is right or the packet was not longer than that.
#[cold]
pub(crate) fn unannounced(reach: Reach<'_>) -> Option<usize> {
    let at = QUOTED.checked_add(8)?;
    let structure = reach.bytes.get(at..)?;
    let &[0x20, 0x00, high, low] = structure.first_chunk()? else { return None };
    let is_whole = reach.wire == reach.bytes.len();
    let is_right = is_whole && (high, low) != (0, 0) && is_sum_good(structure);
    (is_right || quoted(reach)? <= QUOTED).then_some(at)
}

/// Octets of the packet that an error quotes, as that says.
fn quoted(reach: Reach<'_>) -> Option<usize> {
    let quote = reach.bytes.get(8..)?;
    let word = |at: usize| Some(usize::from(u16::from_be_bytes(*quote.get(at..)?.first_chunk()?)));
    match quote.first()? >> 4 {
        4 => word(2),
        6 => word(4)?.checked_add(40),
        _ => None,
    }
}

/// The step of an error that quotes a packet: the structure stands behind as many octets of that
/// as its length says, or where senders put it that do not say.
pub(crate) fn behind_quote(reach: Reach<'_>, quoted: usize, may_have: bool) -> Result<Step, Fault> {
    let total = if quoted > 0 {
        Some(quoted.saturating_add(8))
    } else if may_have && reach.bytes.len() > QUOTED {
        unannounced(reach)
    } else {
        None
    };
    let behind = total.filter(|_| may_have).map(|_| Layer::IcmpExtension);
    Ok(Step::until(8, total, Next::Quote)?.with_behind(behind))
}

/// Octets of the structure at the start of `octets`, and how many objects were looked at to tell.
///
/// It does not say how long it is, and in an extended echo request data may follow (RFC 8335,
/// section 2): it ends behind the first object up to which its checksum is right, else where the
/// octets do.
fn extent(octets: &[u8]) -> (usize, usize) {
    let has_sum = octets.get(2..4).is_some_and(|sum| sum != [0, 0]);
    let objects = OBJECTS.of(octets).take_while(|object| has_sum && !object.broken);
    for (at, object) in objects.enumerate() {
        let end = object.at.saturating_add(object.bytes.len());
        if octets.get(..end).is_some_and(is_sum_good) {
            return (end, at.saturating_add(1));
        }
    }
    (octets.len(), MOST_ENTRIES)
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    if reach.bytes.is_empty() {
        return Step::then(0, Next::Payload);
    }
    reach.needs(4)?;
    let (len, objects) = extent(reach.bytes);
    Ok(Step::then(len.min(u16::MAX.into()), Next::Payload)?.of_entries(objects))
}
