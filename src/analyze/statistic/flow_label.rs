//! Packets whose outermost header is IPv6, with a flow label and without: routers distinguish flows
//! by it, and have to look deeper where there is none (RFC 6438).

use super::entry::{Entry, named_kinds};
use super::facts::{Folded, Outermost};
use super::row::{Fold, How, Names, Row, Shape, Unit};
use crate::analyze::count::Tallies;

/// Keys and names.
const KINDS: [(&str, &str); 2] = [("set", "set"), ("zero", "zero, for none")];

/// The statistic.
pub const ROW: Row = Row {
    key: "flow_labels",
    title: "IPv6 flow label",
    unit: Unit::Packets,
    shape: Shape::Distribution(KINDS.len(), How { fold: Fold::Group(fold), read }),
};

fn fold(labels: &mut Tallies, folded: &Folded<'_>) {
    for (stack, tally) in folded.stacks {
        if stack.outer == Outermost::Ipv6 {
            labels.merge_one(1, *tally);
        }
    }
    labels.move_one(1, 0, folded.labelled);
}

fn read(labels: &Tallies, _: &Names<'_>) -> Vec<Entry> {
    named_kinds(labels, &KINDS).collect()
}
