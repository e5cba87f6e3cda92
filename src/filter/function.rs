//! The functions of the filter language, one row each.

use crate::address::kind::{is_multicast, kind, special};
use crate::address::prefix::{Family, Range};
use crate::wire::field::FieldKind;

/// What kind of value something is, as far as comparing goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Numbers and flags.
    Number,
    /// IPv4 addresses.
    Ipv4,
    /// IPv6 addresses.
    Ipv6,
    /// Octets, of which hardware addresses are six.
    Octets,
    /// Characters.
    Text,
    /// Points in time.
    Time,
}

impl Class {
    /// The class of a field's values, unless they are points in time.
    pub fn of(kind: FieldKind) -> Self {
        match kind {
            FieldKind::Ipv4 => Self::Ipv4,
            FieldKind::Ipv6 => Self::Ipv6,
            FieldKind::Mac | FieldKind::Bytes => Self::Octets,
            FieldKind::Text => Self::Text,
            _ => Self::Number,
        }
    }

    /// A noun for it.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Ipv4 => "an IPv4 address",
            Self::Ipv6 => "an IPv6 address",
            Self::Octets => "octets",
            Self::Text => "text",
            Self::Time => "a point in time",
        }
    }
}

/// What a function does.
#[derive(Debug, Clone, Copy)]
pub enum Work {
    /// How many values there are.
    Count,
    /// Octets of each value.
    Length,
    /// Each text in small letters.
    Lower,
    /// Each text in capitals.
    Upper,
    /// Each value in words.
    Words,
    /// Each number without its sign.
    Absolute,
    /// The least of all values.
    Least,
    /// The greatest of all values.
    Greatest,
    /// Whether each address is of a kind.
    Address(fn(Family, u128) -> bool),
}

/// A row: a function that a filter may call.
#[derive(Debug)]
pub struct Function {
    /// Its name, as Wireshark spells it.
    pub name: &'static str,
    /// What it gives, in a sentence.
    pub meaning: &'static str,
    /// What it gives, unless it gives what it is given.
    pub gives: Option<Class>,
    /// What it does.
    pub work: Work,
}

const fn row(
    name: &'static str,
    work: Work,
    gives: Option<Class>,
    meaning: &'static str,
) -> Function {
    Function { name, meaning, gives, work }
}

/// Whether the registry types an address as `word`.
fn is_kind(family: Family, bits: u128, word: &str) -> bool {
    let row = special(Range { family, first: bits, last: bits });
    kind(family, bits, row) == word
}

const NUMBER: Option<Class> = Some(Class::Number);

/// All functions, by name.
pub const FUNCTIONS: &[Function] = &[
    row("abs", Work::Absolute, NUMBER, "A number without its sign."),
    row("count", Work::Count, NUMBER, "How often the field occurs."),
    row(
        "ip_linklocal",
        Work::Address(|family, bits| is_kind(family, bits, "link-local")),
        NUMBER,
        "Whether an address is link-local.",
    ),
    row(
        "ip_multicast",
        Work::Address(is_multicast),
        NUMBER,
        "Whether an address is a multicast group.",
    ),
    row(
        "ip_rfc1918",
        Work::Address(|family, bits| family == Family::V4 && is_kind(family, bits, "private")),
        NUMBER,
        "Whether an address is private by RFC 1918.",
    ),
    row(
        "ip_ula",
        Work::Address(|family, bits| family == Family::V6 && bits >> 121 == 0x7e),
        NUMBER,
        "Whether an address is a unique local one, RFC 4193.",
    ),
    row("len", Work::Length, NUMBER, "Octets of a value."),
    row("lower", Work::Lower, Some(Class::Text), "Text in small letters."),
    row("max", Work::Greatest, None, "The greatest of the values."),
    row("min", Work::Least, None, "The least of the values."),
    row("string", Work::Words, Some(Class::Text), "A number or an address as text."),
    row("upper", Work::Upper, Some(Class::Text), "Text in capitals."),
];

/// What may stand behind the name of an address, as in `ip.src.private`, and the function it is.
pub const PROPERTIES: &[(&str, &str)] = &[
    ("linklocal", "ip_linklocal"),
    ("multicast", "ip_multicast"),
    ("private", "ip_rfc1918"),
    ("ula", "ip_ula"),
];

/// The function of that name.
pub fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|row| row.name.eq_ignore_ascii_case(name))
}
