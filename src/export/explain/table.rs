//! All anomalies, or some of them, as a table.

use std::fmt::Write;

use crate::base::columns::width;
use crate::decode::anomaly::{Expected, Row, Severity};
use crate::export::json::text::Text;
use crate::export::text::{Ink, Style, end, pad};
use crate::report::explain::{AnomalyPage, Seen};

/// What the first part of an identifier stands for, as a title.
const GROUPS: &[(&str, &str)] = &[
    ("frame", "Frames"),
    ("eth", "Ethernet"),
    ("vlan", "VLAN tags"),
    ("wlan_aggregate", "802.11 aggregates"),
    ("ipv4", "IPv4"),
    ("ipv6", "IPv6 and its extension headers"),
    ("ah", "Authentication header"),
    ("esp", "Encapsulating security payload"),
    ("tcp", "TCP"),
    ("udp", "UDP"),
    ("icmp", "ICMP"),
    ("icmpv6", "ICMPv6"),
    ("udplite", "UDP-Lite"),
    ("sctp", "SCTP"),
    ("igmp", "IGMP"),
    ("gre", "GRE"),
    ("ospf", "OSPF"),
    ("vrrp", "VRRP"),
    ("pim", "PIM"),
    ("packet", "Packets beside one another"),
    ("fragment", "Fragments of a datagram"),
    ("flow", "Flows"),
    ("address", "Addresses of hosts on a link"),
    ("path", "Paths"),
    ("interface", "Interfaces"),
];

/// The title that a row stands under.
fn group(row: &Row) -> &'static str {
    let first = row.id.split('.').next().unwrap_or_default();
    GROUPS.iter().find(|(name, _)| *name == first).map_or(first, |(_, title)| title)
}

/// Appends rows under the titles of their groups: aligned, a line a row, whatever the width, so
/// that it can be searched.
pub fn text(out: &mut String, rows: &[&'static Row], style: Style) {
    let widest = rows.iter().map(|row| width(row.id)).max().unwrap_or(0);
    let mut last = "";
    for row in rows {
        let title = group(row);
        if title != last {
            if !last.is_empty() {
                end(out);
            }
            style.paint(out, Ink::Strong, title);
            end(out);
            last = title;
        }
        out.push_str("  ");
        style.paint(out, Ink::Layer(0), row.id);
        pad(out, widest.saturating_sub(width(row.id)).saturating_add(2));
        let ink = match row.severity {
            Severity::Error => Ink::Bad,
            Severity::Warning => Ink::Notice,
            Severity::Note | Severity::Info => Ink::Muted,
        };
        style.paint(out, ink, &format!("{:<7}  ", row.severity.word()));
        style.paint(out, Ink::Plain, row.meaning);
        style.paint(out, Ink::Muted, &format!("  [{}]", row.sources()));
        end(out);
    }
}

/// Appends rows as Markdown, a table a group.
pub fn markdown(out: &mut String, rows: &[&'static Row]) {
    let mut last = "";
    for row in rows {
        let title = group(row);
        if title != last {
            let before = if last.is_empty() { "" } else { "\n" };
            // Writing to a string cannot fail.
            let _ = write!(
                out,
                "{before}### {title}\n\n| anomaly | severity | meaning | spec |\n|---|---|---|---|\n"
            );
            last = title;
        }
        let Row { id, severity, meaning, .. } = row;
        let (severity, source) = (severity.word(), row.sources());
        let _ = writeln!(out, "| `{id}` | {severity} | {meaning} | {source} |");
    }
}

/// Appends rows as JSON, an object a line.
pub fn json(text: &mut Text, rows: &[&'static Row]) {
    for page in rows.iter().filter_map(|row| AnomalyPage::of(row.id)) {
        page_json(text, &page);
    }
}

/// Appends the page of an anomaly as an object.
pub(super) fn page_json(text: &mut Text, page: &AnomalyPage) {
    let AnomalyPage { row, page: written, headers, seen } = page;
    text.open(b'{');
    for (key, value) in [
        ("kind", "anomaly"),
        ("name", row.id),
        ("title", written.title),
        ("group", group(row)),
        ("severity", row.severity.word()),
        ("meaning", row.meaning),
        ("advice", written.advice),
    ] {
        text.field_str(key, value);
    }
    text.field_str("measured_on", &page.measured_on());
    if !headers.is_empty() {
        text.key("headers");
        text.open(b'[');
        for header in headers {
            text.comma();
            text.string(header.name);
        }
        text.close(b']');
    }
    text.field_str("spec", &row.sources());
    for (key, other) in [("suricata", row.suricata), ("wireshark", row.wireshark)] {
        if !other.is_empty() {
            text.field_str(key, other);
        }
    }
    text.key("example");
    text.open(b'{');
    let example = &written.example;
    if !example.words.is_empty() {
        text.field_str("words", example.words);
    }
    if !example.frames.is_empty() {
        text.field_number("link_type", u64::from(example.link));
        if example.original > 0 {
            text.field_number("len", u64::from(example.original));
        }
        text.key("frames");
        text.open(b'[');
        for octets in example.octets() {
            let mut digits = String::new();
            for octet in octets {
                // Writing to a string cannot fail.
                let _ = write!(digits, "{octet:02x}");
            }
            text.comma();
            text.string(&digits);
        }
        text.close(b']');
    }
    if let Some(seen) = seen {
        where_seen(text, seen);
    }
    text.close(b'}');
    text.close(b'}');
    text.raw(b"\n");
}

fn where_seen(text: &mut Text, seen: &Seen) {
    let mark = seen.found.mark;
    text.key("seen");
    text.open(b'{');
    text.field_number("frame", seen.frame as u64);
    text.field_number("offset", u64::from(mark.offset));
    text.field_number("len", u64::from(mark.len));
    text.field_number("value", mark.value);
    match mark.expected {
        Expected::Nothing => {}
        Expected::Rule(rule) => text.field_str("expected", rule),
        Expected::Number(number) => text.field_number("expected", number),
    }
    if !seen.fields.is_empty() {
        text.key("fields");
        text.open(b'[');
        for field in &seen.fields {
            text.comma();
            text.string(field.name);
        }
        text.close(b']');
    }
    text.close(b'}');
}
