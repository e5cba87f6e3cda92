//! What kinds of addresses packets come from or go to: by class, special-purpose block and type.
//!
//! A packet counts once for each kind that either of its outermost addresses has, so that a kind's
//! share is that of the packets that touch it.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::address::describe::{Label, label};
use crate::analyze::Tally;
use crate::analyze::talk::Talks;

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
    /// The kinds of everybody in `talks`.
    pub fn of(talks: &Talks) -> Self {
        let mut mix = Self::default();
        for talk in &talks.v4.conversations {
            let of = |address| label(Ipv4Addr::from(address).into());
            mix.add(&[of(talk.who.0), of(talk.who.1)], talk.total());
        }
        for talk in &talks.v6.conversations {
            let of = |address| label(Ipv6Addr::from(address).into());
            mix.add(&[of(talk.who.0), of(talk.who.1)], talk.total());
        }
        mix
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
