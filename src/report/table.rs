//! The tables of an analysis: packets, flows, endpoints and anomalies, each a const list of columns.
//!
//! A column's row says its name, its type, what it means and where its value comes from: fields of
//! the catalogue where a header holds it, else a function.  Every writer of columns, `ipeek fields
//! --table` and the schemas in files follow from the rows.  The types are those that every reader of
//! Arrow and Parquet takes; any value may be missing.

pub mod anomalies;
pub mod anomaly_row;
mod cell;
mod column;
pub mod endpoint_row;
pub mod endpoints;
pub mod flow_row;
pub mod flows;
pub mod packet_row;
pub mod packets;

pub use self::cell::{Cell, Kind, Part, PutItem};
pub use self::column::{Column, Reads, Table};

/// Every table.
pub static TABLES: [&Table; 4] =
    [&packets::TABLE, &flows::TABLE, &endpoints::TABLE, &anomalies::TABLE];

/// The table of that name.
pub fn named(name: &str) -> Option<&'static Table> {
    TABLES.into_iter().find(|table| table.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_complete_and_named_once() {
        for table in TABLES {
            assert!(std::ptr::eq(table, named(table.name).unwrap()), "{}", table.name);
            assert!(table.meaning.ends_with('.'), "{}", table.name);
            let mut names = std::collections::HashSet::new();
            for column in table.columns {
                let name = column.name;
                assert!(names.insert(name), "{}: {name}", table.name);
                assert!(column.meaning.ends_with('.'), "{}: {name}", table.name);
                assert!(!column.sources().is_empty(), "{}: {name}", table.name);
                let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
                assert!(name.chars().all(is_plain), "{}: {name}", table.name);
            }
        }
    }

    /// What a source names is a field of the catalogue, or said in words with a space.
    #[test]
    fn every_source_is_in_the_catalogue() {
        for column in TABLES.into_iter().flat_map(|table| table.columns) {
            for name in column.sources().split(", ").filter(|name| !name.contains(' ')) {
                assert!(crate::filter::names::all().any(|all| all == name), "{name}");
            }
        }
    }

    /// A number of a field always has room in its column.
    #[test]
    fn columns_have_room_for_their_fields() {
        for column in TABLES.into_iter().flat_map(|table| table.columns) {
            let Reads::Fields(fields) = column.reads else { continue };
            for field in fields {
                use crate::wire::field::FieldKind;
                let bits = match column.kind {
                    Kind::Int16 => 15,
                    Kind::Int32 => 31,
                    Kind::Int64 => 63,
                    Kind::Bool => {
                        assert_eq!(field.kind, FieldKind::Flag, "{}", column.name);
                        continue;
                    }
                    _ => continue,
                };
                let unit = match field.kind {
                    FieldKind::Times(unit) => u32::from(unit).ilog2(),
                    _ => 0,
                };
                assert!(field.width + unit <= bits, "{}: {}", column.name, field.name);
            }
        }
    }
}
