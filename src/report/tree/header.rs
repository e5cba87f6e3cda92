//! The nodes of one header: fixed rows, parts, options, what is computed, what is left over.

use std::ops::Range;

use super::super::words::{address, append, hex, icmp_code, octets, plain, value};
use super::{NodeKind, Tree, bits, octets_of, picture};
use crate::decode::Packet;
use crate::decode::derived;
use crate::decode::history::History;
use crate::decode::layers::{Role, Span, is_ip};
use crate::decode::tuple::{Pair, pair};
use crate::wire::field::{Cover, Field, FieldKind, MOST_VALUES};
use crate::wire::option::{Opt, OptionSet};
use crate::wire::{Layer, Value, ethernet, icmp, icmpv6};

/// Where the nodes of one header go.
pub(super) struct Header<'t, 'p> {
    pub(super) tree: &'t mut Tree,
    pub(super) packet: &'t Packet<'p>,
    pub(super) history: History<'t>,
    pub(super) span: Span,
    pub(super) index: u8,
}

impl Header<'_, '_> {
    /// Adds the header and all below it.
    pub(super) fn write(&mut self) {
        let octets = self.packet.header(self.span);
        let row = self.span.layer.header();
        self.head(octets);
        self.tree.covered.begin(octets.len());
        self.rows(row.fields, octets, 0, 1);
        for part in row.parts {
            if let Some((start, octets)) = part.of(octets) {
                self.rows(part.fields, octets, start, 1);
            }
        }
        if let Some(set) = row.options {
            for option in set.of(self.packet.listed(self.span, set)) {
                self.option(set, &option, 0, 1);
                let end = option.at.saturating_add(option.bytes.len());
                self.tree.listed = usize::from(self.span.at).saturating_add(end);
            }
        }
        self.rest(octets);
        self.derived();
    }

    /// The header's own node.
    fn head(&mut self, octets: &[u8]) {
        let start = self.tree.text.len();
        let row = self.span.layer.header();
        if let Some(pair) = pair(self.packet.frame.bytes, self.span).filter(|_| self.is_ip()) {
            let (from, to) = match pair {
                Pair::V4(from, to) => {
                    (std::net::Ipv4Addr::from(from).into(), std::net::Ipv4Addr::from(to).into())
                }
                Pair::V6(from, to) => {
                    (std::net::Ipv6Addr::from(from).into(), std::net::Ipv6Addr::from(to).into())
                }
            };
            address(&mut self.tree.text, from);
            self.tree.text.push_str(" > ");
            address(&mut self.tree.text, to);
            if self.span.role != Role::Outer {
                append(&mut self.tree.text, format_args!(", {}", self.span.role.word()));
            }
        } else if self.span.layer == Layer::Ethernet {
            self.macs(octets);
        }
        let bits = bits(usize::from(self.span.at), octets.len());
        let index = self.index;
        let slot = self.tree.put(NodeKind::Header, row.title, start, bits);
        (slot.name, slot.source, slot.header) = (row.name, row.source, Some(index));
    }

    fn is_ip(&self) -> bool {
        is_ip(self.span.layer)
    }

    fn macs(&mut self, header: &[u8]) {
        let text = &mut self.tree.text;
        for (before, field) in [("", &ethernet::SRC), (" > ", &ethernet::DST)] {
            if let Some(Value::Mac(address)) = field.value(header) {
                text.push_str(before);
                octets(text, &address, ":");
            }
        }
    }

    /// The rows of a table whose first bit is octet `start` of the header; `part` are its octets.
    fn rows(&mut self, rows: &'static [Field], part: &[u8], start: usize, depth: u8) {
        let mut group: Option<&'static Field> = None;
        let mut has_entries = false;
        for field in rows {
            let is_child = group.is_some_and(|group| is_below(field.name, group.name));
            if !is_child {
                group = None;
            }
            let is_view = field.cover == Cover::View;
            let deeper = depth + u8::from(is_child || is_view);
            if field.kind == FieldKind::Group {
                group = Some(field);
                self.group(field, rows, part, start, deeper);
                continue;
            }
            if field.is_of_entry() {
                // Entry by entry, each with all its fields, at the first of these.
                if !std::mem::replace(&mut has_entries, true) {
                    self.entries(rows, part, start, deeper);
                }
                continue;
            }
            let mut at = field.at;
            field.values(part, &mut |found| {
                self.field(field, found, part, start, at, deeper);
                at = at.saturating_add(field.every);
            });
        }
    }

    /// The fields of `rows` that repeat in turn.
    fn entries(&mut self, rows: &'static [Field], part: &[u8], start: usize, depth: u8) {
        for number in 0..MOST_VALUES {
            let mut any = false;
            for field in rows.iter().filter(|field| field.is_of_entry()) {
                if let Some((found, at)) = field.value_of(part, number) {
                    self.field(field, found, part, start, at, depth);
                    any = true;
                }
            }
            if !any {
                break;
            }
        }
    }

    /// A field with one value, whose first bit is bit `at` of its part.
    fn field(
        &mut self,
        field: &'static Field,
        found: Value<'_>,
        part: &[u8],
        start: usize,
        at: u32,
        depth: u8,
    ) {
        let width = match (field.width, found) {
            (0, Value::Bytes(bytes)) => bits(0, bytes.len()).end,
            (0, Value::Text(text)) => bits(0, text.len()).end,
            (width, _) => width,
        };
        let text = self.tree.text.len();
        value(&mut self.tree.text, field, found);
        if field.is_same_row(&icmp::CODE) || field.is_same_row(&icmpv6::CODE) {
            // What a code means hangs on the type before it.
            if let Some(&[kind, code]) = part.first_chunk()
                && let Some(name) = icmp_code(field.layer, kind, code)
            {
                append(&mut self.tree.text, format_args!(" ({name})"));
            }
        }
        let slot =
            self.place(NodeKind::Field, field.label, text, start, at..at.saturating_add(width));
        let picture = self.draw(part, at, width);
        let slot = &mut self.tree.slots[slot];
        (slot.name, slot.meaning, slot.source) = (field.name, field.meaning, field.source);
        (slot.picture, slot.depth) = (picture, depth);
    }

    /// A group: its number, and the names of the flags in it that are set.
    fn group(
        &mut self,
        field: &'static Field,
        rows: &'static [Field],
        part: &[u8],
        start: usize,
        depth: u8,
    ) {
        let Some(number) = field.bits(part) else { return };
        let text = self.tree.text.len();
        hex(&mut self.tree.text, number, field.width.div_ceil(8) * 2);
        let flags = rows.iter().filter(|row| {
            row.kind == FieldKind::Flag
                && is_below(row.name, field.name)
                && row.bits(part) == Some(1)
        });
        for (count, flag) in flags.enumerate() {
            self.tree.text.push_str(if count == 0 { " (" } else { ", " });
            self.tree.text.push_str(flag.label);
        }
        let had_flags = self.tree.text.as_bytes().get(text..).is_some_and(|it| it.contains(&b'('));
        if had_flags {
            self.tree.text.push(')');
        }
        let slot =
            self.place(NodeKind::Field, field.label, text, start, field.at..field.at + field.width);
        let picture = self.draw(part, field.at, field.width);
        let slot = &mut self.tree.slots[slot];
        (slot.name, slot.meaning, slot.source) = (field.name, field.meaning, field.source);
        (slot.picture, slot.depth) = (picture, depth);
    }

    /// An option of a list whose octets begin at octet `base` of the header.
    fn option(&mut self, set: &'static OptionSet, option: &Opt<'_>, base: usize, depth: u8) {
        let at = option.at.saturating_add(base);
        let text = self.tree.text.len();
        octets_of(&mut self.tree.text, option.bytes.len());
        if option.broken {
            self.tree.text.push_str(", its length does not fit: the list ends here");
        }
        let row = set.row_of(option);
        let slot = self.place(NodeKind::Option, row.label, text, at, bits(0, option.bytes.len()));
        let slot = &mut self.tree.slots[slot];
        (slot.source, slot.depth) = (row.source, depth);
        // One octet alone is its type and nothing else.
        let alone = [set.layout.single, set.layout.end].contains(&Some(option.code));
        let common = if alone { option.bytes.get(..1).unwrap_or_default() } else { option.bytes };
        self.rows(set.fields, common, at, depth + 1);
        if !option.broken && !alone {
            let head = option.bytes.len().saturating_sub(option.data.len());
            let start = at.saturating_add(head);
            self.rows(row.fields, option.data, start, depth + 1);
            for part in row.parts {
                if let Some((first, octets)) = part.of(option) {
                    self.rows(part.fields, octets, at.saturating_add(first), depth + 1);
                }
            }
            if let Some(list) = option.list() {
                for entry in list.of(option.data) {
                    self.option(list, &entry, start, depth + 1);
                }
            }
        }
    }

    /// Bits of the header that no field has claimed.
    fn rest(&mut self, header: &[u8]) {
        let mut from = 0;
        while let Some(gap) = self.tree.covered.next_gap(from) {
            from = gap.end;
            let text = self.tree.text.len();
            let octet = |bit: u32| usize::try_from(bit).unwrap_or(usize::MAX);
            if gap.start.is_multiple_of(8) && gap.end.is_multiple_of(8) {
                let range = octet(gap.start / 8)..octet(gap.end / 8);
                let raw = Value::Bytes(header.get(range).unwrap_or_default());
                value(&mut self.tree.text, &RAW, raw);
            } else {
                let width = gap.end - gap.start;
                let raw = crate::wire::field::bits(header, gap.start, width.min(64)).unwrap_or(0);
                hex(&mut self.tree.text, raw, width.div_ceil(4));
            }
            let is_cut = self.packet.layers.stop.is_some() && self.is_last();
            let label = if is_cut { "Cut field" } else { "Not decoded" };
            let picture_at = (gap.start, gap.end - gap.start);
            let slot = self.place(NodeKind::Rest, label, text, 0, gap);
            let picture = self.draw(header, picture_at.0, picture_at.1);
            let slot = &mut self.tree.slots[slot];
            slot.picture = picture;
            slot.meaning = "Octets of the header that no field of the catalogue names.";
        }
    }

    /// Whether decoding ended with this header, if it ended early.
    fn is_last(&self) -> bool {
        let behind = self.packet.layers.spans().get(usize::from(self.index) + 1);
        behind.is_none_or(|behind| behind.layer == Layer::IcmpExtension)
    }

    /// Values that are computed from the header.
    fn derived(&mut self) {
        for row in derived::all() {
            if row.subject.layer() != Some(self.span.layer) || row.is_role() {
                continue;
            }
            let (packet, history, index) = (self.packet, self.history, self.index);
            row.subject.each_in((packet, self.span), history, &mut |found| {
                let text = self.tree.text.len();
                plain(&mut self.tree.text, row.kind, 0, found);
                let slot = self.tree.put(NodeKind::Derived, row.label, text, 0..0);
                (slot.name, slot.meaning, slot.source) = (row.name, row.meaning, row.source);
                (slot.depth, slot.header) = (1, Some(index));
            });
        }
    }

    /// Adds a node for bits that are counted from octet `start` of the header; gives its index.
    fn place(
        &mut self,
        kind: NodeKind,
        label: &'static str,
        text: usize,
        start: usize,
        range: Range<u32>,
    ) -> usize {
        let base = bits(start, 0).start;
        let in_header = base.saturating_add(range.start)..base.saturating_add(range.end);
        let at = bits(usize::from(self.span.at), 0).start;
        let in_frame = at.saturating_add(in_header.start)..at.saturating_add(in_header.end);
        if kind != NodeKind::Option {
            self.tree.covered.mark(in_header);
        }
        let index = self.index;
        let slot = self.tree.put(kind, label, text, in_frame);
        (slot.depth, slot.header) = (1, Some(index));
        self.tree.slots.len() - 1
    }

    /// Draws bits of a part; gives where the drawing stands in the text.
    fn draw(&mut self, part: &[u8], at: u32, width: u32) -> Range<usize> {
        let start = self.tree.text.len();
        picture::draw(&mut self.tree.text, part, at, width);
        start..self.tree.text.len()
    }
}

/// Shows octets without a field as a field of octets is shown.
static RAW: Field = Field {
    layer: Layer::Ethernet,
    name: "",
    label: "",
    at: 0,
    width: 0,
    kind: FieldKind::Bytes,
    cover: Cover::Tile,
    repeats: false,
    every: 0,
    names: &[],
    meaning: "",
    source: "",
};

/// Whether `name` is `parent` followed by a dot and more.
fn is_below(name: &str, parent: &str) -> bool {
    name.strip_prefix(parent).is_some_and(|rest| rest.starts_with('.'))
}
