//! Where the headers of one packet lie: a short list of spans, without their octets.

use crate::wire::Layer;

/// Spans a packet may have; a packet with more stops as too deep.
pub const MAX_SPANS: usize = 40;

/// How an IP header came to be in the packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// The first IP header; also every header that is not IP.
    Outer,
    /// Carried by the headers before it.
    Tunnel,
    /// Quoted by an error message: it travelled earlier, the other way.
    Quoted,
    /// A copy in an application's sample.
    Copy,
}

impl Role {
    /// The word in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Outer => "outer",
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
    /// What would have done there: octets, or the least value of the field.
    pub needs: u32,
    /// What there is.
    pub has: u32,
}

/// Which of the ledger's places a packet is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It has an IP header.
    Ip,
    /// It was understood down to something that is not IP.
    NonIp,
    /// It could not be understood far enough to tell.
    Undecoded,
}

/// The headers of one packet, outermost first.
#[derive(Debug, Clone, Copy)]
pub struct Layers {
    spans: [Span; MAX_SPANS],
    count: u8,
    /// Set when the walk ended before the packet did.
    pub stop: Option<Stop>,
    /// First octet of the frame behind what the innermost header carries, as far as it was captured.
    pub end: u32,
}

impl Default for Layers {
    fn default() -> Self {
        Self::new()
    }
}

impl Layers {
    /// No headers.
    pub const fn new() -> Self {
        let none = Span {
            layer: Layer::Ethernet,
            role: Role::Outer,
            at: 0,
            len: 0,
        };
        Self {
            spans: [none; MAX_SPANS],
            count: 0,
            stop: None,
            end: 0,
        }
    }

    /// Forgets all spans.
    pub fn clear(&mut self) {
        self.count = 0;
        self.stop = None;
        self.end = 0;
    }

    /// The spans, outermost first.
    pub fn spans(&self) -> &[Span] {
        self.spans
            .get(..usize::from(self.count))
            .unwrap_or_default()
    }

    /// Adds a span; false when there is no room.
    pub(crate) fn push(&mut self, span: Span) -> bool {
        match self.spans.get_mut(usize::from(self.count)) {
            Some(slot) => {
                *slot = span;
                self.count = self.count.saturating_add(1);
                true
            }
            None => false,
        }
    }

    /// Which place of the ledger the packet is in.
    pub fn place(&self) -> Place {
        if self.spans().iter().any(|span| is_ip(span.layer)) {
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
