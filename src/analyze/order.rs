//! What depends on the order of packets, however many analysts there are.
//!
//! Each analyst notes of its batch what order matters to: the anomalies of single packets, a
//! [`Fingerprint`](super::window::Fingerprint) a packet, the fragments, addresses that are claimed,
//! and packets that are called too big.  The notes of batches are then gone through in capture
//! order: that is short work.

use foldhash::quality::RandomState;

use super::anomalies::{Anomalies, Late, Occurrence};
use super::claim::{Claim, Claims};
use super::clock::Clocks;
use super::fragment::Fragment;
use super::fragment::groups::FragmentGroups;
use super::path_mtu::{PathMtus, TooBig};
use super::records::PacketRecords;
use super::repeat::Repeats;
use super::sightings::Sight;
use crate::capture::{Batch, Frame};
use crate::decode::anomaly::{self, CrossPacket, Reading, StackChecks};
use crate::decode::stack::Stack;
use crate::decode::{Layers, Packet};

/// What is noted of one batch.
#[derive(Debug, Default)]
pub struct Notes {
    /// Anomalies, of single packets first.
    pub found: Vec<Occurrence>,
    /// Anomalies of packets of earlier batches.
    pub late: Vec<Late>,
    /// First and last time of each interface.
    clocks: Clocks,
    fragments: Vec<Fragment>,
    /// Addresses that hosts claim, and packets that routers call too big, in any order.
    claims: Vec<Claim>,
    too_big: Vec<TooBig>,
}

impl Notes {
    /// Forgets everything and keeps the memory.
    pub fn clear(&mut self) {
        self.found.clear();
        self.late.clear();
        self.clocks.clear();
        self.fragments.clear();
        self.claims.clear();
        self.too_big.clear();
    }

    /// Notes when the frames of a batch came, all of which count.
    pub fn see_times(&mut self, batch: &Batch) {
        let (clocks, found) = (&mut self.clocks, &mut self.found);
        clocks.see_all(batch, |packet| {
            found.push(Occurrence { packet, row: CrossPacket::Clock.number() });
        });
    }

    /// Notes when a frame came.
    #[inline]
    pub fn see_time(&mut self, frame: &Frame<'_>) {
        if self.clocks.see(frame) {
            self.found.push(Occurrence { packet: frame.number, row: CrossPacket::Clock.number() });
        }
    }

    /// Notes a packet that was walked; whether it is a fragment.
    pub fn see(&mut self, packet: &Packet<'_>) -> bool {
        self.look_through(packet);
        let before = self.fragments.len();
        Fragment::each(packet, |fragment| self.fragments.push(fragment));
        self.fragments.len() > before
    }

    /// Notes a packet of a known stack, which is no fragment; its headers are written to `layers`
    /// only when they are to be gone through.  Whether a few comparisons found all IPv4 checksums
    /// right.
    #[inline]
    pub fn see_known(
        &mut self,
        frame: &Frame<'_>,
        (end, last): (usize, u16),
        stack: &mut Stack,
        layers: &mut Layers,
    ) -> bool {
        let (number, found) = (frame.number, &mut self.found);
        let is_clear = stack.checks.look(frame, last, |row| {
            found.push(Occurrence { packet: number, row });
        });
        if !is_clear {
            stack.layers(end, last, layers);
            let packet = Packet { frame: *frame, layers };
            self.look_through(&packet);
            stack.checks.remember(&packet);
        }
        is_clear
    }

    /// Notes a packet of a known stack that ends as nearly all do, when nothing is wrong that takes
    /// more than a look: what its last two headers say.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "what one look reads stays in registers")]
    pub fn read<const V6: bool, const TCP: bool>(
        &mut self,
        frame: &Frame<'_>,
        checks: &StackChecks,
    ) -> Option<Reading> {
        let (number, found) = (frame.number, &mut self.found);
        checks.read::<V6, TCP>(frame, |row| found.push(Occurrence { packet: number, row }))
    }

    #[inline(never)]
    fn look_through(&mut self, packet: &Packet<'_>) {
        let (number, found) = (packet.frame.number, &mut self.found);
        anomaly::each(packet, false, &mut |anomaly| {
            found.push(Occurrence { packet: number, row: anomaly.number });
        });
        // What makes a claim or calls a packet too big is among what nothing rules out.
        self.claims.extend(Claim::of(packet));
        self.too_big.extend(TooBig::of(packet));
    }

    /// Counts what was found of the packets with those records.
    pub fn count(&self, anomalies: &mut Anomalies, records: &PacketRecords) {
        anomalies.add_all(&self.found, |packet| {
            let record = records.of_packet(packet)?;
            Some(Sight::of(record, records.pair(record)))
        });
        self.late.iter().for_each(|late| anomalies.add_late(late));
    }

    /// Keeps of what was found only what is about more than one packet, in order of packets.
    pub fn keep_cross_packet(&mut self) {
        self.found.retain(|occurrence| CrossPacket::bit(occurrence.row) != 0);
        self.found.sort_unstable();
    }

    /// The fragments, in capture order; of one packet the innermost first.
    pub fn fragments(&self) -> &[Fragment] {
        &self.fragments
    }

    /// Keeps what was found of packets with these numbers; an anomaly of an earlier packet is
    /// dropped, since it is unknown by now whether that packet counted.
    pub fn keep(&mut self, is_kept: impl Fn(u64) -> bool) {
        self.found.retain(|occurrence| is_kept(occurrence.packet));
        self.late.clear();
    }

    /// Bits of what was found of more than one packet and is reported at this one.
    pub fn cross_packet(&self, packet: u64) -> u32 {
        let from = self.found.partition_point(|occurrence| occurrence.packet < packet);
        let found = self.found.get(from..).unwrap_or_default().iter();
        let here = found.take_while(|occurrence| occurrence.packet == packet);
        here.fold(0, |bits, occurrence| bits | CrossPacket::bit(occurrence.row))
    }

    /// Forgets packets behind that number.
    pub fn truncate(&mut self, last: u64) {
        self.found.retain(|occurrence| occurrence.packet <= last);
        self.fragments.retain(|fragment| fragment.packet <= last);
        self.claims.retain(|claim| claim.packet <= last);
        self.too_big.retain(|told| told.packet <= last);
        self.clocks.truncate(last);
    }
}

/// What is known of all packets so far.
#[derive(Debug)]
pub struct CaptureOrder {
    clocks: Clocks,
    repeats: Repeats,
    groups: FragmentGroups,
    claims: Claims,
    paths: PathMtus,
}

impl CaptureOrder {
    /// The order before any packet.
    pub fn new(seed: RandomState) -> Self {
        Self {
            clocks: Clocks::default(),
            repeats: Repeats::new(seed.clone()),
            claims: Claims::new(seed.clone()),
            paths: PathMtus::new(seed.clone()),
            groups: FragmentGroups::new(seed),
        }
    }

    /// Goes through the notes of the next batch, whose frames `frame_of` gives by number: adds what
    /// order tells to what was found, and puts later fragments among `records` into the flow of the
    /// first of their datagram.
    pub fn go_through<'a>(
        &mut self,
        notes: &mut Notes,
        records: &mut PacketRecords,
        frame_of: impl Fn(u64) -> Option<Frame<'a>>,
    ) {
        for packet in self.clocks.go_on(&notes.clocks) {
            notes.found.push(Occurrence { packet, row: CrossPacket::Clock.number() });
        }
        let found = &mut notes.found;
        self.repeats.see(records.all(), &frame_of, |packet, anomaly| {
            found.push(Occurrence { packet, row: anomaly.number() });
        });
        // Packets of one stack are noted one after the other.
        notes.claims.sort_unstable_by_key(|claim| claim.packet);
        for claim in notes.claims.iter().filter(|claim| self.claims.see(claim)) {
            let row = CrossPacket::AddressConflict.number();
            found.push(Occurrence { packet: claim.packet, row });
        }
        notes.too_big.sort_unstable_by_key(|told| told.packet);
        self.paths.see(records, &notes.too_big, &frame_of, |packet| {
            found.push(Occurrence { packet, row: CrossPacket::BlackHole.number() });
        });
        for fragment in &notes.fragments {
            let (found, late) = (&mut notes.found, &mut notes.late);
            self.groups.see(fragment, records, &mut |of, anomaly| {
                let late_anomaly = Late { fragment: *of, row: anomaly.number() };
                if of.packet == fragment.packet {
                    found.push(late_anomaly.occurrence());
                } else {
                    late.push(late_anomaly);
                }
            });
        }
        self.groups.release(records);
    }

    /// Has later fragments that come before the first be in a flow of their own.
    pub fn wait_for_none(&mut self) {
        self.groups.wait_for_none();
    }

    /// Ends the capture: counts the fragments that are missing, and gives `records` those that
    /// waited for the first of their datagram.
    pub(super) fn end(&mut self, anomalies: &mut Anomalies, records: &mut PacketRecords) {
        self.groups.end(&mut |of, anomaly| {
            anomalies.add_last(Late { fragment: *of, row: anomaly.number() });
        });
        self.groups.release(records);
    }
}
