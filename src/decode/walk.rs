//! From the first octet of a frame to the last header that has a row in the catalogue.
//!
//! Each header says how long it is and what follows; the walk resolves that, keeps every later
//! header inside what the earlier ones and the capture allow, and bounds the depth of each class.

use super::decode_as::Rules;
use super::layers::{Layers, MAX_SPANS, Reason, Role, Span, Stop, is_ip};
use super::link;
use crate::capture::{Frame, LinkType};
use crate::wire::Layer;
use crate::wire::catalogue::HEADERS;
use crate::wire::header::{Class, Fault, MOST_ENTRIES, Next, Reach};

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
pub const MAX_HEADERS: usize = MAX_SPANS + 8;

/// Answers to what comes next before it is a header: the tables give one in at most three.
const MOST_ANSWERS: usize = 4;

/// Steps that the walk of any packet takes at most, see [`Layers::steps`]; one header more may stand
/// behind what another carried.
pub const MOST_STEPS: usize = (MAX_HEADERS + 2) * (MOST_ANSWERS + 1 + MOST_ENTRIES);

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
    walk_any(frame.link, frame.bytes, wire, layers);
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
    let wire = wire.max(bytes.len()).saturating_sub(row.checksum);
    let mut walk = Walk {
        rules: layers.rules,
        at: 0,
        end: bytes.len().min(wire),
        wire,
        role: Role::Outer,
        then: row.then,
        left: LIMITS.map(|(_, limit)| limit),
        steps: 0,
        beside: None,
        own_end: None,
        behind: None,
    };
    let mut next = row.first;
    for header in 0..=MAX_HEADERS {
        let following = walk.resolve(next, bytes, layers).or_else(|| walk.go_beside(layers));
        let Some(layer) = following else { break };
        if header == MAX_HEADERS {
            Walk::stop(layers, Reason::TooDeep, walk.at, 0, 0);
            break;
        }
        match walk.take(layer, bytes, layers) {
            Some(following) => next = following,
            None => break,
        }
    }
    if let Some(behind) = walk.behind {
        walk.go_behind(behind, bytes, layers);
    }
    layers.end = u32::try_from(walk.own_end.unwrap_or(walk.end)).unwrap_or(u32::MAX);
    layers.steps = u32::try_from(walk.steps).unwrap_or(u32::MAX);
}

/// The state of a walk.
struct Walk {
    /// What decides which header follows which.
    rules: &'static Rules,
    /// Octet of the frame at which the next header begins.
    at: usize,
    /// First octet behind what was captured and the headers so far allow.
    end: usize,
    /// First octet behind what was on the wire and the headers so far allow; never below `end`.
    wire: usize,
    /// Role of the next IP header.
    role: Role,
    /// What stands behind the link type's own header when that does not say.
    then: Next,
    /// Headers of each class of [`LIMITS`] that may still come.
    left: [u8; LIMITS.len()],
    /// Steps so far.
    steps: usize,
    /// What stands beside the headers so far.
    beside: Option<Beside>,
    /// End of what the first of several beside one another carries.
    own_end: Option<usize>,
    /// The first header that goes on behind what it carries.
    behind: Option<Behind>,
}

/// A header that stands behind what another carries.
#[derive(Debug, Clone, Copy)]
struct Behind {
    layer: Layer,
    at: usize,
    end: usize,
    wire: usize,
}

/// A header beside one that was taken.
#[derive(Debug, Clone, Copy)]
struct Beside {
    layer: Layer,
    at: usize,
    /// How far it and what it carries may reach, as in [`Walk`].
    end: usize,
    wire: usize,
}

impl Walk {
    /// Takes the header behind what another carried.
    #[cold]
    fn go_behind(&mut self, behind: Behind, bytes: &[u8], layers: &mut Layers) {
        let Behind { layer, at, end, wire } = behind;
        (self.at, self.end, self.wire) = (at, end, wire);
        // Why what was carried ended early is told; that this is cut, too, follows.
        let stop = layers.stop;
        if stop.is_none_or(|stop| stop.reason != Reason::TooDeep) && at < end {
            self.take(layer, bytes, layers);
            layers.stop = stop.or(layers.stop);
        }
    }

    /// The header that `next` stands for here, or none when nothing that ipeek decodes follows.
    fn resolve(&mut self, mut next: Next, bytes: &[u8], layers: &mut Layers) -> Option<Layer> {
        for _ in 0..MOST_ANSWERS {
            self.steps = self.steps.saturating_add(1);
            let version = || bytes.get(self.at..self.end)?.first().map(|octet| octet >> 4);
            next = match next {
                Next::Payload => return None,
                Next::Layer(layer) => return Some(layer),
                // By far the most frequent type, before the search.
                Next::EtherType(0x0800) if self.rules.is_ipv4_usual() => {
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
                Next::EtherType(number) => self.rules.ether_type(number),
                Next::Ppp(number) => self.rules.ppp(number),
                Next::Protocol(number) => self.rules.protocol(number),
                Next::Quote => {
                    self.role = Role::Quoted;
                    // An error message may quote nothing.
                    if self.at >= self.end { Next::Payload } else { Next::Version }
                }
                Next::Link(number) => match link::find(number) {
                    Some(row) => {
                        self.then = row.then;
                        row.first
                    }
                    None => Next::Payload,
                },
                Next::OfLink => std::mem::replace(&mut self.then, Next::Payload),
                Next::Guess => link::guess(bytes.get(self.at..self.end).unwrap_or_default()),
                Next::Ports { source, destination } => self.rules.ports(source, destination),
            };
        }
        None
    }

    /// Goes on beside what was walked to its end, if something stands there.
    fn go_beside(&mut self, layers: &Layers) -> Option<Layer> {
        let beside = self.beside.take().filter(|_| layers.stop.is_none())?;
        self.own_end.get_or_insert(self.end);
        (self.at, self.end, self.wire) = (beside.at, beside.end, beside.wire);
        self.role = Role::Beside;
        self.left = LIMITS.map(|(_, limit)| limit);
        Some(beside.layer)
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
        match self.rules.step(layer, reach) {
            Ok(step) => {
                self.steps = self.steps.saturating_add(step.entries).saturating_add(1);
                let len = u16::try_from(step.len).unwrap_or(u16::MAX);
                if step.len > 0 && !layers.push(Span { layer, role, at, len }) {
                    return Self::stop(layers, Reason::TooDeep, self.at, 0, 0);
                }
                if let Some(another) = step.another {
                    let at = self.at.saturating_add(another);
                    self.beside = Some(Beside { layer, at, end: self.end, wire: self.wire });
                }
                if let Some(total) = step.total {
                    let limit = self.at.saturating_add(total);
                    if let Some(layer) = step.behind
                        && self.behind.is_none()
                    {
                        let (end, wire) = (self.end, self.wire);
                        self.behind = Some(Behind { layer, at: limit, end, wire });
                    }
                    self.end = self.end.min(limit);
                    self.wire = self.wire.min(limit);
                }
                if is_ip(layer) && matches!(self.role, Role::Outer | Role::Beside) {
                    self.role = Role::Tunnel;
                }
                self.at = self.at.saturating_add(step.len).min(self.end);
                Some(step.next)
            }
            Err(fault) => {
                // How many entries it took to find the fault is not told.
                self.steps = self.steps.saturating_add(MOST_ENTRIES).saturating_add(1);
                self.end_at_fault(fault, layer, role, at, reach, layers)
            }
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
            Fault::Malformed { .. } => there.min(layer.header().fixed_octets()),
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
