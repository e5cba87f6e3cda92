//! The protocol hierarchy: every chain of headers, and every beginning of one, with its packets.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use super::mark::{Mark, sorted};
use crate::analyze::Tally;
use crate::analyze::hierarchy::Hierarchy;
use crate::wire::Layer;
use crate::wire::header::Class;

/// One line of the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Node {
    /// Headers before this one.
    pub depth: usize,
    /// Name of the header, Wireshark's.
    pub name: &'static str,
    /// Packets that begin with the chain down to this header.
    pub tally: Tally,
}

/// Packets in which nothing was decoded.
const NOTHING: &str = "nothing decoded";

/// Packets of more chains than are told apart.
const OTHERS: &str = "other chains";

#[derive(Default)]
struct Branch {
    tally: Tally,
    children: BTreeMap<Layer, Branch>,
}

/// The tree of all chains, parents before children, siblings by packets.
pub fn tree(hierarchy: &Hierarchy) -> Vec<Node> {
    let mut root = Branch::default();
    let mut nothing = Tally::default();
    for (layers, tally) in hierarchy.makes() {
        if layers.is_empty() {
            nothing.merge(tally);
        }
        let mut branch = &mut root;
        for layer in layers {
            branch = branch.children.entry(layer).or_default();
            branch.tally.merge(tally);
        }
    }
    let mut nodes = Vec::new();
    list(&root, 0, &mut nodes);
    for (name, tally) in [(NOTHING, nothing), (OTHERS, hierarchy.others)] {
        if tally.packets > 0 {
            nodes.push(Node { depth: 0, name, tally });
        }
    }
    nodes
}

fn list(branch: &Branch, depth: usize, nodes: &mut Vec<Node>) {
    let mut children: Vec<_> = branch.children.iter().collect();
    children.sort_by_key(|(layer, child)| (Reverse(child.tally), **layer));
    for (layer, child) in children {
        nodes.push(Node { depth, name: layer.header().name, tally: child.tally });
        // A chain has at most as many headers as a make holds.
        list(child, depth + 1, nodes);
    }
}

/// Packets with each extension header, once for a packet with several of a kind.
pub fn extensions(hierarchy: &Hierarchy) -> Vec<Mark> {
    let mut sums = BTreeMap::<Layer, Tally>::new();
    for (mut layers, tally) in hierarchy.makes() {
        layers.retain(|layer| layer.header().class == Class::Extension);
        layers.sort_unstable();
        layers.dedup();
        for layer in layers {
            sums.entry(layer).or_default().merge(tally);
        }
    }
    sorted(sums.into_iter().map(|(layer, tally)| Mark {
        value: u64::from(layer as u8),
        name: layer.header().title.to_owned(),
        tally,
    }))
}
