//! One function a subcommand; the only file that joins sources to front ends.

pub mod lookup;
pub mod outcome;
pub mod read;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};
use crate::exit::Exit;

/// Runs the command line of this process and says how it ended.
pub fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Read(args) => read::read(&args),
        Command::Lookup(args) => lookup::lookup(&args),
        Command::Live(_) | Command::Interfaces | Command::Fields(_) => Exit::Cannot,
    }
    .into()
}
