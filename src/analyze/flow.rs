//! One flow: what is kept of the packets of a tuple, both ways.
//!
//! Everything in it is a sum, a least, a greatest or a union, so that merging two parts gives what
//! folding all the packets would have.

use super::brief::Brief;
use super::count::Tally;
use super::key::{Key, PathId, V4Key, V6Key};
use crate::capture::Record;
use crate::decode::tuple::Pair;

/// Both directions of a flow.  Direction 0 is from the key's first end to its second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flow<K> {
    /// What its packets have in common.
    pub key: K,
    /// Number of its first packet.
    pub number: u64,
    /// Earliest time; [`Record::NO_TIME`] when no packet has one.
    pub first: i64,
    /// Latest time.
    pub last: i64,
    /// Packets and octets each way.
    pub tallies: [Tally; 2],
    /// Least and greatest TTL or hop limit each way.
    pub ttl: [[u8; 2]; 2],
    /// All TCP flags seen each way.
    pub tcp: [u8; 2],
    /// Whether its first packet went from the second end to the first.
    pub swapped: bool,
    /// Whether it was used since the eviction hand last came by.
    pub used: bool,
}

impl<K: Key> Flow<K> {
    /// A flow without packets.
    pub fn new(key: K) -> Self {
        Self {
            key,
            number: u64::MAX,
            first: i64::MAX,
            last: Record::NO_TIME,
            tallies: [Tally::default(); 2],
            ttl: [[u8::MAX, 0]; 2],
            tcp: [0; 2],
            swapped: false,
            used: false,
        }
    }

    /// Adds one packet.
    pub fn fold(&mut self, brief: &Brief) {
        let way = usize::from(brief.swapped);
        self.tallies[way].add(u64::from(brief.octets));
        if brief.time != Record::NO_TIME {
            self.first = self.first.min(brief.time);
            self.last = self.last.max(brief.time);
        }
        let [least, greatest] = &mut self.ttl[way];
        *least = (*least).min(brief.inner_ttl);
        *greatest = (*greatest).max(brief.inner_ttl);
        self.tcp[way] |= brief.tcp_flags;
        if brief.number < self.number {
            self.number = brief.number;
            self.swapped = brief.swapped;
        }
        self.used = true;
    }

    /// Adds all packets of another part of the same flow.
    pub fn merge(&mut self, other: &Self) {
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        for way in 0..2 {
            self.tallies[way].merge(other.tallies[way]);
            self.ttl[way][0] = self.ttl[way][0].min(other.ttl[way][0]);
            self.ttl[way][1] = self.ttl[way][1].max(other.ttl[way][1]);
            self.tcp[way] |= other.tcp[way];
        }
        if other.number < self.number {
            self.number = other.number;
            self.swapped = other.swapped;
        }
        self.used |= other.used;
    }

    /// Packets and octets both ways.
    pub fn total(&self) -> Tally {
        let mut sum = self.tallies[0];
        sum.merge(self.tallies[1]);
        sum
    }
}

/// A flow of either version, for those who only read it.
#[derive(Debug, Clone, Copy)]
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
    /// A view of `flow` with addresses `first` and `second` of its key as a pair.
    fn new<K: Key>(flow: &Flow<K>, pair: Pair) -> Self {
        let ((_, first), (_, second)) = (flow.key.first(), flow.key.second());
        let turn = |two: [Tally; 2]| if flow.swapped { [two[1], two[0]] } else { two };
        Self {
            number: flow.number,
            pair: if flow.swapped { pair.turned() } else { pair },
            ports: if flow.swapped {
                (second, first)
            } else {
                (first, second)
            },
            proto: flow.key.proto(),
            path: flow.key.path(),
            tallies: turn(flow.tallies),
            ttl: if flow.swapped {
                [flow.ttl[1], flow.ttl[0]]
            } else {
                flow.ttl
            },
            tcp: if flow.swapped {
                [flow.tcp[1], flow.tcp[0]]
            } else {
                flow.tcp
            },
            times: (flow.first <= flow.last).then_some((flow.first, flow.last)),
            swapped: flow.swapped,
        }
    }

    /// Packets and octets both ways.
    pub fn total(&self) -> Tally {
        let mut sum = self.tallies[0];
        sum.merge(self.tallies[1]);
        sum
    }
}

impl From<&Flow<V4Key>> for FlowView {
    fn from(flow: &Flow<V4Key>) -> Self {
        Self::new(flow, Pair::V4(flow.key.first().0, flow.key.second().0))
    }
}

impl From<&Flow<V6Key>> for FlowView {
    fn from(flow: &Flow<V6Key>) -> Self {
        Self::new(flow, Pair::V6(flow.key.first().0, flow.key.second().0))
    }
}
