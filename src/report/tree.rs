//! Every field of every header of a packet, as a flat list of nodes with their depths.
//!
//! Each bit of a decoded header belongs to a node: what the tables do not name is listed as such.
//! What is computed stands at the end of its header; payload, trailer and the reason why decoding
//! ended stand behind the headers.

mod cover;
mod header;
mod picture;

use std::ops::Range;

use serde::Serialize;

use super::stop;
use super::words::{append, number, plain, shortened};
use crate::decode::Packet;
use crate::decode::anomaly::{self, Anomaly, Expected, Severity};
use crate::decode::derived::{DERIVED, Subject};
use crate::decode::history::History;
use crate::wire::{Layer, Value};

use self::header::Header;

/// Kinds of nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NodeKind {
    /// The frame: the root.
    Frame,
    /// A header.
    Header,
    /// A field that lies in the header.
    Field,
    /// A value that is computed.
    Derived,
    /// One option of a header.
    Option,
    /// Octets of a header that no field names.
    Rest,
    /// Octets behind the headers, up to where the innermost one says.
    Payload,
    /// Octets behind the payload.
    Trailer,
    /// Why decoding ended early.
    Stop,
    /// An anomaly of the packet.
    Anomaly,
}

/// One node; its texts are ranges of [`Tree::text`].
#[derive(Debug, Clone)]
struct Slot {
    kind: NodeKind,
    depth: u8,
    header: Option<u8>,
    label: &'static str,
    name: &'static str,
    meaning: &'static str,
    source: &'static str,
    value: Range<usize>,
    picture: Range<usize>,
    bits: Range<u32>,
}

/// One node as a front end sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Node<'a> {
    /// What it is.
    pub kind: NodeKind,
    /// Nodes around it; the frame and the headers have 0.
    pub depth: u8,
    /// Index of the header it belongs to.
    pub header: Option<u8>,
    /// Name in words.
    pub label: &'static str,
    /// Dotted name as in filters and columns; empty where there is none.
    pub name: &'static str,
    /// The value, with the name of its number; safe to show.
    pub value: &'a str,
    /// Bits of the octets it lies in, `.... 0101`, where it does not fill them; empty where it
    /// does.
    pub picture: &'a str,
    /// First bit, from the start of the frame, and the first behind it; equal where it has none.
    pub first_bit: u32,
    /// See `first_bit`.
    pub end_bit: u32,
    /// What it means, in a sentence; empty where there is nothing to say.
    pub meaning: &'static str,
    /// Where that is written.
    pub source: &'static str,
}

impl Node<'_> {
    /// Octets of the frame it lies in.
    pub fn octets(&self) -> Range<usize> {
        let octet = |bit: u32| usize::try_from(bit).unwrap_or(usize::MAX);
        octet(self.first_bit / 8)..octet(self.end_bit.div_ceil(8))
    }
}

/// The tree of one packet; its memory is used again.
#[derive(Debug, Default)]
pub struct Tree {
    slots: Vec<Slot>,
    text: String,
    covered: cover::Cover,
    /// First octet of the frame behind what the last list of options holds.
    listed: usize,
}

impl Tree {
    /// Makes this the tree of `packet`.
    pub fn read(&mut self, packet: &Packet<'_>) {
        self.read_among(packet, History::default());
    }

    /// Reads a packet with that `history`.
    pub fn read_among(&mut self, packet: &Packet<'_>, history: History<'_>) {
        self.slots.clear();
        self.text.clear();
        self.frame(packet, history);
        self.listed = 0;
        let mut behind = 0;
        for (index, &span) in packet.layers.spans().iter().enumerate() {
            let index = u8::try_from(index).unwrap_or(u8::MAX);
            if span.layer == Layer::IcmpExtension {
                self.carried("Payload", behind, span.at.into());
            }
            behind = span.end();
            Header { tree: self, packet, history, span, index }.write();
        }
        self.behind(packet);
        if let Some(reason) = packet.layers.stop {
            let start = self.text.len();
            stop::words(&mut self.text, packet, reason);
            let at = reason.offset.saturating_mul(8);
            self.put(NodeKind::Stop, "Decoding ended", start, at..at);
        }
        anomaly::each(packet, true, &mut |found| self.anomaly(packet, &found));
        history.cross_packet.each(packet, &mut |found| self.anomaly(packet, &found));
    }

    /// What is wrong, and where.
    fn anomaly(&mut self, packet: &Packet<'_>, found: &Anomaly) {
        let (row, mark, start) = (found.row(), found.mark, self.text.len());
        append(&mut self.text, format_args!("{}: {}", row.id, row.meaning));
        match mark.expected {
            Expected::Nothing => {}
            Expected::Rule(rule) => {
                append(&mut self.text, format_args!(" {}, expected {rule}", mark.value));
            }
            Expected::Number(number) if row.id.ends_with("checksum.bad") => {
                append(
                    &mut self.text,
                    format_args!(" {:#06x}, expected {number:#06x}", mark.value),
                );
            }
            Expected::Number(number) => {
                append(&mut self.text, format_args!(" {}, expected {number}", mark.value));
            }
        }
        let octet = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
        let label = match row.severity {
            Severity::Info => "Info",
            Severity::Note => "Note",
            Severity::Warning => "Warning",
            Severity::Error => "Error",
        };
        let slot =
            self.put(NodeKind::Anomaly, label, start, bits(octet(mark.offset), octet(mark.len)));
        (slot.name, slot.meaning) = ("anomaly.event", row.meaning);
        slot.source = found.source(packet);
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether the tree has no nodes.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// The node at `index`.
    pub fn node(&self, index: usize) -> Option<Node<'_>> {
        let slot = self.slots.get(index)?;
        Some(Node {
            kind: slot.kind,
            depth: slot.depth,
            header: slot.header,
            label: slot.label,
            name: slot.name,
            value: self.text.get(slot.value.clone()).unwrap_or_default(),
            picture: self.text.get(slot.picture.clone()).unwrap_or_default(),
            first_bit: slot.bits.start,
            end_bit: slot.bits.end,
            meaning: slot.meaning,
            source: slot.source,
        })
    }

    /// All nodes, top to bottom.
    pub fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        (0..self.slots.len()).filter_map(|index| self.node(index))
    }

    /// Index of the deepest node that the octet at `offset` belongs to; among equals the shortest.
    pub fn at_octet(&self, offset: usize) -> Option<usize> {
        let bit = u32::try_from(offset).ok()?.checked_mul(8)?;
        let holds = |slot: &Slot| {
            slot.kind != NodeKind::Anomaly
                && slot.bits.start < bit.saturating_add(8)
                && bit < slot.bits.end
        };
        let found = self.slots.iter().enumerate().filter(|(_, slot)| holds(slot));
        // Of several fields in one octet the first is meant: a cursor goes on from there.
        let octets = |slot: &Slot| slot.bits.end.div_ceil(8) - slot.bits.start / 8;
        let best = found.min_by_key(|(_, slot)| (255 - slot.depth, octets(slot)));
        best.map(|(index, _)| index)
    }

    /// The frame and what is known of it.
    fn frame(&mut self, packet: &Packet<'_>, history: History<'_>) {
        let frame = &packet.frame;
        let start = self.text.len();
        number(&mut self.text, frame.number);
        append(&mut self.text, format_args!(": {} octets", frame.original));
        if frame.bytes.len() != usize::try_from(frame.original).unwrap_or(usize::MAX) {
            append(&mut self.text, format_args!(", {} captured", frame.bytes.len()));
        }
        if let Some(time) = frame.time {
            append(&mut self.text, format_args!(", {time}"));
        }
        // Of a single one there is nothing to say.
        if let Some(origin) = frame.origin().filter(|_| frame.origins() > 1) {
            let at = usize::try_from(frame.interface).unwrap_or(usize::MAX);
            append(&mut self.text, format_args!(", {}", origin.called(at)));
        }
        let bits = bits(0, frame.bytes.len());
        self.put(NodeKind::Frame, "Frame", start, bits);
        for row in DERIVED {
            let is_of_frame = matches!(
                row.subject,
                Subject::Frame(..) | Subject::Text(..) | Subject::Told(..) | Subject::Since(..)
            );
            if !is_of_frame {
                continue;
            }
            packet.each_derived_among(row, history, &mut |value| {
                let start = self.text.len();
                match value {
                    Value::Text(text) => shortened(&mut self.text, text),
                    value => plain(&mut self.text, row.kind, 0, value),
                }
                let slot = self.put(NodeKind::Derived, row.label, start, 0..0);
                slot.depth = 1;
                (slot.name, slot.meaning, slot.source) = (row.name, row.meaning, row.source);
            });
        }
    }

    /// What lies behind the headers.
    fn behind(&mut self, packet: &Packet<'_>) {
        let captured = packet.frame.bytes.len();
        let headers = packet.layers.spans().last().map_or(0, |span| span.end());
        let headers = headers.max(self.listed).min(captured);
        let end = usize::try_from(packet.layers.end).unwrap_or(captured).clamp(headers, captured);
        let label = if packet.layers.stop.is_some() { "Not decoded" } else { "Payload" };
        self.carried(label, headers, end);
        if end < captured {
            let start = self.text.len();
            octets_of(&mut self.text, captured - end);
            let slot = self.put(NodeKind::Trailer, "Trailer", start, bits(end, captured - end));
            slot.meaning = "Octets behind what the headers count: padding, or a checksum.";
        }
        let wire = usize::try_from(packet.frame.original).unwrap_or(usize::MAX);
        if wire > captured {
            let start = self.text.len();
            octets_of(&mut self.text, wire - captured);
            let at = bits(captured, 0);
            self.put(NodeKind::Trailer, "Not captured", start, at);
        }
    }

    /// Adds what a header carries that is no header, if there is any.
    fn carried(&mut self, label: &'static str, from: usize, to: usize) {
        if from < to {
            let start = self.text.len();
            octets_of(&mut self.text, to - from);
            self.put(NodeKind::Payload, label, start, bits(from, to - from));
        }
    }

    /// Adds a node whose value is the text from `start` on.
    fn put(
        &mut self,
        kind: NodeKind,
        label: &'static str,
        start: usize,
        bits: Range<u32>,
    ) -> &mut Slot {
        let end = self.text.len();
        self.slots.push(Slot {
            kind,
            depth: 0,
            header: None,
            label,
            name: "",
            meaning: "",
            source: "",
            value: start..end,
            picture: end..end,
            bits,
        });
        let last = self.slots.len() - 1;
        &mut self.slots[last]
    }
}

/// The bits of so many octets from octet `at` on.
fn bits(at: usize, octets: usize) -> Range<u32> {
    let bit = |octet: usize| u32::try_from(octet).unwrap_or(u32::MAX / 8).saturating_mul(8);
    bit(at)..bit(at.saturating_add(octets))
}

/// Appends `1 octet` or `7 octets`.
fn octets_of(out: &mut String, octets: usize) {
    number(out, octets);
    out.push_str(if octets == 1 { " octet" } else { " octets" });
}
