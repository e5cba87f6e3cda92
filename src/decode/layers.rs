//! Where the headers of one packet lie: a short list of spans, without their octets.

use super::decode_as::{self, Rules};
use crate::wire::Layer;
use crate::wire::header::Class;

/// Spans a packet may have; a packet with more stops as too deep.
pub const MAX_SPANS: usize = 40;

/// How an IP header came to be in the packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// The first IP header; also every header that is not IP.
    Outer,
    /// Carried by the headers before it.
    Tunnel,
    /// The first of another packet in the same frame, beside the one that the frame counts as.
    Beside,
    /// Quoted by an error message: it travelled earlier, the other way.
    Quoted,
    /// A copy in an application's sample.
    Copy,
}

impl Role {
    /// The word in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Outer | Self::Beside => "outer",
            Self::Tunnel => "tunnel",
            Self::Quoted => "quoted",
            Self::Copy => "copy",
        }
    }
}

/// Where one header lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Which header.
    pub layer: Layer,
    /// How it came to be there.
    pub role: Role,
    /// Its first octet, from the start of the frame.
    pub at: u16,
    /// Its octets; fewer than it says of itself when it is cut.
    pub len: u16,
}

impl Span {
    /// First octet behind the header.
    pub fn end(self) -> usize {
        usize::from(self.at).saturating_add(usize::from(self.len))
    }
}

/// Why the walk ended before the packet did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The capture holds fewer octets than there were.
    Truncated,
    /// A header contradicts itself or its enclosing lengths.
    Malformed,
    /// The link type is not one that ipeek reads.
    Unknown,
    /// More headers than the walk takes.
    TooDeep,
}

impl Reason {
    /// The word in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Truncated => "truncated",
            Self::Malformed => "malformed",
            Self::Unknown => "unknown",
            Self::TooDeep => "too-deep",
        }
    }
}

/// Where and why the walk ended early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// Why.
    pub reason: Reason,
    /// Octet of the frame.
    pub offset: u32,
    /// What was needed there: octets, or the least valid value of the field.
    pub needs: u32,
    /// What was found there.
    pub has: u32,
}

/// The category of the ledger in which a packet is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It has an IP header.
    Ip,
    /// It was decoded, and what it carries is not IP.
    NonIp,
    /// It could not be decoded far enough to know.
    Undecoded,
}

/// What stands where among the spans that are the packet's own, quotes and copies left out.
///
/// Noted while walking, so that the spans need not be gone through again for every packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LayerIndex {
    /// Index of the outermost IP header; [`LayerIndex::NONE`] without one.
    pub outer: u8,
    /// Index of the innermost IP header.
    pub inner: u8,
    /// Index of the first transport header behind it.
    pub transport: u8,
    /// IP headers.
    pub depth: u8,
    /// First index that is not the packet's own.
    pub own: u8,
    /// Which headers there are: seven bits each, outermost first; see [`LayerIndex::layers`].
    pub headers: u128,
}

/// Bits a header takes in [`LayerIndex::headers`].
const HEADER_BITS: u32 = 7;

// 0 stands for none.
const _: () = assert!(crate::wire::catalogue::HEADERS.len() < 1 << HEADER_BITS);

impl LayerIndex {
    /// Stands for an index that is not there.
    pub const NONE: u8 = u8::MAX;

    /// The index of a packet without headers.
    pub const EMPTY: Self = Self {
        outer: Self::NONE,
        inner: Self::NONE,
        transport: Self::NONE,
        depth: 0,
        own: 0,
        headers: 0,
    };

    /// These headers in one number, outermost first.
    pub const fn headers_of(layers: &[Layer]) -> u128 {
        let (mut headers, mut rest) = (0, layers);
        while let [first, more @ ..] = rest {
            headers = headers << HEADER_BITS | (*first as u128).wrapping_add(1);
            rest = more;
        }
        headers
    }

    /// The headers that such a number stands for, outermost first; only the innermost of very many.
    pub fn layers(headers: u128) -> Vec<Layer> {
        let numbers = (0..u128::BITS / HEADER_BITS).rev().map(|place| {
            let number = headers >> place.saturating_mul(HEADER_BITS) & ((1 << HEADER_BITS) - 1);
            usize::try_from(number).unwrap_or(0)
        });
        let headers = crate::wire::catalogue::HEADERS;
        numbers.filter_map(|n| headers.get(n.checked_sub(1)?).map(|row| row.layer)).collect()
    }

    fn note(&mut self, index: u8, span: Span) {
        if self.own != index || matches!(span.role, Role::Beside | Role::Quoted | Role::Copy) {
            return;
        }
        self.own = self.own.saturating_add(1);
        self.headers = self.headers << HEADER_BITS | (span.layer as u128).wrapping_add(1);
        if is_ip(span.layer) {
            if self.depth == 0 {
                self.outer = index;
            }
            self.depth = self.depth.saturating_add(1);
            self.inner = index;
            self.transport = Self::NONE;
        } else if self.transport == Self::NONE
            && self.depth > 0
            && span.layer.header().class == Class::Transport
        {
            self.transport = index;
        }
    }
}

/// The headers of one packet, outermost first.
#[derive(Debug, Clone, Copy)]
pub struct Layers {
    spans: [Span; MAX_SPANS],
    count: u8,
    /// What decides which header follows which.
    pub(super) rules: &'static Rules,
    /// What stands where.
    pub index: LayerIndex,
    /// Set when the walk ended before the packet did.
    pub stop: Option<Stop>,
    /// First octet of the frame behind what the innermost header carries, as far as it was
    /// captured.
    pub end: u32,
    /// Steps the walk took, at most [`super::walk::MOST_STEPS`]: headers, answers to what comes
    /// next, entries of lists.  None for a frame of a known stack, which takes one look.
    pub steps: u32,
}

impl Default for Layers {
    fn default() -> Self {
        Self::new()
    }
}

impl Layers {
    /// No headers, to be found by the rules of this process.
    pub fn new() -> Self {
        Self::by(decode_as::rules())
    }

    /// No headers, to be found by these rules.
    pub const fn by(rules: &'static Rules) -> Self {
        let none = Span { layer: Layer::Ethernet, role: Role::Outer, at: 0, len: 0 };
        Self {
            spans: [none; MAX_SPANS],
            count: 0,
            rules,
            index: LayerIndex::EMPTY,
            stop: None,
            end: 0,
            steps: 0,
        }
    }

    /// What decides which header follows which.
    pub fn rules(&self) -> &'static Rules {
        self.rules
    }

    /// Forgets all spans.
    pub fn clear(&mut self) {
        self.count = 0;
        self.index = LayerIndex::EMPTY;
        self.stop = None;
        self.end = 0;
        self.steps = 0;
    }

    /// Takes over the headers of another packet.
    pub(crate) fn copy_from(&mut self, other: &Self) {
        // Only what is in use: the rest is some hundred octets.
        let spans = other.spans();
        if let Some(room) = self.spans.get_mut(..spans.len()) {
            room.copy_from_slice(spans);
        }
        let &Self { spans: _, count, rules: _, index, stop, end, steps } = other;
        (self.count, self.index, self.stop, self.end, self.steps) =
            (count, index, stop, end, steps);
    }

    /// Says how many octets the last header has.
    pub(crate) fn set_last(&mut self, len: u16) {
        let last = usize::from(self.count).checked_sub(1).and_then(|at| self.spans.get_mut(at));
        if let Some(last) = last {
            last.len = len;
        }
    }

    /// The span at `index`, if there is one.
    pub fn span(&self, index: u8) -> Option<Span> {
        self.spans().get(usize::from(index)).copied()
    }

    /// The spans, outermost first.
    pub fn spans(&self) -> &[Span] {
        self.spans.get(..usize::from(self.count)).unwrap_or_default()
    }

    /// Adds a span; false when there is no room.
    pub(crate) fn push(&mut self, span: Span) -> bool {
        match self.spans.get_mut(usize::from(self.count)) {
            Some(slot) => {
                *slot = span;
                self.index.note(self.count, span);
                self.count = self.count.saturating_add(1);
                true
            }
            None => false,
        }
    }

    /// Whether it quotes another packet.
    pub fn has_quote(&self) -> bool {
        self.span(self.index.own).is_some_and(|span| matches!(span.role, Role::Quoted | Role::Copy))
    }

    /// Which place of the ledger the packet is in.
    pub fn place(&self) -> Place {
        if self.index.depth > 0 {
            Place::Ip
        } else if self.stop.is_some() {
            Place::Undecoded
        } else {
            Place::NonIp
        }
    }
}

/// Whether `layer` is an IP header.
pub const fn is_ip(layer: Layer) -> bool {
    matches!(layer, Layer::Ipv4 | Layer::Ipv6)
}
