//! `ipeek lookup`: items in, cards, JSON or CSV out.

use crate::cli::lookup::LookupArgs;
use crate::exit::Exit;

/// Answers every item in order.
pub fn lookup(args: &LookupArgs) -> Exit {
    let _ = args;
    Exit::Cannot
}
