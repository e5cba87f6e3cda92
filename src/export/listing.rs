//! `ipeek fields`: the field catalogue as text, and as the tables of the README.

use std::io::Write;

use crate::report::listing::Entry;

use super::text::{Ink, Style, end, pad, width};

/// Columns of a name, as a rule.
const NAME: usize = 30;
/// Columns before what stands below a name.
const INDENT: usize = 4;
/// Columns of a type.
const KIND: usize = 8;

/// Writes entries, three lines each: name and label with the type, then where the bits lie, then
/// meaning and source.
pub fn text(out: &mut dyn Write, entries: &[Entry], style: Style) -> std::io::Result<()> {
    let mut line = String::new();
    for entry in entries {
        line.clear();
        style.paint(&mut line, Ink::Strong, entry.name);
        pad(&mut line, NAME.saturating_sub(width(entry.name)).max(1));
        style.paint(&mut line, Ink::Layer(0), entry.kind);
        pad(&mut line, KIND.saturating_sub(width(entry.kind)));
        line.push_str(entry.label);
        end(&mut line);
        pad(&mut line, INDENT);
        style.paint(&mut line, Ink::Muted, &entry.place);
        end(&mut line);
        pad(&mut line, INDENT);
        line.push_str(entry.meaning);
        style.paint(&mut line, Ink::Muted, &format!(" [{}]", entry.source));
        end(&mut line);
        out.write_all(line.as_bytes())?;
    }
    Ok(())
}

/// Writes entries as a Markdown table.
pub fn markdown(out: &mut dyn Write, entries: &[Entry]) -> std::io::Result<()> {
    writeln!(out, "| field | type | bits | meaning | source |")?;
    writeln!(out, "|---|---|---|---|---|")?;
    for entry in entries {
        let Entry { name, kind, place, meaning, source, .. } = entry;
        let row = [&format!("`{name}`"), *kind, place.as_str(), meaning, source].map(cell);
        writeln!(out, "| {} |", row.join(" | "))?;
    }
    Ok(())
}

/// A cell: a bar would end it.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::listing::matching;

    #[test]
    fn a_field_says_what_it_is_in_three_lines() {
        let mut out = Vec::new();
        text(&mut out, &matching(Some("ip.ttl")), Style::Plain).expect("a vector takes all");
        let expected = "\
ip.ttl                        number  Time to live
    bits 64-71 of ip
    Hops left before the packet is dropped. [RFC 791, section 3.1]
";
        assert_eq!(String::from_utf8_lossy(&out), expected);
    }

    #[test]
    fn markdown_has_a_row_a_field() {
        let mut out = Vec::new();
        markdown(&mut out, &matching(Some("ip.ttl"))).expect("a vector takes all");
        let text = String::from_utf8_lossy(&out);
        let row = "| `ip.ttl` | number | bits 64-71 of ip | Hops left before the packet is dropped. \
                   | RFC 791, section 3.1 |";
        assert_eq!(text.lines().nth(2), Some(row));
    }
}
