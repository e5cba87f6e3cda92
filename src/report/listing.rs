//! The field catalogue as a list: name, type, where the bits lie, meaning, source.

use serde::Serialize;

use crate::decode::derived::DERIVED;
use crate::wire::catalogue::HEADERS;
use crate::wire::field::{Field, Kind};
use crate::wire::header::Header;
use crate::wire::option::{OptionRow, OptionSet};

/// One field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Dotted name.
    pub name: &'static str,
    /// Name in words.
    pub label: &'static str,
    /// How its bits become a value, in a word.
    pub kind: &'static str,
    /// Where its bits lie: `bits 0-3 of ip`.
    pub place: String,
    /// What it means, in a sentence.
    pub meaning: &'static str,
    /// Where that is written.
    pub source: &'static str,
}

/// Every field of the catalogue, by header, and within a header as its tables have them; then what
/// is computed.
pub fn all() -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for header in HEADERS {
        add(&mut entries, header.fields, &format!("of {}", header.name));
        for part in header.parts {
            add(&mut entries, part.fields, &format!("of {}, {}", header.name, part.label));
        }
        if let Some(set) = header.options {
            options(&mut entries, header, set);
        }
    }
    entries.extend(DERIVED.iter().map(|row| Entry {
        name: row.name,
        label: row.label,
        kind: word(row.kind, row.name),
        place: "computed".to_owned(),
        meaning: row.meaning,
        source: row.source,
    }));
    entries
}

/// The fields whose name, label or meaning has `pattern` in it, whatever the case; all without one.
pub fn matching(pattern: Option<&str>) -> Vec<Entry> {
    let pattern = pattern.unwrap_or_default().to_lowercase();
    let has = |text: &str| text.to_lowercase().contains(&pattern);
    let mut entries = all();
    entries.retain(|entry| has(entry.name) || has(entry.label) || has(entry.meaning));
    entries
}

/// Options that share one table are named as long as they are few.
const FEW: usize = 3;

fn options(entries: &mut Vec<Entry>, header: &Header, set: &'static OptionSet) {
    add(entries, set.fields, &format!("of each option of {}", header.name));
    for (index, row) in set.rows.iter().enumerate() {
        let is_shared = |other: &&OptionRow| is_same(other.fields, row.fields);
        let before = set.rows.get(..index).unwrap_or_default();
        if row.fields.is_empty() || before.iter().any(|other| is_shared(&other)) {
            continue;
        }
        let names: Vec<_> = set.rows.iter().filter(is_shared).map(|row| row.label).collect();
        let part = match names.as_slice() {
            [one] => format!("of {} option {one}", header.name),
            _ if names.len() <= FEW => format!("of {} options {}", header.name, names.join(", ")),
            _ => format!("of {} options without a table", header.name),
        };
        add(entries, row.fields, &part);
    }
}

/// Whether two tables are one: constants have no address of their own to compare.
fn is_same(a: &[Field], b: &[Field]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.is_same_row(b))
}

fn add(entries: &mut Vec<Entry>, rows: &'static [Field], part: &str) {
    for field in rows {
        let place = place(field, part);
        // Several headers and options may have one field; it is listed once, with all its places.
        match entries.iter_mut().find(|entry| entry.name == field.name) {
            Some(entry) => {
                if !entry.place.split("; ").any(|known| known == place) {
                    entry.place.push_str("; ");
                    entry.place.push_str(&place);
                }
            }
            None => entries.push(Entry {
                name: field.name,
                label: field.label,
                kind: word(field.kind, field.name),
                place,
                meaning: field.meaning,
                source: field.source,
            }),
        }
    }
}

fn place(field: &Field, part: &str) -> String {
    let Field { at, width, .. } = *field;
    let bits = match width {
        _ if field.repeats => format!("bits {at}-{}, repeated,", at + width - 1),
        0 => format!("from bit {at} on"),
        1 => format!("bit {at}"),
        width => format!("bits {at}-{}", at + width - 1),
    };
    format!("{bits} {part}")
}

fn word(kind: Kind, name: &str) -> &'static str {
    match kind {
        _ if name.starts_with("frame.time") => "time",
        Kind::Number | Kind::Little => "number",
        Kind::Times(_) => "count",
        Kind::Hex => "hex",
        Kind::Flag => "flag",
        Kind::Ipv4 => "ipv4",
        Kind::Ipv6 => "ipv6",
        Kind::Mac => "mac",
        Kind::Bytes => "octets",
        Kind::Text => "text",
        Kind::Group => "group",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_listed_once_with_all_it_is() {
        let entries = all();
        let mut seen = std::collections::HashSet::new();
        for entry in &entries {
            assert!(seen.insert(entry.name), "{}", entry.name);
            assert!(entry.meaning.ends_with('.') && !entry.source.is_empty(), "{}", entry.name);
        }
        for field in crate::wire::catalogue::fields() {
            assert!(seen.contains(field.name), "{}", field.name);
        }
    }

    #[test]
    fn places_are_those_of_the_rfc() {
        for (name, place) in [
            ("ip.ttl", "bits 64-71 of ip"),
            ("ip.flags.df", "bit 49 of ip"),
            ("tcp.opt.mss_val", "bits 0-15 of tcp option Maximum segment size"),
            ("ip.checksum_status", "computed"),
        ] {
            let found = matching(Some(name));
            assert_eq!(found.first().map(|entry| entry.place.as_str()), Some(place), "{name}");
        }
    }

    #[test]
    fn a_pattern_looks_into_names_labels_and_meanings() {
        let names: Vec<_> = matching(Some("hops left")).iter().map(|entry| entry.name).collect();
        assert_eq!(names, ["mpls.ttl", "ip.ttl", "ipv6.hlim"]);
    }
}
