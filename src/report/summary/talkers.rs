//! Who talks with whom, how much, and what kind of addresses they have.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::Serialize;

use super::{Share, TOP};
use crate::address::describe::{Label, label};
use crate::analyze::flow::FlowView;
use crate::analyze::talk::{self, Address, Scope, Talk};
use crate::analyze::{Analysis, Tally};
use crate::decode::tuple::Pair;
use crate::report::words;

/// A pair of addresses.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Conversation {
    /// The smaller address and the greater.
    pub ends: (IpAddr, IpAddr),
    /// From the smaller to the greater.
    pub forth: Tally,
    /// From the greater to the smaller.
    pub back: Tally,
    /// Both ways, of all IP packets.
    #[serde(flatten)]
    pub share: Share,
}

/// An address.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Endpoint {
    /// The address.
    pub address: IpAddr,
    /// Its type, such as `private`.
    pub kind: &'static str,
    /// From it.
    pub sent: Tally,
    /// To it.
    pub received: Tally,
    /// Both, of all IP packets.
    #[serde(flatten)]
    pub share: Share,
}

/// A flow.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Flow {
    /// Number of its first packet.
    pub number: u64,
    /// Sender and receiver of that packet.
    pub ends: (IpAddr, IpAddr),
    /// Their ports, where the protocol has any.
    pub ports: Option<(u16, u16)>,
    /// IP protocol.
    pub proto: u8,
    /// Its usual name, or its number.
    pub proto_name: String,
    /// The type of ICMP's message, a question's for its answers too.
    pub icmp_type: Option<u16>,
    /// Whether it should have ports or a type and shows none: later fragments, or cut packets.
    pub is_nameless: bool,
    /// To the receiver of the first packet.
    pub forth: Tally,
    /// Back to its sender.
    pub back: Tally,
    /// From first to last packet in nanoseconds.
    pub duration: Option<i64>,
    /// Both ways, of all IP packets.
    #[serde(flatten)]
    pub share: Share,
}

/// Addresses of one type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Kind {
    /// The type, such as `private`.
    pub name: &'static str,
    /// The special-purpose block, where all of them lie in one.
    pub block: &'static str,
    /// How many addresses.
    pub addresses: u64,
    /// Packets from and to them.
    #[serde(flatten)]
    pub tally: Tally,
}

/// IPv4 addresses of one class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Letter {
    /// A to E.
    pub name: &'static str,
    /// How many addresses.
    pub addresses: u64,
    /// Packets from and to them.
    #[serde(flatten)]
    pub tally: Tally,
}

/// What an address is called: the one place where the summary asks.
fn label_of(address: Address) -> Label {
    label(address.into())
}

fn ip_packets(analysis: &Analysis) -> u64 {
    analysis.ledger.get(0).packets
}

pub(super) fn conversations(analysis: &Analysis) -> Vec<Conversation> {
    let packets = ip_packets(analysis);
    let talks = talk::conversations(analysis, Scope::All);
    let rows = talks.iter().take(TOP).map(|talk| Conversation {
        ends: (talk.who.0.into(), talk.who.1.into()),
        forth: talk.forth,
        back: talk.back,
        share: Share::of(talk.total(), packets),
    });
    rows.collect()
}

pub(super) fn endpoints(talks: &[Talk<Address>], packets: u64) -> Vec<Endpoint> {
    let rows = talks.iter().take(TOP).map(|talk| Endpoint {
        address: talk.who.into(),
        kind: label_of(talk.who).kind,
        sent: talk.forth,
        received: talk.back,
        share: Share::of(talk.total(), packets),
    });
    rows.collect()
}

pub(super) fn flows(analysis: &Analysis) -> Vec<Flow> {
    let packets = ip_packets(analysis);
    let rank = |flow: &FlowView| (Reverse(flow.total()), flow.number, flow.path);
    let mut top: Vec<FlowView> = Vec::new();
    for flow in analysis.flows() {
        let at = top.partition_point(|other| rank(other) < rank(&flow));
        if at < TOP {
            top.truncate(TOP - 1);
            top.insert(at, flow);
        }
    }
    let rows = top.iter().map(|flow| Flow {
        number: flow.number,
        ends: match flow.pair {
            Pair::V4(from, to) => (Address::V4(from).into(), Address::V4(to).into()),
            Pair::V6(from, to) => (Address::V6(from).into(), Address::V6(to).into()),
        },
        ports: (has_ports(flow) && flow.ports != (0, 0)).then_some(flow.ports),
        proto: flow.proto,
        proto_name: {
            let mut name = String::new();
            words::protocol(&mut name, flow.proto);
            name
        },
        icmp_type: (is_icmp(flow) && flow.ports != (0, 0)).then_some(flow.ports.0),
        is_nameless: flow.ports == (0, 0) && (has_ports(flow) || is_icmp(flow)),
        forth: flow.tallies[0],
        back: flow.tallies[1],
        duration: flow.times.map(|(first, last)| last.saturating_sub(first)),
        share: Share::of(flow.total(), packets),
    });
    rows.collect()
}

fn has_ports(flow: &FlowView) -> bool {
    matches!(flow.proto, 6 | 17 | 33 | 132 | 136)
}

fn is_icmp(flow: &FlowView) -> bool {
    matches!(flow.proto, 1 | 58)
}

pub(super) fn kinds(talks: &[Talk<Address>]) -> Vec<Kind> {
    let mut by_name: BTreeMap<&'static str, Kind> = BTreeMap::new();
    for talk in talks {
        let label = label_of(talk.who);
        let kind = by_name.entry(label.kind).or_insert(Kind {
            name: label.kind,
            block: label.special,
            addresses: 0,
            tally: Tally::default(),
        });
        kind.addresses += 1;
        kind.tally.merge(talk.total());
        if kind.block != label.special {
            kind.block = "";
        }
    }
    let mut kinds: Vec<_> = by_name.into_values().collect();
    kinds.sort_by_key(|kind| (Reverse(kind.tally), kind.name));
    kinds
}

pub(super) fn letters(talks: &[Talk<Address>]) -> Vec<Letter> {
    let mut by_name: BTreeMap<&'static str, Letter> = BTreeMap::new();
    for talk in talks {
        let name = label_of(talk.who).class;
        if name.is_empty() {
            continue;
        }
        let letter =
            by_name.entry(name).or_insert(Letter { name, addresses: 0, tally: Tally::default() });
        letter.addresses += 1;
        letter.tally.merge(talk.total());
    }
    by_name.into_values().collect()
}
