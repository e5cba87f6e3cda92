//! Names of header code points (protocol numbers, ICMP types, options …) as `(key, name, text)`
//! rows.

use std::fmt::Write;

use crate::table::{Failure, Row, Table};

/// A table to generate: its constant, its file, its doc line.
const TABLES: [(&str, &str, &str); 11] = [
    (
        "PROTOCOLS",
        "protocol-numbers",
        "Protocol numbers: keyword and description; a row without a keyword has its description for one.",
    ),
    ("ICMPV4_TYPES", "icmpv4-types", "ICMP types."),
    ("ICMPV4_CODES", "icmpv4-codes", "ICMP codes; the key is type × 256 + code."),
    ("ICMPV6_TYPES", "icmpv6-types", "ICMPv6 types."),
    ("ICMPV6_CODES", "icmpv6-codes", "ICMPv6 codes; the key is type × 256 + code."),
    ("DSCP", "dscp", "Differentiated services code points."),
    (
        "IPV4_OPTIONS",
        "ipv4-options",
        "IPv4 options by their type octet: short name and description.",
    ),
    ("IPV6_OPTIONS", "ipv6-options", "Destination and hop-by-hop options by their type octet."),
    ("ROUTING_TYPES", "ipv6-routing-types", "IPv6 routing types."),
    ("IPV4_ROUTER_ALERT", "ipv4-router-alert", "Values of the IPv4 router alert option."),
    ("IPV6_ROUTER_ALERT", "ipv6-router-alert", "Values of the IPv6 router alert option."),
];

/// The generated source: one sorted `&[(u16, &str, &str)]` a table, keys strictly ascending.
/// The third element is the description, or where the registry has none, the RFC.
pub(crate) fn tables() -> Result<String, Failure> {
    let mut source = String::new();
    for (name, file, doc) in TABLES {
        let table = Table::read(&format!("wire/data/{file}.csv"))?;
        let mut rows = Vec::new();
        for row in table.rows() {
            let text = match row.cell("description")? {
                "" => row.cell("reference")?,
                text => text,
            };
            rows.push((key(&row)?, row.cell("name")?, text));
        }
        if !rows.is_sorted_by(|a, b| a.0 < b.0) {
            return Err(format!("{file}: keys are not strictly ascending").into());
        }
        writeln!(source, "/// {doc}\npub const {name}: &[(u16, &str, &str)] = &[")?;
        for (key, name, text) in rows {
            writeln!(source, "    ({key:#06x}, {name:?}, {text:?}),")?;
        }
        source.push_str("];\n");
    }
    Ok(source)
}

/// The key of a row: `17`, `0xc2`, or `3/4` for a type and a code.
fn key(row: &Row<'_>) -> Result<u16, Failure> {
    let cell = row.cell("value")?;
    let parsed = if let Some(hex) = cell.strip_prefix("0x") {
        u16::from_str_radix(hex, 16).ok()
    } else if let Some((kind, code)) = cell.split_once('/') {
        kind.parse::<u8>()
            .ok()
            .zip(code.parse::<u8>().ok())
            .map(|(kind, code)| u16::from_be_bytes([kind, code]))
    } else {
        cell.parse().ok()
    };
    parsed.ok_or_else(|| row.failure("no number"))
}
