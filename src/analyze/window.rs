//! The same packet again, within the few packets before it.
//!
//! A packet is known again by its header: addresses, identification, offset, protocol, length, and
//! its transport's ports, sequence number and checksum, which stand for the payload; the TTL apart.
//! Its stamp is made where the packet is decoded; stamps are compared in capture order.  The table
//! has one place a stamp, and a collision forgets the older: nothing is searched, nothing grows.

use crate::decode::check::ones_complement_sum;
use crate::decode::odd::Odd;
use crate::decode::outline::IpAt;

/// Packets within which the same packet is known again.
pub const REACH: u32 = 64;

/// Places of the table: so many that 64 packets seldom share one.
const PLACES: usize = 2048;

/// What a packet is known by: 56 bits of hash and, in the lowest eight, its TTL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp(u64);

const TTL: u64 = 0xff;

/// Mixes two words.  The hash needs no seed: a packet that collides on purpose is taken for a
/// duplicate, and no more comes of it.
fn mix(a: u64, b: u64) -> u64 {
    let product = u128::from(a ^ 0x9e37_79b9_7f4a_7c15) * u128::from(b ^ 0xc2b2_ae3d_27d4_eb4f);
    #[expect(clippy::cast_possible_truncation, reason = "the two halves of the product")]
    let halves = ((product >> 64) as u64, product as u64);
    halves.0 ^ halves.1
}

fn word(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|word| u64::from(u32::from_be_bytes(*word)))
}

fn short(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|short| u64::from(u16::from_be_bytes(*short)))
}

impl Stamp {
    /// The stamp of a packet by its outermost IP header; none when nothing tells it from another
    /// that says the same: an acknowledgement without identification, say, may well come again.
    #[inline]
    pub fn of(bytes: &[u8], outer: Option<IpAt>) -> Option<Self> {
        let ip = outer?;
        let bytes = bytes.get(usize::from(ip.at)..)?;
        if ip.is_v6 { Self::of_v6(bytes) } else { Self::of_v4(bytes) }
    }

    #[inline]
    fn of_v4(bytes: &[u8]) -> Option<Self> {
        let head = bytes.first_chunk::<20>()?;
        let (words, _) = head.as_chunks::<4>();
        let word = |at: usize| words.get(at).map_or(0, |word| u64::from(u32::from_be_bytes(*word)));
        let header = usize::from(head[0] & 0xf) * 4;
        let (total, id, piece) = (word(0) & 0xffff, word(1) >> 16, word(1) & 0xffff);
        let (proto, ttl) = (head[9], head[8]);
        let carried = bytes.get(header..)?;
        let (ports, more) = if piece & 0x1fff == 0 { told(proto, carried)? } else { (0, 0) };
        if id == 0 && !is_told(bytes, proto, carried, total.saturating_sub(header as u64)) {
            return None;
        }
        let what = total << 48 | id << 32 | piece << 16 | u64::from(proto);
        let ends = word(3) << 32 | word(4);
        Some(Self::new(mix(mix(ends, what), ports << 32 ^ more), ttl))
    }

    #[inline]
    fn of_v6(bytes: &[u8]) -> Option<Self> {
        let head = bytes.first_chunk::<40>()?;
        let (words, _) = head.as_chunks::<4>();
        let word = |at: usize| words.get(at).map_or(0, |word| u64::from(u32::from_be_bytes(*word)));
        let (proto, ttl) = (head[6], head[7]);
        let carried = bytes.get(40..)?;
        let (ports, more) = match proto {
            6 | 17 => {
                if !is_told(bytes, proto, carried, word(1) >> 16) {
                    return None;
                }
                told(proto, carried)?
            }
            44 => (self::word(carried, 0)?, self::word(carried, 4)?),
            _ => return None,
        };
        let mut hash = word(0) << 32 | word(1) & 0xffff_ff00;
        for at in [2, 4, 6, 8] {
            hash = mix(hash, word(at) << 32 | word(at + 1));
        }
        Some(Self::new(mix(hash, ports << 32 ^ more), ttl))
    }

    fn new(hash: u64, ttl: u8) -> Self {
        Self(hash & !TTL | u64::from(ttl))
    }
}

/// Ports, sequence number and checksum of a transport header.
fn told(proto: u8, carried: &[u8]) -> Option<(u64, u64)> {
    Some(match proto {
        6 => (word(carried, 0)?, word(carried, 4)? ^ more_of_tcp(carried)?),
        17 => (word(carried, 0)?, word(carried, 4)?),
        1 => (word(carried, 0)?, word(carried, 4).unwrap_or(0)),
        _ => (0, 0),
    })
}

/// Acknowledgement number and checksum.
#[inline]
fn more_of_tcp(header: &[u8]) -> Option<u64> {
    Some(word(header, 8)? << 24 ^ word(header, 16)? << 16)
}

/// Whether a packet without identification is told from others all the same: by the checksum of
/// what it carries, when it carries something and the sender's card was not to fill it in.
fn is_told(ip: &[u8], proto: u8, carried: &[u8], len: u64) -> bool {
    match proto {
        // The sequence number tells segments apart.
        6 => carried.get(12).is_some_and(|octet| len > u64::from(octet >> 4) * 4),
        17 if len > 8 => {
            let is_v4 = ip.first().is_some_and(|octet| octet >> 4 == 4);
            let addresses = if is_v4 { ip.get(12..20) } else { ip.get(8..40) };
            let [.., high, low] = len.to_be_bytes();
            let sums = [addresses.unwrap_or_default(), &[0, proto, high, low]];
            let [a, b] = sums.map(ones_complement_sum);
            let (sum, carry) = a.overflowing_add(b);
            let partial = u64::from(sum.wrapping_add(u16::from(carry)));
            short(carried, 6).is_some_and(|sum| sum != 0 && sum != partial)
        }
        _ => false,
    }
}

/// What was seen last in each place.
#[derive(Debug, Clone)]
pub struct Window {
    places: Vec<Place>,
    now: u32,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    stamp: Stamp,
    at: u32,
}

impl Default for Window {
    fn default() -> Self {
        Self { places: vec![Place { stamp: Stamp(0), at: 0 }; PLACES], now: REACH + 1 }
    }
}

impl Window {
    /// Takes in the next stamp in capture order; whether it was there before, and how.
    pub fn see(&mut self, stamp: Stamp) -> Option<Odd> {
        self.now = self.now.wrapping_add(1);
        let place = usize::try_from(stamp.0 >> 53).unwrap_or(0);
        let place = self.places.get_mut(place)?;
        let is_near = self.now.wrapping_sub(place.at) <= REACH;
        place.at = self.now;
        if !is_near || (place.stamp.0 ^ stamp.0) & !TTL != 0 {
            place.stamp = stamp;
            return None;
        }
        let (before, now) = (place.stamp.0 & TTL, stamp.0 & TTL);
        if before == now {
            return Some(Odd::Duplicate);
        }
        // One hop less is what a router that is captured on both sides looks like.
        if before >= now + 2 {
            return Some(Odd::RoutingLoop);
        }
        if now > before {
            place.stamp = stamp;
        }
        None
    }
}
