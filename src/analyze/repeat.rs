//! Whether a packet is one of those before it again, octet by octet.
//!
//! Two packets are one where they are in the same VLANs and networks, their outermost IP headers
//! differ at most in TTL and checksum, and they carry the same octets: as many as [`LOOK`] of the
//! frame hold, by a seeded hash.  Only packets whose fingerprints agree are looked at, an earlier
//! one when a later one has the same.  That may be in the batch after, so the last packets' octets
//! are kept.

use std::collections::VecDeque;
use std::hash::{BuildHasher, Hash, Hasher};

use foldhash::quality::RandomState;

use super::record::PacketRecord;
use super::window::{REACH, Window};
use crate::base::timestamp::{TimeDelta, Timestamp};
use crate::capture::{Frame, LinkType, Told};
use crate::decode::anomaly::CrossPacket;
use crate::decode::fixed::Ip;
use crate::decode::header_at::IpAt;
use crate::decode::{Layers, Packet, walk};
use crate::wire::Layer;

/// Octets of a frame that are looked at: tags, an IP header and 256 of what it carries, as a rule.
pub const LOOK: usize = 384;

/// Octets behind the outermost IP header that are looked at.
const CARRIED: usize = 256;

/// How long after a packet another is still it: senders repeat themselves later.
const SOON: TimeDelta = TimeDelta::from_seconds(1);

/// Finds packets that are earlier ones again.
#[derive(Debug)]
pub(super) struct Repeats {
    window: Window,
    /// The last packets of the batches before, at their number's place.
    kept: Vec<Kept>,
    /// Packets that were looked at, in capture order.
    seen: VecDeque<Seen>,
    layers: Layers,
    seed: RandomState,
}

/// What is kept of a packet for those of the next batch.
#[derive(Debug, Clone)]
struct Kept {
    number: u64,
    time: Option<Timestamp>,
    link: LinkType,
    original: u32,
    octets: Vec<u8>,
}

/// A packet that was looked at.
#[derive(Debug, Clone, Copy)]
struct Seen {
    number: u64,
    time: Option<Timestamp>,
    /// Of all that makes it the same; none where its headers were not captured.
    hash: Option<u64>,
    ttl: u8,
}

impl Repeats {
    /// Before any packet.
    pub(super) fn new(seed: RandomState) -> Self {
        let none = || Kept {
            number: 0,
            time: None,
            link: LinkType::RAW,
            original: 0,
            octets: Vec::with_capacity(LOOK),
        };
        let places = usize::try_from(REACH).unwrap_or(0);
        Self {
            window: Window::default(),
            kept: std::iter::repeat_with(none).take(places).collect(),
            seen: VecDeque::with_capacity(places + 2),
            layers: Layers::new(),
            seed,
        }
    }

    /// Takes in the packets of the next batch in capture order, whose frames `frame_of` gives by
    /// number; calls `with` for those that are earlier ones again.
    pub(super) fn see<'a>(
        &mut self,
        records: &[PacketRecord],
        frame_of: impl Fn(u64) -> Option<Frame<'a>>,
        mut with: impl FnMut(u64, CrossPacket),
    ) {
        for record in records {
            if let Some(fingerprint) = record.fingerprint
                && let Some(before) = self.window.see(record.number, fingerprint)
                && let Some(anomaly) = self.judge(record.number, before, &frame_of)
            {
                with(record.number, anomaly);
            }
        }
        self.keep(records, frame_of);
    }

    /// What a packet is whose fingerprint is that of the one with the number `before`.
    #[inline(never)]
    fn judge<'a>(
        &mut self,
        number: u64,
        before: u64,
        frame_of: &impl Fn(u64) -> Option<Frame<'a>>,
    ) -> Option<CrossPacket> {
        while self.seen.front().is_some_and(|seen| number.saturating_sub(seen.number) > REACH) {
            self.seen.pop_front();
        }
        if self.seen.iter().all(|seen| seen.number != before) {
            let seen = match frame_of(before) {
                Some(frame) => Seen::of(&frame, &mut self.layers, &self.seed),
                None => self.look_back(before)?,
            };
            let at = self.seen.partition_point(|seen| seen.number < before);
            self.seen.insert(at, seen);
        }
        let now = Seen::of(&frame_of(number)?, &mut self.layers, &self.seed);
        let same = || self.seen.iter().filter(|seen| seen.is_same(&now));
        // One hop less is what a router that is captured on both sides looks like.
        let found = if same().any(|seen| seen.ttl == now.ttl) {
            Some(CrossPacket::Duplicate)
        } else if same().any(|seen| seen.ttl >= now.ttl.saturating_add(2)) {
            Some(CrossPacket::RoutingLoop)
        } else {
            None
        };
        self.seen.push_back(now);
        found
    }

    /// A packet of an earlier batch.
    fn look_back(&mut self, number: u64) -> Option<Seen> {
        let kept = self.kept.get(place(number)).filter(|kept| kept.number == number)?;
        let &Kept { time, link, original, .. } = kept;
        let bytes = &kept.octets;
        let told = Told::default();
        let frame = Frame { number, time, link, interface: 0, original, bytes, told };
        Some(Seen::of(&frame, &mut self.layers, &self.seed))
    }

    /// Keeps the octets of packets that those of the next batch may be.
    fn keep<'a>(&mut self, records: &[PacketRecord], frame_of: impl Fn(u64) -> Option<Frame<'a>>) {
        let Some(last) = records.last().map(|record| record.number) else { return };
        let from = records.partition_point(|record| record.number + REACH <= last);
        let records = records.get(from..).unwrap_or_default();
        for record in records.iter().filter(|record| record.fingerprint.is_some()) {
            let (frame, kept) = (frame_of(record.number), self.kept.get_mut(place(record.number)));
            let (Some(frame), Some(kept)) = (frame, kept) else { continue };
            let Frame { number, time, link, original, bytes, .. } = frame;
            (kept.number, kept.time, kept.link, kept.original) = (number, time, link, original);
            kept.octets.clear();
            kept.octets.extend_from_slice(looked_at(bytes));
        }
    }
}

/// Where a packet is kept: among as many as are in reach, no two have one place.
fn place(number: u64) -> usize {
    usize::try_from(number % REACH).unwrap_or(0)
}

/// The octets of a frame that are looked at, whether it is at hand or was kept.
fn looked_at(bytes: &[u8]) -> &[u8] {
    bytes.get(..LOOK).unwrap_or(bytes)
}

impl Seen {
    fn of(frame: &Frame<'_>, layers: &mut Layers, seed: &RandomState) -> Self {
        let frame = Frame { bytes: looked_at(frame.bytes), ..*frame };
        walk::walk(&frame, layers);
        let (hash, ttl) = hash(&Packet { frame, layers }, seed).unzip();
        Self { number: frame.number, time: frame.time, hash, ttl: ttl.unwrap_or(0) }
    }

    /// Whether `other`, which came later, is the same packet soon after.
    fn is_same(&self, other: &Self) -> bool {
        let is_soon = match (self.time, other.time) {
            (Some(before), Some(now)) => (now - before).unsigned_nanos() <= SOON.unsigned_nanos(),
            _ => true,
        };
        self.hash.is_some() && self.hash == other.hash && is_soon
    }
}

/// A hash of all that makes a packet the same, and its TTL or hop limit; none where its outermost
/// IP header was not captured.
fn hash(packet: &Packet<'_>, seed: &RandomState) -> Option<(u64, u8)> {
    let (bytes, outer) = (packet.frame.bytes, packet.layers.index.outer);
    let mut hasher = seed.build_hasher();
    for span in packet.layers.spans().get(..usize::from(outer))? {
        let header = packet.header(*span);
        if span.layer == Layer::Vlan {
            let tag = header.first_chunk().copied().map(u16::from_be_bytes);
            tag.map(|tag| tag & 0xfff).hash(&mut hasher);
        } else if let Some(network) = span.layer.header().network {
            network(header).hash(&mut hasher);
        }
    }
    let span = packet.layers.span(outer)?;
    let ip = IpAt::of(span).read(bytes)?;
    let (mut header, mut at) = ([0; 60], usize::from(span.at));
    let own = bytes.get(at..span.end())?;
    header.get_mut(..own.len())?.copy_from_slice(own);
    // TTL and checksum, or the hop limit, are other ones behind a router.
    let left_out = if matches!(ip, Ip::V4(_)) { [8, 10, 11] } else { [7; 3] };
    for octet in left_out {
        *header.get_mut(octet)? = 0;
    }
    header.get(..own.len())?.hash(&mut hasher);
    // What is behind the packet is padding, which each link makes up.
    let end = ip.octets().map_or(bytes.len(), |octets| bytes.len().min(at.saturating_add(octets)));
    at = span.end();
    let carried = bytes.get(at..end).unwrap_or_default();
    carried.get(..CARRIED).unwrap_or(carried).hash(&mut hasher);
    Some((hasher.finish(), ip.ttl()))
}
