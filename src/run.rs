//! One function a subcommand; the only file that joins sources to front ends.

pub mod arguments;
pub mod check;
mod early_exit;
pub mod explain;
pub mod fields;
pub mod generate;
mod interface_messages;
#[cfg(feature = "live")]
pub mod interfaces;
pub mod lint;
#[cfg(feature = "live")]
pub mod live;
pub mod lookup;
mod message;
pub mod open_outputs;
pub mod outcome;
pub mod outputs;
pub mod pick;
pub mod read;
pub mod sandbox;
pub mod screen;
pub mod signals;
pub mod terminal;
pub mod time_window;

use std::process::ExitCode;

use self::early_exit::EarlyExit;
use crate::cli::Command;
use crate::dashboard::shell::terminal_guard;
use crate::exit::Exit;
#[cfg(target_os = "linux")]
use crate::guard::broker;

/// Runs the command line of this process and says how it ended.
pub fn main() -> ExitCode {
    message::tell_of_panics();
    // The hook has said why.
    std::panic::catch_unwind(command).unwrap_or_else(|_| Exit::Cannot.into())
}

fn command() -> ExitCode {
    run().unwrap_or_else(EarlyExit::tell).into()
}

/// Runs the subcommand, or one of the processes that the program starts of itself.
fn run() -> Result<Exit, EarlyExit> {
    let arguments: Vec<_> = std::env::args_os().collect();
    if arguments.get(1).is_some_and(|word| word == terminal_guard::OPTION) {
        return Ok(screen::guard());
    }
    #[cfg(target_os = "linux")]
    if let Some((_, [word, rest @ ..])) = arguments.split_first()
        && word == broker::WORD
    {
        return Ok(broker::serve(rest).map_or(Exit::Cannot, |()| Exit::Done));
    }
    let arguments =
        arguments::with_subcommand(arguments).map_err(|message| EarlyExit::usage(&message))?;
    if arguments.len() < 2 {
        return pick::start();
    }
    let is_run =
        arguments.get(1).is_some_and(|word| word == "read" || word == "live" || word == "check");
    if !is_run {
        signals::end_at_once();
    }
    if arguments.get(1).is_some_and(|word| word == "-V" || word == "--version") {
        return arguments::version();
    }
    let Some(command) = arguments::parse(arguments)?.command else {
        return generate::config();
    };
    match command {
        Command::Read(args) => read::read(&args),
        Command::Lookup(args) => lookup::lookup(&args),
        #[cfg(feature = "live")]
        Command::Live(args) => live::live(&args),
        #[cfg(feature = "live")]
        Command::Interfaces => interfaces::interfaces(),
        #[cfg(not(feature = "live"))]
        Command::Live(_) | Command::Interfaces => {
            Err(EarlyExit::cannot("this ipeek was built without live capture"))
        }
        Command::Check(args) => lint::lint(&args),
        Command::SandboxCheck(args) => check::check(args.front),
        Command::Fields(args) => fields::fields(&args),
        Command::Explain(args) => explain::explain(&args),
        Command::Completions(args) => generate::completions(args.shell),
        Command::Man => generate::man(),
    }
}
