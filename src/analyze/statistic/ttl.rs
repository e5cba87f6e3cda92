//! Packets by TTL of the outermost header, where that is IPv4; and what a TTL or hop limit tells of
//! the way that a packet has come.

use super::entry::{Detail, Entry, most_first};
use super::facts::{Folded, Outermost};
use super::{Fold, How, Names, Row, Shape, Unit};
use crate::analyze::count::Tallies;

/// The statistic.
pub const ROW: Row = Row {
    key: "ttl",
    title: "IPv4 TTL",
    unit: Unit::Packets,
    shape: Shape::Distribution(256, How { fold: Fold::Packets(fold), read }),
};

/// Values that hosts begin with.
const INITIAL: [u8; 3] = [64, 128, 255];

/// Longer paths are hardly ever seen: what is farther from where hosts begin began elsewhere.
const LONGEST_PATH: u8 = 32;

/// How many routers a packet has passed, judged by its TTL or hop limit: a guess, since hosts begin
/// with one of few.  None for what is too far from all of those, such as what a traceroute sends or
/// what is meant for the link.
pub fn hops(value: u8) -> Option<Detail> {
    let initial = INITIAL.into_iter().find(|&initial| value <= initial)?;
    let passed = initial - value;
    (passed <= LONGEST_PATH).then_some(Detail::Hops { initial, passed })
}

fn fold(ttl: &mut Tallies, folded: &Folded<'_>) {
    for packet in folded.packets {
        let counts = packet.outer == Outermost::Ipv4;
        ttl.add_if(counts, packet.hops.into(), packet.octets.into());
    }
}

/// Values as they stand in headers, with the hops that they tell of; also those of hop limits.
pub(super) fn read(values: &Tallies, _: &Names<'_>) -> Vec<Entry> {
    most_first(values.seen().map(|(value, tally)| {
        let hops = u8::try_from(value).ok().and_then(hops);
        Entry::new(value.to_string(), value as u64, tally).with(hops)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hops_are_guessed_only_near_what_hosts_begin_with() {
        for (value, expected) in [
            (64, Some((64, 0))),
            (63, Some((64, 1))),
            (32, Some((64, 32))),
            (31, None),
            (1, None),
            (0, None),
            (128, Some((128, 0))),
            (96, Some((128, 32))),
            (95, None),
            (65, None),
            (255, Some((255, 0))),
            (223, Some((255, 32))),
            (222, None),
        ] {
            let expected = expected.map(|(initial, passed)| Detail::Hops { initial, passed });
            assert_eq!(hops(value), expected, "{value}");
        }
    }
}
