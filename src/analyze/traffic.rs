//! Conversations and endpoints as they are added up, counted and shown.

use super::count::Tally;

/// Counts of conversations and endpoints, by IP version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct ConversationCounts {
    /// Unordered pairs of IPv4 addresses.
    pub ipv4_conversations: u64,
    /// IPv4 addresses.
    pub ipv4_endpoints: u64,
    /// Unordered pairs of IPv6 addresses.
    pub ipv6_conversations: u64,
    /// IPv6 addresses.
    pub ipv6_endpoints: u64,
    /// Whether there was no room for all conversations, so that their counts are lower bounds.
    pub are_conversations_estimated: bool,
    /// Whether there was no room for all endpoints, so that their counts are lower bounds.
    pub are_endpoints_estimated: bool,
}

impl ConversationCounts {
    pub(super) fn conversation(&mut self, is_v6: bool) {
        *if is_v6 { &mut self.ipv6_conversations } else { &mut self.ipv4_conversations } += 1;
    }

    pub(super) fn endpoint(&mut self, is_v6: bool) {
        *if is_v6 { &mut self.ipv6_endpoints } else { &mut self.ipv4_endpoints } += 1;
    }

    pub(super) fn conversation_if(&mut self, is_one: bool, is_v6: bool) {
        if is_one {
            self.conversation(is_v6);
        }
    }

    pub(super) fn endpoint_if(&mut self, is_one: bool, is_v6: bool) {
        if is_one {
            self.endpoint(is_v6);
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.ipv4_conversations += other.ipv4_conversations;
        self.ipv4_endpoints += other.ipv4_endpoints;
        self.ipv6_conversations += other.ipv6_conversations;
        self.ipv6_endpoints += other.ipv6_endpoints;
    }
}

/// Over which of a packet's own IP headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HeaderScope {
    /// The outermost header.
    #[default]
    Outer,
    /// The innermost header.
    Inner,
    /// Every header but quotes and copies; an address in several headers of a packet counts once.
    All,
}

impl HeaderScope {
    /// The word for it on the command line and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Outer => "outer",
            Self::Inner => "inner",
            Self::All => "all",
        }
    }

    /// What the headers are called.
    pub fn headers(self) -> &'static str {
        match self {
            Self::Outer => "outermost headers",
            Self::Inner => "innermost headers",
            Self::All => "all headers",
        }
    }

    /// The one that is shown next.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Outer => Self::Inner,
            Self::Inner => Self::All,
            Self::All => Self::Outer,
        }
    }
}

/// An address of either version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Address {
    /// IPv4.
    V4(u32),
    /// IPv6.
    V6(u128),
}

impl From<Address> for std::net::IpAddr {
    fn from(address: Address) -> Self {
        match address {
            Address::V4(number) => Self::V4(number.into()),
            Address::V6(number) => Self::V6(number.into()),
        }
    }
}

/// Traffic between two addresses, the smaller first; or of one address, sent and received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traffic<T> {
    /// Who.
    pub who: T,
    /// From the smaller address to the greater; or sent.
    pub forth: Tally,
    /// From the greater to the smaller; or received.
    pub back: Tally,
}

impl<T> Traffic<T> {
    /// Both ways.
    pub fn total(&self) -> Tally {
        let mut sum = self.forth;
        sum.merge(self.back);
        sum
    }
}

/// Receives every conversation and endpoint that one thread of several adds up, in no order that
/// means anything.
pub trait Visitor: Send {
    /// Packets between two addresses.
    fn conversation(&mut self, traffic: Traffic<(Address, Address)>);
    /// Packets of one address.
    fn endpoint(&mut self, traffic: Traffic<Address>);
}

/// A visitor that receives nothing, where counts alone are wanted.
impl Visitor for () {
    fn conversation(&mut self, _: Traffic<(Address, Address)>) {}
    fn endpoint(&mut self, _: Traffic<Address>) {}
}

/// Counts of conversations and endpoints, and the visitors that received them.
#[derive(Debug)]
pub struct Aggregate<V> {
    /// Of outermost headers.
    pub outer: ConversationCounts,
    /// Of innermost headers.
    pub inner: ConversationCounts,
    /// Of all headers but quotes and copies.
    pub all: ConversationCounts,
    /// One a thread.
    pub visitors: Vec<V>,
}

impl<V> Aggregate<V> {
    /// Counts by the headers in a scope.
    pub fn of(&self, scope: HeaderScope) -> ConversationCounts {
        match scope {
            HeaderScope::Outer => self.outer,
            HeaderScope::Inner => self.inner,
            HeaderScope::All => self.all,
        }
    }
}
