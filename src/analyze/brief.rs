//! What the analysis needs of one packet: a few numbers, so that decoding and folding can be
//! different steps on different cores.

use arrayvec::ArrayVec;

use super::anomaly::Sighting;
use super::count::Tally;
use super::key::{FlowKey, Key, V4Key, V6Key, key_of};
use super::path::{Chain, Known, Paths, chain};
use super::shard::Sorted;
use crate::base::timestamp::Timestamp;
use crate::capture::Frame;
use crate::decode::Packet;
use crate::decode::checksum::{MOST_SUMS, Status};
use crate::decode::odd;
use crate::decode::outline::{Facts, Outline};
use crate::wire::{Layer, ipv4_option};

/// One packet's numbers: a cache line.
#[derive(Debug, Clone, Copy)]
pub struct Brief {
    /// Number in the capture, from 1.
    pub number: u64,
    /// Time, if it has one.
    pub time: Option<Timestamp>,
    /// Octets on the wire.
    pub octets: u32,
    /// Octets captured.
    pub captured: u32,
    /// Which interface.
    pub interface: u32,
    /// Where the facts of its header stack stand in [`Briefs`].
    pub stack: u32,
    /// Key of its flow over IPv4; its path is set when it is folded.
    pub v4: V4Key,
    /// Where its key over IPv6 stands in [`Briefs`], when its flow is over IPv6.
    pub v6: u32,
    /// Which of the two keys is its flow's.
    pub flow: Version,
    /// Whether the packet goes from the key's second end to its first.
    pub swapped: bool,
    /// TTL or hop limit of the outermost IP header; 0 too where it was not captured.
    pub hops: u8,
    /// TTL or hop limit of the IP header that its flow is told by.
    pub ttl: u8,
    /// DSCP and ECN of the outermost IP header.
    pub class: u8,
    /// IP protocol of the innermost IP header of its own, behind extension headers; without a flow
    /// it means nothing.
    pub proto: u8,
    /// TCP flags, CWR to FIN.
    pub tcp_flags: u8,
    /// Whether a checksum is left to the sender's card.
    pub is_offloaded: bool,
    /// Whether its outermost header is IPv6 with a flow label.
    pub is_labelled: bool,
}

/// Over which IP version a packet's flow goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// It has no flow: no IP header whose addresses were captured.
    None,
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

/// What the flow of a packet travels in.
#[derive(Debug)]
pub(super) struct Tunnelled {
    /// Which packet of the briefs it is.
    brief: u32,
    chain: Chain,
}

/// The packets of one header stack.
#[derive(Debug, Clone)]
pub struct OfStack {
    /// What is the same for all of them.
    pub facts: Facts,
    /// Rows of the checksums in each of them, see [`crate::decode::checksum::ROWS`].
    pub sums: ArrayVec<u8, MOST_SUMS>,
    /// All of them together, once they were counted.
    pub tally: Tally,
}

impl OfStack {
    fn of(outline: &Outline) -> Self {
        let sums = outline.sums.iter().map(|sum| sum.row).collect();
        Self { facts: outline.facts, sums, tally: Tally::default() }
    }
}

/// The numbers of some packets, in capture order; recycled.
#[derive(Debug, Default)]
pub struct Briefs {
    packets: Vec<Brief>,
    v6: Vec<V6Key>,
    stacks: Vec<OfStack>,
    /// Where the stacks that are known by number stand among those of this batch.
    known: Vec<(u32, u32)>,
    /// Tells batches apart.
    batch: u32,
    tunnelled: Vec<Tunnelled>,
    paths: Known,
    /// Types of the options of outermost IPv4 headers, each once a packet, with its brief.
    options: Vec<(u32, u8)>,
    /// Checksums that are not good, with the packet's brief and their row.
    sums: Vec<(u32, u8, Status)>,
    sorted: Sorted,
}

/// What [`Briefs`] hold.
#[derive(Debug)]
pub struct Parts<'a> {
    /// One a packet.
    pub briefs: &'a mut [Brief],
    /// Keys of flows over IPv6.
    pub v6: &'a mut [V6Key],
    /// The header stacks that they have.
    pub stacks: &'a mut [OfStack],
    /// Room to put packets in the order of their flows' tables.
    pub sorted: &'a mut Sorted,
}

/// Stacks of one analyst that are known by number within a batch: more than it keeps at once.
const MOST_KNOWN: usize = 4_096;

impl Briefs {
    /// Forgets the packets and keeps the memory.
    pub fn clear(&mut self) {
        self.packets.clear();
        self.v6.clear();
        self.stacks.clear();
        self.tunnelled.clear();
        self.options.clear();
        self.sums.clear();
        self.batch = self.batch.wrapping_add(1);
    }

    /// Gives the flows of tunnelled packets the numbers of their chains.
    pub(super) fn name_paths(&mut self, paths: &mut Paths) {
        for Tunnelled { brief, chain } in &self.tunnelled {
            let path = self.paths.number(chain, paths);
            let brief = &mut self.packets[*brief as usize];
            match brief.flow {
                Version::V4 => brief.v4 = brief.v4.with_path(path),
                Version::V6 => {
                    let key = &mut self.v6[brief.v6 as usize];
                    *key = key.with_path(path);
                }
                Version::None => {}
            }
        }
    }

    /// Whether any packet's flow is within another header.
    pub(super) fn are_any_tunnelled(&self) -> bool {
        !self.tunnelled.is_empty()
    }

    /// What the flow of a packet travels in.
    pub(super) fn chain_mut(&mut self, brief: usize) -> Option<&mut Chain> {
        let at = self.tunnelled.binary_search_by_key(&brief, |of| of.brief as usize).ok()?;
        self.tunnelled.get_mut(at).map(|of| &mut of.chain)
    }

    /// All of them.
    pub fn parts(&mut self) -> Parts<'_> {
        Parts {
            briefs: &mut self.packets,
            v6: &mut self.v6,
            stacks: &mut self.stacks,
            sorted: &mut self.sorted,
        }
    }

    /// The last packet's.
    pub fn last(&self) -> Option<&Brief> {
        self.packets.last()
    }

    /// How many packets there are.
    pub fn len(&self) -> usize {
        self.packets.len()
    }

    /// Octets of packets with options, by type of option: each type once a packet.
    pub fn options(&self) -> impl Iterator<Item = (u8, u32)> + '_ {
        let octets = |brief: u32| Some(self.packets.get(usize::try_from(brief).ok()?)?.octets);
        self.options.iter().filter_map(move |&(brief, kind)| Some((kind, octets(brief)?)))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.packets.is_empty()
    }

    /// Forgets all but the first `count` packets.
    pub fn truncate(&mut self, count: usize) {
        self.packets.truncate(count);
        self.tunnelled.retain(|of| (of.brief as usize) < count);
        self.options.retain(|&(brief, _)| (brief as usize) < count);
        self.sums.retain(|&(brief, ..)| (brief as usize) < count);
    }

    /// Forgets all but the packets with these indices, which ascend.
    pub fn keep(&mut self, which: &[u32]) {
        let place = |brief: &mut u32| match which.binary_search(brief) {
            Ok(at) => {
                *brief = small(at);
                true
            }
            Err(_) => false,
        };
        self.tunnelled.retain_mut(|of| place(&mut of.brief));
        self.options.retain_mut(|(brief, _)| place(brief));
        self.sums.retain_mut(|(brief, ..)| place(brief));
        for (to, &from) in which.iter().enumerate() {
            self.packets.swap(to, from as usize);
        }
        self.packets.truncate(which.len());
    }

    /// Checksums that are not good: their row, and how they stand.
    pub fn sums(&self) -> impl Iterator<Item = (u8, Status)> + '_ {
        self.sums.iter().map(|&(_, row, status)| (row, status))
    }

    /// Adds the numbers of a packet that was walked; `found` is told what is wrong with its checksums.
    pub fn push(&mut self, packet: &Packet<'_>, found: &mut Vec<Sighting>) {
        let outline = Outline::of(packet.frame.bytes, packet.layers);
        if outline.facts.has_options
            && let Some(span) = packet.layers.span(packet.layers.digest.outer)
        {
            note_options(&mut self.options, small(self.packets.len()), packet.header(span));
        }
        let stack = small(self.stacks.len());
        self.stacks.push(OfStack::of(&outline));
        self.add(&packet.frame, &outline, stack, false, found);
    }

    /// Adds the numbers of a packet of the stack of that number.  Whether its IPv4 checksums
    /// `are_good` may be known.
    #[inline]
    pub fn push_known(
        &mut self,
        frame: &Frame<'_>,
        (outline, number): (&Outline, u32),
        are_good: bool,
        found: &mut Vec<Sighting>,
    ) {
        let stack = self.known_stack(outline, number);
        self.add(frame, outline, stack, are_good, found);
    }

    /// Where the stack of that number stands in this batch.
    #[inline]
    fn known_stack(&mut self, outline: &Outline, number: u32) -> u32 {
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
        self.stacks.push(OfStack::of(outline));
        self.known[place] = (self.batch, at);
        at
    }

    #[inline]
    fn add(
        &mut self,
        frame: &Frame<'_>,
        outline: &Outline,
        stack: u32,
        are_good: bool,
        found: &mut Vec<Sighting>,
    ) {
        let bytes = frame.bytes;
        let mut is_offloaded = false;
        for sum in &outline.sums {
            if are_good && sum.row().layer == Layer::Ipv4 {
                continue;
            }
            let status = sum.status(bytes);
            if status != Status::Good {
                self.sums.push((small(self.packets.len()), sum.row, status));
                is_offloaded |= status == Status::Offloaded;
                if let Some(row) = odd::of_checksum(sum.row().layer, status) {
                    found.push(Sighting { packet: frame.number, row });
                }
            }
        }
        let outer = outline.outer;
        let mut brief = Brief {
            number: frame.number,
            time: frame.time,
            octets: frame.original,
            captured: small(bytes.len()),
            interface: frame.interface,
            stack,
            v4: V4Key::EMPTY,
            v6: 0,
            flow: Version::None,
            swapped: false,
            hops: outer.and_then(|ip| ip.ttl(bytes)).unwrap_or(0),
            ttl: 0,
            class: outer.and_then(|ip| ip.class(bytes)).unwrap_or(0),
            proto: outline.facts.proto.unwrap_or(0),
            tcp_flags: outline.transport.map_or(0, |transport| transport.tcp_flags(bytes)),
            is_offloaded,
            is_labelled: outer.is_some_and(|ip| ip.has_flow_label(bytes)),
        };
        // Of tunnelled packets the innermost header counts.
        let inner = if outline.ips.len() > 1 { outline.ips.last().copied() } else { outer };
        brief.ttl = inner.and_then(|ip| ip.ttl(bytes)).unwrap_or(0);
        if let Some((key, swapped)) = key_of(outline, bytes) {
            brief.swapped = swapped;
            match key {
                FlowKey::V4(key) => {
                    brief.flow = Version::V4;
                    brief.v4 = key;
                }
                FlowKey::V6(key) => {
                    brief.flow = Version::V6;
                    brief.v6 = small(self.v6.len());
                    self.v6.push(key);
                }
            }
            if !outline.around.is_empty() {
                let chain = chain(outline, bytes, swapped);
                if !chain.is_empty() {
                    self.tunnelled.push(Tunnelled { brief: small(self.packets.len()), chain });
                }
            }
        }
        self.packets.push(brief);
    }
}

/// A count of what one batch holds.
fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Notes the types of the options of an IPv4 header (RFC 791, section 3.1), each once.
#[cold]
fn note_options(seen: &mut Vec<(u32, u8)>, brief: u32, header: &[u8]) {
    let known = seen.len();
    for option in ipv4_option::SET.of(header) {
        if !seen[known..].contains(&(brief, option.code)) {
            seen.push((brief, option.code));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::{Frame, LinkType};
    use crate::decode::outline::Fragment;
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
        };
        let mut layers = Layers::new();
        walk::walk(&frame, &mut layers);
        let mut briefs = Briefs::default();
        briefs.push(&Packet { frame, layers: &layers }, &mut Vec::new());
        assert_eq!(briefs.stacks[0].facts.fragment, Fragment::Later);
    }
}
