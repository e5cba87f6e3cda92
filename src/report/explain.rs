//! The page of an anomaly: what it means, what to do about it, where it lies, and packets that have
//! it, as the decoder sees them.

use crate::base::timestamp::Timestamp;
use crate::capture::{Frame, LinkType, Told};
use crate::decode::anomaly::page::{self, Page};
use crate::decode::anomaly::{
    self, Anomaly, CrossPacket, CrossPackets, Expected, Row, Scope, Severity,
};
use crate::decode::{Layers, Packet, walk};
use crate::report::words::append;
use crate::wire::Field;
use crate::wire::field::{Cover, FieldKind};
use crate::wire::header::Header;

/// All there is to say of one anomaly.
#[derive(Debug)]
pub struct AnomalyPage {
    /// Its row.
    pub row: &'static Row,
    /// Its title, what to do about it, and an example.
    pub page: &'static Page,
    /// The headers that it is about; none where it is about whole frames or several packets.
    pub headers: Vec<&'static Header>,
    /// Where it lies in the example.
    pub seen: Option<Seen>,
}

/// Where an anomaly lies in the packets of its example.
#[derive(Debug)]
pub struct Seen {
    /// Which of the frames tells it, from 1.
    pub frame: usize,
    /// The anomaly there.
    pub found: Anomaly,
    /// The header that it lies in, and at which octet of it.
    pub place: Option<(&'static Header, u32)>,
    /// The fields that it lies on.
    pub fields: Vec<&'static Field>,
}

/// What a page has of an anomaly that none was written for.
const UNWRITTEN: Page = Page {
    id: "",
    title: "",
    advice: "",
    example: page::Example { link: 0, frames: &[], original: 0, seconds: &[], words: "" },
};

impl AnomalyPage {
    /// The page of the anomaly with that identifier.
    pub fn of(id: &str) -> Option<Self> {
        let (number, row) = (0_u8..).zip(anomaly::rows()).find(|(_, row)| row.id == id)?;
        let page = page::page(id).unwrap_or(&UNWRITTEN);
        let headers = anomaly::layers(number).iter().map(|layer| layer.header()).collect();
        Some(Self { row, page, headers, seen: seen(number, row, page) })
    }

    /// The page in lines: a word for what each says, and what it says.  Lines without a word go on
    /// with what is above them; those of [`Line::Octets`] are not to be broken.
    pub fn lines(&self) -> Vec<Line> {
        let Self { row, page, .. } = self;
        let mut lines = vec![Line::text("", row.meaning)];
        if !page.advice.is_empty() {
            lines.push(Line::text("do", page.advice));
        }
        let severity = format!("{}: {}", row.severity.word(), rule(row.severity));
        lines.push(Line::text("severity", severity));
        lines.push(Line::text("measured on", self.measured_on()));
        lines.push(Line::text("spec", row.sources()));
        for (name, other) in [("tshark", row.wireshark), ("Suricata", row.suricata)] {
            if !other.is_empty() {
                lines.push(Line::text(name, other));
            }
        }
        if matches!(row.scope, Scope::Packet | Scope::Deep) {
            lines.push(Line::text("filter", format!("anomaly.event == \"{}\"", row.id)));
        }
        self.example(&mut lines);
        lines
    }

    /// What it is measured on: which header, and which octets and fields of it.
    pub fn measured_on(&self) -> String {
        let mut text = match self.headers.as_slice() {
            [] => subject(self.row.scope).to_owned(),
            [one] => one.title.to_owned(),
            [one, two] => format!("{} or {}", one.title, two.title),
            [first, others @ ..] => format!("{} and {} others like it", first.title, others.len()),
        };
        let Some(Seen { found, place, fields, .. }) = &self.seen else { return text };
        let Some((header, at)) = place.filter(|_| found.mark.len > 0) else { return text };
        if self.headers.is_empty() {
            text.push_str(": ");
            text.push_str(header.title);
        }
        let last = at.saturating_add(found.mark.len).saturating_sub(1);
        if last > at {
            append(&mut text, format_args!(", octets {at} to {last}"));
        } else {
            append(&mut text, format_args!(", octet {at}"));
        }
        if !fields.is_empty() {
            let names: Vec<&str> = fields.iter().map(|field| field.name).collect();
            append(&mut text, format_args!(" ({})", names.join(", ")));
        }
        text
    }

    fn example(&self, lines: &mut Vec<Line>) {
        let example = &self.page.example;
        if !example.words.is_empty() {
            lines.push(Line::text("example", example.words));
        }
        for (at, (digits, octets)) in example.frames.iter().zip(example.octets()).enumerate() {
            let mut text = format!("{} octets", octets.len());
            if example.original > 0 {
                append(&mut text, format_args!(" of {} on the wire", example.original));
            }
            let several = example.frames.len() > 1;
            if several {
                text = format!("packet {}: {text}", at.saturating_add(1));
            }
            if let Some(second) = example.seconds.get(at) {
                append(&mut text, format_args!(", {second} s"));
            }
            match link_name(example.link) {
                _ if at > 0 => {}
                Some(name) => append(&mut text, format_args!(", {name}")),
                None => append(&mut text, format_args!(", link type {}", example.link)),
            }
            lines.push(Line::text(if at == 0 { "example" } else { "" }, text));
            lines.extend(digits.lines().map(|line| Line::Octets(line.trim().to_owned())));
        }
        if let Some(told) = self.value() {
            lines.push(Line::text("seen", told));
        }
    }

    /// The value that stands in the example, where, and what would have been right.
    pub fn value(&self) -> Option<String> {
        let Seen { frame, found, .. } = self.seen.as_ref()?;
        let mark = found.mark;
        let mut text = match mark.len {
            0 => String::from("in the packet as a whole"),
            1 => format!("{} at octet {}", mark.value, mark.offset),
            // An address is more than a number can say.
            9.. => format!("at octet {}", mark.offset),
            len => format!("{} in {len} octets from {}", mark.value, mark.offset),
        };
        if self.page.example.frames.len() > 1 {
            append(&mut text, format_args!(" of packet {frame}"));
        }
        match mark.expected {
            _ if self.row.scope == Scope::Flow => {}
            Expected::Nothing => {}
            Expected::Rule(rule) => append(&mut text, format_args!("; should be {rule}")),
            Expected::Number(number) => append(&mut text, format_args!("; should be {number}")),
        }
        Some(text)
    }
}

/// A line of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A word for what it says, and that.
    Text(&'static str, String),
    /// Octets, which stand as they are.
    Octets(String),
}

impl Line {
    /// A line of text.
    pub fn text(name: &'static str, text: impl Into<String>) -> Self {
        Self::Text(name, text.into())
    }

    /// Its word, and its text.
    pub fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::Text(name, text) => (name, text),
            Self::Octets(text) => ("", text),
        }
    }
}

/// What a severity means.
pub const fn rule(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "against a rule that receivers enforce",
        Severity::Warning => "against a rule that receivers forgive, or a sign of an attack",
        Severity::Note => "unusual, and allowed",
        Severity::Info => "worth knowing; nothing is wrong with the packet",
    }
}

/// What an anomaly that is about no kind of header is found in.
const fn subject(scope: Scope) -> &'static str {
    match scope {
        Scope::Packet | Scope::Deep => "the whole frame",
        Scope::Flow => "the packets of one direction of a flow",
        Scope::Window => "a packet and the few before it",
        Scope::History => "a packet and what earlier ones told",
        Scope::Fragment => "the fragments of one datagram",
        Scope::Interface => "what the system tells of an interface",
    }
}

fn link_name(link: u16) -> Option<&'static str> {
    match LinkType(link) {
        LinkType::ETHERNET => Some("Ethernet"),
        LinkType::RAW => Some("IP without a link header"),
        _ => None,
    }
}

/// Where the anomaly with that number lies in the packets of its example.
fn seen(number: u8, row: &Row, page: &Page) -> Option<Seen> {
    let example = &page.example;
    let mut layers = Layers::new();
    let is_alone = matches!(row.scope, Scope::Packet | Scope::Deep);
    let last = example.frames.len().checked_sub(1)?;
    for (at, octets) in example.octets().enumerate() {
        let written = u32::try_from(octets.len()).unwrap_or(u32::MAX);
        let frame = Frame {
            number: 1,
            time: example.nanos(at).and_then(Timestamp::from_nanos),
            link: LinkType(example.link),
            interface: 0,
            original: if example.original > 0 { example.original } else { written },
            bytes: &octets,
            told: Told::default(),
        };
        walk::walk(&frame, &mut layers);
        let packet = Packet { frame, layers: &layers };
        let mut first = None;
        if is_alone {
            anomaly::each(&packet, true, &mut |found| {
                if found.number == number && first.is_none() {
                    first = Some(found);
                }
            });
        } else if at == if CrossPacket::is_late(number) { 0 } else { last } {
            let bits = CrossPacket::bit(number);
            let alone = CrossPackets { bits, ..CrossPackets::default() };
            alone.each(&packet, &mut |found| first = Some(found));
        }
        if let Some(found) = first {
            let place = place(&packet, found);
            let fields =
                place.map_or_else(Vec::new, |(header, at)| fields(header, at, found.mark.len));
            return Some(Seen { frame: at.saturating_add(1), found, place, fields });
        }
    }
    None
}

/// The header that an anomaly lies in, and at which octet of it.
fn place(packet: &Packet<'_>, found: Anomaly) -> Option<(&'static Header, u32)> {
    let offset = found.mark.offset;
    let spans = packet.layers.spans().iter();
    let mut spans = spans.filter(|span| {
        let (at, len) = (u32::from(span.at), u32::from(span.len));
        (at..at.saturating_add(len)).contains(&offset)
    });
    let span = spans.next_back()?;
    Some((span.layer.header(), offset.saturating_sub(span.at.into())))
}

/// The fields of a header that lie in those octets; a group stands for its children.
fn fields(header: &'static Header, at: u32, len: u32) -> Vec<&'static Field> {
    let (from, to) = (at.saturating_mul(8), at.saturating_add(len).saturating_mul(8));
    let mut all: Vec<&'static Field> = Vec::new();
    for field in header.fields {
        let end = field.at.saturating_add(field.width);
        let is_there = field.width > 0 && field.at < to && end > from;
        let is_child = all.last().is_some_and(|group| {
            let below = field.name.strip_prefix(group.name);
            group.kind == FieldKind::Group && below.is_some_and(|name| name.starts_with('.'))
        });
        if is_there && !is_child && field.cover == Cover::Tile {
            all.push(field);
        }
    }
    all
}
