//! The places of everything that is read from every packet: addresses, hops, marks, ports, tags and
//! tunnel keys.
//!
//! An outline is made once for a header stack and serves all of its packets: counting them,
//! telling their flows apart and checking them read octets at known places, and do not go through
//! the headers again.

use arrayvec::ArrayVec;

use super::checksum::{self, MOST_SUMS, SumAt};
use super::header_at::{IpAt, TransportAt};
use super::layers::{Layers, Place, Reason, Span, is_ip};
use super::tuple;
use crate::wire::Layer;

/// IP headers of one packet: as many as the walk takes.
const MOST_IPS: usize = 8;

/// Most tags, tunnel keys and IP headers that encapsulate a flow.
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

/// A header that encapsulates a flow.
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
    /// What encapsulates the flow, outermost first.
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

/// What encapsulates a flow behind these headers, outermost first.
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
