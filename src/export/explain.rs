//! Pages about anomalies and header fields, and the table of all anomalies: as text, JSON and
//! Markdown.

pub mod field;
mod table;
mod usual;

use self::field::FieldPage;
pub use self::table::{json as table_json, markdown as table_markdown, text as table_text};
use super::json::text::Text;
use super::text::{Ink, Style, end, pad};
use crate::base::columns::width;
use crate::decode::anomaly::{self, Row};
use crate::export::catalogue;
use crate::filter::error::nearest;
use crate::filter::names::Subject;
use crate::report::explain::{AnomalyPage, Line};
use crate::report::words::broken;

/// What a name stands for.
#[derive(Debug)]
pub enum Topic {
    /// One anomaly.
    Anomaly(AnomalyPage),
    /// One header or field.
    Field(FieldPage),
    /// Several anomalies, in the order of the table.
    Several(Vec<&'static Row>),
    /// Several fields, by name.
    Fields(Vec<FieldPage>),
}

/// Every name that has a page: the anomalies', then the headers' and fields'.
pub fn names() -> impl Iterator<Item = &'static str> {
    let mut fields: Vec<&'static str> =
        catalogue::entries().into_iter().map(|entry| entry.name).collect();
    fields.sort_unstable();
    fields.dedup();
    anomaly::rows().map(|row| row.id).chain(fields)
}

/// What `name` stands for: an anomaly, a header or a field, whatever the case; what Suricata or
/// Wireshark call an anomaly; names with stars in them; the beginning of names.
///
/// # Errors
/// Nothing has such a name; the name of something that has one like it.
pub fn find(name: &str) -> Result<Topic, Option<&'static str>> {
    let name = name.to_ascii_lowercase();
    let rows = |is_it: &dyn Fn(&Row) -> bool| several(anomaly::rows().filter(|row| is_it(row)));
    if let Some(page) = AnomalyPage::of(&name) {
        return Ok(Topic::Anomaly(page));
    }
    if let Some(page) = FieldPage::of(&name) {
        return Ok(Topic::Field(page));
    }
    let is_elsewhere = |row: &Row| {
        let suricata = row.suricata;
        !name.is_empty() && (row.wireshark == name || suricata == name)
            || name
                .strip_prefix("decoder.")
                .is_some_and(|name| !name.is_empty() && name == suricata)
    };
    let found = rows(&is_elsewhere)
        .or_else(|| fields(read_as(&name)))
        .or_else(|| rows(&|row| is_like(&name, row.id)))
        .or_else(|| {
            let found = catalogue::entries().into_iter().map(|entry| entry.name);
            fields(found.filter(|field| is_like(&name, field)).collect())
        });
    found.ok_or_else(|| nearest(&name, names()))
}

/// A page where there is one row, a list where there are several.
fn several(rows: impl Iterator<Item = &'static Row>) -> Option<Topic> {
    let rows: Vec<_> = rows.collect();
    match rows.as_slice() {
        [] => None,
        [one] => AnomalyPage::of(one.id).map(Topic::Anomaly),
        _ => Some(Topic::Several(rows)),
    }
}

/// The fields that a filter reads under that name.
fn read_as(name: &str) -> Vec<&'static str> {
    let Ok(subject) = Subject::find(name) else { return Vec::new() };
    let derived = subject.derived.iter().map(|row| row.name);
    subject.fields.iter().map(|field| field.name).chain(derived).collect()
}

fn fields(mut names: Vec<&'static str>) -> Option<Topic> {
    names.dedup();
    let mut pages: Vec<_> = names.into_iter().filter_map(FieldPage::of).collect();
    match pages.len() {
        0 => None,
        1 => pages.pop().map(Topic::Field),
        _ => Some(Topic::Fields(pages)),
    }
}

/// Whether `name` begins like `pattern`, or is like it where it has stars, each of which stands for
/// any characters.
fn is_like(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return !first.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at.saturating_add(part.len())..).unwrap_or_default();
    }
    true
}

/// Appends what there is to say, broken into lines of at most `columns` characters.
pub fn text(out: &mut String, topic: &Topic, style: Style, columns: usize) {
    match topic {
        Topic::Anomaly(page) => {
            heading(out, style, page.row.id, page.page.title);
            lines(out, &page.lines(), style, columns);
        }
        Topic::Field(page) => {
            heading(out, style, page.entry.name, page.entry.label);
            lines(out, &page.lines(), style, columns);
        }
        Topic::Several(rows) => table::text(out, rows, style),
        Topic::Fields(pages) => {
            let entries: Vec<_> = pages.iter().map(|page| page.entry.clone()).collect();
            catalogue::text(out, &entries, style);
        }
    }
}

fn heading(out: &mut String, style: Style, name: &str, title: &str) {
    style.paint(out, Ink::Strong, name);
    if !title.is_empty() {
        style.paint(out, Ink::Muted, &format!(": {title}"));
    }
    end(out);
}

/// Columns of the words before lines.
const WORDS: usize = 14;

fn lines(out: &mut String, lines: &[Line], style: Style, columns: usize) {
    let room = columns.saturating_sub(WORDS).max(20);
    let mut is_octets = false;
    for line in lines {
        let (word, text) = line.parts();
        let pieces = match line {
            Line::Text(..) => broken(text, room),
            Line::Octets(_) => vec![text.to_owned()],
        };
        is_octets |= matches!(line, Line::Octets(_));
        for (at, piece) in pieces.iter().enumerate() {
            let word = if at == 0 { word } else { "" };
            let word = format!("  {word}");
            style.paint(out, Ink::Muted, &word);
            pad(out, WORDS.saturating_sub(width(&word)));
            let ink = if is_octets && word.trim().is_empty() { Ink::Layer(0) } else { Ink::Plain };
            style.paint(out, ink, piece);
            end(out);
        }
    }
}

/// Appends what there is to say as JSON: an object a line.
pub fn json(text: &mut Text, topic: &Topic) {
    match topic {
        Topic::Anomaly(page) => table::page_json(text, page),
        Topic::Field(page) => page.json(text),
        Topic::Several(rows) => table::json(text, rows),
        Topic::Fields(pages) => pages.iter().for_each(|page| page.json(text)),
    }
}

/// Appends what there is to say as Markdown.
pub fn markdown(out: &mut String, topic: &Topic) {
    let page = |out: &mut String, name: &str, title: &str, lines: &[Line]| {
        out.push_str("## `");
        out.push_str(name);
        out.push('`');
        if !title.is_empty() {
            out.push_str(": ");
            out.push_str(title);
        }
        out.push_str("\n\n");
        let mut is_octets = false;
        for line in lines {
            let was_octets = std::mem::replace(&mut is_octets, matches!(line, Line::Octets(_)));
            if was_octets != is_octets {
                out.push_str(if is_octets { "\n```\n" } else { "```\n\n" });
            }
            match line.parts() {
                (_, octets) if is_octets => out.push_str(octets),
                ("", text) => out.push_str(text),
                (word, text) => {
                    out.push_str("- ");
                    out.push_str(word);
                    out.push_str(": ");
                    out.push_str(text);
                }
            }
            out.push('\n');
            if line.parts().0.is_empty() && !is_octets {
                out.push('\n');
            }
        }
        if is_octets {
            out.push_str("```\n");
        }
    };
    match topic {
        Topic::Anomaly(of) => page(out, of.row.id, of.page.title, &of.lines()),
        Topic::Field(of) => page(out, of.entry.name, of.entry.label, &of.lines()),
        Topic::Several(rows) => table::markdown(out, rows),
        Topic::Fields(pages) => {
            let entries: Vec<_> = pages.iter().map(|page| page.entry.clone()).collect();
            catalogue::markdown(out, &entries);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything_and_a_beginning_for_what_begins_so() {
        for (pattern, name, is) in [
            ("ipv6.*", "ipv6.version", true),
            ("*.checksum.bad", "tcp.checksum.bad", true),
            ("*.checksum.bad", "tcp.checksum.bads", false),
            ("ip*.ttl.*", "ipv4.ttl.zero", true),
            ("*", "x", true),
            ("ipv4.ttl", "ipv4.ttl.zero", true),
            ("ttl", "ipv4.ttl.zero", false),
            ("", "x", false),
        ] {
            assert_eq!(is_like(pattern, name), is, "{pattern} {name}");
        }
    }

    #[test]
    fn a_name_finds_its_page_and_a_wrong_one_its_neighbour() {
        assert!(matches!(find("ipv4.ttl.zero"), Ok(Topic::Anomaly(_))));
        assert!(matches!(find("IPv4.TTL.zero"), Ok(Topic::Anomaly(_))));
        assert!(matches!(find("ip.ttl"), Ok(Topic::Field(_))));
        assert!(matches!(find("ip"), Ok(Topic::Field(_))));
        assert!(matches!(find("ipv6.*"), Ok(Topic::Several(_))));
        assert!(matches!(find("ipv4.ttl.z"), Ok(Topic::Anomaly(_))));
        assert!(matches!(find("tcp.port"), Ok(Topic::Fields(_))));
        assert!(matches!(find("ip.ttl.lncb"), Ok(Topic::Anomaly(_))));
        assert!(matches!(find("decoder.ipv4.trunc_pkt"), Ok(Topic::Anomaly(_))));
        assert!(matches!(find("ipv4.tll.zero"), Err(Some("ipv4.ttl.zero"))));
        assert!(matches!(find("nothing.like.it"), Err(None)));
        assert!(find("").is_err());
    }
}
