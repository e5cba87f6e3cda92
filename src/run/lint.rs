//! `ipeek check`: what is wrong with the headers of captures, for people and for services.

use std::path::Path;
use std::sync::{Arc, Mutex};

use clap::Parser;

use super::early_exit::EarlyExit;
use super::outcome::conclude;
use super::outputs::{pass, settings, threads};
use super::read::{MAX_FLOWS, wait};
use super::sandbox;
use super::signals::{Purpose, Signals};
use crate::base::text::safe_path;
use crate::base::threads::lock;
use crate::capture::Stop;
use crate::capture::file::Opened;
use crate::cli::ReadArgs;
use crate::cli::check::{CheckArgs, FailOn};
use crate::decode::anomaly::{self, Row, Severity};
use crate::exit::Exit;
use crate::export::JSON;
use crate::export::check::known::Known;
use crate::export::check::{Check, CheckSink, Choice};
use crate::export::explain::{self, Topic};
use crate::guard::Needs;
use crate::session::{Plan, Session};

/// The options of `ipeek read` at their defaults.
#[derive(Debug, Parser)]
struct Defaults {
    #[command(flatten)]
    read: ReadArgs,
}

/// Checks captures, one after the other.
///
/// # Errors
/// It ended before a packet was read.
pub fn lint(args: &CheckArgs) -> Result<Exit, EarlyExit> {
    let (signals, signal_events) = Signals::notice(Purpose::Reading, false)?;
    let defaults = Defaults::try_parse_from(["ipeek", "-"]);
    let mut shared = defaults.map_err(EarlyExit::cannot)?.read.shared;
    (shared.filter, shared.sandbox) = (args.filter.clone(), args.sandbox);
    let choice = Choice { rows: rows(args)?, known: known(args.baseline.as_deref())? };
    let stop = Stop::default();
    let opened: Result<Vec<Opened>, _> =
        args.files.iter().map(|file| Opened::files(std::slice::from_ref(file))).collect();
    let opened = opened?;
    let threads = threads(&shared, &args.files);
    // The filter once for each capture, before what it is read from is out of reach.
    let passes: Result<Vec<_>, _> =
        args.files.iter().map(|_| pass(&shared, None, Some(&JSON))).collect();
    let passes = passes?;
    let needs = Needs::default();
    let confined = sandbox::confine(&shared, Some(&JSON), &args.files, &needs, &signals)?;
    let output = confined.files.into_standard();
    let Some(output) = output else { return Err(EarlyExit::cannot("there is no output")) };
    let check = Arc::new(Mutex::new(Check::new(choice, args.format, output)?));
    let mut events = Some(signal_events);
    let mut exits = Vec::new();
    for ((file, opened), pass) in args.files.iter().zip(opened).zip(passes) {
        let sink = CheckSink::new(Arc::clone(&check), safe_path(file));
        let plan = Plan {
            source: opened.read()?,
            threads,
            settings: settings(&shared, MAX_FLOWS),
            pass,
            count: None,
            sinks: vec![Box::new(sink)],
            snapshots: false,
        };
        let session = Session::start(plan);
        let signal = wait(&session, &signals, events.take(), &stop, false);
        let outcome = session.finish();
        exits.push(conclude(&outcome, signal.map(Exit::Signal)));
        if signal.is_some() {
            break;
        }
    }
    let mut check = lock(&check);
    check.end()?;
    let wrong = exits.into_iter().find(|exit| *exit != Exit::Done);
    Ok(wrong.unwrap_or_else(|| verdict(args.fail_on, check.totals.worst())))
}

/// The status of a check that came to its end.
fn verdict(fail_on: Option<FailOn>, worst: Option<Severity>) -> Exit {
    let least = match fail_on {
        None => return Exit::Done,
        Some(FailOn::Error) => Severity::Error,
        Some(FailOn::Warning) => Severity::Warning,
        Some(FailOn::Note) => Severity::Note,
    };
    if worst.is_some_and(|worst| worst >= least) { Exit::Failed } else { Exit::Done }
}

/// The rows that are looked for: without names, all that are more than information.
fn rows(args: &CheckArgs) -> Result<Vec<&'static Row>, EarlyExit> {
    let named = |names: &[String]| -> Result<Vec<&'static Row>, EarlyExit> {
        let rows: Result<Vec<_>, _> = names.iter().map(|name| of_name(name)).collect();
        Ok(rows?.concat())
    };
    let mut rows = if args.only.is_empty() {
        anomaly::rows().filter(|row| row.severity > Severity::Info).collect()
    } else {
        named(&args.only)?
    };
    let ignored = named(&args.ignore)?;
    rows.retain(|row| ignored.iter().all(|other| other.id != row.id));
    Ok(rows)
}

fn of_name(name: &str) -> Result<Vec<&'static Row>, EarlyExit> {
    match explain::find(name) {
        Ok(Topic::Anomaly(page)) => {
            Ok(anomaly::rows().filter(|row| row.id == page.row.id).collect())
        }
        Ok(Topic::Several(rows)) => Ok(rows),
        Ok(_) => Err(EarlyExit::usage(&format!(
            "'{name}' is a field and no anomaly; hint: ipeek explain lists the anomalies"
        ))),
        Err(_) => Err(EarlyExit::usage(&format!(
            "no anomaly is called '{name}'; hint: ipeek explain lists them"
        ))),
    }
}

/// The findings of a baseline.
fn known(path: Option<&Path>) -> Result<Known, EarlyExit> {
    let Some(path) = path else { return Ok(Known::default()) };
    let shown = safe_path(path);
    let text = std::fs::read_to_string(path)
        .map_err(|error| EarlyExit::cannot(format!("{shown}: {error}")))?;
    Known::read(&text).map_err(|line| {
        EarlyExit::cannot(format!(
            "{shown}: line {line} is no event; hint: ipeek check -T json writes a baseline"
        ))
    })
}
