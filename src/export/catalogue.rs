//! The catalogue as a list: every field's name, type, place and meaning, and where that is written.

use std::fmt::Write;

use super::text::{Ink, Style, end, pad};
use crate::base::columns::width;
use crate::decode::derived;
use crate::filter::names::Subject;
use crate::report::table::Table;
use crate::wire::catalogue::HEADERS;
use crate::wire::field::{Field, FieldKind};

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Dotted name.
    pub name: &'static str,
    /// Name in words.
    pub label: &'static str,
    /// How the value is shown.
    pub kind: &'static str,
    /// Where the bits lie: `8 at 64`, in the header or in its part or option.
    pub bits: String,
    /// What it means.
    pub meaning: &'static str,
    /// Where that is written.
    pub source: &'static str,
}

/// Headers and their fields, in the order of the catalogue; before them what is computed of frames.
pub fn entries() -> Vec<Entry> {
    let derived = |layer| {
        derived::all().filter(move |row| row.subject.layer() == layer).map(|row| Entry {
            name: row.name,
            label: row.label,
            kind: if row.name.starts_with("frame.time") { "time" } else { word(row.kind) },
            bits: "computed".into(),
            meaning: row.meaning,
            source: row.source,
        })
    };
    let mut all: Vec<Entry> = derived(None).collect();
    for header in HEADERS {
        all.push(Entry {
            name: header.name,
            label: header.title,
            kind: "header",
            bits: "present".into(),
            meaning: header.title,
            source: header.source,
        });
        let mut rows: Vec<Entry> = Vec::new();
        for field in header.rows() {
            let entry = Entry {
                name: field.name,
                label: field.label,
                kind: word(field.kind),
                bits: bits(field),
                meaning: field.meaning,
                source: field.source,
            };
            // Several options share a row.
            if !rows.contains(&entry) {
                rows.push(entry);
            }
        }
        all.append(&mut rows);
        all.extend(derived(Some(header.layer)));
    }
    all
}

/// The entries whose name, label or meaning has `pattern` in it, whatever the case; where there is
/// none, those that a filter reads under that name: `ip.src.class`, `tcp.port`.
pub fn matching(pattern: Option<&str>) -> Vec<Entry> {
    let all = entries();
    let Some(pattern) = pattern.map(str::to_lowercase) else { return all };
    let has = |entry: &&Entry| {
        let texts = [entry.name, entry.label, entry.meaning];
        texts.iter().any(|text| text.to_lowercase().contains(&pattern))
    };
    let found: Vec<Entry> = all.iter().filter(has).cloned().collect();
    match Subject::find(&pattern) {
        Ok(subject) if found.is_empty() => {
            let names: Vec<&str> = (subject.fields.iter().map(|field| field.name))
                .chain(subject.derived.iter().map(|row| row.name))
                .collect();
            all.into_iter().filter(|entry| names.contains(&entry.name)).collect()
        }
        _ => found,
    }
}

fn word(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Number | FieldKind::Times(_) | FieldKind::Little => "number",
        FieldKind::Hex => "hex",
        FieldKind::Flag => "flag",
        FieldKind::Ipv4 => "ipv4",
        FieldKind::Ipv6 => "ipv6",
        FieldKind::Mac => "mac",
        FieldKind::Bytes => "bytes",
        FieldKind::Text => "text",
        FieldKind::Elapsed => "seconds",
        FieldKind::Group => "group",
    }
}

fn bits(field: &Field) -> String {
    let again = if field.repeats { "…" } else { "" };
    let times = match field.kind {
        FieldKind::Times(unit) => format!(" ×{unit}"),
        _ => String::new(),
    };
    match field.width {
        0 => format!("rest at {}", field.at),
        width => format!("{width} at {}{times}{again}", field.at),
    }
}

/// Appends the list: aligned, a line an entry, whatever the width, so that it can be searched.
pub fn text(out: &mut String, entries: &[Entry], style: Style) {
    let widest = |of: fn(&Entry) -> &str| entries.iter().map(|e| width(of(e))).max().unwrap_or(0);
    let (name, kind, bits) =
        (widest(|entry| entry.name), widest(|entry| entry.kind), widest(|entry| &entry.bits));
    for entry in entries {
        let ink = if entry.kind == "header" { Ink::Strong } else { Ink::Layer(0) };
        for (ink, text, room) in [
            (ink, entry.name, name),
            (Ink::Plain, entry.kind, kind),
            (Ink::Muted, entry.bits.as_str(), bits),
        ] {
            style.paint(out, ink, text);
            pad(out, room.saturating_sub(width(text)) + 2);
        }
        style.paint(out, Ink::Plain, entry.meaning);
        style.paint(out, Ink::Muted, &format!("  [{}]", entry.source));
        end(out);
    }
}

/// Appends the list as a Markdown table.
pub fn markdown(out: &mut String, entries: &[Entry]) {
    out.push_str("| field | type | bits | meaning | source |\n|---|---|---|---|---|\n");
    for entry in entries {
        let Entry { name, kind, bits, meaning, source, .. } = entry;
        let cell = |text: &str| text.replace('|', "\\|");
        // Writing to a string cannot fail.
        let _ =
            writeln!(out, "| `{name}` | {kind} | {bits} | {} | {} |", cell(meaning), cell(source));
    }
}

/// Appends the columns of a table: aligned, a line a column.
pub fn table_text(out: &mut String, table: &Table, style: Style) {
    let rows: Vec<_> = table
        .columns
        .iter()
        .map(|column| (column, column.kind.words(), column.sources()))
        .collect();
    let name = table.columns.iter().map(|column| width(column.name)).max().unwrap_or(0);
    // Types of parts are longer than all others.
    let kind = rows.iter().map(|(_, kind, _)| width(kind)).filter(|&len| len <= 20).max();
    for (column, words, source) in &rows {
        for (ink, text, room) in
            [(Ink::Strong, column.name, name), (Ink::Plain, words.as_str(), kind.unwrap_or(0))]
        {
            style.paint(out, ink, text);
            pad(out, room.saturating_sub(width(text)) + 2);
        }
        style.paint(out, Ink::Plain, column.meaning);
        style.paint(out, Ink::Muted, &format!("  [{source}]"));
        end(out);
    }
}

/// Appends the columns of a table as a Markdown table.
pub fn table_markdown(out: &mut String, table: &Table) {
    out.push_str("| column | type | meaning | source |\n|---|---|---|---|\n");
    for column in table.columns {
        let (kind, source) = (column.kind.words(), column.sources());
        // Writing to a string cannot fail.
        let _ = writeln!(out, "| `{}` | {kind} | {} | {source} |", column.name, column.meaning);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_listed_and_a_pattern_finds_meanings() {
        let all = entries();
        for name in crate::wire::catalogue::fields().map(|field| field.name) {
            assert!(all.iter().any(|entry| entry.name == name), "{name}");
        }
        let found = matching(Some("HOPS LEFT"));
        assert!(found.iter().any(|entry| entry.name == "ipv6.hlim"), "{found:?}");
        assert_eq!(matching(Some("no such thing")), []);
        for (pattern, names) in [
            ("ip.src.class", &["ip._x.src_class"][..]),
            ("tcp.port", &["tcp.srcport", "tcp.dstport"]),
        ] {
            let found = matching(Some(pattern)).into_iter().map(|entry| entry.name);
            assert_eq!(found.collect::<Vec<_>>(), names, "{pattern}");
        }
    }
}
