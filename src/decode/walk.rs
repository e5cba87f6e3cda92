//! From the first octet of a frame to the last header that has a row in the catalogue.
//!
//! Each header says how long it is and what follows; the walk resolves that, keeps every later
//! header inside what the earlier ones and the capture allow, and bounds the depth of each class.

use super::layers::{Digest, Layers, MAX_SPANS, Reason, Role, Span, Stop, is_ip};
use super::{link, tunnel};
use crate::capture::{Frame, LinkType};
use crate::wire::Layer;
use crate::wire::catalogue::HEADERS;
use crate::wire::header::{Class, Fault, Next, Reach};
use crate::wire::number::{BY_ETHERTYPE, BY_PPP, PROTOCOL_NEXT, next_by};

/// How many headers of each class a packet may have: beyond that it is a bomb, not a network.
/// Classes without a limit of their own share the last, which the room for spans sets.
const LIMITS: [(Class, u8); 5] = [
    (Class::Link, 4),
    (Class::Tag, 12),
    (Class::Ip, 8),
    (Class::Extension, 16),
    (Class::Other, u8::MAX),
];

/// Headers the walk tries to take of one packet: those that have room, and some that turn out to
/// be of no octets, such as the marker that an ESP packet in UDP does not have.
pub const MAX_STEPS: usize = MAX_SPANS + 8;

/// Index into [`LIMITS`] of every header.
const LIMIT_OF: [u8; HEADERS.len()] = limit_of();

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "runs in const evaluation only, where a wrong index or an overflow stops the build"
)]
const fn limit_of() -> [u8; HEADERS.len()] {
    let mut all = [LIMITS.len() as u8 - 1; HEADERS.len()];
    let mut i = 0;
    while i < HEADERS.len() {
        let mut limit = 0;
        while limit < LIMITS.len() {
            if HEADERS[i].class as u8 == LIMITS[limit].0 as u8 {
                all[i] = limit as u8;
            }
            limit += 1;
        }
        i += 1;
    }
    all
}

/// Finds the headers of `frame`.
pub fn walk(frame: &Frame<'_>, layers: &mut Layers) {
    let wire = usize::try_from(frame.original).unwrap_or(usize::MAX);
    walk_octets(frame.link, frame.bytes, wire, layers);
}

/// Finds the headers of the octets `bytes` of a frame that had `wire` octets.
pub fn walk_octets(link: LinkType, bytes: &[u8], wire: usize, layers: &mut Layers) {
    if link == LinkType::ETHERNET && usual(bytes, layers) {
        return;
    }
    walk_any(link, bytes, wire, layers);
}

/// Spans and digest of Ethernet, IP and TCP or UDP with nothing else between.
macro_rules! usual {
    ($ip:ident, $transport:ident) => {
        Digest {
            outer: 1,
            inner: 1,
            transport: 2,
            depth: 1,
            own: 3,
            make: Digest::make_of(&[Layer::Ethernet, Layer::$ip, Layer::$transport]),
        }
    };
}

/// Takes a frame of the usual make: Ethernet, IPv4 without options or fragments or IPv6 without
/// extension headers, TCP or UDP without a tunnel, all headers captured.  False for any other, which
/// is left to [`walk_any`]; a law holds the two against each other.
///
/// Nine packets in ten are of this make; it takes a fifth of the general walk's instructions.
fn usual(bytes: &[u8], layers: &mut Layers) -> bool {
    let Some(head) = bytes.first_chunk::<54>() else { return false };
    let (ip, ip_len, proto, total) = match u16::from_be_bytes([head[12], head[13]]) {
        0x0800 if head[14] == 0x45 && is_whole(u16::from_be_bytes([head[20], head[21]])) => {
            let total = usize::from(u16::from_be_bytes([head[16], head[17]]));
            (Layer::Ipv4, 20u16, head[23], total)
        }
        0x86dd if head[14] >> 4 == 6 => {
            let payload = usize::from(u16::from_be_bytes([head[18], head[19]]));
            (Layer::Ipv6, 40u16, head[20], payload.saturating_add(40))
        }
        _ => return false,
    };
    let end = total.saturating_add(14).min(bytes.len());
    let at = ip_len.saturating_add(14);
    let transport = bytes.get(usize::from(at)..end).unwrap_or_default();
    let (layer, len, end) = match proto {
        6 => {
            let Some(head) = transport.first_chunk::<20>() else { return false };
            let len = u16::from(head[12] >> 4).saturating_mul(4);
            if len < 20 || usize::from(len) > transport.len() {
                return false;
            }
            (Layer::Tcp, len, end)
        }
        17 => {
            let Some(&[a, b, c, d, e, f, ..]) = transport.first_chunk::<8>() else { return false };
            let length = usize::from(u16::from_be_bytes([e, f]));
            let (source, destination) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
            if length < 8 || tunnel::by_ports(source, destination) != Next::Payload {
                return false;
            }
            (Layer::Udp, 8, end.min(usize::from(at).saturating_add(length)))
        }
        _ => return false,
    };
    let digest = match (ip, layer) {
        (Layer::Ipv4, Layer::Tcp) => usual!(Ipv4, Tcp),
        (Layer::Ipv4, _) => usual!(Ipv4, Udp),
        (_, Layer::Tcp) => usual!(Ipv6, Tcp),
        _ => usual!(Ipv6, Udp),
    };
    let role = Role::Outer;
    let spans = [
        Span { layer: Layer::Ethernet, role, at: 0, len: 14 },
        Span { layer: ip, role, at: 14, len: ip_len },
        Span { layer, role, at, len },
    ];
    layers.set(spans, digest, end);
    true
}

/// Whether an IPv4 header with these flags and offset is that of a whole datagram.
const fn is_whole(flags_offset: u16) -> bool {
    const MORE_OR_OFFSET: u16 = 0x3fff;
    flags_offset & MORE_OR_OFFSET == 0
}

/// Finds the headers of any frame, header by header.
pub fn walk_any(link: LinkType, bytes: &[u8], wire: usize, layers: &mut Layers) {
    layers.clear();
    layers.end = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let Some(row) = link::find(link.0) else {
        let has = u32::from(link.0);
        layers.stop = Some(Stop { reason: Reason::Unknown, offset: 0, needs: 0, has });
        return;
    };
    let mut walk = Walk {
        at: 0,
        end: bytes.len(),
        wire: wire.max(bytes.len()),
        role: Role::Outer,
        left: LIMITS.map(|(_, limit)| limit),
    };
    let mut next = row.first;
    for step in 0..=MAX_STEPS {
        let Some(layer) = walk.resolve(next, bytes, layers) else { break };
        if step == MAX_STEPS {
            Walk::stop(layers, Reason::TooDeep, walk.at, 0, 0);
            break;
        }
        match walk.take(layer, bytes, layers) {
            Some(following) => next = following,
            None => break,
        }
    }
    layers.end = u32::try_from(walk.end).unwrap_or(u32::MAX);
}

/// Where the walk is.
struct Walk {
    /// Octet of the frame at which the next header begins.
    at: usize,
    /// First octet behind what was captured and the headers so far allow.
    end: usize,
    /// First octet behind what was on the wire and the headers so far allow; never below `end`.
    wire: usize,
    /// Role of the next IP header.
    role: Role,
    /// Headers of each class of [`LIMITS`] that may still come.
    left: [u8; LIMITS.len()],
}

impl Walk {
    /// The header that `next` stands for here, or none when nothing that ipeek decodes follows.
    fn resolve(&mut self, mut next: Next, bytes: &[u8], layers: &mut Layers) -> Option<Layer> {
        loop {
            let version = || bytes.get(self.at..self.end)?.first().map(|octet| octet >> 4);
            next = match next {
                Next::Payload => return None,
                Next::Layer(layer) => return Some(layer),
                // By far the most frequent type, before the search.
                Next::EtherType(0x0800) => {
                    // Captures are seen with version 6 inside; the nibble decides.
                    return Some(if version() == Some(6) { Layer::Ipv6 } else { Layer::Ipv4 });
                }
                Next::Version => {
                    return match version() {
                        Some(6) => Some(Layer::Ipv6),
                        None | Some(4) => Some(Layer::Ipv4),
                        // Nothing else says that this is IP.
                        Some(other) => {
                            let has = usize::from(other);
                            Self::stop(layers, Reason::Malformed, self.at, 4, has);
                            None
                        }
                    };
                }
                Next::EtherType(number) => next_by(BY_ETHERTYPE, number),
                Next::Ppp(number) => next_by(BY_PPP, number),
                Next::Protocol(number) => {
                    PROTOCOL_NEXT.get(usize::from(number)).copied().unwrap_or(Next::Payload)
                }
                Next::Quote => {
                    self.role = Role::Quoted;
                    // An error message may quote nothing.
                    if self.at >= self.end { Next::Payload } else { Next::Version }
                }
                Next::Link(number) => link::find(number).map_or(Next::Payload, |row| row.first),
                Next::Ports { source, destination } => tunnel::by_ports(source, destination),
            };
        }
    }

    /// Takes one header; gives what follows, or none where the walk ends.
    fn take(&mut self, layer: Layer, bytes: &[u8], layers: &mut Layers) -> Option<Next> {
        let Ok(at) = u16::try_from(self.at) else {
            return Self::stop(layers, Reason::TooDeep, self.at, 0, 0);
        };
        let limit = LIMIT_OF.get(layer as usize).copied().map_or(0, usize::from);
        if let Some(left) = self.left.get_mut(limit) {
            match left.checked_sub(1) {
                Some(fewer) => *left = fewer,
                None => return Self::stop(layers, Reason::TooDeep, self.at, 0, 0),
            }
        }
        let role = if is_ip(layer) { self.role } else { Role::Outer };
        let here = bytes.get(self.at..self.end).unwrap_or_default();
        let reach = Reach { bytes: here, wire: self.wire.saturating_sub(self.at) };
        match layer.step(reach) {
            Ok(step) => {
                let len = u16::try_from(step.len).unwrap_or(u16::MAX);
                if step.len > 0 && !layers.push(Span { layer, role, at, len }) {
                    return Self::stop(layers, Reason::TooDeep, self.at, 0, 0);
                }
                if let Some(total) = step.total {
                    let limit = self.at.saturating_add(total);
                    self.end = self.end.min(limit);
                    self.wire = self.wire.min(limit);
                }
                if is_ip(layer) && self.role == Role::Outer {
                    self.role = Role::Tunnel;
                }
                self.at = self.at.saturating_add(step.len).min(self.end);
                Some(step.next)
            }
            Err(fault) => self.end_at_fault(fault, layer, role, at, reach, layers),
        }
    }

    /// Shows what is there of a header that could not be taken, and notes why.
    #[cold]
    fn end_at_fault(
        &self,
        fault: Fault,
        layer: Layer,
        role: Role,
        at: u16,
        reach: Reach<'_>,
        layers: &mut Layers,
    ) -> Option<Next> {
        let there = reach.bytes.len();
        let len = match fault {
            Fault::Short(_) => there,
            Fault::Malformed { .. } => there.min(fixed_octets(layer)),
        };
        let len = u16::try_from(len).unwrap_or(u16::MAX);
        if len > 0 && !layers.push(Span { layer, role, at, len }) {
            return Self::stop(layers, Reason::TooDeep, self.at, 0, 0);
        }
        match fault {
            Fault::Short(needs) => {
                // A quote is cut by who sends the error message, not by a lie.
                let cut = needs <= reach.wire || self.role == Role::Quoted;
                let reason = if cut { Reason::Truncated } else { Reason::Malformed };
                Self::stop(layers, reason, self.at, needs, there)
            }
            Fault::Malformed { at, needs, has } => {
                let offset = self.at.saturating_add(at);
                Self::stop(layers, Reason::Malformed, offset, needs, has)
            }
        }
    }

    /// Notes why the walk ends.
    #[cold]
    fn stop(
        layers: &mut Layers,
        reason: Reason,
        offset: usize,
        needs: usize,
        has: usize,
    ) -> Option<Next> {
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        layers.stop =
            Some(Stop { reason, offset: small(offset), needs: small(needs), has: small(has) });
        None
    }
}

/// Octets of the part that every header of a layer has.
fn fixed_octets(layer: Layer) -> usize {
    let bits = layer.header().fields.last().map_or(0, |last| last.at.saturating_add(last.width));
    usize::try_from(bits / 8).unwrap_or(0)
}
