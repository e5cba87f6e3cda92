//! Frames of the usual make, told at one glance: Ethernet, at most two VLAN tags, IPv4 without options
//! or fragments or IPv6 without extension headers, then TCP, UDP without a tunnel, or an ICMP echo.
//!
//! Nineteen packets in twenty are of such a make, and everything in them stands at a fixed place: a
//! fifth of the general walk's instructions find their headers.  Whatever is cut or odd is left to
//! the walk; laws hold the two against each other.

use super::layers::{Digest, Layers, Role, Span};
use super::tunnel;
use crate::capture::LinkType;
use crate::wire::Layer;
use crate::wire::header::Next;

/// Tags that a frame of the usual make may have.
const TAGS: usize = 2;

/// What one make is.
#[derive(Debug)]
pub struct Make {
    /// Its headers, outermost first.
    pub layers: &'static [Layer],
    /// The same as a number, see [`Digest::make`].
    pub number: u128,
    /// Whether its IP header is IPv6.
    pub is_v6: bool,
    /// IP protocol.
    pub proto: u8,
}

const fn make(layers: &'static [Layer], is_v6: bool, proto: u8) -> Make {
    Make { layers, number: Digest::make_of(layers), is_v6, proto }
}

/// How many makes are usual.
pub const MAKES_COUNT: usize = 6 * (TAGS + 1);

/// The makes, by number of tags, then IP version, then transport.
pub const MAKES: [Make; MAKES_COUNT] = {
    use Layer::{Ethernet, Icmp, Icmpv6, Ipv4, Ipv6, Tcp, Udp, Vlan};
    [
        make(&[Ethernet, Ipv4, Tcp], false, 6),
        make(&[Ethernet, Ipv4, Udp], false, 17),
        make(&[Ethernet, Ipv4, Icmp], false, 1),
        make(&[Ethernet, Ipv6, Tcp], true, 6),
        make(&[Ethernet, Ipv6, Udp], true, 17),
        make(&[Ethernet, Ipv6, Icmpv6], true, 58),
        make(&[Ethernet, Vlan, Ipv4, Tcp], false, 6),
        make(&[Ethernet, Vlan, Ipv4, Udp], false, 17),
        make(&[Ethernet, Vlan, Ipv4, Icmp], false, 1),
        make(&[Ethernet, Vlan, Ipv6, Tcp], true, 6),
        make(&[Ethernet, Vlan, Ipv6, Udp], true, 17),
        make(&[Ethernet, Vlan, Ipv6, Icmpv6], true, 58),
        make(&[Ethernet, Vlan, Vlan, Ipv4, Tcp], false, 6),
        make(&[Ethernet, Vlan, Vlan, Ipv4, Udp], false, 17),
        make(&[Ethernet, Vlan, Vlan, Ipv4, Icmp], false, 1),
        make(&[Ethernet, Vlan, Vlan, Ipv6, Tcp], true, 6),
        make(&[Ethernet, Vlan, Vlan, Ipv6, Udp], true, 17),
        make(&[Ethernet, Vlan, Vlan, Ipv6, Icmpv6], true, 58),
    ]
};

/// Octets behind Ethernet and tags that are looked at: IPv4's header and TCP's, or IPv6's.
const HEAD: usize = 40;

/// A frame of a usual make.
#[derive(Debug, Clone, Copy)]
pub struct Usual<'a> {
    /// Index into [`MAKES`].
    pub make: u8,
    /// The first octets of the IP header and what follows it.
    pub ip: &'a [u8; HEAD],
    /// The first octets of the transport header: its fixed part, as far as all kinds have it.
    pub transport: &'a [u8; 8],
    /// The transport header and what it carries, as far as that was captured.
    pub behind: &'a [u8],
    /// TCP's flags, CWR to FIN; 0 of others.
    pub tcp_flags: u8,
    /// Octets of the transport header.
    len: u16,
    /// First octet of the frame behind what was captured of the datagram.
    end: usize,
}

/// Looks at the octets of a frame; none when it is of any other make.
#[inline(always)]
#[expect(clippy::inline_always, reason = "what it finds is taken apart at once, not written down")]
pub fn usual(link: LinkType, bytes: &[u8]) -> Option<Usual<'_>> {
    if link != LinkType::ETHERNET {
        return None;
    }
    let (mut at, mut make) = (14u16, 0u8);
    let ip = loop {
        let head = bytes.get(usize::from(at).wrapping_sub(2)..)?.first_chunk::<{ HEAD + 2 }>()?;
        match [head[0], head[1]] {
            [0x08, 0x00] if head[2] == 0x45 => break head,
            [0x86, 0xdd] if head[2] >> 4 == 6 => {
                make = make.wrapping_add(3);
                break head;
            }
            [0x81, 0x00] if usize::from(make) < 6 * TAGS => {
                make = make.wrapping_add(6);
                at = at.wrapping_add(4);
            }
            _ => return None,
        }
    };
    let ip = ip.last_chunk::<HEAD>()?;
    let from = usize::from(at);
    let (proto, ip_len, total) = if ip[0] == 0x45 {
        // More fragments, or an offset.
        if u16::from_be_bytes([ip[6], ip[7]]) & 0x3fff != 0 {
            return None;
        }
        (ip[9], 20usize, usize::from(u16::from_be_bytes([ip[2], ip[3]])))
    } else {
        (ip[6], 40, usize::from(u16::from_be_bytes([ip[4], ip[5]])).wrapping_add(40))
    };
    let end = from.wrapping_add(total).min(bytes.len());
    let behind = bytes.get(from.wrapping_add(ip_len)..end)?;
    let transport = behind.first_chunk::<8>()?;
    let usual = Usual { make, ip, transport, behind, tcp_flags: 0, len: 8, end };
    match proto {
        6 => {
            let tcp = behind.first_chunk::<20>()?;
            let len = u16::from(tcp[12] >> 4).wrapping_mul(4);
            (len >= 20 && usize::from(len) <= behind.len()).then_some(Usual {
                len,
                tcp_flags: tcp[13],
                ..usual
            })
        }
        17 => {
            let &[a, b, c, d, e, f, ..] = transport;
            let length = usize::from(u16::from_be_bytes([e, f]));
            let (source, destination) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
            if length < 8 || tunnel::by_ports(source, destination) != Next::Payload {
                return None;
            }
            let limit = end.wrapping_sub(behind.len()).wrapping_add(length);
            Some(Usual { make: make.wrapping_add(1), end: end.min(limit), ..usual })
        }
        // Nothing follows an echo but what is to be echoed.
        1 if ip_len == 20 && matches!(transport[0], 0 | 8) => {
            Some(Usual { make: make.wrapping_add(2), ..usual })
        }
        58 if ip_len == 40 && matches!(transport[0], 128 | 129) => {
            Some(Usual { make: make.wrapping_add(2), ..usual })
        }
        _ => None,
    }
}

impl Usual<'_> {
    /// What its make is.
    #[inline]
    pub fn row(&self) -> &'static Make {
        // The index is always within; the first row costs less than a panic.
        MAKES.get(usize::from(self.make)).unwrap_or(&MAKES[0])
    }

    /// Octets before its IP header.
    #[inline]
    pub fn at(&self) -> u8 {
        let tags = self.make / 6;
        tags.wrapping_mul(4).wrapping_add(14)
    }

    /// Writes its headers down as the walk would.
    pub(crate) fn layers(&self, layers: &mut Layers) {
        let row = self.row();
        layers.clear();
        let mut at = 0;
        for &layer in row.layers {
            let len = match layer {
                Layer::Ethernet => 14,
                Layer::Vlan => 4,
                Layer::Ipv4 => 20,
                Layer::Ipv6 => 40,
                _ => self.len,
            };
            layers.append(Span { layer, role: Role::Outer, at, len });
            at = at.wrapping_add(len);
        }
        let own = u8::try_from(row.layers.len()).unwrap_or(u8::MAX);
        let ip = own.wrapping_sub(2);
        layers.digest = Digest {
            outer: ip,
            inner: ip,
            transport: own.wrapping_sub(1),
            depth: 1,
            own,
            make: row.number,
        };
        layers.end = u32::try_from(self.end).unwrap_or(u32::MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_make_stands_where_its_tags_version_and_transport_put_it() {
        for (at, make) in MAKES.iter().enumerate() {
            let tags = make.layers.iter().filter(|&&layer| layer == Layer::Vlan).count();
            let transport = match make.proto {
                6 => 0,
                17 => 1,
                _ => 2,
            };
            assert_eq!(at, tags * 6 + usize::from(make.is_v6) * 3 + transport);
            assert_eq!(Digest::layers(make.number), make.layers);
        }
    }
}
