//! Headers in headers, and packets by extension header.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use super::Share;
use crate::analyze::Tally;
use crate::wire::Layer;
use crate::wire::header::Class;

/// One header in a hierarchy of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Branch {
    /// Headers around it.
    pub depth: usize,
    /// The protocol's name, as in `frame.protocols`.
    pub name: &'static str,
    /// Its name in words.
    pub title: &'static str,
    /// Packets with it here, of all packets.
    #[serde(flatten)]
    pub share: Share,
}

/// One extension header.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Extension {
    /// The protocol's name.
    pub name: &'static str,
    /// Its name in words.
    pub title: &'static str,
    /// Packets that have it, of all with IP.
    #[serde(flatten)]
    pub share: Share,
}

#[derive(Default)]
struct Node {
    tally: Tally,
    inner: BTreeMap<Layer, Node>,
}

/// The makes as a tree, flattened: every header below the one around it, most packets first.
pub(super) fn branches(makes: &[(Vec<Layer>, Tally)], packets: u64) -> Vec<Branch> {
    let mut root = Node::default();
    for (layers, tally) in makes {
        let mut node = &mut root;
        for layer in layers {
            node = node.inner.entry(*layer).or_default();
            node.tally.merge(*tally);
        }
    }
    let mut out = Vec::new();
    flatten(root, 0, packets, &mut out);
    out
}

fn flatten(node: Node, depth: usize, packets: u64, out: &mut Vec<Branch>) {
    let mut inner: Vec<_> = node.inner.into_iter().collect();
    inner.sort_by_key(|(layer, node)| (Reverse(node.tally), *layer));
    for (layer, node) in inner {
        let row = layer.header();
        let share = Share::of(node.tally, packets);
        out.push(Branch { depth, name: row.name, title: row.title, share });
        flatten(node, depth + 1, packets, out);
    }
}

/// Packets that have each extension header at least once.
pub(super) fn extensions(makes: &[(Vec<Layer>, Tally)], packets: u64) -> Vec<Extension> {
    let mut sums: BTreeMap<Layer, Tally> = BTreeMap::new();
    for (layers, tally) in makes {
        let mut seen: Vec<Layer> = layers
            .iter()
            .copied()
            .filter(|layer| layer.header().class == Class::Extension)
            .collect();
        seen.sort_unstable();
        seen.dedup();
        for layer in seen {
            sums.entry(layer).or_default().merge(*tally);
        }
    }
    let mut rows: Vec<_> = sums.into_iter().collect();
    rows.sort_by_key(|&(layer, tally)| (Reverse(tally), layer));
    let rows = rows.into_iter().map(|(layer, tally)| Extension {
        name: layer.header().name,
        title: layer.header().title,
        share: Share::of(tally, packets),
    });
    rows.collect()
}
