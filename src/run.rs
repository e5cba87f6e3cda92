//! One function a subcommand; the only file that joins sources to front ends.

pub mod lookup;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::cli::lookup::LookupArgs;

/// ipeek peeks at IP.
#[derive(Debug, Parser)]
#[command(name = "ipeek", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Lookup(LookupArgs),
}

/// Runs the command line of this process and says how it ended.
pub fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Lookup(args) => lookup::lookup(&args),
    }
    .into()
}
