//! The options that follow from the table of exports.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::export::{EXPORTS, Export, Need, names_with};

/// Reads the name of an export.
pub(super) fn parser() -> impl TypedValueParser<Value = &'static Export> {
    let names = EXPORTS.map(|export| PossibleValue::new(export.name).help(export.help));
    PossibleValuesParser::new(names)
        .try_map(|name| Export::named(&name).ok_or_else(|| format!("no export '{name}'")))
}

/// What `-T` is for.
pub(super) fn help() -> String {
    let exports = EXPORTS.map(|export| format!("{} ({})", export.name, export.help));
    format!("What to show: {}", exports.join(", "))
}

/// What `-e` is for.
pub(super) fn columns_help() -> String {
    let names = names_with(Need::Columns, "and");
    format!(
        "A column of -T {names}; as often as wanted, or a list with commas; flows or endpoints, \
         alone, for a row each of those"
    )
}

/// What `--reassemble` is for.
pub(super) fn reassemble_help() -> String {
    let names = names_with(Need::Reassembly, "and");
    format!("Show the datagram too that a fragment completes: in {names}; -w saves it as one frame")
}
