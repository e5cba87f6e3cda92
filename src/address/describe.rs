//! The answer to "what is this?", and the label of an address in traffic.

use std::net::IpAddr;

use super::class::Class;
use super::kind;
use super::parse::{Item, Subject};
use super::prefix::{Family, Range};
use super::registry::{Entry, SPACE_V4, SPACE_V6, UNICAST_V6};

/// What traffic shows beside an address: constants only, no allocation, tens of nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// The class letter; empty for IPv6.
    pub class: &'static str,
    /// The name of the special-purpose block; empty outside of all.
    pub special: &'static str,
    /// The type, such as `private` or `multicast:ssm`.
    pub kind: &'static str,
    /// The scope; empty where there is none.
    pub scope: &'static str,
}

/// The label of one address.
pub fn label(address: IpAddr) -> Label {
    let (family, bits) = parts(address);
    let row = kind::special(one(family, bits));
    Label {
        class: class(address),
        special: row.map_or("", |row| row.name),
        kind: kind::kind(family, bits, row),
        scope: kind::scope(family, bits, row),
    }
}

/// The class letter of an address; empty for IPv6.
fn class(address: IpAddr) -> &'static str {
    match address {
        IpAddr::V4(address) => Class::of(address.to_bits()).name,
        IpAddr::V6(_) => "",
    }
}

fn parts(address: IpAddr) -> (Family, u128) {
    match address {
        IpAddr::V4(address) => (Family::V4, u128::from(address.to_bits())),
        IpAddr::V6(address) => (Family::V6, address.to_bits()),
    }
}

fn one(family: Family, bits: u128) -> Range {
    Range { family, first: bits, last: bits }
}

/// All about one item.  Columns compute what they show on demand.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The item as the user wrote it.
    pub input: &'a str,
    /// The item, parsed.
    pub item: Item<'a>,
    /// Every address it stands for.
    pub range: Range,
    /// The longest special-purpose row that covers all of it.
    pub special: Option<&'static Entry>,
}

impl<'a> Answer<'a> {
    /// The answer about an item that was read from `input`.
    pub fn new(input: &'a str, item: Item<'a>) -> Self {
        let range = item.subject.range();
        Self { input, item, range, special: kind::special(range) }
    }

    /// The family.
    pub fn family(&self) -> Family {
        self.range.family
    }

    /// Whether it is one address written without a length.
    pub fn is_address(&self) -> bool {
        matches!(self.item.subject, Subject::Address(..))
    }

    /// The allocation of the address space around the first address: IANA, a registry, a company.
    pub fn allocation(&self) -> Option<&'static Entry> {
        match self.family() {
            Family::V4 => SPACE_V4.covering(v4(self.range.first), v4(self.range.last)),
            Family::V6 => UNICAST_V6
                .covering(self.range.first, self.range.last)
                .or_else(|| SPACE_V6.covering(self.range.first, self.range.last)),
        }
    }

    /// The type of the address at one end.
    pub fn kind_of(&self, bits: u128) -> &'static str {
        let row =
            if self.is_address() { self.special } else { kind::special(one(self.family(), bits)) };
        kind::kind(self.family(), bits, row)
    }
}

pub(super) fn v4(bits: u128) -> u32 {
    (bits & 0xffff_ffff) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::parse;

    #[test]
    fn labels_are_the_same_words_as_answers() {
        for input in ["10.0.0.1", "8.8.8.8", "224.0.0.251", "ff02::1", "fe80::1", "2d00::1"] {
            let answer = Answer::new(input, parse::item(input).expect("an item"));
            let label = label(input.parse().expect("an address"));
            for (name, word) in [
                ("class", label.class),
                ("special", label.special),
                ("type", label.kind),
                ("scope", label.scope),
            ] {
                assert_eq!(answer.text(name), word, "{input} {name}");
            }
        }
    }
}
