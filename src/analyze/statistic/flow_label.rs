//! Packets whose outermost header is IPv6, with a flow label and without: routers tell flows apart by
//! it, and have to look deeper where there is none (RFC 6438).

use super::entry::Entry;
use super::facts::{Folded, Outermost};
use super::{Fold, How, Names, Row, Shape, Unit};
use crate::analyze::count::Tallies;

/// Keys and names.
const KINDS: [(&str, &str); 2] = [("set", "set"), ("zero", "zero, for none")];

/// The statistic.
pub const ROW: Row = Row {
    key: "flow_labels",
    title: "IPv6 flow label",
    unit: Unit::Packets,
    shape: Shape::Distribution(KINDS.len(), How { fold: Fold::Packets(fold), read }),
};

fn fold(labels: &mut Tallies, folded: &Folded<'_>) {
    if !folded.is_any_v6 {
        return;
    }
    for packet in folded.packets {
        let counts = packet.outer == Outermost::Ipv6;
        labels.add_if(counts, usize::from(!packet.is_labelled), packet.octets.into());
    }
}

fn read(labels: &Tallies, _: &Names<'_>) -> Vec<Entry> {
    let kinds = labels.seen().filter_map(|(at, tally)| {
        let &(key, name) = KINDS.get(at)?;
        Some(Entry::new(key, at as u64, tally).named(name))
    });
    kinds.collect()
}
