//! The options that follow from the table of exports.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::export::{EXPORTS, Export, Need, names_with};
use crate::report::table::{self, TABLES, Table};

/// Reads the name of an export.
pub(super) fn parser() -> impl TypedValueParser<Value = &'static Export> {
    let names = EXPORTS.map(|export| PossibleValue::new(export.name).help(export.help));
    PossibleValuesParser::new(names)
        .try_map(|name| Export::named(&name).ok_or_else(|| format!("no export '{name}'")))
}

/// Reads the name of a table.
pub(super) fn tables() -> impl TypedValueParser<Value = &'static Table> {
    let names = TABLES.map(|table| PossibleValue::new(table.name).help(table.meaning));
    PossibleValuesParser::new(names)
        .try_map(|name| table::named(&name).ok_or_else(|| format!("no table '{name}'")))
}

/// What `-T` is for.
pub(super) fn help() -> String {
    let exports = EXPORTS.map(|export| format!("{} ({})", export.name, export.help));
    format!("What to show: {}", exports.join(", "))
}

/// What `-e` is for.
pub(super) fn columns_help() -> String {
    let names = names_with(Need::Columns, "and");
    let tables = names_with(Need::Tables, "and");
    format!(
        "Columns of -T {names}, a list; or alone flows or endpoints, of {tables} also packets or \
         anomalies"
    )
}

/// What `--reassemble` is for.
pub(super) fn reassemble_help() -> String {
    let names = names_with(Need::Reassembly, "and");
    format!("Show the datagram too that a fragment completes: in {names}; -w saves it as one frame")
}
