//! Packets by what the outermost header is of a datagram: all of it, its first fragment or a later
//! one.

use super::entry::{Entry, named_kinds};
use super::facts::{Outermost, StackFacts};
use super::row::{Fold, How, NONE, Names, Row, Shape, Unit};
use crate::analyze::count::Tallies;
use crate::decode::outline::FragmentPart;

/// Keys and names: IPv4, then IPv6.
const KINDS: [(&str, &str); 6] = [
    ("ipv4_whole", "IPv4 whole"),
    ("ipv4_first", "IPv4 first fragments"),
    ("ipv4_later", "IPv4 later fragments"),
    ("ipv6_whole", "IPv6 whole"),
    ("ipv6_first", "IPv6 first fragments"),
    ("ipv6_later", "IPv6 later fragments"),
];

/// The statistic.
pub const ROW: Row = Row {
    key: "fragments",
    title: "Fragments",
    unit: Unit::Packets,
    shape: Shape::Distribution(KINDS.len(), How { fold: Fold::StackKind(kind), read }),
};

fn kind(stack: &StackFacts) -> usize {
    let first = match stack.outer {
        Outermost::None => return NONE,
        Outermost::Ipv4 => 0,
        Outermost::Ipv6 => 3,
    };
    first
        + match stack.fragment {
            FragmentPart::Whole => 0,
            FragmentPart::First => 1,
            FragmentPart::Later => 2,
        }
}

fn read(fragments: &Tallies, _: &Names<'_>) -> Vec<Entry> {
    let usual = |entry: Entry| Entry { is_usual: entry.value.is_multiple_of(3), ..entry };
    named_kinds(fragments, &KINDS).map(usual).collect()
}
