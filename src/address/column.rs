//! The columns of an answer: one table, read by JSON, CSV, the serializer and the screens.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::class::{Class, Relation};
use super::describe::{Answer, v4};
use super::kind::{self, is_multicast};
use super::parse::{Remark, Subject};
use super::prefix::{Count, Family, Range};
use super::registry::Entry;
use super::{embedded, multicast, text};

/// How JSON writes a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A string.
    Text,
    /// A number up to 2^53, beyond a string.
    Count,
    /// An address as a number: a string where the address has 128 bits.
    Bits,
}

impl Form {
    /// Whether a value of these digits is written as a number.
    pub fn is_number(self, family: Family, digits: &[u8]) -> bool {
        let limit = b"9007199254740992";
        let exact =
            digits.len() < limit.len() || digits.len() == limit.len() && digits <= limit.as_slice();
        match self {
            Self::Text => false,
            Self::Count => exact,
            Self::Bits => family == Family::V4,
        }
    }
}

/// One column of the answer.
#[derive(Debug)]
pub struct Column {
    /// Its name: the JSON key and the CSV heading.
    pub name: &'static str,
    /// What it holds.
    pub doc: &'static str,
    /// How JSON writes it.
    pub form: Form,
    /// Appends the value, or nothing where the column does not apply.
    pub write: fn(&Answer<'_>, &mut Vec<u8>),
}

type Write = fn(&Answer<'_>, &mut Vec<u8>);

const fn column(name: &'static str, doc: &'static str, form: Form, write: Write) -> Column {
    Column { name, doc, form, write }
}

const fn words(name: &'static str, doc: &'static str, write: Write) -> Column {
    column(name, doc, Form::Text, write)
}

const fn number(name: &'static str, doc: &'static str, write: Write) -> Column {
    column(name, doc, Form::Count, write)
}

/// Columns that CSV shows by default.
pub const DEFAULT_COLUMNS: [&str; 6] = ["input", "verdict", "class", "special", "global", "type"];

/// Every column, in the order of JSON.
pub const COLUMNS: &[Column] = &[
    words("input", "the text that was asked about", |a, out| {
        push(out, a.input);
    }),
    words("verdict", "ok, ok(a remark), or refuse: the reason", verdict),
    words("canonical", "RFC 5952 text; a prefix by its network", canonical),
    words("mixed_text", "RFC 5952 section 5: the last 32 bits dotted", |a, out| {
        if let Subject::Address(Family::V6, bits, _) = a.item.subject
            && embedded::carried(bits).is_some()
        {
            text::mixed(out, bits);
        }
    }),
    number("family", "4 or 6", |a, out| {
        text::number(out, a.family().number().into());
    }),
    words("class", "the class letter, or the first and last", class),
    words("classful", "how a prefix relates to its class", classful),
    words("special", "the special-purpose row that covers all of it", |a, out| {
        push(out, a.special.map_or("", |row| row.name));
    }),
    words("special_block", "that row's prefix", |a, out| {
        if let Some(row) = a.special {
            block(out, a.family(), row);
        }
    }),
    words("registry_reachable", "that row's cell Globally Reachable", |a, out| {
        push(out, a.special.map_or("", |row| row.reachable().word()));
    }),
    words("global", "whether it is globally reachable", |a, out| {
        push(out, kind::global(a.range, a.special));
    }),
    words("type", "what it is, or what its first and last address are", types),
    words("scope", "how far it counts", scope),
    words("network", "the network address", |a, out| {
        if let Subject::Prefix(prefix, ..) = a.item.subject {
            text::address(out, prefix.family, prefix.first);
        }
    }),
    words("broadcast", "the broadcast address", |a, out| {
        if let Subject::Prefix(prefix, ..) = a.item.subject
            && prefix.has_broadcast()
        {
            text::address(out, prefix.family, prefix.last());
        }
    }),
    words("first", "the first address a host can have", |a, out| {
        if let Some(usable) = usable(a) {
            text::address(out, usable.family, usable.first);
        }
    }),
    words("last", "the last address a host can have", |a, out| {
        if let Some(usable) = usable(a) {
            text::address(out, usable.family, usable.last);
        }
    }),
    number("usable", "how many addresses hosts can have", |a, out| {
        if let (Some(usable), Subject::Prefix(..)) = (usable(a), a.item.subject) {
            text::count(out, usable.total());
        }
    }),
    number("total", "how many addresses there are", |a, out| {
        text::count(out, a.range.total());
    }),
    words("netmask", "the prefix length as a mask", |a, out| {
        if let Subject::Prefix(prefix, ..) = a.item.subject {
            text::address(out, prefix.family, prefix.netmask());
        }
    }),
    words("wildcard", "the mask inverted, as access lists write it", |a, out| {
        if let Subject::Prefix(prefix, ..) = a.item.subject
            && prefix.family == Family::V4
        {
            text::v4(out, prefix.wildcard());
        }
    }),
    words("embedded", "what the address carries inside, as kind=value", |a, out| {
        if let Subject::Address(family, bits, _) = a.item.subject {
            embedded::write(out, family, bits);
        }
    }),
    words("mac", "the Ethernet address an EUI-64 identifier was made from", |a, out| {
        if let Subject::Address(family, bits, _) = a.item.subject
            && let Some(octets) = embedded::mac(family, bits)
        {
            text::mac(out, octets);
        }
    }),
    words("iid", "the kind of the interface identifier", |a, out| {
        if let Subject::Address(family, bits, _) = a.item.subject {
            push(out, embedded::iid(family, bits));
        }
    }),
    words("multicast", "the multicast assignment", |a, out| {
        let (family, bits) = (a.family(), a.range.first);
        let named =
            a.is_address() || family == Family::V4 && matches!(a.item.subject, Subject::Prefix(..));
        if named && is_multicast(family, bits) {
            multicast::write(out, family, bits);
        }
    }),
    words("reverse", "the name or zones for reverse look-ups", |a, out| match a.item.subject {
        Subject::Address(family, bits, _) => text::reverse(out, family, bits),
        Subject::Prefix(prefix, ..) => text::reverse_zones(out, prefix),
        Subject::Range(_) => {}
    }),
    column("integer", "the address as a number", Form::Bits, |a, out| {
        if !matches!(a.item.subject, Subject::Range(_)) {
            text::number(out, a.range.first);
        }
    }),
    words("hex", "the address in hexadecimal", |a, out| {
        if let Subject::Address(family, bits, _) = a.item.subject {
            text::hex(out, family, bits);
        }
    }),
    words("exploded", "all digits of an IPv6 address", |a, out| {
        if let Subject::Address(Family::V6, bits, _) = a.item.subject {
            text::exploded(out, bits);
        }
    }),
    words("allocation", "who holds the address space around it", |a, out| {
        push(out, a.allocation().map_or("", |row| row.name));
    }),
    words("reference", "the RFCs of the special-purpose row", |a, out| {
        push(out, a.special.map_or("", |row| row.reference));
    }),
    words("previous", "the block of the same length before it", |a, out| {
        if let Subject::Prefix(prefix, ..) = a.item.subject
            && let Some(previous) = prefix.previous()
        {
            text::prefix(out, previous);
        }
    }),
    words("next", "the block of the same length after it", |a, out| {
        if let Subject::Prefix(prefix, ..) = a.item.subject
            && let Some(next) = prefix.next()
        {
            text::prefix(out, next);
        }
    }),
];

fn push(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

impl Answer<'_> {
    /// The column of that name as text; empty where it does not apply.
    pub fn text(&self, name: &str) -> String {
        let mut out = Vec::new();
        if let Some(column) = COLUMNS.iter().find(|column| column.name == name) {
            (column.write)(self, &mut out);
        }
        String::from_utf8_lossy(&out).into_owned()
    }
}

/// Columns as keys; absent where they do not apply; numbers as numbers up to 2^53.
impl Serialize for Answer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for column in COLUMNS {
            let text = self.text(column.name);
            let is_number = column.form.is_number(self.family(), text.as_bytes());
            match text.parse::<u64>() {
                _ if text.is_empty() => {}
                Ok(number) if is_number => map.serialize_entry(column.name, &number)?,
                _ => map.serialize_entry(column.name, &text)?,
            }
        }
        map.end()
    }
}

fn verdict(a: &Answer<'_>, out: &mut Vec<u8>) {
    push(out, "ok");
    for (at, remark) in a.item.remarks.iter().flatten().enumerate() {
        push(out, if at == 0 { "(" } else { ", " });
        match *remark {
            Remark::HostBits => push(out, "host bits set"),
            Remark::SpacedRange => push(out, "range with spaces"),
            Remark::IdleZone => push(out, "a zone means nothing here"),
            Remark::Netmask(len) | Remark::Wildcard(len) => {
                let form = match remark {
                    Remark::Netmask(_) => "netmask form = /",
                    _ => "wildcard form = /",
                };
                push(out, form);
                text::number(out, len.into());
            }
        }
    }
    if a.item.remarks.iter().any(Option::is_some) {
        push(out, ")");
    }
}

fn canonical(a: &Answer<'_>, out: &mut Vec<u8>) {
    let zone = |out: &mut Vec<u8>, zone: &str| {
        if !zone.is_empty() {
            push(out, "%");
            push(out, zone);
        }
    };
    match a.item.subject {
        Subject::Address(family, bits, name) => {
            text::address(out, family, bits);
            zone(out, name);
        }
        Subject::Prefix(prefix, _, name) => {
            text::address(out, prefix.family, prefix.first);
            zone(out, name);
            push(out, "/");
            text::number(out, prefix.len.into());
        }
        Subject::Range(range) => {
            text::address(out, range.family, range.first);
            push(out, "-");
            text::address(out, range.family, range.last);
        }
    }
}

fn class(a: &Answer<'_>, out: &mut Vec<u8>) {
    if a.family() == Family::V4 {
        let (first, last) = (Class::of(v4(a.range.first)), Class::of(v4(a.range.last)));
        push(out, first.name);
        if first.name != last.name {
            push(out, "-");
            push(out, last.name);
        }
    }
}

fn classful(a: &Answer<'_>, out: &mut Vec<u8>) {
    let Subject::Prefix(prefix, ..) = a.item.subject else {
        return;
    };
    if prefix.family == Family::V6 {
        return;
    }
    match Relation::of(prefix) {
        Relation::Exact(_) => push(out, "exact"),
        Relation::Subnet(_, network, bits) => {
            push(out, "subnet:");
            text::prefix(out, network);
            push(out, "+");
            text::number(out, bits.into());
        }
        Relation::Supernet(class, count) => {
            push(out, "supernet:");
            text::number(out, count.into());
            push(out, " x class ");
            push(out, class.name);
        }
        Relation::NoSplit(_) => push(out, "no host/network split"),
        Relation::Spans(..) => push(out, "spans classes"),
    }
}

/// Appends the block of a row: a prefix, or its ends where it is none.
pub fn block(out: &mut Vec<u8>, family: Family, row: &Entry) {
    let range = Range { family, first: row.first, last: row.last };
    if let Some(prefix) = range.as_prefix() {
        return text::prefix(out, prefix);
    }
    text::address(out, family, row.first);
    push(out, "-");
    text::address(out, family, row.last);
}

fn types(a: &Answer<'_>, out: &mut Vec<u8>) {
    if a.range.total() == Count::power(a.family().width()) {
        return push(out, "everything");
    }
    let (first, last) = (a.kind_of(a.range.first), a.range.last);
    push(out, first);
    if !a.is_address() {
        let last = a.kind_of(last);
        if last != first {
            push(out, " .. ");
            push(out, last);
        }
    }
}

fn scope(a: &Answer<'_>, out: &mut Vec<u8>) {
    match a.item.subject {
        Subject::Address(family, bits, _) => push(out, kind::scope(family, bits, a.special)),
        Subject::Prefix(prefix, ..) if prefix.family == Family::V6 => match prefix.len {
            128 => {}
            127 => push(out, "point-to-point (RFC6164)"),
            _ => push(out, "first = subnet-router anycast (RFC4291 2.6.1)"),
        },
        _ => {}
    }
}

/// The addresses hosts can have; nothing for a lone address.
fn usable(a: &Answer<'_>) -> Option<Range> {
    match a.item.subject {
        Subject::Address(..) => None,
        Subject::Prefix(prefix, ..) => Some(prefix.usable()),
        Subject::Range(range) => Some(range),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_unique_names_and_words() {
        for (at, column) in COLUMNS.iter().enumerate() {
            assert!(!column.doc.is_empty());
            assert!(COLUMNS.iter().skip(at + 1).all(|c| c.name != column.name));
        }
        for name in DEFAULT_COLUMNS {
            assert!(COLUMNS.iter().any(|column| column.name == name));
        }
    }
}
