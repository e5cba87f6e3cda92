//! What the analysis needs of one packet: a few numbers, so that decoding and folding can be
//! different steps on different cores.

use super::key::{FlowKey, key};
use crate::capture::Record;
use crate::decode::check::{ChecksumStatus, ipv4_checksum};
use crate::decode::layers::{Place, Reason, Role, is_ip};
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

/// Bits a header takes in [`Brief::make`].
const MAKE_BITS: u32 = 7;

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
        let mut brief = Brief::of(packet);
        if let Some(tuple) = tuple(packet.frame.bytes, packet.layers) {
            brief.proto = tuple.proto;
            let (flow, swapped) = key(&tuple);
            brief.flow = Some(flow);
            brief.swapped = swapped;
            let spans = packet.layers.spans();
            if tuple.depth > 1 {
                let first = self.pairs.len();
                for span in spans.iter().take(tuple.ip).filter(|span| is_ip(span.layer)) {
                    // Turned as the flow's key is, so that a tunnel's two directions are one chain.
                    let pair = pair(packet.frame.bytes, *span);
                    self.pairs
                        .extend(pair.map(|pair| if swapped { pair.turned() } else { pair }));
                }
                let count = u8::try_from(self.pairs.len() - first).unwrap_or(u8::MAX);
                brief.chain = (u32::try_from(first).unwrap_or(u32::MAX), count);
            }
            if let Some(span) = tuple.transport.and_then(|at| spans.get(at))
                && span.layer == Layer::Tcp
            {
                brief.tcp_flags = packet.header(*span).get(13).copied().unwrap_or(0);
            }
        }
        self.briefs.push(brief);
    }
}

impl Brief {
    /// The numbers of `packet`, without those of its flow.
    fn of(packet: &Packet<'_>) -> Self {
        let (frame, layers) = (&packet.frame, packet.layers);
        let mut brief = Self {
            number: frame.number,
            time: frame.time.map_or(Record::NO_TIME, |time| time.0),
            octets: frame.original,
            captured: u32::try_from(frame.bytes.len()).unwrap_or(u32::MAX),
            interface: frame.interface,
            place: layers.place(),
            stop: layers.stop.map(|stop| stop.reason),
            depth: 0,
            outer: None,
            make: 0,
            flow: None,
            swapped: false,
            chain: (0, 0),
            inner_ttl: 0,
            proto: 0,
            tcp_flags: 0,
            checksums: [0; 3],
        };
        for &span in layers.spans() {
            if matches!(span.role, Role::Quoted | Role::Copy) {
                break;
            }
            brief.make = brief.make << MAKE_BITS | (span.layer as u128 + 1);
            if is_ip(span.layer) {
                brief.fold_ip(packet, span);
            } else if span.layer == Layer::Fragment {
                brief.fold_fragment(packet.header(span));
            }
        }
        brief
    }

    fn fold_ip(&mut self, packet: &Packet<'_>, span: Span) {
        self.depth = self.depth.saturating_add(1);
        let header = packet.header(span);
        let octet = |at: usize| header.get(at).copied().unwrap_or(0);
        let outer = if span.layer == Layer::Ipv4 {
            if header.len() > 11 {
                self.checksums[match ipv4_checksum(header) {
                    ChecksumStatus::Good => 0,
                    ChecksumStatus::Bad => 1,
                    ChecksumStatus::Unverified => 2,
                }] += 1;
            }
            let (more, offset) = (octet(6) & 0x20 != 0, octet(6) & 0x1f != 0 || octet(7) != 0);
            Outer {
                v6: false,
                ttl: octet(8),
                class: octet(1),
                fragment: fragment(more, offset),
                options: header.len() > 20,
            }
        } else {
            Outer {
                v6: true,
                ttl: octet(7),
                class: octet(0) << 4 | octet(1) >> 4,
                fragment: Fragment::Whole,
                options: false,
            }
        };
        self.inner_ttl = outer.ttl;
        self.outer.get_or_insert(outer);
    }

    fn fold_fragment(&mut self, header: &[u8]) {
        if let (Some(outer), Some(&[high, low])) = (self.outer.as_mut(), header.get(2..4))
            && self.depth == 1
        {
            let offset = high != 0 || low & 0xf8 != 0;
            outer.fragment = fragment(low & 1 != 0, offset);
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

/// The headers that a [`Brief::make`] stands for, outermost first.
pub fn headers_of(mut make: u128) -> Vec<Layer> {
    let mut layers = Vec::new();
    while make != 0 {
        let number = usize::try_from(make & ((1 << MAKE_BITS) - 1)).unwrap_or(0);
        if let Some(header) = crate::wire::catalogue::HEADERS.get(number.wrapping_sub(1)) {
            layers.push(header.layer);
        }
        make >>= MAKE_BITS;
    }
    layers.reverse();
    layers
}
