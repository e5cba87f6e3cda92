//! Fragments of datagrams: which there are in a packet, and which belong together.
//!
//! A datagram is known by source, destination, identification and, over IPv4, protocol, and by what
//! encloses its header: two tunnels may carry the same addresses.  An outer header may be that of a
//! fragment, a tunnel's inner one, or both.

pub mod groups;

use std::hash::{BuildHasher, Hash, Hasher};

use foldhash::SharedSeed;
use foldhash::quality::SeedableRandomState;

use crate::base::timestamp::Timestamp;
use crate::decode::layers::is_ip;
use crate::decode::tuple::{Pair, pair};
use crate::decode::{Packet, Span};
use crate::wire::Layer;

/// What identifies a datagram in fragments.  Thousands are kept, so addresses are octets: as
/// numbers of 128 bits they would take half as much again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FragmentKey {
    /// Source and destination; those of IPv4 are the last four octets.
    addresses: [[u8; 16]; 2],
    /// A seeded hash of what encloses its header; 0 for nothing that has a number or addresses.
    chain: u64,
    id: u32,
    /// That of IPv4; of IPv6 only the first fragment's counts (RFC 8200, section 4.5).
    proto: u8,
    is_v6: bool,
}

impl FragmentKey {
    fn new(pair: Pair, proto: u8, id: u32, chain: u64) -> Self {
        let (addresses, is_v6) = match pair {
            Pair::V4(source, destination) => ([source.into(), destination.into()], false),
            Pair::V6(source, destination) => ([source, destination], true),
        };
        let proto = if is_v6 { 0 } else { proto };
        Self { addresses: addresses.map(u128::to_be_bytes), chain, id, proto, is_v6 }
    }

    fn pair(&self) -> Pair {
        let [source, destination] = self.addresses.map(u128::from_be_bytes);
        if self.is_v6 {
            return Pair::V6(source, destination);
        }
        let low = |number| u32::try_from(number).unwrap_or(u32::MAX);
        Pair::V4(low(source), low(destination))
    }

    /// What encloses its header, as [`Fragment::each_behind`] takes it.
    pub(super) fn chain(&self) -> u64 {
        self.chain
    }
}

/// One fragment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fragment {
    /// Number of its packet.
    pub packet: u64,
    /// Time, if it has one.
    pub time: Option<Timestamp>,
    key: FragmentKey,
    proto: u8,
    /// First octet within the datagram's payload.
    pub offset: u32,
    /// Octets.
    pub len: u32,
    /// Whether others follow it.
    pub more: bool,
    /// A seeded hash of its octets; 0 where not all of them were captured.
    pub(super) fingerprint: u32,
    /// Where in the frame its flags and offset stand: two octets.
    pub at: u32,
    /// Where in the frame its octets begin.
    pub(super) carried: u32,
    /// IP headers of its own down to the one that is in fragments.
    pub depth: u8,
    /// Index of that among the packet's spans.
    pub(super) ip: u8,
    /// Whether an IP header around that is in fragments too: its octets may be in several of those.
    pub is_within: bool,
    /// Whether that is the packet's innermost, by which its flow is known.
    pub(super) is_inner: bool,
}

/// What a header says of the fragment that it begins.
#[derive(Debug, Clone, Copy)]
struct Part {
    proto: u8,
    id: u32,
    offset: u32,
    len: usize,
    more: bool,
    /// Where in the frame flags and offset stand, and where its octets begin.
    at: usize,
    carried: usize,
}

impl Part {
    /// That of the IP header with index `ip` among a packet's own spans.
    #[inline]
    fn of(packet: &Packet<'_>, own: &[Span], ip: usize) -> Option<Self> {
        let span = *own.get(ip)?;
        if span.layer != Layer::Ipv4 {
            return Self::of_v6(packet, own, ip);
        }
        let header = packet.header(span);
        let &[_, _, high, low, c, d, a, b, _, proto, ..] = header.first_chunk::<20>()?;
        let word = u16::from_be_bytes([a, b]);
        let (more, offset) = (word & 0x2000 != 0, word & 0x1fff);
        if !more && offset == 0 {
            return None;
        }
        Some(Self {
            proto,
            id: u16::from_be_bytes([c, d]).into(),
            offset: u32::from(offset) * 8,
            len: usize::from(u16::from_be_bytes([high, low])).checked_sub(header.len())?,
            more,
            at: usize::from(span.at) + 6,
            carried: span.end(),
        })
    }

    /// That of an IPv6 header; atomic fragments are none.
    fn of_v6(packet: &Packet<'_>, own: &[Span], ip: usize) -> Option<Self> {
        // Only extension headers have the room: the usual packet ends here.
        let mut behind = own.get(ip + 1..)?.iter().take_while(|span| !is_ip(span.layer));
        let span = behind.find(|span| span.layer == Layer::Fragment)?;
        let &[proto, _, high, low, a, b, c, d] = packet.header(*span).first_chunk()?;
        let word = u16::from_be_bytes([high, low]);
        if word & 0xfff9 == 0 {
            return None;
        }
        let end = end(packet, *own.get(ip)?)?;
        Some(Self {
            proto,
            id: u32::from_be_bytes([a, b, c, d]),
            offset: u32::from(word & 0xfff8),
            len: end.checked_sub(span.end())?,
            more: word & 1 == 1,
            at: usize::from(span.at) + 2,
            carried: span.end(),
        })
    }
}

/// First octet of the frame behind what an IP header carries, as it says itself.
fn end(packet: &Packet<'_>, ip: Span) -> Option<usize> {
    let header = packet.header(ip);
    let at = if ip.layer == Layer::Ipv4 { 2 } else { 4 };
    let octets = usize::from(u16::from_be_bytes(*header.get(at..)?.first_chunk()?));
    Some(usize::from(ip.at) + octets + if ip.layer == Layer::Ipv4 { 0 } else { 40 })
}

impl Fragment {
    /// Calls `with` for each IP header of the packet's own that makes it a fragment, innermost
    /// first.
    #[inline]
    pub fn each(packet: &Packet<'_>, with: impl FnMut(Self)) {
        Self::each_behind(packet, 0, with);
    }

    /// The same for a packet that was carried by others, known by the hash of their `chain`.
    #[inline]
    pub(super) fn each_behind(packet: &Packet<'_>, chain: u64, mut with: impl FnMut(Self)) {
        let own = packet.layers.spans().get(..usize::from(packet.layers.index.own));
        let own = own.unwrap_or_default();
        for (ip, span) in own.iter().enumerate().rev() {
            if is_ip(span.layer)
                && let Some(part) = Part::of(packet, own, ip)
            {
                Self::new(packet, (own, ip), part, chain).map(&mut with);
            }
        }
    }

    /// The outermost fragment that a packet is: the one whose octets are all in the frame.
    pub fn outermost(packet: &Packet<'_>) -> Option<Self> {
        let mut last = None;
        Self::each(packet, |fragment| last = Some(fragment));
        last
    }

    #[inline(never)]
    fn new(
        packet: &Packet<'_>,
        (own, ip): (&[Span], usize),
        part: Part,
        chain: u64,
    ) -> Option<Self> {
        let (before, bytes) = (own.get(..ip)?, packet.frame.bytes);
        let around = || before.iter().enumerate().filter(|(_, span)| is_ip(span.layer));
        let is_within = around().any(|(index, _)| Part::of(packet, own, index).is_some());
        // What is behind the end of a header around it is padding, or another fragment's.
        let most = around().filter_map(|(_, span)| end(packet, *span)).min();
        let octets = bytes.get(..most.map_or(bytes.len(), |most| most.min(bytes.len())))?;
        let Part { proto, id, offset, len, more, at, carried } = part;
        let octets = octets.get(carried..carried.checked_add(len)?);
        let key = FragmentKey::new(
            pair(bytes, *own.get(ip)?)?,
            proto,
            id,
            chain_of(packet, before, chain),
        );
        Some(Self {
            packet: packet.frame.number,
            time: packet.frame.time,
            key,
            proto,
            offset,
            len: u32::try_from(len).ok()?,
            more,
            fingerprint: octets.map_or(0, fingerprint),
            at: u32::try_from(at).ok()?,
            carried: u32::try_from(carried).ok()?,
            depth: u8::try_from(around().count() + 1).ok()?,
            ip: u8::try_from(ip).ok()?,
            is_within,
            is_inner: usize::from(packet.layers.index.inner) == ip,
        })
    }

    /// IP protocol of its datagram, as its header names it.
    pub fn proto(&self) -> u8 {
        self.proto
    }

    /// Which datagram it is a part of.
    pub fn key(&self) -> FragmentKey {
        self.key
    }

    /// Source and destination address.
    pub fn pair(&self) -> Pair {
        self.key.pair()
    }

    fn end(&self) -> u32 {
        self.offset.saturating_add(self.len)
    }
}

/// Hashes under a seed of this process, which packets cannot know: analysts agree on them.
fn seed(number: u64) -> SeedableRandomState {
    SeedableRandomState::with_seed(number, SharedSeed::global_random())
}

/// A hash of octets that is not 0.
fn fingerprint(octets: &[u8]) -> u32 {
    let mut hasher = seed(0).build_hasher();
    hasher.write(octets);
    u32::try_from(hasher.finish() >> 32).unwrap_or(u32::MAX).max(1)
}

/// A hash of headers that enclose another, on top of that of those around them: their VLANs,
/// addresses and the numbers of networks.
fn chain_of(packet: &Packet<'_>, headers: &[Span], around: u64) -> u64 {
    headers.iter().fold(around, |chain, span| {
        let mut hasher = seed(chain).build_hasher();
        let header = packet.header(*span);
        if span.layer == Layer::Vlan {
            let Some(tag) = header.first_chunk() else { return chain };
            (u16::from_be_bytes(*tag) & 0xfff).hash(&mut hasher);
        } else if is_ip(span.layer) {
            let Some(pair) = pair(packet.frame.bytes, *span) else { return chain };
            pair.hash(&mut hasher);
        } else {
            let number = span.layer.header().network.and_then(|network| network(header));
            let Some(number) = number else { return chain };
            (span.layer as u8, number).hash(&mut hasher);
        }
        hasher.finish()
    })
}

/// Puts a datagram's payload together from its fragments' octets: offset, octets, whether others
/// follow.  None while some are missing.  Where fragments overlap, what came first stays.
pub fn reassemble(fragments: &[(u32, &[u8], bool)]) -> Option<Vec<u8>> {
    let (last, octets, _) = fragments.iter().find(|(_, _, more)| !more)?;
    let end =
        usize::try_from(*last).ok()?.checked_add(octets.len()).filter(|end| *end <= 65_535)?;
    let (mut datagram, mut is_there) = (vec![0; end], vec![false; end]);
    for (offset, octets, _) in fragments {
        let start = usize::try_from(*offset).ok()?;
        for (at, octet) in (start..end).zip(*octets) {
            if !is_there[at] {
                (datagram[at], is_there[at]) = (*octet, true);
            }
        }
    }
    is_there.iter().all(|there| *there).then_some(datagram)
}
