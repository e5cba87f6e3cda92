//! The protocol hierarchy: every chain of headers, and every beginning of one, with its packets.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::entry::{Detail, Entry};
use super::facts::StackFacts;
use super::row::{Fold, How, Names, Row, Shape, Unit};
use crate::analyze::count::Tally;
use crate::analyze::hierarchy::Hierarchy;
use crate::decode::layers::LayerIndex;
use crate::wire::Layer;

/// The statistic.
pub const ROW: Row = Row {
    key: "hierarchy",
    title: "Protocols",
    unit: Unit::Packets,
    shape: Shape::Tree(How { fold: Fold::Stacks(fold), read }),
};

fn fold(hierarchy: &mut Hierarchy, stacks: &[(StackFacts, Tally)]) {
    for (stack, tally) in stacks {
        hierarchy.tally(stack.headers).merge(*tally);
    }
}

/// A header below others.
#[derive(Default)]
struct Branch {
    tally: Tally,
    ends: Tally,
    /// By name, since versions of a header may have one: each with the first of them.
    inner: BTreeMap<&'static str, (Layer, Branch)>,
}

/// The tree of all chains, parents before children, siblings by packets.  Its last lines are
/// packets in which nothing was decoded, and packets of more chains than are counted separately.
fn read(hierarchy: &Hierarchy, _: &Names<'_>) -> Vec<Entry> {
    let (mut root, mut nothing) = (Branch::default(), Tally::default());
    for (layers, tally) in hierarchy.stacks() {
        if layers.is_empty() {
            nothing.merge(tally);
            continue;
        }
        let mut branch = &mut root;
        for layer in layers {
            let name = layer.header().name;
            branch = &mut branch.inner.entry(name).or_insert((layer, Branch::default())).1;
            branch.tally.merge(tally);
        }
        branch.ends.merge(tally);
    }
    let mut entries = Vec::new();
    list(&root, &mut Vec::new(), &mut entries);
    let others =
        [("_nothing", "nothing decoded", nothing), ("_others", "other chains", hierarchy.others)];
    for (key, name, tally) in others.into_iter().filter(|(.., tally)| tally.packets > 0) {
        let node = Detail::Node { depth: 0, path: 0, ends: tally };
        entries.push(Entry::new(key, 0, tally).named(name).with(Some(node)));
    }
    entries
}

fn list(branch: &Branch, around: &mut Vec<Layer>, entries: &mut Vec<Entry>) {
    let mut inner: Vec<_> = branch.inner.values().collect();
    inner.sort_by_key(|(layer, inner)| (Reverse(inner.tally), *layer));
    for (layer, inner) in inner {
        let depth = u8::try_from(around.len()).unwrap_or(u8::MAX);
        around.push(*layer);
        let names: Vec<_> = around.iter().map(|layer| layer.header().name).collect();
        let path = LayerIndex::headers_of(around);
        let node = Detail::Node { depth, path, ends: inner.ends };
        let entry = Entry::new(names.join(":"), *layer as u64, inner.tally);
        entries.push(entry.named(layer.header().name).with(Some(node)));
        // A chain has at most as many headers as such a number holds.
        list(inner, around, entries);
        around.pop();
    }
}
