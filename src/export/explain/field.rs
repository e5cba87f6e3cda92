//! The page of a header or of one of its fields.

use super::usual::usual;
use crate::export::catalogue::{self, Entry};
use crate::export::json::text::Text;
use crate::report::explain::Line;
use crate::wire::catalogue::{HEADERS, fields};
use crate::wire::field::Names;

/// Names of values that a page lists one by one.
const MOST_NAMES: usize = 32;

/// All there is to say of a header or a field.
#[derive(Debug)]
pub struct FieldPage {
    /// Its entry in the catalogue.
    pub entry: Entry,
    /// The header that it is of, where that is another.
    header: Option<&'static str>,
    /// Names of its values.
    names: Names,
    /// The fields of a header.
    parts: Vec<Entry>,
}

impl FieldPage {
    /// The page of what has that name, in the spelling of the catalogue.
    pub fn of(name: &str) -> Option<Self> {
        let entries = catalogue::entries();
        let entry = entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))?.clone();
        let is_header = entry.kind == "header";
        let of = fields().find(|field| field.name == entry.name);
        let own = HEADERS.iter().find(|header| header.name == entry.name).filter(|_| is_header);
        let parts = own.map_or_else(Vec::new, |header| {
            let is_part = |entry: &&Entry| {
                header.rows().any(|field| field.name == entry.name) && entry.kind != "header"
            };
            let mut parts: Vec<Entry> = entries.iter().filter(is_part).cloned().collect();
            parts.dedup();
            parts
        });
        Some(Self {
            header: of.map(|field| field.layer.header().title).filter(|_| !is_header),
            names: of.map_or(&[], |field| field.names),
            parts,
            entry,
        })
    }

    /// The page in lines.
    pub fn lines(&self) -> Vec<Line> {
        let Entry { name, kind, bits, meaning, source, .. } = &self.entry;
        let mut lines = vec![Line::text("", *meaning)];
        if let Some(usual) = usual(name) {
            lines.push(Line::text("usual", usual));
        }
        lines.push(Line::text("type", *kind));
        match self.header {
            Some(header) if bits != "computed" => {
                lines.push(Line::text("measured on", format!("{header}, bits {bits}")));
            }
            _ => lines.push(Line::text("bits", bits.clone())),
        }
        lines.push(Line::text("spec", *source));
        for (at, (value, name, meaning)) in self.names.iter().take(MOST_NAMES).enumerate() {
            let between = if meaning.is_empty() { "" } else { ": " };
            let word = if at == 0 { "values" } else { "" };
            lines.push(Line::text(word, format!("{value} {name}{between}{meaning}")));
        }
        let more = self.names.len().saturating_sub(MOST_NAMES);
        if more > 0 {
            lines.push(Line::text("", format!("and {more} more")));
        }
        for (at, part) in self.parts.iter().enumerate() {
            let word = if at == 0 { "fields" } else { "" };
            lines
                .push(Line::text(word, format!("{} ({}): {}", part.name, part.bits, part.meaning)));
        }
        lines
    }

    /// Appends the page as an object.
    pub fn json(&self, text: &mut Text) {
        let Entry { name, label, kind, bits, meaning, source } = &self.entry;
        text.open(b'{');
        text.field_str("kind", if *kind == "header" { "header" } else { "field" });
        text.field_str("name", name);
        text.field_str("title", label);
        text.field_str("type", kind);
        text.field_str("bits", bits);
        text.field_str("meaning", meaning);
        if let Some(usual) = usual(name) {
            text.field_str("usual", usual);
        }
        if let Some(header) = self.header {
            text.field_str("header", header);
        }
        text.field_str("spec", source);
        if !self.names.is_empty() {
            text.key("values");
            text.open(b'[');
            for (value, name, meaning) in self.names {
                text.open(b'{');
                text.field_number("value", u64::from(*value));
                text.field_str("name", name);
                if !meaning.is_empty() {
                    text.field_str("meaning", meaning);
                }
                text.close(b'}');
            }
            text.close(b']');
        }
        if !self.parts.is_empty() {
            text.key("fields");
            text.open(b'[');
            for part in &self.parts {
                text.comma();
                text.string(part.name);
            }
            text.close(b']');
        }
        text.close(b'}');
        text.raw(b"\n");
    }
}
