//! Options of `ipeek check`.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::export::check::format::{FORMATS, Format};
use crate::guard::SandboxMode;

/// Check captures for anomalies of their headers
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct CheckArgs {
    /// Captures, checked one after the other; - is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// Look for these alone: names of anomalies, their beginnings, or with stars for any characters
    #[arg(long, value_name = "NAMES", value_delimiter = ',', help_heading = "What is looked for")]
    pub only: Vec<String>,

    /// Look for all but these
    #[arg(long, value_name = "NAMES", value_delimiter = ',', help_heading = "What is looked for")]
    pub ignore: Vec<String>,

    /// Leave out findings that are in this file, which -T json once wrote: the same anomaly between
    /// the same addresses
    #[arg(long, value_name = "FILE", help_heading = "What is looked for")]
    pub baseline: Option<PathBuf>,

    /// Check packets that pass this display filter
    #[arg(short = 'Y', long, value_name = "EXPR", help_heading = "What is looked for")]
    pub filter: Option<String>,

    /// End with status 7 where anything of this severity or a higher one is found: error, warning,
    /// note
    #[arg(
        long,
        value_name = "SEVERITY",
        value_enum,
        hide_possible_values = true,
        help_heading = "Output"
    )]
    pub fail_on: Option<FailOn>,

    /// How findings are written: text, json (an object a line), sarif, junit, markdown
    #[arg(short = 'T', long, value_name = "FORMAT", default_value = FORMATS[0].name, value_parser = parser())]
    #[arg(hide_default_value = true, hide_possible_values = true, help_heading = "Output")]
    pub format: &'static Format,

    /// Give up rights before reading: best, strict (or not at all), off
    #[arg(long, value_name = "MODE", value_enum, default_value_t = SandboxMode::Best)]
    #[arg(hide_default_value = true, hide_possible_values = true, help_heading = "Security")]
    pub sandbox: SandboxMode,
}

/// From which severity on a check fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum FailOn {
    /// Against a rule that receivers enforce.
    Error,
    /// Against a rule that receivers forgive, or a sign of an attack.
    Warning,
    /// Unusual, and allowed.
    Note,
}

fn parser() -> impl TypedValueParser<Value = &'static Format> {
    PossibleValuesParser::new(FORMATS.iter().map(|format| format.name))
        .map(|name| FORMATS.iter().find(|format| format.name == name).unwrap_or(&FORMATS[0]))
}

const EXAMPLES: &str = "\
Examples:
  ipeek check a.pcap                             every finding, and what they add up to
  ipeek check --fail-on error *.pcap             status 7 where a header breaks a rule
  ipeek check --only 'ipv6.*,tcp.*' a.pcap       some anomalies alone
  ipeek check -T json a.pcap > known.json        a baseline …
  ipeek check --baseline known.json b.pcap       … and what is new since
  ipeek check -T sarif a.pcap > a.sarif          for code scanning
  ipeek check -T junit --fail-on warning a.pcap  for the tests of a CI service";
