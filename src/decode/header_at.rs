//! Where an IP header or a transport header lies in a frame, and what is read of it there.

use super::fixed::{Ip, Ipv4, Ipv6};
use super::layers::Span;
use super::tuple::Pair;
use crate::wire::Layer;

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
