//! Packets by hop limit of the outermost header, where that is IPv6.

use super::facts::{Folded, Outermost};
use super::{Fold, How, Row, Shape, Unit, ttl};
use crate::analyze::count::Tallies;

/// The statistic.
pub const ROW: Row = Row {
    key: "hop_limit",
    title: "IPv6 hop limit",
    unit: Unit::Packets,
    shape: Shape::Distribution(256, How { fold: Fold::Packets(fold), read: ttl::read }),
};

fn fold(hop_limit: &mut Tallies, folded: &Folded<'_>) {
    if !folded.is_any_v6 {
        return;
    }
    for packet in folded.packets {
        let counts = packet.outer == Outermost::Ipv6;
        hop_limit.add_if(counts, packet.hops.into(), packet.octets.into());
    }
}
