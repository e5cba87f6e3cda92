//! Packets with each extension header, once for a packet with several of a kind.

use std::collections::BTreeMap;

use super::entry::{Entry, most_first};
use super::hierarchy;
use super::row::{Fold, How, Names, Row, Shape, Unit};
use crate::analyze::count::Tally;
use crate::analyze::hierarchy::Hierarchy;
use crate::wire::Layer;
use crate::wire::header::Class;

/// The statistic.
pub const ROW: Row = Row {
    key: "extensions",
    title: "Extension headers",
    unit: Unit::Packets,
    shape: Shape::Tree(How { fold: Fold::As(hierarchy::ROW.key), read }),
};

fn read(hierarchy: &Hierarchy, _: &Names<'_>) -> Vec<Entry> {
    let mut sums = BTreeMap::<&'static str, (Layer, Tally)>::new();
    for (mut layers, tally) in hierarchy.stacks() {
        layers.retain(|layer| layer.header().class == Class::Extension);
        layers.sort_unstable();
        layers.dedup_by_key(|layer| layer.header().name);
        for layer in layers {
            let sum = sums.entry(layer.header().name).or_insert((layer, Tally::default()));
            sum.1.merge(tally);
        }
    }
    most_first(sums.into_iter().map(|(name, (layer, tally))| {
        Entry::new(name, layer as u64, tally).named(layer.header().title)
    }))
}
