//! What kinds of addresses packets come from or go to: by class, special-purpose block and type.
//!
//! A packet counts once for each kind that either of its outermost addresses has, so that a kind's
//! share is that of the packets that touch it.

use std::collections::BTreeMap;

use crate::address::describe::{Label, label};
use crate::analyze::Tally;
use crate::analyze::talk::{Address, Talk, Visitor};

/// Packets by the name of a kind.
pub type Named = BTreeMap<&'static str, Tally>;

/// The kinds that packets touch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mix {
    /// IPv4 by class, A to E.
    pub classes: Named,
    /// Special-purpose blocks of both versions, by IANA's name.
    pub special: Named,
    /// Types of both versions, such as `private`.
    pub types: Named,
}

impl Mix {
    /// Adds what another counted.
    pub fn merge(&mut self, other: Self) {
        for (mine, theirs) in [
            (&mut self.classes, other.classes),
            (&mut self.special, other.special),
            (&mut self.types, other.types),
        ] {
            for (name, tally) in theirs {
                mine.entry(name).or_default().merge(tally);
            }
        }
    }

    fn add(&mut self, [one, other]: &[Label; 2], tally: Tally) {
        for (named, a, b) in [
            (&mut self.classes, one.class, other.class),
            (&mut self.special, one.special, other.special),
            (&mut self.types, one.kind, other.kind),
        ] {
            if !a.is_empty() {
                named.entry(a).or_default().merge(tally);
            }
            if !b.is_empty() && b != a {
                named.entry(b).or_default().merge(tally);
            }
        }
    }
}

impl Visitor for Mix {
    fn conversation(&mut self, talk: Talk<(Address, Address)>) {
        let of = |address: Address| label(address.into());
        self.add(&[of(talk.who.0), of(talk.who.1)], talk.total());
    }

    fn endpoint(&mut self, _: Talk<Address>) {}
}
