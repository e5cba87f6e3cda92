//! What the analysis needs of one packet: a few numbers, so that decoding and folding can be
//! different steps on different cores.

use super::key::{FlowKey, key};
use crate::capture::Record;
use crate::decode::check::{ChecksumStatus, ipv4_checksum};
use crate::decode::layers::{Place, Reason, is_ip};
use crate::decode::tuple::{Pair, pair, tuple};
use crate::decode::{Packet, Span};
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
    /// IP headers of its own, outermost to innermost.
    pub depth: u8,
    /// Of the outermost IP header.
    pub outer: Option<Outer>,
    /// Which headers it has, a number each packet of the same make has.
    pub make: u128,
    /// Key of its flow; its path is set when it is folded.
    pub flow: Option<FlowKey>,
    /// Whether the packet goes from the key's second end to its first.
    pub swapped: bool,
    /// Where its outer address pairs stand in [`Briefs::pairs`]: first, and how many.
    pub chain: (u32, u8),
    /// TTL or hop limit of the innermost IP header of its own.
    pub inner_ttl: u8,
    /// IP protocol of the innermost IP header of its own, behind extension headers.
    pub proto: u8,
    /// TCP flags, CWR to FIN.
    pub tcp_flags: u8,
    /// IPv4 headers of its own whose checksum is good, bad, unverified.
    pub checksums: [u8; 3],
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
#[derive(Debug, Default)]
pub struct Briefs {
    /// A brief a packet.
    pub briefs: Vec<Brief>,
    /// Address pairs of outer IP headers, see [`Brief::chain`].
    pub pairs: Vec<Pair>,
}

impl Briefs {
    /// Forgets the packets and keeps the memory.
    pub fn clear(&mut self) {
        self.briefs.clear();
        self.pairs.clear();
    }

    /// Adds the numbers of `packet`.
    pub fn push(&mut self, packet: &Packet<'_>) {
        let (frame, layers) = (&packet.frame, packet.layers);
        let digest = &layers.digest;
        let mut seen = Seen::default();
        let outer = layers.span(digest.outer).map(|span| {
            let outer = seen.ip(packet.header(span), span.layer == Layer::Ipv4);
            // Only a packet with more than an address and a transport has more to tell.
            if digest.own > digest.outer.saturating_add(2) {
                seen.more(packet, outer)
            } else {
                outer
            }
        });
        let mut brief = Brief {
            number: frame.number,
            time: frame.time.map_or(Record::NO_TIME, |time| time.0),
            octets: frame.original,
            captured: u32::try_from(frame.bytes.len()).unwrap_or(u32::MAX),
            interface: frame.interface,
            place: layers.place(),
            stop: layers.stop.map(|stop| stop.reason),
            depth: digest.depth,
            outer,
            make: digest.make,
            flow: None,
            swapped: false,
            chain: (0, 0),
            inner_ttl: seen.ttl,
            proto: 0,
            tcp_flags: 0,
            checksums: seen.checksums,
        };
        if let Some(tuple) = tuple(frame.bytes, layers) {
            brief.proto = tuple.proto;
            let (flow, swapped) = key(&tuple);
            brief.flow = Some(flow);
            brief.swapped = swapped;
            if tuple.depth > 1 {
                brief.chain = self.chain(packet, tuple.ip, swapped);
            }
            if let Some(span) = tuple.transport.and_then(|at| layers.spans().get(at))
                && span.layer == Layer::Tcp
            {
                brief.tcp_flags = packet.header(*span).get(13).copied().unwrap_or(0);
            }
        }
        self.briefs.push(brief);
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

/// What the IP headers of one packet add up to.
#[derive(Default)]
struct Seen {
    ttl: u8,
    checksums: [u8; 3],
}

impl Seen {
    /// Takes in an IP header.
    #[inline]
    fn ip(&mut self, header: &[u8], is_v4: bool) -> Outer {
        if !is_v4 {
            let &[a, b, _, _, _, _, _, ttl] = header.first_chunk().unwrap_or(&[0; 8]);
            self.ttl = ttl;
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
        self.ttl = fixed[8];
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
    fn more(&mut self, packet: &Packet<'_>, mut outer: Outer) -> Outer {
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
                outer.fragment = fragment(low & 1 != 0, high != 0 || low & 0xf8 != 0);
            }
        }
        outer
    }
}

fn fragment(more: bool, offset: bool) -> Fragment {
    match (more, offset) {
        (false, false) => Fragment::Whole,
        (true, false) => Fragment::First,
        (_, true) => Fragment::Later,
    }
}
