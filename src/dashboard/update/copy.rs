//! What is selected as text: for the clipboard, and as a filter.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::dashboard::model::action::Copied;
use crate::dashboard::model::detail::{Detail, FieldRow};
use crate::dashboard::model::shown::Shown;
use crate::dashboard::model::state::State;
use crate::filter::Filter;

/// Octets that a terminal is asked to copy: many take no more.
pub const MOST: usize = 74_994;

/// The sequence that makes a terminal copy `text`, over ssh too (OSC 52 of xterm's control
/// sequences).
pub fn sequence(text: &str) -> String {
    format!("\x1b]52;c;{}\x07", STANDARD.encode(text))
}

/// The selected field of the selected packet.
pub fn selected<'a>(state: &State, shown: &'a Shown) -> Option<(&'a Detail, &'a FieldRow)> {
    let detail = shown.page.detail.as_ref()?;
    let visible = detail.visible(&state.packets.folded);
    let row = detail.rows.get(*visible.get(state.packets.field)?)?;
    Some((detail, row))
}

/// What is copied.
///
/// # Errors
/// Why there is nothing to copy, in words.
pub fn text(state: &State, shown: &Shown, what: Copied) -> Result<String, String> {
    let nothing = || "no packet is selected; hint: 2 opens the packets".to_owned();
    let field = selected(state, shown);
    let octets = || {
        let (detail, row) = field.ok_or_else(nothing)?;
        let chosen = detail.bytes.get(row.octets.clone()).filter(|octets| !octets.is_empty());
        Ok::<_, String>(chosen.unwrap_or(&detail.bytes))
    };
    match what {
        Copied::Value => field.map(|(_, row)| row.value.clone()).ok_or_else(nothing),
        Copied::Filter => {
            let (_, row) = field.ok_or_else(nothing)?;
            term(row).ok_or_else(|| format!("'{}' makes no filter", row.label))
        }
        Copied::Row => {
            let line = shown.page.line(state.packets.cursor).ok_or_else(nothing)?;
            let row = &line.row;
            Ok(format!(
                "{}\t{}\t{}\t{}\t{}\t{}",
                row.number, row.source, row.destination, row.proto, row.length, row.info
            ))
        }
        Copied::Hex => Ok(joined(octets()?, "", |octet| format!("{octet:02x}"))),
        Copied::Rust => {
            let octets = octets()?;
            let list = joined(octets, ", ", |octet| format!("{octet:#04x}"));
            Ok(format!("const PACKET: [u8; {}] = [{list}];", octets.len()))
        }
        Copied::C => {
            let octets = octets()?;
            let list = joined(octets, ", ", |octet| format!("{octet:#04x}"));
            Ok(format!("const unsigned char packet[{}] = {{{list}}};", octets.len()))
        }
        Copied::Json => json(field.ok_or_else(nothing)?.0),
    }
}

fn joined(octets: &[u8], between: &str, text: impl Fn(&u8) -> String) -> String {
    octets.iter().map(text).collect::<Vec<_>>().join(between)
}

/// The fields of a packet: every row with a name, and the octets.
fn json(detail: &Detail) -> Result<String, String> {
    let rows: Vec<_> = detail.rows.iter().filter(|row| !row.name.is_empty()).collect();
    let fields: Vec<_> = rows
        .iter()
        .map(|row| {
            serde_json::json!({
                "name": row.name,
                "label": row.label,
                "value": row.value,
                "octets": [row.octets.start, row.octets.end],
            })
        })
        .collect();
    let hex = joined(&detail.bytes, "", |octet| format!("{octet:02x}"));
    let packet = serde_json::json!({ "number": detail.number, "fields": fields, "hex": hex });
    serde_json::to_string(&packet).map_err(|error| error.to_string())
}

/// The filter that packets with this value of this field pass; that it is there, where the value
/// cannot be written.
pub fn term(row: &FieldRow) -> Option<String> {
    if row.name.is_empty() {
        return None;
    }
    let value = match row.value.as_str() {
        "set" => "1",
        "not set" => "0",
        value => value.split_once(" (").map_or(value, |(plain, _)| plain),
    };
    let bare = format!("{} == {value}", row.name);
    let quoted =
        format!("{} == \"{}\"", row.name, value.replace('\\', "\\\\").replace('"', "\\\""));
    let spaced = format!("{} == {}", row.name, value.replace(' ', ""));
    let tries = [bare, spaced, quoted, row.name.to_owned()];
    tries.into_iter().find(|text| Filter::compile(text).is_ok())
}

/// `applied` and `term` together; without `term`, where packets with it are excluded.
pub fn composed(applied: Option<&str>, term: &str, is_excluded: bool) -> String {
    let term = if is_excluded { format!("!({term})") } else { term.to_owned() };
    match applied {
        None => term,
        Some(applied) if applied.contains("||") => format!("({applied}) && {term}"),
        Some(applied) => format!("{applied} && {term}"),
    }
}

/// The filter that the packets of a packet's flow pass, both ways.
pub fn flow_filter(detail: &Detail) -> Option<String> {
    let rows = || detail.rows.iter().filter(|row| !row.name.is_empty());
    let plain = |row: &FieldRow| {
        row.value.split_once(" (").map_or(row.value.clone(), |(plain, _)| plain.to_owned())
    };
    let last = |name: &str| rows().rfind(|row| row.name == name).map(plain);
    let mut text = String::new();
    for version in ["ip", "ipv6"] {
        let (source, destination) =
            (last(&format!("{version}.src")), last(&format!("{version}.dst")));
        if let (Some(source), Some(destination), true) = (source, destination, text.is_empty()) {
            let _ = write!(text, "{version}.addr == {source} && {version}.addr == {destination}");
        }
    }
    if text.is_empty() {
        return None;
    }
    let port = rows().rfind(|row| row.name.ends_with(".srcport"));
    if let Some(transport) = port.and_then(|row| row.name.strip_suffix(".srcport")) {
        let (from, to) =
            (last(&format!("{transport}.srcport")), last(&format!("{transport}.dstport")));
        if let (Some(from), Some(to)) = (from, to) {
            let _ = write!(text, " && {transport}.port == {from} && {transport}.port == {to}");
        }
    }
    Some(text)
}
