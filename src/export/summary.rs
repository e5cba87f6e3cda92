//! The summary as text: what, when and how much; what is wrong; then table after table.

mod ledger;
mod section;

use std::io::Write;

use crate::report::summary::Summary;

use super::clock::Clock;
use super::page::{Look, Page};

pub use self::ledger::ledger;

/// Writes `summary` for a reader; times as `clock` has them.
pub fn write(
    out: &mut dyn Write,
    summary: &Summary,
    look: Look,
    clock: &Clock,
) -> std::io::Result<()> {
    let mut page = Page::new(look);
    section::headline(&mut page, summary, clock);
    section::attention(&mut page, summary);
    for table in section::tables(&page, summary) {
        page.table(&table);
    }
    page.gap();
    let mut text = page.into_text();
    ledger(&mut text, summary);
    out.write_all(text.as_bytes())
}
