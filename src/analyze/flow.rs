//! One flow: what is kept of the packets of a tuple, both ways.
//!
//! Everything in it is a sum, a least, a greatest or a union, so that merging two parts gives what
//! folding all the packets would have.

use super::count::Tally;
use super::key::{Key, PathId};
use super::record::PacketRecord;
use super::tcp::facts::{ConnectionFacts, FlowState};
use crate::base::timestamp::{Period, Timestamp};
use crate::decode::anomaly::{CrossPacket, CrossPackets};
use crate::decode::tuple::Pair;

/// Both directions of a flow.  Direction 0 is from the key's first end to its second.
///
/// Over IPv4 it fills one cache line: with the second line that it once reached into, a lookup in
/// 300 k flows cost half as much again.  What is read only at the end is in [`FlowStart`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C, align(64))]
pub struct Flow<K> {
    /// What its packets have in common.
    pub key: K,
    /// Its packets' times.
    pub period: Period,
    both: Both,
    /// Least and greatest TTL or hop limit each way.
    pub ttl: [[u8; 2]; 2],
    /// All TCP flags seen each way.
    pub tcp: [u8; 2],
    /// ECN code points seen, a bit each: one way in the lower four, the other above.
    ecn: u8,
    /// How much the slot is in use, and above whether checksums of each way are left to the
    /// sender's network card: a bit each, [`OFFLOADED`].
    in_use: u8,
}

/// How much a slot of a table is in use: it had one packet, or none since room was last needed.
const ONCE: u8 = 1;
/// It had more.
const USED: u8 = 2;
/// Both bits that say how much a slot is in use.
const USE: u8 = 3;

/// Checksums from the first end are left to the sender's network card; those from the second a bit
/// above.
const OFFLOADED: u8 = 1 << 4;

/// How a flow began: the number of its first packet, and whether that went from the second end to
/// the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FlowStart(u64);

impl FlowStart {
    /// The start of no flow.
    pub(super) const NONE: Self = Self(u64::MAX);

    /// A flow that began with that packet.
    pub fn of(record: &PacketRecord) -> Self {
        Self(record.number << 1 | u64::from(record.swapped))
    }

    /// Number of the first packet.
    pub fn number(self) -> u64 {
        self.0 >> 1
    }

    /// Whether it went from the second end to the first.
    pub fn is_swapped(self) -> bool {
        self.0 & 1 != 0
    }

    /// The earlier of two starts of one flow.
    pub fn merge(&mut self, other: Self) {
        *self = (*self).min(other);
    }
}

/// What a packet finds in its flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FlowMatch {
    /// Number of the flow: that of its first packet; 0 without a flow.
    pub flow: u64,
    /// Number of the first packet of its stream, of which a flow of TCP may have several.
    pub stream: u64,
    /// What is wrong with the flow since this packet.
    pub cross_packet: CrossPackets,
}

/// Packets and octets both ways, 40 and 48 bits, and which DSCP they have: the line has no octet
/// left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Both {
    /// Each way: octets in the upper 48 bits, the lower 16 of the packets below.
    words: [u64; 2],
    /// Each way: the upper 24 bits of the packets, and above them one more than the DSCP of all
    /// packets, 0 before any and [`DIFFERENT`] when they differ.
    above: [u32; 2],
}

/// Bits of [`Both::above`] that count packets.
const PACKETS: u32 = 0x00ff_ffff;

/// Stands for packets that differ in DSCP.
const DIFFERENT: u32 = 0xff << 24;

impl Both {
    #[inline]
    fn add(&mut self, way: usize, octets: u32, dscp: u8) {
        let (word, above) = (&mut self.words[way], &mut self.above[way]);
        if *word & 0xffff == 0xffff {
            *word &= !0xffff;
            *above = *above & !PACKETS | above.wrapping_add(1) & PACKETS;
        } else {
            *word += 1;
        }
        *word = word.wrapping_add(u64::from(octets) << 16);
        Self::note(above, (u32::from(dscp) + 1) << 24);
    }

    /// Notes packets of one DSCP, or of several.
    #[inline]
    fn note(above: &mut u32, other: u32) {
        let own = *above & !PACKETS;
        if own != other && other != 0 {
            *above |= if own == 0 { other } else { DIFFERENT };
        }
    }

    fn tally(&self, way: usize) -> Tally {
        let (word, above) = (self.words[way], self.above[way] & PACKETS);
        Tally { packets: u64::from(above) << 16 | (word & 0xffff), octets: word >> 16 }
    }

    fn merge(&mut self, way: usize, other: &Self) {
        let mut sum = self.tally(way);
        sum.merge(other.tally(way));
        self.words[way] = sum.octets << 16 | (sum.packets & 0xffff);
        let above = &mut self.above[way];
        let packets = u32::try_from(sum.packets >> 16).unwrap_or(PACKETS).min(PACKETS);
        *above = *above & !PACKETS | packets;
        Self::note(above, other.above[way] & !PACKETS);
    }
}

/// How the packets of one direction are marked, in their outermost IP header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marks {
    /// The DSCP of all packets; none without packets, or when they differ.
    pub dscp: Option<u8>,
    /// Whether they differ in it.
    pub dscp_changes: bool,
    /// ECN code points, a bit each from Not-ECT on: ECT(1), ECT(0), CE.
    pub ecn: u8,
}

impl Marks {
    /// Whether one sender does not mark so, or routers marked for congestion (RFC 3168, section 5).
    pub fn ecn_changes(&self, proto: u8) -> bool {
        let is_capable = self.ecn & 0b0110;
        // TCP begins without ECN, and goes without where it sends again (RFC 3168, section 6.1).
        let is_mixed = proto != 6 && self.ecn & 1 != 0 && is_capable != 0;
        self.ecn & 0b1000 != 0 || is_capable == 0b0110 || is_mixed
    }
}

/// Anomalies of a flow as bits, from the least and greatest TTL and the marks each way, and from
/// whether checksums are left to the sender's network card.
pub fn bits(ttl: [[u8; 2]; 2], marks: [Marks; 2], proto: u8, is_offloaded: bool) -> u32 {
    let changes = [
        (CrossPacket::Ttl, ttl.iter().any(|[least, greatest]| least < greatest)),
        (CrossPacket::Dscp, marks.iter().any(|marks| marks.dscp_changes)),
        (CrossPacket::Ecn, marks.iter().any(|marks| marks.ecn_changes(proto))),
        (CrossPacket::Offloaded, is_offloaded),
    ];
    let changed = changes.into_iter().filter(|(_, changes)| *changes);
    changed.fold(0, |bits, (anomaly, _)| bits | CrossPacket::bit(anomaly.number()))
}

impl<K: Key> Flow<K> {
    /// A flow without packets.
    pub fn new(key: K) -> Self {
        Self {
            key,
            period: Period::EMPTY,
            both: Both { words: [0; 2], above: [0; 2] },
            ttl: [[u8::MAX, 0]; 2],
            tcp: [0; 2],
            ecn: 0,
            in_use: 0,
        }
    }

    /// Whether it had packets since the last call: a first one alone does not count, so that floods
    /// of flows of one packet replace one another.
    pub(super) fn take_used(&mut self) -> bool {
        let is_used = self.in_use & USE == USED;
        self.in_use = self.in_use & !USE | ONCE;
        is_used
    }

    /// Reads of every cache line that it fills.
    #[inline]
    pub(super) fn touch(&self) -> u64 {
        self.both.words[0] ^ u64::from(self.key.proto())
    }

    /// Adds one packet.
    pub fn fold(&mut self, record: &PacketRecord) {
        let way = usize::from(record.swapped);
        self.both.add(way, record.octets, record.class >> 2);
        self.ecn |= 1 << (usize::from(record.class & 3) | way << 2);
        if let Some(time) = record.time {
            self.period.add(time);
        }
        let [least, greatest] = &mut self.ttl[way];
        *least = (*least).min(record.ttl);
        *greatest = (*greatest).max(record.ttl);
        self.tcp[way] |= record.tcp_flags;
        let in_use = if self.in_use & USE == 0 { ONCE } else { USED };
        let offloaded = u8::from(record.is_offloaded) * (OFFLOADED << way);
        self.in_use = self.in_use & !USE | in_use | offloaded;
    }

    /// What `record`, which is not added yet, is the first to show.
    pub fn changes(&self, record: &PacketRecord) -> CrossPackets {
        let way = usize::from(record.swapped);
        let [least, greatest] = self.ttl[way];
        let (dscp, mark) = (self.both.above[way] & !PACKETS, u32::from(record.class >> 2) + 1);
        let is_known = (least..=greatest).contains(&record.ttl)
            && (dscp == DIFFERENT || dscp == mark << 24)
            && self.ecn >> (usize::from(record.class & 3) | way << 2) & 1 == 1
            && (!record.is_offloaded || self.in_use & OFFLOADED << way != 0);
        if is_known {
            return CrossPackets::default();
        }
        let mut after = *self;
        after.fold(record);
        let bits =
            |flow: &Self| bits(flow.ttl, flow.marks(), flow.key.proto(), flow.is_offloaded());
        let dscp = self.marks()[way].dscp.unwrap_or(0);
        CrossPackets { bits: bits(&after) & !bits(self), before: [least, dscp] }
    }

    /// Whether anything changed in it that is an anomaly.
    pub fn has_anomaly(&self) -> bool {
        bits(self.ttl, self.marks(), self.key.proto(), self.is_offloaded()) != 0
    }

    /// Whether checksums of either way are left to the sender's network card.
    pub fn is_offloaded(&self) -> bool {
        self.in_use & (OFFLOADED | OFFLOADED << 1) != 0
    }

    /// Adds all packets of another part of the same flow.
    pub fn merge(&mut self, other: &Self) {
        self.period.merge(other.period);
        for way in 0..2 {
            self.both.merge(way, &other.both);
            self.ttl[way][0] = self.ttl[way][0].min(other.ttl[way][0]);
            self.ttl[way][1] = self.ttl[way][1].max(other.ttl[way][1]);
            self.tcp[way] |= other.tcp[way];
        }
        self.ecn |= other.ecn;
        let in_use = (self.in_use & USE).max(other.in_use & USE);
        self.in_use = (self.in_use | other.in_use) & !USE | in_use;
    }

    /// How its packets are marked, each way.
    pub fn marks(&self) -> [Marks; 2] {
        [0, 1].map(|way| {
            let dscp = self.both.above[way] & !PACKETS;
            let one = u8::try_from(dscp >> 24).ok().filter(|_| dscp != DIFFERENT);
            Marks {
                dscp: one.and_then(|more| more.checked_sub(1)),
                dscp_changes: dscp == DIFFERENT,
                ecn: self.ecn >> (4 * way) & 0x0f,
            }
        })
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

/// A flow over either IP version, to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FlowView {
    /// Number of its first packet.
    pub number: u64,
    /// Addresses, from the sender of the first packet to its receiver.
    pub pair: Pair,
    /// Ports or ICMP type and its counterpart, the same way.
    pub ports: (u16, u16),
    /// ICMP's identifier, of questions and answers.
    pub icmp_id: Option<u16>,
    /// IP protocol.
    pub proto: u8,
    /// Chain of outer address pairs.
    pub path: PathId,
    /// To the receiver of the first packet, and back.
    pub tallies: [Tally; 2],
    /// Least and greatest TTL or hop limit, the same ways; the least is greater where there is
    /// none.
    pub ttl: [[u8; 2]; 2],
    /// TCP flags, the same ways.
    pub tcp: [u8; 2],
    /// DSCP and ECN, the same ways.
    pub marks: [Marks; 2],
    /// Earliest and latest time, when any packet had one.
    pub times: Option<(Timestamp, Timestamp)>,
    /// Whether the key is the other way round.
    pub swapped: bool,
    /// Whether checksums of either way are left to the sender's network card.
    pub is_offloaded: bool,
    /// What its segments add up to, the same ways, where connections are followed.
    pub connection: Option<ConnectionFacts>,
}

impl FlowView {
    /// A view of `flow`, with what is known of its connection.
    pub fn with<K: Key>(
        flow: &Flow<K>,
        flow_start: FlowStart,
        connection: Option<ConnectionFacts>,
    ) -> Self {
        let swapped = flow_start.is_swapped();
        let connection = connection.map(|facts| if swapped { facts.turned() } else { facts });
        Self { connection, ..Self::of(flow, flow_start) }
    }

    /// How it stands, as EVE has it; none where that is not known.
    pub fn state(&self) -> Option<FlowState> {
        match (self.connection, self.proto) {
            (Some(facts), _) => Some(facts.state()),
            (None, 6) => None,
            _ if self.tallies.iter().all(|way| way.packets > 0) => Some(FlowState::Established),
            _ => Some(FlowState::New),
        }
    }

    /// A view of `flow`.
    pub fn of<K: Key>(flow: &Flow<K>, flow_start: FlowStart) -> Self {
        let pair = flow.key.pair();
        let ((_, first), (_, second)) = (flow.key.first(), flow.key.second());
        let swapped = flow_start.is_swapped();
        let [one, other] = flow.marks();
        let turn = |two: [Tally; 2]| if swapped { [two[1], two[0]] } else { two };
        Self {
            number: flow_start.number(),
            pair: if swapped { pair.turned() } else { pair },
            ports: if swapped { (second, first) } else { (first, second) },
            icmp_id: flow.key.icmp_id(),
            proto: flow.key.proto(),
            path: flow.key.path(),
            tallies: turn(flow.tallies()),
            ttl: if swapped { [flow.ttl[1], flow.ttl[0]] } else { flow.ttl },
            tcp: if swapped { [flow.tcp[1], flow.tcp[0]] } else { flow.tcp },
            marks: if swapped { [other, one] } else { [one, other] },
            times: flow.period.bounds(),
            swapped,
            is_offloaded: flow.is_offloaded(),
            connection: None,
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
            both.add(1, 65_535, 0);
        }
        both.add(0, 60, 46);
        let octets = 70_000 * 65_535;
        assert_eq!(both.tally(1), Tally { packets: 70_000, octets });
        assert_eq!(both.tally(0), Tally { packets: 1, octets: 60 });
        let other = both;
        both.merge(1, &other);
        assert_eq!(both.tally(1), Tally { packets: 140_000, octets: 2 * octets });
        let mut full = Both { words: [0xffff, 0], above: [PACKETS | 47 << 24, 0] };
        full.add(0, 1, 46);
        assert_eq!((full.tally(0).packets, full.above[0] >> 24), (0, 47));
    }

    /// RFC 4594: EF is 46, CS0 is 0.
    #[test]
    fn marks_of_parts_are_marks_of_the_whole_in_any_order() {
        let flow = |classes: &[u8]| {
            let mut flow = Flow::new(V4Key::EMPTY);
            for &class in classes {
                flow.both.add(0, 60, class >> 2);
                flow.ecn |= 1 << (class & 3);
            }
            flow
        };
        for (parts, dscp, changes, ecn) in [
            (&[&[][..], &[]][..], None, false, 0),
            (&[&[0b1011_1000, 0b1011_1010], &[]], Some(46), false, 0b0101),
            (&[&[], &[0], &[0b1000]], None, true, 0b0001),
            (&[&[0b1011_1000], &[0b1011_1000], &[0b11]], None, true, 0b1001),
            (&[&[0], &[4, 0], &[0]], None, true, 0b0001),
        ] {
            let expected = Marks { dscp, dscp_changes: changes, ecn };
            for parts in [parts.to_vec(), parts.iter().rev().copied().collect()] {
                let mut datagram = flow(&[]);
                for part in &parts {
                    datagram.merge(&flow(part));
                }
                assert_eq!(datagram.marks(), [expected, Marks::default()], "{parts:?}");
                assert_eq!(flow(&parts.concat()).marks()[0], expected, "{parts:?}");
            }
        }
    }
}
