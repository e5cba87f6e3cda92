//! Values of options that several subcommands share.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::report::time::{TIME_FORMATS, TimeFormat};

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl ValueEnum for TimeFormat {
    fn value_variants<'a>() -> &'a [Self] {
        const ALL: [TimeFormat; TIME_FORMATS.len()] = {
            let mut all = [TimeFormat::Relative; TIME_FORMATS.len()];
            let mut index = 0;
            while index < all.len() {
                all[index] = TIME_FORMATS[index].format;
                index += 1;
            }
            all
        };
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let row = TIME_FORMATS.iter().find(|row| row.format == *self)?;
        Some(PossibleValue::new(row.name).help(row.help))
    }
}
