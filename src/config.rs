//! The configuration: a TOML file at the platform's place, read through one table of options.
//!
//! The table gives every option its name, default, help and reader; `--print-config`, errors and
//! the file all go through it.

pub mod decode_as;
mod error;
mod history;
mod options;
mod place;
mod settings;

use std::path::Path;

use toml_edit::{Document, TableLike};

pub use self::error::{ConfigError, Wrong};
pub use self::history::History;
pub use self::options::{OPTIONS, Opt};
pub use self::place::{file, history, recent};
pub use self::settings::Config;

use self::options::text_of;
use crate::base::columns;
use crate::base::text::{Safe, safe_path};
use crate::report::words::append;

impl Config {
    /// Reads a file; the defaults, where `path` is not given and there is none at the usual place.
    ///
    /// # Errors
    /// It cannot be read, or something in it is wrong.
    pub fn read(path: Option<&Path>) -> Result<Self, ConfigError> {
        let Some(chosen) = path.map(Path::to_path_buf).or_else(file) else {
            return Ok(Self::default());
        };
        match place::text(&chosen) {
            Ok(text) => Self::parse(&text, &chosen),
            Err(error) if path.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
                Ok(Self::default())
            }
            Err(error) => Err(ConfigError {
                path: chosen,
                line: 0,
                text: String::new(),
                at: (0, 0),
                message: error.to_string(),
                hint: None,
            }),
        }
    }

    /// Reads the text of the file at `path`.
    ///
    /// # Errors
    /// Something in it is wrong.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let error = |span: Option<std::ops::Range<usize>>, (message, hint): Wrong| {
            place_of(text, path, span.unwrap_or(0..0), message, hint)
        };
        let document = Document::parse(text)
            .map_err(|wrong| error(wrong.span(), (wrong.message().replace('\n', ", "), None)))?;
        let mut config = Self::default();
        for (name, item) in document.as_table() {
            let key = document.as_table().key(name).and_then(toml_edit::Key::span);
            let Some(option) = OPTIONS.iter().find(|option| option.name == name) else {
                let names = OPTIONS.iter().map(|option| option.name);
                let near = crate::filter::error::nearest(name, names);
                let hint = near.map_or_else(
                    || "ipeek --print-config shows all options".to_owned(),
                    |near| format!("did you mean '{near}'?"),
                );
                return Err(error(key, (format!("unknown option '{name}'"), Some(hint))));
            };
            let table: Option<&dyn TableLike> = item.as_table_like();
            match (option.set, table) {
                (options::Set::Value(set), None) => {
                    set(&mut config, item).map_err(|wrong| error(item.span(), wrong))?;
                }
                (options::Set::Entry(set), Some(table)) => {
                    for (entry, value) in table.iter() {
                        let spot = table.key(entry).and_then(toml_edit::Key::span);
                        set(&mut config, entry, value).map_err(|(place, wrong)| {
                            let place = match place {
                                options::Place::Key => spot,
                                options::Place::Value => value.span(),
                                options::Place::At(span) => span,
                            };
                            error(place, wrong)
                        })?;
                    }
                }
                (options::Set::Value(_), Some(_)) => {
                    let hint = format!("{name} = {}", option.default);
                    return Err(error(key, (format!("'{name}' is no table"), Some(hint))));
                }
                (options::Set::Entry(_), None) => {
                    let hint = format!("[{name}] on a line of its own");
                    return Err(error(key, (format!("'{name}' is a table"), Some(hint))));
                }
            }
        }
        // Colours may be written behind the line that chooses them.
        if let Some(item) = document.as_table().get("theme") {
            let name = text_of(item).map_err(|wrong| error(item.span(), wrong))?;
            config.theme = config.palette(name).map_err(|wrong| error(item.span(), wrong))?;
        }
        Ok(config)
    }
}

/// An error at octets `span` of the text.
fn place_of(
    text: &str,
    path: &Path,
    span: std::ops::Range<usize>,
    message: String,
    hint: Option<String>,
) -> ConfigError {
    let before = text.get(..span.start).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line_text = text.get(start..).unwrap_or_default().lines().next().unwrap_or_default();
    // Escapes are longer than what they stand for: the caret goes by what is shown.
    let shown = |range| text.get(range).map_or(0, |part| columns::width(&Safe(part).to_string()));
    let at = shown(start..span.start);
    let len = shown(span.start..span.end.min(start + line_text.len()).max(span.start));
    ConfigError {
        path: path.to_path_buf(),
        line,
        text: line_text.to_owned(),
        at: (at, len),
        message,
        hint,
    }
}

/// A configuration with every option at its default and what it is for.
pub fn template() -> String {
    let mut out = String::from("# ipeek's configuration.");
    if let Some(path) = file() {
        append(&mut out, format_args!("  Its place: {}", safe_path(&path)));
    }
    out.push('\n');
    for option in OPTIONS {
        out.push('\n');
        for line in option.help.lines() {
            append(&mut out, format_args!("# {line}\n"));
        }
        match option.set {
            options::Set::Value(_) => {
                append(&mut out, format_args!("{} = {}\n", option.name, option.default));
            }
            options::Set::Entry(_) => {
                append(&mut out, format_args!("[{}]\n", option.name));
                for line in option.default.lines() {
                    append(&mut out, format_args!("# {line}\n"));
                }
            }
        }
    }
    out
}
