//! The option that says what is decoded as what.

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};

use crate::config::decode_as::rule;
use crate::decode::decode_as::{Choice, SELECTORS};

/// Reads a rule; shells complete the examples.
#[derive(Debug, Clone)]
struct RuleParser;

pub(super) fn parser() -> impl TypedValueParser<Value = Choice> {
    RuleParser
}

impl TypedValueParser for RuleParser {
    type Value = Choice;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<Choice, clap::Error> {
        let read = StringValueParser::new().try_map(|text| {
            rule(&text).map_err(|(message, hint)| match hint {
                Some(hint) => format!("{message}; hint: {hint}"),
                None => message,
            })
        });
        read.parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let example = |row: &crate::decode::decode_as::Selector| {
            PossibleValue::new(row.example).help(row.help)
        };
        Some(Box::new(SELECTORS.iter().map(example)))
    }
}

/// What `--decode-as` is for.
pub(super) fn help() -> String {
    let names: Vec<_> = SELECTORS.iter().map(|row| row.name).collect();
    format!(
        "Take what a number announces for another header: {}, …; by {}; data is no header",
        SELECTORS.first().map_or("", |row| row.example),
        names.join(", ")
    )
}
