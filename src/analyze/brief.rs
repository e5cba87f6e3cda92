//! What the analysis needs of one packet: a few numbers, so that decoding and folding can be
//! different steps on different cores.

use super::key::{FlowKey, V4Key, V6Key, key};
use crate::capture::Record;
use crate::decode::Packet;
use crate::decode::check::{ChecksumStatus, ipv4_checksum};
use crate::decode::layers::{Digest, Place, Reason, is_ip};
use crate::decode::tuple::{Pair, pair, tuple};
use crate::wire::Layer;

/// One packet's numbers.
#[derive(Debug, Clone, Copy)]
pub struct Brief {
    /// Number in the capture, from 1.
    pub number: u64,
    /// Time in nanoseconds; [`Record::NO_TIME`] when there is none.
    pub time: i64,
    /// Octets on the wire.
    pub octets: u32,
    /// Octets captured.
    pub captured: u32,
    /// Which interface.
    pub interface: u32,
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
    /// Which of the two keys is its flow's.
    pub flow: Version,
    /// Key of its flow over IPv4; its path is set when it is folded.
    pub v4: V4Key,
    /// Key of its flow over IPv6; its path is set when it is folded.
    pub v6: V6Key,
    /// Whether the packet goes from the key's second end to its first.
    pub swapped: bool,
    /// Where its outer address pairs stand in [`Briefs::pairs`]: first, and how many.
    pub chain: (u32, u8),
    /// TTL or hop limit of the innermost IP header of its own.
    pub inner_ttl: u8,
    /// IP protocol of the innermost IP header of its own, behind extension headers; without a flow
    /// it means nothing.
    pub proto: u8,
    /// TCP flags, CWR to FIN.
    pub tcp_flags: u8,
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
    /// What a slot holds before its first packet.
    const EMPTY: Self = Self {
        number: 0,
        time: Record::NO_TIME,
        octets: 0,
        captured: 0,
        interface: 0,
        place: Place::Undecoded,
        stop: None,
        depth: 0,
        outer: Outer { v6: false, ttl: 0, class: 0, fragment: Fragment::Whole, options: false },
        make: 0,
        flow: Version::None,
        v4: V4Key::EMPTY,
        v6: V6Key::EMPTY,
        swapped: false,
        chain: (0, 0),
        inner_ttl: 0,
        proto: 0,
        tcp_flags: 0,
        checksums: [0; 3],
    };
}

/// Numbers of the outermost IP header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outer {
    /// Whether it is IPv6.
    pub v6: bool,
    /// TTL or hop limit.
    pub ttl: u8,
    /// DSCP and ECN.
    pub class: u8,
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
///
/// Briefs are written in place, field by field: building one and moving it in cost as much as the
/// rest of the work.
#[derive(Debug, Default)]
pub struct Briefs {
    slots: Vec<Brief>,
    count: usize,
    /// Address pairs of outer IP headers, see [`Brief::chain`].
    pub pairs: Vec<Pair>,
    /// Types of the options of outermost IPv4 headers, each once a packet, with its slot.
    options: Vec<(u32, u8)>,
}

impl Briefs {
    /// Forgets the packets and keeps the memory.
    pub fn clear(&mut self) {
        self.count = 0;
        self.pairs.clear();
        self.options.clear();
    }

    /// The briefs, one a packet.
    pub fn briefs(&self) -> &[Brief] {
        &self.slots[..self.count]
    }

    /// The briefs, to be changed, and the address pairs of their chains.
    pub fn parts(&mut self) -> (&mut [Brief], &[Pair]) {
        (&mut self.slots[..self.count], &self.pairs)
    }

    /// How many packets there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Octets of packets with options, by type of option: each type once a packet.
    pub fn options(&self) -> impl Iterator<Item = (u8, u32)> + '_ {
        let briefs = self.briefs();
        let octets = |slot: u32| Some(briefs.get(usize::try_from(slot).ok()?)?.octets);
        self.options.iter().filter_map(move |&(slot, kind)| Some((kind, octets(slot)?)))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Forgets all but the first `count` packets.
    pub fn truncate(&mut self, count: usize) {
        self.count = self.count.min(count);
    }

    /// Adds the numbers of `packet`.
    pub fn push(&mut self, packet: &Packet<'_>) {
        let (frame, layers) = (&packet.frame, packet.layers);
        let digest = &layers.digest;
        if self.count == self.slots.len() {
            self.slots.push(Brief::EMPTY);
        }
        let brief = &mut self.slots[self.count];
        self.count += 1;
        brief.number = frame.number;
        brief.time = frame.time.map_or(Record::NO_TIME, |time| time.0);
        brief.octets = frame.original;
        brief.captured = u32::try_from(frame.bytes.len()).unwrap_or(u32::MAX);
        brief.interface = frame.interface;
        brief.place = layers.place();
        brief.stop = layers.stop.map(|stop| stop.reason);
        brief.depth = digest.depth;
        brief.make = digest.make;
        brief.flow = Version::None;
        brief.chain = (0, 0);
        brief.tcp_flags = 0;
        brief.checksums = [0; 3];
        let is_usual = digest.make == USUAL_TCP || digest.make == USUAL_UDP;
        if is_usual && layers.stop.is_none() && brief.usual(frame.bytes) {
            return;
        }
        let Some(span) = layers.span(digest.outer) else { return };
        brief.outer = brief.ip(packet.header(span), span.layer == Layer::Ipv4);
        if brief.outer.options {
            note_options(&mut self.options, self.count - 1, packet.header(span));
        }
        // Only a packet with more than an address and a transport has more to tell; a later
        // fragment has an extension header where others have a transport.
        let behind = digest.outer.saturating_add(1);
        if digest.own > behind.saturating_add(1)
            || (digest.own > behind && digest.transport != behind)
        {
            brief.more(packet);
        }
        let Some(tuple) = tuple(frame.bytes, layers) else { return };
        brief.proto = tuple.proto;
        match key(&tuple) {
            (FlowKey::V4(key), swapped) => {
                brief.flow = Version::V4;
                brief.v4 = key;
                brief.swapped = swapped;
            }
            (FlowKey::V6(key), swapped) => {
                brief.flow = Version::V6;
                brief.v6 = key;
                brief.swapped = swapped;
            }
        }
        if tuple.proto == TCP
            && let Some(span) = tuple.transport.and_then(|at| layers.spans().get(at))
        {
            brief.tcp_flags = packet.header(*span).get(13).copied().unwrap_or(0);
        }
        if tuple.depth > 1 {
            let swapped = brief.swapped;
            let chain = self.chain(packet, tuple.ip, swapped);
            self.slots[self.count - 1].chain = chain;
        }
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

/// IP protocol of TCP.
const TCP: u8 = 6;

/// Makes of nearly all packets of most captures.
const USUAL_TCP: u128 = Digest::make_of(&[Layer::Ethernet, Layer::Ipv4, Layer::Tcp]);
const USUAL_UDP: u128 = Digest::make_of(&[Layer::Ethernet, Layer::Ipv4, Layer::Udp]);

impl Brief {
    /// Takes in a frame of a usual make, where everything stands at a fixed place: the same as for
    /// any other, in a third of the instructions.  A frame that is cut, or has options, goes the
    /// long way round.
    #[inline]
    fn usual(&mut self, bytes: &[u8]) -> bool {
        let Some(head) = bytes.first_chunk::<48>().filter(|head| head[14] == 0x45) else {
            return false;
        };
        let word =
            |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let short = |at: usize| u16::from_be_bytes([head[at], head[at + 1]]);
        self.outer = self.ip(&head[14..34], true);
        let (source, destination, sport, dport) = (word(26), word(30), short(34), short(36));
        self.proto = head[23];
        self.swapped = (destination, dport) < (source, sport);
        self.flow = Version::V4;
        self.v4 = V4Key::of([source, destination], [sport, dport], head[23], self.swapped);
        self.tcp_flags = if head[23] == TCP { head[47] } else { 0 };
        true
    }

    /// Takes in an IP header.
    #[inline]
    fn ip(&mut self, header: &[u8], is_v4: bool) -> Outer {
        if !is_v4 {
            let &[a, b, _, _, _, _, _, ttl] = header.first_chunk().unwrap_or(&[0; 8]);
            self.inner_ttl = ttl;
            let fragment = Fragment::Whole;
            return Outer { v6: true, ttl, class: a << 4 | b >> 4, fragment, options: false };
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
        self.inner_ttl = fixed[8];
        let word = u16::from_be_bytes([fixed[6], fixed[7]]);
        Outer {
            v6: false,
            ttl: fixed[8],
            class: fixed[1],
            fragment: fragment(word & 0x2000 != 0, word & 0x1fff != 0),
            options: header.len() > 20,
        }
    }

    /// Takes in the headers of the packet's own behind the outermost IP header.
    #[cold]
    fn more(&mut self, packet: &Packet<'_>) {
        let digest = &packet.layers.digest;
        for index in digest.outer.saturating_add(1)..digest.own {
            let Some(span) = packet.layers.span(index) else { break };
            let header = packet.header(span);
            if is_ip(span.layer) {
                self.ip(header, span.layer == Layer::Ipv4);
            } else if span.layer == Layer::Fragment
                && (digest.depth == 1 || index < digest.inner)
                && let Some(&[high, low]) = header.get(2..4)
            {
                self.outer.fragment = fragment(low & 1 != 0, high != 0 || low & 0xf8 != 0);
            }
        }
    }
}

/// Notes the types of the options of an IPv4 header (RFC 791, section 3.1), each once.
#[cold]
fn note_options(seen: &mut Vec<(u32, u8)>, slot: usize, header: &[u8]) {
    let slot = u32::try_from(slot).unwrap_or(u32::MAX);
    let known = seen.len();
    let mut rest = header.get(20..).unwrap_or_default();
    while let Some((&kind, behind)) = rest.split_first() {
        if !seen[known..].contains(&(slot, kind)) {
            seen.push((slot, kind));
        }
        // End of list; no operation, which has no length; all others have one.
        let len = match kind {
            0 => return,
            1 => 1,
            _ => usize::from(behind.first().copied().unwrap_or(0)).max(2),
        };
        rest = rest.get(len..).unwrap_or_default();
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
        assert_eq!(briefs.briefs()[0].outer.fragment, Fragment::Later);
    }
}
