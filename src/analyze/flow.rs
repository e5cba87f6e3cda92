//! One flow: what is kept of the packets of a tuple, both ways.
//!
//! Everything in it is a sum, a least, a greatest or a union, so that merging two parts gives what
//! folding all the packets would have.

use super::brief::Brief;
use super::count::Tally;
use super::key::{Key, PathId};
use crate::capture::Record;
use crate::decode::tuple::Pair;

/// Both directions of a flow.  Direction 0 is from the key's first end to its second.
///
/// Over IPv4 it fills one cache line: with the second line that it once reached into, a lookup in
/// 300 k flows cost half as much again.  What is only read at the end stands in [`Birth`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(align(64))]
pub struct Flow<K> {
    /// What its packets have in common.
    pub key: K,
    /// Earliest time; [`i64::MAX`] before any.
    pub first: i64,
    /// Latest time; [`Record::NO_TIME`] before any.
    pub last: i64,
    both: Both,
    /// Least and greatest TTL or hop limit each way.
    pub ttl: [[u8; 2]; 2],
    /// All TCP flags seen each way.
    pub tcp: [u8; 2],
    /// Whether it was used since the eviction hand last came by.
    pub used: bool,
}

/// How a flow began: the number of its first packet, and whether that went from the second end to
/// the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Birth(u64);

impl Birth {
    /// A flow that began with packet `number`.
    pub fn new(number: u64, swapped: bool) -> Self {
        Self(number << 1 | u64::from(swapped))
    }

    /// Number of the first packet.
    pub fn number(self) -> u64 {
        self.0 >> 1
    }

    /// Whether it went from the second end to the first.
    pub fn is_swapped(self) -> bool {
        self.0 & 1 != 0
    }

    /// The earlier of two births of one flow.
    pub fn merge(&mut self, other: Self) {
        *self = (*self).min(other);
    }
}

/// Packets and octets both ways, 48 bits each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Both {
    /// Each way: octets in the upper 48 bits, the lower 16 of the packets below.
    words: [u64; 2],
    /// Each way: the upper 32 bits of the packets.
    packets: [u32; 2],
}

impl Both {
    fn add(&mut self, way: usize, octets: u32) {
        let word = &mut self.words[way];
        if *word & 0xffff == 0xffff {
            *word &= !0xffff;
            self.packets[way] = self.packets[way].wrapping_add(1);
        } else {
            *word += 1;
        }
        *word = word.wrapping_add(u64::from(octets) << 16);
    }

    fn tally(&self, way: usize) -> Tally {
        let word = self.words[way];
        Tally { packets: u64::from(self.packets[way]) << 16 | (word & 0xffff), octets: word >> 16 }
    }

    fn merge(&mut self, way: usize, other: Tally) {
        let mut sum = self.tally(way);
        sum.merge(other);
        self.words[way] = sum.octets << 16 | (sum.packets & 0xffff);
        self.packets[way] = u32::try_from(sum.packets >> 16).unwrap_or(u32::MAX);
    }
}

impl<K: Key> Flow<K> {
    /// A flow without packets.
    pub fn new(key: K) -> Self {
        Self {
            key,
            first: i64::MAX,
            last: Record::NO_TIME,
            both: Both::default(),
            ttl: [[u8::MAX, 0]; 2],
            tcp: [0; 2],
            used: false,
        }
    }

    /// Adds one packet.
    pub fn fold(&mut self, brief: &Brief) {
        let way = usize::from(brief.swapped);
        self.both.add(way, brief.octets);
        if brief.time != Record::NO_TIME {
            self.first = self.first.min(brief.time);
            self.last = self.last.max(brief.time);
        }
        let [least, greatest] = &mut self.ttl[way];
        *least = (*least).min(brief.ttl);
        *greatest = (*greatest).max(brief.ttl);
        self.tcp[way] |= brief.tcp_flags;
        self.used = true;
    }

    /// Adds all packets of another part of the same flow.
    pub fn merge(&mut self, other: &Self) {
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        for way in 0..2 {
            self.both.merge(way, other.both.tally(way));
            self.ttl[way][0] = self.ttl[way][0].min(other.ttl[way][0]);
            self.ttl[way][1] = self.ttl[way][1].max(other.ttl[way][1]);
            self.tcp[way] |= other.tcp[way];
        }
        self.used |= other.used;
    }

    /// Packets and octets each way.
    pub fn tallies(&self) -> [Tally; 2] {
        [self.both.tally(0), self.both.tally(1)]
    }

    /// Packets and octets both ways.
    pub fn total(&self) -> Tally {
        let mut sum = self.both.tally(0);
        sum.merge(self.both.tally(1));
        sum
    }
}

/// A flow of either version, for those who only read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FlowView {
    /// Number of its first packet.
    pub number: u64,
    /// Addresses, from the sender of the first packet to its receiver.
    pub pair: Pair,
    /// Ports or ICMP type and its counterpart, the same way.
    pub ports: (u16, u16),
    /// IP protocol.
    pub proto: u8,
    /// Chain of outer address pairs.
    pub path: PathId,
    /// To the receiver of the first packet, and back.
    pub tallies: [Tally; 2],
    /// Least and greatest TTL or hop limit, the same ways; the least is greater where there is none.
    pub ttl: [[u8; 2]; 2],
    /// TCP flags, the same ways.
    pub tcp: [u8; 2],
    /// Earliest and latest time, when any packet had one.
    pub times: Option<(i64, i64)>,
    /// Whether the key is the other way round.
    pub swapped: bool,
}

impl FlowView {
    /// A view of `flow`.
    pub fn of<K: Key>(flow: &Flow<K>, birth: Birth) -> Self {
        let pair = flow.key.pair();
        let ((_, first), (_, second)) = (flow.key.first(), flow.key.second());
        let swapped = birth.is_swapped();
        let turn = |two: [Tally; 2]| if swapped { [two[1], two[0]] } else { two };
        Self {
            number: birth.number(),
            pair: if swapped { pair.turned() } else { pair },
            ports: if swapped { (second, first) } else { (first, second) },
            proto: flow.key.proto(),
            path: flow.key.path(),
            tallies: turn(flow.tallies()),
            ttl: if swapped { [flow.ttl[1], flow.ttl[0]] } else { flow.ttl },
            tcp: if swapped { [flow.tcp[1], flow.tcp[0]] } else { flow.tcp },
            times: (flow.first <= flow.last).then_some((flow.first, flow.last)),
            swapped,
        }
    }

    /// Packets and octets both ways.
    pub fn total(&self) -> Tally {
        let mut sum = self.tallies[0];
        sum.merge(self.tallies[1]);
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::key::{V4Key, V6Key};

    #[test]
    fn a_flow_over_ipv4_fills_one_cache_line() {
        assert_eq!((size_of::<Flow<V4Key>>(), size_of::<Flow<V6Key>>()), (64, 128));
    }

    #[test]
    fn counts_carry_into_their_upper_bits() {
        let mut both = Both::default();
        for _ in 0..70_000 {
            both.add(1, 65_535);
        }
        both.add(0, 60);
        let octets = 70_000 * 65_535;
        assert_eq!(both.tally(1), Tally { packets: 70_000, octets });
        assert_eq!(both.tally(0), Tally { packets: 1, octets: 60 });
        both.merge(1, Tally { packets: 70_000, octets: 1 });
        assert_eq!(both.tally(1), Tally { packets: 140_000, octets: octets + 1 });
    }
}
