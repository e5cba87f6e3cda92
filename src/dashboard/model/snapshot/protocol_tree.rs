//! The protocol hierarchy with neighbours in the requested order.

use std::borrow::Cow;

use crate::analyze::Tally;
use crate::analyze::statistic::Detail;
use crate::dashboard::model::rows::Rank;
use crate::report::summary::Statistic;

/// One header in a hierarchy of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProtocolNode {
    /// How many headers are around it.
    pub depth: usize,
    /// The protocol's name.
    pub name: Cow<'static, str>,
    /// Packets with it here.
    pub tally: Tally,
    /// Of those, packets in which nothing follows it.
    pub ends: Tally,
    /// Packets and octets of the whole hierarchy.
    pub whole: Tally,
    /// It and the headers around it, see [`crate::decode::layers::LayerIndex::headers_of`]; 0 where
    /// it stands for no stack.
    pub path: u128,
}

/// The tree of protocols: every header below the one around it, its neighbours by `rank`, the
/// greatest first where it `descends`; of equals the order of the statistic stays.
pub fn protocol_tree(
    tree: &Statistic,
    whole: Tally,
    rank: fn(&ProtocolNode) -> Rank,
    descends: bool,
) -> Vec<ProtocolNode> {
    let nodes = tree.entries.iter().filter_map(|entry| match entry.detail? {
        Detail::Node { depth, path, ends } => Some(ProtocolNode {
            depth: depth.into(),
            name: entry.name.clone(),
            tally: entry.tally,
            ends,
            whole,
            path,
        }),
        _ => None,
    });
    let nodes: Vec<_> = nodes.collect();
    let mut sorted = Vec::with_capacity(nodes.len());
    sort(&nodes, rank, descends, &mut sorted);
    sorted
}

/// Appends neighbours, each before what is within it.
fn sort(
    nodes: &[ProtocolNode],
    rank: fn(&ProtocolNode) -> Rank,
    descends: bool,
    sorted: &mut Vec<ProtocolNode>,
) {
    let mut neighbours: Vec<_> = nodes.chunk_by(|_, next| next.depth > nodes[0].depth).collect();
    neighbours.sort_by(|a, b| {
        let order = rank(&a[0]).cmp(&rank(&b[0]));
        if descends { order.reverse() } else { order }
    });
    for neighbour in neighbours {
        let Some((first, within)) = neighbour.split_first() else { continue };
        sorted.push(first.clone());
        sort(within, rank, descends, sorted);
    }
}
