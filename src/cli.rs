//! The command line as clap reads it: options grouped under headings, no logic.

pub mod lookup;
