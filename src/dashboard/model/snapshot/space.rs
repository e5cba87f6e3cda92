//! Endpoints in the address space: the dots of the map, blocks of the registries, prefixes.

use std::collections::BTreeMap;

use crate::address::class::Class;
use crate::address::kind;
use crate::address::prefix::{Family, Prefix, Range};
use crate::address::registry::{Entry, SPACE_V4, SPACE_V6, UNICAST_V6};
use crate::analyze::conversation;
use crate::analyze::traffic::{Address, HeaderScope, Traffic, Visitor};
use crate::analyze::{Analysis, Tally};

/// Endpoints with what they sent and received, in the order of their addresses.
#[derive(Debug, Clone, Default)]
pub struct SortedEndpoints {
    /// IPv4.
    pub v4: Vec<Traffic<u32>>,
    /// IPv6.
    pub v6: Vec<Traffic<u128>>,
}

impl SortedEndpoints {
    /// All endpoints of an analysis, by the headers in `scope`.
    pub fn of(analysis: &Analysis, scope: HeaderScope) -> Self {
        let aggregate = conversation::aggregate(analysis, scope, 1, Self::default);
        let mut all = aggregate.visitors.into_iter().next().unwrap_or_default();
        all.v4.sort_unstable_by_key(|traffic| traffic.who);
        all.v6.sort_unstable_by_key(|traffic| traffic.who);
        all
    }
}

impl Visitor for SortedEndpoints {
    fn conversation(&mut self, _: Traffic<(Address, Address)>) {}

    fn endpoint(&mut self, Traffic { who, forth, back }: Traffic<Address>) {
        match who {
            Address::V4(who) => self.v4.push(Traffic { who, forth, back }),
            Address::V6(who) => self.v6.push(Traffic { who, forth, back }),
        }
    }
}

/// Addresses of class A to E, then IPv6.
pub fn letters(talks: &SortedEndpoints) -> [u64; 6] {
    let mut letters = [0; 6];
    for traffic in &talks.v4 {
        let letter = Class::of(traffic.who).name.bytes().next();
        letters[letter.map_or(4, |letter| usize::from(letter - b'A')).min(4)] += 1;
    }
    letters[5] = talks.v6.len() as u64;
    letters
}

/// Bits of an address that select the dot of a map: 128 × 128 of them.
pub const MAP_BITS: u8 = 14;

/// How many addresses of some were seen, and their packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Density {
    /// Addresses that were seen.
    pub addresses: u64,
    /// Packets from and to them.
    pub packets: u64,
}

impl Density {
    /// Adds what another has.
    pub fn merge(&mut self, other: Self) {
        self.addresses += other.addresses;
        self.packets += other.packets;
    }
}

/// A map of a block of IPv4: its dots, in the order of the addresses.
#[derive(Debug, Clone, Default)]
pub struct AddressMap {
    /// First address of the block.
    pub base: u32,
    /// Its length.
    pub len: u8,
    /// Dots with addresses, by number.
    pub dots: Vec<(u16, Density)>,
    /// All addresses together.
    pub total: Density,
}

impl AddressMap {
    /// The map of the block of `len` bits at `base`.
    pub fn of(endpoints: &[Traffic<u32>], base: u32, len: u8) -> Self {
        let shift = 32u8.saturating_sub(len).saturating_sub(MAP_BITS);
        let block = Prefix::new(Family::V4, base.into(), len);
        let (first, last) = (block.range().first, block.last());
        let mut map = Self { base, len, ..Self::default() };
        let from = endpoints.partition_point(|traffic| u128::from(traffic.who) < first);
        for traffic in
            endpoints.iter().skip(from).take_while(|traffic| u128::from(traffic.who) <= last)
        {
            let dot = u16::try_from((traffic.who - base) >> shift).unwrap_or(u16::MAX);
            let one = Density { addresses: 1, packets: traffic.total().packets };
            map.total.merge(one);
            match map.dots.last_mut().filter(|there| there.0 == dot) {
                Some(there) => there.1.merge(one),
                None => map.dots.push((dot, one)),
            }
        }
        map
    }

    /// What lies in the dots from `first` on, so many.
    pub fn density(&self, first: u32, count: u32) -> Density {
        let from = self.dots.partition_point(|dot| u32::from(dot.0) < first);
        let here = self.dots.iter().skip(from).take_while(|dot| u32::from(dot.0) < first + count);
        here.fold(Density::default(), |mut sum, dot| {
            sum.merge(dot.1);
            sum
        })
    }
}

/// A block of a registry with addresses in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// Its addresses.
    pub range: Range,
    /// What the registry calls it, or to whom it is allocated.
    pub name: &'static str,
    /// Whether it is set aside for a special purpose.
    pub is_special: bool,
    /// Addresses that were seen in it.
    pub addresses: u64,
    /// Their traffic.
    pub tally: Tally,
    /// Addresses that were seen in all.
    pub whole: u64,
}

/// The registry's narrowest row that holds all of `range`, and whether it is one for a special
/// purpose.
pub fn registered(range: Range) -> (Option<&'static Entry>, bool) {
    let (first, last) = (range.first, range.last);
    let special = kind::special(range);
    let row = special.or_else(|| match range.family {
        Family::V4 => {
            let low = |bits: u128| u32::try_from(bits).unwrap_or(u32::MAX);
            SPACE_V4.covering(low(first), low(last))
        }
        Family::V6 => UNICAST_V6.covering(first, last).or_else(|| SPACE_V6.covering(first, last)),
    });
    (row, special.is_some())
}

/// The blocks with addresses in them.
pub fn blocks(talks: &SortedEndpoints) -> Vec<Block> {
    let mut blocks = BTreeMap::new();
    gather(&mut blocks, Family::V4, &talks.v4);
    gather(&mut blocks, Family::V6, &talks.v6);
    let whole = blocks.values().map(|block: &Block| block.addresses).sum();
    blocks.into_values().map(|block| Block { whole, ..block }).collect()
}

fn gather<T: Copy + Into<u128>>(
    blocks: &mut BTreeMap<(u8, u128, u128), Block>,
    family: Family,
    endpoints: &[Traffic<T>],
) {
    for traffic in endpoints {
        let bits = traffic.who.into();
        let (row, is_special) = registered(Range { family, first: bits, last: bits });
        let all = Prefix::new(family, 0, 0).range();
        let range = row.map_or(all, |row| Range { family, first: row.first, last: row.last });
        let name = row.map_or("not allocated", |row| row.name);
        let key = (family.number(), range.first, range.last);
        let block = blocks.entry(key).or_insert(Block {
            range,
            name,
            is_special,
            addresses: 0,
            tally: Tally::default(),
            whole: 0,
        });
        block.addresses += 1;
        block.tally.merge(traffic.total());
    }
}

/// Lengths to which endpoints are rolled up, IPv4 and IPv6: from single addresses to the whole
/// allocation.
pub const ROLLS: [(u8, u8); 4] = [(32, 128), (24, 64), (16, 48), (8, 32)];

/// The endpoints of a prefix together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    /// The prefix.
    pub prefix: Prefix,
    /// Addresses that were seen in it.
    pub addresses: u64,
    /// What they sent and received.
    pub traffic: Traffic<()>,
}

/// The endpoints by prefixes of that row of [`ROLLS`].
pub fn networks(talks: &SortedEndpoints, roll: usize) -> Vec<Network> {
    let (v4, v6) = ROLLS.get(roll).copied().unwrap_or((24, 64));
    let mut networks = Vec::new();
    rolled(&mut networks, Family::V4, v4, &talks.v4);
    rolled(&mut networks, Family::V6, v6, &talks.v6);
    networks
}

fn rolled<T: Copy + Into<u128>>(
    networks: &mut Vec<Network>,
    family: Family,
    len: u8,
    endpoints: &[Traffic<T>],
) {
    for traffic in endpoints {
        let prefix = Prefix::new(family, traffic.who.into(), len);
        // Endpoints stand in the order of their addresses, so a prefix's stand together.
        match networks.last_mut().filter(|network| network.prefix == prefix) {
            Some(network) => {
                network.addresses += 1;
                network.traffic.forth.merge(traffic.forth);
                network.traffic.back.merge(traffic.back);
            }
            None => networks.push(Network {
                prefix,
                addresses: 1,
                traffic: Traffic { who: (), forth: traffic.forth, back: traffic.back },
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn traffic(who: u32, packets: u64) -> Traffic<u32> {
        Traffic { who, forth: Tally { packets, octets: packets * 100 }, back: Tally::default() }
    }

    #[test]
    fn every_address_is_one_of_its_dots() {
        let endpoints = [
            traffic(0, 1),
            traffic(0x0a00_0001, 2),
            traffic(0x0a00_0002, 3),
            traffic(0x0aff_ffff, 4),
            traffic(0xffff_ffff, 5),
        ];
        let map = AddressMap::of(&endpoints, 0, 0);
        assert_eq!(map.total, Density { addresses: 5, packets: 15 });
        // A dot of all of IPv4 is a /14: 10.0.0.0 begins number 640.
        assert_eq!(map.density(640, 1), Density { addresses: 2, packets: 5 });
        assert_eq!(map.density(640, 64), Density { addresses: 3, packets: 9 });
        assert_eq!(map.density(0, 1 << MAP_BITS), map.total);
        let ten = AddressMap::of(&endpoints, 0x0a00_0000, 8);
        assert_eq!(ten.total, Density { addresses: 3, packets: 9 });
        assert_eq!(ten.density(0, 1), Density { addresses: 2, packets: 5 });
        assert_eq!(ten.density((1 << MAP_BITS) - 1, 1), Density { addresses: 1, packets: 4 });
    }

    #[test]
    fn a_prefix_is_named_after_what_holds_all_of_it() {
        let name = |family, first, len| {
            let (row, is_special) = registered(Prefix::new(family, first, len).range());
            (row.map(|row| row.name), is_special)
        };
        let v4 = |first: u32, len| name(Family::V4, first.into(), len);
        assert_eq!(v4(0xc000_0001, 32), (Some("IPv4 Service Continuity Prefix"), true));
        assert_eq!(v4(0xc000_0000, 24), (Some("IETF Protocol Assignments"), true));
        assert_eq!(v4(0xc000_0000, 8), (Some("Administered by ARIN"), false));
        assert_eq!(v4(0x0a00_0000, 8), (Some("Private-Use"), true));
        assert_eq!(v4(0, 0), (None, false));
        // Half of ::1's and ::'s block is of others.
        let (row, is_special) = name(Family::V6, 1, 32);
        assert!(row != Some("Loopback Address") && !is_special, "{row:?}");
    }

    #[test]
    fn rolled_up_endpoints_keep_their_sums() {
        let endpoints = vec![
            traffic(0x0a00_0001, 2),
            traffic(0x0a00_0002, 3),
            traffic(0x0a00_0101, 4),
            traffic(1 << 31, 5),
        ];
        let talks = SortedEndpoints { v4: endpoints, v6: Vec::new() };
        for (roll, count) in [(0, 4), (1, 3), (2, 2), (3, 2)] {
            let networks = networks(&talks, roll);
            assert_eq!(networks.len(), count, "{roll}");
            let sum: u64 = networks.iter().map(|network| network.traffic.total().packets).sum();
            assert_eq!(sum, 14);
            assert_eq!(networks.iter().map(|network| network.addresses).sum::<u64>(), 4);
        }
        let blocks = blocks(&talks);
        assert_eq!(blocks[0].name, "Private-Use");
        assert!(blocks[0].is_special);
        assert_eq!((blocks[0].addresses, blocks[0].whole), (3, 4));
    }
}
