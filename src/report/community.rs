//! Community IDs: a short name of a flow that other tools give it too.

use std::cell::RefCell;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest, Sha1};

use crate::analyze::key::icmp_ports;
use crate::decode::tuple::Pair;

/// Flows whose names a thread remembers; a power of two.
const REMEMBERED: usize = 256;

/// What is hashed: the smaller end first.
type Ends = (Pair, u8, Option<(u16, u16)>);

/// Octets of a hash in base 64.
const HASH: usize = 28;

/// Octets of a Community ID: its version, a colon and the hash.
const LEN: usize = HASH + 2;

/// A Community ID, version 1 with seed 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommunityId([u8; LEN]);

impl CommunityId {
    /// That of the flow between these addresses; of ICMP by type and code.
    pub fn of(pair: Pair, proto: u8, ports: Option<(u16, u16)>) -> Self {
        Self(known(pair, proto, ports))
    }

    /// Its text.
    pub fn text(&self) -> &str {
        // Base 64 is ASCII.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// A flow and its name, once there was one.
type Known = Option<(Ends, [u8; LEN])>;

thread_local! {
    static KNOWN: RefCell<[Known; REMEMBERED]> = const { RefCell::new([None; REMEMBERED]) };
}

fn known(pair: Pair, proto: u8, ports: Option<(u16, u16)>) -> [u8; LEN] {
    let ports = ports.filter(|_| matches!(proto, 1 | 6 | 17 | 58 | 132));
    let (ports, one_way) = match ports {
        Some((kind, code)) if is_icmp(proto) => {
            let (source, destination, one_way) = icmp_ports(proto == 58, kind, code);
            (Some((source, destination)), one_way)
        }
        ports => (ports, false),
    };
    let (source, destination) = ports.unwrap_or((0, 0));
    let swap = !one_way
        && match pair {
            Pair::V4(a, b) => (b, destination) < (a, source),
            Pair::V6(a, b) => (b, destination) < (a, source),
        };
    let (pair, (source, destination)) =
        if swap { (pair.turned(), (destination, source)) } else { (pair, (source, destination)) };
    let ends = (pair, proto, ports.map(|_| (source, destination)));
    KNOWN.with_borrow_mut(|known| {
        let place = &mut known[place(&ends)];
        match place {
            Some((known, name)) if *known == ends => *name,
            _ => place.insert((ends, name(&ends))).1,
        }
    })
}

fn place(&(pair, _, ports): &Ends) -> usize {
    let (a, b) = match pair {
        Pair::V4(a, b) => (a.into(), b.into()),
        Pair::V6(a, b) => (a, b),
    };
    let (source, destination) = ports.unwrap_or_default();
    let mixed = a ^ b.rotate_left(3) ^ u128::from(source ^ destination.rotate_left(7));
    let mixed = mixed ^ mixed >> 8;
    usize::from(mixed.to_le_bytes()[0]) % REMEMBERED
}

fn name(&(pair, proto, ports): &Ends) -> [u8; LEN] {
    let mut hash = Sha1::new();
    hash.update([0, 0]);
    match pair {
        Pair::V4(a, b) => {
            hash.update(a.to_be_bytes());
            hash.update(b.to_be_bytes());
        }
        Pair::V6(a, b) => {
            hash.update(a.to_be_bytes());
            hash.update(b.to_be_bytes());
        }
    }
    hash.update([proto, 0]);
    if let Some((source, destination)) = ports {
        hash.update(source.to_be_bytes());
        hash.update(destination.to_be_bytes());
    }
    let mut encoded = *b"1:                            ";
    // Twenty octets always take so many.
    let _ = STANDARD.encode_slice(hash.finalize().as_slice(), &mut encoded[LEN - HASH..]);
    encoded
}

/// Whether `proto` is ICMP or ICMPv6.
pub fn is_icmp(proto: u8) -> bool {
    matches!(proto, 1 | 58)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pairs and identifiers from the Community ID specification's baseline (seed 0).
    #[test]
    fn community_ids_are_those_of_the_specification() {
        let v4 = |a: [u8; 4], b: [u8; 4]| Pair::V4(u32::from_be_bytes(a), u32::from_be_bytes(b));
        for (pair, proto, ports, id) in [
            (
                v4([128, 232, 110, 120], [66, 35, 250, 204]),
                6,
                Some((34855, 80)),
                "1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
            ),
            (
                v4([66, 35, 250, 204], [128, 232, 110, 120]),
                6,
                Some((80, 34855)),
                "1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
            ),
            (
                v4([192, 168, 1, 52], [8, 8, 8, 8]),
                17,
                Some((54585, 53)),
                "1:d/FP5EW3wiY1vCndhwleRRKHowQ=",
            ),
            (
                v4([192, 168, 0, 103], [173, 252, 107, 4]),
                6,
                Some((56382, 443)),
                "1:3gNnqFly17fa0NS1jGKVVyGzvz8=",
            ),
        ] {
            assert_eq!(CommunityId::of(pair, proto, ports).text(), id);
        }
    }
}
