//! One flow: what is kept of the packets of a tuple, both ways.
//!
//! Everything in it is a sum, a least, a greatest or a union, so that merging two parts gives what
//! folding all the packets would have.

use super::brief::Brief;
use super::count::Tally;
use super::key::Key;
use crate::capture::Record;

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
