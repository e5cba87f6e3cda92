//! The formats of findings, one row each.

use std::fmt::Write;

use serde_json::{Value, json};

use super::finding::{Finding, Total, Totals};
use super::known;
use crate::base::text::Safe;
use crate::decode::anomaly::{Row, Severity};

/// A row: a format, and what it writes when.
#[derive(Debug)]
pub struct Format {
    /// What `-T` calls it.
    pub name: &'static str,
    /// What it is, in a few words.
    pub help: &'static str,
    /// Before the first finding: of these rows.
    pub begin: fn(&mut String, &[&'static Row]),
    /// Of each finding, and whether it is the first.
    pub finding: fn(&mut String, &Finding<'_>, bool),
    /// Behind the last finding.
    pub end: fn(&mut String, &Totals, &[&'static Row]),
}

/// All formats, the default first.
pub static FORMATS: [Format; 5] = [
    Format { name: "text", help: "a line a finding", begin: nothing, finding: line, end: words },
    Format {
        name: "json",
        help: "an object a finding",
        begin: nothing,
        finding: object,
        end: none,
    },
    Format {
        name: "sarif",
        help: "SARIF 2.1.0",
        begin: sarif_begin,
        finding: sarif,
        end: sarif_end,
    },
    Format { name: "junit", help: "a test a row", begin: nothing, finding: unsaid, end: junit },
    Format { name: "markdown", help: "a table", begin: nothing, finding: unsaid, end: markdown },
];

fn nothing(_: &mut String, _: &[&'static Row]) {}

fn none(_: &mut String, _: &Totals, _: &[&'static Row]) {}

fn unsaid(_: &mut String, _: &Finding<'_>, _: bool) {}

/// A capture and a packet in it, as `a.pcap#5`.
fn where_in(file: &str, packet: Option<u64>) -> String {
    packet.map_or_else(|| file.to_owned(), |packet| format!("{file}#{packet}"))
}

fn line(out: &mut String, finding: &Finding<'_>, _: bool) {
    let row = finding.row;
    let (place, severity) = (where_in(finding.file, finding.packet()), row.severity.word());
    let _ = write!(out, "{}: {severity}: {}", Safe(&place), row.id);
    if let (Some(from), Some(to)) = (finding.around("src_ip"), finding.around("dest_ip")) {
        let _ = write!(out, ", {from} > {to}");
    }
    let place = finding.place();
    if !place.is_empty() {
        let _ = write!(out, ", {place}");
    }
    let _ = writeln!(out, " ({})", finding.part("spec").as_deref().unwrap_or(row.source));
}

/// A number of things.
fn several(count: u64, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

/// What was found, as a sentence.
fn sentence(totals: &Totals) -> String {
    let found: u64 = totals.rows.values().map(|total| total.count).sum();
    let mut text =
        format!("{} in {}", several(found, "finding"), several(totals.packets, "packet"));
    let severities = [Severity::Error, Severity::Warning, Severity::Note, Severity::Info];
    for (at, severity) in severities.into_iter().filter(|one| totals.of(*one) > 0).enumerate() {
        let sign = if at == 0 { ": " } else { ", " };
        let count = totals.of(severity);
        let word = several(count, severity.word());
        let word = if severity == Severity::Info { format!("{count} info") } else { word };
        let _ = write!(text, "{sign}{word}");
    }
    if totals.known > 0 {
        let _ = write!(text, "; {} known before", totals.known);
    }
    text
}

/// Rows by severity, the highest first.
fn ranked(totals: &Totals) -> Vec<&Total> {
    let mut rows: Vec<_> = totals.rows.values().collect();
    rows.sort_by_key(|total| {
        (std::cmp::Reverse(total.row.severity), std::cmp::Reverse(total.count))
    });
    rows
}

fn words(out: &mut String, totals: &Totals, _: &[&'static Row]) {
    if !totals.rows.is_empty() {
        out.push('\n');
    }
    let rows = ranked(totals);
    let width = rows.iter().map(|total| total.row.id.len()).max().unwrap_or_default();
    for total in rows {
        let Row { id, severity, meaning, .. } = total.row;
        let (severity, count) = (severity.word(), total.count);
        let _ = writeln!(out, "{count:>8}  {severity:<7}  {id:<width$}  {meaning}");
    }
    let _ = writeln!(out, "{}", sentence(totals));
}

fn object(out: &mut String, finding: &Finding<'_>, _: bool) {
    let mut event = finding.event.clone();
    if let Some(event) = event.as_object_mut() {
        event.insert("file".to_owned(), Value::from(Safe(finding.file).to_string()));
    }
    let _ = writeln!(out, "{event}");
}

/// SARIF's word for a severity.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
        Severity::Info => "none",
    }
}

fn sarif_begin(out: &mut String, rows: &[&'static Row]) {
    let rules: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "id": row.id,
                "shortDescription": {"text": row.meaning},
                "help": {"text": format!("{} {}", row.meaning, row.sources())},
                "defaultConfiguration": {"level": level(row.severity)},
                "properties": {"spec": row.sources()},
            })
        })
        .collect();
    let driver = json!({"name": "ipeek", "version": env!("CARGO_PKG_VERSION"), "rules": rules});
    let schema = "https://json.schemastore.org/sarif-2.1.0.json";
    let _ = writeln!(out, "{{\"$schema\":\"{schema}\",\"version\":\"2.1.0\",\"runs\":[");
    let _ = writeln!(out, "{{\"tool\":{{\"driver\":{driver}}},\"results\":[");
}

fn sarif(out: &mut String, finding: &Finding<'_>, is_first: bool) {
    let row = finding.row;
    let packet = finding.packet();
    let place = finding.place();
    let ends = [finding.around("src_ip"), finding.around("dest_ip")];
    let [from, to] = ends.map(Option::unwrap_or_default);
    let mut message = row.meaning.to_owned();
    if let Some(packet) = packet {
        let _ = write!(message, " Packet {packet}");
        if !from.is_empty() {
            let _ = write!(message, ", {from} to {to}");
        }
        if !place.is_empty() {
            let _ = write!(message, ", {place}");
        }
        message.push('.');
    }
    let mut location = json!({
        "physicalLocation": {"artifactLocation": {"uri": uri(finding.file)}},
    });
    if let (Some(packet), Some(location)) = (packet, location.as_object_mut()) {
        let logical = json!([{"name": format!("packet {packet}"), "kind": "packet"}]);
        location.insert("logicalLocations".to_owned(), logical);
    }
    let result = json!({
        "ruleId": row.id,
        "level": level(row.severity),
        "message": {"text": message},
        "locations": [location],
        "partialFingerprints": {"ipeek/v1": known::key(row.id, finding.event)},
        "properties": {"event": finding.event},
    });
    let _ = writeln!(out, "{}{result}", if is_first { "" } else { "," });
}

fn sarif_end(out: &mut String, totals: &Totals, _: &[&'static Row]) {
    let properties = json!({"packets": totals.packets, "known": totals.known});
    let _ = writeln!(out, "],\"columnKind\":\"utf16CodeUnits\",\"properties\":{properties}}}]}}");
}

/// A path as a relative reference (RFC 3986, section 4.2).
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for octet in path.bytes() {
        if octet.is_ascii_alphanumeric() || b"-._~/".contains(&octet) {
            uri.push(char::from(octet));
        } else {
            let _ = write!(uri, "%{octet:02X}");
        }
    }
    uri
}

/// Text inside XML; what XML 1.0 has no place for becomes a question mark.
fn xml(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            c if c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('?'),
            c => out.push(c),
        }
    }
    out
}

fn junit(out: &mut String, totals: &Totals, rows: &[&'static Row]) {
    let failed = totals.rows.values().filter(|total| total.row.severity > Severity::Info).count();
    let tests = rows.len();
    out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ =
        writeln!(out, "<testsuites name=\"ipeek check\" tests=\"{tests}\" failures=\"{failed}\">");
    let _ = writeln!(
        out,
        "<testsuite name=\"ipeek check\" tests=\"{tests}\" failures=\"{failed}\" errors=\"0\" skipped=\"0\">"
    );
    for row in rows {
        let class = row.id.split('.').next().unwrap_or_default();
        let total = totals.rows.values().find(|total| total.row.id == row.id);
        let Some(total) = total.filter(|total| total.row.severity > Severity::Info) else {
            let _ = writeln!(out, "<testcase classname=\"{class}\" name=\"{}\"/>", row.id);
            continue;
        };
        let _ = writeln!(out, "<testcase classname=\"{class}\" name=\"{}\">", row.id);
        let message = format!("{}: {}", several(total.count, "finding"), row.meaning);
        let (severity, message) = (row.severity.word(), xml(&message));
        let _ = writeln!(out, "<failure type=\"{severity}\" message=\"{message}\">");
        for (file, packet, place) in &total.examples {
            let _ = writeln!(out, "{}", xml(&format!("{} {place}", where_in(file, *packet))));
        }
        let more = total.count.saturating_sub(total.examples.len() as u64);
        if more > 0 {
            let _ = writeln!(out, "and {more} more");
        }
        let _ = writeln!(out, "{}</failure>\n</testcase>", xml(&row.sources()));
    }
    out.push_str("</testsuite>\n</testsuites>\n");
}

fn markdown(out: &mut String, totals: &Totals, _: &[&'static Row]) {
    let _ = writeln!(out, "**{}**", sentence(totals));
    if totals.rows.is_empty() {
        return;
    }
    out.push_str("\n| severity | anomaly | findings | first | meaning | source |\n");
    out.push_str("|---|---|---:|---|---|---|\n");
    for total in ranked(totals) {
        let Row { id, severity, meaning, source, .. } = total.row;
        let first = total.examples.first();
        let first = first.map(|(file, packet, _)| where_in(file, *packet)).unwrap_or_default();
        let first = Safe(&first).to_string().replace('|', "\\|");
        let (severity, count) = (severity.word(), total.count);
        let meaning = meaning.replace('|', "\\|");
        let _ = writeln!(out, "| {severity} | `{id}` | {count} | {first} | {meaning} | {source} |");
    }
}
