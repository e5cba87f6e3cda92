//! Options of `ipeek explain`.

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};

use super::values::Color;
use crate::export::explain::names;

/// Explain an anomaly or a header field
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct ExplainArgs {
    /// Anomalies or fields: a name, its beginning, or with stars for any characters; all anomalies
    /// where none is named
    #[arg(value_name = "NAME", value_parser = Names, hide_possible_values = true)]
    pub names: Vec<String>,

    /// How it is written: text, json (an object a line), markdown
    #[arg(short = 'T', long, value_enum, default_value_t = ExplainFormat::Text)]
    #[arg(hide_default_value = true, hide_possible_values = true, help_heading = "Output")]
    pub format: ExplainFormat,

    /// Colours: auto (on a terminal, unless `NO_COLOR` is set), always, never
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    #[arg(hide_default_value = true, hide_possible_values = true, help_heading = "Output")]
    pub color: Color,
}

const EXAMPLES: &str = "\
Examples:
  ipeek explain                              every anomaly in a line
  ipeek explain ipv4.ttl.zero                what it means and what to do about it
  ipeek explain 'ipv6.*' '*.checksum.bad'    those that are called so
  ipeek explain ip.ttl                       a header field: bits, values, usual
  ipeek explain -T markdown > anomalies.md   all of them as tables";

/// How pages are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ExplainFormat {
    /// For people.
    Text,
    /// One object a page.
    Json,
    /// As part of a document.
    Markdown,
}

/// Reads any name, and tells shells which there are.
#[derive(Debug, Clone, Copy)]
struct Names;

impl TypedValueParser for Names {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(names().map(PossibleValue::new)))
    }
}
