//! Values of options that several subcommands share.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::guard::SandboxMode;
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

impl ValueEnum for SandboxMode {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Strict, Self::Best, Self::Off]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Self::Strict => PossibleValue::new("strict").help("All of them, or nothing is read"),
            Self::Best => PossibleValue::new("best").help("Those that this system lets go of"),
            Self::Off => PossibleValue::new("off").help("None"),
        })
    }
}
