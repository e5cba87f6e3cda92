//! Who talked: endpoints, conversations and flows with most packets, and what their addresses are.
//!
//! Only packets whose addresses were captured have a flow, and only flows that were not evicted are
//! counted; [`super::Flows`] says whether any were.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::Serialize;

use super::TOP;
use crate::address::describe::{Label, label};
use crate::analyze::flow::FlowView;
use crate::analyze::talk::{Address, Circle, Talk, Talks, top};
use crate::analyze::{Analysis, Tally};
use crate::decode::tuple::Pair;
use crate::wire::number::protocol_name;

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
    pub times: Option<(i64, i64)>,
    /// IP headers around its own.
    pub tunnels: usize,
}

impl Endpoint {
    /// An endpoint with the labels of its address.
    pub fn new(talk: &Talk<Address>) -> Self {
        let address = IpAddr::from(talk.who);
        let Label { class, special, kind, .. } = label(address);
        Self { address, sent: talk.forth, received: talk.back, class, special, kind }
    }
}

/// Outermost addresses with most packets.
pub(super) fn endpoints(talks: &Talks) -> Vec<Endpoint> {
    talks.top_endpoints(TOP).iter().map(Endpoint::new).collect()
}

/// Outermost pairs with most packets.
pub(super) fn conversations(talks: &Talks) -> Vec<Conversation> {
    let top = talks.top_conversations(TOP).into_iter();
    top.map(|talk| Conversation {
        addresses: (talk.who.0.into(), talk.who.1.into()),
        forth: talk.forth,
        back: talk.back,
    })
    .collect()
}

/// Flows with most packets.
pub(super) fn flows(analysis: &Analysis) -> Vec<FlowLine> {
    let all = top(analysis.flows(), TOP, |flow| (Reverse(flow.total()), flow.number, flow.path));
    all.iter().map(|flow| FlowLine::new(flow, analysis.paths.chain(flow.path).len())).collect()
}

/// IP protocols whose first four octets are two ports.
const WITH_PORTS: [u8; 5] = [6, 17, 33, 132, 136];

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Kind {
    /// Class letter, type, or name of the block.
    pub name: &'static str,
    /// Addresses of it.
    pub addresses: u64,
    /// Packets from such addresses.
    pub source: Tally,
    /// Packets to such addresses.
    pub destination: Tally,
}

/// Outermost addresses by what they are.  A packet counts once as source and once as destination.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Addresses {
    /// IPv4 by class, A to E.
    pub classes: Vec<Kind>,
    /// IPv6 by type.
    pub kinds: Vec<Kind>,
    /// Special-purpose blocks of both versions.
    pub special: Vec<Kind>,
}

#[derive(Default)]
struct Sums(BTreeMap<&'static str, Kind>);

impl Sums {
    fn add(&mut self, name: &'static str, address: bool, source: Tally, destination: Tally) {
        let empty =
            Kind { name, addresses: 0, source: Tally::default(), destination: Tally::default() };
        let kind = self.0.entry(name).or_insert(empty);
        kind.addresses += u64::from(address);
        kind.source.merge(source);
        kind.destination.merge(destination);
    }

    fn by_packets(self) -> Vec<Kind> {
        let mut kinds: Vec<_> = self.0.into_values().collect();
        kinds.sort_by_key(|kind| {
            (Reverse(kind.source.packets + kind.destination.packets), kind.name)
        });
        kinds
    }
}

impl Addresses {
    /// The kinds of all endpoints of `talks`.
    pub fn of(talks: &Talks) -> Self {
        let (mut classes, mut kinds, mut special) =
            (Sums::default(), Sums::default(), Sums::default());
        each(&talks.v4, |address: u32, is_new, source, destination| {
            let label = label(Ipv4Addr::from(address).into());
            classes.add(label.class, is_new, source, destination);
            if !label.special.is_empty() {
                special.add(label.special, is_new, source, destination);
            }
        });
        each(&talks.v6, |address: u128, is_new, source, destination| {
            let label = label(Ipv6Addr::from(address).into());
            kinds.add(label.kind, is_new, source, destination);
            if !label.special.is_empty() {
                special.add(label.special, is_new, source, destination);
            }
        });
        Self {
            classes: classes.0.into_values().collect(),
            kinds: kinds.by_packets(),
            special: special.by_packets(),
        }
    }
}

/// Calls `with` for every endpoint, and again for what an address sent to itself: an endpoint counts
/// such a packet once, as either sent or received, and it is both.
fn each<T: Copy + Eq>(circle: &Circle<T>, mut with: impl FnMut(T, bool, Tally, Tally)) {
    for talk in &circle.endpoints {
        with(talk.who, true, talk.forth, talk.back);
    }
    for talk in circle.conversations.iter().filter(|talk| talk.who.0 == talk.who.1) {
        with(talk.who.0, false, talk.back, talk.forth);
    }
}
