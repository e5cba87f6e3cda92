//! The columns of packets that were chosen: those of the table, or fields by their names.
//!
//! A field that a packet may have several times is a list; with the number of a header behind its
//! name (`ip.src#1`) it is one value.  The column of a header says whether it is there.

use super::array::Array;
use crate::base::timestamp::Timestamp;
use crate::decode::history::Asks;
use crate::decode::{Packet, Span};
use crate::report::column::{Column, Found, Unknown};
use crate::report::number_bits::NumberBits;
use crate::report::table::packet_row::PacketRow;
use crate::report::table::{self, Cell, Kind, PutItem, Reads, packets};
use crate::wire::Layer;
use crate::wire::field::{Field, FieldKind};

/// A column of packets.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// Its name.
    pub(super) name: String,
    /// Its type.
    pub(super) kind: Kind,
    get: Get,
}

/// How its values are read.
#[derive(Debug, Clone)]
enum Get {
    /// Numbers of headers that the row has.
    Bits(Vec<(Layer, NumberBits)>),
    /// Fields of headers that the row has.
    Fields(&'static [&'static Field]),
    /// A function of the row.
    One(for<'r> fn(&'r PacketRow<'_>) -> Cell<'r>),
    /// One that may give several.
    Several(fn(&PacketRow<'_>, PutItem<'_>)),
    /// The first value, in a header or not.
    First(Column, Vec<Fixed>),
    /// All values.
    Each(Column, Vec<Fixed>),
    /// Whether there is a header.
    Presence(Column),
    /// Nanoseconds of the first time.
    Nanos,
}

/// A field that stands at its place in every header of its kind.
#[derive(Debug, Clone)]
struct Fixed {
    field: &'static Field,
    bits: Option<NumberBits>,
}

impl Chosen {
    /// What it has to know of the packets before, beside anomalies.
    pub(super) fn asks(&self) -> Asks {
        match &self.get {
            Get::First(column, _) | Get::Each(column, _) => column.asks(),
            _ => Asks::default(),
        }
    }

    /// Those of the table.
    pub(crate) fn all() -> Vec<Self> {
        packets::TABLE.columns.iter().map(Self::of_table).collect()
    }

    /// Those of such names: fields, or columns of the table.
    ///
    /// # Errors
    /// There is no such field or column.
    pub(crate) fn named(names: &[String]) -> Result<Vec<Self>, Unknown> {
        let mut chosen = Vec::new();
        for name in names {
            let of_table = packets::TABLE.columns.iter().find(|column| column.name == name);
            match (Column::find(name), of_table) {
                (Ok(column), _) => Self::add_field(column, &mut chosen),
                (Err(_), Some(column)) => chosen.push(Self::of_table(column)),
                (Err(unknown), None) => return Err(unknown),
            }
        }
        Ok(chosen)
    }

    fn of_table(column: &'static table::Column) -> Self {
        let get = match column.reads {
            Reads::Fields(fields) => {
                let bits = |field: &&'static Field| Some((field.layer, NumberBits::of(field)?));
                let bits: Option<Vec<_>> = fields.iter().map(bits).collect();
                bits.map_or(Get::Fields(fields), Get::Bits)
            }
            Reads::Packet(value) => Get::One(value),
            Reads::Packets(values) => Get::Several(values),
            // No column of packets reads anything else.
            Reads::Flow(_) | Reads::Endpoint(_) | Reads::Anomaly(_) => Get::One(|_| Cell::Null),
        };
        Self { name: column.name.to_owned(), kind: column.kind, get }
    }

    fn add_field(column: Column, to: &mut Vec<Self>) {
        let name = column.name.clone();
        if column.is_presence() {
            to.push(Self { name, kind: Kind::Bool, get: Get::Presence(column) });
        } else if column.subject().is_time() {
            let nanos = format!("{name}_ns");
            let first = Get::First(column, Vec::new());
            to.push(Self { name, kind: Kind::Time, get: first });
            to.push(Self { name: nanos, kind: Kind::Int64, get: Get::Nanos });
        } else {
            let (kind, list) = kinds(&column);
            let fixed = fixed(&column);
            to.push(if column.may_have_several() {
                Self { name, kind: list, get: Get::Each(column, fixed) }
            } else {
                Self { name, kind, get: Get::First(column, fixed) }
            });
        }
    }

    /// Whether it has a packet's Community ID.
    pub(super) fn is_community_id(&self) -> bool {
        matches!(self.get, Get::One(_)) && self.name == packets::COMMUNITY_ID
    }

    /// Appends the value of a row.
    #[inline]
    pub(super) fn read(&self, row: &PacketRow<'_>, to: &mut Array) {
        match &self.get {
            Get::Bits(all) => {
                let read = |(layer, bits): &(Layer, NumberBits)| {
                    row.header_of(*layer).map(|header| bits.read(header))
                };
                to.push(all.iter().find_map(read).flatten().map_or(Cell::Null, Cell::count));
            }
            Get::Fields(fields) => {
                let read = |field: &&'static Field| {
                    row.header_of(field.layer).map(|header| field.value(header))
                };
                to.push(fields.iter().find_map(read).flatten().map_or(Cell::Null, Cell::value));
            }
            Get::One(value) => to.push(value(row)),
            Get::Several(values) => to.push_list(|put| values(row, put)),
            Get::First(column, fixed) => {
                let mut is_put = false;
                each(column, fixed, row, &mut |cell| {
                    if !is_put {
                        to.push(cell);
                        is_put = true;
                    }
                });
                if !is_put {
                    to.push(Cell::Null);
                }
            }
            Get::Each(column, fixed) => {
                to.push_list(|put| each(column, fixed, row, &mut |cell| put(&[cell])));
            }
            Get::Presence(column) => {
                let mut is_there = false;
                column.each_among(&row.packet, row.history, &mut |_| is_there = true);
                to.push(Cell::Flag(is_there));
            }
            Get::Nanos => {
                to.push(Cell::of(row.packet.frame.time.map(Timestamp::nanos)));
            }
        }
    }
}

/// Calls `with` for every value of a field in the packet.
fn each(column: &Column, fixed: &[Fixed], row: &PacketRow<'_>, with: &mut dyn FnMut(Cell<'_>)) {
    if fixed.is_empty() {
        column.each_among(&row.packet, row.history, &mut |found| {
            if let Found::Value(_, _, value) = found {
                with(Cell::value(value));
            }
        });
        return;
    }
    for &span in row.packet.layers.spans() {
        for one in fixed.iter().filter(|one| one.field.layer == span.layer) {
            if is_left_out(column, &row.packet, span) {
                continue;
            }
            let header = row.packet.header(span);
            match &one.bits {
                Some(bits) => {
                    if let Some(number) = bits.read(header) {
                        with(Cell::count(number));
                    }
                }
                None => one.field.values(header, &mut |value| with(Cell::value(value))),
            }
        }
    }
}

/// Whether the column has another header of its kind.
fn is_left_out(column: &Column, packet: &Packet<'_>, span: Span) -> bool {
    column.occurrence().is_some_and(|number| packet.nth(span.layer, number) != Some(span))
}

/// The fields of a column, if they alone make it and each stands at its place in its header.
fn fixed(column: &Column) -> Vec<Fixed> {
    let subject = column.subject();
    let is_fixed = |field: &&'static Field| {
        field.layer.header().fields.iter().any(|other| other.is_same_row(field))
    };
    if !subject.derived.is_empty() || !subject.fields.iter().all(is_fixed) {
        return Vec::new();
    }
    let fixed = |field: &&'static Field| {
        let bits = NumberBits::of(field).filter(|_| !field.repeats);
        Fixed { field, bits }
    };
    subject.fields.iter().map(fixed).collect()
}

/// The type of the values of a column, and that of lists of them.
fn kinds(column: &Column) -> (Kind, Kind) {
    let subject = column.subject();
    match subject.kind() {
        Some(FieldKind::Flag) => (Kind::Bool, Kind::List(&Kind::Bool)),
        Some(
            FieldKind::Number
            | FieldKind::Hex
            | FieldKind::Times(_)
            | FieldKind::Little
            | FieldKind::Group,
        ) => match subject.most() {
            0..=0x7fff => (Kind::Int16, Kind::List(&Kind::Int16)),
            0x8000..=0x7fff_ffff => (Kind::Int32, Kind::List(&Kind::Int32)),
            // What is computed never is that great.
            most if most <= i64::MAX.cast_unsigned() || subject.fields.is_empty() => {
                (Kind::Int64, Kind::List(&Kind::Int64))
            }
            _ => (Kind::Utf8, Kind::List(&Kind::Utf8)),
        },
        _ => (Kind::Utf8, Kind::List(&Kind::Utf8)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::names;

    #[test]
    fn no_column_hides_a_field() {
        for column in packets::TABLE.columns {
            assert!(Column::find(column.name).is_err(), "{}", column.name);
        }
        for table in table::TABLES {
            assert!(names::all().all(|name| name != table.name || name == "anomaly"));
        }
    }

    #[test]
    fn every_field_has_a_type() {
        for name in names::all() {
            let chosen = Chosen::named(&[name.to_owned()]).unwrap();
            assert!(!chosen.is_empty(), "{name}");
        }
    }
}
