//! The stream format of Apache Arrow (Columnar format 1.5, IPC streaming): a message with the
//! schema, one with each batch of rows, and a mark of the end.
//!
//! A message is a flatbuffer with a length before it, and behind it the octets that it describes:
//! for each column which values are there, then the values, each run beginning at a multiple of
//! eight octets.  Readers take them as they are.

use super::array::Array;
use super::flat::{self, Flat, Later, Slot};
use crate::report::table::Kind;

/// What a schema says beside its fields: names and texts.
pub(super) type Notes = Vec<(&'static str, String)>;

/// What every message begins with.
const CONTINUES: [u8; 4] = [0xff; 4];

/// What a stream ends with.
pub(super) const END: [u8; 8] = [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0];

/// Version 5 of the metadata, as the format numbers it.
const V5: i16 = 4;

/// A message's field that says how long what it describes is.
const BODY_LEN: usize = 3;

/// What a message is.
#[derive(Debug, Clone, Copy)]
enum Header {
    Schema = 1,
    Batch = 3,
}

/// Appends the message with the schema of columns of those names and types.
pub(super) fn schema<'a>(
    out: &mut Vec<u8>,
    columns: impl ExactSizeIterator<Item = (&'a str, Kind)>,
    notes: &Notes,
) {
    let (mut flat, root) = Flat::new();
    let [_, _, header, ..] = message(&mut flat, root, Header::Schema, 0, false);
    let [_, fields, custom, _] =
        flat.table(header, [Slot::Default, Slot::Later, Slot::Later, Slot::Default]);
    let places = flat.references(fields, columns.len());
    for ((name, kind), place) in columns.zip(places) {
        field(&mut flat, place, name, kind);
    }
    key_values(&mut flat, custom, notes);
    end(out, flat);
}

/// Appends the message with the rows of `columns`, and their octets.
pub(super) fn batch(out: &mut Vec<u8>, columns: &[Array], rows: usize, notes: &Notes) {
    let mut body = Body::default();
    for column in columns {
        body.count(column);
    }
    let (mut flat, root) = Flat::new();
    let has_notes = !notes.is_empty();
    let [_, _, header, _, custom] = message(&mut flat, root, Header::Batch, body.len, has_notes);
    let rows = i64::try_from(rows).unwrap_or(i64::MAX);
    let [_, nodes, buffers] = flat.table(header, [Slot::Long(rows), Slot::Later, Slot::Later]);
    flat.pairs(nodes, &body.nodes);
    flat.pairs(buffers, &body.buffers);
    if has_notes {
        key_values(&mut flat, custom, notes);
    }
    end(out, flat);
    for column in columns {
        write(out, column);
    }
}

/// Octets of the whole messages that come first.
pub(super) fn whole(octets: &[u8]) -> usize {
    let mut at = 0;
    while let Some(len) = octets.get(at..).and_then(message_len)
        && at + len <= octets.len()
    {
        at += len;
    }
    at
}

/// Octets of the message that comes first, with what it describes.
fn message_len(octets: &[u8]) -> Option<usize> {
    let len = octets.get(4..)?.first_chunk().copied().map(u32::from_le_bytes)?;
    if len == 0 {
        return Some(END.len());
    }
    let len = 8 + usize::try_from(len).ok()?;
    let body = flat::long(octets.get(8..len)?, BODY_LEN)?;
    len.checked_add(usize::try_from(body).ok()?)
}

fn message(flat: &mut Flat, root: Later, header: Header, body: i64, has_notes: bool) -> [Later; 5] {
    let notes = if has_notes { Slot::Later } else { Slot::Default };
    let slots = [Slot::Short(V5), Slot::Octet(header as u8), Slot::Later, Slot::Long(body), notes];
    flat.table(root, slots)
}

fn end(out: &mut Vec<u8>, flat: Flat) {
    let mut octets = flat.octets;
    octets.resize(octets.len().next_multiple_of(8), 0);
    out.extend(CONTINUES);
    out.extend(u32::try_from(octets.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.append(&mut octets);
}

fn key_values(flat: &mut Flat, from: Later, notes: &Notes) {
    let places = flat.references(from, notes.len());
    for ((key, value), place) in notes.iter().zip(places) {
        let [to_key, to_value] = flat.table(place, [Slot::Later; 2]);
        flat.string(to_key, key);
        flat.string(to_value, value);
    }
}

/// The name of what lists hold, as most writers have it.
const ITEM: &str = "item";

fn field(flat: &mut Flat, from: Later, name: &str, kind: Kind) {
    let number = match kind {
        Kind::Int16 | Kind::Int32 | Kind::Int64 => 2,
        Kind::Utf8 => 5,
        Kind::Bool => 6,
        Kind::Time => 10,
        Kind::List(_) => 12,
        Kind::Struct(_) => 13,
    };
    // Every value may be missing.
    let slots =
        [Slot::Later, Slot::Octet(1), Slot::Octet(number), Slot::Later, Slot::Default, Slot::Later];
    let [to_name, _, _, to_type, _, to_children] = flat.table(from, slots);
    flat.string(to_name, name);
    let int = |flat: &mut Flat, bits| {
        flat.table(to_type, [Slot::Int(bits), Slot::Octet(1)]);
    };
    match kind {
        Kind::Int16 => int(flat, 16),
        Kind::Int32 => int(flat, 32),
        Kind::Int64 => int(flat, 64),
        Kind::Time => {
            let [_, zone] = flat.table(to_type, [Slot::Short(2), Slot::Later]);
            flat.string(zone, "UTC");
        }
        Kind::Bool | Kind::Utf8 | Kind::List(_) | Kind::Struct(_) => {
            flat.table(to_type, []);
        }
    }
    match kind {
        Kind::List(of) => {
            for place in flat.references(to_children, 1) {
                field(flat, place, ITEM, *of);
            }
        }
        Kind::Struct(parts) => {
            let places = flat.references(to_children, parts.len());
            for (part, place) in parts.iter().zip(places) {
                field(flat, place, part.name, part.kind);
            }
        }
        _ => {
            flat.references(to_children, 0);
        }
    }
}

/// What a batch says of its octets.
#[derive(Debug, Default)]
struct Body {
    /// Of each column, outermost first: how many values, and how many are missing.
    nodes: Vec<[i64; 2]>,
    /// Where each run of octets begins, and how long it is.
    buffers: Vec<[i64; 2]>,
    len: i64,
}

impl Body {
    fn count(&mut self, array: &Array) {
        let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        self.nodes.push([number(array.len()), number(array.nulls())]);
        runs(array, &mut |run| {
            let len = number(run.len());
            self.buffers.push([self.len, len]);
            self.len += number(run.len().next_multiple_of(8));
        });
        array.parts().iter().for_each(|part| self.count(part));
    }
}

/// Calls `with` for each run of octets of a column but its parts'.
fn runs(array: &Array, with: &mut dyn FnMut(&[u8])) {
    // Where nothing is missing, nothing need say so.
    with(if array.nulls() > 0 { array.valid().octets() } else { &[] });
    match array.kind() {
        Kind::Int16 | Kind::Int32 | Kind::Int64 | Kind::Time | Kind::List(_) => {
            with(array.numbers());
        }
        Kind::Bool => with(array.flags().octets()),
        Kind::Utf8 => {
            with(array.numbers());
            with(array.text().as_bytes());
        }
        Kind::Struct(_) => {}
    }
}

fn write(out: &mut Vec<u8>, array: &Array) {
    runs(array, &mut |run| {
        out.extend_from_slice(run);
        // A message begins at a multiple of eight octets, and so does each run.
        out.resize(out.len() + run.len().next_multiple_of(8) - run.len(), 0);
    });
    array.parts().iter().for_each(|part| write(out, part));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::table::Cell;

    #[test]
    fn whole_messages_are_told_from_one_that_is_cut() {
        let mut out = Vec::new();
        schema(&mut out, [("n", Kind::Int32)].into_iter(), &vec![("schema", "ipeek/1".into())]);
        let first = out.len();
        let mut array = Array::new(Kind::Int32);
        array.push(Cell::Number(1));
        batch(&mut out, &[array], 1, &Vec::new());
        let second = out.len();
        out.extend(END);
        assert_eq!((first % 8, second % 8), (0, 0));
        for (len, expected) in [
            (0, 0),
            (first - 1, 0),
            (first, first),
            (second - 1, first),
            (second, second),
            (out.len() - 1, second),
            (out.len(), out.len()),
        ] {
            assert_eq!(whole(&out[..len]), expected, "{len}");
        }
    }
}
