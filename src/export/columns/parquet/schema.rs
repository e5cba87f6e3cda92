//! The schema of a table in Parquet, and how its columns are encoded.

use std::sync::Arc;

use parquet::basic::{Encoding, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::errors::Result;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::{ColumnPath, Type, TypePtr};

use crate::report::table::{Kind, Table};

/// Octets of a dictionary, beyond which values are written one by one: addresses and names of flows
/// of a row group.
const DICTIONARY_OCTETS: usize = 16 << 20;

/// Rows of a page.
const PAGE_ROWS: usize = 1 << 17;

/// Different values that a bloom filter is made for: some ten thousand octets.
const BLOOM_VALUES: u64 = 1 << 16;

/// Columns whose values ascend, or nearly: only what is added from one to the next is written.
const ASCENDING: [&str; 9] =
    ["offset", "number", "ts", "ts_ns", "first_number", "start", "start_ns", "end", "end_ns"];

/// Columns whose values are looked up one by one.
const LOOKED_UP: [&str; 5] = ["src_ip", "dst_ip", "address", "community_id", "event"];

/// Columns that hardly have a value twice.
const VARIED: [&str; 2] = ["tcp_seq", "tcp_ack"];

/// The schema of a table.
pub(super) fn of(table: &Table) -> Result<Type> {
    let fields: Result<Vec<TypePtr>> =
        table.columns.iter().map(|column| field(column.name, column.kind)).collect();
    Type::group_type_builder(table.name).with_fields(fields?).build()
}

fn field(name: &str, kind: Kind) -> Result<TypePtr> {
    let (physical, logical) = match kind {
        Kind::Int16 => (Physical::INT32, Some(LogicalType::integer(16, true))),
        Kind::Int32 => (Physical::INT32, Some(LogicalType::integer(32, true))),
        Kind::Int64 => (Physical::INT64, Some(LogicalType::integer(64, true))),
        Kind::Bool => (Physical::BOOLEAN, None),
        Kind::Utf8 => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Time => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MICROS))),
        Kind::List(of) => {
            let element = field("element", *of)?;
            let list = Type::group_type_builder("list")
                .with_repetition(Repetition::REPEATED)
                .with_fields(vec![element])
                .build()?;
            return group(name, vec![Arc::new(list)], Some(LogicalType::List));
        }
        Kind::Struct(parts) => {
            let parts: Result<Vec<TypePtr>> =
                parts.iter().map(|part| field(part.name, part.kind)).collect();
            return group(name, parts?, None);
        }
    };
    let builder = Type::primitive_type_builder(name, physical);
    let builder = builder.with_repetition(Repetition::OPTIONAL).with_logical_type(logical);
    builder.build().map(Arc::new)
}

fn group(name: &str, fields: Vec<TypePtr>, logical: Option<LogicalType>) -> Result<TypePtr> {
    let builder = Type::group_type_builder(name).with_repetition(Repetition::OPTIONAL);
    builder.with_logical_type(logical).with_fields(fields).build().map(Arc::new)
}

/// How the columns of a table are encoded.
pub(super) fn properties(table: &Table) -> WriterProperties {
    let mut builder = WriterProperties::builder()
        .set_created_by(concat!("ipeek ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_dictionary_page_size_limit(DICTIONARY_OCTETS)
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(false);
    for column in table.columns {
        let name = column.name;
        let path = || ColumnPath::from(name);
        if ASCENDING.contains(&name) {
            builder = builder
                .set_column_dictionary_enabled(path(), false)
                .set_column_encoding(path(), Encoding::DELTA_BINARY_PACKED)
                .set_column_statistics_enabled(path(), EnabledStatistics::Page);
        } else if VARIED.contains(&name) {
            builder = builder.set_column_dictionary_enabled(path(), false);
        } else if LOOKED_UP.contains(&name) {
            builder = builder
                .set_column_bloom_filter_enabled(path(), true)
                .set_column_bloom_filter_max_ndv(path(), BLOOM_VALUES);
        }
    }
    builder.build()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::table::TABLES;

    #[test]
    fn every_name_is_that_of_a_column() {
        for name in ASCENDING.iter().chain(&LOOKED_UP).chain(&VARIED) {
            let mut all = TABLES.iter().flat_map(|table| table.columns);
            assert!(all.any(|column| column.name == *name), "{name}");
        }
    }
}
