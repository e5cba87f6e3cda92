//! A packet's tuple: its innermost addresses, protocol and ports.
//!
//! Quoted and copied packets were sent at another time and do not count.

use super::layers::{Layers, Span, is_ip};
use crate::wire::Layer;
use crate::wire::catalogue::HEADERS;

/// Addresses of one IP header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Pair {
    /// Source and destination, as numbers.
    V4(u32, u32),
    /// Source and destination, as numbers.
    V6(u128, u128),
}

impl Pair {
    /// The other way round.
    #[must_use]
    pub fn turned(self) -> Self {
        match self {
            Self::V4(source, destination) => Self::V4(destination, source),
            Self::V6(source, destination) => Self::V6(destination, source),
        }
    }
}

/// What identifies the flow of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tuple {
    /// Index into the spans of the innermost IP header.
    pub ip: usize,
    /// Index into the spans of the transport header that has the ports or type.
    pub transport: Option<usize>,
    /// Its addresses.
    pub pair: Pair,
    /// IP protocol of what it carries, behind any extension headers.
    pub proto: u8,
    /// Source and destination port; ICMP's type and code.
    pub ports: Option<(u16, u16)>,
    /// IP headers down to this one, itself included.
    pub depth: u8,
}

/// The addresses of the IP header at `span`, when both were captured.  A header of another version,
/// or too short by its own word, is not laid out so that it would have any.
#[inline]
pub fn pair(bytes: &[u8], span: Span) -> Option<Pair> {
    let header = bytes.get(usize::from(span.at)..span.end())?;
    let first = *header.first()?;
    if span.layer == Layer::Ipv4 {
        if !matches!(first, 0x45..=0x4f) {
            return None;
        }
        let both = u64::from_be_bytes(*header.get(12..20)?.first_chunk()?);
        let low = u32::try_from(both & u64::from(u32::MAX)).unwrap_or(0);
        Some(Pair::V4(u32::try_from(both >> 32).unwrap_or(0), low))
    } else if first >> 4 != 6 {
        None
    } else {
        let source = u128::from_be_bytes(*header.get(8..24)?.first_chunk()?);
        Some(Pair::V6(source, u128::from_be_bytes(*header.get(24..40)?.first_chunk()?)))
    }
}

/// The tuple of a packet, or none when it has no IP header with both addresses.
#[inline]
pub fn tuple(bytes: &[u8], layers: &Layers) -> Option<Tuple> {
    let index = &layers.index;
    let span = layers.span(index.inner)?;
    let Some(pair) = pair(bytes, span) else {
        return above(bytes, layers);
    };
    let at = if span.layer == Layer::Ipv4 { 9 } else { 6 };
    let mut proto = octet(bytes, span, at).unwrap_or(0);
    let behind = index.inner.saturating_add(1);
    // Extension headers stand between the address and what the packet is for.
    if behind < index.own && behind != index.transport {
        proto = carried(bytes, layers, behind, proto);
    }
    let transport = layers.span(index.transport).filter(|_| index.transport < index.own);
    let ports = transport.and_then(|span| {
        let header = bytes.get(usize::from(span.at)..span.end())?;
        if matches!(span.layer, Layer::Icmp | Layer::Icmpv6) {
            return header.first_chunk().map(|&[kind, code]| (u16::from(kind), u16::from(code)));
        }
        let &[a, b, c, d] = header.first_chunk()?;
        Some((u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])))
    });
    Some(Tuple {
        ip: usize::from(index.inner),
        transport: transport.map(|_| usize::from(index.transport)),
        pair,
        proto,
        ports,
        depth: index.depth,
    })
}

/// The tuple of the innermost IP header above one whose addresses are cut.
#[cold]
fn above(bytes: &[u8], layers: &Layers) -> Option<Tuple> {
    let own = layers.spans().get(..usize::from(layers.index.inner))?;
    let (ip, span) = own.iter().enumerate().rev().find(|(_, span)| is_ip(span.layer))?;
    let at = if span.layer == Layer::Ipv4 { 9 } else { 6 };
    Some(Tuple {
        ip,
        transport: None,
        pair: pair(bytes, *span)?,
        proto: octet(bytes, *span, at).unwrap_or(0),
        ports: None,
        depth: layers.index.depth.saturating_sub(1),
    })
}

/// Octet of each extension header that tells what follows.
#[expect(clippy::indexing_slicing, reason = "runs in const evaluation, where it stops the build")]
const NEXT_AT: [Option<u8>; HEADERS.len()] = {
    let (mut all, mut rest) = ([None; HEADERS.len()], HEADERS);
    while let [header, more @ ..] = rest {
        if let Some(extension) = header.extension {
            all[header.layer as usize] = extension.next_at;
        }
        rest = more;
    }
    all
};

/// The protocol behind the extension headers from span `first` on.
fn carried(bytes: &[u8], layers: &Layers, first: u8, mut proto: u8) -> u8 {
    for index in first..layers.index.own {
        let Some(span) = layers.span(index) else { break };
        let next_at = NEXT_AT.get(span.layer as usize).copied().flatten();
        // 59 says that nothing follows: then the header itself is what the packet is for.
        match next_at.and_then(|at| octet(bytes, span, at.into())) {
            Some(next) if next != 59 => proto = next,
            _ => break,
        }
    }
    proto
}

fn octet(bytes: &[u8], span: Span, at: usize) -> Option<u8> {
    let here = usize::from(span.at).checked_add(at)?;
    bytes.get(here).copied().filter(|_| here < span.end())
}
