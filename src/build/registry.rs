//! Address registries as flat tables: the rows, and a partition of the whole address space that
//! names the narrowest row of every piece, so that a look-up is one binary search.

use std::fmt::Write;
use std::net::IpAddr;

use crate::table::{Failure, Row, Table};

/// A registry to generate: its static, its file, its width in bits, and which scope column it
/// keeps.
const REGISTRIES: [(&str, &str, u32, Keep); 8] = [
    ("SPECIAL_V4", "special-ipv4", 32, Keep::All),
    ("SPECIAL_V6", "special-ipv6", 128, Keep::All),
    ("MULTICAST_V4", "multicast-ipv4", 32, Keep::All),
    ("MULTICAST_V6", "multicast-ipv6", 128, Keep::Fixed),
    ("MULTICAST_V6_ANY", "multicast-ipv6", 128, Keep::Templates),
    ("SPACE_V4", "space-ipv4", 32, Keep::All),
    ("SPACE_V6", "space-ipv6", 128, Keep::All),
    ("UNICAST_V6", "unicast-ipv6", 128, Keep::All),
];

/// Which rows of a file a registry takes: IPv6 multicast mixes groups of one scope and templates.
#[derive(Clone, Copy, PartialEq)]
enum Keep {
    All,
    Fixed,
    Templates,
}

struct Entry {
    first: u128,
    last: u128,
    text: [String; 8],
    flags: [&'static str; 5],
}

const FLAGS: [&str; 5] = ["source", "destination", "forwardable", "reachable", "reserved"];

/// The generated source of all registries.
pub(crate) fn tables() -> Result<String, Failure> {
    let mut source = String::new();
    for (name, file, width, keep) in REGISTRIES {
        let table = Table::read(&format!("address/data/{file}.csv"))?;
        let mut entries = Vec::new();
        for row in table.rows() {
            let template = row.optional("scope") == "x";
            if keep == Keep::All || template == (keep == Keep::Templates) {
                entries.push(entry(&row, width)?);
            }
        }
        entries.sort_by_key(|e| (e.first, std::cmp::Reverse(e.last)));
        registry(&mut source, name, &table, &entries, width)?;
    }
    offsets(&mut source)?;
    Ok(source)
}

fn entry(row: &Row<'_>, width: u32) -> Result<Entry, Failure> {
    let (first, last) = ends(row, width)?;
    let name = row.cell("name")?;
    let kind = match row.optional("type") {
        kind if !kind.is_empty() => kind.to_owned(),
        // The special-purpose registries alone have this column.
        _ if row.cell("terminated").is_ok() => format!("special:{name}"),
        _ => String::new(),
    };
    let group = match row.optional("block") {
        "" => row.optional("status"),
        block => block,
    };
    // A column of the multicast file, which says which rows are templates, not a scope's name.
    let scope = match row.optional("scope") {
        scope if scope.len() > 1 => scope,
        _ => "",
    };
    let mut flags = ["Blank"; 5];
    for (flag, column) in flags.iter_mut().zip(FLAGS) {
        *flag = match row.optional(column) {
            "True" => "True",
            "False" => "False",
            "N/A" => "NotApplicable",
            "" => "Blank",
            _ => return Err(row.failure("a flag is True, False, N/A or blank")),
        };
    }
    let text = [
        name.to_owned(),
        row.optional("reference").to_owned(),
        row.optional("allocated").to_owned(),
        row.optional("terminated").to_owned(),
        group.to_owned(),
        kind,
        scope.to_owned(),
        row.optional("note").to_owned(),
    ];
    Ok(Entry { first, last, text, flags })
}

/// The first and last address of a row: `prefix`, or `first` and `last`.
fn ends(row: &Row<'_>, width: u32) -> Result<(u128, u128), Failure> {
    let bits = |text: &str| match text.parse() {
        Ok(IpAddr::V4(address)) if width == 32 => Ok(u128::from(address.to_bits())),
        Ok(IpAddr::V6(address)) if width == 128 => Ok(address.to_bits()),
        _ => Err(row.failure(&format!("'{text}' is no address of this registry"))),
    };
    let prefix = row.optional("prefix");
    if prefix.is_empty() {
        return Ok((bits(row.cell("first")?)?, bits(row.cell("last")?)?));
    }
    let (address, length) = prefix.split_once('/').ok_or_else(|| row.failure("no prefix"))?;
    let (first, length) = (bits(address)?, length.parse::<u32>()?);
    let host = u128::MAX.checked_shr(128 - width + length).unwrap_or_default();
    if length > width || first & host != 0 {
        return Err(row.failure("no prefix"));
    }
    Ok((first, first | host))
}

fn registry(
    source: &mut String,
    name: &str,
    table: &Table,
    entries: &[Entry],
    width: u32,
) -> Result<(), Failure> {
    let (title, read) = table.title()?;
    writeln!(
        source,
        "/// {title}, read {read}.\npub static {name}: Registry<u{width}> = Registry {{\n    \
         title: {title:?},\n    read: {read:?},\n    entries: &["
    )?;
    for (at, entry) in entries.iter().enumerate() {
        let parent = narrowest(entries, |other| {
            other.first <= entry.first
                && other.last >= entry.last
                && (other.first, other.last) != (entry.first, entry.last)
        });
        let [label, reference, allocated, terminated, group, kind, scope, note] = &entry.text;
        let flags = entry.flags.map(|flag| format!("Flag::{flag}")).join(", ");
        writeln!(
            source,
            "        Entry {{ first: {}, last: {}, parent: {}, name: {label:?}, reference: {reference:?}, \
             allocated: {allocated:?}, terminated: {terminated:?}, group: {group:?}, kind: {kind:?}, \
             scope: {scope:?}, note: {note:?}, flags: [{flags}] }}, // {at}",
            literal(entry.first),
            literal(entry.last),
            owner(parent)?,
        )?;
    }
    let (starts, owners) = partition(entries, width)?;
    writeln!(
        source,
        "    ],\n    starts: &[{}],\n    owners: &[{}],\n}};",
        starts.iter().map(|&s| literal(s)).collect::<Vec<_>>().join(", "),
        owners.join(", "),
    )?;
    Ok(())
}

/// Where pieces of the address space begin, ascending from zero, and the narrowest row of each.
fn partition(entries: &[Entry], width: u32) -> Result<(Vec<u128>, Vec<String>), Failure> {
    let top = u128::MAX >> (128 - width);
    let mut cuts = vec![0];
    cuts.extend(entries.iter().map(|e| e.first));
    cuts.extend(entries.iter().filter(|e| e.last < top).map(|e| e.last + 1));
    cuts.sort_unstable();
    cuts.dedup();
    let (mut starts, mut owners): (Vec<u128>, Vec<String>) = Default::default();
    for cut in cuts {
        let found = owner(narrowest(entries, |e| e.first <= cut && e.last >= cut))?;
        if owners.last() != Some(&found) {
            starts.push(cut);
            owners.push(found);
        }
    }
    Ok((starts, owners))
}

fn narrowest(entries: &[Entry], fits: impl Fn(&Entry) -> bool) -> Option<usize> {
    let fitting = entries.iter().enumerate().filter(|(_, entry)| fits(entry));
    fitting.min_by_key(|(_, entry)| entry.last - entry.first).map(|(at, _)| at)
}

fn owner(at: Option<usize>) -> Result<String, Failure> {
    Ok(match at {
        Some(at) => u16::try_from(at)?.to_string(),
        None => "NONE".to_owned(),
    })
}

/// Scope-relative IPv4 groups: offset and name.
fn offsets(source: &mut String) -> Result<(), Failure> {
    let table = Table::read("address/data/multicast-ipv4-relative.csv")?;
    let (title, read) = table.title()?;
    writeln!(
        source,
        "/// {title}, read {read}: offset from the top of a region, name.\n\
         pub const MULTICAST_V4_RELATIVE: &[(u8, &str)] = &["
    )?;
    for row in table.rows() {
        let offset = row.cell("offset")?.parse::<u8>()?;
        writeln!(source, "    ({offset}, {:?}),", row.cell("name")?)?;
    }
    source.push_str("];\n");
    Ok(())
}

/// A number in hexadecimal, in groups of four digits.
fn literal(number: u128) -> String {
    let digits = format!("{number:x}");
    let mut text = String::from("0x");
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(4) {
            text.push('_');
        }
        text.push(digit);
    }
    text
}
