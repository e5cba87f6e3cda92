//! Packets by TTL of the outermost header, where that is IPv4; and what a TTL or hop limit reveals
//! of the way that a packet has come.

use super::entry::{Detail, Entry, most_first};
use super::facts::{Outermost, PacketFacts};
use super::row::{Fold, How, NONE, Names, Row, Shape, Unit};
use crate::analyze::count::Tallies;

/// Values that the field may have.
pub(super) const VALUES: usize = 256;

/// The statistic.  TTLs and hop limits are counted together, so that a packet is looked at once:
/// the latter behind the former.
pub const ROW: Row = Row {
    key: "ttl",
    title: "IPv4 TTL",
    unit: Unit::Packets,
    shape: Shape::Distribution(2 * VALUES, How { fold: Fold::Kind(kind), read }),
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

#[inline]
fn kind(packet: &PacketFacts) -> usize {
    let value = usize::from(packet.hops);
    match packet.outer {
        Outermost::None => NONE,
        Outermost::Ipv4 => value,
        Outermost::Ipv6 => VALUES + value,
    }
}

fn read(values: &Tallies, _: &Names<'_>) -> Vec<Entry> {
    from(values, 0)
}

/// Values as they stand in headers, with the hops inferred from them: of all kinds from `first` on.
pub(super) fn from(values: &Tallies, first: usize) -> Vec<Entry> {
    let values = values.seen().filter_map(|(kind, tally)| {
        let value = u8::try_from(kind.checked_sub(first)?).ok()?;
        Some(Entry::new(value.to_string(), value.into(), tally).with(hops(value)))
    });
    most_first(values)
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
