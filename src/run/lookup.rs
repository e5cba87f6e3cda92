//! `ipeek lookup`: items in, reports, JSON or CSV out.

mod arithmetic;

use std::io::{self, IsTerminal, Read, Write};

use super::early_exit::EarlyExit;
use super::terminal;
use crate::address::describe::Answer;
use crate::address::parse::{self, Subject};
use crate::address::prefix::{self, Range};
use crate::address::refusal::Refusal;
use crate::address::registry;
use crate::base::columns;
use crate::base::text::Safe;
use crate::capture::CaptureError;
use crate::cli::lookup::{Columns, LookupArgs, LookupFormat};
use crate::exit::Exit;
use crate::export::lookup::{self as export, tables};
use crate::export::output::STANDARD;
use crate::export::text::Style;
use crate::report::lookup::LookupReport;

/// Output is written when so much has gathered.
const FULL_OCTETS: usize = 64 * 1024;
/// A line of standard input that is longer is no item.
const BLOCK_OCTETS: usize = 64 * 1024;

/// U+FEFF in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// So many arguments are compared with one another; more would drown the answers.
const RELATED: usize = 16;

/// Answers every item in order.
///
/// # Errors
/// The items make no sense together, standard input cannot be read, or standard output takes no
/// more.
pub fn lookup(args: &LookupArgs) -> Result<Exit, EarlyExit> {
    let items = joined(&args.items)?;
    let mut run = Run::new(args);
    match (args.classes, args.registry) {
        (true, _) => run.classes(),
        (_, true) => run.registry(&items),
        _ => run.everything(&items),
    }?;
    run.sink.flush()?;
    Ok(if run.refused { Exit::Cannot } else { Exit::Done })
}

/// Arguments as items: `A - B` in three words is one range.
fn joined(words: &[String]) -> Result<Vec<String>, EarlyExit> {
    let mut items: Vec<String> = Vec::with_capacity(words.len());
    if let [only] = words {
        return Ok(vec![only.clone()]);
    }
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if word != "-" {
            items.push(word.clone());
            continue;
        }
        match (items.pop(), words.next()) {
            (Some(first), Some(last)) => items.push(format!("{first} - {last}")),
            _ => {
                return Err(EarlyExit::usage("'-' stands alone, or between the ends of a range"));
            }
        }
    }
    Ok(items)
}

/// Buffers of both streams, written out together so that they stay in step.
struct Sink {
    out: Vec<u8>,
    err: Vec<u8>,
}

impl Sink {
    fn flush(&mut self) -> Result<(), EarlyExit> {
        let mut stdout = io::stdout().lock();
        let written = stdout.write_all(&self.out).and_then(|()| stdout.flush());
        self.out.clear();
        // Nobody can be told that standard error is closed.
        let _ = io::stderr().lock().write_all(&self.err);
        self.err.clear();
        Ok(written.map_err(|error| CaptureError::Output { path: STANDARD.into(), error })?)
    }

    fn flush_if_full(&mut self) -> Result<(), EarlyExit> {
        if self.out.len() >= FULL_OCTETS || self.err.len() >= FULL_OCTETS {
            self.flush()?;
        }
        Ok(())
    }
}

struct Run<'a> {
    args: &'a LookupArgs,
    columns: Columns,
    sink: Sink,
    refused: bool,
    /// Items of an operation over all of them.
    gathered: Vec<Range>,
    input: String,
    shown: usize,
    /// Items beside which each is seen.
    others: Vec<(String, Range)>,
    width: usize,
    style: Style,
}

impl<'a> Run<'a> {
    fn new(args: &'a LookupArgs) -> Self {
        let columns = match (&args.columns, args.format) {
            (Some(columns), _) => columns.clone(),
            (None, LookupFormat::Csv) => Columns::default(),
            (None, _) => Columns::all(),
        };
        Self {
            args,
            columns,
            sink: Sink { out: Vec::with_capacity(2 * FULL_OCTETS), err: Vec::new() },
            refused: false,
            gathered: Vec::new(),
            input: String::new(),
            shown: 0,
            others: Vec::new(),
            // As long as a line can be read, and as short as a report can be laid out.
            width: terminal::width().clamp(40, 80),
            style: terminal::style(args.color),
        }
    }

    fn everything(&mut self, items: &[String]) -> Result<(), EarlyExit> {
        if self.args.format == LookupFormat::Csv {
            self.csv_heading();
        }
        match items {
            [only] if only == "-" => self.lines()?,
            items => {
                self.others = items
                    .iter()
                    .filter(|_| (2..=RELATED).contains(&items.len()))
                    .filter_map(|item| {
                        Some((item.clone(), parse::item(item).ok()?.subject.range()))
                    })
                    .collect();
                for item in items {
                    self.item(item, None)?;
                }
            }
        }
        if self.args.aggregate {
            let list = prefix::aggregate(std::mem::take(&mut self.gathered));
            self.whole("aggregate", &list)?;
        } else if self.args.supernet {
            match prefix::supernet(&self.gathered) {
                Some(found) => self.whole("supernet", &[found])?,
                None if self.gathered.is_empty() => {}
                None => {
                    let input = std::mem::take(&mut self.input);
                    self.refuse(&input, None, &reason("supernet of mixed families"))?;
                }
            }
        }
        Ok(())
    }

    fn classes(&mut self) -> Result<(), EarlyExit> {
        let out = &mut self.sink.out;
        match self.args.format {
            LookupFormat::Text => tables::classes(out),
            LookupFormat::Json => tables::classes_json(out),
            LookupFormat::Csv => tables::classes_csv(out),
        }
        self.sink.flush()
    }

    /// Every registry row, or those that overlap an item.
    fn registry(&mut self, items: &[String]) -> Result<(), EarlyExit> {
        for item in items {
            match parse::item(item) {
                Ok(item) => self.gathered.push(item.subject.range()),
                Err(refusal) => self.refuse(item, None, &refusal)?,
            }
        }
        if self.refused {
            return Ok(());
        }
        let mut table = tables::Registry::new(match self.args.format {
            LookupFormat::Text => tables::Shape::Text,
            LookupFormat::Json => tables::Shape::Json,
            LookupFormat::Csv => tables::Shape::Csv,
        });
        for listing in registry::listings() {
            for entry in listing.entries {
                let touched = |range: &Range| tables::touches(&listing, entry, *range);
                if self.gathered.is_empty() || self.gathered.iter().any(touched) {
                    table.row(&mut self.sink.out, &listing, entry);
                    self.sink.flush_if_full()?;
                }
            }
        }
        Ok(())
    }

    /// Items of standard input, one a line; answers are out before the next read can block.
    fn lines(&mut self) -> Result<(), EarlyExit> {
        let mut stdin = io::stdin().lock();
        let mut block = vec![0; BLOCK_OCTETS];
        let (mut held, mut number, mut skipping) = (0, 0, false);
        loop {
            let read = match stdin.read(block.get_mut(held..).unwrap_or_default()) {
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    self.sink.flush()?;
                    return Err(EarlyExit::cannot(format_args!("standard input: {error}")));
                }
            };
            let end = held + read;
            let mut rest = block.get(..end).unwrap_or_default();
            while let Some(at) = memchr::memchr(b'\n', rest) {
                let (line, behind) = rest.split_at(at);
                rest = behind.get(1..).unwrap_or_default();
                number += 1;
                if !std::mem::take(&mut skipping) {
                    self.line(line, number)?;
                }
            }
            if read == 0 {
                if !rest.is_empty() && !skipping {
                    self.line(rest, number + 1)?;
                }
                return self.sink.flush();
            }
            held = rest.len();
            if held == BLOCK_OCTETS {
                if !skipping {
                    let shown = String::from_utf8_lossy(rest.get(..64).unwrap_or_default());
                    let reason = reason("line longer than 65536 octets");
                    self.refuse(&shown, Some(number + 1), &reason)?;
                }
                (held, skipping) = (0, true);
            } else {
                let from = end - held;
                block.copy_within(from..end, 0);
            }
            self.sink.flush()?;
        }
    }

    fn line(&mut self, line: &[u8], number: u64) -> Result<(), EarlyExit> {
        // Some editors begin a file with a mark of its octet order, which is no part of its text.
        let line =
            if number == 1 { line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line) } else { line };
        let line = line.trim_ascii();
        // A blank line and a comment, as lists of prefixes have them, ask nothing.
        if line.is_empty() || line.starts_with(b"#") {
            return Ok(());
        }
        match std::str::from_utf8(line) {
            Ok(text) => self.item(text, Some(number)),
            Err(_) => self.item(&String::from_utf8_lossy(line), Some(number)),
        }
    }

    /// One item; `line` is its number in standard input.
    fn item(&mut self, input: &str, line: Option<u64>) -> Result<(), EarlyExit> {
        match parse::item(input) {
            Err(refusal) => self.refuse(input, line, &refusal),
            // The same address on two links is two addresses (RFC 4007, section 6), and a list of
            // prefixes has no place for a zone.
            Ok(item) if self.is_joined() && item.is_zoned() => {
                self.refuse(input, line, &reason("zone in a list of prefixes"))
            }
            Ok(item) if self.is_joined() => {
                self.gathered.push(item.subject.range());
                if line.is_none() {
                    let space = if self.input.is_empty() { "" } else { " " };
                    self.input.push_str(space);
                    self.input.push_str(input);
                } else if self.input.is_empty() {
                    self.input.push('-');
                }
                Ok(())
            }
            Ok(item) => {
                match (&self.args.split, &self.args.exclude) {
                    (Some(parts), _) => self.split(input, line, &item, parts)?,
                    (None, Some(hole)) => self.exclude(input, line, &item, hole)?,
                    (None, None) => self.answer(&Answer::new(input, item), line)?,
                }
                self.sink.flush_if_full()
            }
        }
    }

    fn answer(&mut self, answer: &Answer<'_>, line: Option<u64>) -> Result<(), EarlyExit> {
        let relations = self.relations(answer);
        let out = &mut self.sink.out;
        match self.args.format {
            LookupFormat::Csv => export::csv(out, answer, &self.columns.0),
            LookupFormat::Text if line.is_some() => export::line(out, answer),
            LookupFormat::Text => {
                if self.shown > 0 {
                    out.push(b'\n');
                }
                self.shown += 1;
                let mut report = LookupReport::new(answer);
                report.relate(&relations);
                export::report::write(out, &report, self.width, self.style);
            }
            LookupFormat::Json => {
                export::json(out, answer, &self.columns.0);
                if !relations.is_empty() {
                    export::json_list(out, "relations", &relations);
                }
                if let Subject::Range(range) = answer.item.subject {
                    out.push(b',');
                    self.list(range.prefixes())?;
                }
                self.sink.out.extend_from_slice(b"}\n");
            }
        }
        Ok(())
    }

    /// How an item lies to the other arguments.
    fn relations(&self, answer: &Answer<'_>) -> Vec<String> {
        let others = self.others.iter().filter(|(text, _)| text != answer.input);
        let related = others.filter_map(|(text, range)| {
            let relation = answer.range.relation(*range)?;
            Some(format!("{relation} {}", Safe(text)))
        });
        related.collect()
    }

    fn is_joined(&self) -> bool {
        self.args.aggregate || self.args.supernet
    }

    fn is_operation(&self) -> bool {
        let args = self.args;
        args.split.is_some() || args.exclude.is_some() || args.aggregate || args.supernet
    }

    fn csv_heading(&mut self) {
        if self.is_operation() {
            self.sink.out.extend_from_slice(b"input,prefix\n");
        } else {
            export::csv_heading(&mut self.sink.out, &self.columns.0);
        }
    }

    fn refuse(&mut self, input: &str, line: Option<u64>, why: &Refusal) -> Result<(), EarlyExit> {
        self.refused = true;
        match self.args.format {
            LookupFormat::Json => export::json_refusal(&mut self.sink.out, input, why),
            // A list of prefixes has no column for a verdict.
            LookupFormat::Csv if self.is_operation() => {}
            LookupFormat::Csv => {
                export::csv_refusal(&mut self.sink.out, input, why, &self.columns.0);
            }
            LookupFormat::Text if line.is_some() && !self.is_operation() => {
                export::line_refusal(&mut self.sink.out, input, why);
            }
            LookupFormat::Text => {}
        }
        let is_told = self.args.format == LookupFormat::Text && !self.is_operation();
        let on_screen = is_told && io::stdout().is_terminal();
        if line.is_some() && on_screen {
            // The line that says so already stands in its place on the same screen.
            return self.sink.flush_if_full();
        }
        let place = line.map(|line| format!("line {line}: ")).unwrap_or_default();
        let shown = Safe(input).to_string();
        let shown = columns::beginning(&shown, 100);
        let message = format!("ipeek: {place}'{shown}': {why}\n");
        self.sink.err.extend_from_slice(message.as_bytes());
        self.sink.flush_if_full()
    }
}

fn reason(why: &str) -> Refusal {
    Refusal { reason: why.to_owned(), others: String::new() }
}
