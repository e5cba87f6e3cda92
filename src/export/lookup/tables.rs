//! The tables behind a look-up: the address classes, and the rows of the registries.

use super::{json_text, quote};
use crate::address::class::{CLASSES, Class};
use crate::address::column::block;
use crate::address::prefix::{Family, Range};
use crate::address::registry::{Entry, Listing};
use crate::base::units::grouped;

/// One column of the table of classes.
type Cell = (&'static str, fn(&Class) -> String);

/// What JSON and CSV say of a class.
const CLASS_COLUMNS: &[Cell] = &[
    ("class", |class| class.name.to_owned()),
    ("leading_bits", |class| class.bits.to_owned()),
    ("first", |class| format!("{}.0.0.0", class.first_octet.0)),
    ("last", |class| format!("{}.255.255.255", class.first_octet.1)),
    ("default_length", |class| known(class.len)),
    ("default_mask", mask),
    ("host_bits", |class| known(class.len.map(|len| 32 - len))),
    ("networks", |class| known(class.networks)),
    ("networks_in_textbooks", |class| class.textbook.replace('-', "")),
    ("addresses", |class| known(class.addresses())),
    ("hosts", |class| known(class.addresses().map(|all| all - 2))),
    ("share", |class| class.share.to_owned()),
    ("purpose", |class| class.purpose.to_owned()),
    ("note", |class| class.note.to_owned()),
];

fn known(number: Option<impl ToString>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

fn mask(class: &Class) -> String {
    let mask = class.len.map(|len| u32::MAX << (32 - len));
    known(mask.map(std::net::Ipv4Addr::from_bits))
}

/// Appends the table of classes for people.
pub fn classes(out: &mut Vec<u8>) {
    let mut push = |line: String| {
        out.extend_from_slice(line.trim_end().as_bytes());
        out.push(b'\n');
    };
    push("class  bits  addresses                  default mask       share  for".to_owned());
    for class in &CLASSES {
        let (low, high) = class.first_octet;
        let mask = class.len.map_or("none".to_owned(), |len| format!("{} /{len}", mask(class)));
        push(format!(
            "{:<5}  {:<4}  {:<25}  {mask:<17}  {:<5}  {}",
            class.name,
            class.bits,
            format!("{low}.0.0.0-{high}.255.255.255"),
            class.share,
            class.purpose
        ));
    }
    push(String::new());
    push("class  network bits  host bits  networks   textbooks  hosts of each".to_owned());
    for class in &CLASSES {
        let Some(len) = class.len else { continue };
        push(format!(
            "{:<5}  {:<12}  {:<9}  {:>9}  {:>9}  {:>13}",
            class.name,
            format!("{len} - {} = {}", class.leading(), usize::from(len) - class.leading()),
            32 - len,
            class.networks.map(|n| grouped(n.into())).unwrap_or_default(),
            class.textbook.parse().map(grouped).unwrap_or_default(),
            class.addresses().map(|n| grouped((n - 2).into())).unwrap_or_default(),
        ));
    }
    push(String::new());
    for class in &CLASSES {
        let mut line = format!("{}:", class.name);
        for word in class.note.split(' ') {
            if line.len() + word.len() >= 80 {
                push(std::mem::replace(&mut line, "  ".to_owned()));
            }
            line.push(' ');
            line.push_str(word);
        }
        push(line);
    }
    push(String::new());
    for line in [
        "The leading bits alone made the class, and the class the mask (RFC 791, 1981).",
        "Class A was too large for anybody, C too small, and B ran out: CIDR (RFC 1519,",
        "1993) gives every prefix the length it needs. D is still multicast, E reserved.",
    ] {
        push(line.to_owned());
    }
}

/// Appends one JSON object a class.
pub fn classes_json(out: &mut Vec<u8>) {
    for class in &CLASSES {
        let cells = CLASS_COLUMNS.iter().map(|(name, cell)| (*name, cell(class)));
        object(out, cells);
    }
}

/// Appends the classes as CSV.
pub fn classes_csv(out: &mut Vec<u8>) {
    row(out, CLASS_COLUMNS.iter().map(|(name, _)| (*name).to_owned()));
    for class in &CLASSES {
        row(out, CLASS_COLUMNS.iter().map(|(_, cell)| cell(class)));
    }
}

/// An object of texts, where small numbers are numbers and empty cells are absent.
fn object(out: &mut Vec<u8>, cells: impl Iterator<Item = (&'static str, String)>) {
    out.push(b'{');
    for (at, (name, value)) in cells.filter(|(_, value)| !value.is_empty()).enumerate() {
        if at > 0 {
            out.push(b',');
        }
        match value.parse::<u32>() {
            // Leading bits are text: 0 and 10 are patterns.
            Ok(number) if name != "leading_bits" => {
                super::key(out, name);
                out.extend_from_slice(number.to_string().as_bytes());
            }
            _ => json_text(out, name, &value),
        }
    }
    out.extend_from_slice(b"}\n");
}

fn row(out: &mut Vec<u8>, cells: impl Iterator<Item = String>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            out.push(b',');
        }
        let start = out.len();
        out.extend_from_slice(cell.as_bytes());
        quote(out, start);
    }
    out.push(b'\n');
}

/// How rows of the registries are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A heading a registry, a line a row.
    Text,
    /// One object a row.
    Json,
    /// One table.
    Csv,
}

/// Writes rows of the registries.
#[derive(Debug)]
pub struct Registry {
    shape: Shape,
    /// The registry and its first row, under whose heading rows stand.
    heading: Option<(&'static str, bool)>,
}

const ENTRY_COLUMNS: [&str; 14] = [
    "registry",
    "read",
    "block",
    "name",
    "reference",
    "allocated",
    "terminated",
    "group",
    "source",
    "destination",
    "forwardable",
    "reachable",
    "reserved",
    "note",
];

impl Registry {
    /// A writer that has written nothing yet.
    pub fn new(shape: Shape) -> Self {
        Self { shape, heading: None }
    }

    /// Appends a row, behind a heading where it is due.
    pub fn row(&mut self, out: &mut Vec<u8>, listing: &Listing, entry: &Entry) {
        let heading = Some((listing.title, listing.is_template));
        let before = std::mem::replace(&mut self.heading, heading);
        match self.shape {
            Shape::Json => object(out, ENTRY_COLUMNS.into_iter().zip(cells(listing, entry))),
            Shape::Csv => {
                if before.is_none() {
                    row(out, ENTRY_COLUMNS.into_iter().map(str::to_owned));
                }
                row(out, cells(listing, entry).into_iter());
            }
            Shape::Text => {
                if before != heading {
                    let gap = if before.is_some() { "\n" } else { "" };
                    let every = if listing.is_template { ", every scope" } else { "" };
                    let text = format!("{gap}{}{every}, read {}\n", listing.title, listing.read);
                    out.extend_from_slice(text.as_bytes());
                }
                out.extend_from_slice(line(listing, entry).as_bytes());
                out.push(b'\n');
            }
        }
    }
}

fn cells(listing: &Listing, entry: &Entry) -> [String; 14] {
    let word = |at: usize| match entry.flags.get(at) {
        Some(flag) if is_special(listing) => flag.word().to_owned(),
        _ => String::new(),
    };
    [
        listing.title.to_owned(),
        listing.read.to_owned(),
        block_of(listing, entry),
        entry.name.to_owned(),
        entry.reference.to_owned(),
        entry.allocated.to_owned(),
        entry.terminated.to_owned(),
        entry.group.to_owned(),
        word(0),
        word(1),
        word(2),
        word(3),
        word(4),
        entry.note.to_owned(),
    ]
}

/// Whether the registry has flags at all.
fn is_special(listing: &Listing) -> bool {
    listing.title.contains("special")
}

fn line(listing: &Listing, entry: &Entry) -> String {
    let mut line = format!("  {:<22}  {}", block_of(listing, entry), entry.name);
    for text in [entry.group, entry.reference] {
        if !text.is_empty() {
            line.push_str(", ");
            line.push_str(text);
        }
    }
    let dates = match (entry.allocated, entry.terminated) {
        ("", _) => String::new(),
        (from, "") => format!(", {from}"),
        (from, to) => format!(", {from} to {to}"),
    };
    line.push_str(&dates);
    if is_special(listing) {
        let names = ["source", "dest", "forward", "reachable", "reserved"];
        let cells = names.iter().zip(entry.flags);
        let cells: Vec<String> =
            cells.map(|(name, flag)| format!("{name}:{}", flag.word())).collect();
        return format!("{line}\n      {}", cells.join(" "));
    }
    line
}

/// The block of a row; `x` stands for the scope of a template.
fn block_of(listing: &Listing, entry: &Entry) -> String {
    let mut text = Vec::new();
    block(&mut text, listing.family, entry);
    let text = String::from_utf8_lossy(&text).into_owned();
    if listing.is_template {
        text.replace("ff00:", "ff0x:").replace("ff30:", "ff3x:")
    } else {
        text
    }
}

/// Whether a row has an address in `range`.
pub fn touches(listing: &Listing, entry: &Entry, range: Range) -> bool {
    let scope = 15 << 112;
    let fixed = |bits: u128| match (listing.is_template, listing.family) {
        (true, Family::V6) => bits & !scope,
        _ => bits,
    };
    let row = Range { family: listing.family, first: entry.first, last: entry.last };
    row.overlaps(Range { family: range.family, first: fixed(range.first), last: fixed(range.last) })
}
