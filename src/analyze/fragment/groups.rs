//! Fragments of one datagram after the other: what is wrong with them, whose flow is theirs.
//!
//! There are at most so many datagrams, and each lives so long by the packets' own clock; hashes
//! are seeded, since packets choose the keys.  Octets are not kept: [`super::super::datagram`] does
//! that on request.

use std::collections::{HashMap, VecDeque};

use foldhash::quality::RandomState;

use super::{Fragment, FragmentKey};
use crate::analyze::credit::{Credit, Early};
use crate::analyze::records::PacketRecords;
use crate::base::timestamp::{TimeDelta, Timestamp};
use crate::decode::anomaly::CrossPacket;

/// Datagrams followed at once: as many as a table holds before it doubles.
pub const GROUPS: usize = 4096 / 8 * 7;

/// Fragments of one datagram that are kept track of: as many as it has units of eight octets.
const FRAGMENTS: usize = 8192;

/// Fragments that are kept track of in all datagrams together: 11 MB of them.  Beyond that the
/// oldest datagrams are given up.
const ALL_FRAGMENTS: usize = 256 * GROUPS;

/// Fragments of one datagram that wait for its first to know their flow: as many as 64 KiB have on
/// an Ethernet.
const EARLY: usize = 48;

/// Fragments of all datagrams that do: 1 MB of them.
const ALL_EARLY: usize = 8192;

/// Time after its first fragment for which a datagram is waited for (RFC 8200, section 4.5).
pub const PATIENCE: TimeDelta = TimeDelta::from_seconds(60);

/// Nanoseconds for which a whole datagram is remembered: identifications come again.
const MEMORY: TimeDelta = TimeDelta::from_seconds(1);

/// Where a fragment lies, and the hash of its octets.
#[derive(Debug, Clone, Copy)]
struct Piece {
    offset: u32,
    end: u32,
    fingerprint: u32,
}

impl Piece {
    fn of(fragment: &Fragment) -> Self {
        let Fragment { offset, fingerprint, .. } = *fragment;
        Self { offset, end: fragment.end(), fingerprint }
    }

    fn place(&self) -> (u32, u32) {
        (self.offset, self.end)
    }

    /// Whether another at the same place is known to have other octets.
    fn contradicts(&self, other: &Self) -> bool {
        let both = [self.fingerprint, other.fingerprint];
        !both.contains(&0) && self.fingerprint != other.fingerprint
    }
}

/// The fragments of one datagram.
#[derive(Debug, Clone)]
struct FragmentGroup {
    first: Fragment,
    since: Timestamp,
    /// The flow of its first fragment, once that came.
    credit: Option<Box<Credit>>,
    /// Fragments that came before it.
    early: Vec<Early>,
    /// Octets of the whole, once the last fragment was seen.
    octets: Option<u32>,
    /// Each, by offset and end.
    fragments: Vec<Piece>,
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
            credit: None,
            early: Vec::new(),
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
        for piece in &self.fragments {
            if piece.offset > reached {
                return false;
            }
            reached = reached.max(piece.end);
        }
        reached >= octets
    }

    /// The fragment at the same place, or where it belongs.
    fn find(&self, piece: &Piece) -> Result<Piece, usize> {
        let at = self.fragments.binary_search_by_key(&piece.place(), Piece::place)?;
        self.fragments.get(at).copied().ok_or(at)
    }

    /// Adds a fragment; what is wrong with it.
    fn add(&mut self, fragment: &Fragment, with: &mut impl FnMut(CrossPacket)) {
        let piece = Piece::of(fragment);
        let (offset, end) = piece.place();
        let at = match self.find(&piece) {
            Ok(known) => {
                // What is whole was handed on: its sender has begun another under the same number,
                // or the packet as such came twice, which is told.
                if !self.is_whole {
                    with(if known.contradicts(&piece) {
                        CrossPacket::FragmentConflict
                    } else {
                        CrossPacket::DuplicateFragment
                    });
                }
                return;
            }
            Err(at) => at,
        };
        if self.overlaps(at, offset, end) {
            self.has_overlap = true;
            with(CrossPacket::Overlap);
        }
        match self.octets {
            Some(octets) if !fragment.more && octets != end => with(CrossPacket::TwoEnds),
            Some(octets) if end > octets => with(CrossPacket::PastEnd),
            None if !fragment.more => {
                if self.fragments.iter().any(|piece| piece.end > end) {
                    with(CrossPacket::PastEnd);
                }
                self.octets = Some(end);
            }
            _ => {}
        }
        if self.fragments.len() < FRAGMENTS {
            self.fragments.insert(at, piece);
            self.sum = self.sum.saturating_add(fragment.len);
        }
        self.is_whole = self.reaches_end();
    }

    /// Whether octets that belong between the fragments before `at` and those from it on came
    /// already.
    fn overlaps(&self, at: usize, offset: u32, end: u32) -> bool {
        let is_same = |piece: &Piece| offset < piece.end && piece.offset < end;
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
    /// Those of them that wait for the first of their datagram.
    early: usize,
    /// Those that wait no more.
    released: Vec<Early>,
    /// Whether none is to wait.
    waits_for_none: bool,
    clock: Timestamp,
}

impl FragmentGroups {
    /// No datagrams.
    pub fn new(seed: RandomState) -> Self {
        Self {
            open: HashMap::with_hasher(seed),
            ages: VecDeque::new(),
            fragments: 0,
            early: 0,
            released: Vec::new(),
            waits_for_none: false,
            clock: Timestamp::MIN,
        }
    }

    /// Takes in the next fragment, and has its record among `records` count for the flow of the
    /// first of its datagram.  `with` is called for what is wrong with it, and with the first
    /// fragment of datagrams that are given up.
    pub fn see(
        &mut self,
        fragment: &Fragment,
        records: &mut PacketRecords,
        with: &mut impl FnMut(&Fragment, CrossPacket),
    ) {
        if let Some(time) = fragment.time {
            self.clock = self.clock.max(time);
        }
        self.forget(with);
        let (clock, key) = (self.clock, fragment.key);
        let is_over = self.open.get(&key).is_some_and(|group| {
            let piece = Piece::of(fragment);
            // Other octets are of another datagram under the same number.
            group.is_whole && !group.find(&piece).is_ok_and(|known| !known.contradicts(&piece))
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
        match &group.credit {
            None if fragment.offset == 0 => {
                group.credit = records.credit(fragment.packet, fragment.is_inner).map(Box::new);
                if let Some(credit) = &group.credit {
                    self.early -= group.early.len();
                    let early = group.early.drain(..);
                    self.released.extend(early.map(|early| early.credited(credit)));
                }
            }
            Some(credit) if fragment.offset > 0 => {
                records.give(fragment.packet, credit);
            }
            // Where a header around it is in fragments, too, its packet has others to wait for.
            None if !self.waits_for_none
                && !fragment.is_within
                && group.early.len() < EARLY
                && self.early < ALL_EARLY =>
            {
                let early = records.take(fragment.packet);
                self.early += usize::from(early.is_some());
                group.early.extend(early);
            }
            _ => {}
        }
    }

    /// From now on later fragments that come before the first are in a flow of their own.
    pub fn wait_for_none(&mut self) {
        self.waits_for_none = true;
    }

    /// Gives `records` the fragments that waited and do so no more.
    pub fn release(&mut self, records: &mut PacketRecords) {
        records.add_early(&mut self.released);
    }

    fn remove(&mut self, key: &FragmentKey) {
        if let Some(group) = self.open.remove(key) {
            self.fragments -= group.fragments.len();
            self.early -= group.early.len();
            self.released.extend(group.early);
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
            let group = self.open.get_mut(&key).filter(|group| group.first.packet == first);
            if let Some(group) = group {
                if !group.is_whole {
                    with(&group.first, CrossPacket::Gap);
                }
                self.released.append(&mut group.early);
            }
        }
        self.open.clear();
        (self.fragments, self.early) = (0, 0);
    }
}
