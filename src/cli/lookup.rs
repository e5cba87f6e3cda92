//! Options of `ipeek lookup`.

use std::str::FromStr;

use super::values::Color;
use crate::address::column::{COLUMNS, Column, DEFAULT_COLUMNS};
use crate::address::plan::Parts;

/// All about an address, a prefix or a range.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line; clap keeps them apart"
)]
pub struct LookupArgs {
    /// Addresses, prefixes or ranges; `-` alone reads one item a line. Of several, each says how it
    /// lies to the others: equal to, inside, contains, overlaps, just before, just after.
    #[arg(required_unless_present_any = ["classes", "registry"], value_name = "ITEM")]
    pub items: Vec<String>,

    /// How answers are written: text (reports), json (an object an item), csv (a row an item)
    #[arg(short = 'T', long, value_enum, default_value_t = LookupFormat::Text)]
    #[arg(hide_default_value = true, hide_possible_values = true, help_heading = "Output")]
    pub format: LookupFormat,

    /// Columns of csv and keys of json, with commas between, or `all`.
    #[arg(long, value_name = "LIST", help_heading = "Output")]
    pub columns: Option<Columns>,

    /// Colours: auto (on a terminal, unless `NO_COLOR` is set), always, never
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    #[arg(hide_default_value = true, hide_possible_values = true, help_heading = "Output")]
    pub color: Color,

    /// Divide: `/26`, `x4` for four parts (rounded up to 2, 4, 8…), `hosts:50,20,10` for a plan.
    #[arg(long, value_name = "PARTS", group = "operation", help_heading = "Arithmetic")]
    pub split: Option<Parts>,

    /// Join all items into the fewest prefixes.
    #[arg(long, group = "operation", help_heading = "Arithmetic")]
    pub aggregate: bool,

    /// The longest prefix that contains all items.
    #[arg(long, group = "operation", help_heading = "Arithmetic")]
    pub supernet: bool,

    /// What is left of each item without this prefix.
    #[arg(long, value_name = "PREFIX", group = "operation", help_heading = "Arithmetic")]
    pub exclude: Option<String>,

    /// The address classes A to E, compared.
    #[arg(long, conflicts_with_all = ["operation", "items"], help_heading = "Tables")]
    pub classes: bool,

    /// The registries, or their rows that overlap the items.
    #[arg(long, conflicts_with_all = ["operation", "classes"], help_heading = "Tables")]
    pub registry: bool,
}

const EXAMPLES: &str = "\
Examples:
  ipeek lookup 10.0.0.1                      one address
  ipeek lookup 192.168.1.0/26 2001:db8::1/64 prefixes, with host bits or without
  ipeek lookup 10.0.0.5-10.0.0.77            a range, as prefixes
  ipeek lookup 10.0.0.0/24 --split hosts:50,20,10
  ipeek lookup 10.0.0.0/24 10.0.1.0/24 --aggregate
  ipeek lookup 10.0.0.0/8 --exclude 10.1.0.0/16
  cut -d' ' -f1 access.log | ipeek lookup - -T csv";

/// How answers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LookupFormat {
    /// Reports for people; one line an item from standard input.
    Text,
    /// One object an item.
    Json,
    /// One row an item.
    Csv,
}

/// Chosen columns of the answer, in the order they were named.
#[derive(Debug, Clone)]
pub struct Columns(pub Vec<&'static Column>);

impl Columns {
    /// Every column.
    pub fn all() -> Self {
        Self(COLUMNS.iter().collect())
    }
}

impl Default for Columns {
    fn default() -> Self {
        let named = |name: &&str| COLUMNS.iter().find(|column| column.name == *name);
        Self(DEFAULT_COLUMNS.iter().filter_map(named).collect())
    }
}

impl FromStr for Columns {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "all" {
            return Ok(Self::all());
        }
        let named = |name: &str| {
            let found = COLUMNS.iter().find(|column| column.name == name.trim());
            found.ok_or_else(|| {
                let names: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
                format!("no column '{name}'; there are {}", names.join(", "))
            })
        };
        let columns: Result<Vec<_>, String> = text.split(',').map(named).collect();
        columns.map(Self)
    }
}
