//! `ipeek explain`: pages about anomalies and header fields.

use super::early_exit::EarlyExit;
use super::outcome::print;
use super::terminal;
use crate::cli::explain::{ExplainArgs, ExplainFormat};
use crate::decode::anomaly;
use crate::exit::Exit;
use crate::export::explain::{self, Topic};
use crate::export::json::text::Text;

/// Explains what is named; without a name, lists all anomalies.
///
/// # Errors
/// A name is unknown, or standard output takes no more.
pub fn explain(args: &ExplainArgs) -> Result<Exit, EarlyExit> {
    let topics: Vec<Topic> = if args.names.is_empty() {
        vec![Topic::Several(anomaly::rows().collect())]
    } else {
        args.names.iter().map(|name| topic(name)).collect::<Result<_, _>>()?
    };
    let (style, columns) = (terminal::style(args.color), terminal::width());
    let mut out = String::new();
    let mut json = Text::default();
    for (at, topic) in topics.iter().enumerate() {
        if at > 0 && args.format != ExplainFormat::Json {
            out.push('\n');
        }
        match args.format {
            ExplainFormat::Text => explain::text(&mut out, topic, style, columns),
            ExplainFormat::Json => explain::json(&mut json, topic),
            ExplainFormat::Markdown => explain::markdown(&mut out, topic),
        }
    }
    print(if args.format == ExplainFormat::Json { &json.buffer } else { out.as_bytes() })
}

fn topic(name: &str) -> Result<Topic, EarlyExit> {
    explain::find(name).map_err(|near| {
        let hint = near.map_or_else(
            || "; hint: ipeek explain lists the anomalies, ipeek fields the fields".to_owned(),
            |near| format!("; hint: did you mean '{near}'?"),
        );
        EarlyExit::usage(&format!("no anomaly or field is called '{name}'{hint}"))
    })
}
