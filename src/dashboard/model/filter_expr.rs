//! Filter expressions that find what is on the screen again: a field, a flow, an address, a block.

use std::fmt::Write as _;
use std::net::IpAddr;

use super::packet_detail::{Detail, FieldRow};
use super::state::FilterError;
use crate::address::parse::{self, Subject};
use crate::address::prefix::Family;
use crate::analyze::traffic::Address;
use crate::decode::anomaly::Scope;
use crate::filter::Filter;
use crate::report::summary::AnomalyLine;

/// The filter of a text, or what is wrong with it.
pub fn compile(text: &str) -> Result<Filter, FilterError> {
    Filter::compile(text).map_err(|error| FilterError {
        at: error.at,
        len: error.len,
        message: error.message,
        hint: error.hint,
    })
}

/// What is wrong with a draft, if anything is.
pub fn check(text: &str) -> Result<(), FilterError> {
    compile(text).map(|_| ())
}

/// The filter that packets with this value of this field pass; that it is there, where the value
/// cannot be written.
pub fn of_field(row: &FieldRow) -> Option<String> {
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
pub fn combined(applied: Option<&str>, term: &str, is_excluded: bool) -> String {
    let term = if is_excluded { format!("!({term})") } else { term.to_owned() };
    match applied {
        None => term,
        Some(applied) if applied.contains("||") => format!("({applied}) && {term}"),
        Some(applied) => format!("{applied} && {term}"),
    }
}

/// The filter that the packets of a packet's flow pass, both ways.
pub fn of_flow(detail: &Detail) -> Option<String> {
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

/// The filter that packets of an address, a prefix or a range pass.
pub fn of_block(item: &str) -> Option<String> {
    let subject = parse::item(item).ok()?.subject;
    let name = match subject.range().family {
        Family::V4 => "ip.addr",
        Family::V6 => "ipv6.addr",
    };
    Some(match subject {
        Subject::Address(..) => format!("{name} == {item}"),
        _ => format!("{name} in {{{}}}", item.replace(" - ", "..")),
    })
}

/// The filter that packets from and to `address` pass.
pub fn of_address(address: impl Into<IpAddr>) -> String {
    match address.into() {
        IpAddr::V4(address) => format!("ip.addr == {address}"),
        IpAddr::V6(address) => format!("ipv6.addr == {address}"),
    }
}

/// The filter that packets from one address to another pass.
pub fn from_to(source: Address, destination: Address) -> String {
    let name = match source {
        Address::V4(_) => "ip",
        Address::V6(_) => "ipv6",
    };
    let (source, destination) = (IpAddr::from(source), IpAddr::from(destination));
    format!("{name}.src == {source} && {name}.dst == {destination}")
}

/// The filter that packets between two addresses pass.
pub fn between(a: Address, b: Address) -> String {
    if a == b {
        return of_address(a);
    }
    format!("{} && {}", of_address(a), of_address(b))
}

/// The filter that packets with an anomaly pass; none if only several packets show it.
pub fn of_anomaly(anomaly: &AnomalyLine) -> Option<String> {
    let is_told_alone = matches!(anomaly.row.scope, Scope::Packet | Scope::Deep);
    is_told_alone.then(|| format!("anomaly.event == \"{}\"", anomaly.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_card_is_about_can_be_filtered() {
        for (item, expected) in [
            ("10.0.0.1", "ip.addr == 10.0.0.1"),
            ("10.0.0.0/8", "ip.addr in {10.0.0.0/8}"),
            ("10.0.0.1 - 10.0.0.9", "ip.addr in {10.0.0.1..10.0.0.9}"),
            ("2001:db8::1", "ipv6.addr == 2001:db8::1"),
            ("fe80::/10", "ipv6.addr in {fe80::/10}"),
        ] {
            let text = of_block(item).expect("a filter");
            assert_eq!(text, expected);
            assert!(Filter::compile(&text).is_ok(), "{text}");
        }
        assert_eq!(of_block("10.0.0"), None);
    }
}
