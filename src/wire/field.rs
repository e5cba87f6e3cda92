//! One row a header field: where its bits lie, what they are called and what they mean.
//!
//! The rows drive the detail tree, the byte highlight, JSON keys, filter names, columns and
//! `ipeek fields`.  A header's rows tile it: [`assert_tiles`] fails the build on a gap or overlap.

use crate::base::timestamp::Timestamp;

use super::bits::{Bits, Total};
use super::layer::Layer;

/// How the bits of a field become a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Unsigned, shown in decimal.
    Number,
    /// Unsigned, shown in hexadecimal.
    Hex,
    /// Unsigned count of units of so many octets (or other unit); the value is multiplied out.
    Times(u16),
    /// Unsigned, least significant octet first; only whole octets.
    Little,
    /// One bit.
    Flag,
    /// Four octets of address.
    Ipv4,
    /// Sixteen octets of address.
    Ipv6,
    /// Six octets of hardware address.
    Mac,
    /// Octets without a number's meaning.
    Bytes,
    /// Characters; untrusted.
    Text,
    /// Time between two packets; only computed.
    Elapsed,
    /// A group: its children, named below it, are the value; as a number it is all their bits.
    Group,
}

/// Whether a row is part of the tiling of its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cover {
    /// Its bits are its own.
    Tile,
    /// Another reading of bits that rows of its own tile.
    View,
}

/// Names of a field's values.
pub type Names = &'static [(u16, &'static str, &'static str)];

/// A row of the catalogue.
#[derive(Debug)]
pub struct Field {
    /// The header it belongs to.
    pub layer: Layer,
    /// Dotted name, Wireshark's where it has one: JSON path, filter name and column.
    pub name: &'static str,
    /// Name in words.
    pub label: &'static str,
    /// First bit, counted from the most significant bit of the first octet of its part.
    pub at: u32,
    /// Bits; 0 means up to the end of the header or option.
    pub width: u32,
    /// How the bits become a value.
    pub kind: FieldKind,
    /// Whether it is part of the tiling.
    pub cover: Cover,
    /// Whether it occurs again and again up to the end of the header or option.
    pub repeats: bool,
    /// Bits from one occurrence to the next, where it repeats: its own, or those of a whole entry.
    pub every: u32,
    /// Names of its values, sorted by value.
    pub names: Names,
    /// What it means, in a sentence.
    pub meaning: &'static str,
    /// Where that is written.
    pub source: &'static str,
}

/// Values of one field that repeats which are read: more than a routing header has addresses.
pub const MOST_VALUES: u32 = 128;

/// A field's value in one packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value<'a> {
    /// Unsigned number, in the field's unit.
    Number(u64),
    /// One bit.
    Flag(bool),
    /// IPv4 address.
    Ipv4([u8; 4]),
    /// IPv6 address.
    Ipv6([u8; 16]),
    /// Hardware address.
    Mac([u8; 6]),
    /// Octets.
    Bytes(&'a [u8]),
    /// Characters; untrusted unless they are computed.
    Text(&'a str),
    /// Nanoseconds since 1970.
    Time(Timestamp),
    /// Nanoseconds from one packet to another; negative where that is earlier.
    Elapsed(i64),
}

impl Field {
    /// Its bits, in a part of the header that begins at octet `start`.
    pub const fn place(&self, start: u16) -> Bits {
        #[expect(clippy::cast_possible_wrap, reason = "headers have fewer bits than that")]
        let at = self.at as i32;
        Bits { at: at.saturating_add((start as i32).saturating_mul(8)), width: self.width }
    }

    /// As a count of octets, of which it leaves out `beside`.
    pub const fn total(&self, beside: u16) -> Total {
        let unit = match self.kind {
            FieldKind::Times(unit) => unit,
            _ => 1,
        };
        Total { bits: self.place(0), unit, beside }
    }

    /// The value in `part`, the octets of the field's header part or option; none if they do not
    /// reach that far.
    pub fn value<'a>(&self, part: &'a [u8]) -> Option<Value<'a>> {
        self.value_at(part, self.at)
    }

    /// Calls `with` for every value: one, or as many as fit when the field repeats, [`MOST_VALUES`]
    /// at most.
    pub fn values<'a>(&self, part: &'a [u8], with: &mut dyn FnMut(Value<'a>)) {
        let mut at = self.at;
        for _ in 0..MOST_VALUES {
            let Some(value) = self.value_at(part, at) else { break };
            with(value);
            match at.checked_add(self.every) {
                Some(next) if self.repeats && self.every > 0 => at = next,
                _ => break,
            }
        }
    }

    /// The value of occurrence `number`, from 0, and its first bit.
    pub fn value_of<'a>(&self, part: &'a [u8], number: u32) -> Option<(Value<'a>, u32)> {
        let at = self.at.checked_add(self.every.checked_mul(number)?)?;
        Some((self.value_at(part, at)?, at))
    }

    /// Whether it is one of several that repeat in turn.
    pub fn is_of_entry(&self) -> bool {
        self.repeats && self.every > self.width
    }

    /// Whether `other` is this row: constants have no address of their own to compare.
    pub fn is_same_row(&self, other: &Self) -> bool {
        (self.layer, self.at, self.width) == (other.layer, other.at, other.width)
            && self.name == other.name
    }

    /// The unsigned number in the field's bits, not multiplied out.
    pub fn bits(&self, part: &[u8]) -> Option<u64> {
        bits(part, self.at, self.width)
    }

    /// The octets the field lies in: first, and how many, from the start of its part.
    pub fn octets(&self, part_len: usize) -> (usize, usize) {
        let first = usize::try_from(self.at / 8).unwrap_or(usize::MAX);
        if self.width == 0 || self.repeats {
            return (first.min(part_len), part_len.saturating_sub(first));
        }
        let end = self.at.saturating_add(self.width).div_ceil(8);
        (first, usize::try_from(end).unwrap_or(usize::MAX).saturating_sub(first))
    }

    /// The name of value `number`, and what it stands for.
    pub fn named(&self, number: u64) -> Option<(&'static str, &'static str)> {
        let number = u16::try_from(number).ok()?;
        let found = self.names.binary_search_by_key(&number, |row| row.0).ok()?;
        self.names.get(found).map(|row| (row.1, row.2))
    }

    fn value_at<'a>(&self, part: &'a [u8], at: u32) -> Option<Value<'a>> {
        let first = usize::try_from(at / 8).ok()?;
        Some(match self.kind {
            FieldKind::Number | FieldKind::Hex | FieldKind::Group => {
                Value::Number(bits(part, at, self.width)?)
            }
            FieldKind::Times(unit) => {
                Value::Number(bits(part, at, self.width)?.checked_mul(u64::from(unit))?)
            }
            FieldKind::Little => {
                let count = usize::try_from(self.width / 8).ok()?;
                let octets = part.get(first..first.checked_add(count)?)?;
                Value::Number(
                    octets.iter().rev().fold(0, |sum, &octet| sum << 8 | u64::from(octet)),
                )
            }
            FieldKind::Flag => Value::Flag(bits(part, at, self.width)? != 0),
            FieldKind::Ipv4 => Value::Ipv4(*part.get(first..)?.first_chunk()?),
            FieldKind::Ipv6 => Value::Ipv6(*part.get(first..)?.first_chunk()?),
            FieldKind::Mac => Value::Mac(*part.get(first..)?.first_chunk()?),
            FieldKind::Bytes | FieldKind::Text => {
                let octets = if self.width == 0 {
                    part.get(first..).filter(|rest| !rest.is_empty())?
                } else {
                    let count = usize::try_from(self.width / 8).ok()?;
                    part.get(first..first.checked_add(count)?)?
                };
                if self.kind == FieldKind::Bytes {
                    return Some(Value::Bytes(octets));
                }
                // Names of fixed width are filled up with zeros.
                let text = octets.split(|&octet| octet == 0).next().unwrap_or(octets);
                std::str::from_utf8(text).map_or(Value::Bytes(octets), Value::Text)
            }
            // No header holds any.
            FieldKind::Elapsed => return None,
        })
    }
}

/// The unsigned number in `width` bits (at most 64) from bit `at`, most significant first.
pub fn bits(octets: &[u8], at: u32, width: u32) -> Option<u64> {
    let end = at.checked_add(width)?;
    let span = octets.get(usize::try_from(at / 8).ok()?..usize::try_from(end.div_ceil(8)).ok()?)?;
    if width == 0 || width > 64 {
        return None;
    }
    let all = span.iter().fold(0u128, |sum, &octet| sum << 8 | u128::from(octet));
    let below = end.next_multiple_of(8).checked_sub(end)?;
    let mask = u64::MAX >> 64u32.checked_sub(width)?;
    u64::try_from(all >> below & u128::from(mask)).ok()
}

/// Fails the build when rows leave a gap or overlap, or a group is not what its children cover.
///
/// # Panics
/// When they do; in const evaluation that is a build that fails.
#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "runs in const evaluation only, where a wrong index or an overflow stops the build"
)]
pub const fn assert_tiles(rows: &[Field]) {
    let mut at = if rows.is_empty() { 0 } else { rows[0].at };
    assert!(at == 0, "the first row does not begin at bit 0");
    let mut i = 0;
    while i < rows.len() {
        let row = &rows[i];
        if matches!(row.kind, FieldKind::Group) {
            let mut child = i + 1;
            let mut end = row.at;
            while child < rows.len() && is_below(rows[child].name, row.name) {
                if matches!(rows[child].cover, Cover::Tile)
                    && !matches!(rows[child].kind, FieldKind::Group)
                {
                    end = rows[child].at + rows[child].width;
                }
                child += 1;
            }
            assert!(row.at == at, "a group does not begin where the row before it ends");
            assert!(end == row.at + row.width, "a group is not what its children cover");
        } else if matches!(row.cover, Cover::Tile) {
            assert!(row.at == at, "rows leave a gap or overlap");
            at = row.at + row.width;
            assert!(row.width > 0 || i + 1 == rows.len(), "only the last row may be open");
        } else {
            assert!(row.at + row.width <= at, "a view of bits that no row before it tiles");
        }
        i += 1;
    }
}

/// Whether `name` is `parent` followed by a dot and more.
#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "runs in const evaluation only, where a wrong index or an overflow stops the build"
)]
const fn is_below(name: &str, parent: &str) -> bool {
    let (name, parent) = (name.as_bytes(), parent.as_bytes());
    if name.len() <= parent.len() || name[parent.len()] != b'.' {
        return false;
    }
    let mut i = 0;
    while i < parent.len() {
        if name[i] != parent[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// Declares the rows of one header, part or option and asserts that they tile it.
///
/// `NAME "dotted.name" at, width, kind, "Label", "Meaning."` then, where it applies, `names TABLE`,
/// `source "…"` in place of the table's, `@repeats`, `@repeats_in_words` and `@repeats_in_pairs` for
/// every 32 and 64 bits, or `@view` for another reading of the same bits.
macro_rules! fields {
    (
        $(#[$doc:meta])*
        $table:ident, $layer:ident, $source:literal;
        $($id:ident $name:literal $at:literal, $width:literal, $kind:expr, $label:literal, $meaning:literal
            $(, names $names:ident)? $(, source $own:literal)? $(@ $mark:ident)?;)*
    ) => {
        $(
            #[doc = $meaning]
            pub const $id: $crate::wire::field::Field = $crate::wire::field::Field {
                layer: $crate::wire::layer::Layer::$layer,
                name: $name,
                label: $label,
                at: $at,
                width: $width,
                kind: {
                    #[allow(unused_imports, clippy::allow_attributes)]
                    use $crate::wire::field::FieldKind::*;
                    $kind
                },
                cover: $crate::wire::field::cover(stringify!($($mark)?)),
                repeats: $crate::wire::field::every(stringify!($($mark)?), $width) > 0,
                every: $crate::wire::field::every(stringify!($($mark)?), $width),
                names: $crate::wire::field::first_of(&[$($names,)? &[]]),
                meaning: $meaning,
                source: $crate::wire::field::first_text(&[$($own,)? $source]),
            };
        )*
        $(#[$doc])*
        pub const $table: &[$crate::wire::field::Field] = &[$($id),*];
        const _: () = $crate::wire::field::assert_tiles($table);
    };
}
pub(crate) use fields;

/// What the mark at the end of a row says of tiling.
pub(crate) const fn cover(mark: &str) -> Cover {
    if is_text(mark, "view") { Cover::View } else { Cover::Tile }
}

/// Bits after which a row occurs again, by the mark at its end; 0 where it does not.
pub(crate) const fn every(mark: &str, width: u32) -> u32 {
    if is_text(mark, "repeats") {
        width
    } else if is_text(mark, "repeats_in_words") {
        32
    } else if is_text(mark, "repeats_in_pairs") {
        64
    } else {
        0
    }
}

/// The first of some name tables: the row's own, else none.
pub(crate) const fn first_of(tables: &[Names]) -> Names {
    match tables {
        [first, ..] => first,
        [] => &[],
    }
}

/// The first of some texts: the row's own, else the table's.
pub(crate) const fn first_text(texts: &[&'static str]) -> &'static str {
    match texts {
        [first, ..] => first,
        [] => "",
    }
}

const fn is_text(text: &str, other: &str) -> bool {
    let (mut text, mut other) = (text.as_bytes(), other.as_bytes());
    while let ([a, more @ ..], [b, rest @ ..]) = (text, other) {
        if *a != *b {
            return false;
        }
        (text, other) = (more, rest);
    }
    text.is_empty() && other.is_empty()
}
