//! Fragments of datagrams: which belong together, what is wrong with them, whose ports are theirs.
//!
//! Groups go by source, destination, protocol and identification.  There are at most so many, and
//! each lives so long by the packets' own clock; hashes are seeded, since packets choose the keys.
//! Octets are not kept: [`super::datagram`] does that on request.

use std::collections::{HashMap, VecDeque};

use foldhash::quality::RandomState;

use crate::base::timestamp::{TimeDelta, Timestamp};
use crate::decode::Packet;
use crate::decode::anomaly::CrossPacket;
use crate::decode::header_at::TransportAt;
use crate::decode::layers::is_ip;
use crate::decode::tuple::{Pair, pair, tuple};
use crate::wire::Layer;

/// Datagrams followed at once: as many as a table holds before it doubles.
pub const GROUPS: usize = 4096 / 8 * 7;

/// Fragments of one datagram that are kept track of: as many as it has units of eight octets.
const FRAGMENTS: usize = 8192;

/// Fragments that are kept track of in all datagrams together: 7 MB of them.  Beyond that the
/// oldest datagrams are given up.
const ALL_FRAGMENTS: usize = 256 * GROUPS;

/// Time after its first fragment for which a datagram is waited for (RFC 8200, section 4.5).
pub const PATIENCE: TimeDelta = TimeDelta::from_seconds(60);

/// Nanoseconds for which a whole datagram is remembered: identifications come again.
const MEMORY: TimeDelta = TimeDelta::from_seconds(1);

/// What identifies a datagram in fragments.  Thousands are kept, so addresses are octets: as
/// numbers of 128 bits they would take half as much again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FragmentKey {
    /// Source and destination; those of IPv4 are the last four octets.
    addresses: [[u8; 16]; 2],
    id: u32,
    proto: u8,
    is_v6: bool,
}

impl FragmentKey {
    fn new(pair: Pair, proto: u8, id: u32) -> Self {
        let (addresses, is_v6) = match pair {
            Pair::V4(source, destination) => ([source.into(), destination.into()], false),
            Pair::V6(source, destination) => ([source, destination], true),
        };
        Self { addresses: addresses.map(u128::to_be_bytes), id, proto, is_v6 }
    }

    fn pair(&self) -> Pair {
        let [source, destination] = self.addresses.map(u128::from_be_bytes);
        if self.is_v6 {
            return Pair::V6(source, destination);
        }
        let low = |number| u32::try_from(number).unwrap_or(u32::MAX);
        Pair::V4(low(source), low(destination))
    }
}

/// One fragment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fragment {
    /// Number of its packet.
    pub packet: u64,
    /// Time, if it has one.
    pub time: Option<Timestamp>,
    key: FragmentKey,
    /// First octet within the datagram's payload.
    pub offset: u32,
    /// Octets.
    pub len: u32,
    /// Whether others follow it.
    pub more: bool,
    /// What its flow is known by, where the fragment has it, see [`TransportAt::ports`].
    pub ports: Option<(u16, u16)>,
    /// Where in the frame its flags and offset stand: two octets.
    pub at: u32,
    /// IP headers of its own down to the one that is in fragments.
    pub depth: u8,
}

impl Fragment {
    /// The fragment that `packet` is by its innermost IP header that is one.
    #[inline]
    pub fn of(packet: &Packet<'_>) -> Option<Self> {
        let index = &packet.layers.index;
        let span = packet.layers.span(index.inner)?;
        if span.layer == Layer::Ipv4 {
            let header = packet.header(span);
            let &[_, _, high, low, _, _, a, b, _, proto, ..] = header.first_chunk::<20>()?;
            let id = u32::from(u16::from_be_bytes([*header.get(4)?, *header.get(5)?]));
            let word = u16::from_be_bytes([a, b]);
            let more_or_offset = word & 0x3fff;
            if more_or_offset == 0 {
                return None;
            }
            let len = usize::from(u16::from_be_bytes([high, low])).checked_sub(header.len())?;
            let key = FragmentKey::new(pair(packet.frame.bytes, span)?, proto, id);
            let at = usize::from(span.at) + 6;
            Self::new(packet, key, at, (u32::from(word & 0x1fff) * 8, len, word & 0x2000 != 0))
        } else {
            Self::of_v6(packet, usize::from(index.inner))
        }
    }

    /// The fragment that an IPv6 packet is; atomic ones are none.
    fn of_v6(packet: &Packet<'_>, inner: usize) -> Option<Self> {
        let spans = packet.layers.spans();
        // Only extension headers have the room: the usual packet ends here.
        let behind = spans.get(inner + 1..)?;
        let mut behind = behind.iter().take_while(|span| !is_ip(span.layer));
        let span = behind.find(|span| span.layer == Layer::Fragment)?;
        let ip = spans.get(inner)?;
        let &[proto, _, high, low, a, b, c, d] = packet.header(*span).first_chunk()?;
        let word = u16::from_be_bytes([high, low]);
        if word & 0xfff9 == 0 {
            return None;
        }
        let octets = packet.header(*ip).get(4..6)?;
        let payload = usize::from(u16::from_be_bytes([octets[0], octets[1]]));
        let len = (usize::from(ip.at) + 40 + payload).checked_sub(span.end())?;
        let pair = pair(packet.frame.bytes, *ip)?;
        let key = FragmentKey::new(pair, proto, u32::from_be_bytes([a, b, c, d]));
        let at = usize::from(span.at) + 2;
        Self::new(packet, key, at, (u32::from(word & 0xfff8), len, word & 1 == 1))
    }

    fn new(
        packet: &Packet<'_>,
        key: FragmentKey,
        at: usize,
        (offset, len, more): (u32, usize, bool),
    ) -> Option<Self> {
        let ports = if offset == 0 {
            let transport = tuple(packet.frame.bytes, packet.layers).and_then(|of| of.transport);
            let span = transport.and_then(|at| packet.layers.spans().get(at));
            span.and_then(|span| TransportAt::of(*span).ports(packet.frame.bytes))
        } else {
            None
        };
        Some(Self {
            packet: packet.frame.number,
            time: packet.frame.time,
            key,
            offset,
            len: u32::try_from(len).ok()?,
            more,
            ports,
            at: u32::try_from(at).ok()?,
            depth: packet.layers.index.depth,
        })
    }

    /// IP protocol of its datagram, as its header names it.
    pub fn proto(&self) -> u8 {
        self.key.proto
    }

    /// Which datagram it is a part of.
    pub fn key(&self) -> FragmentKey {
        self.key
    }

    /// Source and destination address.
    pub fn pair(&self) -> Pair {
        self.key.pair()
    }

    fn end(&self) -> u32 {
        self.offset.saturating_add(self.len)
    }
}

/// The fragments of one datagram.
#[derive(Debug, Clone)]
struct FragmentGroup {
    first: Fragment,
    since: Timestamp,
    ports: Option<(u16, u16)>,
    /// Octets of the whole, once the last fragment was seen.
    octets: Option<u32>,
    /// Offset and end of each.
    fragments: Vec<(u32, u32)>,
    /// Sum of their lengths.
    sum: u32,
    /// Whether some of them overlap.
    has_overlap: bool,
    /// Whether all octets have come.
    is_whole: bool,
}

impl FragmentGroup {
    fn new(fragment: &Fragment, since: Timestamp) -> Self {
        Self {
            first: *fragment,
            since,
            ports: None,
            octets: None,
            fragments: Vec::new(),
            sum: 0,
            has_overlap: false,
            is_whole: false,
        }
    }

    /// Whether all octets have come, by a look at all fragments.
    fn reaches_end(&self) -> bool {
        // Fewer octets than it has cannot be all of them, however they lie.
        let Some(octets) = self.octets.filter(|octets| self.sum >= *octets) else { return false };
        let mut reached = 0;
        // Sorted by offset.
        for &(offset, end) in &self.fragments {
            if offset > reached {
                return false;
            }
            reached = reached.max(end);
        }
        reached >= octets
    }

    /// Adds a fragment; what is wrong with it.
    fn add(&mut self, fragment: &Fragment, with: &mut impl FnMut(CrossPacket)) {
        self.ports = self.ports.or(fragment.ports);
        let (offset, end) = (fragment.offset, fragment.end());
        let Err(at) = self.fragments.binary_search(&(offset, end)) else {
            // What is whole was handed on: its sender has begun another under the same number, or
            // the packet as such came twice, which is told.
            if !self.is_whole {
                with(CrossPacket::DuplicateFragment);
            }
            return;
        };
        if self.overlaps(at, offset, end) {
            self.has_overlap = true;
            with(CrossPacket::Overlap);
        }
        match self.octets {
            Some(octets) if !fragment.more && octets != end => with(CrossPacket::TwoEnds),
            Some(octets) if end > octets => with(CrossPacket::PastEnd),
            None if !fragment.more => {
                if self.fragments.iter().any(|&(_, to)| to > end) {
                    with(CrossPacket::PastEnd);
                }
                self.octets = Some(end);
            }
            _ => {}
        }
        if self.fragments.len() < FRAGMENTS {
            self.fragments.insert(at, (offset, end));
            self.sum = self.sum.saturating_add(fragment.len);
        }
        self.is_whole = self.reaches_end();
    }

    /// Whether octets that belong between the fragments before `at` and those from it on came
    /// already.
    fn overlaps(&self, at: usize, offset: u32, end: u32) -> bool {
        let is_same = |&(from, to): &(u32, u32)| offset < to && from < end;
        // Where none of the others overlap, only those beside it can.
        let beside = at.saturating_sub(1)..self.fragments.len().min(at.saturating_add(1));
        let near =
            if self.has_overlap { self.fragments.get(..) } else { self.fragments.get(beside) };
        near.unwrap_or_default().iter().any(is_same)
    }
}

/// Datagrams in fragments, in capture order.
#[derive(Debug, Clone)]
pub struct FragmentGroups {
    open: HashMap<FragmentKey, FragmentGroup, RandomState>,
    /// Keys and first packets by age; a key that was begun anew stands there twice.
    ages: VecDeque<(FragmentKey, u64)>,
    /// Fragments of all.
    fragments: usize,
    clock: Timestamp,
}

impl FragmentGroups {
    /// No datagrams.
    pub fn new(seed: RandomState) -> Self {
        Self {
            open: HashMap::with_hasher(seed),
            ages: VecDeque::new(),
            fragments: 0,
            clock: Timestamp::MIN,
        }
    }

    /// Takes in the next fragment; gives the ports of its datagram, where they are known.  `with`
    /// is called for what is wrong with it, and with the first fragment of datagrams that are given
    /// up.
    pub fn see(
        &mut self,
        fragment: &Fragment,
        with: &mut impl FnMut(&Fragment, CrossPacket),
    ) -> Option<(u16, u16)> {
        if let Some(time) = fragment.time {
            self.clock = self.clock.max(time);
        }
        self.forget(with);
        let (clock, key) = (self.clock, fragment.key);
        let is_over = self.open.get(&key).is_some_and(|group| {
            let place = (fragment.offset, fragment.end());
            group.is_whole && group.fragments.binary_search(&place).is_err()
        });
        if is_over {
            self.remove(&key);
        }
        let ages = &mut self.ages;
        let group = self.open.entry(key).or_insert_with(|| {
            ages.push_back((key, fragment.packet));
            FragmentGroup::new(fragment, clock)
        });
        let before = group.fragments.len();
        group.add(fragment, &mut |anomaly| with(fragment, anomaly));
        self.fragments += group.fragments.len() - before;
        group.ports
    }

    fn remove(&mut self, key: &FragmentKey) {
        if let Some(group) = self.open.remove(key) {
            self.fragments -= group.fragments.len();
        }
    }

    /// Lets go of datagrams that are too old, or too many.
    fn forget(&mut self, with: &mut impl FnMut(&Fragment, CrossPacket)) {
        while let Some(&(key, first)) = self.ages.front() {
            let Some(group) = self.open.get(&key).filter(|group| group.first.packet == first)
            else {
                self.ages.pop_front();
                continue;
            };
            let (age, is_whole) = (self.clock - group.since, group.is_whole);
            let is_old = age > if is_whole { MEMORY } else { PATIENCE };
            if !is_old && self.ages.len() < GROUPS && self.fragments < ALL_FRAGMENTS {
                return;
            }
            if !is_whole {
                with(&group.first, if is_old { CrossPacket::Gap } else { CrossPacket::Evicted });
            }
            self.remove(&key);
            self.ages.pop_front();
        }
    }

    /// Nothing comes any more: what is missing now is missing.
    pub fn end(&mut self, with: &mut impl FnMut(&Fragment, CrossPacket)) {
        for (key, first) in std::mem::take(&mut self.ages) {
            let group = self.open.get(&key).filter(|group| group.first.packet == first);
            if let Some(group) = group.filter(|group| !group.is_whole) {
                with(&group.first, CrossPacket::Gap);
            }
        }
        self.open.clear();
        self.fragments = 0;
    }
}

/// Puts a datagram's payload together from its fragments' octets: offset, octets, whether others
/// follow.  None while some are missing.  Where fragments overlap, what came first stays.
pub fn reassemble(fragments: &[(u32, &[u8], bool)]) -> Option<Vec<u8>> {
    let (last, octets, _) = fragments.iter().find(|(_, _, more)| !more)?;
    let end =
        usize::try_from(*last).ok()?.checked_add(octets.len()).filter(|end| *end <= 65_535)?;
    let (mut datagram, mut is_there) = (vec![0; end], vec![false; end]);
    for (offset, octets, _) in fragments {
        let start = usize::try_from(*offset).ok()?;
        for (at, octet) in (start..end).zip(*octets) {
            if !is_there[at] {
                (datagram[at], is_there[at]) = (*octet, true);
            }
        }
    }
    is_there.iter().all(|there| *there).then_some(datagram)
}
