//! `ipeek THING…`: what a thing is decides the subcommand.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::CommandFactory;

use super::outcome::complain;
use crate::address::parse;
use crate::base::text::{safe_bytes, safe_path};
use crate::cli::Cli;
use crate::exit::Exit;

/// The command line with the subcommand that its first word calls for put in, unless it has one.
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
        arguments.insert(1, "-i".into());
    }
    arguments.insert(1, subcommand.into());
    Ok(arguments)
}

/// `ipeek` alone, where there is nothing to pick from: help, and the exit of a wrong command line.
pub fn help() -> Exit {
    complain(&Cli::command().render_help());
    Exit::Usage
}

fn is_subcommand(word: &str) -> bool {
    Cli::command().get_subcommands().any(|subcommand| subcommand.get_name() == word)
}

fn subcommand_for(thing: &OsString) -> Result<&'static str, String> {
    let path = Path::new(thing);
    if thing == "-" || path.exists() {
        return Ok("read");
    }
    let text = thing.to_string_lossy();
    if parse::item(&text).is_ok() {
        return Ok("lookup");
    }
    if is_interface(&text) {
        return Ok("live");
    }
    let shown = safe_bytes(thing.as_encoded_bytes());
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
        None if text.contains(['.', '/']) && !text.contains(':') => {
            let hint = neighbour(path)
                .map(|near| format!("; hint: did you mean '{}'?", safe_path(&near)))
                .unwrap_or_default();
            format!("no such file, address or interface: '{shown}'{hint}")
        }
        None => format!(
            "'{shown}' is no file, address, prefix, range, interface or subcommand; hint: ipeek --help"
        ),
    })
}

/// The file beside `path` whose name is most like its.
fn neighbour(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let beside = std::fs::read_dir(folder.unwrap_or(Path::new("."))).ok()?;
    let names = beside.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let near = names.map(|other| (distance(&other, name), other)).min()?;
    let near = (near.0 <= 2).then_some(near.1)?;
    Some(folder.map_or_else(|| PathBuf::from(&near), |folder| folder.join(&near)))
}

fn is_interface(name: &str) -> bool {
    name == "any" || (!name.contains('/') && Path::new("/sys/class/net").join(name).exists())
}

/// Edits between two short words (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let cost = before + usize::from(x != y);
            before = row[j + 1];
            row[j + 1] = cost.min(before + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
