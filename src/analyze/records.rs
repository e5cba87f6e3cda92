//! What the analysis needs of one packet: a few numbers, so that decoding and folding can be
//! different steps on different cores.

mod later;

use arrayvec::ArrayVec;

use super::record::{PacketRecord, Version};

use super::anomalies::Occurrence;
use super::count::{Tally, small};
use super::credit::Early;
use super::key::{FlowKey, Key, MAX_PATH, V4Key, V6Key, key_of};
use super::path::{KnownChains, Paths};
use super::settings::KeyParts;
use super::sorted::Sorted;
use super::tcp::segment::Segment;
use super::window::Fingerprint;
use crate::capture::Frame;
use crate::decode::Packet;
use crate::decode::anomaly::{self, Reading, Transport};
use crate::decode::checksum::{MOST_SUMS, Status, SumAt};
use crate::decode::fixed::Ip;
use crate::decode::outline::{Facts, Outline};
use crate::decode::tuple::Pair;
use crate::wire::ipv4_option;

/// What encapsulates the flow of a packet.
#[derive(Debug, Clone, Copy)]
struct Tunnelled {
    /// Which packet of the records it is.
    record: u32,
    /// Which of the chains of the batch.
    chain: u32,
}

/// The packets of one header stack.
#[derive(Debug, Clone)]
pub struct StackRecord {
    /// What is the same for all of them.
    pub facts: Facts,
    /// Rows of the checksums in each of them, see [`crate::decode::checksum::ROWS`].
    pub sums: ArrayVec<u8, MOST_SUMS>,
    /// All of them together, once they were counted.
    pub tally: Tally,
}

impl StackRecord {
    fn of(outline: &Outline) -> Self {
        let asked = outline.sums.iter().filter(|sum| sum.is_asked());
        let sums = asked.map(|sum| sum.row).collect();
        Self { facts: outline.facts, sums, tally: Tally::default() }
    }
}

/// The numbers of some packets, in capture order; recycled.
#[derive(Debug, Default)]
pub struct PacketRecords {
    /// The numbers of the packets, and behind them unused ones kept for reuse.
    packets: Vec<PacketRecord>,
    count: usize,
    v6: Vec<V6Key>,
    stacks: Vec<StackRecord>,
    /// Where the stacks that are known by number stand among those of this batch.
    known: Vec<(u32, u32)>,
    /// A number that no other batch has.
    batch: u32,
    tunnelled: Vec<Tunnelled>,
    paths: KnownChains,
    /// Types of the options of outermost IPv4 headers, each once a packet, with its record.
    options: Vec<(u32, u8)>,
    /// Checksums that are not good, with the packet's record and their row.
    sums: Vec<(u32, u8, Status)>,
    sorted: [Sorted; 2],
    /// Later fragments that wait for the first to know their flow: their records, and those that
    /// wait no more.
    waiting: Vec<u32>,
    early: Vec<Early>,
    /// What identifies a flow beside its tuple.
    parts: KeyParts,
    /// The segments of the packets, where connections are followed.
    segments: Option<Vec<Segment>>,
}

/// What [`PacketRecords`] hold.
#[derive(Debug)]
pub struct Parts<'a> {
    /// One record for each packet.
    pub records: &'a mut [PacketRecord],
    /// Keys of flows over IPv6.
    pub v6: &'a mut [V6Key],
    /// The header stacks of the packets.
    pub stacks: &'a mut [StackRecord],
    /// Room to put packets in the order of their flows' tables: over IPv4, over IPv6.
    pub sorted: &'a mut [Sorted; 2],
    /// The packets' segments, where connections are followed.
    pub segments: &'a [Segment],
}

/// Stacks of one analyst that are known by number within a batch: more than it keeps at once.
const MOST_KNOWN: usize = 4_096;

impl PacketRecords {
    /// Records of no packets, whose flows are identified by their tuple and `parts`.
    pub fn new(parts: KeyParts) -> Self {
        Self { parts, ..Self::default() }
    }

    /// These records, which have the segments of packets too if connections are followed.
    #[must_use]
    pub fn following(self, connections: bool) -> Self {
        Self { segments: connections.then(Vec::new), ..self }
    }

    /// Forgets the packets and keeps the memory.
    pub fn clear(&mut self) {
        self.count = 0;
        if let Some(segments) = &mut self.segments {
            segments.clear();
        }
        self.v6.clear();
        self.stacks.clear();
        self.tunnelled.clear();
        self.paths.clear();
        self.options.clear();
        self.sums.clear();
        self.waiting.clear();
        self.early.clear();
        self.batch = self.batch.wrapping_add(1);
    }

    /// Gives the flows of tunnelled packets the numbers of their chains.
    pub(super) fn name_paths(&mut self, paths: &mut Paths) {
        self.paths.begin(paths);
        for &Tunnelled { record, chain } in &self.tunnelled {
            let path = self.paths.number(chain, paths);
            paths.overflowed += u64::from(path == MAX_PATH);
            let record = &mut self.packets[record as usize];
            match record.flow {
                Version::V4 => record.v4 = record.v4.with_path(path),
                Version::V6 => {
                    let key = &mut self.v6[record.v6 as usize];
                    *key = key.with_path(path);
                }
                Version::None => {}
            }
        }
    }

    /// What the records hold, borrowed part by part.
    pub fn parts(&mut self) -> Parts<'_> {
        Parts {
            records: self.packets.get_mut(..self.count).unwrap_or_default(),
            v6: &mut self.v6,
            stacks: &mut self.stacks,
            sorted: &mut self.sorted,
            segments: self.segments.as_deref().unwrap_or_default(),
        }
    }

    /// The last packet's.
    pub fn last(&self) -> Option<&PacketRecord> {
        self.packets.get(..self.count)?.last()
    }

    /// All records, in capture order.
    pub fn all(&self) -> &[PacketRecord] {
        self.packets.get(..self.count).unwrap_or_default()
    }

    /// That of the packet with that number.
    #[inline]
    pub fn of_packet(&self, number: u64) -> Option<&PacketRecord> {
        let all = self.all();
        let first = all.first()?.number;
        // Without a filter, none is left out.
        let guess = usize::try_from(number.checked_sub(first)?).ok()?;
        if let Some(record) = all.get(guess).filter(|record| record.number == number) {
            return Some(record);
        }
        let at = all.binary_search_by_key(&number, |record| record.number).ok()?;
        all.get(at)
    }

    /// From whom to whom a packet goes by the IP header that its flow is known by.
    #[inline]
    pub fn pair(&self, record: &PacketRecord) -> Option<Pair> {
        let pair = match record.flow {
            Version::V4 => record.v4.pair(),
            Version::V6 => self.v6.get(record.v6 as usize)?.pair(),
            Version::None => return None,
        };
        Some(if record.swapped { pair.turned() } else { pair })
    }

    /// How many packets there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Octets of packets with options, by type of option: each type once a packet.
    pub fn options(&self) -> impl Iterator<Item = (u8, u32)> + '_ {
        let octets = |record: u32| Some(self.packets.get(usize::try_from(record).ok()?)?.octets);
        self.options.iter().filter_map(move |&(record, kind)| Some((kind, octets(record)?)))
    }

    /// Whether there are no packets.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Forgets all but the first `count` packets.
    pub fn truncate(&mut self, count: usize) {
        self.count = self.count.min(count);
        if let Some(segments) = &mut self.segments {
            segments.truncate(count);
        }
        self.tunnelled.retain(|of| (of.record as usize) < count);
        self.options.retain(|&(record, _)| (record as usize) < count);
        self.sums.retain(|&(record, ..)| (record as usize) < count);
    }

    /// Forgets all but the packets with these indices, which ascend.
    pub fn keep(&mut self, which: &[u32]) {
        let place = |record: &mut u32| match which.binary_search(record) {
            Ok(at) => {
                *record = small(at);
                true
            }
            Err(_) => false,
        };
        self.tunnelled.retain_mut(|of| place(&mut of.record));
        self.options.retain_mut(|(record, _)| place(record));
        self.sums.retain_mut(|(record, ..)| place(record));
        for (to, &from) in which.iter().enumerate() {
            self.packets.swap(to, from as usize);
        }
        if let Some(segments) = &mut self.segments {
            for (to, &from) in which.iter().enumerate() {
                segments.swap(to, from as usize);
            }
            segments.truncate(which.len());
        }
        self.count = which.len();
    }

    /// Checksums that are not good: their row, and how they stand.
    pub fn sums(&self) -> impl Iterator<Item = (u8, Status)> + '_ {
        self.sums.iter().map(|&(_, row, status)| (row, status))
    }

    /// Makes room for so many packets more, whose numbers are all to be set; the place of the
    /// first.
    pub fn open(&mut self, count: usize) -> usize {
        let first = self.count;
        self.count += count;
        if self.packets.len() < self.count {
            self.packets.resize(self.count, PacketRecord::NONE);
        }
        if let Some(segments) = &mut self.segments {
            segments.resize(self.count, Segment::NONE);
        }
        first
    }

    /// Adds the numbers of a packet that was walked; Anomalies of its checksums are added to
    /// `found`.
    pub fn push(&mut self, packet: &Packet<'_>, found: &mut Vec<Occurrence>) {
        let place = self.open(1);
        self.set(place, packet, &Outline::of(packet.frame.bytes, packet.layers), found);
    }

    /// Sets the numbers of a packet that was walked.
    pub fn set(
        &mut self,
        place: usize,
        packet: &Packet<'_>,
        outline: &Outline,
        found: &mut Vec<Occurrence>,
    ) {
        if outline.facts.has_options
            && let Some(span) = packet.layers.span(packet.layers.index.outer)
        {
            note_options(&mut self.options, small(place), packet.header(span));
        }
        let stack = small(self.stacks.len());
        self.stacks.push(StackRecord::of(outline));
        self.set_known((place, stack), &packet.frame, outline, false, found);
    }

    /// Puts what was noted of packets in their order, after the numbers of several were set in
    /// another.
    pub fn order(&mut self) {
        self.tunnelled.sort_unstable_by_key(|of| of.record);
    }

    /// Where the stack of that number stands in this batch.
    #[inline]
    pub fn known_stack(&mut self, outline: &Outline, number: u32) -> u32 {
        let place = number as usize % MOST_KNOWN;
        if let Some(&(batch, at)) = self.known.get(place)
            && batch == self.batch
            && self.stacks.get(at as usize).is_some_and(|of| of.facts == outline.facts)
        {
            return at;
        }
        self.new_stack(outline, place)
    }

    #[inline(never)]
    fn new_stack(&mut self, outline: &Outline, place: usize) -> u32 {
        if self.known.len() <= place {
            // The number of no batch that comes soon.
            self.known.resize(place + 1, (self.batch.wrapping_sub(1), 0));
        }
        let at = small(self.stacks.len());
        self.stacks.push(StackRecord::of(outline));
        self.known[place] = (self.batch, at);
        at
    }

    /// Sets the numbers of a packet of a known stack whose innermost headers were read, and are in
    /// order but for the checksum of the last.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "what one look reads stays in registers")]
    pub fn set_read(
        &mut self,
        (place, stack): (usize, u32),
        frame: &Frame<'_>,
        outline: &Outline,
        reading: Reading,
        found: &mut Vec<Occurrence>,
    ) {
        let Reading { ip, transport, sum } = reading;
        let bytes = frame.bytes;
        let mut is_offloaded = false;
        let mut outer = ip;
        if outline.ips.len() > 1 {
            // Of IPv4 headers before, too, the checksums are right.
            let before = outline.sums.iter().rev().skip(1);
            for sum in before.filter(|sum| !sum.is_ipv4() && sum.is_asked()) {
                if sum.is_absent(bytes) {
                    self.sums.push((small(place), sum.row, Status::Absent));
                } else if !sum.is_good(bytes) {
                    is_offloaded |= self.note_sum((place, frame.number), sum, bytes, found);
                }
            }
            outer = outline.outer.and_then(|ip| ip.read(bytes)).unwrap_or(ip);
        }
        if sum != Status::Good
            && let Some(at) = outline.sums.last()
        {
            is_offloaded |= sum == Status::Offloaded;
            self.note_status((place, frame.number), at, sum, found);
        }
        let (ports, tcp_flags, proto) = match transport {
            Transport::Tcp(tcp) => (tcp.ports(), tcp.flags(), 6),
            Transport::Udp(udp) => (udp.ports(), 0, 17),
        };
        let (key, swapped) = match ip {
            Ip::V4(ip) => {
                let (key, swapped) = V4Key::between((ip.source(), ip.destination()), ports, proto);
                (FlowKey::V4(key), swapped)
            }
            Ip::V6(ip) => {
                let (key, swapped) = V6Key::between((ip.source(), ip.destination()), ports, proto);
                (FlowKey::V6(key), swapped)
            }
        };
        let (v4, v6, flow) = self.keep_key(Some(key));
        if !outline.around.is_empty() {
            self.push_chain((place, swapped), outline, bytes);
        }
        if let Some(room) = self.segments.as_mut().and_then(|all| all.get_mut(place)) {
            *room = Segment::of(frame, outline);
        }
        let Some(slot) = self.packets.get_mut(place) else { return };
        *slot = PacketRecord {
            v4,
            v6,
            flow,
            swapped,
            hops: outer.ttl(),
            ttl: ip.ttl(),
            class: outer.class(),
            proto,
            tcp_flags,
            is_offloaded,
            is_labelled: outer.has_flow_label(),
            fingerprint: Fingerprint::of_reading(bytes, outline, reading),
            ..PacketRecord::of(frame, stack)
        };
    }

    /// Sets the numbers of a packet of a stack of this batch, such as [`Self::known_stack`] gives.
    /// Whether its IPv4 checksums `are_good` may be known.
    #[inline]
    pub fn set_known(
        &mut self,
        (place, stack): (usize, u32),
        frame: &Frame<'_>,
        outline: &Outline,
        are_good: bool,
        found: &mut Vec<Occurrence>,
    ) {
        let bytes = frame.bytes;
        let mut is_offloaded = false;
        for sum in outline.sums.iter().filter(|sum| sum.is_asked()) {
            let is_good = if sum.is_ipv4() { are_good } else { sum.is_good(bytes) };
            if !is_good {
                is_offloaded |= self.note_sum((place, frame.number), sum, bytes, found);
            }
        }
        let outer = outline.outer;
        let head = outer.and_then(|ip| ip.read(bytes));
        let (hops, class, is_labelled) = match (head, outer) {
            (Some(ip), _) => (ip.ttl(), ip.class(), ip.has_flow_label()),
            // What was captured of it.
            (None, Some(ip)) => {
                (ip.ttl(bytes).unwrap_or(0), ip.class(bytes).unwrap_or(0), ip.has_flow_label(bytes))
            }
            (None, None) => (0, 0, false),
        };
        // Of tunnelled packets the innermost header counts.
        let inner = if outline.ips.len() > 1 { outline.ips.last() } else { None };
        let ttl = inner.map_or(hops, |ip| ip.ttl(bytes).unwrap_or(0));
        // As a rule it is read already.
        let own =
            if outline.flow == outer { head } else { outline.flow.and_then(|ip| ip.read(bytes)) };
        let key = own.and_then(|ip| key_of(outline, ip, bytes));
        let (v4, v6, flow) = self.keep_key(key.map(|(key, _)| key));
        let swapped = key.is_some_and(|(_, swapped)| swapped);
        if key.is_some() && !outline.around.is_empty() {
            self.push_chain((place, swapped), outline, bytes);
        }
        if let Some(room) = self.segments.as_mut().and_then(|all| all.get_mut(place)) {
            *room = Segment::of(frame, outline);
        }
        let Some(slot) = self.packets.get_mut(place) else { return };
        *slot = PacketRecord {
            v4,
            v6,
            flow,
            swapped,
            hops,
            ttl,
            class,
            proto: outline.facts.proto.unwrap_or(0),
            tcp_flags: outline.transport.map_or(0, |transport| transport.tcp_flags(bytes)),
            is_offloaded,
            is_labelled,
            fingerprint: Fingerprint::of(bytes, outline),
            ..PacketRecord::of(frame, stack)
        };
    }

    /// Keeps the key of a packet's flow: what the packet's record has of it.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "one version is known where it is called most")]
    fn keep_key(&mut self, key: Option<FlowKey>) -> (V4Key, u32, Version) {
        match key {
            Some(FlowKey::V4(key)) => (key, 0, Version::V4),
            Some(FlowKey::V6(key)) => {
                self.v6.push(key);
                (V4Key::EMPTY, small(self.v6.len() - 1), Version::V6)
            }
            None => (V4Key::EMPTY, 0, Version::None),
        }
    }

    /// Notes what encapsulates the flow of a packet.
    fn push_chain(&mut self, (place, swapped): (usize, bool), outline: &Outline, bytes: &[u8]) {
        let chain = self.paths.add(outline, bytes, (swapped, self.parts));
        let record = small(place);
        self.tunnelled.extend(chain.map(|chain| Tunnelled { record, chain }));
    }

    /// Notes a checksum of a packet that few steps did not find right; whether it is left to the
    /// sender's network card.
    #[inline(never)]
    fn note_sum(
        &mut self,
        (place, number): (usize, u64),
        sum: &SumAt,
        bytes: &[u8],
        found: &mut Vec<Occurrence>,
    ) -> bool {
        let status = sum.status(bytes);
        if status != Status::Good {
            self.note_status((place, number), sum, status, found);
        }
        status == Status::Offloaded
    }

    /// Notes how a checksum of a packet stands, which is not good.
    fn note_status(
        &mut self,
        (place, number): (usize, u64),
        sum: &SumAt,
        status: Status,
        found: &mut Vec<Occurrence>,
    ) {
        self.sums.push((small(place), sum.row, status));
        let row = anomaly::of_checksum(sum.row().layer, status);
        found.extend(row.map(|row| Occurrence { packet: number, row }));
    }
}

/// Notes the types of the options of an IPv4 header (RFC 791, section 3.1), each once.
#[cold]
fn note_options(seen: &mut Vec<(u32, u8)>, record: u32, header: &[u8]) {
    let known = seen.len();
    for option in ipv4_option::SET.of(header) {
        if !seen[known..].contains(&(record, option.code)) {
            seen.push((record, option.code));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::{Frame, LinkType};
    use crate::decode::outline::FragmentPart;
    use crate::decode::{Layers, walk};

    /// RFC 8200, section 4.5: fragment header with offset 1024, the last, and two octets behind it.
    const LATER: [u8; 50] = {
        let mut octets = [0; 50];
        octets[0] = 0x60;
        octets[5] = 10;
        octets[6] = 44;
        octets[7] = 64;
        octets[40] = 58;
        octets[42] = 0x04;
        octets
    };

    #[test]
    fn every_type_of_option_is_noted_once() {
        let mut header = [0; 40];
        // RFC 791, section 3.1: no operation, record route of one address, no operation, router
        // alert (RFC 2113), end of list, and what is no option behind it.
        header[20..33].copy_from_slice(&[1, 7, 7, 4, 0, 0, 0, 0, 1, 148, 4, 0, 0]);
        header[33] = 0;
        header[34] = 68;
        let mut seen = vec![(2, 7)];
        note_options(&mut seen, 3, &header);
        assert_eq!(seen, [(2, 7), (3, 1), (3, 7), (3, 148), (3, 0)]);
    }

    /// RFC 791, section 3.1: the length counts type and length, so that 0 and 1 fit no option.
    #[test]
    fn behind_an_option_whose_length_does_not_fit_nothing_is_noted() {
        for length in [0, 1, 5, 255] {
            let mut header = [0; 24];
            header[20..].copy_from_slice(&[8, length, 180, 172]);
            let mut seen = Vec::new();
            note_options(&mut seen, 3, &header);
            assert_eq!(seen, [(3, 8)], "{length}");
        }
    }

    #[test]
    fn a_later_ipv6_fragment_counts_though_no_transport_follows_it() {
        let frame = Frame {
            number: 1,
            time: None,
            link: LinkType::RAW,
            interface: 0,
            original: 50,
            bytes: &LATER,
            told: crate::capture::Told::default(),
        };
        let mut layers = Layers::new();
        walk::walk(&frame, &mut layers);
        let mut records = PacketRecords::default();
        records.push(&Packet { frame, layers: &layers }, &mut Vec::new());
        assert_eq!(records.stacks[0].facts.fragment, FragmentPart::Later);
    }
}
