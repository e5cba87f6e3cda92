//! A column as a row: its name, its type, what it means and where its values come from.

use super::anomaly_row::AnomalyRow;
use super::cell::{Cell, Kind, PutItem};
use super::endpoint_row::EndpointRow;
use super::flow_row::FlowRow;
use super::packet_row::PacketRow;
use crate::wire::field::Field;

/// Where the values of a column come from.
#[derive(Debug, Clone, Copy)]
pub enum Reads {
    /// The first of these fields whose header the row has.
    Fields(&'static [&'static Field]),
    /// A packet.
    Packet(for<'r> fn(&'r PacketRow<'_>) -> Cell<'r>),
    /// A packet, which may have several; without any, the value is missing.
    Packets(fn(&PacketRow<'_>, PutItem<'_>)),
    /// A flow.
    Flow(for<'r> fn(&'r FlowRow<'_>) -> Cell<'r>),
    /// An address.
    Endpoint(for<'r> fn(&'r EndpointRow<'_>) -> Cell<'r>),
    /// An anomaly.
    Anomaly(for<'r> fn(&'r AnomalyRow<'_>) -> Cell<'r>),
}

/// A column.
#[derive(Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// What it means, in a sentence.
    pub meaning: &'static str,
    /// Names of the fields that it has the values of, where they are not those of `reads`.
    pub source: &'static str,
    /// Where its values come from.
    pub reads: Reads,
}

impl Column {
    /// Names of the fields that it has the values of, with commas between.
    pub fn sources(&self) -> String {
        match self.reads {
            Reads::Fields(fields) => {
                fields.iter().map(|field| field.name).collect::<Vec<_>>().join(", ")
            }
            _ => self.source.to_owned(),
        }
    }
}

/// Rows of a table of columns: name, type, then `Fields` and the fields that it has the values of, or
/// what has the value, its source and `=>` the function that reads it; what it means.
macro_rules! columns {
    ($($name:literal $kind:expr, $how:ident $source:expr $(=> $value:expr)?, $meaning:literal;)*) => {
        &[$($crate::report::table::column::Column {
            name: $name,
            kind: $kind,
            meaning: $meaning,
            source: $crate::report::table::column::columns!(@source $source $(, $value)?),
            reads: $crate::report::table::column::columns!(@reads $how $source $(, $value)?),
        }),*]
    };
    (@source $fields:expr) => { "" };
    (@source $source:expr, $value:expr) => { $source };
    (@reads $how:ident $fields:expr) => { $crate::report::table::column::Reads::$how($fields) };
    (@reads $how:ident $source:expr, $value:expr) => { $crate::report::table::column::Reads::$how($value) };
}
pub(super) use columns;

/// A table.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// What has a row in it, in a sentence.
    pub meaning: &'static str,
    /// Its columns.
    pub columns: &'static [Column],
}
