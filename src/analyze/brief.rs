//! What the analysis needs of one packet: a few numbers, so that decoding and folding can be
//! different steps on different cores.

use super::key::{FlowKey, Key, V4Key, V6Key, icmp_ports, key};
use super::path::Paths;
use super::shard::Sorted;
use crate::base::timestamp::Timestamp;
use crate::capture::Frame;
use crate::decode::Packet;
use crate::decode::check::{ChecksumStatus, ipv4_checksum, is_ipv4_sum_good};
use crate::decode::layers::{Place, Reason, is_ip};
use crate::decode::tuple::{Pair, pair, tuple};
use crate::decode::usual::{MAKES_COUNT, Usual, usual};
use crate::wire::{Layer, ipv4_option};

/// One packet's numbers: a cache line.  What few packets have stands aside, in [`Rare`].
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
    /// Index into [`crate::decode::usual::MAKES`], or [`Brief::RARE`].
    pub make: u8,
    /// Which of the two keys is its flow's.
    pub flow: Version,
    /// Whether the packet goes from the key's second end to its first.
    pub swapped: bool,
    /// TTL or hop limit of the innermost IP header of its own.
    pub ttl: u8,
    /// DSCP and ECN of the outermost IP header.
    pub class: u8,
    /// IP protocol of the innermost IP header of its own, behind extension headers; without a flow
    /// it means nothing.
    pub proto: u8,
    /// TCP flags, CWR to FIN.
    pub tcp_flags: u8,
    /// Of a usual make: whether its IPv4 checksum is bad.
    pub is_bad: bool,
    /// Whether its outermost header is IPv6 with a flow label.
    pub is_labelled: bool,
    /// Key of its flow over IPv4; its path is set when it is folded.
    pub v4: V4Key,
    /// Where its key over IPv6 stands in [`Briefs`], when its flow is over IPv6.
    pub v6: u32,
    /// Where its other numbers stand in [`Briefs`], when its make is [`Brief::RARE`].
    pub rare: u32,
}

/// Numbers of a packet that is not of a usual make.
#[derive(Debug, Clone, Copy)]
pub struct Rare {
    /// Which packet of the briefs it is.
    pub brief: u32,
    /// Place in the ledger.
    pub place: Place,
    /// Why decoding ended early, if it did.
    pub stop: Option<Reason>,
    /// IP headers of its own.
    pub depth: u8,
    /// Of the outermost IP header, when there is one.
    pub outer: Outer,
    /// Which headers it has, see [`crate::decode::layers::Digest::make`].
    pub make: u128,
    /// Where its outer address pairs stand in [`Briefs`]: first, and how many.
    pub chain: (u32, u8),
    /// IPv4 headers of its own whose checksum is good, bad, unverified.
    pub checksums: [u8; 3],
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

impl Brief {
    /// The make of packets whose numbers stand aside.
    pub const RARE: u8 = {
        #[expect(clippy::cast_possible_truncation, reason = "some dozens of makes")]
        let count = MAKES_COUNT as u8;
        count
    };

    /// The numbers of `frame` that no header tells.
    #[inline]
    fn new(frame: &Frame<'_>) -> Self {
        Self {
            number: frame.number,
            time: frame.time,
            octets: frame.original,
            captured: u32::try_from(frame.bytes.len()).unwrap_or(u32::MAX),
            interface: frame.interface,
            make: Self::RARE,
            flow: Version::None,
            swapped: false,
            ttl: 0,
            class: 0,
            proto: 0,
            tcp_flags: 0,
            is_bad: false,
            is_labelled: false,
            v4: V4Key::EMPTY,
            v6: 0,
            rare: 0,
        }
    }
}

/// Numbers of the outermost IP header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outer {
    /// Whether it is IPv6.
    pub v6: bool,
    /// TTL or hop limit.
    pub ttl: u8,
    /// Whether it is a fragment, and which.
    pub fragment: Fragment,
    /// Whether it has IPv4 options.
    pub options: bool,
}

/// What part of a datagram a packet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fragment {
    /// All of it.
    Whole,
    /// The first piece.
    First,
    /// A later piece.
    Later,
}

/// The numbers of some packets, in capture order; recycled.
#[derive(Debug, Default)]
pub struct Briefs {
    packets: Vec<Brief>,
    v6: Vec<V6Key>,
    rares: Vec<Rare>,
    pairs: Vec<Pair>,
    /// Types of the options of outermost IPv4 headers, each once a packet, with its brief.
    options: Vec<(u32, u8)>,
    sorted: Sorted,
}

/// What [`Briefs`] hold.
#[derive(Debug)]
pub struct Parts<'a> {
    /// One a packet.
    pub briefs: &'a mut [Brief],
    /// Keys of flows over IPv6.
    pub v6: &'a mut [V6Key],
    /// Numbers of packets that are not of a usual make.
    pub rares: &'a [Rare],
    /// Address pairs of outer IP headers.
    pub pairs: &'a mut [Pair],
    /// Room to put packets in the order of their flows' tables.
    pub sorted: &'a mut Sorted,
}

impl Briefs {
    /// Forgets the packets and keeps the memory.
    pub fn clear(&mut self) {
        self.packets.clear();
        self.v6.clear();
        self.rares.clear();
        self.pairs.clear();
        self.options.clear();
    }

    /// Whether any packet's flow is within another header.
    pub(super) fn are_any_tunnelled(&self) -> bool {
        self.rares.iter().any(Rare::is_tunnelled)
    }

    /// Gives the flows of tunnelled packets the numbers of their chains.
    pub(super) fn name_paths(&mut self, paths: &mut Paths) {
        for rare in self.rares.iter().filter(|rare| rare.is_tunnelled()) {
            let (first, count) = (rare.chain.0 as usize, usize::from(rare.chain.1));
            let path = paths.number(self.pairs.get(first..first + count).unwrap_or_default());
            let brief = &mut self.packets[rare.brief as usize];
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

    /// All of them.
    pub fn parts(&mut self) -> Parts<'_> {
        Parts {
            briefs: &mut self.packets,
            v6: &mut self.v6,
            rares: &self.rares,
            pairs: &mut self.pairs,
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
        self.rares.retain(|rare| (rare.brief as usize) < count);
        self.options.retain(|&(brief, _)| (brief as usize) < count);
    }

    /// Forgets all but the packets with these indices, which ascend.
    pub fn keep(&mut self, which: &[u32]) {
        for rare in &mut self.rares {
            match which.binary_search(&rare.brief) {
                Ok(at) => rare.brief = small(at),
                // Nobody comes to it any more, and it has no flow to be named for.
                Err(_) => rare.chain = (0, 0),
            }
        }
        self.options.retain_mut(|(brief, _)| {
            which.binary_search(brief).map(|at| *brief = small(at)).is_ok()
        });
        for (to, &from) in which.iter().enumerate() {
            self.packets.swap(to, from as usize);
        }
        self.packets.truncate(which.len());
    }

    /// Adds the numbers of `packet`.
    pub fn push(&mut self, packet: &Packet<'_>) {
        match usual(packet.frame.link, packet.frame.bytes) {
            Some(usual) => self.push_usual(&packet.frame, &usual),
            None => self.push_rare(packet),
        }
    }

    /// Adds the numbers of a packet of a usual make.
    #[inline]
    pub fn push_usual(&mut self, frame: &Frame<'_>, usual: &Usual<'_>) {
        let row = usual.row();
        let &[a, b, c, d, ..] = usual.transport;
        let (ports, one_way) = match row.proto {
            ICMP | ICMPV6 => {
                let (kind, counterpart, one_way) =
                    icmp_ports(row.is_v6, u16::from(a), u16::from(b));
                ([kind, counterpart], one_way)
            }
            _ => ([u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])], false),
        };
        let brief = Brief {
            make: usual.make,
            proto: row.proto,
            tcp_flags: usual.tcp_flags,
            ..Brief::new(frame)
        };
        // Written in one piece for either version: a brief that is changed behind its making is
        // made on the stack, and copied.
        if row.is_v6 {
            let (key, swapped) = V6Key::usual(usual.ip, ports, row.proto, one_way);
            self.packets.push(Brief {
                flow: Version::V6,
                swapped,
                ttl: usual.ip[7],
                class: usual.ip[0] << 4 | usual.ip[1] >> 4,
                is_labelled: is_labelled(usual.ip),
                v6: small(self.v6.len()),
                ..brief
            });
            self.v6.push(key);
        } else {
            let (v4, swapped) = V4Key::usual(usual.ip, ports, row.proto, one_way);
            self.packets.push(Brief {
                flow: Version::V4,
                swapped,
                ttl: usual.ip[8],
                class: usual.ip[1],
                is_bad: usual.ip.first_chunk().is_none_or(|head| !is_ipv4_sum_good(head)),
                v4,
                ..brief
            });
        }
    }

    /// Adds the numbers of a packet that is not.
    pub fn push_rare(&mut self, packet: &Packet<'_>) {
        let (frame, layers) = (&packet.frame, packet.layers);
        let digest = &layers.digest;
        let mut brief = Brief::new(frame);
        brief.rare = small(self.rares.len());
        let mut rare = Rare {
            brief: small(self.packets.len()),
            place: layers.place(),
            stop: layers.stop.map(|stop| stop.reason),
            depth: digest.depth,
            outer: Outer { v6: false, ttl: 0, fragment: Fragment::Whole, options: false },
            make: digest.make,
            chain: (0, 0),
            checksums: [0; 3],
        };
        if let Some(span) = layers.span(digest.outer) {
            (rare.outer, brief.class) =
                rare.ip(&mut brief, packet.header(span), span.layer == Layer::Ipv4);
            brief.is_labelled = rare.outer.v6 && is_labelled(packet.header(span));
            rare.more(&mut brief, packet);
            if rare.outer.options {
                note_options(&mut self.options, rare.brief, packet.header(span));
            }
        }
        if let Some(tuple) = tuple(frame.bytes, layers) {
            brief.proto = tuple.proto;
            let (key, swapped) = key(&tuple);
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
            if tuple.proto == TCP
                && let Some(span) = tuple.transport.and_then(|at| layers.spans().get(at))
            {
                brief.tcp_flags = packet.header(*span).get(13).copied().unwrap_or(0);
            }
            if tuple.depth > 1 {
                rare.chain = self.chain(packet, tuple.ip, swapped);
            }
        }
        self.rares.push(rare);
        self.packets.push(brief);
    }

    /// Keeps the address pairs of the IP headers before span `inner`.
    fn chain(&mut self, packet: &Packet<'_>, inner: usize, swapped: bool) -> (u32, u8) {
        let first = self.pairs.len();
        let spans = packet.layers.spans().iter();
        for span in spans.take(inner).filter(|span| is_ip(span.layer)) {
            // Turned as the flow's key is, so that a tunnel's two directions are one chain.
            let pair = pair(packet.frame.bytes, *span);
            self.pairs.extend(pair.map(|pair| if swapped { pair.turned() } else { pair }));
        }
        let count = u8::try_from(self.pairs.len() - first).unwrap_or(u8::MAX);
        (u32::try_from(first).unwrap_or(u32::MAX), count)
    }
}

/// IP protocol of ICMP.
const ICMP: u8 = 1;
/// IP protocol of TCP.
const TCP: u8 = 6;
/// IP protocol of ICMPv6.
const ICMPV6: u8 = 58;

impl Rare {
    /// Whether its flow travels in others.
    pub(super) fn is_tunnelled(&self) -> bool {
        self.chain.1 > 0
    }

    /// Takes in an IP header; gives what matters of the outermost, and its DSCP and ECN.
    fn ip(&mut self, brief: &mut Brief, header: &[u8], is_v4: bool) -> (Outer, u8) {
        if !is_v4 {
            let &[a, b, _, _, _, _, _, ttl] = header.first_chunk().unwrap_or(&[0; 8]);
            brief.ttl = ttl;
            let fragment = Fragment::Whole;
            return (Outer { v6: true, ttl, fragment, options: false }, a << 4 | b >> 4);
        }
        let fixed = header.first_chunk::<12>();
        if fixed.is_some() {
            self.checksums[match ipv4_checksum(header) {
                ChecksumStatus::Good => 0,
                ChecksumStatus::Bad => 1,
                ChecksumStatus::Unverified => 2,
            }] += 1;
        }
        // Of a header that is cut so short nothing is counted but that it was there.
        let fixed = fixed.unwrap_or(&[0; 12]);
        brief.ttl = fixed[8];
        let word = u16::from_be_bytes([fixed[6], fixed[7]]);
        let outer = Outer {
            v6: false,
            ttl: fixed[8],
            fragment: fragment(word & 0x2000 != 0, word & 0x1fff != 0),
            options: header.len() > 20,
        };
        (outer, fixed[1])
    }

    /// Takes in the headers of the packet's own behind the outermost IP header.
    fn more(&mut self, brief: &mut Brief, packet: &Packet<'_>) {
        let digest = &packet.layers.digest;
        for index in digest.outer.saturating_add(1)..digest.own {
            let Some(span) = packet.layers.span(index) else { break };
            let header = packet.header(span);
            if is_ip(span.layer) {
                self.ip(brief, header, span.layer == Layer::Ipv4);
            } else if span.layer == Layer::Fragment
                && (digest.depth == 1 || index < digest.inner)
                && let Some(&[high, low]) = header.get(2..4)
            {
                self.outer.fragment = fragment(low & 1 != 0, high != 0 || low & 0xf8 != 0);
            }
        }
    }
}

/// A count of what one batch holds.
fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Whether an IPv6 header has a flow label (RFC 6437, section 2: zero is none).
fn is_labelled(header: &[u8]) -> bool {
    matches!(*header, [_, a, b, c, ..] if a & 0xf | b | c != 0)
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

fn fragment(more: bool, offset: bool) -> Fragment {
    match (more, offset) {
        (false, false) => Fragment::Whole,
        (true, false) => Fragment::First,
        (_, true) => Fragment::Later,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::{Frame, LinkType};
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

    /// RFC 8200, section 3: the low 20 bits of the first word.
    #[test]
    fn a_flow_label_is_twenty_bits_and_zero_is_none() {
        for (octets, expected) in [
            ([0x6f, 0xf0, 0x00, 0x00], false),
            ([0x60, 0x00, 0x00, 0x01], true),
            ([0x60, 0x08, 0x00, 0x00], true),
        ] {
            assert_eq!(is_labelled(&octets), expected, "{octets:x?}");
        }
        assert!(!is_labelled(&[0x60, 0x08]));
    }

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
        briefs.push(&Packet { frame, layers: &layers });
        assert_eq!(briefs.rares[0].outer.fragment, Fragment::Later);
    }
}
