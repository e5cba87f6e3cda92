//! Flow keys: both directions of a flow have one, with the smaller end first.

use foldhash::quality::RandomState;

use crate::decode::fixed::Ip;
use crate::decode::outline::Outline;
use crate::decode::tuple::Pair;
use std::hash::{BuildHasher, Hasher};

/// Number of a chain of outer address pairs in [`super::path::Paths`]; 0 is none.
pub type PathId = u32;

/// What identifies a flow of one IP version.
pub trait Key: Copy + Eq + Send + Sync + std::fmt::Debug {
    /// An address.
    type Address: Copy + Ord + std::fmt::Debug;
    /// The key of nothing.
    const EMPTY: Self;

    /// The hash under a seed that packets cannot know.
    fn hash(&self, seed: &RandomState) -> u64;
    /// ICMP's identifier, of questions and answers.
    fn icmp_id(&self) -> Option<u16>;
    /// The end that is first in the key.
    fn first(&self) -> (Self::Address, u16);
    /// The other end.
    fn second(&self) -> (Self::Address, u16);
    /// IP protocol.
    fn proto(&self) -> u8;
    /// The chain of outer address pairs.
    fn path(&self) -> PathId;
    /// This key in another chain.
    #[must_use]
    fn with_path(self, path: PathId) -> Self;
    /// The key of the conversation: without ports and protocol.
    #[must_use]
    fn traffic(self) -> Self;
    /// The keys of the conversations of either end with itself.
    fn ends(self) -> [Self; 2];
    /// Both addresses, in the order of the key.
    fn pair(&self) -> Pair;
}

/// A flow over IPv4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct V4Key {
    addresses: [u32; 2],
    /// Ports; of ICMP the type and that of its answer in one, or its code, and the identifier.
    ports: [u16; 2],
    /// Path in the upper 24 bits, protocol in the lower 8.
    path_proto: u32,
}

/// A flow over IPv6.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct V6Key {
    /// Both addresses in halves, so that a key needs no alignment of 16.
    addresses: [[u64; 2]; 2],
    ports: [u16; 2],
    path_proto: u32,
}

impl V4Key {
    /// The key of an untunnelled flow between these ends, and whether they are swapped in it.
    #[inline]
    fn of([a, b]: [u32; 2], [p, q]: [u16; 2], proto: u8, swap: bool) -> Self {
        let path_proto = path_proto(0, proto);
        if swap {
            Self { addresses: [b, a], ports: [q, p], path_proto }
        } else {
            Self { addresses: [a, b], ports: [p, q], path_proto }
        }
    }
}

impl V6Key {
    /// The key of an untunnelled flow between these ends, and whether they are swapped in it.
    #[inline]
    fn of([a, b]: [[u64; 2]; 2], [p, q]: [u16; 2], proto: u8, swap: bool) -> Self {
        let path_proto = path_proto(0, proto);
        if swap {
            Self { addresses: [b, a], ports: [q, p], path_proto }
        } else {
            Self { addresses: [a, b], ports: [p, q], path_proto }
        }
    }
}

impl V4Key {
    /// The untunnelled key between these addresses and ports, which stand in one number, and
    /// whether they are turned round in it.
    #[inline]
    pub fn between((source, destination): (u32, u32), ports: u32, proto: u8) -> (Self, bool) {
        let [from, to] = both(ports);
        let swap = (destination, to) < (source, from);
        (Self::of([source, destination], [from, to], proto, swap), swap)
    }
}

impl V6Key {
    /// The untunnelled key between these addresses and ports, which stand in one number, and
    /// whether they are turned round in it.
    #[inline]
    pub fn between((source, destination): (u128, u128), ports: u32, proto: u8) -> (Self, bool) {
        let [from, to] = both(ports);
        let swap = (destination, to) < (source, from);
        let ends = [halves(source), halves(destination)];
        (Self::of(ends, [from, to], proto, swap), swap)
    }
}

/// The two ports of one number.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the two halves of the number")]
fn both(ports: u32) -> [u16; 2] {
    [(ports >> 16) as u16, ports as u16]
}

/// What is multiplied with it is spread over the upper bits: odd, and nearly 2^64 by the golden
/// ratio.
pub(super) const SPREADS: u64 = 0x9e37_79b9_7f4a_7c15;

/// Greatest path number that fits a key.
pub const MAX_PATH: PathId = (1 << 24) - 1;

fn path_proto(path: PathId, proto: u8) -> u32 {
    path.min(MAX_PATH) << 8 | u32::from(proto)
}

impl Key for V4Key {
    type Address = u32;
    const EMPTY: Self = Self { addresses: [0; 2], ports: [0; 2], path_proto: 0 };

    fn hash(&self, seed: &RandomState) -> u64 {
        let [a, b] = self.addresses;
        let [p, q] = self.ports;
        let mut hasher = seed.build_hasher();
        hasher.write_u64(u64::from(a) << 32 | u64::from(b));
        hasher.write_u64(u64::from(self.path_proto) << 32 | u64::from(p) << 16 | u64::from(q));
        hasher.finish()
    }

    fn icmp_id(&self) -> Option<u16> {
        icmp_id(self.ports, self.proto())
    }

    fn first(&self) -> (u32, u16) {
        (self.addresses[0], ports(self.ports, self.proto())[0])
    }

    fn second(&self) -> (u32, u16) {
        (self.addresses[1], ports(self.ports, self.proto())[1])
    }

    fn proto(&self) -> u8 {
        self.path_proto.to_le_bytes()[0]
    }

    fn path(&self) -> PathId {
        self.path_proto >> 8
    }

    fn with_path(self, path: PathId) -> Self {
        Self { path_proto: path_proto(path, self.proto()), ..self }
    }

    fn traffic(self) -> Self {
        Self { ports: [0; 2], path_proto: path_proto(self.path(), 0), ..self }
    }

    fn ends(self) -> [Self; 2] {
        self.addresses.map(|address| Self { addresses: [address; 2], ..self.traffic() })
    }

    fn pair(&self) -> Pair {
        Pair::V4(self.first().0, self.second().0)
    }
}

impl Key for V6Key {
    type Address = u128;
    const EMPTY: Self = Self { addresses: [[0; 2]; 2], ports: [0; 2], path_proto: 0 };

    fn hash(&self, seed: &RandomState) -> u64 {
        let [[a, b], [c, d]] = self.addresses;
        let [p, q] = self.ports;
        let mut hasher = seed.build_hasher();
        for word in [a, b, c, d] {
            hasher.write_u64(word);
        }
        hasher.write_u64(u64::from(self.path_proto) << 32 | u64::from(p) << 16 | u64::from(q));
        hasher.finish()
    }

    fn icmp_id(&self) -> Option<u16> {
        icmp_id(self.ports, self.proto())
    }

    fn first(&self) -> (u128, u16) {
        (join(self.addresses[0]), ports(self.ports, self.proto())[0])
    }

    fn second(&self) -> (u128, u16) {
        (join(self.addresses[1]), ports(self.ports, self.proto())[1])
    }

    fn proto(&self) -> u8 {
        self.path_proto.to_le_bytes()[0]
    }

    fn path(&self) -> PathId {
        self.path_proto >> 8
    }

    fn with_path(self, path: PathId) -> Self {
        Self { path_proto: path_proto(path, self.proto()), ..self }
    }

    fn traffic(self) -> Self {
        Self { ports: [0; 2], path_proto: path_proto(self.path(), 0), ..self }
    }

    fn ends(self) -> [Self; 2] {
        self.addresses.map(|address| Self { addresses: [address; 2], ..self.traffic() })
    }

    fn pair(&self) -> Pair {
        Pair::V6(self.first().0, self.second().0)
    }
}

fn join([high, low]: [u64; 2]) -> u128 {
    u128::from(high) << 64 | u128::from(low)
}

#[expect(clippy::cast_possible_truncation, reason = "the two halves of the number")]
fn halves(number: u128) -> [u64; 2] {
    [(number >> 64) as u64, number as u64]
}

/// A key of either version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlowKey {
    /// Over IPv4.
    V4(V4Key),
    /// Over IPv6.
    V6(V6Key),
}

/// The key of an untunnelled packet with that outline whose flow has that IP header, and whether
/// the packet goes from the key's second end to its first; none where it has no flow.
#[inline]
pub fn key_of(outline: &Outline, ip: Ip, bytes: &[u8]) -> Option<(FlowKey, bool)> {
    let pair = match ip {
        Ip::V4(ip) => Pair::V4(ip.source(), ip.destination()),
        Ip::V6(ip) => Pair::V6(ip.source(), ip.destination()),
    };
    let ports = outline.transport.and_then(|transport| transport.ports(bytes));
    Some(key(pair, outline.facts.proto?, ports))
}

/// The untunnelled key of a packet between these addresses and ports, as [`TransportAt::ports`] has
/// them, and whether it goes from the key's second end to its first.
///
/// [`TransportAt::ports`]: crate::decode::header_at::TransportAt::ports
#[inline]
pub fn key(pair: Pair, proto: u8, ports: Option<(u16, u16)>) -> (FlowKey, bool) {
    let is_icmp = matches!(proto, 1 | 58);
    let (sport, dport, one_way, id) = match ports {
        Some((message, id)) if is_icmp => {
            let [kind, code] = message.to_be_bytes().map(u16::from);
            let (sport, dport, one_way) = icmp_ports(proto == 58, kind, code);
            (sport, dport, one_way, id)
        }
        Some((source, destination)) => (source, destination, false, 0),
        None => (0, 0, false, 0),
    };
    // The two types of a conversation are turned round with its addresses.
    let both = |swap: bool| match (is_icmp, swap) {
        (false, _) => [sport, dport],
        (true, false) => [packed(sport, dport), id],
        (true, true) => [id, packed(dport, sport)],
    };
    match pair {
        Pair::V4(source, destination) => {
            let swap = !one_way && (destination, dport) < (source, sport);
            let key = V4Key::of([source, destination], both(swap), proto, swap);
            (FlowKey::V4(key), swap)
        }
        Pair::V6(source, destination) => {
            let swap = !one_way && (destination, dport) < (source, sport);
            let ends = [halves(source), halves(destination)];
            (FlowKey::V6(V6Key::of(ends, both(swap), proto, swap)), swap)
        }
    }
}

/// Two types of ICMP, or a type and a code, in one number.
fn packed(first: u16, second: u16) -> u16 {
    first << 8 | second & 0xff
}

/// The ports of a key's ends, or ICMP's types, or its type and code.
#[inline]
fn ports([a, b]: [u16; 2], proto: u8) -> [u16; 2] {
    if matches!(proto, 1 | 58) { a.to_be_bytes().map(u16::from) } else { [a, b] }
}

/// The identifier of a key, where its types have one.
fn icmp_id(key: [u16; 2], proto: u8) -> Option<u16> {
    let [kind, other] = ports(key, proto);
    let has_id = match proto {
        1 => matches!((kind, other), (8, 0) | (0, 8) | (13..=18, 13..=18)),
        58 => matches!((kind, other), (128, 129) | (129, 128)),
        _ => false,
    };
    has_id.then_some(key[1])
}

/// ICMP's type and code as a pair of ports (Community ID v1): a question's type and its answer's
/// make both directions one flow; any other message is a flow of one direction.
pub fn icmp_ports(v6: bool, kind: u16, code: u16) -> (u16, u16, bool) {
    let pairs: &[(u16, u16)] = if v6 {
        &[(128, 129), (133, 134), (135, 136), (130, 131), (144, 145), (139, 140)]
    } else {
        &[(8, 0), (13, 14), (15, 16), (10, 9), (17, 18)]
    };
    for &(question, answer) in pairs {
        if kind == question {
            return (question, answer, false);
        }
        if kind == answer {
            return (answer, question, false);
        }
    }
    (kind, code, true)
}
