//! The outputs of the program: text, JSON and captures; and the table of the names that `-T` takes.
//!
//! To add an export, write a file beside these that makes a [`Sink`] from a
//! [`Request`], and a row of [`EXPORTS`].  The values of `-T`, their help, completions and what is
//! wired to standard output follow from the row.

pub mod catalogue;
pub mod check;
pub mod columns;
pub mod csv;
pub mod explain;
pub mod fields;
pub mod json;
pub mod lines;
pub mod lookup;
pub mod output;
pub mod pcap;
pub mod record_writer;
pub mod request;
pub mod rows;
pub mod summary;
pub mod text;
pub mod text_sink;
pub mod tree;

use self::request::Request;
use crate::capture::CaptureError;
use crate::report::summary::Summary;
use crate::session::Sink;

/// A way to show packets.
#[derive(Debug)]
pub struct Export {
    /// What `-T` calls it.
    pub name: &'static str,
    /// What it is, in a few words.
    pub help: &'static str,
    /// What it needs of a run beside packets.
    pub needs: &'static [Need],
    /// How it gets the packets or results that it shows.
    pub open: Open,
}

/// What an export may need of a run beside packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// A terminal, to draw on and to read keys from.
    Terminal,
    /// Names of columns.
    Columns,
    /// The feature `columns`: names may be those of tables too, and what is written is no text.
    Tables,
    /// Datagrams that came in fragments, with `--reassemble`.
    Reassembly,
    /// Messages about interfaces on standard error, since it has no place for them itself.
    Messages,
}

/// How an export gets the packets or results that it shows.
#[derive(Debug)]
pub enum Open {
    /// The dashboard draws snapshots of the run.
    Dashboard,
    /// It is written from the summary of the whole, at the end of the run.
    AtEnd(fn(&mut String, &Summary, summary::Look)),
    /// It takes packets as they come.
    Sink(fn(Request<'_>) -> Result<Box<dyn Sink>, CaptureError>),
}

/// The screen of a terminal: the default on a terminal.
pub static DASHBOARD: Export = Export {
    name: "dashboard",
    help: "on a terminal",
    needs: &[Need::Terminal, Need::Reassembly],
    open: Open::Dashboard,
};

/// Tables of what the packets add up to: the default for pipes and files.
pub static SUMMARY: Export =
    Export { name: "summary", help: "otherwise", needs: &[], open: Open::AtEnd(summary::write) };

/// Events, one object a line: also what `--json` writes, and what `--events` selects from.
pub static JSON: Export = Export {
    name: "json",
    help: "events",
    needs: &[Need::Reassembly],
    open: Open::Sink(json::sink::open),
};

/// Every export, in the order of the help.
pub static EXPORTS: [&Export; 8] = [
    &DASHBOARD,
    &SUMMARY,
    &Export {
        name: "packets",
        help: "a line each",
        needs: &[Need::Reassembly, Need::Messages],
        open: Open::Sink(lines::open),
    },
    &Export {
        name: "tree",
        help: "every field",
        needs: &[Need::Reassembly, Need::Messages],
        open: Open::Sink(tree::open),
    },
    &JSON,
    &Export {
        name: "fields",
        help: "tabbed columns",
        needs: &[Need::Columns, Need::Messages],
        open: Open::Sink(fields::open_tabs),
    },
    &Export {
        name: "csv",
        help: "columns",
        needs: &[Need::Columns, Need::Messages],
        open: Open::Sink(fields::open_csv),
    },
    &Export {
        name: "arrow",
        help: "a table",
        needs: &[Need::Columns, Need::Tables, Need::Messages],
        open: Open::Sink(columns::open_arrow),
    },
];

impl Export {
    /// The export of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        EXPORTS.into_iter().find(|export| export.name == name)
    }

    /// Whether the export needs that.
    pub fn needs(&self, need: Need) -> bool {
        self.needs.contains(&need)
    }

    /// Whether it is the dashboard.
    pub fn is_dashboard(&self) -> bool {
        matches!(self.open, Open::Dashboard)
    }
}

/// The names of the exports with that need, as `a, b and c`.
pub fn names_with(need: Need, last: &str) -> String {
    let names: Vec<&str> =
        EXPORTS.iter().filter(|export| export.needs(need)).map(|export| export.name).collect();
    match names.split_last() {
        Some((name, [])) => (*name).to_owned(),
        Some((name, others)) => format!("{} {last} {name}", others.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_listed_as_a_sentence_has_them() {
        assert_eq!(names_with(Need::Terminal, "or"), "dashboard");
        assert_eq!(names_with(Need::Columns, "and"), "fields, csv and arrow");
        assert_eq!(names_with(Need::Reassembly, "or"), "dashboard, packets, tree or json");
    }

    #[test]
    fn every_export_has_a_name_of_its_own_and_says_what_it_is() {
        for export in EXPORTS {
            assert!(std::ptr::eq(export, Export::named(export.name).unwrap()), "{}", export.name);
            assert!(!export.help.is_empty(), "{}", export.name);
        }
    }
}
