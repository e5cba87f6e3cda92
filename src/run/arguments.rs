//! The arguments as they were typed: which subcommand is meant where none is named, and what clap
//! makes of the rest.

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

use super::early_exit::EarlyExit;
use super::outcome::print;
use super::terminal::style;
use crate::address::parse;
use crate::base::place::folder_of;
use crate::base::text::{safe_bytes, safe_path};
use crate::cli::Cli;
use crate::cli::values::Color;
use crate::exit::Exit;
use crate::export::text::Style;
use crate::filter::error::distance;

/// The command line with the subcommand that its first word calls for put in, unless it has one.
///
/// # Errors
/// The first word is none of them.
pub fn with_subcommand(mut arguments: Vec<OsString>) -> Result<Vec<OsString>, String> {
    let Some(first) = arguments.get(1) else { return Ok(arguments) };
    let text = first.to_string_lossy().into_owned();
    if is_subcommand(&text)
        || ["-h", "--help", "-V", "--version", "help", "--print-config"].contains(&&*text)
    {
        return Ok(arguments);
    }
    if text.starts_with('-') && text != "-" {
        let shown = safe_bytes(first.as_encoded_bytes());
        return Err(format!(
            "option '{shown}' before a subcommand; hint: options go behind it, as in: ipeek read FILE {shown}"
        ));
    }
    let subcommand = subcommand_for(first)?;
    if subcommand == "live" {
        // Those after the first may be words of BPF, such as `ip`.
        let names = arguments.iter().skip(1);
        let interfaces = names.take_while(|name| is_interface(&name.to_string_lossy())).count();
        for place in (1..=interfaces).rev() {
            arguments.insert(place, "-i".into());
        }
    }
    arguments.insert(1, subcommand.into());
    Ok(arguments)
}

/// `ipeek` alone, where there is nothing to pick from: help, and the exit of a wrong command line.
pub fn help() -> Exit {
    // There is nowhere left to say that standard error is closed.
    let _ = write!(std::io::stderr().lock(), "{}", Cli::command().render_help());
    Exit::Usage
}

/// Reads the command line.  Help is printed as clap does; what is wrong is said in one line.
///
/// # Errors
/// Help was printed, or the command line is wrong.
pub fn parse(arguments: Vec<OsString>) -> Result<Cli, EarlyExit> {
    Cli::try_parse_from(arguments).map_err(|error| match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => say(&error),
        _ => EarlyExit::usage(&one_line(&error.to_string())),
    })
}

/// Prints help or the version: on standard output if that was the request.
fn say(error: &clap::Error) -> EarlyExit {
    let text = error.render();
    if error.use_stderr() {
        // There is nowhere left to say that standard error is closed.
        let _ = write!(std::io::stderr().lock(), "{text}");
        return Exit::Usage.into();
    }
    let printed = match style(Color::Auto) {
        Style::Ansi => print(text.ansi().to_string().as_bytes()),
        Style::Plain => print(text.to_string().as_bytes()),
    };
    printed.map_or_else(|early| early, EarlyExit::from)
}

/// What clap says of a wrong command line as one line: the message, then its tips as a hint.
fn one_line(message: &str) -> String {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut paragraphs = message.split("\n\n").map(words);
    let first = paragraphs.next().unwrap_or_default();
    let mut line = first.strip_prefix("error: ").unwrap_or(&first).to_owned();
    for tip in paragraphs.filter_map(|text| text.strip_prefix("tip: ").map(str::to_owned)) {
        line.push_str("; hint: ");
        line.push_str(&tip);
    }
    line
}

/// What this is: ipeek's version, libpcap's, and what was built in.
///
/// # Errors
/// Standard output takes no more.
pub fn version() -> Result<Exit, EarlyExit> {
    let own = concat!("ipeek ", env!("CARGO_PKG_VERSION"));
    let text = if cfg!(feature = "live") {
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap_or_default();
        let version = libpcap_among(&maps).unwrap_or("of unknown version");
        format!("{own}\nlibpcap {version}\nfeatures: live\n")
    } else {
        format!("{own}\nwithout libpcap\nfeatures: none\n")
    };
    print(text.as_bytes())
}

/// The version in the name of the libpcap that is mapped into a process, such as 1.10.3.
///
/// The library's own answer is not reached without unsafe code; its file says the same.
fn libpcap_among(maps: &str) -> Option<&str> {
    maps.lines().find_map(|line| line.rsplit_once("/libpcap.so.").map(|(_, version)| version))
}

fn is_subcommand(word: &str) -> bool {
    Cli::command().get_subcommands().any(|subcommand| subcommand.get_name() == word)
}

fn subcommand_for(argument: &OsString) -> Result<&'static str, String> {
    let path = Path::new(argument);
    if argument == "-" || path.exists() {
        return Ok("read");
    }
    let text = argument.to_string_lossy();
    if parse::item(&text).is_ok() {
        return Ok("lookup");
    }
    if is_interface(&text) {
        return Ok("live");
    }
    let shown = safe_bytes(argument.as_encoded_bytes());
    let command = Cli::command();
    let nearest = command
        .get_subcommands()
        .map(clap::Command::get_name)
        .min_by_key(|name| distance(name, &text))
        .filter(|name| distance(name, &text) <= 2);
    Err(match nearest {
        Some(name) => {
            format!("no such file or subcommand: '{shown}'; hint: did you mean '{name}'?")
        }
        None if text.contains(['.', '/', ':']) => {
            let hint = neighbour(path)
                .map(|near| format!("; hint: did you mean '{}'?", safe_path(&near)))
                .or_else(|| Some(format!("; as an address: {}", why_no_address(&text)?)))
                .unwrap_or_default();
            format!("no such file, address or interface: '{shown}'{hint}")
        }
        None => format!(
            "'{shown}' is no file, address, prefix, range, interface or subcommand; hint: ipeek --help"
        ),
    })
}

/// What is wrong with a word that has only what addresses are written with.
fn why_no_address(text: &str) -> Option<String> {
    let is_meant = text.chars().all(|c| c.is_ascii_hexdigit() || ".:/-%".contains(c));
    parse::item(text).err().filter(|_| is_meant).map(|refusal| refusal.to_string())
}

/// The file beside `path` whose name is most like its.
fn neighbour(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    let beside = std::fs::read_dir(folder_of(path)).ok()?;
    let names = beside.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let near = names.map(|other| (distance(&other, name), other)).min()?;
    (near.0 <= 2).then(|| path.with_file_name(near.1))
}

fn is_interface(name: &str) -> bool {
    name == "any" || (!name.contains('/') && Path::new("/sys/class/net").join(name).exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_that_of_the_file_that_is_mapped() {
        let maps = "7f5-7f6 r-xp 00000000 fe:00 12 /usr/lib/x86_64-linux-gnu/libc.so.6\n\
                    7f6-7f7 r--p 00000000 fe:00 34 /usr/lib/x86_64-linux-gnu/libpcap.so.1.10.3\n";
        assert_eq!(libpcap_among(maps), Some("1.10.3"));
        assert_eq!(libpcap_among("7f5-7f6 r-xp 00000000 fe:00 12 /usr/bin/ipeek\n"), None);
    }

    #[test]
    fn what_clap_says_becomes_one_line() {
        for (said, line) in [
            (
                "error: invalid value 'x' for '--color <WHEN>'\n  [possible values: auto, never]\n\n\
                 For more information, try '--help'.\n",
                "invalid value 'x' for '--color <WHEN>' [possible values: auto, never]",
            ),
            (
                "error: unexpected argument '--colour' found\n\n  tip: a similar argument exists: \
                 '--color'\n\nUsage: ipeek read [OPTIONS]\n",
                "unexpected argument '--colour' found; hint: a similar argument exists: '--color'",
            ),
        ] {
            assert_eq!(one_line(said), line);
        }
    }
}
