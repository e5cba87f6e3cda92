//! Packets as trees: each field with its offset, its bits or octets, its label and value.

use std::fmt::Write;

use crate::analyze::datagram::Datagram;
use crate::capture::CaptureError;
use crate::decode::Packet;
use crate::decode::derived::COMMENT;
use crate::decode::history::{Asks, History};
use crate::report::hex;
use crate::report::tree::{Node, NodeKind, Tree};
use crate::report::words;
use crate::session::{Context, Render, Sink};

use super::request::Request;
use super::text::{Ink, Style, end, pad};
use super::text_sink::TextSink;
use crate::base::columns::width;

/// How trees are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Colours.
    pub style: Style,
    /// Whether each field's name, meaning and source follow it.
    pub meanings: bool,
    /// Whether the octets of the frame follow the tree.
    pub bytes: bool,
    /// Columns; from [`NAMED`] on each line ends with the field's name.
    pub columns: usize,
}

/// Columns from which there is room for names.
pub const NAMED: usize = 100;

/// Where a raw value begins, behind the offset.
const RAW: usize = 7;
/// Where a label begins.
const LABEL: usize = 28;
/// Where a value begins, as a rule.
const VALUE: usize = 54;
/// Where a name begins, as a rule.
const NAME: usize = 80;
/// Octets that fit the raw column.
const RAW_OCTETS: usize = 6;

/// Writes trees; what it needs is used again.
#[derive(Debug)]
pub struct TreeWriter {
    look: Look,
    tree: Tree,
    is_first: bool,
}

/// Opens the export.
#[expect(clippy::unnecessary_wraps, reason = "other exports may fail to open")]
pub(super) fn open(request: Request<'_>) -> Result<Box<dyn Sink>, CaptureError> {
    let Request { output, style, width, bytes, reassembles, .. } = request;
    let look = Look { style, meanings: false, bytes, columns: width };
    let make = move || {
        Box::new(Trees { writer: TreeWriter::new(look), text: String::new() }) as Box<dyn Render>
    };
    Ok(Box::new(TextSink::new(output, reassembles, Box::new(make)).asking(Asks::ALL)))
}

struct Trees {
    writer: TreeWriter,
    text: String,
}

impl Render for Trees {
    fn packet(&mut self, packet: &Packet<'_>, context: Context<'_>, out: &mut Vec<u8>) {
        self.text.clear();
        self.writer.write(&mut self.text, packet, context.history);
        for datagram in context.datagram.into_iter().flat_map(Datagram::chain) {
            self.writer.write_datagram(&mut self.text, datagram);
        }
        out.extend_from_slice(self.text.as_bytes());
    }
}

impl TreeWriter {
    /// A writer of trees that look so.
    pub fn new(look: Look) -> Self {
        Self { look, tree: Tree::default(), is_first: true }
    }

    /// Appends the tree of `packet`; an empty line stands before each but the first.
    pub fn write(&mut self, out: &mut String, packet: &Packet<'_>, history: History<'_>) {
        if !std::mem::take(&mut self.is_first) {
            out.push('\n');
        }
        self.write_nodes(out, packet, history, |_| true);
    }

    /// Appends the tree of a datagram that came in fragments, under a line that says of which.
    pub fn write_datagram(&mut self, out: &mut String, datagram: &Datagram) {
        out.push('\n');
        self.look.style.paint(out, Ink::Strong, "Reassembled");
        out.push_str(" packets ");
        out.push_str(&datagram.sources());
        let _ = write!(out, ": {} octets", datagram.octets.len());
        end(out);
        // The frame that the octets would be is none.
        datagram.show(|packet| {
            self.write_nodes(out, packet, History::default(), |kind| kind != NodeKind::Frame);
        });
    }

    fn write_nodes(
        &mut self,
        out: &mut String,
        packet: &Packet<'_>,
        history: History<'_>,
        is_wanted: impl Fn(NodeKind) -> bool,
    ) {
        let mut tree = std::mem::take(&mut self.tree);
        tree.read_among(packet, history);
        for node in tree.nodes().filter(|node| is_wanted(node.kind)) {
            match node.kind {
                NodeKind::Derived
                    if node.header.is_none() && node.name != COMMENT && !self.look.meanings => {}
                NodeKind::Frame
                | NodeKind::Header
                | NodeKind::Payload
                | NodeKind::Trailer
                | NodeKind::Stop
                | NodeKind::Anomaly => {
                    self.head(out, &node);
                }
                _ => self.field(out, packet, &node),
            }
        }
        self.tree = tree;
        if self.look.bytes {
            out.push('\n');
            self.octets(out, packet);
        }
    }

    /// A line at the margin: `0014  Internet Protocol version 4, 10.0.0.1 > 10.0.0.2`.
    fn head(&self, out: &mut String, node: &Node<'_>) {
        let style = self.look.style;
        if node.kind == NodeKind::Frame {
            style.paint(out, Ink::Strong, node.label);
            out.push(' ');
            out.push_str(node.value);
            end(out);
            return;
        }
        self.offset(out, node);
        let ink = match node.kind {
            NodeKind::Header => Ink::Strong,
            NodeKind::Stop => Ink::Bad,
            NodeKind::Anomaly if matches!(node.label, "Error" | "Warning") => Ink::Bad,
            NodeKind::Anomaly => Ink::Notice,
            _ => Ink::Plain,
        };
        style.paint(out, ink, node.label);
        if !node.value.is_empty() {
            out.push_str(if matches!(node.kind, NodeKind::Stop | NodeKind::Anomaly) {
                ": "
            } else {
                ", "
            });
            style.paint(
                out,
                if node.kind == NodeKind::Stop { ink } else { Ink::Plain },
                node.value,
            );
        }
        end(out);
    }

    fn field(&self, out: &mut String, packet: &Packet<'_>, node: &Node<'_>) {
        let style = self.look.style;
        let line = out.len();
        let mut column = 0;
        if node.first_bit == node.end_bit {
            pad(out, RAW);
        } else {
            self.offset(out, node);
            pad(out, RAW - 6);
        }
        column += RAW;
        column += raw(out, style, packet, node);
        let indent = LABEL + usize::from(node.depth.saturating_sub(1)) * 2;
        column += reach(out, column, indent);
        let ink = if node.kind == NodeKind::Rest { Ink::Notice } else { Ink::Plain };
        style.paint(out, ink, node.label);
        column += width(node.label);
        column += reach(out, column, VALUE);
        let ink = match (node.kind, node.value) {
            (NodeKind::Derived, "good") => Ink::Good,
            (NodeKind::Derived, "bad") => Ink::Bad,
            _ => Ink::Strong,
        };
        style.paint(out, ink, node.value);
        column += width(node.value);
        if self.look.columns >= NAMED && !node.name.is_empty() {
            reach(out, column, NAME);
            style.paint(out, Ink::Muted, node.name);
        }
        end(out);
        debug_assert!(out.len() > line, "a field has a line");
        if self.look.meanings && !node.meaning.is_empty() {
            pad(out, indent + 2);
            let mut text = String::new();
            if self.look.columns < NAMED && !node.name.is_empty() {
                words::append(&mut text, format_args!("{}: ", node.name));
            }
            words::append(&mut text, format_args!("{} [{}]", node.meaning, node.source));
            style.paint(out, Ink::Muted, &text);
            end(out);
        }
    }

    /// The octet of the frame at which a node begins, and two spaces.
    fn offset(&self, out: &mut String, node: &Node<'_>) {
        let mut text = String::new();
        words::append(&mut text, format_args!("{:04x}", node.first_bit / 8));
        let ink = node.header.map_or(Ink::Muted, Ink::Layer);
        self.look.style.paint(out, ink, &text);
        out.push_str("  ");
    }

    fn octets(&self, out: &mut String, packet: &Packet<'_>) {
        for row in hex::rows(packet) {
            octets_row(out, self.look.style, &row);
        }
    }
}

/// Appends a row of octets, each in the colour of its header.
pub(crate) fn octets_row(out: &mut String, style: Style, row: &hex::HexRow<'_>) {
    if style == Style::Plain {
        row.write(out);
        end(out);
        return;
    }
    let mut plain = String::new();
    row.write(&mut plain);
    // The row is ASCII: offset, sixteen octets in two groups, characters in two groups.
    let mut at = 0;
    let mut put = |out: &mut String, to: usize, ink: Ink| {
        style.paint(out, ink, plain.get(at..to).unwrap_or_default());
        at = to;
    };
    put(out, 5, Ink::Muted);
    let ink = |owner: Option<u8>| owner.map_or(Ink::Plain, Ink::Layer);
    for (index, owner) in row.owners.iter().enumerate().take(row.octets.len()) {
        put(out, 8 + index * 3 + usize::from(index >= hex::WIDTH / 2), ink(*owner));
    }
    put(out, 56, Ink::Plain);
    for (index, owner) in row.owners.iter().enumerate().take(row.octets.len()) {
        put(out, 57 + index + usize::from(index >= hex::WIDTH / 2), ink(*owner));
    }
    end(out);
}

/// Appends the drawing of a node's bits, or its first octets; gives the columns taken.
fn raw(out: &mut String, style: Style, packet: &Packet<'_>, node: &Node<'_>) -> usize {
    let mut text = String::new();
    if node.picture.is_empty() {
        if matches!(node.kind, NodeKind::Field | NodeKind::Rest) {
            let octets = packet.frame.bytes.get(node.octets()).unwrap_or_default();
            words::octets(&mut text, octets.get(..RAW_OCTETS).unwrap_or(octets), " ");
            if octets.len() > RAW_OCTETS {
                text.push_str(" …");
            }
        }
    } else if width(node.picture) < LABEL - RAW || !digits(&mut text, node.picture) {
        text.clear();
        text.push_str(node.picture);
    }
    style.paint(out, Ink::Muted, &text);
    width(&text)
}

/// Appends a drawing with a hexadecimal digit for each four bits, `.0 12 34`; whether every four
/// bits are all of the field or all not.
fn digits(out: &mut String, picture: &str) -> bool {
    for (index, four) in picture.split(' ').enumerate() {
        if index > 0 && index.is_multiple_of(2) {
            out.push(' ');
        }
        match u8::from_str_radix(four, 2) {
            Ok(digit) => words::append(out, format_args!("{digit:x}")),
            Err(_) if four == "...." => out.push('.'),
            Err(_) => return false,
        }
    }
    true
}

/// Appends spaces up to a column, at least one; gives how many.
fn reach(out: &mut String, column: usize, wanted: usize) -> usize {
    let count = wanted.saturating_sub(column).max(1);
    pad(out, count);
    count
}
