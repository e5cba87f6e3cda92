//! Which packets may be one among the few before them again.
//!
//! A packet is known again by its header: addresses, identification, offset, protocol, length, and
//! its transport's ports, sequence number and checksum; the TTL apart.  Those do not stand for what
//! it carries, so that [`super::repeat`] looks at that too.  The fingerprint is made where the
//! packet is decoded; they are compared in capture order.  The table has one place a fingerprint,
//! and a collision forgets the older: nothing is searched, nothing grows.

use std::num::NonZeroU64;

use crate::decode::anomaly::{Reading, Transport};
use crate::decode::fixed::{Ip, Ipv4, Ipv6, Tcp, Udp};
use crate::decode::outline::{Around, Outline};
use crate::wire::words::fold;

/// Packets within which the same packet is known again.
pub const REACH: u64 = 64;

/// Places of the table: so many that 64 packets seldom share one.
const PLACES: usize = 2048;

/// What a packet is known by: 56 bits of hash and, in the lowest eight, its TTL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(NonZeroU64);

const TTL: u64 = 0xff;

/// Mixes two words.  The hash needs no seed: a packet that collides on purpose is looked at once
/// more, and no more comes of it.
fn mix(a: u64, b: u64) -> u64 {
    let product = u128::from(a ^ 0x9e37_79b9_7f4a_7c15) * u128::from(b ^ 0xc2b2_ae3d_27d4_eb4f);
    #[expect(clippy::cast_possible_truncation, reason = "the two halves of the product")]
    let halves = ((product >> 64) as u64, product as u64);
    halves.0 ^ halves.1
}

fn word(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|word| u64::from(u32::from_be_bytes(*word)))
}

impl Fingerprint {
    /// The fingerprint of a packet by its outermost IP header and the tags before it; none when
    /// nothing distinguishes it from another of the same content: an acknowledgement without
    /// identification, say, may well come again.
    #[inline]
    pub fn of(bytes: &[u8], outline: &Outline) -> Option<Self> {
        let outer = outline.outer?;
        let own = bytes.get(usize::from(outer.at)..)?;
        let fingerprint = match outer.read(bytes)? {
            Ip::V4(ip) => {
                let header = usize::from(ip.version_len() & 0xf) * 4;
                let carried = own.get(header..)?;
                let is_later = ip.flags() & 0x1fff != 0;
                let told = if is_later { (0, 0) } else { told(ip.proto(), carried)? };
                let len = u64::from(ip.octets()).saturating_sub(header as u64);
                if ip.id() == 0 && !is_told(Ip::V4(ip), ip.proto(), carried, len) {
                    return None;
                }
                Self::of_v4(ip, told)
            }
            Ip::V6(ip) => {
                let carried = own.get(40..)?;
                let told = match ip.next() {
                    proto @ (6 | 17) => {
                        if !is_told(Ip::V6(ip), proto, carried, ip.octets().into()) {
                            return None;
                        }
                        told(proto, carried)?
                    }
                    44 => (word(carried, 0)?, word(carried, 4)?),
                    _ => return None,
                };
                Self::of_v6(ip, told)
            }
        };
        Some(fingerprint.within(outline, bytes))
    }

    /// The fingerprint of a packet whose innermost headers were read.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "what one look reads stays in registers")]
    pub fn of_reading(bytes: &[u8], outline: &Outline, reading: Reading) -> Option<Self> {
        if outline.ips.len() > 1 {
            return Self::of(bytes, outline);
        }
        let Reading { ip, transport, .. } = reading;
        let is_told = match (ip, transport) {
            // Options before it.
            (Ip::V6(ip), _) if !matches!(ip.next(), 6 | 17) => false,
            (Ip::V4(ip), _) if ip.id() != 0 => true,
            (_, Transport::Tcp(tcp)) => {
                let header = usize::from(tcp.offset() >> 4) * 4;
                let beside = if matches!(ip, Ip::V4(_)) { 20 } else { 40 };
                ip.octets().is_some_and(|octets| octets > header + beside)
            }
            (_, Transport::Udp(udp)) => {
                let len = usize::from(udp.octets());
                len > 8 && udp.checksum() != 0 && udp.checksum() != fold(ip.pseudo_header(17, len))
            }
        };
        let told = match transport {
            Transport::Tcp(tcp) => told_of_tcp(tcp),
            Transport::Udp(udp) => told_of_udp(udp),
        };
        let fingerprint = || match ip {
            Ip::V4(ip) => Self::of_v4(ip, told),
            Ip::V6(ip) => Self::of_v6(ip, told),
        };
        is_told.then(|| fingerprint().within(outline, bytes))
    }

    /// A packet that comes again in another VLAN is not a copy.
    #[inline]
    fn within(self, outline: &Outline, bytes: &[u8]) -> Self {
        let mut hash = self.get();
        for around in &outline.around {
            let Around::Vlan(at) = *around else { break };
            let tag = bytes.get(usize::from(at)..).and_then(<[u8]>::first_chunk);
            let number = tag.map_or(0, |tag| u64::from(u16::from_be_bytes(*tag) & 0xfff));
            hash = mix(hash & !TTL, number) & !TTL | hash & TTL;
        }
        Self::new(hash, hash.to_le_bytes()[0])
    }

    #[inline]
    fn get(self) -> u64 {
        self.0.get()
    }

    #[inline]
    fn of_v4(ip: Ipv4, (ports, more): (u64, u64)) -> Self {
        let (total, id) = (u64::from(ip.octets()), u64::from(ip.id()));
        let what = total << 48 | id << 32 | u64::from(ip.flags()) << 16 | u64::from(ip.proto());
        let ends = u64::from(ip.source()) << 32 | u64::from(ip.destination());
        Self::new(mix(mix(ends, what), ports << 32 ^ more), ip.ttl())
    }

    #[inline]
    fn of_v6(ip: Ipv6, (ports, more): (u64, u64)) -> Self {
        let head = u64::from(ip.label()) << 32 | u64::from(ip.octets()) << 16;
        let mut hash = head | u64::from(ip.class()) << 8 | u64::from(ip.next());
        for address in [ip.source(), ip.destination()] {
            #[expect(clippy::cast_possible_truncation, reason = "the two halves of an address")]
            let halves = ((address >> 64) as u64, address as u64);
            hash = mix(mix(hash, halves.0), halves.1);
        }
        Self::new(mix(hash, ports << 32 ^ more), ip.hops())
    }

    fn new(hash: u64, ttl: u8) -> Self {
        // No hash is as good as another for none.
        let hash = NonZeroU64::new(hash & !TTL | u64::from(ttl));
        Self(hash.unwrap_or(NonZeroU64::MAX))
    }
}

#[inline]
fn told_of_tcp(tcp: Tcp) -> (u64, u64) {
    let sum = u64::from(tcp.checksum()) << 16 | u64::from(tcp.urgent());
    (tcp.ports().into(), u64::from(tcp.seq()) ^ u64::from(tcp.ack()) << 24 ^ sum << 16)
}

#[inline]
fn told_of_udp(udp: Udp) -> (u64, u64) {
    (udp.ports().into(), u64::from(udp.octets()) << 16 | u64::from(udp.checksum()))
}

/// Ports, sequence number and checksum of a transport header.
#[inline]
fn told(proto: u8, carried: &[u8]) -> Option<(u64, u64)> {
    Some(match proto {
        6 => told_of_tcp(Tcp::read(carried, 0)?),
        17 => told_of_udp(Udp::read(carried, 0)?),
        1 => (word(carried, 0)?, word(carried, 4).unwrap_or(0)),
        _ => (0, 0),
    })
}

/// Whether a packet without identification can be distinguished from others nevertheless: by the
/// checksum of what it carries, when it carries something and the sender's network card was not to
/// fill it in.
#[inline]
fn is_told(ip: Ip, proto: u8, carried: &[u8], len: u64) -> bool {
    match proto {
        // The sequence number tells segments apart.
        6 => carried.get(12).is_some_and(|octet| len > u64::from(octet >> 4) * 4),
        17 if len > 8 => Udp::read(carried, 0).is_some_and(|udp| {
            let len = usize::try_from(len).unwrap_or(usize::MAX);
            udp.checksum() != 0 && udp.checksum() != fold(ip.pseudo_header(proto, len))
        }),
        _ => false,
    }
}

/// What was seen last in each place.
#[derive(Debug, Clone)]
pub struct Window {
    places: Vec<WindowSlot>,
}

#[derive(Debug, Clone, Copy)]
struct WindowSlot {
    fingerprint: Fingerprint,
    /// Number of the packet.
    packet: u64,
}

impl Default for Window {
    fn default() -> Self {
        let none = WindowSlot { fingerprint: Fingerprint(NonZeroU64::MIN), packet: 0 };
        Self { places: vec![none; PLACES] }
    }
}

impl Window {
    /// Takes in the fingerprint of the next packet in capture order; the number of the last one
    /// before it that may have been the same, within reach.
    #[inline]
    pub fn see(&mut self, packet: u64, fingerprint: Fingerprint) -> Option<u64> {
        let place = usize::try_from(fingerprint.get() >> 53).unwrap_or(0);
        let place = self.places.get_mut(place)?;
        let before = std::mem::replace(place, WindowSlot { fingerprint, packet });
        let is_alike = (before.fingerprint.get() ^ fingerprint.get()) & !TTL == 0;
        (is_alike && before.packet > 0 && packet.saturating_sub(before.packet) <= REACH)
            .then_some(before.packet)
    }
}
