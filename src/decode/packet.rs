//! A frame with its headers: what every floor above reads packets through.

use super::layers::{Layers, Span};
use crate::capture::Frame;
use crate::wire::option::OptionSet;
use crate::wire::{Field, Layer, Value};

/// One frame and where its headers lie.
#[derive(Debug, Clone, Copy)]
pub struct Packet<'a> {
    /// The frame.
    pub frame: Frame<'a>,
    /// Its headers.
    pub layers: &'a Layers,
}

impl<'a> Packet<'a> {
    /// The octets of a header.
    pub fn header(&self, span: Span) -> &'a [u8] {
        self.frame.bytes.get(usize::from(span.at)..span.end()).unwrap_or_default()
    }

    /// The octets that the options of a header lie in: its own, or with what it carries.
    pub fn listed(&self, span: Span, set: &OptionSet) -> &'a [u8] {
        if !set.layout.is_behind {
            return self.header(span);
        }
        let mut spans = self.layers.spans().iter();
        let after = spans.find(|other| usize::from(other.at) >= span.end());
        let end = usize::try_from(self.layers.end).unwrap_or(usize::MAX);
        let end = after.map_or(end, |after| usize::from(after.at)).min(self.frame.bytes.len());
        self.frame.bytes.get(usize::from(span.at)..end).unwrap_or_default()
    }

    /// The header of `layer` with that number: from 1 outermost, from -1 innermost.
    pub fn nth(&self, layer: Layer, number: i32) -> Option<Span> {
        let mut spans = self.layers.spans().iter().filter(|span| span.layer == layer);
        let behind = usize::try_from(number.unsigned_abs()).ok()?.checked_sub(1)?;
        if number > 0 { spans.nth(behind).copied() } else { spans.nth_back(behind).copied() }
    }

    /// The value of `field` in the outermost header that has it.
    pub fn get(&self, field: &Field) -> Option<Value<'a>> {
        let mut first = None;
        self.each(field, &mut |value| {
            first = first.or(Some(value));
        });
        first
    }

    /// Calls `with` for every value of `field`, outermost header first.
    pub fn each(&self, field: &Field, with: &mut dyn FnMut(Value<'a>)) {
        for &span in self.layers.spans() {
            if span.layer == field.layer {
                self.each_of(span, field, with);
            }
        }
    }

    /// Calls `with` for every value of `field` in one header and its options.
    pub fn each_of(&self, span: Span, field: &Field, with: &mut dyn FnMut(Value<'a>)) {
        each_in(self.header(span), field, with);
        let behind = span.layer.header().options.filter(|set| set.layout.is_behind);
        if let Some(set) = behind {
            each_in_list(set, self.listed(span, set), field, with);
        }
    }
}

/// Calls `with` for every value of `field` in the octets of its header: its fixed rows, its parts
/// or the options in it, wherever the row stands.
pub fn each_in<'a>(header: &'a [u8], field: &Field, with: &mut dyn FnMut(Value<'a>)) {
    let row = field.layer.header();
    let among = |rows: &'static [Field]| rows.iter().any(|other| other.is_same_row(field));
    if among(row.fields) {
        field.values(header, with);
        return;
    }
    for part in row.parts {
        if among(part.fields)
            && let Some((_, octets)) = part.of(header)
        {
            field.values(octets, with);
        }
    }
    if let Some(set) = row.options.filter(|set| !set.layout.is_behind) {
        each_in_list(set, header, field, with);
    }
}

/// Calls `with` for each value of a field among the options in some octets, and in their lists.
fn each_in_list<'a>(
    set: &'static OptionSet,
    octets: &'a [u8],
    field: &Field,
    with: &mut dyn FnMut(Value<'a>),
) {
    let among = |rows: &'static [Field]| rows.iter().any(|other| other.is_same_row(field));
    let common = among(set.fields);
    for option in set.of(octets) {
        let row = set.row_of(&option);
        if common {
            field.values(option.bytes, with);
        } else if among(row.fields) {
            field.values(option.data, with);
        }
        for part in row.parts.iter().filter(|part| among(part.fields)) {
            if let Some((_, octets)) = part.of(&option) {
                field.values(octets, with);
            }
        }
        if let Some(list) = option.list() {
            each_in_list(list, option.data, field, with);
        }
    }
}
