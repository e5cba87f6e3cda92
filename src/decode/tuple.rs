//! Who talks to whom: the innermost addresses, protocol and ports that a packet has of its own.
//!
//! Quotes and copies travelled at another time and are no part of it.

use super::layers::{Layers, Role, Span, is_ip};
use crate::wire::Layer;

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

/// What tells one flow's packets from another's.
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

/// The addresses of the IP header at `span`, when both were captured.
pub fn pair(bytes: &[u8], span: Span) -> Option<Pair> {
    let header = bytes.get(usize::from(span.at)..span.end())?;
    if span.layer == Layer::Ipv4 {
        let both = u64::from_be_bytes(*header.get(12..20)?.first_chunk()?);
        let low = u32::try_from(both & u64::from(u32::MAX)).unwrap_or(0);
        Some(Pair::V4(u32::try_from(both >> 32).unwrap_or(0), low))
    } else {
        let source = u128::from_be_bytes(*header.get(8..24)?.first_chunk()?);
        Some(Pair::V6(
            source,
            u128::from_be_bytes(*header.get(24..40)?.first_chunk()?),
        ))
    }
}

/// The tuple of a packet, or none when it has no IP header with both addresses.
pub fn tuple(bytes: &[u8], layers: &Layers) -> Option<Tuple> {
    let spans = layers.spans();
    let mut found: Option<Tuple> = None;
    for (index, &span) in spans.iter().enumerate() {
        if is_ip(span.layer) {
            if matches!(span.role, Role::Quoted | Role::Copy) {
                break;
            }
            let Some(pair) = pair(bytes, span) else { break };
            let depth = found.map_or(0, |outer| outer.depth).saturating_add(1);
            let at = if span.layer == Layer::Ipv4 { 9 } else { 6 };
            let proto = octet(bytes, span, at).unwrap_or(0);
            found = Some(Tuple {
                ip: index,
                transport: None,
                pair,
                proto,
                ports: None,
                depth,
            });
            continue;
        }
        let Some(tuple) = found.as_mut() else {
            continue;
        };
        match span.layer {
            Layer::Tcp | Layer::Udp | Layer::UdpLite | Layer::Sctp | Layer::Dccp => {
                if tuple.transport.is_none() {
                    tuple.transport = Some(index);
                    tuple.ports = number(bytes, span, 0).zip(number(bytes, span, 2));
                }
            }
            Layer::Icmp | Layer::Icmpv6 => {
                tuple.transport = Some(index);
                let (kind, code) = (octet(bytes, span, 0), octet(bytes, span, 1));
                tuple.ports = kind.map(u16::from).zip(code.map(u16::from));
            }
            // Their first octet is the next header.
            Layer::HopByHop
            | Layer::Routing
            | Layer::Fragment
            | Layer::Destination
            | Layer::Ah
            | Layer::Mobility
            | Layer::Hip
            | Layer::Shim6 => {
                // 59 says that nothing follows: then the header itself is what the packet is for.
                if let Some(next) = octet(bytes, span, 0).filter(|&next| next != 59) {
                    tuple.proto = next;
                }
            }
            _ => {}
        }
    }
    found
}

fn octet(bytes: &[u8], span: Span, at: usize) -> Option<u8> {
    let here = usize::from(span.at).checked_add(at)?;
    bytes.get(here).copied().filter(|_| here < span.end())
}

fn number(bytes: &[u8], span: Span, at: usize) -> Option<u16> {
    let here = usize::from(span.at).checked_add(at)?;
    let end = here.checked_add(2).filter(|&end| end <= span.end())?;
    bytes
        .get(here..end)?
        .first_chunk()
        .map(|two| u16::from_be_bytes(*two))
}
