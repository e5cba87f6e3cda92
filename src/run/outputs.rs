//! The outputs of read and live, by their options.

use std::io::IsTerminal;
#[cfg(feature = "columns")]
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::early_exit::EarlyExit;
use super::interface_messages::InterfaceMessages;
use super::open_outputs::OpenOutputs;
use super::terminal;
use crate::analyze::Settings;
use crate::analyze::settings::KeyParts;
use crate::analyze::traffic::HeaderScope;
use crate::base::threads::lock;
use crate::capture::CaptureError;
use crate::capture::save::{Claims, Folder, Inputs, Rotation, Rules, Saver, Shutdown};
#[cfg(feature = "columns")]
use crate::cli::PartitionBy;
use crate::cli::{Depth, Event, FlowKeyPart, Shared};
use crate::config::Config;
use crate::decode::{checksum, decode_as};
#[cfg(feature = "columns")]
use crate::export::columns::{Partition, Spread, TablesOutput};
use crate::export::json::event::Meta;
use crate::export::json::events::Events;
use crate::export::output::Output;
use crate::export::pcap::{SaveSink, SharedSaver};
use crate::export::record_writer::LeftOut;
use crate::export::request::{Losses, Request};
use crate::export::rows::Rows;
use crate::export::summary::Look;
use crate::export::{DASHBOARD, Export, JSON, Need, Open, SUMMARY, columns, names_with};
use crate::filter::{Filter, template};
#[cfg(feature = "columns")]
use crate::report::table::TABLES;
use crate::session::{PacketFilters, Sink};

/// The format of the output: the chosen one, or what suits standard output.
///
/// # Errors
/// Options contradict each other, or the chosen format needs a terminal.
pub fn format(shared: &Shared) -> Result<Option<&'static Export>, EarlyExit> {
    let piped = [("-w -", &shared.write), ("--json -", &shared.json)];
    let mut piped = piped.iter().filter(|(_, path)| is_standard(path.as_deref()));
    if let Some((option, _)) = piped.next() {
        let other = shared.format.map(|_| "-T").or_else(|| piped.next().map(|(other, _)| *other));
        if let Some(other) = other {
            let message = format!("{option} and {other} both on standard output");
            return Err(EarlyExit::usage(&format!(
                "{message}; hint: give one of them a file, not -"
            )));
        }
    }
    let shows_whole = suitable(shared).is_some_and(|export| export.needs(Need::Reassembly));
    if shared.reassemble && !shows_whole && shared.json.is_none() && shared.write.is_none() {
        let names = names_with(Need::Reassembly, "or");
        return Err(EarlyExit::usage(&format!("--reassemble needs -T {names}, --json or -w")));
    }
    if shared.parquet.is_some() && cfg!(not(feature = "columns")) {
        return Err(EarlyExit::cannot(format_args!("--parquet {}", columns::MISSING)));
    }
    if let Some(Export { name, needs, .. }) = shared.format
        && needs.contains(&Need::Tables)
        && cfg!(not(feature = "columns"))
    {
        return Err(EarlyExit::cannot(format_args!("-T {name} {}", columns::MISSING)));
    }
    if let Some(Export { name, needs, .. }) = shared.format
        && needs.contains(&Need::Tables)
        && std::io::stdout().is_terminal()
    {
        let message = format!("-T {name} is nothing to look at; hint: > FILE, or -T csv");
        return Err(EarlyExit::usage(&message));
    }
    if let Some(Export { name, needs, .. }) = shared.format
        && needs.contains(&Need::Terminal)
        && !std::io::stdout().is_terminal()
    {
        let message = format!("-T {name} needs a terminal; hint: -T summary or -T json");
        return Err(EarlyExit::usage(&message));
    }
    Ok(suitable(shared))
}

/// The chosen format, or what suits standard output, not checked yet.
fn suitable(shared: &Shared) -> Option<&'static Export> {
    let is_terminal = || std::io::stdout().is_terminal() && std::io::stdin().is_terminal();
    match shared.format {
        Some(format) => Some(format),
        // A capture on standard output leaves no room for anything else there.
        None if is_standard(shared.write.as_deref()) || is_standard(shared.json.as_deref()) => None,
        None if !shared.events.is_empty() && shared.json.is_none() => Some(&JSON),
        None if is_terminal() => Some(&DASHBOARD),
        None => Some(&SUMMARY),
    }
}

/// Whether there will be a dashboard, if nothing is refused.
pub fn is_dashboard(shared: &Shared) -> bool {
    suitable(shared).is_some_and(Export::is_dashboard)
}

fn is_standard(path: Option<&Path>) -> bool {
    path.is_some_and(|path| path.as_os_str() == "-")
}

/// Octets of inputs for which one analyst does: two batches.  A second would take memory and time
/// of its own to begin, and have next to nothing to do.
const SMALL_OCTETS: u64 = 2 << 20;

/// Analysts to run over those files, or over interfaces.
pub fn threads(shared: &Shared, inputs: &[PathBuf]) -> usize {
    let machine = || std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    let size = |path: &PathBuf| {
        let about = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
        Some(about.len())
    };
    // What is no regular file has any size.
    let octets = inputs.iter().map(size).sum::<Option<u64>>();
    let is_small = !inputs.is_empty() && octets.is_some_and(|octets| octets <= SMALL_OCTETS);
    let usual = || if is_small { 1 } else { machine() };
    shared.threads.map_or_else(usual, usize::from)
}

/// How packets are analysed, with room for so many flows unless an option sets another number.
pub fn settings(shared: &Shared, flows: usize) -> Settings {
    let flows = shared.max_flows.map_or(flows, std::num::NonZeroUsize::get);
    let has = |part| shared.flow_key.is_empty() || shared.flow_key.contains(&part);
    let key = KeyParts { vlans: has(FlowKeyPart::Vlan), networks: has(FlowKeyPart::Tunnel) };
    let scope = match shared.depth {
        Depth::Outer => HeaderScope::Outer,
        Depth::Inner => HeaderScope::Inner,
        Depth::All => HeaderScope::All,
    };
    if shared.no_checksums {
        checksum::leave_out();
    }
    Settings { key, scope, ..Settings::of_flows(flows) }
}

/// Has packets decoded as the configuration and the options say, the latter before.
pub fn decode_by(config: &Config, shared: &Shared) {
    let choices: Vec<_> = config.decode_as.iter().chain(&shared.decode_as).copied().collect();
    if !choices.is_empty() {
        decode_as::choose(decode_as::Rules::with(&choices));
    }
}

/// Has packets decoded as the configuration and the options say, unless the format is the
/// dashboard, which reads the configuration by itself.
///
/// # Errors
/// The configuration is wrong.
pub fn decode_as(shared: &Shared, format: Option<&'static Export>) -> Result<(), EarlyExit> {
    if !format.is_some_and(Export::is_dashboard) {
        let config = match Config::read(shared.config.as_deref()) {
            // One that nobody asked for may be another user's.
            Err(error) if shared.config.is_none() && error.line == 0 => Config::default(),
            read => read.map_err(EarlyExit::cannot)?,
        };
        decode_by(&config, shared);
    }
    Ok(())
}

/// The events of `--events`, or the default ones.
pub fn events(list: &[Event]) -> Events {
    if list.is_empty() {
        return Events::default();
    }
    let has = |event| list.contains(&event);
    Events {
        packet: has(Event::Packet),
        flow: has(Event::Flow),
        anomaly: has(Event::Anomaly),
        stats: has(Event::Stats),
        summary: has(Event::Summary),
    }
}

/// Makes a [`Losses`] for one more sink.
pub type MakeLosses<'a> = &'a dyn Fn() -> Losses;

/// For captures that are read: they say themselves what was lost.
pub fn no_losses() -> Losses {
    Box::new(|| None)
}

/// Standard output and those of `--json`, `-w` and `--parquet`: open while there still are rights to open them.
#[derive(Debug, Default)]
pub struct Files {
    standard: Option<Output>,
    json: Option<Output>,
    write: Option<SharedSaver>,
    #[cfg(feature = "columns")]
    tables: Option<TablesOutput>,
}

impl Files {
    /// Standard output, where it was opened.
    pub fn into_standard(self) -> Option<Output> {
        self.standard
    }

    /// Opens all outputs or none; `folder` says what creates a file, of which a run with `--force`
    /// may replace an older one.
    ///
    /// # Errors
    /// One of them cannot be opened.
    pub fn open(
        shared: &Shared,
        format: Option<&'static Export>,
        inputs: &Inputs,
        shutdown: &Shutdown,
        open: &OpenOutputs,
        folder: &dyn Fn(&Path, Kept) -> Result<Folder, CaptureError>,
    ) -> Result<Self, CaptureError> {
        let mut claims = Claims::of_standard_streams();
        let rotation = rotation(shared);
        let series =
            [(&shared.write, rotation.is_some()), (&shared.json, false), (&shared.parquet, false)];
        for (path, is_series) in series {
            path.as_deref().map_or(Ok(()), |path| claims.add(path, is_series))?;
        }
        let rules = |path: &Path, kept| {
            let (inputs, force, shutdown) = (inputs.clone(), shared.force, shutdown.clone());
            let folder = folder(path, kept)?;
            Ok(Rules { inputs, force, shutdown, folder, ..Rules::default() })
        };
        let is_sink = format.is_some_and(|export| matches!(export.open, Open::Sink(_)));
        let standard = is_sink.then(|| Output::standard(shutdown)).transpose()?;
        let json = shared.json.as_deref();
        let json = json.map(|path| Output::create(path, &rules(path, Kept::One)?)).transpose()?;
        let write = shared.write.as_deref().map(|path| {
            let saver = match rotation {
                Some(rotation) => Saver::create_series(path, rotation, &rules(path, Kept::Series)?),
                None => Saver::create(path, &rules(path, Kept::One)?),
            }?;
            let saver = Arc::new(Mutex::new(Some(saver)));
            open.add_capture(path, &saver);
            Ok(saver)
        });
        if let (Some(path), Some(output)) = (&shared.json, &json) {
            open.add_text(path, output);
        }
        #[cfg(feature = "columns")]
        let tables =
            shared.parquet.as_deref().map(|path| tables(path, shared, &rules)).transpose()?;
        Ok(Self {
            standard,
            json,
            write: write.transpose()?,
            #[cfg(feature = "columns")]
            tables,
        })
    }

    /// Not all of a capture is copied.
    pub fn copy_part(&self) {
        if let Some(shared) = &self.write
            && let Some(saver) = lock(shared).as_mut()
        {
            saver.copy_part();
        }
    }
}

/// Opens the files of `--parquet`.
#[cfg(feature = "columns")]
fn tables(
    path: &Path,
    shared: &Shared,
    rules: &dyn Fn(&Path, Kept) -> Result<Rules, CaptureError>,
) -> Result<TablesOutput, CaptureError> {
    let all = if shared.tables.is_empty() { &TABLES[..] } else { &shared.tables };
    let (octets, seconds) = (shared.rotate_size, shared.rotate_seconds);
    let is_rotated = octets.is_some() || seconds.is_some();
    let spread = Spread {
        partition: shared.partition.map(|by| match by {
            PartitionBy::Hour => Partition::Hour,
            PartitionBy::Day => Partition::Day,
        }),
        rotation: is_rotated.then(|| Rotation { octets, seconds, ..Rotation::default() }),
    };
    let is_folder = all.len() > 1 || is_rotated || spread.partition.is_some();
    let refused = |reason: &str| {
        Err(CaptureError::Refused { path: path.to_owned(), reason: reason.to_owned() })
    };
    if path.as_os_str() == "-" {
        return refused("is no name for tables; hint: -T arrow writes one to standard output");
    }
    if !is_folder {
        return TablesOutput::create(path, all, false, spread, &rules(path, Kept::One)?);
    }
    if path.is_file() {
        return refused("is a file, and several tables need a folder; hint: --tables flows");
    }
    let mut folder = std::fs::DirBuilder::new();
    let made = folder.recursive(true).mode(0o700).create(path);
    made.map_err(|error| CaptureError::Output { path: path.to_owned(), error })?;
    TablesOutput::create(path, all, true, spread, &rules(path, Kept::Tables)?)
}

/// The files that an output is kept in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// One, of the name that is given.
    One,
    /// Several, of names that are made of it.
    Series,
    /// Those of tables, in a folder of that name.
    Tables,
}

/// When `-w` begins another file, if it ever does.
fn rotation(shared: &Shared) -> Option<Rotation> {
    let rotation = Rotation {
        octets: shared.rotate_size,
        seconds: shared.rotate_seconds,
        packets: shared.rotate_packets,
        files: shared.rotate_files,
    };
    (rotation != Rotation::default()).then_some(rotation)
}

/// The sinks of `format`, `--json`, `--parquet` and `-w`; where readers are not waited for, records that they
/// are too slow for are counted in `left_out`.  The summary and the dashboard are none: they look
/// at the whole.
///
/// # Errors
/// An export cannot be opened.
pub fn sinks(
    shared: &Shared,
    format: Option<&'static Export>,
    meta: &Meta,
    losses: MakeLosses<'_>,
    rows: Rows,
    left_out: Option<&LeftOut>,
    files: Files,
) -> Result<Vec<Box<dyn Sink>>, CaptureError> {
    let request = |output, rows| Request {
        output,
        style: terminal::style(shared.color),
        width: terminal::width(),
        time: shared.time.unwrap_or_default(),
        bytes: shared.bytes,
        reassembles: shared.reassemble,
        rows,
        events: events(&shared.events),
        meta,
        losses: losses(),
        left_out,
    };
    let exports = [(format, files.standard, rows), (Some(&JSON), files.json, Rows::default())];
    let mut sinks: Vec<Box<dyn Sink>> = Vec::new();
    for (export, output, rows) in exports {
        let (Some(export), Some(output)) = (export, output) else { continue };
        let Open::Sink(open) = export.open else { continue };
        sinks.push(open(request(output, rows))?);
        if export.needs(Need::Messages) {
            sinks.push(Box::new(InterfaceMessages));
        }
    }
    #[cfg(feature = "columns")]
    if let Some(tables) = files.tables {
        sinks.push(tables.sink(meta, losses()));
    }
    if let Some(saver) = files.write {
        if shared.reassemble
            && let Some(saver) = lock(&saver).as_mut()
        {
            saver.copy_part();
            saver.expect_wholes();
        }
        sinks.push(Box::new(SaveSink::sharing(saver).reassembling(shared.reassemble)));
    }
    Ok(sinks)
}

/// How a summary looks.
pub fn page(shared: &Shared) -> Look {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    // Only a locale that says otherwise: in most containers there is none, and UTF-8 is shown.
    let ascii = locale.is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        !(locale.contains("utf-8") || locale.contains("utf8"))
    });
    Look { style: terminal::style(shared.color), width: terminal::width().min(100), ascii }
}

/// The display filter and the capture filter of a file as one, for each thread.
///
/// # Errors
/// One of them does not parse.
pub fn pass(
    shared: &Shared,
    bpf: Option<&str>,
    format: Option<&'static Export>,
) -> Result<Option<PacketFilters>, EarlyExit> {
    // On the dashboard the filter is the user's to take off again, unless an output needs it too.
    let is_free = shared.json.is_none() && shared.write.is_none() && shared.parquet.is_none();
    let is_theirs = format.is_some_and(Export::is_dashboard) && is_free;
    let compile = if is_theirs { Filter::compile } else { Filter::compile_in_order };
    let text = shared.filter.as_deref().map(|text| named(shared, text)).transpose()?;
    let filter = text.as_deref().map(compile).transpose().map_err(EarlyExit::cannot)?;
    let filter = filter.filter(|_| !is_theirs);
    let is_cross_packet = filter.as_ref().is_some_and(Filter::is_cross_packet);
    let asks = filter.as_ref().map(Filter::asks).unwrap_or_default();
    let bpf = bpf.map(bpf_filter).transpose()?;
    let both = match (filter, bpf) {
        (None, None) => return Ok(None),
        (Some(filter), None) => PacketFilters::new(move || {
            let filter = filter.clone();
            Box::new(move |packet, history| filter.matches_among(packet, history))
        }),
        (None, Some(bpf)) => bpf,
        (Some(filter), Some(bpf)) => PacketFilters::new(move || {
            let (filter, mut bpf) = (filter.clone(), bpf.make());
            Box::new(move |packet, history| {
                bpf(packet, history) && filter.matches_among(packet, history)
            })
        }),
    };
    Ok(Some(both.cross_packet(is_cross_packet, asks)))
}

/// A filter with those that the configuration names in it; one without names reads no
/// configuration.
fn named(shared: &Shared, text: &str) -> Result<String, EarlyExit> {
    if !text.contains('@') {
        return Ok(text.to_owned());
    }
    let config = Config::read(shared.config.as_deref()).map_err(EarlyExit::cannot)?;
    template::expand(text, &config.filters)
        .map_err(|message| EarlyExit::cannot(format!("filter: {message}")))
}

#[cfg(feature = "live")]
fn bpf_filter(expression: &str) -> Result<PacketFilters, EarlyExit> {
    use crate::capture::bpf::Bpf;
    // Compiled here, so that a wrong expression is told, and that no thread compiles it again:
    // libpcap takes seconds for a hundred ports.
    let bpf = Bpf::new(expression)?;
    Ok(PacketFilters::new(move || {
        let mut bpf = bpf.clone();
        Box::new(move |packet, _| bpf.matches(&packet.frame))
    }))
}

#[cfg(not(feature = "live"))]
fn bpf_filter(_expression: &str) -> Result<PacketFilters, EarlyExit> {
    Err(EarlyExit::cannot(
        "-f needs libpcap, which this ipeek was built without; hint: -Y filters without it",
    ))
}

/// The chosen columns, if the export has columns.
///
/// # Errors
/// There is no field of that name.
pub fn rows(shared: &Shared, format: Option<&'static Export>) -> Result<Rows, EarlyExit> {
    if !format.is_some_and(|export| export.needs(Need::Columns)) {
        return Ok(Rows::default());
    }
    let is_of_tables = format.is_some_and(|export| export.needs(Need::Tables));
    let find = if is_of_tables { Rows::find_tables } else { Rows::find };
    find(&shared.fields).map_err(EarlyExit::cannot)
}
