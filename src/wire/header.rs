//! What a header is to the walk and to the front ends: a row of plain data and one function.

use super::bits::{Bits, Total};
use super::field::Field;
use super::layer::Layer;
use super::option::OptionSet;

pub use super::option::MOST_ENTRIES;

/// What kind of header it is: the walk bounds how many of each it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Begins a frame of its own: Ethernet, PPP, SLL.
    Link,
    /// A tag or label between a frame's header and what it carries.
    Tag,
    /// IPv4 and IPv6.
    Ip,
    /// An IPv6 extension header, or one of them behind IPv4.
    Extension,
    /// Carries another packet.
    Tunnel,
    /// Has ports, or is the message an IP packet exists for.
    Transport,
    /// Carries no IP.
    Other,
}

/// A header's row in the catalogue: what every front end knows of it.
#[derive(Debug)]
pub struct Header {
    /// Which header.
    pub layer: Layer,
    /// Its protocol's name, Wireshark's: the key in JSON and the word in `frame.protocols`.
    pub name: &'static str,
    /// Its usual short name, as in a line: `TCP`, `ICMPv6`.
    pub short: &'static str,
    /// Its name in words.
    pub title: &'static str,
    /// What kind it is.
    pub class: Class,
    /// The rows of what every such header begins with.
    pub fields: &'static [Field],
    /// What some such headers go on with.
    pub parts: &'static [Part],
    /// The options at its end.
    pub options: Option<&'static OptionSet>,
    /// What its [`Step`] depends on, if that is known beforehand: packets that have only such
    /// headers are recognised instead of walked.
    pub inputs: Option<&'static Inputs>,
    /// The identifier of the network that such headers carry, the same in both directions: VNI,
    /// VSID, I-SID, GRE's key.
    pub network: Option<ReadNetwork>,
    /// What names what a frame carries that ends with such a header: the first that it has counts.
    pub payload: &'static [Payload],
    /// What it is among the extension headers of IPv6, if it is one.
    pub extension: Option<Extension>,
    /// Where it is specified.
    pub source: &'static str,
}

/// A field the names of whose values are those of what a header may carry.
#[derive(Debug)]
pub struct Payload {
    /// What its values are: EtherTypes, say.
    pub number: &'static str,
    /// The field.
    pub field: &'static Field,
}

/// What an extension header of IPv6 is to those around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extension {
    /// Octet of the header that tells the protocol of what follows; none where that is encrypted.
    pub next_at: Option<u8>,
    /// Place in the order of RFC 8200, section 4.1, from 0 for hop-by-hop options.  Of the two
    /// places that destination options have it is the second.
    pub place: u8,
}

impl Extension {
    /// Behind all others stand those that may be what a packet is for: messages of their own.
    pub const UPPER_LAYER: Self = Self::at(7);

    /// At that place, beginning with the protocol of what follows.
    pub(crate) const fn at(place: u8) -> Self {
        Self { next_at: Some(0), place }
    }

    /// Whether it may be what a packet is for.
    pub const fn is_upper_layer(self) -> bool {
        self.place == Self::UPPER_LAYER.place
    }
}

/// The four octets at `at` as a number.
pub(crate) fn number_at(header: &[u8], at: usize) -> Option<u32> {
    header.get(at..)?.first_chunk().map(|octets| u32::from_be_bytes(*octets))
}

/// Reads the number of the network that such a header carries from its octets.
pub type ReadNetwork = fn(&[u8]) -> Option<u32>;

/// What the [`Step`] of a header depends on, beside how many octets there are.
#[derive(Debug)]
pub struct Inputs {
    /// Bits that must be the same for its length and what follows to be the same.  What lies behind
    /// a shorter header does not count.
    pub bits: &'static [Bits],
    /// Where it says how far what it carries reaches.
    pub total: Option<Total>,
    /// Where it says how long it is, if nothing else depends on that.
    pub own: Option<Total>,
    /// Whether it looks at the first octet behind it, to tell IPv4 from IPv6.
    pub looks_behind: bool,
}

impl Inputs {
    /// Of headers that say nothing of where they or what they carry end.
    pub const fn of(bits: &'static [Bits]) -> Self {
        Self { bits, total: None, own: None, looks_behind: false }
    }

    /// Of headers whose `total` says how far what they carry reaches.
    pub const fn within(bits: &'static [Bits], total: Total) -> Self {
        Self { bits, total: Some(total), own: None, looks_behind: false }
    }
}

/// Rows that only some headers have: an optional word, or the body of one type of message.
#[derive(Debug)]
pub struct Part {
    /// What it is, in words.
    pub label: &'static str,
    /// Octet of the header at which the part begins, when this header has it.
    pub start: fn(&[u8]) -> Option<usize>,
    /// Octets of the part, when it does not reach to the end of the header.
    pub len: fn(&[u8]) -> Option<usize>,
    /// The rows, from the start of the part.
    pub fields: &'static [Field],
}

impl Part {
    /// The part's octets, when the header has it and reaches that far.
    pub fn of<'a>(&self, header: &'a [u8]) -> Option<(usize, &'a [u8])> {
        let start = (self.start)(header)?;
        let rest = header.get(start..)?;
        let octets = match (self.len)(header) {
            Some(len) => rest.get(..len).unwrap_or(rest),
            None => rest,
        };
        (!octets.is_empty()).then_some((start, octets))
    }
}

/// For parts that reach to the end of their header.
pub(crate) fn to_end(_header: &[u8]) -> Option<usize> {
    None
}

impl Header {
    /// A header of which nothing is to be told but its rows.  Who takes it adds names and source,
    /// which the build demands, and what else there is.
    pub(crate) const fn of(layer: Layer, class: Class, fields: &'static [Field]) -> Self {
        Self {
            layer,
            name: "",
            short: "",
            title: "",
            class,
            fields,
            parts: &[],
            options: None,
            inputs: None,
            network: None,
            payload: &[],
            extension: None,
            source: "",
        }
    }

    /// Whether it has names and a source, and is of the class that it has the properties of.
    pub(crate) const fn is_complete(&self) -> bool {
        let has_names = !(self.name.is_empty() || self.short.is_empty() || self.title.is_empty());
        let is_of_class = self.extension.is_none() || self.class as u8 == Class::Extension as u8;
        has_names && !self.source.is_empty() && is_of_class
    }

    /// Octets of the part that every such header has.
    pub fn fixed_octets(&self) -> usize {
        let bits = self.fields.last().map_or(0, |last| last.at.saturating_add(last.width));
        usize::try_from(bits / 8).unwrap_or(0)
    }

    /// Every row of the header, its parts and its options.
    pub fn rows(&self) -> impl Iterator<Item = &'static Field> {
        let (fields, parts, options) = (self.fields, self.parts, self.options);
        fields
            .iter()
            .chain(parts.iter().flat_map(|part| part.fields))
            .chain(options.into_iter().flat_map(OptionSet::every_field))
    }
}

/// The octets a header may lie in.
#[derive(Debug, Clone, Copy)]
pub struct Reach<'a> {
    /// From the header's first octet to the end of what was captured and the headers before allow.
    pub bytes: &'a [u8],
    /// As many octets as were on the wire there: at least `bytes.len()`, more when a snaplen cut.
    pub wire: usize,
}

/// What a header says of itself and of what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Octets of this header.
    pub len: usize,
    /// Octets from the header's first to the end of what it carries, where it says so.
    pub total: Option<usize>,
    /// What comes next.
    pub next: Next,
    /// Entries of the header's own list that were looked at for this: at most [`MOST_ENTRIES`].
    pub entries: usize,
    /// Octet from the header's first at which another such header begins, beside this one and not
    /// within what it carries.
    pub another: Option<usize>,
    /// What stands behind what it carries, at the end of `total`.
    pub behind: Option<Layer>,
}

/// What follows a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nothing that has a row in the catalogue.
    Payload,
    /// That header.
    Layer(Layer),
    /// What the EtherType says.
    EtherType(u16),
    /// What the IP protocol or next header number says.
    Protocol(u8),
    /// What the PPP protocol number says.
    Ppp(u16),
    /// IPv4 or IPv6, as the first nibble says.
    Version,
    /// The packet that an error message is about: IPv4 or IPv6, as the first nibble says.
    Quote,
    /// What the link type says of what is behind its own header.
    OfLink,
    /// IPv4, IPv6 or LLC, as the first octets say; nothing when they are none of these.
    Guess,
    /// A frame of that link type.
    Link(u16),
    /// What these UDP ports are known for.
    Ports {
        /// Source port.
        source: u16,
        /// Destination port.
        destination: u16,
    },
}

/// Why a header could not be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It needs so many octets from its first on.
    Short(usize),
    /// It contradicts itself; what was needed and what was found at an octet of it.
    Malformed {
        /// Octet of the header at which the contradiction stands.
        at: usize,
        /// The least that would have done.
        needs: usize,
        /// What it says.
        has: usize,
    },
}

impl Step {
    /// A header of `len` octets, the rest of the reach behind it.
    pub(crate) fn then(len: usize, next: Next) -> Result<Self, Fault> {
        Self::until(len, None, next)
    }

    /// A header of `len` octets that says where what it carries ends, if `total` is some.
    #[expect(clippy::unnecessary_wraps, reason = "every step ends in it or in a fault")]
    pub(crate) fn until(len: usize, total: Option<usize>, next: Next) -> Result<Self, Fault> {
        Ok(Self { len, total, next, entries: 0, another: None, behind: None })
    }

    /// This step of a header that goes on behind what it carries.
    pub(crate) fn with_behind(self, behind: Option<Layer>) -> Self {
        Self { behind, ..self }
    }

    /// This step, for which so many entries of a list were looked at.
    pub(crate) fn of_entries(self, entries: usize) -> Self {
        Self { entries, ..self }
    }

    /// This step, with another such header at that octet.
    pub(crate) fn with_another(self, another: Option<usize>) -> Self {
        Self { another, ..self }
    }
}

/// IPv4 or IPv6 when the nibble at octet `at` says so, else `other`: for headers that do not say
/// what they carry.
pub(crate) fn ip_or(reach: Reach<'_>, at: usize, other: Next) -> Next {
    match reach.bytes.get(at).map(|octet| octet >> 4) {
        Some(4) => Next::Layer(Layer::Ipv4),
        Some(6) => Next::Layer(Layer::Ipv6),
        _ => other,
    }
}

impl Reach<'_> {
    /// The big-endian number in two octets, or how many octets would be needed.
    pub(crate) fn u16(&self, at: usize) -> Result<u16, Fault> {
        let end = at.saturating_add(2);
        match self.bytes.get(at..end) {
            Some(&[high, low]) => Ok(u16::from_be_bytes([high, low])),
            _ => Err(Fault::Short(end)),
        }
    }

    /// One octet, or how many octets would be needed.
    pub(crate) fn u8(&self, at: usize) -> Result<u8, Fault> {
        self.bytes.get(at).copied().ok_or(Fault::Short(at.saturating_add(1)))
    }

    /// Fails with the number of octets needed, if there are fewer than that.
    pub(crate) fn needs(&self, octets: usize) -> Result<(), Fault> {
        if self.bytes.len() < octets { Err(Fault::Short(octets)) } else { Ok(()) }
    }
}
