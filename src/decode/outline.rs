//! Where the things stand that are read of every packet: addresses, hops, marks, ports, tags and
//! tunnel keys.
//!
//! An outline is made once for a header stack and serves all of its packets: whoever counts them,
//! tells their flows apart or looks whether they are in order reads octets at known places, and
//! need not go through the headers again.

use arrayvec::ArrayVec;

use super::checksum::{self, MOST_SUMS, SumAt};
use super::fixed::{Ip, Ipv4, Ipv6};
use super::layers::{Layers, Place, Reason, Span, is_ip};
use super::tuple::{self, Pair};
use crate::wire::Layer;

/// IP headers of one packet: as many as the walk takes.
const MOST_IPS: usize = 8;

/// Tags, tunnel keys and IP headers that a flow travels in.
pub const MOST_AROUND: usize = 20;

/// What is the same for all packets of a header stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// Place in the ledger.
    pub place: Place,
    /// Why decoding ended early, if it did.
    pub stop: Option<Reason>,
    /// IP headers of its own.
    pub depth: u8,
    /// Which headers it has, see [`super::layers::LayerIndex::headers`].
    pub headers: u128,
    /// The outermost IP header.
    pub outer: Outermost,
    /// Whether that is of a fragment, and which.
    pub fragment: FragmentPart,
    /// Whether that has IPv4 options.
    pub has_options: bool,
    /// IP protocol of its flow, behind extension headers; none without a flow.
    pub proto: Option<u8>,
}

/// What a packet's outermost IP header is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outermost {
    /// It has none.
    None,
    /// IPv4.
    Ipv4,
    /// IPv6.
    Ipv6,
}

/// What part of a datagram a packet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FragmentPart {
    /// All of it.
    Whole,
    /// The first fragment.
    First,
    /// A later fragment.
    Later,
}

impl FragmentPart {
    fn of(more: bool, offset: bool) -> Self {
        match (more, offset) {
            (false, false) => Self::Whole,
            (true, false) => Self::First,
            (_, true) => Self::Later,
        }
    }
}

/// An IP header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IpAt {
    /// Its first octet.
    pub at: u16,
    /// Its octets.
    pub len: u16,
    /// Whether it is IPv6.
    pub is_v6: bool,
}

impl IpAt {
    /// The IP header at `span`.
    pub fn of(span: Span) -> Self {
        Self { at: span.at, len: span.len, is_v6: span.layer == Layer::Ipv6 }
    }

    fn octets(self, bytes: &[u8]) -> &[u8] {
        bytes.get(usize::from(self.at)..).unwrap_or_default()
    }

    /// All that it says, when the whole fixed header was captured.
    #[inline]
    pub fn read(self, bytes: &[u8]) -> Option<Ip> {
        let at = usize::from(self.at);
        if self.is_v6 {
            Ipv6::read(bytes, at).map(Ip::V6)
        } else {
            Ipv4::read(bytes, at).map(Ip::V4)
        }
    }

    /// Source and destination.
    #[inline]
    pub fn pair(self, bytes: &[u8]) -> Option<Pair> {
        Some(match self.read(bytes)? {
            Ip::V4(ip) => Pair::V4(ip.source(), ip.destination()),
            Ip::V6(ip) => Pair::V6(ip.source(), ip.destination()),
        })
    }

    /// TTL or hop limit, when it was captured.
    #[inline]
    pub fn ttl(self, bytes: &[u8]) -> Option<u8> {
        let at = if self.is_v6 { 7 } else { 8 };
        self.octets(bytes).get(at).copied().filter(|_| at < usize::from(self.len))
    }

    /// DSCP and ECN in one octet, when they were captured.
    #[inline]
    pub fn class(self, bytes: &[u8]) -> Option<u8> {
        let &[a, b] = self.octets(bytes).first_chunk()?;
        let class = if self.is_v6 { a << 4 | b >> 4 } else { b };
        (self.len > 1).then_some(class)
    }

    /// Whether it is IPv6 with a flow label (RFC 6437, section 2: zero is none).
    #[inline]
    pub fn has_flow_label(self, bytes: &[u8]) -> bool {
        self.is_v6
            && self.len >= 4
            && matches!(*self.octets(bytes), [_, a, b, c, ..] if a & 0xf | b | c != 0)
    }
}

/// A header with ports, or with a type and a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransportAt {
    /// Which.
    pub layer: Layer,
    /// Its first octet.
    pub at: u16,
    /// Its octets: fewer than it says of itself where it is cut.
    pub len: u16,
}

impl TransportAt {
    /// The header at `span`.
    pub fn of(span: Span) -> Self {
        Self { layer: span.layer, at: span.at, len: span.len }
    }

    /// Source and destination port, where they were captured; ICMP's type and code in one, and its
    /// identifier: that of questions and answers (RFC 792, RFC 950, RFC 4443), else 0.
    #[inline]
    pub fn ports(self, bytes: &[u8]) -> Option<(u16, u16)> {
        let octets = bytes.get(usize::from(self.at)..)?;
        if matches!(self.layer, Layer::Icmp | Layer::Icmpv6) {
            let &[kind, code] = octets.first_chunk()?;
            let has_id = match self.layer {
                Layer::Icmp => matches!(kind, 0 | 8 | 13..=18),
                _ => matches!(kind, 128 | 129),
            };
            let id = octets.get(4..6).and_then(<[u8]>::first_chunk);
            let id = id.filter(|_| has_id && self.len > 5).map_or(0, |id| u16::from_be_bytes(*id));
            return (self.len > 1).then_some((u16::from_be_bytes([kind, code]), id));
        }
        let &[a, b, c, d] = octets.first_chunk()?;
        let ports = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
        (self.len > 3).then_some(ports)
    }

    /// TCP's flags, CWR to FIN; 0 of others and where they were not captured.
    #[inline]
    pub fn tcp_flags(self, bytes: &[u8]) -> u8 {
        if self.layer != Layer::Tcp || self.len < 14 {
            return 0;
        }
        bytes.get(usize::from(self.at).saturating_add(13)).copied().unwrap_or(0)
    }
}

/// One of the things that a flow travels in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Around {
    /// Another IP header.
    Ip(IpAt),
    /// A VLAN tag, which begins there.
    Vlan(u16),
    /// A header whose row knows the number of the network within it.
    Network(Span),
}

/// Where things stand in the packets of a header stack.
#[derive(Debug, Clone)]
pub struct Outline {
    /// What is the same for all of them.
    pub facts: Facts,
    /// The outermost IP header.
    pub outer: Option<IpAt>,
    /// Own IP headers, outermost first.
    pub ips: ArrayVec<IpAt, MOST_IPS>,
    /// The innermost IP header whose addresses were captured: the flow's.
    pub flow: Option<IpAt>,
    /// What the flow travels in, outermost first.
    pub around: ArrayVec<Around, MOST_AROUND>,
    /// The first transport header behind the flow's.
    pub transport: Option<TransportAt>,
    /// Where checksums stand.
    pub sums: ArrayVec<SumAt, MOST_SUMS>,
}

impl Outline {
    /// The outline of a packet.
    pub fn of(bytes: &[u8], layers: &Layers) -> Self {
        let index = &layers.index;
        let own = layers.spans().get(..usize::from(index.own)).unwrap_or_default();
        let ips = own.iter().filter(|span| is_ip(span.layer)).map(|span| IpAt::of(*span));
        let tuple = tuple::tuple(bytes, layers);
        let outer = layers.span(index.outer);
        let flow = tuple.and_then(|tuple| own.get(tuple.ip));
        let transport = tuple.and_then(|tuple| own.get(tuple.transport?));
        let before = own.get(..tuple.map_or(0, |tuple| tuple.ip)).unwrap_or_default();
        let fragment = fragment(bytes, layers);
        Self {
            facts: Facts {
                place: layers.place(),
                stop: layers.stop.map(|stop| stop.reason),
                depth: index.depth,
                headers: index.headers,
                outer: match outer {
                    None => Outermost::None,
                    Some(span) if span.layer == Layer::Ipv4 => Outermost::Ipv4,
                    Some(_) => Outermost::Ipv6,
                },
                fragment,
                has_options: outer.is_some_and(|span| span.layer == Layer::Ipv4 && span.len > 20),
                proto: tuple.map(|tuple| tuple.proto),
            },
            outer: outer.map(IpAt::of),
            ips: ips.take(MOST_IPS).collect(),
            flow: flow.map(|span| IpAt::of(*span)),
            around: around(bytes, before).take(MOST_AROUND).collect(),
            transport: transport.map(|span| TransportAt::of(*span)),
            sums: checksum::sums(bytes, layers),
        }
    }
}

/// What stands in these headers, outermost first, that a flow behind them travels in.
fn around<'a>(bytes: &'a [u8], headers: &'a [Span]) -> impl Iterator<Item = Around> + 'a {
    headers.iter().filter_map(|span| match span.layer {
        Layer::Vlan => (span.len >= 2).then_some(Around::Vlan(span.at)),
        layer if is_ip(layer) => tuple::pair(bytes, *span).map(|_| Around::Ip(IpAt::of(*span))),
        layer => {
            let header = bytes.get(usize::from(span.at)..span.end())?;
            (layer.header().network?)(header)?;
            Some(Around::Network(*span))
        }
    })
}

/// Whether the outermost IP header, by itself or by a fragment header behind it, is that of a
/// fragment.
fn fragment(bytes: &[u8], layers: &Layers) -> FragmentPart {
    let index = &layers.index;
    let Some(outer) = layers.span(index.outer) else { return FragmentPart::Whole };
    let short = |span: Span, at: usize| {
        let header = bytes.get(usize::from(span.at)..span.end())?;
        header.get(at..)?.first_chunk().map(|pair| u16::from_be_bytes(*pair))
    };
    if outer.layer == Layer::Ipv4 {
        let word = short(outer, 6).unwrap_or(0);
        return FragmentPart::of(word & 0x2000 != 0, word & 0x1fff != 0);
    }
    let behind = layers.spans().get(usize::from(index.outer)..usize::from(index.own));
    let mut behind = behind.unwrap_or_default().iter().skip(1);
    let header = behind.by_ref().take_while(|span| !is_ip(span.layer));
    let header = header.filter(|span| span.layer == Layer::Fragment).last();
    let word = header.and_then(|span| short(*span, 2)).unwrap_or(0);
    FragmentPart::of(word & 1 != 0, word & 0xfff8 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8200, section 3: the low 20 bits of the first word.
    #[test]
    fn a_flow_label_is_twenty_bits_and_zero_is_none() {
        let ip = |len| IpAt { at: 0, len, is_v6: true };
        for (octets, expected) in [
            ([0x6f, 0xf0, 0x00, 0x00], false),
            ([0x60, 0x00, 0x00, 0x01], true),
            ([0x60, 0x08, 0x00, 0x00], true),
        ] {
            assert_eq!(ip(40).has_flow_label(&octets), expected, "{octets:x?}");
        }
        assert!(!ip(2).has_flow_label(&[0x60, 0x08, 0xff, 0xff]));
    }
}
