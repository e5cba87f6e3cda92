//! Top talkers: the endpoints, conversations and flows with most packets, and the kinds of their
//! addresses.
//!
//! Only packets whose addresses were captured have a flow, and only flows that were not evicted are
//! counted; [`FlowCounts`](crate::analyze::expiry::FlowCounts) says whether any were.

use std::cmp::Reverse;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::Serialize;

use crate::address::describe::{Label, label};
use crate::address::registry::SPECIAL_V4;
use crate::analyze::conversation;
use crate::analyze::flow::FlowView;
use crate::analyze::top::Top;
use crate::analyze::traffic::{Address, ConversationCounts, HeaderScope, Traffic, Visitor};
use crate::analyze::{Analysis, Tally};
use crate::base::timestamp::Timestamp;
use crate::decode::tuple::Pair;
use crate::wire::number::protocol_name;

/// Rows of the lists of conversations, endpoints and flows.
pub const TOP: usize = 10;

/// One address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Endpoint {
    /// Which.
    pub address: IpAddr,
    /// Packets it sent.
    pub sent: Tally,
    /// Packets it received.
    pub received: Tally,
    /// Class letter; empty for IPv6.
    pub class: &'static str,
    /// Name of its special-purpose block; empty outside of all.
    pub special: &'static str,
    /// Its type, such as `private`.
    pub kind: &'static str,
}

/// Two addresses, the smaller first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conversation {
    /// Who.
    pub addresses: (IpAddr, IpAddr),
    /// From the first to the second.
    pub forth: Tally,
    /// From the second to the first.
    pub back: Tally,
}

/// One flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FlowLine {
    /// Number of its first packet.
    pub number: u64,
    /// IP protocol.
    pub proto: u8,
    /// Its name; empty for an unassigned one.
    pub name: &'static str,
    /// Innermost addresses, from the sender of the first packet to its receiver.
    pub addresses: (IpAddr, IpAddr),
    /// Ports, where the protocol has them.
    pub ports: Option<(u16, u16)>,
    /// From the sender of the first packet.
    pub forth: Tally,
    /// To it.
    pub back: Tally,
    /// Earliest and latest time, when any packet had one.
    pub times: Option<(Timestamp, Timestamp)>,
    /// IP headers around its own.
    pub tunnels: usize,
}

impl Endpoint {
    /// An endpoint with the labels of its address.
    pub fn new(traffic: &Traffic<Address>) -> Self {
        let address = IpAddr::from(traffic.who);
        let Label { class, special, kind, .. } = label(address);
        Self { address, sent: traffic.forth, received: traffic.back, class, special, kind }
    }

    /// Packets it sent or received.
    pub fn total(&self) -> Tally {
        let mut sum = self.sent;
        sum.merge(self.received);
        sum
    }
}

/// Those with most packets; of equals, those of lower numbers.
type Greatest<T> = Top<Traffic<T>, (Reverse<Tally>, T)>;

/// The talkers of a summary.
#[derive(Debug)]
pub struct Talkers {
    /// How many there are, counted by the headers in the chosen scope.
    pub talks: ConversationCounts,
    /// How many, by outermost headers.
    pub outer: ConversationCounts,
    /// How many, by all headers but quotes and copies.
    pub all: ConversationCounts,
    /// Addresses with most packets, counted by the headers in the chosen scope.
    pub endpoints: Vec<Endpoint>,
    /// Pairs of addresses with most packets.
    pub conversations: Vec<Conversation>,
    /// Addresses by what they are.
    pub addresses: Addresses,
}

impl Talkers {
    /// Those of `analysis` by the headers in `scope`, found by so many threads: the `most` greatest
    /// of each list.
    pub fn of(analysis: &Analysis, scope: HeaderScope, threads: usize, most: usize) -> Self {
        let aggregate = conversation::aggregate(analysis, scope, threads, || Count::new(most));
        let talks = aggregate.of(scope);
        let mut sum = Count::new(most);
        for count in aggregate.visitors {
            sum.merge(count);
        }
        let [classes, special, types] = sum.kinds;
        let [special, types] = [special, types].map(Sums::by_packets);
        Self {
            talks,
            outer: aggregate.outer,
            all: aggregate.all,
            endpoints: sum.endpoints.finish().iter().map(Endpoint::new).collect(),
            conversations: sum.conversations.finish().iter().map(Conversation::new).collect(),
            addresses: Addresses { classes: classes.by_name(), special, types },
        }
    }
}

/// Counts talkers, and keeps those with most packets.
struct Count {
    endpoints: Greatest<Address>,
    conversations: Greatest<(Address, Address)>,
    /// By class, special-purpose block and type.
    kinds: [Sums; 3],
    labels: Labels,
}

impl Count {
    fn new(most: usize) -> Self {
        Self {
            endpoints: Top::new(most),
            conversations: Top::new(most),
            kinds: Default::default(),
            labels: Labels::default(),
        }
    }

    fn merge(&mut self, other: Self) {
        self.endpoints.merge(other.endpoints);
        self.conversations.merge(other.conversations);
        for (mine, theirs) in self.kinds.iter_mut().zip(other.kinds) {
            mine.merge(theirs);
        }
    }

    /// Counts an address by what it is.
    fn add(&mut self, who: Address, is_new: bool, source: Tally, destination: Tally) {
        let names = names(&self.labels.of(who));
        for (sums, name) in self.kinds.iter_mut().zip(names) {
            sums.add(name, |kind| {
                kind.addresses += u64::from(is_new);
                kind.source.merge(source);
                kind.destination.merge(destination);
            });
        }
    }

    /// Counts packets between two addresses once for every kind that either of them is of.
    fn touch(&mut self, one: Address, other: Address, tally: Tally) {
        let [one, other] = [one, other].map(|who| names(&self.labels.of(who)));
        for (sums, (a, b)) in self.kinds.iter_mut().zip(one.into_iter().zip(other)) {
            sums.add(a, |kind| kind.tally.merge(tally));
            if a != b {
                sums.add(b, |kind| kind.tally.merge(tally));
            }
        }
    }
}

/// What an address is, in the order of [`Count::kinds`]; empty where it is nothing of the sort.
fn names(label: &Label) -> [&'static str; 3] {
    [label.class, label.special, label.kind]
}

impl Visitor for Count {
    fn conversation(&mut self, traffic: Traffic<(Address, Address)>) {
        self.conversations.push((Reverse(traffic.total()), traffic.who), || traffic);
        self.touch(traffic.who.0, traffic.who.1, traffic.total());
        // An endpoint counts what it sent to itself once, as either sent or received; it is both.
        if traffic.who.0 == traffic.who.1 {
            self.add(traffic.who.0, false, traffic.back, traffic.forth);
        }
    }

    fn endpoint(&mut self, traffic: Traffic<Address>) {
        self.endpoints.push((Reverse(traffic.total()), traffic.who), || traffic);
        self.add(traffic.who, true, traffic.forth, traffic.back);
    }
}

/// Labels of addresses.  What holds for all of an IPv4 /16 is looked up once for it.
struct Labels {
    known: Vec<Label>,
    /// By /16: 0 not looked up, [`Labels::MIXED`] not one label for all of it, else the label's
    /// place, from 1.
    blocks: Vec<u8>,
}

impl Default for Labels {
    fn default() -> Self {
        Self { known: Vec::new(), blocks: vec![0; 1 << 16] }
    }
}

impl Labels {
    const MIXED: u8 = u8::MAX;

    fn of(&mut self, who: Address) -> Label {
        let Address::V4(address) = who else { return label(who.into()) };
        let block = address >> 16;
        let Some(known) = self.blocks.get_mut(block as usize) else { return label(who.into()) };
        if let Some(label) = self.known.get(usize::from(*known).wrapping_sub(1)) {
            return *label;
        }
        let label = label(who.into());
        if *known == 0 {
            *known = Self::MIXED;
            if SPECIAL_V4.is_even(block << 16, block << 16 | 0xffff) {
                let place = self.known.iter().position(|known| *known == label);
                let place = place.unwrap_or_else(|| {
                    self.known.push(label);
                    self.known.len() - 1
                });
                // There are some dozens of labels.
                *known = u8::try_from(place + 1).unwrap_or(Self::MIXED);
            }
        }
        label
    }
}

/// Flows with most packets.
pub(super) fn flows(analysis: &Analysis) -> Vec<FlowLine> {
    let all = analysis.busiest_flows(TOP);
    all.iter().map(|flow| FlowLine::new(flow, analysis.paths.pairs(flow.path).count())).collect()
}

impl Conversation {
    fn new(traffic: &Traffic<(Address, Address)>) -> Self {
        let addresses = (traffic.who.0.into(), traffic.who.1.into());
        Self { addresses, forth: traffic.forth, back: traffic.back }
    }
}

/// IP protocols whose first four octets are two ports.
pub const WITH_PORTS: [u8; 5] = [6, 17, 33, 132, 136];

impl FlowLine {
    /// A flow with so many IP headers around its own.
    pub fn new(flow: &FlowView, tunnels: usize) -> Self {
        let has_ports = WITH_PORTS.contains(&flow.proto) && flow.ports != (0, 0);
        Self {
            number: flow.number,
            proto: flow.proto,
            name: protocol_name(flow.proto).unwrap_or_default(),
            addresses: match flow.pair {
                Pair::V4(a, b) => (Ipv4Addr::from(a).into(), Ipv4Addr::from(b).into()),
                Pair::V6(a, b) => (Ipv6Addr::from(a).into(), Ipv6Addr::from(b).into()),
            },
            ports: has_ports.then_some(flow.ports),
            forth: flow.tallies[0],
            back: flow.tallies[1],
            times: flow.times,
            tunnels,
        }
    }
}

/// A kind of address among the outermost ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct AddressKind {
    /// Class letter, type, or name of the block.
    pub name: &'static str,
    /// Addresses of it.
    pub addresses: u64,
    /// Packets from such addresses.
    pub source: Tally,
    /// Packets to such addresses.
    pub destination: Tally,
    /// Packets from or to such addresses, each once: its share is that of the packets that touch
    /// it.
    pub tally: Tally,
}

/// Outermost addresses by what they are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Addresses {
    /// IPv4 by class, A to E.
    pub classes: Vec<AddressKind>,
    /// Special-purpose blocks of both versions.
    pub special: Vec<AddressKind>,
    /// Types of both versions, such as `private`.
    pub types: Vec<AddressKind>,
}

#[derive(Default)]
struct Sums {
    kinds: Vec<AddressKind>,
    /// Where the last one stands: neighbours are mostly of one kind.
    last: usize,
}

impl Sums {
    /// Adds to the kind of that name; nothing where it has none.
    fn add(&mut self, name: &'static str, add: impl FnOnce(&mut AddressKind)) {
        if name.is_empty() {
            return;
        }
        if self.kinds.get(self.last).is_none_or(|kind| kind.name != name) {
            self.last = self.kinds.iter().position(|kind| kind.name == name).unwrap_or_else(|| {
                self.kinds.push(AddressKind { name, ..AddressKind::default() });
                self.kinds.len() - 1
            });
        }
        if let Some(kind) = self.kinds.get_mut(self.last) {
            add(kind);
        }
    }

    fn merge(&mut self, other: Self) {
        for theirs in other.kinds {
            self.add(theirs.name, |kind| {
                kind.addresses += theirs.addresses;
                kind.source.merge(theirs.source);
                kind.destination.merge(theirs.destination);
                kind.tally.merge(theirs.tally);
            });
        }
    }

    fn by_name(mut self) -> Vec<AddressKind> {
        self.kinds.sort_by_key(|kind| kind.name);
        self.kinds
    }

    fn by_packets(self) -> Vec<AddressKind> {
        let mut kinds = self.kinds;
        kinds.sort_by_key(|kind| (Reverse(kind.tally), kind.name));
        kinds
    }
}
