//! Packets by the interface they came through.

use super::entry::{Entry, most_first};
use super::facts::Folded;
use super::row::{Fold, How, Names, Row, Shape, Unit};
use crate::analyze::count::Tallies;
use crate::analyze::settings::MAX_INTERFACES;

/// The statistic.
pub const ROW: Row = Row {
    key: "interfaces",
    title: "Interfaces",
    unit: Unit::Packets,
    shape: Shape::Distribution(MAX_INTERFACES, How { fold: Fold::Group(fold), read }),
};

fn fold(interfaces: &mut Tallies, folded: &Folded<'_>) {
    if let Some(interface) = folded.interface {
        interfaces.merge_one(interface as usize, folded.total);
        return;
    }
    for packet in folded.packets() {
        interfaces.add(packet.interface as usize, packet.octets.into());
    }
}

/// By number, since several files may have interfaces of one name.  Of a single one there is
/// nothing to say.
fn read(interfaces: &Tallies, names: &Names<'_>) -> Vec<Entry> {
    let is_single = interfaces.seen().count() < 2;
    most_first(interfaces.seen().map(|(at, tally)| {
        let interface = names.interfaces.get(at);
        let name = interface.map_or_else(|| format!("#{at}"), |interface| interface.called(at));
        Entry::new(at.to_string(), at as u64, tally).named(name).usual(is_single)
    }))
}
