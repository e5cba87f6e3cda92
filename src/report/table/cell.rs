//! Types of columns, and single values.

use std::net::IpAddr;

use crate::base::timestamp::Timestamp;
use crate::decode::Layers;
use crate::decode::tuple::Pair;
use crate::wire::Value;

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Signed, 16 bits.
    Int16,
    /// Signed, 32 bits.
    Int32,
    /// Signed, 64 bits.
    Int64,
    /// True or false.
    Bool,
    /// Text in UTF-8.
    Utf8,
    /// Microseconds since 1970 in UTC, 64 bits.
    Time,
    /// Several of one type.
    List(&'static Kind),
    /// One value of each part.
    Struct(&'static [Part]),
}

/// A part of the values of a column.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
}

impl Kind {
    /// The type in a few words, as SQL has them: `list(struct(src_ip text, …))`.
    pub fn words(self) -> String {
        match self {
            Self::Int16 => "int16".into(),
            Self::Int32 => "int32".into(),
            Self::Int64 => "int64".into(),
            Self::Bool => "bool".into(),
            Self::Utf8 => "utf8".into(),
            Self::Time => "timestamp[us, UTC]".into(),
            Self::List(of) => format!("list<{}>", of.words()),
            Self::Struct(parts) => {
                let parts = parts.iter().map(|part| format!("{} {}", part.name, part.kind.words()));
                format!("struct<{}>", parts.collect::<Vec<_>>().join(", "))
            }
        }
    }
}

/// One value.
#[derive(Debug, Clone, Copy)]
pub enum Cell<'a> {
    /// There is none.
    Null,
    /// A number; one that its column has no room for is none.
    Number(i64),
    /// True or false.
    Flag(bool),
    /// A point in time.
    Time(Timestamp),
    /// Text.
    Text(&'a str),
    /// A number as text.
    Decimal(u64),
    /// An address as text (RFC 5952).
    Address(IpAddr),
    /// Any value of a field, as text.
    Value(Value<'a>),
    /// The names of headers as text, outermost first, with colons between.
    Headers(&'a Layers),
}

impl<'a> Cell<'a> {
    /// That of a value which may be missing.
    pub fn of<T: Into<Self>>(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }

    /// A count; none beyond what 64 bits with a sign hold.
    pub fn count(count: u64) -> Self {
        Self::of(i64::try_from(count).ok())
    }

    /// Text; none where it is empty.
    pub fn word(word: &'a str) -> Self {
        if word.is_empty() { Self::Null } else { Self::Text(word) }
    }

    /// A value of a field: numbers and flags as such, all else as text.
    pub fn value(value: Value<'a>) -> Self {
        match value {
            Value::Number(number) => Self::count(number),
            Value::Flag(flag) => Self::Flag(flag),
            Value::Time(time) => Self::Time(time),
            Value::Text(text) => Self::Text(text),
            value => Self::Value(value),
        }
    }
}

impl From<i64> for Cell<'_> {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u8> for Cell<'_> {
    fn from(number: u8) -> Self {
        Self::Number(number.into())
    }
}

impl From<u16> for Cell<'_> {
    fn from(number: u16) -> Self {
        Self::Number(number.into())
    }
}

impl From<u32> for Cell<'_> {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<bool> for Cell<'_> {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<Timestamp> for Cell<'_> {
    fn from(time: Timestamp) -> Self {
        Self::Time(time)
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl From<IpAddr> for Cell<'_> {
    fn from(address: IpAddr) -> Self {
        Self::Address(address)
    }
}

/// Takes the parts of one element of a list: one value, or those of a struct.
pub type PutItem<'p> = &'p mut dyn FnMut(&[Cell<'_>]);

/// One end of a pair of addresses.
pub(super) fn end(pair: Pair, is_source: bool) -> IpAddr {
    match (pair, is_source) {
        (Pair::V4(source, _), true) => IpAddr::V4(source.into()),
        (Pair::V4(_, destination), false) => IpAddr::V4(destination.into()),
        (Pair::V6(source, _), true) => IpAddr::V6(source.into()),
        (Pair::V6(_, destination), false) => IpAddr::V6(destination.into()),
    }
}

/// An IPv4 address as a number, most significant octet first.
pub(super) fn v4(address: IpAddr) -> Cell<'static> {
    match address {
        IpAddr::V4(address) => address.to_bits().into(),
        IpAddr::V6(_) => Cell::Null,
    }
}

/// The version of the addresses.
pub(super) fn version(pair: Pair) -> u8 {
    if matches!(pair, Pair::V4(..)) { 4 } else { 6 }
}

/// Nanoseconds since 1970.
pub(super) fn nanos(time: Option<Timestamp>) -> Cell<'static> {
    Cell::of(time.map(Timestamp::nanos))
}
