//! A flow, as the columns of its table look at it.

use std::fmt::Write;
use std::net::IpAddr;

use super::cell::{Cell, end};
use crate::analyze::departed::End;
use crate::analyze::flow::FlowView;
use crate::analyze::key::icmp_ports;
use crate::analyze::path::Element;
use crate::base::timestamp::Timestamp;
use crate::decode::tuple::Pair;
use crate::report::community::{CommunityId, is_icmp};
use crate::report::summary::talker::WITH_PORTS;

/// A flow, as the columns look at it.
#[derive(Debug)]
pub struct FlowRow<'a> {
    pub(super) flow: &'a FlowView,
    pub(super) file: Option<&'a str>,
    pub(super) why: End,
    /// IP headers down to its own, itself included.
    pub(super) depth: u32,
    pub(super) vlan: Option<u16>,
    pub(super) tunnel: String,
    pub(super) community: CommunityId,
}

impl<'a> FlowRow<'a> {
    /// The row of a flow that is told for a reason, of packets from `file`.
    pub fn new(flow: &'a FlowView, chain: &[Element], why: End, file: Option<&'a str>) -> Self {
        let pairs = chain.iter().filter_map(Element::pair).count();
        let has_ports = has_ports(flow) || is_icmp(flow.proto);
        let community = CommunityId::of(flow.pair, flow.proto, has_ports.then_some(flow.ports));
        Self {
            flow,
            file,
            why,
            depth: u32::try_from(pairs).unwrap_or(u32::MAX).saturating_add(1),
            vlan: chain.first().and_then(Element::vlan),
            tunnel: tunnel(chain),
            community,
        }
    }

    pub(super) fn end(&self, is_source: bool) -> IpAddr {
        end(self.flow.pair, is_source)
    }

    pub(super) fn ports(&self) -> Option<(u16, u16)> {
        has_ports(self.flow).then_some(self.flow.ports)
    }

    pub(super) fn icmp(&self) -> Option<(u16, u16)> {
        is_icmp(self.flow.proto).then_some(self.flow.ports)
    }

    /// The code of a message that has no answer: others stand for a question and its answer.
    pub(super) fn icmp_code(&self) -> Option<u16> {
        let (kind, code) = self.icmp()?;
        let (_, _, is_one_way) = icmp_ports(self.flow.proto == 58, kind, code);
        is_one_way.then_some(code)
    }

    pub(super) fn time(&self, is_end: bool) -> Option<Timestamp> {
        self.flow.times.map(|(start, end)| if is_end { end } else { start })
    }

    /// Least and greatest TTL one way, where packets went that way.
    pub(super) fn ttl(&self, way: usize) -> Option<[u8; 2]> {
        let packets = self.flow.tallies.get(way)?.packets;
        self.flow.ttl.get(way).copied().filter(|_| packets > 0)
    }

    pub(super) fn dscp(&self, way: usize) -> Option<u8> {
        self.flow.marks.get(way)?.dscp
    }

    pub(super) fn ecn(&self, way: usize) -> Option<u8> {
        self.flow.marks.get(way).map(|marks| marks.ecn)
    }

    pub(super) fn tcp(&self, way: usize) -> Option<u8> {
        self.flow.tcp.get(way).copied().filter(|_| self.flow.proto == 6)
    }

    pub(super) fn packets(&self, way: usize) -> Cell<'static> {
        self.flow.tallies.get(way).map_or(Cell::Null, |tally| Cell::count(tally.packets))
    }

    pub(super) fn octets(&self, way: usize) -> Cell<'static> {
        self.flow.tallies.get(way).map_or(Cell::Null, |tally| Cell::count(tally.octets))
    }
}

/// Whether the numbers of its ends are ports.
fn has_ports(flow: &FlowView) -> bool {
    WITH_PORTS.contains(&flow.proto) && flow.ports != (0, 0)
}

/// What encapsulates a flow, in the same words for both directions, outermost first: addresses with
/// a dash between, names and numbers of networks, and of VLANs behind the first with a colon; slashes
/// between them.
fn tunnel(chain: &[Element]) -> String {
    let rest = match chain {
        [Element::Vlan(_), rest @ ..] => rest,
        all => all,
    };
    let mut text = String::new();
    for element in rest {
        if !text.is_empty() {
            text.push('/');
        }
        // Writing to a string cannot fail.
        let _ = match *element {
            Element::Pair(pair @ (Pair::V4(..) | Pair::V6(..))) => {
                write!(text, "{}-{}", end(pair, true), end(pair, false))
            }
            Element::Vlan(number) => write!(text, "vlan:{number}"),
            Element::Network(layer, number) => write!(text, "{}:{number}", layer.header().name),
        };
    }
    text
}
