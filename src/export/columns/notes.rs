//! What a file of columns says of the run that made it.

use super::stream::Notes;
use crate::capture::Ledger;
use crate::export::json::SCHEMA;
use crate::export::json::event::Meta;
use crate::export::summary;
use crate::report::summary::Statistics;
use crate::session::Outcome;

/// What is known before the first packet: the schema, the program, the table, the inputs one a line.
pub(super) fn begin(meta: &Meta, table: &str) -> Notes {
    let mut notes = vec![
        ("schema", SCHEMA.to_owned()),
        ("version", env!("CARGO_PKG_VERSION").to_owned()),
        ("table", table.to_owned()),
        ("inputs", meta.source.join("\n")),
    ];
    for (key, filter) in [("filter", &meta.filter), ("capture_filter", &meta.capture_filter)] {
        notes.extend(filter.clone().map(|filter| (key, filter)));
    }
    notes
}

/// What is known at the end: what became of every packet, and where the inputs are damaged, one a
/// line; nothing where none is.
pub(super) fn end(outcome: &Outcome, losses: Option<Ledger>) -> Notes {
    let statistics = Statistics::of(&outcome.analysis, &outcome.interfaces);
    let mut notes = vec![("ledger", summary::ledger_of(losses, &statistics))];
    if !outcome.damage.is_empty() {
        let damage: Vec<String> = outcome.damage.iter().map(ToString::to_string).collect();
        notes.push(("damage", damage.join("\n")));
    }
    notes
}
