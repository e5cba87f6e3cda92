//! What is made of the tables of options: completions, the man page, the configuration.

use clap::CommandFactory;

use super::early_exit::EarlyExit;
use super::outcome::print;
use crate::cli::Cli;
use crate::config;
use crate::exit::Exit;

/// Writes completions for a shell.
///
/// # Errors
/// Standard output takes no more.
pub fn completions(shell: clap_complete::Shell) -> Result<Exit, EarlyExit> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "ipeek", &mut text);
    print(&text)
}

/// Writes the man page: that of the program, with every subcommand's options.
///
/// # Errors
/// Standard output takes no more.
pub fn man() -> Result<Exit, EarlyExit> {
    let mut text = Vec::new();
    let mut command = Cli::command();
    command.build();
    // Writing to memory cannot fail.
    let _ = clap_mangen::Man::new(command.clone()).render(&mut text);
    for subcommand in command.get_subcommands().filter(|command| command.get_name() != "help") {
        let page = clap_mangen::Man::new(subcommand.clone());
        let name = subcommand.get_name().to_uppercase();
        text.extend_from_slice(format!(".SH \"IPEEK {name}\"\n").as_bytes());
        let _ = page.render_description_section(&mut text);
        let _ = page.render_options_section(&mut text);
    }
    print(&text)
}

/// Writes a configuration with every option at its default.
///
/// # Errors
/// Standard output takes no more.
pub fn config() -> Result<Exit, EarlyExit> {
    print(config::template().as_bytes())
}
