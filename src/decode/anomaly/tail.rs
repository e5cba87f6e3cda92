//! The end of nearly every header stack: an IP header and behind it TCP or UDP, with nothing wrong
//! about them but a checksum or the source; and between them nothing but options.
//!
//! All checks of such a packet are made in one look, with each header read once; a packet with
//! anything unusual in them is looked at otherwise.

use super::gate::{self, Want};
use super::ip::is_group4;
use super::rules::source_number;
use super::source;
use crate::capture::Frame;
use crate::decode::check::native_sum;
use crate::decode::checksum::{Status, are_left_out};
use crate::decode::decode_as::Rules;
use crate::decode::fixed::{Ip, Ipv4, Ipv6, Tcp, Udp};
use crate::decode::layers::{Layers, Span, is_ip};
use crate::wire::Layer;
use crate::wire::header::Next;
use crate::wire::words::fold;

/// Where such headers stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tail {
    ip: u16,
    transport: u16,
    is_v6: bool,
    is_tcp: bool,
    rules: &'static Rules,
}

/// What such headers say, all of it in order but the checksum of the last.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// The innermost IP header, whose checksum is right.
    pub ip: Ip,
    /// What it carries.
    pub transport: Transport,
    /// How the checksum of that stands; good where checksums are left out.
    pub sum: Status,
}

/// A transport header.
#[derive(Debug, Clone, Copy)]
pub enum Transport {
    /// TCP.
    Tcp(Tcp),
    /// UDP.
    Udp(Udp),
}

impl Transport {
    /// Both ports in one.
    #[inline]
    pub fn ports(self) -> u32 {
        match self {
            Self::Tcp(tcp) => tcp.ports(),
            Self::Udp(udp) => udp.ports(),
        }
    }
}

impl Tail {
    /// That of a stack, if it ends so; and the index of its IP header.
    pub(super) fn of(layers: &Layers) -> Option<(Self, u8)> {
        let (transport, before) = layers.spans().split_last()?;
        let place = before.iter().rposition(|span| is_ip(span.layer))?;
        let (ip, between) = before.get(place..)?.split_first()?;
        let is_option = |span: &Span| matches!(span.layer, Layer::HopByHop | Layer::Destination);
        let is_plain = match ip.layer {
            Layer::Ipv4 => ip.len == 20 && between.is_empty(),
            _ => between.iter().all(is_option),
        };
        let is_transport = matches!(transport.layer, Layer::Tcp | Layer::Udp);
        let is_all = usize::from(layers.index.own) == layers.spans().len();
        let tail = Self {
            ip: ip.at,
            transport: transport.at,
            is_v6: ip.layer == Layer::Ipv6,
            is_tcp: transport.layer == Layer::Tcp,
            rules: layers.rules(),
        };
        (is_all && is_transport && is_plain).then_some((tail, u8::try_from(place).ok()?))
    }

    /// Which headers they are: whether IPv6, and whether TCP.
    pub(super) fn kind(self) -> (bool, bool) {
        (self.is_v6, self.is_tcp)
    }

    /// Its first octet.
    pub(super) fn at(self) -> u16 {
        self.ip
    }

    /// What the headers of a packet say, with `wire` octets up to where all before them ends; and
    /// the number of what is wrong with the source.  None when anything else may be wrong, or when
    /// they do not fit what they lie in.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "nearly every packet comes by, in one place")]
    #[expect(clippy::cast_possible_truncation, reason = "the two ports of one number")]
    pub(super) fn look<const V6: bool, const TCP: bool>(
        self,
        frame: &Frame<'_>,
        wire: usize,
    ) -> Option<(Reading, Option<u8>)> {
        let (bytes, at) = (frame.bytes, usize::from(self.ip));
        let room = u32::try_from(wire.saturating_sub(at)).unwrap_or(u32::MAX);
        let (ip, want, is_group) = if V6 {
            let ip = Ipv6::read(bytes, at)?;
            (Ip::V6(ip), gate::v6(ip, room), ip.destination() >> 120 == 0xff)
        } else {
            let ip = Ipv4::read(bytes, at)?;
            let want = if ip.fragment() == 0 { gate::v4(ip, room) } else { Want::All };
            (Ip::V4(ip), want, is_group4(ip.destination()))
        };
        let row = match (want, ip) {
            (Want::Nothing, _) => None,
            (Want::Source, Ip::V4(ip)) => {
                let place = source::place4(ip.source(), ip.destination());
                source_number(
                    place.filter(|place| source::is_wrong(*place, source::LOOPBACK4, frame)),
                    false,
                )
            }
            (Want::Source, Ip::V6(ip)) => {
                let place = source::place6(ip.source(), ip.destination());
                source_number(
                    place.filter(|place| source::is_wrong(*place, source::LOOPBACK6, frame)),
                    true,
                )
            }
            (Want::All, _) => return None,
        };
        let (end, from) = (at.wrapping_add(ip.octets()?), usize::from(self.transport));
        let carried = bytes.get(from..end.min(bytes.len()))?;
        let octets = end.wrapping_sub(from);
        let (transport, proto, stored) = if TCP {
            let tcp = Tcp::read(carried, 0)?;
            let header = carried.get(..usize::from(tcp.offset() >> 4).wrapping_mul(4))?;
            if is_group || gate::tcp(tcp, header) {
                return None;
            }
            (Transport::Tcp(tcp), 6, tcp.checksum())
        } else {
            let udp = Udp::read(carried, 0)?;
            // What is a tunnel has another stack.
            if udp.ports() << 16 == 0
                || self.rules.ports((udp.ports() >> 16) as u16, udp.ports() as u16) != Next::Payload
                || usize::from(udp.octets()) != octets
                || (udp.checksum() == 0 && V6)
            {
                return None;
            }
            (Transport::Udp(udp), 17, udp.checksum())
        };
        let sum = if are_left_out() {
            Status::Good
        } else if stored == 0 && !TCP {
            Status::Absent
        } else if carried.len() < octets {
            Status::Unverified
        } else {
            let head = fold(ip.pseudo_header(proto, octets));
            if fold(native_sum(carried).wrapping_add(head.to_be().into())) == 0xffff {
                Status::Good
            } else {
                Status::of_wrong(stored, head, || Some(fold(ip.pseudo_header(proto, 0))))
            }
        };
        Some((Reading { ip, transport, sum }, row))
    }
}
