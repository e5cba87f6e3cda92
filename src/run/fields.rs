//! `ipeek fields`: the catalogue of header fields.

use super::early_exit::EarlyExit;
use super::outcome::print;
use crate::base::text::Safe;
use crate::cli::FieldsArgs;
use crate::exit::Exit;
use crate::export::catalogue;
use crate::export::text::Style;

/// Lists the fields that have the pattern in them, or the columns of a table.
///
/// # Errors
/// No field has it, or standard output takes no more.
pub fn fields(args: &FieldsArgs) -> Result<Exit, EarlyExit> {
    let mut text = String::new();
    if let Some(table) = args.table {
        if args.markdown {
            catalogue::table_markdown(&mut text, table);
        } else {
            catalogue::table_text(&mut text, table, Style::Plain);
        }
        return print(text.as_bytes());
    }
    let entries = catalogue::matching(args.pattern.as_deref());
    if let (true, Some(pattern)) = (entries.is_empty(), &args.pattern) {
        return Err(EarlyExit::cannot(format_args!("no field has '{}' in it", Safe(pattern))));
    }
    if args.markdown {
        catalogue::markdown(&mut text, &entries);
    } else {
        catalogue::text(&mut text, &entries, Style::Plain);
    }
    print(text.as_bytes())
}
