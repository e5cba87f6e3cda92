//! What depends on the order of packets, however many analysts there are.
//!
//! Each analyst notes of its batch what order matters to: the anomalies of single packets, a
//! [`Stamp`] a packet, and the fragments.  The notes of batches are then gone through in capture
//! order, as soon as those of all earlier ones are there: that is short work under a lock.

use std::collections::BTreeMap;

use foldhash::quality::RandomState;

use super::analysis::{Analysis, Limits};
use super::anomaly::{Anomalies, Late, Sighting};
use super::brief::{Briefs, Version};
use super::clock::Clocks;
use super::fragment::{Groups, Piece};
use super::key::{FlowKey, key};
use super::path::turn;
use super::window::{Stamp, Window};
use crate::capture::{Batch, Frame};
use crate::decode::odd::{self, Odd};
use crate::decode::outline::IpAt;
use crate::decode::stack::Recalled;
use crate::decode::{Layers, Packet};

/// What is noted of one batch.
#[derive(Debug, Default)]
pub struct Notes {
    /// Anomalies, of single packets first.
    pub found: Vec<Sighting>,
    /// What is told of packets that have gone by.
    pub late: Vec<Late>,
    /// First and last time of each interface.
    clocks: Clocks,
    stamps: Vec<(u64, Stamp)>,
    pieces: Vec<Piece>,
    /// What the analysis needs of the fragments, where they are held back.
    pub held: Briefs,
}

impl Notes {
    /// Forgets everything and keeps the memory.
    pub fn clear(&mut self) {
        self.found.clear();
        self.late.clear();
        self.clocks.clear();
        self.stamps.clear();
        self.pieces.clear();
        self.held.clear();
    }

    /// Notes when the frames of a batch came, all of which count.
    pub fn see_times(&mut self, batch: &Batch) {
        let (clocks, found) = (&mut self.clocks, &mut self.found);
        clocks.see_all(batch, |packet| found.push(Sighting { packet, row: Odd::Clock.number() }));
    }

    /// Notes when a frame came.
    #[inline]
    pub fn see_time(&mut self, frame: &Frame<'_>) {
        if self.clocks.see(frame) {
            self.found.push(Sighting { packet: frame.number, row: Odd::Clock.number() });
        }
    }

    /// Notes a packet that was walked; whether it is a fragment.
    pub fn see(&mut self, packet: &Packet<'_>) -> bool {
        self.look_through(packet);
        let frame = &packet.frame;
        let outer = packet.layers.span(packet.layers.digest.outer).map(IpAt::of);
        self.stamps.extend(Stamp::of(frame.bytes, outer).map(|stamp| (frame.number, stamp)));
        let piece = Piece::of(packet);
        self.pieces.extend(piece);
        piece.is_some()
    }

    /// Notes a packet of a known stack, which is no fragment; its headers are written to `layers` only
    /// when they are to be gone through.  Whether a few comparisons found all IPv4 checksums right.
    #[inline]
    pub fn see_known(
        &mut self,
        frame: &Frame<'_>,
        recalled: &mut Recalled<'_>,
        layers: &mut Layers,
    ) -> bool {
        let (number, found) = (frame.number, &mut self.found);
        let is_clear = recalled.stack.guard.look(frame, recalled.last, |row| {
            found.push(Sighting { packet: number, row });
        });
        if !is_clear {
            recalled.layers(layers);
            let packet = Packet { frame: *frame, layers };
            self.look_through(&packet);
            recalled.stack.guard.remember(&packet);
        }
        let stamp = Stamp::of(frame.bytes, recalled.stack.outline.outer);
        self.stamps.extend(stamp.map(|stamp| (number, stamp)));
        is_clear
    }

    #[inline(never)]
    fn look_through(&mut self, packet: &Packet<'_>) {
        let (number, found) = (packet.frame.number, &mut self.found);
        odd::each(packet, false, &mut |odd| {
            found.push(Sighting { packet: number, row: odd.number });
        });
    }

    /// Counts what was found.
    pub fn count(&self, anomalies: &mut Anomalies) {
        self.found.iter().for_each(|&sighting| anomalies.add(sighting));
        self.late.iter().for_each(|late| anomalies.add(late.sighting()));
    }

    /// Keeps of what was found only what is about more than one packet, in order of packets.
    pub fn keep_many(&mut self) {
        self.found.retain(|sighting| Odd::bit(sighting.row) != 0);
        self.found.sort_unstable();
    }

    /// The fragments, in capture order.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Keeps what was found of packets with these numbers; what is told of one that has gone by is
    /// forgotten, since nobody knows any more whether it counted.
    pub fn keep(&mut self, is_kept: impl Fn(u64) -> bool) {
        self.found.retain(|sighting| is_kept(sighting.packet));
        self.late.clear();
    }

    /// Bits of what was found of more than one packet and is told at this one.
    pub fn many(&self, packet: u64) -> u32 {
        let from = self.found.partition_point(|sighting| sighting.packet < packet);
        let found = self.found.get(from..).unwrap_or_default().iter();
        let here = found.take_while(|sighting| sighting.packet == packet);
        here.fold(0, |bits, sighting| bits | Odd::bit(sighting.row))
    }

    /// Forgets packets behind that number.
    pub fn truncate(&mut self, last: u64) {
        self.found.retain(|sighting| sighting.packet <= last);
        self.stamps.retain(|(number, _)| *number <= last);
        self.pieces.retain(|piece| piece.packet <= last);
    }
}

/// What is known of all packets so far.
#[derive(Debug)]
pub struct Order {
    clocks: Clocks,
    window: Window,
    groups: Groups,
    /// Fragments that were held back, and all that was found out here.
    analysis: Analysis,
    next: u64,
    waiting: BTreeMap<u64, Notes>,
    spare: Vec<Notes>,
}

impl Order {
    /// Before any packet.
    pub fn new(limits: Limits, seed: RandomState) -> Self {
        Self {
            clocks: Clocks::default(),
            window: Window::default(),
            groups: Groups::new(seed.clone()),
            analysis: Analysis::new(limits, seed),
            next: 0,
            waiting: BTreeMap::new(),
            spare: Vec::new(),
        }
    }

    /// Takes the notes of the batch with that number, and goes through those whose turn it is.
    ///
    /// What it leaves in `notes` is empty, with memory that was used before.
    pub fn deposit(&mut self, ordinal: u64, notes: &mut Notes) {
        if ordinal != self.next {
            let spare = self.spare.pop().unwrap_or_default();
            self.waiting.insert(ordinal, std::mem::replace(notes, spare));
            return;
        }
        self.take_in(notes);
        while let Some(mut notes) = self.waiting.remove(&self.next) {
            self.take_in(&mut notes);
            self.spare.push(notes);
        }
    }

    /// Goes through the notes whose turn it is, and counts what was found.
    fn take_in(&mut self, notes: &mut Notes) {
        self.next += 1;
        let mut held = std::mem::take(&mut notes.held);
        self.go_through(notes, &mut held, false);
        notes.count(&mut self.analysis.anomalies);
        self.analysis.fold(&mut held, |_, _| ());
        notes.held = held;
        notes.clear();
    }

    /// Goes through the notes of the next batch: adds what order tells to what was found, and gives
    /// fragments among `briefs` the ports of their datagrams.  What is told of packets that have gone
    /// by is noted where that `keeps_late`, and counted here where nobody asks for it.
    pub fn go_through(&mut self, notes: &mut Notes, briefs: &mut Briefs, keeps_late: bool) {
        for packet in self.clocks.go_on(&notes.clocks) {
            notes.found.push(Sighting { packet, row: Odd::Clock.number() });
        }
        for &(packet, stamp) in &notes.stamps {
            if let Some(odd) = self.window.see(stamp) {
                notes.found.push(Sighting { packet, row: odd.number() });
            }
        }
        for piece in &notes.pieces {
            let (found, late) = (&mut notes.found, &mut notes.late);
            let anomalies = &mut self.analysis.anomalies;
            let ports = self.groups.see(piece, &mut |of, odd| {
                let told = Late { piece: *of, row: odd.number() };
                if of.packet == piece.packet {
                    found.push(told.sighting());
                } else if keeps_late {
                    late.push(told);
                } else {
                    anomalies.add(told.sighting());
                }
            });
            if let Some(ports) = ports.filter(|_| piece.offset > 0) {
                credit(briefs, piece, ports);
            }
        }
    }

    /// Nothing comes any more; gives what was counted here.
    pub fn end(&mut self, limits: Limits, seed: RandomState) -> Analysis {
        // A batch whose analyst panicked never comes: those behind it count all the same.
        for mut notes in std::mem::take(&mut self.waiting).into_values() {
            self.take_in(&mut notes);
        }
        let late = &mut self.analysis.anomalies;
        self.groups.end(&mut |of, odd| late.add_last(Late { piece: *of, row: odd.number() }));
        std::mem::replace(&mut self.analysis, Analysis::new(limits, seed))
    }
}

/// Gives the brief of a later fragment the ports of its datagram.
fn credit(briefs: &mut Briefs, piece: &Piece, ports: (u16, u16)) {
    let at = briefs.parts().briefs.partition_point(|brief| brief.number < piece.packet);
    let parts = briefs.parts();
    let Some(brief) = parts.briefs.get_mut(at).filter(|brief| brief.number == piece.packet) else {
        return;
    };
    if brief.flow == Version::None {
        return;
    }
    let (key, swapped) = key(piece.pair(), brief.proto, Some(ports));
    match key {
        FlowKey::V4(key) => brief.v4 = key,
        FlowKey::V6(key) => {
            if let Some(kept) = parts.v6.get_mut(brief.v6 as usize) {
                *kept = key;
            }
        }
    }
    if std::mem::replace(&mut brief.swapped, swapped) != swapped
        && let Some(chain) = briefs.chain_mut(at)
    {
        // The key is the other way round now.
        turn(chain);
    }
}
